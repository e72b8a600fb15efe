//! rclone's filter rules: whether a path belongs in the bucket.

mod glob;

use regex::Regex;

use crate::error::{Error, ErrorKind, FilterFault};

/// Filter rules in order: the first that matches decides, and a path that none matches is included.
///
/// Rules match paths relative to the task's own, as rclone calls them ([`local_name`](crate::local_name)): never an object's
/// name. Letters count as they are written: `/Archive/**` does not touch `archive/`.
///
/// ```
/// use rclone_crypt::{Filter, TaskRoot};
///
/// let filter = Filter::truenas(TaskRoot::Pool, ["/Archive/**", "/archive/**"])?;
/// assert!(filter.includes("photos/Archive/kept.jpg"));
/// assert!(!filter.includes("Archive/2019/left-out.jpg"));
/// # Ok::<(), rclone_crypt::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Filter {
    files: Vec<Rule>,
    /// rclone does not enter a directory that these exclude, whatever the rules for files say.
    directories: Vec<Rule>,
}

/// What a rule does to the paths it matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Effect {
    /// `+`
    Include,
    /// `-`
    Exclude,
}

/// Where a TrueNAS cloud sync task begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TaskRoot {
    /// At a pool's root dataset (`/mnt/tank`): the appliance leaves out its own datasets for apps there.
    Pool,
    /// Anywhere below.
    Below,
}

#[derive(Debug, Clone)]
struct Rule {
    effect: Effect,
    expression: Regex,
}

impl Filter {
    /// The filter of a TrueNAS SCALE task with these `exclude` items, in the order in which the appliance writes it:
    /// snapshots' directory, its own datasets at a pool's root, then the items (middleware, `plugins/cloud_sync.py`).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Filter`] for an item that rclone refuses; the task then fails.
    pub fn truenas<'a>(root: TaskRoot, excludes: impl IntoIterator<Item = &'a str>) -> Result<Self, Error> {
        let own: &[&str] = match root {
            TaskRoot::Pool => &["/ix-applications", "/ix-apps", "/ix-applications/**", "/ix-apps/**"],
            TaskRoot::Below => &[],
        };
        let mut filter = Self::default();
        for item in [".zfs", ".zfs/**"].into_iter().chain(own.iter().copied()).chain(excludes) {
            filter.line(&format!("- {item}"))?;
        }
        Ok(filter)
    }

    /// Reads a file for rclone's `--filter-from`: a rule a line, comments after `#` or `;`, `!` to begin anew.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Filter`].
    pub fn parse(text: &str) -> Result<Self, Error> {
        let mut filter = Self::default();
        text.lines().try_for_each(|line| filter.line(line))?;
        Ok(filter)
    }

    /// Adds a rule after the others.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Filter`].
    pub fn add(&mut self, effect: Effect, pattern: &str) -> Result<(), Error> {
        let names_directory = pattern.ends_with('/');
        let pattern = match effect {
            Effect::Exclude if names_directory => &format!("{pattern}**"),
            _ => pattern,
        };
        let deep = pattern.contains("**");
        let expression = glob::compile(pattern)?;
        if deep || !names_directory {
            self.files.push(Rule { effect, expression: expression.clone() });
            if effect == Effect::Include || pattern == "*" {
                self.add_directories(effect, pattern)?;
            }
        }
        if deep || names_directory {
            self.directories.push(Rule { effect, expression });
        }
        Ok(())
    }

    /// Whether a file with this path is copied.
    pub fn includes(&self, path: &str) -> bool {
        path.match_indices('/').all(|(slash, _)| decide(&self.directories, &path[..=slash]))
            && decide(&self.files, path)
    }

    fn line(&mut self, line: &str) -> Result<(), Error> {
        let line = line.trim();
        if line.is_empty() || line.starts_with(['#', ';']) {
            return Ok(());
        }
        if line == "!" {
            *self = Self::default();
            return Ok(());
        }
        match (line.strip_prefix("- "), line.strip_prefix("+ ")) {
            (Some(pattern), _) => self.add(Effect::Exclude, pattern),
            (_, Some(pattern)) => self.add(Effect::Include, pattern),
            _ => Err(ErrorKind::Filter { rule: line.to_owned(), reason: FilterFault::NoRule }.into()),
        }
    }

    /// The directories in which a pattern for files may match something.
    fn add_directories(&mut self, effect: Effect, pattern: &str) -> Result<(), Error> {
        for directory in directories_of(pattern) {
            self.directories.push(Rule { effect, expression: glob::compile(&directory)? });
        }
        Ok(())
    }
}

fn decide(rules: &[Rule], path: &str) -> bool {
    rules.iter().find(|rule| rule.expression.is_match(path)).is_none_or(|rule| rule.effect == Effect::Include)
}

/// The pattern cut before each `/` and `**` from the end; all directories where braces make that too hard.
fn directories_of(pattern: &str) -> Vec<String> {
    let all = || vec!["/**".to_owned()];
    if spans_directories_in_braces(pattern) {
        return all();
    }
    let mut rest = pattern.to_owned();
    while rest.contains("//") {
        rest = rest.replace("//", "/");
    }
    let mut directories: Vec<String> = Vec::new();
    loop {
        let (slash, stars) = (rest.rfind('/'), rest.rfind("**"));
        let Some(cut) = slash.max(stars) else { break };
        rest.truncate(cut);
        let directory = if stars > slash { format!("{rest}**/") } else { format!("{rest}/") };
        if directories.last() != Some(&directory) {
            directories.push(directory);
        }
    }
    if directories.is_empty() {
        return all();
    }
    // The root is always entered.
    directories.retain(|directory| directory != "/");
    directories
}

/// Whether braces hold a `/`, a `**`, an expression or further braces.
fn spans_directories_in_braces(pattern: &str) -> bool {
    let mut groups = pattern.split('{').skip(1);
    pattern.contains("{{")
        || pattern.contains("}}")
        || groups.any(|group| match group.split_once('}') {
            Some((inner, _)) => inner.contains('/') || inner.contains("**"),
            None => true,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The verdicts seen with rclone.
    #[test]
    fn anchors_and_case() {
        let verdicts = |rule: &str, paths: &[&str]| {
            let filter = Filter::parse(&format!("- {rule}")).unwrap();
            paths.iter().map(|path| filter.includes(path)).collect::<Vec<_>>()
        };
        let paths =
            ["Archive/a", "Archive/x/y", "archive/a", "x/Archive/d", "Archives/a", "Archive.txt", "Archive"];
        assert_eq!(verdicts("/Archive/**", &paths), [false, false, true, true, true, true, true]);
        assert_eq!(verdicts("/Archive/", &paths), [false, false, true, true, true, true, true]);
        assert_eq!(verdicts("Archive/**", &paths), [false, false, true, false, true, true, true]);
        assert_eq!(verdicts("/Archive/*", &paths), [false, true, true, true, true, true, true]);
        assert_eq!(verdicts("/Archive**", &paths), [false, false, true, true, false, false, false]);
        assert_eq!(verdicts("//Archive/**", &paths), [true; 7]);
        assert_eq!(verdicts("/Archive", &paths), [true, true, true, true, true, true, false]);
    }

    #[test]
    fn the_first_rule_decides() {
        let filter = Filter::parse("# comment\n\n+ /keep/*.txt\n- *.tmp\n- /other/**\n+ *.md\n- *").unwrap();
        for (path, included) in [
            ("keep/a.txt", true),
            ("keep/a.bin", false),
            ("x.md", true),
            ("other/x.md", false),
            ("deep/er/x.md", true),
        ] {
            assert_eq!(filter.includes(path), included, "{path}");
        }
        assert!(Filter::parse("- a\n!").unwrap().includes("a"));
    }

    #[test]
    fn what_rclone_refuses() {
        for rule in ["- ***", "- x{", "- x}", "- {a,b", "- a]", "- [[]a", "- a{{b}c", "* x", "- {{(}}"] {
            assert!(Filter::parse(rule).is_err(), "{rule}");
        }
    }
}
