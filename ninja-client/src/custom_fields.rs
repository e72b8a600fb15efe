//! Custom fields: reading and setting those of one entity, and finding which entity holds a value.

use std::collections::BTreeMap;
use std::fmt;

use futures_util::{Stream, TryStreamExt as _};
use http_core::ServiceClient;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::field_value::{CustomFields, FieldName, FieldValue, Json};
use crate::ids::{DeviceId, LocationId, OrganizationId};
use crate::operations;
use crate::pages;
use crate::parameters::Parameters;
use crate::service::Ninja;
use crate::shapes::DefinitionScope;

/// Values to be set; fields not named stay as they are. `Debug` names the fields and shows no value, since one of them may be secure.
#[derive(Clone, Default, PartialEq, Serialize)]
#[serde(transparent)]
#[must_use = "a patch does nothing until it is sent"]
pub struct FieldPatch(BTreeMap<FieldName, Option<Json>>);

impl fmt::Debug for FieldPatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FieldPatch ")?;
        f.debug_set().entries(self.0.keys().map(FieldName::as_str)).finish()
    }
}

impl FieldPatch {
    /// Sets nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a text field; it holds 200 characters unless its definition says otherwise.
    pub fn text(mut self, name: &FieldName, value: impl Into<String>) -> Self {
        self.0.insert(name.clone(), Some(value.into().into()));
        self
    }

    /// Sets a field of any type: a checkbox is a boolean, a date milliseconds, an option the id of the option and not its text.
    pub fn set(mut self, name: &FieldName, value: impl Into<Json>) -> Self {
        self.0.insert(name.clone(), Some(value.into()));
        self
    }

    /// What it sets, and `None` for what it empties.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&FieldName, Option<&Json>)> {
        self.0.iter().map(|(name, value)| (name, value.as_ref()))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Empties a field. NinjaOne has been seen to keep the old value without an error (homotechsual/NinjaOne issue 29): read it again.
    pub fn clear(mut self, name: &FieldName) -> Self {
        self.0.insert(name.clone(), None);
        self
    }
}

/// What kind of entity carries a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Scope {
    /// Organisations.
    Organization,
    /// Locations.
    Location,
    /// Devices, which NinjaOne calls nodes here.
    Device,
}

impl Scope {
    fn as_str(self) -> &'static str {
        match self {
            Self::Organization => "organization",
            Self::Location => "location",
            Self::Device => "node",
        }
    }

    pub(crate) fn definition(self) -> DefinitionScope {
        match self {
            Self::Organization => DefinitionScope::Organization,
            Self::Location => DefinitionScope::Location,
            Self::Device => DefinitionScope::Node,
        }
    }
}

/// The entity that carries a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Entity {
    /// An organisation.
    Organization(OrganizationId),
    /// A location.
    Location(LocationId),
    /// A device.
    Device(DeviceId),
    /// Something of a scope that this crate does not know, and its id there.
    Other(String, i32),
}

/// One row of a report: an entity and the asked-for values that it has.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct EntityFields {
    /// The entity that holds them.
    pub entity: Entity,
    /// The values.
    pub fields: CustomFields,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    scope: String,
    entity_id: i32,
    #[serde(default)]
    fields: CustomFields,
}

impl From<Row> for EntityFields {
    fn from(row: Row) -> Self {
        let entity = match row.scope.as_str() {
            "ORGANIZATION" => Entity::Organization(OrganizationId::new(row.entity_id)),
            "LOCATION" => Entity::Location(LocationId::new(row.entity_id)),
            "NODE" => Entity::Device(DeviceId::new(row.entity_id)),
            _ => Entity::Other(row.scope, row.entity_id),
        };
        Self { entity, fields: row.fields }
    }
}

/// Asks for custom fields of the whole tenant; from [`crate::Client::custom_fields`].
#[derive(Clone, Copy, Debug)]
pub struct CustomFieldReports<'a> {
    pub(crate) service: &'a ServiceClient<Ninja>,
}

impl CustomFieldReports<'_> {
    /// Every entity of these scopes with its values of these fields, page by page as the stream is read: how to find who holds a
    /// value without asking each, and how to read several fields of several scopes at once.
    ///
    /// NinjaOne documents neither how soon a report shows a value that was just set, nor whether it shows a value that an entity only
    /// inherits. So a report is for finding and comparing: read the entity itself back after a write, and before acting on one value.
    ///
    /// # Errors
    /// The stream's items: any kind that a read can end in. A row that is not understood is an error of its own, after which others follow.
    pub fn report(
        &self,
        scopes: &[Scope],
        fields: &[FieldName],
    ) -> impl Stream<Item = Result<EntityFields, Error>> + Send + use<> {
        let scopes: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
        let query = Parameters::new().scopes(scopes.join(",")).fields(fields);
        pages::gathered(self.service, operations::REPORT_CUSTOM_FIELDS, &query).map_ok(|row: Row| row.into())
    }

    /// Every entity of these scopes whose value of a field is the one looked for, by one report over the fleet instead of a call for each
    /// entity. What counts as the same is the caller's to say: NinjaOne compares nothing, and UUIDs stand there in capitals, in braces and with
    /// spaces around them, as people and scripts wrote them. What the application may not read is left out without a word, so an empty answer
    /// proves nothing by itself: [`CheckedFields::find`](crate::CheckedFields::find) looks at the field's definition first.
    ///
    /// # Errors
    /// Any kind that a read can end in.
    pub async fn find_by_field(
        &self,
        scopes: &[Scope],
        field: &FieldName,
        is_wanted: impl Fn(&FieldValue) -> bool,
    ) -> Result<Vec<EntityFields>, Error> {
        let rows = self.report(scopes, std::slice::from_ref(field));
        let found = rows.try_filter(|row| std::future::ready(row.fields.get(field).is_some_and(&is_wanted)));
        found.try_collect().await
    }
}
