//! The files that were backed up.

use std::pin::Pin;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::Stream;
use jiff::Timestamp;

use crate::port_error::PortError;

/// Bytes as they arrive.
pub type Body = Pin<Box<dyn Stream<Item = Result<Bytes, PortError>> + Send>>;

/// What a file system says of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFacts {
    /// Its size in bytes.
    pub size: u64,
    /// When it was last modified.
    pub modified: Timestamp,
}

/// Reads source files, by their path on the appliance (`/mnt/…`).
#[async_trait]
pub trait Source: Send + Sync {
    /// Size and time of a file; `None` when there is no such file.
    async fn stat(&self, path: &str) -> Result<Option<FileFacts>, PortError>;
    /// A file's bytes; one that ends before `facts` says is an error of the stream.
    async fn read(&self, path: &str, facts: &FileFacts) -> Result<Body, PortError>;
}
