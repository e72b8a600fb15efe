//! What a password is created with, and what of it changes.

use serde::{Serialize, Serializer, ser::SerializeStruct as _};

use super::Password;
use crate::ids::{
    ConfigurationId, ContactId, DocumentId, FlexibleAssetId, LocationId, OrganizationId, PasswordCategoryId,
};

/// A password to be created; its value goes beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[must_use = "a request does nothing until it is sent"]
pub struct CreatePassword {
    #[serde(skip)]
    organization_id: OrganizationId,
    name: String,
    #[serde(flatten)]
    optional: Optional,
    #[serde(flatten)]
    embedded: Option<Embedding>,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    restricted: Option<bool>,
}

/// What a password is embedded in: it is shown there alone. Said at its creation or never.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Embedding {
    /// A configuration.
    Configuration(ConfigurationId),
    /// A contact.
    Contact(ContactId),
    /// A document.
    Document(DocumentId),
    /// A location.
    Location(LocationId),
    /// A flexible asset.
    FlexibleAsset(FlexibleAssetId),
}

impl Embedding {
    /// IT Glue's word for the kind, singular and capitalised: with any other it silently makes a general password
    /// (itglue/powershellwrapper issue 38).
    fn parts(self) -> (&'static str, u64) {
        match self {
            Self::Configuration(id) => ("Configuration", id.get()),
            Self::Contact(id) => ("Contact", id.get()),
            Self::Document(id) => ("Document", id.get()),
            Self::Location(id) => ("Location", id.get()),
            Self::FlexibleAsset(id) => ("Flexible Asset", id.get()),
        }
    }

    pub(super) fn of(kind: &str, id: u64) -> Option<Self> {
        Some(match kind {
            "Configuration" => Self::Configuration(ConfigurationId::new(id)),
            "Contact" => Self::Contact(ContactId::new(id)),
            "Document" => Self::Document(DocumentId::new(id)),
            "Location" => Self::Location(LocationId::new(id)),
            "Flexible Asset" => Self::FlexibleAsset(FlexibleAssetId::new(id)),
            _ => return None,
        })
    }
}

impl From<ConfigurationId> for Embedding {
    fn from(id: ConfigurationId) -> Self {
        Self::Configuration(id)
    }
}

impl Serialize for Embedding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (kind, id) = self.parts();
        let mut parts = serializer.serialize_struct("Embedding", 2)?;
        parts.serialize_field("resource-id", &id)?;
        parts.serialize_field("resource-type", kind)?;
        parts.end()
    }
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

    /// Its notes.
    pub fn notes(mut self, notes: impl Into<String>) -> Self {
        self.optional.notes = Some(notes.into());
        self
    }

    /// What it is filed under.
    pub fn category(mut self, category: PasswordCategoryId) -> Self {
        self.optional.password_category_id = Some(category);
        self
    }

    /// Whether only some people may see it.
    pub fn restricted(mut self, restricted: bool) -> Self {
        self.optional.restricted = Some(restricted);
        self
    }

    /// Embeds it in a configuration or in another record; this cannot be changed later.
    pub fn embedded_in(mut self, place: impl Into<Embedding>) -> Self {
        self.embedded = Some(place.into());
        self
    }

    pub(crate) fn organization_id(&self) -> OrganizationId {
        self.organization_id
    }

    pub(crate) fn label(&self) -> &str {
        &self.name
    }

    pub(crate) fn noted(&self) -> Option<&str> {
        self.optional.notes.as_deref()
    }

    /// Whether the record stands where it is to stand.
    pub(crate) fn is_placed_as(&self, record: &Password) -> bool {
        self.embedded == record.embedded_in
    }
}

impl UpdatePassword {
    /// Changes nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// What of a record differs from what a new one would be created with; what the request does not name does not count. What a
    /// record is embedded in cannot be changed, and is not compared.
    pub fn between(record: &Password, wanted: &CreatePassword) -> Self {
        fn unless_equal<T: Clone + PartialEq>(wanted: Option<&T>, held: Option<&T>) -> Option<T> {
            wanted.filter(|wanted| held != Some(*wanted)).cloned()
        }
        fn text(wanted: Option<&String>, held: Option<&String>) -> Option<String> {
            // An empty text reads back as null.
            wanted.filter(|wanted| held.map_or("", String::as_str) != wanted.as_str()).cloned()
        }
        let Optional { username, url, notes, password_category_id, restricted } = &wanted.optional;
        let held = record.notes.text();
        let same_notes = |wanted: &str| {
            held.is_some_and(|held| held.lines().map(str::trim_end).eq(wanted.lines().map(str::trim_end)))
        };
        Self {
            name: Some(&wanted.name).filter(|name| **name != record.name).cloned(),
            optional: Optional {
                username: text(username.as_ref(), record.username.as_ref()),
                url: text(url.as_ref(), record.url.as_ref()),
                notes: notes.clone().filter(|notes| !same_notes(notes)),
                password_category_id: unless_equal(
                    password_category_id.as_ref(),
                    record.category_id.as_ref(),
                ),
                restricted: unless_equal(restricted.as_ref(), Some(&record.restricted)),
            },
            archived: None,
        }
    }

    /// Whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The names of what it changes.
    pub(crate) fn attributes(&self) -> Vec<&'static str> {
        let Self { name, optional, archived } = self;
        let Optional { username, url, notes, password_category_id, restricted } = optional;
        [
            ("name", name.is_some()),
            ("username", username.is_some()),
            ("url", url.is_some()),
            ("notes", notes.is_some()),
            ("category", password_category_id.is_some()),
            ("restricted", restricted.is_some()),
            ("archived", archived.is_some()),
        ]
        .into_iter()
        .filter_map(|(name, changes)| changes.then_some(name))
        .collect()
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

    /// Whether only some people may see it.
    pub fn restricted(mut self, restricted: bool) -> Self {
        self.optional.restricted = Some(restricted);
        self
    }

    /// Archives it. Nothing is ever deleted.
    pub fn archive(mut self) -> Self {
        self.archived = Some(true);
        self
    }

    /// Brings it back from the archive.
    pub fn restore(mut self) -> Self {
        self.archived = Some(false);
        self
    }
}
