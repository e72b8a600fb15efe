//! Attachments: files at records. IT Glue's pages name the route that makes one; how they are listed, and the form of the request, are
//! taken from public clients of it.

use std::fmt;

use data_encoding::BASE64;
use http_core::{Call, Method, ServiceClient};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use crate::error::Error;
use crate::ids::{
    AttachmentId, ConfigurationId, ContactId, DocumentId, FlexibleAssetId, LocationId, PasswordId,
};
use crate::json_api::{self, Included, Resource};
use crate::operations;
use crate::service::ItGlue;

/// The most bytes of a file. A request may have about ten megabytes (IT Glue's developer pages), and a file grows by a third on its way.
pub const LARGEST_ATTACHMENT: usize = 7_000_000;

/// A record that files can be attached to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Attachable {
    /// A configuration.
    Configuration(ConfigurationId),
    /// A contact.
    Contact(ContactId),
    /// A document.
    Document(DocumentId),
    /// A flexible asset.
    FlexibleAsset(FlexibleAssetId),
    /// A location.
    Location(LocationId),
    /// A password.
    Password(PasswordId),
}

impl Attachable {
    /// The path of the record.
    fn path(self) -> String {
        match self {
            Self::Configuration(id) => format!("configurations/{id}"),
            Self::Contact(id) => format!("contacts/{id}"),
            Self::Document(id) => format!("documents/{id}"),
            Self::FlexibleAsset(id) => format!("flexible_assets/{id}"),
            Self::Location(id) => format!("locations/{id}"),
            Self::Password(id) => format!("passwords/{id}"),
        }
    }
}

impl fmt::Display for Attachable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Configuration(id) => write!(f, "configuration {id}"),
            Self::Contact(id) => write!(f, "contact {id}"),
            Self::Document(id) => write!(f, "document {id}"),
            Self::FlexibleAsset(id) => write!(f, "flexible asset {id}"),
            Self::Location(id) => write!(f, "location {id}"),
            Self::Password(id) => write!(f, "password {id}"),
        }
    }
}

/// A file at a record.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attachment {
    /// Its id.
    pub id: AttachmentId,
    /// Its name, where the answer says.
    pub file_name: Option<String>,
    /// Its size in bytes, where the answer says.
    pub size: Option<u64>,
    /// Its media type, where the answer says.
    pub content_type: Option<String>,
}

impl Attachment {
    fn of(included: &Included) -> Option<Self> {
        let id = included.number().filter(|_| included.r#type == "attachments")?;
        Some(Self::new(AttachmentId::new(id), &included.attributes))
    }

    fn new(id: AttachmentId, attributes: &Map<String, Value>) -> Self {
        let text = |names: &[&str]| {
            let found = names.iter().find_map(|name| attributes.get(*name)?.as_str());
            found.map(str::to_owned)
        };
        Self {
            id,
            file_name: text(&["attachment-file-name", "file-name", "name"]),
            size: attributes.get("attachment-file-size").and_then(Value::as_u64),
            content_type: text(&["attachment-content-type", "content-type"]),
        }
    }
}

/// Reads and makes attachments; from [`crate::Client::attachments`].
#[derive(Clone, Copy, Debug)]
pub struct Attachments<'a> {
    pub(crate) service: &'a ServiceClient<ItGlue>,
}

#[derive(Serialize)]
struct Attributes<'a> {
    attachment: File<'a>,
}

#[derive(Serialize)]
struct File<'a> {
    content: Base64<'a>,
    file_name: &'a str,
}

/// Written straight into the request, whose memory is overwritten when it is dropped: a file may be a secret.
struct Base64<'a>(&'a [u8]);

impl Serialize for Base64<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&BASE64.encode_display(self.0))
    }
}

impl Attachments<'_> {
    /// The files at a record, without their contents, which IT Glue shows to people alone.
    ///
    /// # Errors
    /// [`crate::ErrorKind::NotFound`] when there is no such record, else any kind that a read can end in.
    pub async fn list(&self, at: Attachable) -> Result<Vec<Attachment>, Error> {
        let call = Call::new(operations::LIST_ATTACHMENTS, Method::Get, at.path())
            .subject(at)
            .query("include", "attachments");
        let call = match at {
            Attachable::Password(_) => call.query("show_password", "false"),
            _ => call,
        };
        let included = json_api::beside(self.service, call).await?;
        Ok(included.iter().filter_map(Attachment::of).collect())
    }

    /// Attaches a file to a record. Sent at most once: IT Glue would attach it twice.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidRequest`] when the file has no name or is larger than [`LARGEST_ATTACHMENT`];
    /// [`crate::ErrorKind::OutcomeUnknown`] when the answer was lost: list before attaching again. Else any kind that a write can end in.
    pub async fn create(&self, at: Attachable, file_name: &str, content: &[u8]) -> Result<Attachment, Error> {
        let operation = operations::CREATE_ATTACHMENT;
        if content.len() > LARGEST_ATTACHMENT {
            let why = format!("the file has {} bytes, and {LARGEST_ATTACHMENT} can be sent", content.len());
            return Err(Error::invalid(operation.name(), why));
        }
        if file_name.is_empty() || file_name.contains(['/', '\\', '\0']) {
            return Err(Error::invalid(operation.name(), format!("{file_name:?} is no name of a file")));
        }
        let path = format!("{}/relationships/attachments", at.path());
        let attributes = Attributes { attachment: File { content: Base64(content), file_name } };
        let call = Call::new(operation, Method::Post, path).subject(at);
        let call = json_api::with_attributes(call, "attachments", &attributes);
        let made: Resource<AttachmentId, Map<String, Value>> =
            json_api::resource(self.service, call).await.map_err(Error::of_a_create)?;
        Ok(Attachment::new(made.id, &made.attributes))
    }
}
