//! Configurations: devices, as IT Glue knows them.

use futures_util::TryStreamExt as _;
use http_core::ServiceClient;
use serde::Deserialize;

use crate::error::Error;
use crate::ids::{ConfigurationId, OrganizationId};
use crate::json_api::{self, Resource};
use crate::operations;
use crate::service::ItGlue;

/// A device, as IT Glue knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Configuration {
    /// Its id.
    pub id: ConfigurationId,
    /// The organisation that it belongs to.
    pub organization_id: OrganizationId,
    /// Its name.
    pub name: String,
    /// Whether it is archived.
    pub archived: bool,
    /// The page that shows it to people.
    pub page: Option<String>,
}

/// A device in a remote monitoring system that is synchronised with IT Glue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RmmDevice {
    id: String,
    integration: &'static str,
}

impl RmmDevice {
    /// The NinjaOne device of this id.
    pub fn ninja_one(id: i32) -> Self {
        Self { id: id.to_string(), integration: "ninja-rmm" }
    }
}

/// Reads configurations; from [`crate::Client::configurations`].
#[derive(Clone, Copy, Debug)]
pub struct Configurations<'a> {
    pub(crate) service: &'a ServiceClient<ItGlue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Attributes {
    organization_id: OrganizationId,
    name: String,
    #[serde(default)]
    archived: Option<bool>,
    #[serde(default)]
    resource_url: Option<String>,
}

type Row = Resource<ConfigurationId, Attributes>;

impl From<Row> for Configuration {
    fn from(Resource { id, attributes }: Row) -> Self {
        Self {
            id,
            organization_id: attributes.organization_id,
            name: attributes.name,
            archived: attributes.archived.unwrap_or(false),
            page: attributes.resource_url,
        }
    }
}

impl Configurations<'_> {
    /// Every configuration that stands for this device; none until the synchronisation has seen it.
    ///
    /// # Errors
    /// Any kind that a read can end in.
    pub async fn of_device(&self, device: &RmmDevice) -> Result<Vec<Configuration>, Error> {
        // The two filters go together or not at all (IT Glue's developer pages, configurations).
        let filters = vec![
            ("filter[rmm_id]", device.id.clone()),
            ("filter[rmm_integration_type]", device.integration.to_owned()),
        ];
        let rows = json_api::list(
            self.service,
            operations::LIST_CONFIGURATIONS,
            "configurations".to_owned(),
            filters,
        );
        rows.map_ok(|row: Row| row.into()).try_collect().await
    }
}
