//! Custom fields: reading and setting those of one entity, and finding which entity holds a value.

use std::collections::BTreeMap;

use futures_util::Stream;
use http_core::{Call, Method, Operation, Page, ReadBudget, ServiceClient};
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::field_value::{FieldName, FieldValue};
use crate::ids::{DeviceId, LocationId, OrganizationId};
use crate::operations;
use crate::pages::{BYTES, LIMITS};
use crate::service::Ninja;

/// The values of one entity's custom fields. A field without a value is not among them.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(from = "BTreeMap<String, Option<FieldValue>>")]
pub struct CustomFields(BTreeMap<String, FieldValue>);

impl From<BTreeMap<String, Option<FieldValue>>> for CustomFields {
    /// Null and absent mean the same: no value.
    fn from(values: BTreeMap<String, Option<FieldValue>>) -> Self {
        Self(values.into_iter().filter_map(|(name, value)| Some((name, value?))).collect())
    }
}

impl CustomFields {
    /// The value of a field, where it has one that the API may read.
    pub fn get(&self, name: &FieldName) -> Option<&FieldValue> {
        self.0.get(name.as_str())
    }

    /// Every value, with its field's machine name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &FieldValue)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }
}

/// Values to be set; fields not named stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
#[must_use = "a patch does nothing until it is sent"]
pub struct FieldPatch(BTreeMap<FieldName, Option<String>>);

impl FieldPatch {
    /// Sets nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a text field; it holds 200 characters unless its definition says otherwise.
    pub fn text(mut self, name: &FieldName, value: impl Into<String>) -> Self {
        self.0.insert(name.clone(), Some(value.into()));
        self
    }

    /// Empties a field. NinjaOne has been seen to keep the old value without an error (homotechsual/NinjaOne issue 29): read it again.
    pub fn clear(mut self, name: &FieldName) -> Self {
        self.0.insert(name.clone(), None);
        self
    }
}

pub(crate) async fn read(
    service: &ServiceClient<Ninja>,
    operation: Operation,
    target: String,
    subject: String,
) -> Result<CustomFields, Error> {
    Ok(service.send(Call::new(operation, Method::Get, target).subject(subject)).await?)
}

pub(crate) async fn write(
    service: &ServiceClient<Ninja>,
    operation: Operation,
    target: String,
    subject: String,
    patch: &FieldPatch,
) -> Result<(), Error> {
    let call = Call::new(operation, Method::Patch, target).subject(subject).json(patch);
    service.send_whole(call).await?;
    Ok(())
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

#[derive(Deserialize)]
struct Report {
    #[serde(default)]
    cursor: Option<Cursor>,
    #[serde(default)]
    results: Vec<Row>,
}

/// Where a report continues. The name stays the same from page to page; the position has to grow.
#[derive(Deserialize)]
struct Cursor {
    name: String,
    #[serde(default)]
    offset: i64,
    #[serde(default)]
    count: i64,
}

#[derive(Deserialize)]
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

/// Rows asked for in one page of a report; 10 to 10 000 are allowed.
const REPORT_PAGE: u32 = 1000;

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
    /// The stream's items: any kind that a read can end in. After an error it is over.
    pub fn report(
        &self,
        scopes: &[Scope],
        fields: &[FieldName],
    ) -> impl Stream<Item = Result<EntityFields, Error>> + Send + use<> {
        let scopes = scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(",");
        let fields = fields.iter().map(FieldName::as_str).collect::<Vec<_>>().join(",");
        let (service, budget) = (self.service.clone(), ReadBudget::new(BYTES));
        http_core::pages(
            LIMITS,
            |row: &EntityFields| row.entity.clone(),
            move |cursor: Option<(String, i64)>| {
                let call = Call::new(
                    operations::REPORT_CUSTOM_FIELDS,
                    Method::Get,
                    "v2/queries/scoped-custom-fields",
                )
                .query("scopes", &scopes)
                .query("fields", &fields)
                .query("pageSize", REPORT_PAGE)
                .within(&budget);
                let call = match cursor {
                    Some((name, _)) => call.query("cursor", name),
                    None => call,
                };
                let service = service.clone();
                async move {
                    let report: Report = service.send(call).await?;
                    let goes_on = report.cursor.filter(|_| !report.results.is_empty());
                    let next =
                        goes_on.map(|cursor| (cursor.name, cursor.offset.saturating_add(cursor.count)));
                    Ok::<_, Error>(Page {
                        items: report.results.into_iter().map(EntityFields::from).collect(),
                        next,
                    })
                }
            },
        )
    }
}
