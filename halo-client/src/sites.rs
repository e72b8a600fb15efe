//! Sites of customers.

use futures_util::{Stream, TryStreamExt as _};
use http_core::{Call, Method, ServiceClient};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::error::Error;
use crate::fields::CustomFields;
use crate::ids::{CustomerId, SiteId};
use crate::operations;
use crate::service::Halo;
use crate::wire::{self, Filter, Record, differs, lenient};

/// A site of a customer. A list shows less of it than [`Sites::get`].
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Site {
    /// Its id.
    pub id: SiteId,
    /// Its name.
    #[serde(default, deserialize_with = "lenient")]
    pub name: Option<String>,
    /// The customer that it belongs to.
    #[serde(default, rename = "client_id", deserialize_with = "lenient")]
    pub customer: Option<CustomerId>,
    /// Its custom fields; lists show none.
    #[serde(default, rename = "customfields")]
    pub custom_fields: CustomFields,
    /// Whatever else HaloPSA shows of it.
    #[serde(flatten)]
    pub others: Map<String, Value>,
}

impl Record for Site {
    type Id = SiteId;

    fn id(&self) -> SiteId {
        self.id
    }
}

/// Reads sites; from [`crate::Client::sites`].
#[derive(Clone, Copy, Debug)]
pub struct Sites<'a> {
    pub(crate) service: &'a ServiceClient<Halo>,
}

impl Sites<'_> {
    /// Every site, page by page as the stream is read.
    ///
    /// # Errors
    /// Any kind that a read can end in.
    pub fn list(&self) -> impl Stream<Item = Result<Site, Error>> + Send + use<> {
        wire::list(self.service, operations::LIST_SITES, "api/Site", "sites", Filter::none())
    }

    /// The sites of a customer.
    ///
    /// # Errors
    /// [`crate::ErrorKind::FilterIgnored`] when a site of another customer comes, else any kind that a read can end in.
    pub async fn of(&self, customer: CustomerId) -> Result<Vec<Site>, Error> {
        let filter = Filter {
            parameters: vec![("client_id", customer.to_string())],
            broken: Box::new(move |row: &Site| differs("client_id", row.customer.as_ref(), &customer)),
        };
        wire::list(self.service, operations::LIST_SITES, "api/Site", "sites", filter).try_collect().await
    }

    /// The site of this id, with its custom fields.
    ///
    /// # Errors
    /// [`crate::ErrorKind::NotFound`] when there is none, else any kind that a read can end in.
    pub async fn get(&self, id: SiteId) -> Result<Site, Error> {
        let operation = operations::GET_SITE;
        let call = Call::new(operation, Method::Get, format!("api/Site/{id}")).query("includedetails", true);
        wire::one(self.service, call.subject(format!("site {id}")), operation, id).await
    }
}
