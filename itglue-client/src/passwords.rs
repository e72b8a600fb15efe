//! Passwords: records with one masked value each, and notes.

use futures_util::{Stream, TryStreamExt as _};
use http_core::{Call, Method, Operation, ServiceClient};
use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind};
use crate::ids::{ConfigurationId, OrganizationId, PasswordCategoryId, PasswordId};
use crate::json_api::{self, Presence, Resource};
use crate::operations;
use crate::secret::PasswordValue;
use crate::service::ItGlue;

/// A record without its value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Password {
    /// Its id.
    pub id: PasswordId,
    /// The organisation that it belongs to.
    pub organization_id: OrganizationId,
    /// Its label; not unique.
    pub name: String,
    /// The user name beside the value.
    pub username: Option<String>,
    /// The address that the value is for.
    pub url: Option<String>,
    /// Its notes.
    pub notes: Notes,
    /// What it is filed under.
    pub category_id: Option<PasswordCategoryId>,
    /// The configuration it is embedded in; `None` for a general password, and for one embedded in something else.
    pub configuration_id: Option<ConfigurationId>,
    /// Whether it is archived.
    pub archived: bool,
    /// The page that shows it to people; it may be shown in tickets and reports.
    pub page: Option<String>,
}

/// A record's notes, as far as the answer carried them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "an answer has the notes or it has not")]
pub enum Notes {
    /// The answer did not say: whether a list does is undocumented. [`Passwords::get`] does.
    NotListed,
    /// The notes; empty where there are none.
    Text(String),
}

impl Notes {
    /// The notes, where the answer carried them.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::NotListed => None,
            Self::Text(text) => Some(text),
        }
    }
}

/// A record with its value.
#[derive(Debug)]
#[non_exhaustive]
pub struct Revealed {
    /// The record.
    pub record: Password,
    /// Its value.
    pub value: PasswordValue,
}

/// A password to be created; its value goes beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[must_use = "a request does nothing until it is sent"]
pub struct CreatePassword {
    organization_id: OrganizationId,
    name: String,
    #[serde(flatten)]
    optional: Optional,
    #[serde(flatten)]
    embedded: Option<Embedded>,
}

/// What of a password is to change; everything else stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[must_use = "a request does nothing until it is sent"]
pub struct UpdatePassword {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(flatten)]
    optional: Optional,
    #[serde(skip_serializing_if = "Option::is_none")]
    archived: Option<bool>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Optional {
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    notes: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    password_category_id: Option<PasswordCategoryId>,
}

/// IT Glue's word for a configuration, singular and capitalised: with any other it silently makes a general password
/// (itglue/powershellwrapper issue 38).
const CONFIGURATION: &str = "Configuration";

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Embedded {
    resource_id: ConfigurationId,
    resource_type: &'static str,
}

impl CreatePassword {
    /// A general password of this label in this organisation.
    pub fn new(organization_id: OrganizationId, name: impl Into<String>) -> Self {
        Self { organization_id, name: name.into(), optional: Optional::default(), embedded: None }
    }

    /// The user name beside the value.
    pub fn username(mut self, username: impl Into<String>) -> Self {
        self.optional.username = Some(username.into());
        self
    }

    /// The address that the value is for.
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.optional.url = Some(url.into());
        self
    }

    /// The notes.
    pub fn notes(mut self, notes: impl Into<String>) -> Self {
        self.optional.notes = Some(notes.into());
        self
    }

    /// What to file it under.
    pub fn category(mut self, category: PasswordCategoryId) -> Self {
        self.optional.password_category_id = Some(category);
        self
    }

    /// Embeds it in this configuration. Only a create can: an existing password is never embedded later.
    pub fn embedded_in(mut self, configuration: ConfigurationId) -> Self {
        self.embedded = Some(Embedded { resource_id: configuration, resource_type: CONFIGURATION });
        self
    }
}

impl UpdatePassword {
    /// Changes nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Another label.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Another user name.
    pub fn username(mut self, username: impl Into<String>) -> Self {
        self.optional.username = Some(username.into());
        self
    }

    /// Another address.
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.optional.url = Some(url.into());
        self
    }

    /// Other notes, which replace all notes that it has.
    pub fn notes(mut self, notes: impl Into<String>) -> Self {
        self.optional.notes = Some(notes.into());
        self
    }

    /// Another category.
    pub fn category(mut self, category: PasswordCategoryId) -> Self {
        self.optional.password_category_id = Some(category);
        self
    }

    /// Archives it. Nothing is ever deleted.
    pub fn archive(mut self) -> Self {
        self.archived = Some(true);
        self
    }
}

#[derive(Serialize)]
struct WithValue<'a, A> {
    #[serde(flatten)]
    attributes: &'a A,
    password: &'a str,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Attributes {
    organization_id: OrganizationId,
    name: String,
    #[serde(default)]
    username: Option<String>,
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    notes: Presence<String>,
    #[serde(default)]
    password_category_id: Option<PasswordCategoryId>,
    #[serde(default)]
    resource_id: Option<u64>,
    #[serde(default)]
    resource_type: Option<String>,
    #[serde(default)]
    archived: Option<bool>,
    #[serde(default)]
    resource_url: Option<String>,
    #[serde(default)]
    password: Presence<Value>,
}

/// Reads a value into a [`PasswordValue`].
#[derive(Deserialize)]
#[serde(from = "String")]
struct Value(PasswordValue);

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self(PasswordValue::new(value))
    }
}

type Row = Resource<PasswordId, Attributes>;

impl From<Row> for Password {
    fn from(Resource { id, attributes }: Row) -> Self {
        let in_configuration = attributes.resource_type.as_deref() == Some(CONFIGURATION);
        Self {
            id,
            organization_id: attributes.organization_id,
            name: attributes.name,
            username: attributes.username,
            url: attributes.url,
            notes: match attributes.notes {
                Presence::Absent => Notes::NotListed,
                Presence::Null => Notes::Text(String::new()),
                Presence::There(text) => Notes::Text(text),
            },
            category_id: attributes.password_category_id,
            configuration_id: attributes.resource_id.filter(|_| in_configuration).map(ConfigurationId::new),
            archived: attributes.archived.unwrap_or(false),
            page: attributes.resource_url,
        }
    }
}

/// Reads and writes passwords; from [`crate::Client::passwords`].
#[derive(Clone, Copy, Debug)]
pub struct Passwords<'a> {
    pub(crate) service: &'a ServiceClient<ItGlue>,
}

impl Passwords<'_> {
    /// Every password of an organisation, archived ones too, without values; page by page as the stream is read.
    ///
    /// # Errors
    /// The stream's items: any kind that a read can end in. After an error it is over.
    pub fn list(
        &self,
        organization: OrganizationId,
    ) -> impl Stream<Item = Result<Password, Error>> + Send + use<> {
        let filters = vec![("filter[organization_id]", organization.to_string())];
        json_api::list(self.service, operations::LIST_PASSWORDS, "passwords".to_owned(), filters)
            .map_ok(|row: Row| row.into())
            // A filter that a server ignores would show every client's records.
            .try_filter(move |found: &Password| std::future::ready(found.organization_id == organization))
    }

    /// The record without its value.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when there is none, else any kind that a read can end in.
    pub async fn get(&self, id: PasswordId) -> Result<Password, Error> {
        let row: Row = json_api::one(self.service, show(operations::GET_PASSWORD, id, "false")).await?;
        Ok(row.into())
    }

    /// The record with its value.
    ///
    /// # Errors
    /// [`ErrorKind::Unauthorized`] when the API key is not shown values, [`ErrorKind::NoValue`] when there is none,
    /// [`ErrorKind::NotFound`] when there is no such record, else any kind that a read can end in.
    pub async fn reveal(&self, id: PasswordId) -> Result<Revealed, Error> {
        let operation = operations::REVEAL_PASSWORD;
        let mut row: Row = json_api::one(self.service, show(operation, id, "true")).await?;
        let lacking = |kind| Err(Error::lacking(kind, operation.name(), subject(id)));
        match std::mem::take(&mut row.attributes.password) {
            Presence::Absent => lacking(ErrorKind::Unauthorized),
            Presence::Null => lacking(ErrorKind::NoValue),
            Presence::There(Value(value)) => Ok(Revealed { record: row.into(), value }),
        }
    }

    /// Creates a record. Sent at most once: IT Glue would make a second one.
    ///
    /// # Errors
    /// [`ErrorKind::OutcomeUnknown`] when the answer was lost: look for the record before creating it again. Else any kind that
    /// a write can end in.
    pub async fn create(&self, request: &CreatePassword, value: &PasswordValue) -> Result<Password, Error> {
        let attributes = WithValue { attributes: request, password: value.expose() };
        let call = Call::new(operations::CREATE_PASSWORD, Method::Post, "passwords")
            .subject(format_args!("organisation {}", request.organization_id))
            .query("show_password", "false");
        let call = json_api::with_attributes(call, "passwords", &attributes);
        let row: Row = json_api::one(self.service, call).await.map_err(Error::of_a_create)?;
        Ok(row.into())
    }

    /// Changes what the request names, and nothing else. IT Glue keeps the version before.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when there is no such record, else any kind that a write can end in.
    pub async fn update(&self, id: PasswordId, request: &UpdatePassword) -> Result<Password, Error> {
        self.patch(operations::UPDATE_PASSWORD, id, request).await
    }

    /// Replaces the value, and what the request names with it. IT Glue keeps the version before.
    ///
    /// # Errors
    /// As [`update`](Self::update).
    pub async fn replace_value(
        &self,
        id: PasswordId,
        request: &UpdatePassword,
        value: &PasswordValue,
    ) -> Result<Password, Error> {
        let attributes = WithValue { attributes: request, password: value.expose() };
        self.patch(operations::REPLACE_PASSWORD_VALUE, id, &attributes).await
    }

    async fn patch<A: Serialize>(
        &self,
        operation: Operation,
        id: PasswordId,
        attributes: &A,
    ) -> Result<Password, Error> {
        let path = format!("passwords/{id}");
        let call =
            Call::new(operation, Method::Patch, path).subject(subject(id)).query("show_password", "false");
        let call = json_api::with_attributes(call, "passwords", attributes);
        let row: Row = json_api::one(self.service, call).await?;
        Ok(row.into())
    }
}

fn subject(id: PasswordId) -> String {
    format!("password {id}")
}

fn show(operation: Operation, id: PasswordId, value: &'static str) -> Call {
    let path = format!("passwords/{id}");
    Call::new(operation, Method::Get, path).subject(subject(id)).query("show_password", value)
}
