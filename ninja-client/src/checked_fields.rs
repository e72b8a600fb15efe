//! Writing custom fields so that it is known what became of it: the definition is looked at first, only what changes is sent, and what is
//! there afterwards is read back.

use std::collections::BTreeMap;
use std::fmt;

use http_core::ServiceClient;

use crate::ask::Ask;
use crate::custom_fields::{CustomFieldReports, EntityFields, FieldPatch, Scope};
use crate::error::Error;
use crate::field_definitions::FieldDefinitions;
use crate::field_value::{CustomFields, FieldName, FieldValue, Json};
use crate::ids::{DeviceId, LocationId, OrganizationId, UserId};
use crate::operations;
use crate::service::Ninja;
use crate::shapes::{ApiPermission, DefinitionScope, FieldDefinition, FieldType};

/// The name of the check in errors.
const CHECK: &str = "check_custom_fields";

/// Characters that a text holds unless its definition says otherwise.
const TEXT_LIMIT: usize = 200;

/// Whose fields are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FieldOwner {
    /// An organisation.
    Organization(OrganizationId),
    /// A location of an organisation; NinjaOne wants both ids.
    Location(OrganizationId, LocationId),
    /// A device.
    Device(DeviceId),
    /// An end user.
    EndUser(UserId),
}

impl FieldOwner {
    fn scope(self) -> DefinitionScope {
        match self {
            Self::Organization(_) => DefinitionScope::Organization,
            Self::Location(..) => DefinitionScope::Location,
            Self::Device(_) => DefinitionScope::Node,
            Self::EndUser(_) => DefinitionScope::EndUser,
        }
    }

    fn read(self, service: &ServiceClient<Ninja>) -> Ask {
        let ask = |operation| Ask::new(service, operation);
        match self {
            Self::Organization(id) => ask(operations::GET_ORGANIZATION_CUSTOM_FIELDS).at(id),
            Self::Location(organization, id) => ask(operations::GET_LOCATION_CUSTOM_FIELDS)
                .at(organization)
                .at(id)
                .query("withInheritance", false),
            Self::Device(id) => {
                ask(operations::GET_DEVICE_CUSTOM_FIELDS).at(id).query("withInheritance", false)
            }
            Self::EndUser(id) => ask(operations::GET_END_USER_CUSTOM_FIELDS).at(id),
        }
    }

    fn write(self, service: &ServiceClient<Ninja>) -> Ask {
        let ask = |operation| Ask::new(service, operation);
        match self {
            Self::Organization(id) => ask(operations::SET_ORGANIZATION_CUSTOM_FIELDS).at(id),
            Self::Location(organization, id) => {
                ask(operations::SET_LOCATION_CUSTOM_FIELDS).at(organization).at(id)
            }
            Self::Device(id) => ask(operations::SET_DEVICE_CUSTOM_FIELDS).at(id),
            Self::EndUser(id) => ask(operations::SET_END_USER_CUSTOM_FIELDS).at(id),
        }
    }
}

impl fmt::Display for FieldOwner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Organization(id) => write!(f, "organisation {id}"),
            Self::Location(organization, id) => write!(f, "location {id} of organisation {organization}"),
            Self::Device(id) => write!(f, "device {id}"),
            Self::EndUser(id) => write!(f, "end user {id}"),
        }
    }
}

/// What became of a write.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Written {
    /// The fields that were sent, and now have the value that was sent, or none where they were emptied.
    pub changed: Vec<FieldName>,
    /// The fields that had the wanted value before, and were not sent.
    pub unchanged: Vec<FieldName>,
    /// The fields that were emptied, and show a value all the same: NinjaOne has been seen to ignore that (homotechsual/NinjaOne issue 29).
    pub not_emptied: Vec<FieldName>,
}

/// Writes custom fields by their definitions, which are read once; from [`crate::Client::checked_fields`].
#[derive(Debug)]
pub struct CheckedFields {
    service: ServiceClient<Ninja>,
    definitions: BTreeMap<String, FieldDefinition>,
}

impl CheckedFields {
    pub(crate) async fn load(service: &ServiceClient<Ninja>) -> Result<Self, Error> {
        let all = FieldDefinitions { service }.all().await?;
        let named = all.into_iter().filter_map(|it| Some((it.name.clone()?, it)));
        Ok(Self { service: service.clone(), definitions: named.collect() })
    }

    /// The definition of a field.
    pub fn definition(&self, name: &FieldName) -> Option<&FieldDefinition> {
        self.definitions.get(name.as_str())
    }

    /// Whether the patch could be written and read back there, by the definitions: each field exists, on this level, the API may read and write
    /// it, it is no secure field, and its value is of its type, of its options and not too long.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidRequest`], which names the first field that could not, and why. Nothing was sent.
    pub fn check(&self, owner: FieldOwner, patch: &FieldPatch) -> Result<(), Error> {
        for (name, value) in patch.iter() {
            let fits = self.defined(name).and_then(|field| fits(field, &owner.scope(), value));
            fits.map_err(|why| Error::invalid(CHECK, format!("field {name} of {owner}: {why}")))?;
        }
        Ok(())
    }

    /// The definition, or why there is none. A tenant without any definition is more likely one that this application may not look into.
    fn defined(&self, name: &FieldName) -> Result<&FieldDefinition, String> {
        self.definition(name).ok_or_else(|| {
            if self.definitions.is_empty() {
                return "NinjaOne shows no field at all: the application may lack the right to see them"
                    .to_owned();
            }
            "there is no such field".to_owned()
        })
    }

    /// Every entity of these scopes whose value of a field is the one looked for, as
    /// [`find_by_field`](crate::CustomFieldReports::find_by_field), once it is known that the report would show it: NinjaOne leaves out what
    /// the API may not read without a word, and an empty answer would then mean nothing.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidRequest`] where the field does not exist, is not defined for one of the scopes, or is not shown to the API,
    /// else any kind that a read can end in.
    pub async fn find(
        &self,
        scopes: &[Scope],
        field: &FieldName,
        is_wanted: impl Fn(&FieldValue) -> bool,
    ) -> Result<Vec<EntityFields>, Error> {
        let shown = self.defined(field).and_then(|defined| {
            scopes.iter().try_for_each(|scope| on_level(defined, &scope.definition()))?;
            match &defined.api_permission {
                Some(ApiPermission::ReadOnly | ApiPermission::ReadWrite) if !is_secure(defined) => Ok(()),
                _ => Err("the API does not show it".to_owned()),
            }
        });
        shown.map_err(|why| Error::invalid(CHECK, format!("field {field}: {why}")))?;
        CustomFieldReports { service: &self.service }.find_by_field(scopes, field, is_wanted).await
    }

    /// Writes what the patch changes, and reads it back. A value that somebody else sets at the same time is not noticed before that.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidRequest`] as [`check`](Self::check), [`crate::ErrorKind::NotStored`] when another value than the one sent is
    /// read back, else any kind that a write can end in.
    pub async fn set(&self, owner: FieldOwner, patch: &FieldPatch) -> Result<Written, Error> {
        self.check(owner, patch)?;
        let before: CustomFields = owner.read(&self.service).send().await?;
        let mut written = Written::default();
        let mut change = FieldPatch::new();
        for (name, value) in patch.iter() {
            if holds(&before, name, value) {
                written.unchanged.push(name.clone());
                continue;
            }
            change = match value {
                Some(value) => change.set(name, value.clone()),
                None => change.clear(name),
            };
        }
        if change.is_empty() {
            return Ok(written);
        }
        owner.write(&self.service).json(&change).done().await?;
        let after: CustomFields = owner.read(&self.service).send().await?;
        for (name, value) in change.iter() {
            match (holds(&after, name, value), value) {
                (true, _) => written.changed.push(name.clone()),
                (false, None) => written.not_emptied.push(name.clone()),
                (false, Some(_)) => {
                    let detail = format!("field {name} does not hold the value that was sent");
                    return Err(Error::not_stored("set_custom_fields", owner.to_string(), detail));
                }
            }
        }
        Ok(written)
    }
}

/// Whether a field holds this value; an empty text counts as none.
fn holds(fields: &CustomFields, name: &FieldName, value: Option<&Json>) -> bool {
    let is_empty = |held: &FieldValue| held.as_text() == Some("");
    let held = fields.get(name).filter(|held| !is_empty(held));
    let wanted =
        value.map(|value| value.clone().into_value()).filter(|value| !value.is_null() && *value != "");
    match (held, wanted) {
        (None, None) => true,
        (Some(held), Some(wanted)) => serde_json::to_value(held).is_ok_and(|held| same(&held, &wanted)),
        _ => false,
    }
}

/// Whether two values are the same to NinjaOne: 7 is 7.0, and options have no order.
fn same(held: &serde_json::Value, wanted: &serde_json::Value) -> bool {
    match (held, wanted) {
        (serde_json::Value::Number(held), serde_json::Value::Number(wanted)) => {
            held == wanted || ((held.is_f64() || wanted.is_f64()) && held.as_f64() == wanted.as_f64())
        }
        (serde_json::Value::Array(held), serde_json::Value::Array(wanted)) => {
            let each_in = |these: &[serde_json::Value], those: &[serde_json::Value]| {
                these.iter().all(|this| those.contains(this))
            };
            held.len() == wanted.len() && each_in(held, wanted) && each_in(wanted, held)
        }
        _ => held == wanted,
    }
}

fn on_level(field: &FieldDefinition, scope: &DefinitionScope) -> Result<(), String> {
    if field.definition_scope.as_ref().is_none_or(|scopes| scopes.contains(scope)) {
        return Ok(());
    }
    Err(format!("it is not defined for the level {scope}"))
}

fn is_secure(field: &FieldDefinition) -> bool {
    matches!(field.kind, Some(FieldType::TextEncrypted | FieldType::Totp))
}

/// Whether the API could write this value to a field of this definition, and read it back.
fn fits(field: &FieldDefinition, scope: &DefinitionScope, value: Option<&Json>) -> Result<(), String> {
    if field.active == Some(false) {
        return Err("it is switched off".to_owned());
    }
    on_level(field, scope)?;
    match &field.api_permission {
        Some(ApiPermission::ReadWrite) => {}
        Some(permission) => {
            return Err(format!(
                "its API permission is {permission}, and must be {}",
                ApiPermission::ReadWrite
            ));
        }
        None => return Err("its definition does not say that the API may write it".to_owned()),
    }
    let kind = field.kind.clone().unwrap_or_default();
    if is_secure(field) {
        return Err(
            "it is a secure field, which is never shown, so nothing could be compared with it".to_owned()
        );
    }
    match value {
        None => Ok(()),
        Some(value) => typed(field, &kind, &value.clone().into_value()),
    }
}

fn typed(field: &FieldDefinition, kind: &FieldType, value: &serde_json::Value) -> Result<(), String> {
    let is_option = |value: &serde_json::Value| {
        let options = field.content.as_ref().and_then(|content| content.values.as_ref());
        options.is_none_or(|options| {
            options
                .iter()
                .any(|it| it.active != Some(false) && it.id.as_ref().is_some_and(|id| value == id.as_str()))
        })
    };
    let each =
        |is: &dyn Fn(&serde_json::Value) -> bool| value.as_array().is_some_and(|all| all.iter().all(is));
    let fits = match kind {
        FieldType::Text
        | FieldType::TextMultiline
        | FieldType::Email
        | FieldType::Phone
        | FieldType::Url
        | FieldType::IpAddress
        | FieldType::Identifier => value.as_str().is_some(),
        FieldType::Checkbox => value.is_boolean(),
        FieldType::Numeric | FieldType::Date | FieldType::DateTime => value.is_i64(),
        FieldType::Decimal => value.is_number(),
        FieldType::Dropdown => is_option(value),
        FieldType::MultiSelect => each(&is_option),
        FieldType::Attachment => false,
        // What these take is not documented well enough to refuse anything.
        _ => true,
    };
    if !fits {
        return Err(format!("its type {kind} does not take this value"));
    }
    let rules = field.content.as_ref().and_then(|content| content.advanced_settings.as_ref());
    let limit = rules.and_then(|rules| rules.max_characters).and_then(|most| usize::try_from(most).ok());
    let limit = limit.or((*kind == FieldType::Text).then_some(TEXT_LIMIT));
    // How NinjaOne counts is not documented; counted in UTF-16, a text is never taken for shorter than it is there.
    let length = value.as_str().map_or(0, |text| text.encode_utf16().count());
    match limit {
        Some(limit) if length > limit => Err(format!("it holds {limit} characters, and this has {length}")),
        _ => Ok(()),
    }
}
