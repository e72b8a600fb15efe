//! Assets: devices of customers.

use futures_util::Stream;
use http_core::{Call, Method, ServiceClient};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::error::{Error, ErrorKind};
use crate::fields::{CustomFields, FieldPatch};
use crate::ids::{AssetId, CustomerId, SiteId};
use crate::operations;
use crate::service::Halo;
use crate::wire::{self, Filter, Record, differs, lenient};

/// An asset. A list shows less of it than [`Assets::get`].
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Asset {
    /// Its id.
    pub id: AssetId,
    /// What people know it by: its tag.
    #[serde(default, rename = "inventory_number", deserialize_with = "lenient")]
    pub tag: Option<String>,
    /// The customer that it belongs to.
    #[serde(default, rename = "client_id", deserialize_with = "lenient")]
    pub customer: Option<CustomerId>,
    /// The site that it stands at.
    #[serde(default, rename = "site_id", deserialize_with = "lenient")]
    pub site: Option<SiteId>,
    /// Its custom fields; lists show none.
    #[serde(default, rename = "customfields")]
    pub custom_fields: CustomFields,
    /// Whatever else HaloPSA shows of it.
    #[serde(flatten)]
    pub others: Map<String, Value>,
}

impl Record for Asset {
    type Id = AssetId;

    fn id(&self) -> AssetId {
        self.id
    }
}

#[derive(Serialize)]
struct Update<'a> {
    id: AssetId,
    customfields: &'a FieldPatch,
}

/// Reads and changes assets; from [`crate::Client::assets`].
#[derive(Clone, Copy, Debug)]
pub struct Assets<'a> {
    pub(crate) service: &'a ServiceClient<Halo>,
}

impl Assets<'_> {
    /// The assets of a customer, or of all where none is named, page by page as the stream is read.
    ///
    /// # Errors
    /// [`ErrorKind::FilterIgnored`] when an asset of another customer comes, else any kind that a read can end in.
    pub fn list(
        &self,
        customer: Option<CustomerId>,
    ) -> impl Stream<Item = Result<Asset, Error>> + Send + use<> {
        let filter = match customer {
            None => Filter::none(),
            Some(customer) => Filter {
                parameters: vec![("client_id", customer.to_string())],
                broken: Box::new(move |row: &Asset| differs("client_id", row.customer.as_ref(), &customer)),
            },
        };
        wire::list(self.service, operations::LIST_ASSETS, PATH, "assets", filter)
    }

    /// The asset of this id, with its custom fields.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when there is none, else any kind that a read can end in.
    pub async fn get(&self, id: AssetId) -> Result<Asset, Error> {
        let operation = operations::GET_ASSET;
        let call = Call::new(operation, Method::Get, format!("{PATH}/{id}")).query("includedetails", true);
        wire::one(self.service, call.subject(format!("asset {id}")), operation, id).await
    }

    /// Changes custom fields of an asset, reads them back, and returns the asset as it is then. Fields that the change does not name stay as
    /// they are.
    ///
    /// # Errors
    /// [`ErrorKind::NotStored`] when the change does not show afterwards, as where HaloPSA does not know the field, else any kind.
    pub async fn update(&self, id: AssetId, fields: &FieldPatch) -> Result<Asset, Error> {
        let operation = operations::UPDATE_ASSET;
        let call = wire::write(operation, PATH, &Update { id, customfields: fields });
        self.service.send::<Value>(call.subject(format!("asset {id}"))).await?;
        let asset = self.get(id).await?;
        match fields.not_in(&asset.custom_fields) {
            Some(field) => {
                let lost = format!("{field} does not hold what was written");
                let subject = format!("asset {id}");
                Err(Error::of_answer(ErrorKind::NotStored, operation.name(), subject, lost))
            }
            None => Ok(asset),
        }
    }
}

const PATH: &str = "api/Asset";
