//! Contacts: people of organisations.

use futures_util::{Stream, TryStreamExt as _};
use http_core::{Call, Method, ServiceClient};
use serde::Deserialize;

use crate::error::Error;
use crate::ids::{ContactId, LocationId, OrganizationId};
use crate::json_api;
use crate::operations;
use crate::service::ItGlue;

json_api::resource_type! {
    /// Somebody of an organisation.
    Contact, ContactId;
    {
        /// The organisation that they belong to.
        organization_id = "organization-id": OrganizationId,
    }
    {
        /// First and last name.
        name = "name": Option<String>,
        /// Their first name.
        first_name = "first-name": Option<String>,
        /// Their last name.
        last_name = "last-name": Option<String>,
        /// What they do there.
        title = "title": Option<String>,
        /// Where they work.
        location_id = "location-id": Option<LocationId>,
        /// Whether problems are reported to them first.
        important = "important": bool,
        /// Their addresses for mail.
        emails = "contact-emails": Vec<ContactEmail>,
        /// Their telephone numbers.
        phones = "contact-phones": Vec<ContactPhone>,
        /// The page that shows them to people.
        page = "resource-url": Option<String>,
    }
}

/// An address for mail.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct ContactEmail {
    /// The address.
    pub value: String,
    /// Whether it is the first to be written to.
    #[serde(default)]
    pub primary: bool,
    /// What it is for, such as `Work`.
    #[serde(default)]
    pub label_name: Option<String>,
}

/// A telephone number.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct ContactPhone {
    /// The number, as it was entered.
    pub value: String,
    /// Whether it is the first to be called.
    #[serde(default)]
    pub primary: bool,
    /// What it is for, such as `Mobile`.
    #[serde(default)]
    pub label_name: Option<String>,
}

/// Reads contacts; from [`crate::Client::contacts`].
#[derive(Clone, Copy, Debug)]
pub struct Contacts<'a> {
    pub(crate) service: &'a ServiceClient<ItGlue>,
}

impl Contacts<'_> {
    /// Every contact of an organisation, page by page as the stream is read.
    ///
    /// # Errors
    /// The stream's items: any kind that a read can end in. A row that is not understood is an error of its own, after which others follow.
    pub fn list(
        &self,
        organization: OrganizationId,
    ) -> impl Stream<Item = Result<Contact, Error>> + Send + use<> {
        let filters = vec![("filter[organization_id]", organization.to_string())];
        json_api::list(self.service, operations::LIST_CONTACTS, "contacts", filters)
            // A filter that a server ignores would show every client's.
            .try_filter(move |found: &Contact| std::future::ready(found.organization_id == organization))
    }

    /// The contact of this id.
    ///
    /// # Errors
    /// [`crate::ErrorKind::NotFound`] when there is none, else any kind that a read can end in.
    pub async fn get(&self, id: ContactId) -> Result<Contact, Error> {
        let call = Call::new(operations::GET_CONTACT, Method::Get, format!("contacts/{id}"));
        let call = call.subject(format_args!("contact {id}"));
        json_api::this(self.service, operations::GET_CONTACT, id, call).await
    }
}
