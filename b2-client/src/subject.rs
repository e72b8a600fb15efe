//! What a call is made on, as its errors name it.

use std::fmt;

use crate::bucket_ref::BucketRef;
use crate::ids::FileId;
use crate::names::FileName;

/// The part, the file and the bucket of a call, as far as they are known.
#[derive(Clone, Copy, Default)]
pub(crate) struct Subject<'a> {
    part: Option<u32>,
    name: Option<&'a FileName>,
    version: Option<&'a FileId>,
    bucket: Option<&'a BucketRef>,
}

impl<'a> Subject<'a> {
    /// A file by its name.
    pub(crate) fn file(name: &'a FileName) -> Self {
        Self { name: Some(name), ..Self::default() }
    }

    /// A version of a file, or an unfinished large file, by its id.
    pub(crate) fn version(id: &'a FileId) -> Self {
        Self { version: Some(id), ..Self::default() }
    }

    /// Adds the id of the version.
    pub(crate) fn with_id(self, id: &'a FileId) -> Self {
        Self { version: Some(id), ..self }
    }

    /// Adds the number of a part.
    pub(crate) fn part(self, number: u32) -> Self {
        Self { part: Some(number), ..self }
    }

    /// Adds name and id if they are not known yet.
    pub(crate) fn or(self, name: Option<&'a FileName>, version: Option<&'a FileId>) -> Self {
        Self { name: self.name.or(name), version: self.version.or(version), ..self }
    }

    /// Adds the bucket that the file is in.
    pub(crate) fn inside(self, bucket: impl Into<Option<&'a BucketRef>>) -> Self {
        Self { bucket: bucket.into(), ..self }
    }
}

impl fmt::Display for Subject<'_> {
    /// `part 3 of file "a/b.txt" (id 4_z27c8) in bucket my-photos (id e73e)`, without what is not known.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(number) = self.part {
            write!(f, "part {number} of ")?;
        }
        match (self.name, self.version) {
            (Some(name), Some(id)) => write!(f, "file {:?} (id {id})", name.as_str())?,
            (Some(name), None) => write!(f, "file {:?}", name.as_str())?,
            (None, Some(id)) => write!(f, "file with id {id}")?,
            (None, None) => f.write_str("file")?,
        }
        match self.bucket {
            Some(bucket) => write!(f, " in {bucket}"),
            None => Ok(()),
        }
    }
}
