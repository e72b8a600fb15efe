//! Organisations: the clients of the managed service provider.

use futures_util::{Stream, TryStreamExt as _};
use http_core::{Call, Method, ServiceClient};
use serde::Deserialize;

use crate::custom_fields::{self, CustomFields, FieldPatch};
use crate::error::Error;
use crate::ids::OrganizationId;
use crate::locations::Location;
use crate::operations;
use crate::pages;
use crate::service::Ninja;

/// A client.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Organization {
    /// Its id.
    pub id: OrganizationId,
    /// Its name; neither unique nor stable.
    pub name: String,
    /// A description, where there is one.
    #[serde(default)]
    pub description: Option<String>,
}

/// A client with its sites.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct OrganizationDetail {
    /// The client.
    #[serde(flatten)]
    pub organization: Organization,
    /// Its locations.
    #[serde(default)]
    pub locations: Vec<Location>,
}

/// Reads organisations and their custom fields; from [`crate::Client::organizations`].
#[derive(Clone, Copy, Debug)]
pub struct Organizations<'a> {
    pub(crate) service: &'a ServiceClient<Ninja>,
}

impl Organizations<'_> {
    /// Every organisation of the tenant, page by page as the stream is read.
    ///
    /// # Errors
    /// The stream's items: any kind that a read can end in. After an error it is over.
    pub fn list(&self) -> impl Stream<Item = Result<Organization, Error>> + Send + use<> {
        let id = |row: &Organization| row.id.get();
        pages::after(self.service, operations::LIST_ORGANIZATIONS, "v2/organizations".to_owned(), id)
    }

    /// As [`list`](Self::list), with the locations of each: the whole tenant in one request per thousand organisations, and one that
    /// finds no more (public API 2.0.9-draft, `getOrganizationsDetailed`).
    ///
    /// # Errors
    /// As [`list`](Self::list).
    pub fn list_detailed(&self) -> impl Stream<Item = Result<OrganizationDetail, Error>> + Send + use<> {
        let id = |row: &OrganizationDetail| row.organization.id.get();
        let target = "v2/organizations-detailed".to_owned();
        pages::after(self.service, operations::LIST_ORGANIZATIONS_DETAILED, target, id)
    }

    /// Every organisation of exactly this name; there may be none, or several.
    ///
    /// # Errors
    /// Any kind that a read can end in.
    pub async fn find(&self, name: &str) -> Result<Vec<Organization>, Error> {
        let matching = self.list().try_filter(|found| std::future::ready(found.name == name));
        matching.try_collect().await
    }

    /// The organisation of this id.
    ///
    /// # Errors
    /// [`crate::ErrorKind::NotFound`] when there is none, else any kind that a read can end in.
    pub async fn get(&self, id: OrganizationId) -> Result<Organization, Error> {
        let path = format!("v2/organization/{id}");
        let call = Call::new(operations::GET_ORGANIZATION, Method::Get, path);
        Ok(self.service.send(call.subject(subject(id))).await?)
    }

    /// The values of its custom fields that the API may read.
    ///
    /// # Errors
    /// [`crate::ErrorKind::NotFound`] when there is no such organisation, else any kind that a read can end in.
    pub async fn custom_fields(&self, id: OrganizationId) -> Result<CustomFields, Error> {
        custom_fields::read(self.service, operations::GET_ORGANIZATION_CUSTOM_FIELDS, path(id), subject(id))
            .await
    }

    /// Sets custom fields; those that the patch does not name stay. Success does not prove that the values were stored: read them again.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Rejected`] when NinjaOne does not take a name or a value, else any kind that a write can end in.
    pub async fn set_custom_fields(&self, id: OrganizationId, patch: &FieldPatch) -> Result<(), Error> {
        custom_fields::write(
            self.service,
            operations::SET_ORGANIZATION_CUSTOM_FIELDS,
            path(id),
            subject(id),
            patch,
        )
        .await
    }
}

fn path(id: OrganizationId) -> String {
    format!("v2/organization/{id}/custom-fields")
}

fn subject(id: OrganizationId) -> String {
    format!("organisation {id}")
}
