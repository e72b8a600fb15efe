//! Organisations: the clients of the managed service provider.

use futures_util::TryStreamExt as _;
use http_core::{Call, Method, ServiceClient};
use serde::Deserialize;

use crate::error::Error;
use crate::ids::OrganizationId;
use crate::json_api::{self, Resource};
use crate::operations;
use crate::service::ItGlue;

/// A client.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Organization {
    /// Its id.
    pub id: OrganizationId,
    /// Its name; neither unique nor stable.
    pub name: String,
}

/// Reads organisations; from [`crate::Client::organizations`].
#[derive(Clone, Copy, Debug)]
pub struct Organizations<'a> {
    pub(crate) service: &'a ServiceClient<ItGlue>,
}

#[derive(Deserialize)]
struct Attributes {
    name: String,
}

type Row = Resource<OrganizationId, Attributes>;

impl From<Row> for Organization {
    fn from(row: Row) -> Self {
        Self { id: row.id, name: row.attributes.name }
    }
}

impl Organizations<'_> {
    /// Every organisation of exactly this name; there may be none, or several.
    ///
    /// # Errors
    /// Any kind that a read can end in.
    pub async fn find(&self, name: &str) -> Result<Vec<Organization>, Error> {
        // A filter's value may be a list with commas; such a name is looked for among all.
        let filters = if name.contains(',') { vec![] } else { vec![("filter[name]", name.to_owned())] };
        let rows =
            json_api::list(self.service, operations::LIST_ORGANIZATIONS, "organizations".to_owned(), filters);
        let rows: Vec<Row> = rows.try_collect().await?;
        Ok(rows.into_iter().map(Organization::from).filter(|found| found.name == name).collect())
    }

    /// The organisation of this id.
    ///
    /// # Errors
    /// [`crate::ErrorKind::NotFound`] when there is none, else any kind that a read can end in.
    pub async fn get(&self, id: OrganizationId) -> Result<Organization, Error> {
        let path = format!("organizations/{id}");
        let call = Call::new(operations::GET_ORGANIZATION, Method::Get, path);
        let row: Row = json_api::one(self.service, call.subject(format!("organisation {id}"))).await?;
        Ok(row.into())
    }
}
