//! When a pool changed in ways that people do not work: proposals for a restore's instant, from names, sizes and times alone.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use dtc_naming::{FolderPath, PoolName};
use futures_util::StreamExt as _;
use jiff::{SignedDuration, Timestamp};
use rclone_crypt::{Filter, Origin};
use serde::Serialize;

use super::source::RestoreSource;
use crate::error::Error;
use crate::ports::{ObjectVersion, VersionKind, VersionRow};

/// Changes that lie apart by less belong to one run of a backup.
const ONE_RUN: SignedDuration = SignedDuration::from_hours(4);
/// A run that changes fewer files than this is not judged.
const FEWEST: usize = 20;
/// A run is suspicious that rewrites or removes more than one file in this many, …
const SHARE: usize = 5;
/// … in more than one folder in this many.
const SPREAD: usize = 2;
/// A file is changed as a habit if it was rewritten in this many of the runs before.
const HABIT: u32 = 2;

/// A run of the backup that carried off changes which people do not make.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Burst {
    /// When its first change was uploaded.
    pub began: Timestamp,
    /// When its last change was uploaded.
    pub ended: Timestamp,
    /// The last moment before it: what stood then is the proposal for a restore.
    pub before: Timestamp,
    /// How many files stood before it.
    pub files: usize,
    /// How many of them it rewrote that are not rewritten all the time.
    pub rewritten: usize,
    /// How many it removed that did not turn up elsewhere.
    pub removed: usize,
    /// How many it removed that turned up beside themselves with something added to their names.
    pub renamed: usize,
    /// The ending that most of its new files have, where no file had it before.
    pub new_ending: Option<String>,
}

/// Reads the version history of a pool, no content, and names the runs after which people look for a restore.
///
/// # Errors
/// The bucket cannot be listed.
pub async fn when(source: &RestoreSource, pool: &PoolName) -> Result<Vec<Burst>, Error> {
    let folder = FolderPath::compute(source.backup().device, pool);
    let listed = |error| source.explained(error, "listFiles");
    let rows = source.store().versions(source.access()?, &folder.object_prefix().listing()).await;
    let mut rows = rows.map_err(listed)?;
    let mapping = source.mapping(folder.as_str(), Filter::default())?;
    let mut history = History::default();
    while let Some(row) = rows.next().await {
        if let VersionRow::Version(version) = row.map_err(listed)?
            && let Origin::Expected(path) = mapping.source_of(&version.object.name)
        {
            history.push(&String::from_utf8_lossy(&path), &version);
        }
    }
    Ok(history.bursts())
}

/// What happened to the files of a pool, from a listing of their versions.
///
/// ```
/// use dtc_provision::restore::History;
///
/// assert!(History::default().bursts().is_empty());
/// ```
#[derive(Debug, Default)]
pub struct History {
    files: Vec<File>,
    numbers: HashMap<String, usize>,
    endings: Vec<String>,
    numbers_of_endings: HashMap<String, usize>,
    changes: Vec<Change>,
}

/// A file that ever was.
#[derive(Debug)]
struct File {
    path: String,
    folder: u64,
    /// The number of its ending.
    ending: usize,
}

/// One version, or one mark.
#[derive(Debug)]
struct Change {
    at: Timestamp,
    file: usize,
    /// The length of what was uploaded; none for a mark.
    content: Option<u64>,
    /// What B2 says of the content; a new time alone leaves it as it was.
    sha1: Option<rclone_crypt::StoredSha1>,
}

/// What stands of a file.
#[derive(Clone, Copy, Default)]
struct Standing {
    content: Option<u64>,
    sha1: Option<rclone_crypt::StoredSha1>,
    rewritten: u32,
}

impl History {
    /// Takes a version of the file with this path. Versions may come in any order.
    pub fn push(&mut self, path: &str, version: &ObjectVersion) {
        let content = match version.kind {
            VersionKind::Unfinished => return,
            VersionKind::Hidden => None,
            VersionKind::Content => Some(version.object.size),
        };
        let file = match self.numbers.get(path) {
            Some(&number) => number,
            None => self.add(path),
        };
        let (at, sha1) = (version.object.uploaded, version.object.sha1);
        self.changes.push(Change { at, file, content, sha1 });
    }

    fn add(&mut self, path: &str) -> usize {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending).to_lowercase();
        let number = *self.numbers_of_endings.entry(ending.clone()).or_insert(self.endings.len());
        if number == self.endings.len() {
            self.endings.push(ending);
        }
        self.numbers.insert(path.to_owned(), self.files.len());
        self.files.push(File { path: path.to_owned(), folder: hashed(folder), ending: number });
        self.files.len() - 1
    }

    /// The runs that changed what people do not, in their order.
    pub fn bursts(mut self) -> Vec<Burst> {
        self.changes.sort_by_key(|change| change.at);
        let mut standing = vec![Standing::default(); self.files.len()];
        let mut endings = HashSet::new();
        let mut bursts = Vec::new();
        let mut rest = self.changes.as_slice();
        while let Some(first) = rest.first() {
            let apart = |pair: &[Change]| pair[1].at.duration_since(pair[0].at) >= ONE_RUN;
            let len = rest.windows(2).position(apart).map_or(rest.len(), |last| last + 1);
            let (run, after) = rest.split_at(len);
            let before = first.at.checked_sub(SignedDuration::from_secs(1)).unwrap_or(first.at);
            bursts.extend(self.judged(run, &standing, &endings, before));
            for change in run {
                apply(change, &mut standing[change.file]);
                endings.insert(self.files[change.file].ending);
            }
            rest = after;
        }
        bursts
    }

    /// A run as a burst, if it is one: held against what stood before it.
    fn judged(
        &self,
        run: &[Change],
        standing: &[Standing],
        endings: &HashSet<usize>,
        before: Timestamp,
    ) -> Option<Burst> {
        let run_of = Run::of(self, run, standing);
        let files = standing.iter().filter(|held| held.content.is_some()).count();
        let folders = |files: &mut dyn Iterator<Item = usize>| {
            files.map(|file| self.files[file].folder).collect::<HashSet<_>>().len()
        };
        let all = folders(&mut (0..standing.len()).filter(|file| standing[*file].content.is_some()));
        let destroyed = run_of.rewritten.iter().chain(&run_of.removed).chain(&run_of.renamed).copied();
        let touched = folders(&mut destroyed.clone());
        let count = destroyed.count();
        let new_ending = self.new_ending(&run_of.created, endings);
        let is_wide = count * SHARE >= files && touched * SPREAD >= all;
        // Files that turn up beside themselves, all with one new ending: in one folder, as where logs are packed, that is somebody's work.
        let is_renaming = run_of.renamed.len() >= FEWEST && new_ending.is_some() && touched > 1;
        (count >= FEWEST && (is_wide || is_renaming)).then(|| Burst {
            began: run[0].at,
            ended: run[run.len() - 1].at,
            before,
            files,
            rewritten: run_of.rewritten.len(),
            removed: run_of.removed.len(),
            renamed: run_of.renamed.len(),
            new_ending: new_ending.map(|ending| self.endings[ending].clone()),
        })
    }

    /// The ending of most of the new files, if no file had it before.
    fn new_ending(&self, created: &[usize], known: &HashSet<usize>) -> Option<usize> {
        let mut counts: HashMap<usize, usize> = HashMap::new();
        for file in created {
            *counts.entry(self.files[*file].ending).or_default() += 1;
        }
        let (ending, count) = counts.into_iter().max_by_key(|(ending, count)| (*count, *ending))?;
        let is_new = !known.contains(&ending) && !self.endings[ending].is_empty();
        (is_new && count * 2 > created.len()).then_some(ending)
    }
}

/// The files that a run changed, by how.
#[derive(Default)]
struct Run {
    rewritten: Vec<usize>,
    removed: Vec<usize>,
    renamed: Vec<usize>,
    created: Vec<usize>,
}

impl Run {
    fn of(history: &History, run: &[Change], standing: &[Standing]) -> Self {
        let mut after: HashMap<usize, Standing> = HashMap::new();
        for change in run {
            apply(change, after.entry(change.file).or_insert(standing[change.file]));
        }
        let mut changed: Vec<(&usize, &Standing)> = after.iter().collect();
        changed.sort_unstable_by_key(|(file, _)| **file);
        let (mut found, mut gone) = (Self::default(), Vec::new());
        for (&file, after) in changed {
            let before = standing[file];
            match (before.content, after.content) {
                (None, Some(_)) => found.created.push(file),
                (Some(_), None) => gone.push(file),
                (Some(_), Some(_)) if before.rewritten < HABIT && after.rewritten > before.rewritten => {
                    found.rewritten.push(file);
                }
                _ => {}
            }
        }
        found.sort_gone(history, standing, &gone, &after);
        found
    }

    /// Tells what was removed from what was moved, and from what turned up beside itself under a longer name.
    fn sort_gone(
        &mut self,
        history: &History,
        standing: &[Standing],
        gone: &[usize],
        after: &HashMap<usize, Standing>,
    ) {
        let name = |file: usize| history.files[file].path.rsplit('/').next().unwrap_or_default();
        let mut moved: HashMap<(&str, Option<u64>), usize> = HashMap::new();
        let mut beside: HashSet<&str> = HashSet::new();
        for &file in &self.created {
            let content = after.get(&file).and_then(|after| after.content);
            *moved.entry((name(file), content)).or_default() += 1;
            let path = history.files[file].path.as_str();
            beside.extend(path.match_indices('.').map(|(dot, _)| &path[..dot]));
        }
        for &file in gone {
            match moved.get_mut(&(name(file), standing[file].content)) {
                Some(left) if *left > 0 => *left -= 1,
                _ if beside.contains(history.files[file].path.as_str()) => self.renamed.push(file),
                _ => self.removed.push(file),
            }
        }
    }
}

fn apply(change: &Change, standing: &mut Standing) {
    let is_same = change.sha1.is_some() && change.sha1 == standing.sha1;
    if standing.content.is_some() && change.content.is_some() && !is_same {
        standing.rewritten += 1;
    }
    (standing.content, standing.sha1) = (change.content, change.sha1);
}

fn hashed(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
