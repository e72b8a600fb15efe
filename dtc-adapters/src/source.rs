//! The files that were backed up, as the box shows them.

use async_trait::async_trait;
use dtc_provision::ports::{Body, FileFacts, Source};
use dtc_provision::{PortError, PortErrorKind};
use futures_util::{Stream, StreamExt as _, stream};
use jiff::Timestamp;
use truenas_client::Client;
use truenas_client::filesystem::{Download, FileKind};

use crate::error::{Attempt as _, not_understood};

/// Reads files through the box's own API.
pub(crate) struct BoxFiles(pub(crate) Client);

#[async_trait]
impl Source for BoxFiles {
    async fn stat(&self, path: &str) -> Result<Option<FileFacts>, PortError> {
        let attempted = format!("look at {path} on the box");
        let stat = match self.0.filesystem().stat(path).await {
            Err(error) if error.is_not_found() => return Ok(None),
            stat => stat.attempting(&attempted)?,
        };
        if stat.kind != FileKind::File {
            return Ok(None);
        }
        let modified = stat.modified.and_then(|at| Timestamp::try_from(at).ok());
        let modified = modified.ok_or_else(|| not_understood(&attempted, "its time is none"))?;
        Ok(Some(FileFacts { size: stat.size, modified }))
    }

    async fn read(&self, path: &str) -> Result<Body, PortError> {
        let attempted = format!("read {path} from the box");
        let size = self.0.filesystem().stat(path).await.attempting(&attempted)?.size;
        let pieces = self.0.filesystem().get(path).await.attempting(&attempted)?;
        Ok(whole(pieces, size, attempted).boxed())
    }
}

/// A box that fails half way ends the stream early and says nothing; here that is an error.
fn whole(
    pieces: Download,
    size: u64,
    attempted: String,
) -> impl Stream<Item = Result<bytes::Bytes, PortError>> + Send {
    stream::unfold(Some((pieces, size)), move |state| {
        let attempted = attempted.clone();
        async move {
            let (mut pieces, missing) = state?;
            match pieces.next().await {
                Some(Ok(piece)) => {
                    let missing = missing.saturating_sub(piece.len() as u64);
                    Some((Ok(piece), Some((pieces, missing))))
                }
                Some(Err(error)) => Some((Err(error).attempting(&attempted), None)),
                None if missing > 0 => {
                    let answer = format!("it ended {missing} bytes early");
                    Some((Err(PortError::new(PortErrorKind::Unreachable, attempted, answer)), None))
                }
                None => None,
            }
        }
    })
}
