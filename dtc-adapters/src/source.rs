//! The files that were backed up, as the appliance shows them.

use std::sync::Arc;

use async_trait::async_trait;
use dtc_provision::PortError;
use dtc_provision::ports::{Body, FileFacts, Source};
use futures_util::StreamExt as _;
use jiff::Timestamp;
use truenas_client::filesystem::FileKind;

use crate::appliance::Connection;
use crate::error::{Attempt as _, not_understood};

/// Reads files through the appliance's own API.
pub(crate) struct ApplianceFiles(pub(crate) Arc<Connection>);

#[async_trait]
impl Source for ApplianceFiles {
    async fn stat(&self, path: &str) -> Result<Option<FileFacts>, PortError> {
        let attempted = format!("look at {path} on the appliance");
        let stat = match self.0.client().await?.filesystem().stat(path).await {
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

    async fn read(&self, path: &str, facts: &FileFacts) -> Result<Body, PortError> {
        let attempted = format!("read {path} from the appliance");
        let files = self.0.client().await?.filesystem();
        let pieces = files.get(path, facts.size).await.attempting(&attempted)?;
        Ok(pieces.map(move |piece| piece.attempting(&attempted)).boxed())
    }
}
