//! From a source's path to its object's name and back: the coverage of a bucket.

use crate::b2_name;
use crate::error::Error;
use crate::filter::Filter;
use crate::local_name;
use crate::names::Names;

/// Where a task's files lie in a bucket.
///
/// ```
/// use rclone_crypt::{Filter, Mapping, Names, Source, TaskRoot};
///
/// let filter = Filter::truenas(TaskRoot::Pool, ["/Archive/**"])?;
/// let mapping = Mapping::new("/1b4e28ba-2fa1-41d2-883f-0016d3cca427/tank", Names::off(), filter);
/// let object = "1b4e28ba-2fa1-41d2-883f-0016d3cca427/tank/a\u{FF3C}b.txt.bin";
/// assert_eq!(mapping.object_of(br"a\b.txt")?.as_deref(), Some(object));
/// assert_eq!(mapping.object_of(b"Archive/old.txt")?, None);
/// assert_eq!(mapping.source_of(object), Source::Expected(br"a\b.txt".to_vec()));
/// # Ok::<(), rclone_crypt::Error>(())
/// ```
#[derive(Debug)]
pub struct Mapping {
    prefix: String,
    names: Names,
    filter: Filter,
}

/// What an object in the bucket is, by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Source {
    /// The copy of this path on disk, relative to the task's.
    Expected(Vec<u8>),
    /// The copy of a path that the filter leaves out: uploaded before the rule came, and never deleted by sync.
    Excluded(Vec<u8>),
    /// Not below the task's folder.
    Outside,
    /// Below it, but no name that this remote would write.
    Foreign,
}

impl Mapping {
    /// The files of a task with this folder; a leading slash, as TrueNAS has it, is no part of object names.
    pub fn new(folder: &str, names: Names, filter: Filter) -> Self {
        let folder = folder.trim_matches('/');
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        Self { prefix, names, filter }
    }

    /// The object that holds the file with this path on disk; `None` for one that the filter leaves out.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Name`](crate::ErrorKind::Name) for a name that cannot be encoded.
    pub fn object_of(&self, path: &[u8]) -> Result<Option<String>, Error> {
        let path = local_name::encode(path);
        if !self.filter.includes(&String::from_utf8_lossy(&path)) {
            return Ok(None);
        }
        let stored = local_name::decode(&self.names.encode_bytes(&path)?);
        Ok(Some(format!("{}{}", self.prefix, b2_name::encode(&stored))))
    }

    /// What an object is, by its name.
    pub fn source_of(&self, object: &str) -> Source {
        let Some(stored) = object.strip_prefix(&self.prefix) else {
            return Source::Outside;
        };
        let stored = local_name::encode(&b2_name::decode(stored));
        let Ok(path) = self.names.decode_bytes(&stored) else {
            return Source::Foreign;
        };
        let included = self.filter.includes(&String::from_utf8_lossy(&path));
        let path = local_name::decode(&path);
        if included { Source::Expected(path) } else { Source::Excluded(path) }
    }
}
