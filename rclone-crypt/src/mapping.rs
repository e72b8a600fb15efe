//! Maps paths of source files to names of objects, and back.

use crate::b2_name;
use crate::error::Error;
use crate::filter::Filter;
use crate::local_name;
use crate::names::Names;

/// The mapping between the source files of a task and the objects in its bucket.
///
/// ```
/// use rclone_crypt::{Filter, Mapping, Names, Origin, TrueNasTask};
///
/// let filter = Filter::truenas(TrueNasTask::ScalePoolRoot, ["/Archive/**"])?;
/// let mapping = Mapping::new("/1b4e28ba-2fa1-41d2-883f-0016d3cca427/tank", Names::off(), filter);
/// let object = "1b4e28ba-2fa1-41d2-883f-0016d3cca427/tank/a\u{FF3C}b.txt.bin";
/// assert_eq!(mapping.object_of(br"a\b.txt")?.as_deref(), Some(object));
/// assert_eq!(mapping.object_of(b"Archive/old.txt")?, None);
/// assert_eq!(mapping.source_of(object), Origin::Expected(br"a\b.txt".to_vec()));
/// # Ok::<(), rclone_crypt::Error>(())
/// ```
#[derive(Debug)]
pub struct Mapping {
    prefix: String,
    names: Names,
    filter: Filter,
}

/// What an object's name says about its origin.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// A copy of the file with this path on disk, relative to the task's path.
    Expected(Vec<u8>),
    /// A copy of a file that the filter excludes. It was uploaded before the rule was added; rclone does not delete excluded objects.
    Excluded(Vec<u8>),
    /// The object is not in the task's folder.
    Outside,
    /// The object is in the task's folder, but this remote does not write such names.
    Foreign,
}

impl Mapping {
    /// The mapping of a task with this folder. A leading slash, which TrueNAS uses, is not part of the objects' names.
    pub fn new(folder: &str, names: Names, filter: Filter) -> Self {
        let folder = folder.trim_matches('/');
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        Self { prefix, names, filter }
    }

    /// Returns the name of the object for the file with this path on disk; `None` if the filter excludes it.
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

    /// Returns the origin of an object, by its name.
    pub fn source_of(&self, object: &str) -> Origin {
        let Some(stored) = object.strip_prefix(&self.prefix) else {
            return Origin::Outside;
        };
        let stored = local_name::encode(&b2_name::decode(stored));
        let Ok(path) = self.names.decode_bytes(&stored) else {
            return Origin::Foreign;
        };
        let included = self.filter.includes(&String::from_utf8_lossy(&path));
        let path = local_name::decode(&path);
        if included { Origin::Expected(path) } else { Origin::Excluded(path) }
    }
}
