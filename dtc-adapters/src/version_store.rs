//! Backblaze B2 with an appliance's own key: versions, and their bytes.

use std::num::NonZeroU16;

use async_trait::async_trait;
use b2_client::files::ListFiles;
use b2_client::{BucketName, ErrorKind};
use dtc_provision::PortError;
use dtc_provision::ports::{Body, Object, Part, RestoreAccess, VersionRow, VersionRows, VersionStore};
use dtc_provision::proofs::Bound;
use futures_util::StreamExt as _;

use crate::b2_clients::B2Clients;
use crate::error::{Attempt as _, failed};
use crate::escrowed_clients::EscrowedClients;
use crate::object_store::convert;

/// How many rows are asked for at a time. With the longest names and file info, they are still less than the 16 MiB that an answer may have.
const PAGE: NonZeroU16 = NonZeroU16::MIN.saturating_add(1999);

/// B2, with whatever key it is handed.
pub(crate) struct B2Versions {
    clients: EscrowedClients,
}

impl B2Versions {
    /// B2, where these make clients. Nothing is sent before the first call.
    pub(crate) fn new(clients: B2Clients) -> Self {
        Self { clients: EscrowedClients::new(clients) }
    }
}

#[async_trait]
impl VersionStore for B2Versions {
    /// By the bucket's name, which the key itself says the id of.
    async fn versions(
        &self,
        access: Bound<'_, RestoreAccess>,
        prefix: &str,
    ) -> Result<VersionRows, PortError> {
        let bucket = &access.spec().backup.bucket;
        let attempted = format!("list the versions in the bucket {bucket} under {prefix}");
        let client = self.clients.client(access.expose())?;
        let name = BucketName::new(bucket.as_str()).map_err(b2_client::Error::from).attempting(&attempted)?;
        let request = ListFiles::new(name).prefix(prefix).page_size(PAGE);
        let rows = client.files().list_versions(&request);
        let rows = rows.map(move |row| match row {
            Ok(found) => {
                let row = convert::of_row(&found).map(VersionRow::Version);
                Ok(row.unwrap_or_else(|error| VersionRow::NotUnderstood(error.to_string())))
            }
            Err(error) if matches!(error.kind(), ErrorKind::NotUnderstood) => {
                Ok(VersionRow::NotUnderstood(error.to_string()))
            }
            Err(error) => Err(failed(&attempted, error)),
        });
        Ok(rows.boxed())
    }

    async fn fetch_version(
        &self,
        access: Bound<'_, RestoreAccess>,
        object: &Object,
        part: Part,
    ) -> Result<Body, PortError> {
        let bucket = &access.spec().backup.bucket;
        let attempted = format!("fetch {} from the bucket {bucket}", object.name);
        let client = self.clients.client(access.expose())?;
        let content =
            client.files().download(&convert::download(object, part)).await.attempting(&attempted)?;
        Ok(content.into_stream().map(move |piece| piece.attempting(&attempted)).boxed())
    }
}
