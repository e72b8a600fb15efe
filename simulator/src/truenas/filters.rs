//! rclone's filter rules, as far as the appliance writes them: globs over the path below the task's own.

/// Rules in order; the first that matches decides, and what none matches is copied.
#[derive(Debug, Default)]
pub(super) struct Filters {
    rules: Vec<Rule>,
}

#[derive(Debug)]
struct Rule {
    includes: bool,
    is_anchored: bool,
    glob: Vec<Token>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Char(char),
    /// `?`
    One,
    /// `*`
    Segment,
    /// `**`
    Anything,
    Class {
        ranges: Vec<(char, char)>,
        negated: bool,
    },
    Either(Vec<Vec<Token>>),
}

impl Filters {
    /// Reads the lines of a filter file: `- glob` or `+ glob`.
    pub(super) fn parse(lines: &[String]) -> Result<Self, String> {
        let rules = lines.iter().map(|line| {
            let (includes, glob) = match line.split_at_checked(2) {
                Some(("- ", glob)) => (false, glob),
                Some(("+ ", glob)) => (true, glob),
                _ => return Err(format!("malformed rule {line:?}")),
            };
            let (is_anchored, glob) = match glob.trim().strip_prefix('/') {
                Some(rest) => (true, rest),
                None => (false, glob.trim()),
            };
            // A rule for a directory is one for everything below it.
            let glob = if glob.ends_with('/') { format!("{glob}**") } else { glob.to_owned() };
            let mut rest = glob.chars().peekable();
            let glob = tokens(&mut rest, false)?;
            Ok(Rule { includes, is_anchored, glob })
        });
        Ok(Self { rules: rules.collect::<Result<_, _>>()? })
    }

    /// Tells whether a file, by its path without a leading slash, is copied.
    pub(super) fn copies(&self, path: &str) -> bool {
        let hit = self.rules.iter().find(|rule| rule.matches(path));
        hit.is_none_or(|rule| rule.includes)
    }
}

impl Rule {
    fn matches(&self, path: &str) -> bool {
        let path: Vec<char> = path.chars().collect();
        let starts = path.iter().enumerate().filter(|(_, c)| **c == '/').map(|(at, _)| at + 1);
        let starts = std::iter::once(0).chain(starts.filter(|_| !self.is_anchored));
        let mut starts = starts;
        starts.any(|at| fits(&self.glob, &path[at..], &[]))
    }
}

type Chars<'a> = std::iter::Peekable<std::str::Chars<'a>>;

fn tokens(rest: &mut Chars<'_>, in_braces: bool) -> Result<Vec<Token>, String> {
    let mut found = Vec::new();
    while let Some(c) = rest.peek().copied() {
        if in_braces && matches!(c, ',' | '}') {
            break;
        }
        rest.next();
        found.push(match c {
            '*' if rest.next_if_eq(&'*').is_none() => Token::Segment,
            '*' if rest.peek() == Some(&'*') => return Err("too many stars".to_owned()),
            '*' => Token::Anything,
            '?' => Token::One,
            '[' => class(rest)?,
            '{' => alternatives(rest)?,
            '\\' => Token::Char(rest.next().ok_or("nothing after \\")?),
            c => Token::Char(c),
        });
    }
    Ok(found)
}

fn alternatives(rest: &mut Chars<'_>) -> Result<Token, String> {
    let mut branches = Vec::new();
    loop {
        branches.push(tokens(rest, true)?);
        match rest.next() {
            Some(',') => {}
            Some('}') => return Ok(Token::Either(branches)),
            _ => return Err("mismatched '{' and '}'".to_owned()),
        }
    }
}

fn class(rest: &mut Chars<'_>) -> Result<Token, String> {
    let negated = rest.next_if(|c| matches!(c, '^' | '!')).is_some();
    let mut ranges = Vec::new();
    loop {
        let from = rest.next().ok_or("mismatched '[' and ']'")?;
        if from == ']' {
            return Ok(Token::Class { ranges, negated });
        }
        let to = match rest.next_if_eq(&'-') {
            Some(_) => rest.next().ok_or("mismatched '[' and ']'")?,
            None => from,
        };
        ranges.push((from, to));
    }
}

/// Tells whether `glob`, then `after`, match the whole of `text`.
fn fits(glob: &[Token], text: &[char], after: &[Token]) -> bool {
    let Some((token, rest)) = glob.split_first() else {
        return if after.is_empty() { text.is_empty() } else { fits(after, text, &[]) };
    };
    let one = |test: &dyn Fn(char) -> bool| {
        text.split_first().is_some_and(|(c, text)| test(*c) && fits(rest, text, after))
    };
    let many = |test: &dyn Fn(char) -> bool| {
        let most = text.iter().take_while(|c| test(**c)).count();
        (0..=most).any(|n| fits(rest, &text[n..], after))
    };
    match token {
        Token::Char(wanted) => one(&|c| c == *wanted),
        Token::One => one(&|c| c != '/'),
        Token::Class { ranges, negated } => {
            one(&|c| ranges.iter().any(|(from, to)| (*from..=*to).contains(&c)) != *negated)
        }
        Token::Segment => many(&|c| c != '/'),
        Token::Anything => many(&|_| true),
        Token::Either(branches) => {
            let tail: Vec<Token> = rest.iter().chain(after).cloned().collect();
            branches.iter().any(|branch| fits(branch, text, &tail))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filters(lines: &[&str]) -> Filters {
        let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        Filters::parse(&lines).unwrap()
    }

    #[test]
    fn an_anchored_rule_reaches_the_top_only_and_minds_case() {
        let filters = filters(&["- /Archive/**"]);
        for excluded in ["Archive/a", "Archive/x/y"] {
            assert!(!filters.copies(excluded), "{excluded}");
        }
        let copied = ["archive/a", "x/Archive/d", "Archives/a", "Archive.txt", "Archive", "Archive /e"];
        for copied in copied {
            assert!(filters.copies(copied), "{copied}");
        }
    }

    #[test]
    fn the_first_rule_that_matches_decides() {
        let filters =
            filters(&["- .zfs", "- .zfs/**", "+ keep/*.txt", "- keep/**", "- tmp/", "- [a-c]?.{bak,old}"]);
        for excluded in
            [".zfs", "x/.zfs/snapshot/a", "keep/a.bin", "keep/x/a.txt", "tmp/a/b", "b1.old", "x/c2.bak"]
        {
            assert!(!filters.copies(excluded), "{excluded}");
        }
        for copied in ["keep/a.txt", "x/keep/b.txt", "tmp", "d1.old", "b12.old", "zfs/a"] {
            assert!(filters.copies(copied), "{copied}");
        }
    }

    #[test]
    fn a_malformed_rule_is_refused() {
        for line in ["- a***b", "- {a", "- [a", "x"] {
            assert!(Filters::parse(&[line.to_owned()]).is_err(), "{line}");
        }
    }
}
