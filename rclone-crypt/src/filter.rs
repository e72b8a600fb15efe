//! rclone's filter rules, which decide whether a file is copied.

mod glob;

use regex::Regex;

use crate::error::{Error, ErrorKind, FilterProblem};

/// An ordered list of filter rules. The first rule that matches a path decides; a path that no rule matches is included.
///
/// Rules match plain paths relative to the task's path, in rclone's standard form ([`local_name`](crate::local_name)), not the
/// names of objects. Matching is case-sensitive: `/Archive/**` does not match `archive/`.
///
/// ```
/// use rclone_crypt::{Filter, TrueNasTask};
///
/// let filter = Filter::truenas(TrueNasTask::ScalePoolRoot, ["/Archive/**", "/archive/**"])?;
/// assert!(filter.includes("photos/Archive/kept.jpg"));
/// assert!(!filter.includes("Archive/2019/left-out.jpg"));
/// assert!(!filter.includes("ix-apps/app_configs/metadata.yaml"));
/// # Ok::<(), rclone_crypt::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Filter {
    files: Vec<Rule>,
    /// rclone does not descend into a directory that these exclude, regardless of the rules for files.
    directories: Vec<Rule>,
}

/// Whether a filter rule includes or excludes the paths that it matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FilterAction {
    /// Includes them; `+` in a filter file.
    Include,
    /// Excludes them; `-` in a filter file.
    Exclude,
}

/// The properties of a TrueNAS Cloud Sync task that determine which rules the appliance adds to the task's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TrueNasTask {
    /// A task of TrueNAS SCALE whose path is the mount point of a pool (`/mnt/tank`). The appliance also excludes its datasets
    /// for apps.
    ScalePoolRoot,
    /// A task of TrueNAS SCALE with any other path.
    ScaleBelowPoolRoot,
    /// A task of TrueNAS CORE.
    Core,
}

#[derive(Debug, Clone)]
struct Rule {
    action: FilterAction,
    expression: Regex,
}

impl Filter {
    /// The filter that TrueNAS passes to rclone for a task with this `exclude` list.
    ///
    /// The rules are, in this order: the directory of ZFS snapshots; for [`TrueNasTask::ScalePoolRoot`] the appliance's datasets
    /// for apps; then the items of the list. SCALE writes them to a file for `--filter-from`, one line `- {item}` for each item.
    /// CORE passes `--exclude` options for the snapshots and writes the items to a file for `--exclude-from`, in which lines are
    /// trimmed and those that begin with `#` or `;` are comments (middleware, `plugins/cloud_sync.py`).
    ///
    /// A task's `include` list, which SCALE also has, is not supported.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Filter`] for an item that rclone refuses. The task fails on the appliance, too.
    pub fn truenas(
        task: TrueNasTask,
        excludes: impl IntoIterator<Item = impl AsRef<str>>,
    ) -> Result<Self, Error> {
        let system: &[&str] = match task {
            TrueNasTask::ScalePoolRoot => {
                &[".zfs", ".zfs/**", "/ix-applications", "/ix-apps", "/ix-applications/**", "/ix-apps/**"]
            }
            TrueNasTask::ScaleBelowPoolRoot | TrueNasTask::Core => &[".zfs", ".zfs/**"],
        };
        let mut filter = Self::default();
        system.iter().try_for_each(|pattern| filter.add(FilterAction::Exclude, pattern))?;
        for item in excludes {
            let item = item.as_ref();
            if task == TrueNasTask::Core {
                lines_of(item).try_for_each(|line| filter.add(FilterAction::Exclude, line))?;
            } else {
                lines_of(&format!("- {item}")).try_for_each(|line| filter.line(line))?;
            }
        }
        Ok(filter)
    }

    /// Parses a file for rclone's `--filter-from`: one rule per line. Lines that begin with `#` or `;` are comments; a line `!`
    /// removes the rules before it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Filter`] for a line that rclone refuses.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let mut filter = Self::default();
        lines_of(text).try_for_each(|line| filter.line(line))?;
        Ok(filter)
    }

    /// Of patterns as rclone's options take them, in rclone's order: what `--include` names, what `--exclude` names, and where anything is
    /// included, nothing else.
    ///
    /// ```
    /// use rclone_crypt::Filter;
    ///
    /// let filter = Filter::of_patterns(&["*.txt".to_owned()], &["/old/**".to_owned()])?;
    /// assert!(filter.includes("docs/letter.txt") && !filter.includes("docs/letter.pdf"));
    /// assert!(filter.includes("old/letter.txt"), "the first rule that matches decides");
    /// # Ok::<(), rclone_crypt::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Filter`] for a pattern that rclone refuses.
    pub fn of_patterns(include: &[String], exclude: &[String]) -> Result<Self, Error> {
        let mut filter = Self::default();
        include.iter().try_for_each(|pattern| filter.add(FilterAction::Include, pattern))?;
        exclude.iter().try_for_each(|pattern| filter.add(FilterAction::Exclude, pattern))?;
        if !include.is_empty() {
            filter.add(FilterAction::Exclude, "*")?;
        }
        Ok(filter)
    }

    /// Appends a rule.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Filter`] for a pattern that rclone refuses.
    pub fn add(&mut self, action: FilterAction, pattern: &str) -> Result<(), Error> {
        let names_directory = pattern.ends_with('/');
        let pattern = match action {
            FilterAction::Exclude if names_directory => &format!("{pattern}**"),
            _ => pattern,
        };
        let deep = pattern.contains("**");
        let expression = glob::compile(pattern)?;
        if deep || !names_directory {
            self.files.push(Rule { action, expression: expression.clone() });
            if action == FilterAction::Include || pattern == "*" {
                self.add_directories(action, pattern)?;
            }
        }
        if deep || names_directory {
            self.directories.push(Rule { action, expression });
        }
        Ok(())
    }

    /// Whether a file with this path is copied.
    pub fn includes(&self, path: &str) -> bool {
        path.match_indices('/').all(|(slash, _)| decide(&self.directories, &path[..=slash]))
            && decide(&self.files, path)
    }

    /// Adds the rule of one line of a filter file.
    fn line(&mut self, line: &str) -> Result<(), Error> {
        if line == "!" {
            *self = Self::default();
            return Ok(());
        }
        match (line.strip_prefix("- "), line.strip_prefix("+ ")) {
            (Some(pattern), _) => self.add(FilterAction::Exclude, pattern),
            (_, Some(pattern)) => self.add(FilterAction::Include, pattern),
            _ => Err(ErrorKind::Filter { rule: line.to_owned(), reason: FilterProblem::NotARule }.into()),
        }
    }

    /// Adds rules for the directories in which a pattern for files can match.
    fn add_directories(&mut self, action: FilterAction, pattern: &str) -> Result<(), Error> {
        for directory in directories_of(pattern) {
            self.directories.push(Rule { action, expression: glob::compile(&directory)? });
        }
        Ok(())
    }
}

/// The lines of a filter or exclude file: trimmed, without empty lines and comments.
fn lines_of(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with(['#', ';']))
}

fn decide(rules: &[Rule], path: &str) -> bool {
    rules
        .iter()
        .find(|rule| rule.expression.is_match(path))
        .is_none_or(|rule| rule.action == FilterAction::Include)
}

/// The patterns of directories that result from cutting the pattern before each `/` and `**`, from the end. All directories if
/// braces contain separators.
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
    // rclone always lists the root.
    directories.retain(|directory| directory != "/");
    directories
}

/// Whether braces contain a `/`, a `**`, a regular expression or further braces.
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

    /// The results that rclone gave.
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
    fn the_first_matching_rule_decides() {
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
    fn rules_that_rclone_refuses_are_refused() {
        for rule in ["- ***", "- x{", "- x}", "- {a,b", "- a]", "- [[]a", "- a{{b}c", "* x", "- {{(}}"] {
            assert!(Filter::parse(rule).is_err(), "{rule}");
        }
    }
}
