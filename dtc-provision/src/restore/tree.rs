//! The files of a backup as they stood at an instant.

use std::fmt;
use std::str::FromStr;

use dtc_naming::{FolderPath, PoolName};
use futures_util::StreamExt as _;
use jiff::{SignedDuration, Timestamp};
use rclone_crypt::{Filter, Mapping, Origin, b2_name, decrypted_len};

use super::as_of::{AsOf, Seen};
use super::source::RestoreSource;
use crate::error::Error;
use crate::ports::{Object, VersionRow};

/// What to restore: a pool, or a file or folder of one, written as `POOL` or `POOL:PATH`.
///
/// ```
/// use dtc_provision::restore::Wanted;
///
/// let wanted: Wanted = "pool0:offices/north".parse().unwrap();
/// assert_eq!((wanted.pool.as_str(), wanted.path.as_str()), ("pool0", "offices/north"));
/// assert!("pool0:../etc".parse::<Wanted>().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Wanted {
    /// The pool.
    pub pool: PoolName,
    /// The path in it, as on the appliance, without a slash at either end; empty for all of the pool.
    pub path: String,
}

/// Why a text is no [`Wanted`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no POOL or POOL:PATH: {why}")]
pub struct NotWanted {
    text: String,
    why: String,
}

impl FromStr for Wanted {
    type Err = NotWanted;

    fn from_str(text: &str) -> Result<Self, NotWanted> {
        let refused = |why: String| NotWanted { text: text.to_owned(), why };
        // A path may hold a colon, so the first one ends the pool's name.
        let (pool, path) = text.split_once(':').unwrap_or((text, ""));
        let pool = pool.parse().map_err(|error: dtc_naming::Error| refused(error.problem().to_owned()))?;
        let path = path.trim_matches('/');
        let leads_out = |segment: &str| matches!(segment, "" | "." | "..") || segment.contains('\0');
        if !path.is_empty() && path.split('/').any(leads_out) {
            return Err(refused("the path has an empty segment, or one that leads elsewhere".to_owned()));
        }
        Ok(Self { pool, path: path.to_owned() })
    }
}

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.as_str() {
            "" => self.pool.fmt(f),
            path => write!(f, "{}:{path}", self.pool),
        }
    }
}

impl Wanted {
    fn takes(&self, plain: &[u8]) -> bool {
        let path = self.path.as_bytes();
        path.is_empty()
            || plain.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
    }
}

/// Which files of a backup, as of when.
#[derive(Debug)]
pub struct Selection {
    wanted: Vec<Wanted>,
    filter: Filter,
    pub(super) at: Option<Timestamp>,
    pub(super) now: Timestamp,
}

impl Selection {
    /// All of these as they stand, as far as rclone's filter rules include their paths in the pool; `now` is what the time is.
    pub fn new(wanted: Vec<Wanted>, filter: Filter, now: Timestamp) -> Self {
        Self { wanted, filter, at: None, now }
    }

    /// As they stood at this instant.
    pub fn at(mut self, at: Timestamp) -> Self {
        self.at = Some(at);
        self
    }

    fn pools(&self) -> Vec<&PoolName> {
        let mut pools: Vec<&PoolName> = Vec::new();
        for wanted in &self.wanted {
            if !pools.contains(&&wanted.pool) {
                pools.push(&wanted.pool);
            }
        }
        pools
    }

    /// What the names of the objects begin with that can be of these files, where one file or folder of the pool is wanted.
    fn prefix(&self, folder: &FolderPath, names_are_plain: bool) -> String {
        let prefix = folder.object_prefix().listing();
        let mut of_pool = self.wanted.iter().filter(|wanted| wanted.pool == *folder.pool());
        match (of_pool.next(), of_pool.next()) {
            (Some(only), None) if names_are_plain => prefix + &b2_name::encode(only.path.as_bytes()),
            _ => prefix,
        }
    }
}

/// A file of a backup.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BackedUp {
    /// The pool.
    pub pool: PoolName,
    /// The path in the pool, as on the appliance.
    pub path: Vec<u8>,
    /// The version that stood.
    pub object: Object,
}

impl BackedUp {
    /// Its length in bytes; `None` where no encrypted file has its object's.
    pub fn len(&self) -> Option<u64> {
        decrypted_len(self.object.size).ok()
    }

    /// Whether it has no content.
    pub fn is_empty(&self) -> bool {
        self.len() == Some(0)
    }

    /// When it was last modified: as the uploader noted it, else when it was uploaded.
    pub fn modified(&self) -> Timestamp {
        self.object.source_modified.unwrap_or(self.object.uploaded)
    }

    /// Its path for people; what is not UTF-8 is replaced.
    pub fn shown(&self) -> String {
        String::from_utf8_lossy(&self.path).into_owned()
    }
}

/// What an instant says about a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Moment {
    /// All that stood then is still there.
    Complete,
    /// It was before the first upload that is still there.
    BeforeFirst {
        /// When that was.
        first: Timestamp,
    },
    /// What was deleted or rewritten soon after it may have been removed by the bucket's lifecycle since.
    MayLack {
        /// From when on everything is there.
        complete_since: Timestamp,
    },
}

/// The files of a backup as they stood at an instant.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Tree {
    /// The files, in byte order of their objects' names, pool by pool.
    pub files: Vec<BackedUp>,
    /// Objects that are none of the backup's, by their names.
    pub foreign: Vec<String>,
    /// Rows of the listing that are not understood, a line each.
    pub not_understood: Vec<String>,
    /// Of what was wanted, that under which nothing stood, whatever the filter.
    pub absent: Vec<Wanted>,
    /// What the listing held.
    pub seen: Seen,
    /// The instant, where it is not now.
    pub at: Option<Timestamp>,
    /// What the instant says about the files.
    pub moment: Moment,
}

impl Tree {
    /// The plain length of all files, in bytes.
    pub fn bytes(&self) -> u64 {
        self.files.iter().filter_map(BackedUp::len).fold(0, u64::saturating_add)
    }

    /// Whether all that stood at the instant is among the files, and something of all that was wanted did.
    pub fn is_whole(&self) -> bool {
        self.foreign.is_empty()
            && self.not_understood.is_empty()
            && self.absent.is_empty()
            && self.moment == Moment::Complete
    }
}

/// Lists the files that stood at the selection's instant. Reads names only, no content.
///
/// # Errors
/// The bucket cannot be listed with the appliance's key.
pub async fn tree(source: &RestoreSource, selection: &Selection) -> Result<Tree, Error> {
    let mut tree = Tree {
        files: Vec::new(),
        foreign: Vec::new(),
        not_understood: Vec::new(),
        absent: selection.wanted.clone(),
        seen: Seen::default(),
        at: selection.at,
        moment: Moment::Complete,
    };
    // From an object's name below its pool's prefix to the file's path.
    let mapping = source.mapping("", selection.filter.clone())?;
    for pool in selection.pools() {
        let folder = FolderPath::compute(source.backup().device, pool);
        tree.list(source, selection, &mapping, &folder).await?;
    }
    tree.moment = moment(selection, source.retained().days(), &tree.seen);
    Ok(tree)
}

impl Tree {
    async fn list(
        &mut self,
        source: &RestoreSource,
        selection: &Selection,
        mapping: &Mapping,
        folder: &FolderPath,
    ) -> Result<(), Error> {
        let listed = |error| source.explained(error, "listFiles");
        let rows = source
            .store()
            .versions(source.access()?, &selection.prefix(folder, source.names_are_plain()))
            .await;
        let mut rows = rows.map_err(listed)?;
        let mut as_of = AsOf::new(selection.at);
        while let Some(row) = rows.next().await {
            match row.map_err(listed)? {
                VersionRow::Version(version) => {
                    if let Some(object) = as_of.push(version) {
                        self.take(selection, mapping, folder, object);
                    }
                }
                VersionRow::NotUnderstood(why) => self.not_understood.push(why),
            }
        }
        if let Some(object) = as_of.end() {
            self.take(selection, mapping, folder, object);
        }
        self.seen = self.seen.with(as_of.seen());
        Ok(())
    }

    fn take(&mut self, selection: &Selection, mapping: &Mapping, folder: &FolderPath, object: Object) {
        let pool = folder.pool();
        let takes = |wanted: &Wanted, path: &[u8]| wanted.pool == *pool && wanted.takes(path);
        let prefix = folder.object_prefix();
        let Some(stored) = prefix.relative(&object.name) else { return };
        match mapping.source_of(stored) {
            Origin::Expected(path) => {
                self.absent.retain(|wanted| !takes(wanted, &path));
                if selection.wanted.iter().any(|wanted| takes(wanted, &path)) {
                    self.files.push(BackedUp { pool: pool.clone(), path, object });
                }
            }
            Origin::Excluded(path) => self.absent.retain(|wanted| !takes(wanted, &path)),
            Origin::Outside => {}
            _ => self.foreign.push(object.name),
        }
    }
}

fn moment(selection: &Selection, days: Option<u32>, seen: &Seen) -> Moment {
    let Some(at) = selection.at else { return Moment::Complete };
    if let Some(first) = seen.first.filter(|first| at < *first) {
        return Moment::BeforeFirst { first };
    }
    // What stood at the instant was hidden or rewritten after it, and is deleted so many days after that at the earliest.
    let days = days.map(|days| SignedDuration::from_hours(24 * i64::from(days)));
    let complete_since = days.and_then(|days| selection.now.checked_sub(days).ok());
    match complete_since.filter(|since| at < *since) {
        Some(since) => Moment::MayLack { complete_since: seen.first.map_or(since, |first| first.max(since)) },
        None => Moment::Complete,
    }
}
