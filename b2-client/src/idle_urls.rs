//! Upload URLs that wait for their next use.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use http_core::Operation;
use safe_text::SecretString;

use crate::ids::{BucketId, FileId};
use crate::operations;

/// The target of an upload: a bucket, or an unfinished large file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Target {
    Bucket(BucketId),
    LargeFile(FileId),
}

impl Target {
    pub(crate) fn upload(&self) -> Operation {
        match self {
            Self::Bucket(_) => operations::UPLOAD_FILE,
            Self::LargeFile(_) => operations::UPLOAD_PART,
        }
    }
}

/// An upload URL and its token, which is valid for this URL only.
pub(crate) struct UploadUrl {
    pub(crate) url: String,
    /// Scheme, host and port of the URL, for errors.
    pub(crate) address: String,
    pub(crate) token: SecretString,
}

/// The upload URLs that are not in use. A URL is returned only after a success, or a refusal after which it is still valid: after a
/// failed, timed-out or dropped upload the service may still consider the URL in use.
#[derive(Default)]
pub(crate) struct IdleUrls(Mutex<HashMap<Target, Vec<UploadUrl>>>);

impl IdleUrls {
    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Target, Vec<UploadUrl>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn take(&self, target: &Target) -> Option<UploadUrl> {
        self.lock().get_mut(target)?.pop()
    }

    pub(crate) fn put(&self, target: &Target, url: UploadUrl) {
        self.lock().entry(target.clone()).or_default().push(url);
    }

    /// Removes the URLs of a large file that was finished or cancelled.
    pub(crate) fn forget(&self, target: &Target) {
        self.lock().remove(target);
    }
}
