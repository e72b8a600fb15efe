//! Source files, and bytes as they arrive.

use async_trait::async_trait;
use bytes::Bytes;

use super::{World, missing};
use crate::port_error::{PortError, PortErrorKind};
use crate::ports::{Body, FileFacts, Source};

/// How a body is cut into pieces: unlike any block, header or page.
const PIECE: usize = 1009;

/// Bytes as they would arrive from a network, piece by piece.
pub(super) fn pieces(bytes: &[u8]) -> Vec<Result<Bytes, PortError>> {
    bytes.chunks(PIECE).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect()
}

/// Bytes as they would arrive from a network.
pub(super) fn body(bytes: &[u8]) -> Body {
    Box::pin(futures_util::stream::iter(pieces(bytes)))
}

#[async_trait]
impl Source for World {
    async fn stat(&self, path: &str) -> Result<Option<FileFacts>, PortError> {
        self.read("source.stat", |state| {
            let file = state.appliance.file(path);
            Ok(file.map(|file| FileFacts { size: file.content.len() as u64, modified: file.modified }))
        })
        .await
    }

    async fn read(&self, path: &str, facts: &FileFacts) -> Result<Body, PortError> {
        World::read(self, "source.read", |state| {
            let file = state.appliance.file(path).ok_or_else(|| missing("source.read", path))?;
            let mut pieces = pieces(&file.content);
            let length = file.content.len() as u64;
            if length != facts.size {
                let answer = format!("it has {length} bytes now and had {}", facts.size);
                pieces.push(Err(PortError::new(PortErrorKind::Unreachable, "source.read", answer)));
            }
            Ok(Box::pin(futures_util::stream::iter(pieces)) as Body)
        })
        .await
    }
}
