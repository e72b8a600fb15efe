//! Documents of organisations.

use http_core::{Call, Method, ServiceClient};

use crate::error::Error;
use crate::ids::{DocumentId, OrganizationId};
use crate::json_api;
use crate::operations;
use crate::service::ItGlue;

json_api::resource_type! {
    /// A document of an organisation.
    Document, DocumentId;
    {
        /// The organisation that it belongs to.
        organization_id = "organization-id": OrganizationId,
        /// Its name.
        name = "name": String,
    }
    {
        /// Whether only some people may see it.
        restricted = "restricted": bool,
        /// Whether it is archived.
        archived = "archived": bool,
        /// When it was last changed, as IT Glue writes it.
        updated_at = "updated-at": Option<String>,
        /// The page that shows it to people.
        page = "resource-url": Option<String>,
    }
}

/// Reads documents, one by its id; from [`crate::Client::documents`]. IT Glue lists them for people who are logged in, and not for an API
/// key (as public clients of it have found): there is no list here.
#[derive(Clone, Copy, Debug)]
pub struct Documents<'a> {
    pub(crate) service: &'a ServiceClient<ItGlue>,
}

impl Documents<'_> {
    /// The document of this id.
    ///
    /// # Errors
    /// [`crate::ErrorKind::NotFound`] when there is none, else any kind that a read can end in.
    pub async fn get(&self, id: DocumentId) -> Result<Document, Error> {
        let call = Call::new(operations::GET_DOCUMENT, Method::Get, format!("documents/{id}"));
        let call = call.subject(format_args!("document {id}"));
        json_api::this(self.service, operations::GET_DOCUMENT, id, call).await
    }
}
