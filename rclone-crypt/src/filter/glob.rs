//! Translates rclone's glob patterns to regular expressions.

use regex::Regex;

use crate::error::{Error, ErrorKind, FilterProblem};

/// Compiles a glob pattern as rclone 1.75 does. Older versions refuse nested braces.
pub(super) fn compile(glob: &str) -> Result<Regex, Error> {
    let refused = |reason| Error::from(ErrorKind::Filter { rule: glob.to_owned(), reason });
    let expression = Translator::default().translate(glob).map_err(refused)?;
    Regex::new(&expression).map_err(|source| {
        Error::with_source(
            ErrorKind::Filter { rule: glob.to_owned(), reason: FilterProblem::BadExpression },
            source,
        )
    })
}

/// The state of the translation.
#[derive(Clone, Copy, PartialEq)]
enum Inside {
    Glob,
    /// Between brackets, with the number of open ones by rclone's count.
    Class(usize),
    /// Between `{{` and `}}`.
    Expression,
    /// After a `}}`, which further closing braces may follow.
    ExpressionEnd,
}

#[derive(Default)]
struct Translator {
    out: String,
    stars: usize,
    braces: usize,
}

impl Translator {
    fn translate(mut self, glob: &str) -> Result<String, FilterProblem> {
        let glob = if let Some(rest) = glob.strip_prefix('/') {
            self.out.push('^');
            rest
        } else {
            self.out.push_str("(?:^|/)");
            glob
        };
        let mut inside = Inside::Glob;
        let mut last = '\0';
        let mut chars = glob.chars().peekable();
        while let Some(c) = chars.next() {
            if inside == Inside::ExpressionEnd {
                if c == '}' {
                    // The expression continues to the last of the closing braces.
                    self.out.pop();
                    self.out.push_str("})");
                    last = c;
                    continue;
                }
                inside = Inside::Glob;
            }
            if inside != Inside::Expression && c != '*' {
                self.flush_stars()?;
            }
            inside = match inside {
                Inside::Class(depth) => self.in_class(c, depth, chars.peek().copied()),
                Inside::Expression if c == '}' && last == '}' => {
                    self.out.pop();
                    self.out.push(')');
                    Inside::ExpressionEnd
                }
                Inside::Expression => {
                    if c == '\\' {
                        self.escaped(chars.next());
                    } else {
                        self.out.push(c);
                    }
                    Inside::Expression
                }
                _ if c == '\\' => {
                    self.escaped(chars.next());
                    Inside::Glob
                }
                _ => self.in_glob(c, last)?,
            };
            last = c;
        }
        self.flush_stars()?;
        match inside {
            Inside::Class(_) => Err(FilterProblem::UnbalancedBrackets),
            Inside::Expression => Err(FilterProblem::UnbalancedBraces),
            _ if self.braces > 0 => Err(FilterProblem::UnbalancedBraces),
            _ => Ok(self.out + "$"),
        }
    }

    fn in_glob(&mut self, c: char, last: char) -> Result<Inside, FilterProblem> {
        match c {
            '*' => self.stars += 1,
            '?' => self.out.push_str("[^/]"),
            '[' => {
                self.out.push('[');
                return Ok(Inside::Class(1));
            }
            ']' => return Err(FilterProblem::UnbalancedBrackets),
            '{' if self.braces > 0 && last == '{' => {
                self.braces -= 1;
                return Ok(Inside::Expression);
            }
            '{' => {
                self.braces += 1;
                self.out.push('(');
            }
            '}' => {
                self.braces = self.braces.checked_sub(1).ok_or(FilterProblem::UnbalancedBraces)?;
                self.out.push(')');
            }
            ',' if self.braces > 0 => self.out.push('|'),
            '.' | '+' | '(' | ')' | '|' | '^' | '$' => self.out.extend(['\\', c]),
            c => self.out.push(c),
        }
        Ok(Inside::Glob)
    }

    /// Go has neither nested classes nor the operators `&&`, `--` and `~~`, so characters that would form them are escaped.
    fn in_class(&mut self, c: char, depth: usize, next: Option<char>) -> Inside {
        match c {
            '[' => {
                self.out.push_str(if next == Some(':') { "[" } else { r"\[" });
                Inside::Class(depth + 1)
            }
            ']' if depth == 1 => {
                self.out.push(']');
                Inside::Glob
            }
            ']' => {
                self.out.push(']');
                Inside::Class(depth - 1)
            }
            '&' | '~' => {
                self.out.extend(['\\', c]);
                Inside::Class(depth)
            }
            c => {
                self.out.push(c);
                Inside::Class(depth)
            }
        }
    }

    fn flush_stars(&mut self) -> Result<(), FilterProblem> {
        match std::mem::take(&mut self.stars) {
            0 => {}
            1 => self.out.push_str("[^/]*"),
            2 => self.out.push_str(".*"),
            _ => return Err(FilterProblem::TooManyStars),
        }
        Ok(())
    }

    /// Go's character classes are ASCII only, and its `\<` is a plain character.
    fn escaped(&mut self, c: Option<char>) {
        match c {
            Some('d') => self.out.push_str("[0-9]"),
            Some('D') => self.out.push_str("[^0-9]"),
            Some('w') => self.out.push_str("[0-9A-Za-z_]"),
            Some('W') => self.out.push_str("[^0-9A-Za-z_]"),
            Some('s') => self.out.push_str(r"[\t\n\f\r ]"),
            Some('S') => self.out.push_str(r"[^\t\n\f\r ]"),
            Some(c @ ('<' | '>')) => self.out.push(c),
            Some(c) => self.out.extend(['\\', c]),
            None => self.out.push('\\'),
        }
    }
}
