//! Passwords: records with one masked value each, and notes.

mod filter;
mod request;

use futures_util::{Stream, TryStreamExt as _};
use http_core::{Call, Method, Operation, ServiceClient};
use serde::{Deserialize, Serialize};

pub use self::filter::PasswordFilter;
pub use self::request::{CreatePassword, Embedding, UpdatePassword};
use crate::error::{Error, ErrorKind};
use crate::ids::{ConfigurationId, OrganizationId, PasswordCategoryId, PasswordId, PasswordVersionId};
use crate::json_api::{self, FromResource, Included, Presence, Resource};
use crate::operations;
use crate::secret::PasswordValue;
use crate::service::ItGlue;

/// A record without its value. Attributes that are not named here are not kept: one of them might be a secret.
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
    /// What it is embedded in, where that is of a kind that is known here; `None` for a general password.
    pub embedded_in: Option<Embedding>,
    /// Whether only some people may see it.
    pub restricted: bool,
    /// Whether it is archived.
    pub archived: bool,
    /// When it was created, as IT Glue writes it.
    pub created_at: Option<String>,
    /// When it was last changed, as IT Glue writes it.
    pub updated_at: Option<String>,
    /// When its value was last changed, as IT Glue writes it.
    pub value_updated_at: Option<String>,
    /// The page that shows it to people; it may be shown in tickets and reports.
    pub page: Option<String>,
}

/// A record's notes, as far as the answer carried them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "an answer has the notes or it has not")]
pub enum Notes {
    /// The answer did not say: whether a list does is undocumented, so that empty notes in one count as not said.
    /// [`Passwords::get`] says.
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

/// An earlier state of a password. IT Glue keeps one for each change, the value's among them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PasswordVersion {
    /// Its id, by which [`Passwords::reveal_version`] reads it.
    pub id: PasswordVersionId,
    /// When it was made, as IT Glue writes it, where the answer says.
    pub created_at: Option<String>,
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
    restricted: Option<bool>,
    #[serde(default)]
    archived: Option<bool>,
    #[serde(default)]
    created_at: Option<String>,
    #[serde(default)]
    updated_at: Option<String>,
    #[serde(default)]
    password_updated_at: Option<String>,
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

/// A record as it was answered, with whatever was said of its value.
struct Shown {
    record: Password,
    value: Presence<Value>,
}

impl FromResource for Shown {
    type Id = PasswordId;
    type Attributes = Attributes;

    fn from_resource(Resource { id, attributes }: Resource<PasswordId, Attributes>) -> Self {
        let kind = attributes.resource_type.as_deref();
        let embedded_in = attributes.resource_id.zip(kind).and_then(|(id, kind)| Embedding::of(kind, id));
        let record = Password {
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
            configuration_id: match embedded_in {
                Some(Embedding::Configuration(id)) => Some(id),
                _ => None,
            },
            embedded_in,
            restricted: attributes.restricted.unwrap_or(false),
            archived: attributes.archived.unwrap_or(false),
            created_at: attributes.created_at,
            updated_at: attributes.updated_at,
            value_updated_at: attributes.password_updated_at,
            page: attributes.resource_url,
        };
        Self { record, value: attributes.password }
    }
}

impl Shown {
    /// A row of a list. Empty notes there may be notes that the list leaves out.
    fn listed(self) -> Password {
        let notes = match self.record.notes {
            Notes::Text(text) if !text.is_empty() => Notes::Text(text),
            _ => Notes::NotListed,
        };
        Password { notes, ..self.record }
    }

    fn revealed(self, operation: Operation) -> Result<Revealed, Error> {
        let lacking = |kind| Err(Error::lacking(kind, operation.name(), subject(self.record.id)));
        match self.value {
            Presence::Absent => lacking(ErrorKind::Unauthorized),
            Presence::Null => lacking(ErrorKind::NoValue),
            Presence::There(Value(value)) => Ok(Revealed { record: self.record, value }),
        }
    }
}

/// What a request with a value sends. On the route below an organisation, the organisation's id stands in the path alone.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct WithValue<'a, A> {
    #[serde(skip_serializing_if = "Option::is_none")]
    organization_id: Option<OrganizationId>,
    #[serde(flatten)]
    attributes: &'a A,
    password: &'a str,
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
    /// The stream's items: any kind that a read can end in. A row that is not understood is an error of its own, after which others follow.
    pub fn list(
        &self,
        organization: OrganizationId,
    ) -> impl Stream<Item = Result<Password, Error>> + Send + use<> {
        self.list_matching(organization, &PasswordFilter::new())
    }

    /// The passwords of an organisation that fit the filter, without values; page by page as the stream is read.
    ///
    /// # Errors
    /// As [`list`](Self::list).
    pub fn list_matching(
        &self,
        organization: OrganizationId,
        filter: &PasswordFilter,
    ) -> impl Stream<Item = Result<Password, Error>> + Send + use<> {
        let mut query = vec![("filter[organization_id]", organization.to_string())];
        query.extend(filter.query());
        json_api::list(self.service, operations::LIST_PASSWORDS, "passwords", query)
            .map_ok(Shown::listed)
            // A filter that a server ignores would show every client's records.
            .try_filter(move |found: &Password| std::future::ready(found.organization_id == organization))
    }

    /// The record without its value.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when there is none, else any kind that a read can end in.
    pub async fn get(&self, id: PasswordId) -> Result<Password, Error> {
        self.show(operations::GET_PASSWORD, path(id), id).await
    }

    /// The record without its value, if it is one of this organisation.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when it is another organisation's or there is none, else any kind that a read can end in.
    pub async fn get_in(&self, organization: OrganizationId, id: PasswordId) -> Result<Password, Error> {
        self.show(operations::GET_PASSWORD, path_in(organization, id), id).await
    }

    async fn show(&self, operation: Operation, path: String, id: PasswordId) -> Result<Password, Error> {
        let call = show(operation, path, id, "false");
        let shown: Shown = json_api::this(self.service, operation, id, call).await?;
        Ok(shown.record)
    }

    /// The record with its value.
    ///
    /// # Errors
    /// [`ErrorKind::Unauthorized`] when the API key is not shown values, [`ErrorKind::NoValue`] when there is none,
    /// [`ErrorKind::NotFound`] when there is no such record, else any kind that a read can end in.
    pub async fn reveal(&self, id: PasswordId) -> Result<Revealed, Error> {
        let operation = operations::REVEAL_PASSWORD;
        let call = show(operation, path(id), id, "true");
        json_api::this::<Shown>(self.service, operation, id, call).await?.revealed(operation)
    }

    /// The record with its value, if it is one of this organisation.
    ///
    /// # Errors
    /// As [`reveal`](Self::reveal); [`ErrorKind::NotFound`] also when it is another organisation's.
    pub async fn reveal_in(&self, organization: OrganizationId, id: PasswordId) -> Result<Revealed, Error> {
        let operation = operations::REVEAL_PASSWORD;
        let call = show(operation, path_in(organization, id), id, "true");
        json_api::this::<Shown>(self.service, operation, id, call).await?.revealed(operation)
    }

    /// The earlier versions that IT Glue calls recent, in the order in which it lists them. It does not document their form: ids are read, and
    /// no attribute but the time, since another might be a value.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when there is no such record, else any kind that a read can end in.
    pub async fn versions(&self, id: PasswordId) -> Result<Vec<PasswordVersion>, Error> {
        let call = show(operations::LIST_PASSWORD_VERSIONS, path(id), id, "false");
        let included = json_api::beside(self.service, call.query("include", "recent_versions")).await?;
        Ok(included.iter().filter_map(version).collect())
    }

    /// The record as it was at an earlier version, with the value that it had then.
    ///
    /// # Errors
    /// As [`reveal`](Self::reveal); [`ErrorKind::NotFound`] also when there is no such version.
    pub async fn reveal_version(
        &self,
        id: PasswordId,
        version: PasswordVersionId,
    ) -> Result<Revealed, Error> {
        let operation = operations::REVEAL_PASSWORD_VERSION;
        let call = show(operation, path(id), id, "true").query("version_id", version);
        json_api::this::<Shown>(self.service, operation, id, call).await?.revealed(operation)
    }

    /// Creates a record. Sent at most once: IT Glue would make a second one.
    ///
    /// # Errors
    /// [`ErrorKind::OutcomeUnknown`] when the answer was lost: look for the record before creating it again. Else any kind that
    /// a write can end in.
    pub async fn create(&self, request: &CreatePassword, value: &PasswordValue) -> Result<Password, Error> {
        self.post("passwords".to_owned(), Some(request.organization_id()), request, value).await
    }

    /// Creates a record by the route below its organisation, which names the organisation in the path alone.
    ///
    /// # Errors
    /// As [`create`](Self::create).
    pub async fn create_nested(
        &self,
        request: &CreatePassword,
        value: &PasswordValue,
    ) -> Result<Password, Error> {
        let path = format!("organizations/{}/relationships/passwords", request.organization_id());
        self.post(path, None, request, value).await
    }

    async fn post(
        &self,
        path: String,
        organization_id: Option<OrganizationId>,
        request: &CreatePassword,
        value: &PasswordValue,
    ) -> Result<Password, Error> {
        let attributes = WithValue { organization_id, attributes: request, password: value.expose() };
        let call = Call::new(operations::CREATE_PASSWORD, Method::Post, path)
            .subject(format_args!("organisation {}", request.organization_id()))
            .query("show_password", "false");
        let call = json_api::with_attributes(call, "passwords", &attributes);
        let shown: Shown = json_api::one(self.service, call).await.map_err(Error::of_a_create)?;
        Ok(shown.record)
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
        let attributes = WithValue { organization_id: None, attributes: request, password: value.expose() };
        self.patch(operations::REPLACE_PASSWORD_VALUE, id, &attributes).await
    }

    /// Archives the record. Nothing is ever deleted.
    ///
    /// # Errors
    /// As [`update`](Self::update).
    pub async fn archive(&self, id: PasswordId) -> Result<Password, Error> {
        self.update(id, &UpdatePassword::new().archive()).await
    }

    async fn patch<A: Serialize>(
        &self,
        operation: Operation,
        id: PasswordId,
        attributes: &A,
    ) -> Result<Password, Error> {
        let call = Call::new(operation, Method::Patch, path(id))
            .subject(subject(id))
            .query("show_password", "false");
        let call = json_api::with_attributes(call, "passwords", attributes);
        let shown: Shown = json_api::this(self.service, operation, id, call).await?;
        Ok(shown.record)
    }
}

fn subject(id: PasswordId) -> String {
    format!("password {id}")
}

fn path(id: PasswordId) -> String {
    format!("passwords/{id}")
}

fn path_in(organization: OrganizationId, id: PasswordId) -> String {
    format!("organizations/{organization}/relationships/passwords/{id}")
}

fn show(operation: Operation, path: String, id: PasswordId, value: &'static str) -> Call {
    Call::new(operation, Method::Get, path).subject(subject(id)).query("show_password", value)
}

fn version(included: &Included) -> Option<PasswordVersion> {
    let id = included.number().filter(|_| included.r#type.contains("version"))?;
    Some(PasswordVersion { id: PasswordVersionId::new(id), created_at: included.text("created-at") })
}
