//! Backblaze B2 with an appliance's own key: every version of its objects, as a restore reads them.

use std::pin::Pin;

use async_trait::async_trait;
use futures_util::Stream;
use jiff::Timestamp;

use super::object::Object;
use super::object_store::Part;
use super::source::Body;
use crate::port_error::PortError;
use crate::proofs::{Backup, Bound, SealedUse, Use};
use crate::secret::ApplicationKey;

/// A bucket read with the key of the appliance whose backup is restored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RestoreAccess {
    /// The appliance and its bucket.
    pub backup: Backup,
}

impl SealedUse for RestoreAccess {}
impl Use for RestoreAccess {
    type Secret = ApplicationKey;

    fn describe(&self) -> String {
        format!("restoring from the bucket {}", self.backup.bucket)
    }

    fn identity(&self) -> Option<Backup> {
        Some(self.backup.clone())
    }
}

/// What a version of an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VersionKind {
    /// Content, uploaded or copied.
    Content,
    /// A mark that hides the versions before it: the file was deleted.
    Hidden,
    /// A large file that is not finished; it has no content yet.
    Unfinished,
}

/// What keeps a version from being deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lock {
    /// The key may not see it.
    NotShown,
    /// Nothing.
    Free,
    /// Its retention, until then.
    Until(Timestamp),
    /// A legal hold, until somebody lifts it.
    Held,
}

/// A version of an object. What a hide marker says of content means nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectVersion {
    /// Which object and version it is, and its content.
    pub object: Object,
    /// What it is.
    pub kind: VersionKind,
    /// What keeps it from being deleted.
    pub lock: Lock,
}

/// A row of a listing of versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VersionRow {
    /// A version.
    Version(ObjectVersion),
    /// A row that is not understood, and why: it may be a version too.
    NotUnderstood(String),
}

/// Rows as they arrive: in byte order of the names, and of one name the newest first.
pub type VersionRows = Pin<Box<dyn Stream<Item = Result<VersionRow, PortError>> + Send>>;

/// Reads every version that an appliance's own key reaches.
#[async_trait]
pub trait VersionStore: Send + Sync {
    /// Every version of the objects whose names begin with this, hide markers and unfinished large files among them.
    async fn versions(
        &self,
        access: Bound<'_, RestoreAccess>,
        prefix: &str,
    ) -> Result<VersionRows, PortError>;
    /// The bytes of one version, whatever became of its object since.
    async fn fetch_version(
        &self,
        access: Bound<'_, RestoreAccess>,
        object: &Object,
        part: Part,
    ) -> Result<Body, PortError>;
}
