//! A bucket as a caller names it: by its name or by its id.

use std::fmt;

use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};

use crate::ids::BucketId;
use crate::names::BucketName;

/// Names the bucket that a call is made on, by its name or by its id. Whatever takes an `impl Into<BucketRef>` takes a [`BucketName`], a
/// [`BucketId`], a [`Bucket`](crate::buckets::Bucket), or a reference to one of them.
///
/// Nearly all operations of the service take the id. A client that is given the name finds the id with one request, `b2_list_buckets`,
/// and remembers it; clones of the client share what it remembers. A key that is restricted to buckets causes no request: the login
/// states their ids and names, and any other name is [`ErrorKind::Unauthorized`](crate::ErrorKind::Unauthorized). If the service does not
/// know a remembered id, because the bucket was deleted and created again, the name is looked up once more and the call repeated.
///
/// Looking up requires the capability `listBuckets`, which a call with the id does not. Downloads [by
/// name](crate::files::Download::by_name) are the other way round: they take the name, and an id is looked up.
///
/// A text is not taken, because it does not say which of the two it is.
///
/// ```
/// use b2_client::files::ListFiles;
/// use b2_client::{BucketId, BucketName, BucketRef};
///
/// let name = BucketName::new("my-photos")?;
/// assert_eq!(BucketRef::from(&name).to_string(), "bucket my-photos");
/// assert_eq!(BucketRef::from(BucketId::new("e73e")).to_string(), "bucket with id e73e");
/// let all = (ListFiles::new(name), ListFiles::new(BucketId::new("e73e")));
/// # let _ = all;
/// # Ok::<(), b2_client::InvalidName>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BucketRef {
    // At least one of the two is known.
    id: Option<BucketId>,
    name: Option<BucketName>,
}

impl BucketRef {
    /// A bucket of which both are known.
    pub(crate) fn known(id: BucketId, name: BucketName) -> Self {
        Self { id: Some(id), name: Some(name) }
    }

    /// Returns the id, if the bucket was named by it or is known with both.
    pub fn id(&self) -> Option<&BucketId> {
        self.id.as_ref()
    }

    /// Returns the name, if the bucket was named by it or is known with both.
    pub fn name(&self) -> Option<&BucketName> {
        self.name.as_ref()
    }
}

impl From<BucketId> for BucketRef {
    fn from(id: BucketId) -> Self {
        Self { id: Some(id), name: None }
    }
}

impl From<&BucketId> for BucketRef {
    fn from(id: &BucketId) -> Self {
        Self::from(id.clone())
    }
}

impl From<BucketName> for BucketRef {
    fn from(name: BucketName) -> Self {
        Self { id: None, name: Some(name) }
    }
}

impl From<&BucketName> for BucketRef {
    fn from(name: &BucketName) -> Self {
        Self::from(name.clone())
    }
}

impl From<&BucketRef> for BucketRef {
    fn from(bucket: &BucketRef) -> Self {
        bucket.clone()
    }
}

impl fmt::Display for BucketRef {
    /// Formats what is known, as errors show it: `bucket my-photos (id e73e)`, `bucket my-photos` or `bucket with id e73e`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.name, &self.id) {
            (Some(name), Some(id)) => write!(f, "bucket {name} (id {id})"),
            (Some(name), None) => write!(f, "bucket {name}"),
            (None, Some(id)) => write!(f, "bucket with id {id}"),
            (None, None) => f.write_str("bucket"),
        }
    }
}

impl Serialize for BucketRef {
    /// Writes the one member of a request that names the bucket: `bucketId` if the id is known, else `bucketName`.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(Some(1))?;
        match (&self.id, &self.name) {
            (Some(id), _) => members.serialize_entry("bucketId", id)?,
            (None, Some(name)) => members.serialize_entry("bucketName", name)?,
            (None, None) => {}
        }
        members.end()
    }
}

/// Names several buckets in a sentence.
pub(crate) fn list(buckets: &[BucketRef]) -> String {
    let names: Vec<String> = buckets.iter().map(ToString::to_string).collect();
    if names.is_empty() { "no bucket".to_owned() } else { names.join(" and ") }
}
