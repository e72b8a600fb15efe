//! Custom fields: their values, and what became of a change.

use ninja_client::{
    CustomFields, DeviceId, Entity, EntityFields, FieldName, FieldOwner, FieldPatch, LocationId,
    OrganizationId, Scope,
};
use pyo3::prelude::*;

use super::failure::Failure;
use crate::errors;
use crate::json::Members;
use crate::service::rest;
use crate::values::value_class;

value_class! {
    in "dtc.ninjaone";
    /// What became of a change of custom fields that was read back.
    Written {
        /// The fields that were sent, and now have the value that was sent, or none where they were emptied.
        changed: Vec<String>,
        /// The fields that had the wanted value before, and were not sent.
        unchanged: Vec<String>,
        /// The fields that were emptied, and show a value all the same.
        not_emptied: Vec<String>,
    }
}

impl From<ninja_client::Written> for Written {
    fn from(written: ninja_client::Written) -> Self {
        let names = |names: Vec<FieldName>| names.iter().map(FieldName::to_string).collect();
        Self {
            changed: names(written.changed),
            unchanged: names(written.unchanged),
            not_emptied: names(written.not_emptied),
        }
    }
}

value_class! {
    in "dtc.ninjaone";
    /// An organisation, a location or a device, and values of its custom fields.
    FieldHolder {
        /// What it is: ``"organization"``, ``"location"``, ``"device"``, or NinjaOne's word for something else.
        kind: String,
        /// Its id.
        id: i32,
        /// The values by their fields' names.
        fields: Members,
    }
}

impl From<EntityFields> for FieldHolder {
    fn from(holder: EntityFields) -> Self {
        let (kind, id) = match holder.entity {
            Entity::Organization(id) => ("organization".to_owned(), id.get()),
            Entity::Location(id) => ("location".to_owned(), id.get()),
            Entity::Device(id) => ("device".to_owned(), id.get()),
            Entity::Other(scope, id) => (scope, id),
            _ => (String::new(), 0),
        };
        Self { kind, id, fields: values(&holder.fields) }
    }
}

/// Values by their fields' names.
pub(super) fn values(fields: &CustomFields) -> Members {
    rest(fields, &[])
}

pub(super) fn name(text: &str) -> Result<FieldName, Failure> {
    Ok(FieldName::new(text)?)
}

/// What is to be changed: a value sets its field, `None` empties it.
pub(super) fn patch(Members(fields): Members) -> Result<FieldPatch, Failure> {
    let mut patch = FieldPatch::new();
    for (field, value) in fields {
        let field = name(&field)?;
        patch = if value.is_null() { patch.clear(&field) } else { patch.set(&field, value) };
    }
    Ok(patch)
}

/// Where a field is looked for.
pub(super) fn scopes(names: &[String]) -> PyResult<Vec<Scope>> {
    names.iter().map(|name| scope(name)).collect()
}

fn scope(name: &str) -> PyResult<Scope> {
    match name {
        "organization" => Ok(Scope::Organization),
        "location" => Ok(Scope::Location),
        "device" => Ok(Scope::Device),
        _ => Err(errors::argument("scope", name, "is unknown", "use organization, location or device")),
    }
}

/// Whose field is written, by which of the ids are given.
pub(super) fn owner(
    organization: Option<i32>,
    location: Option<i32>,
    device: Option<i32>,
) -> PyResult<FieldOwner> {
    match (organization, location, device) {
        (Some(organization), None, None) => Ok(FieldOwner::Organization(OrganizationId::new(organization))),
        (Some(organization), Some(location), None) => {
            Ok(FieldOwner::Location(OrganizationId::new(organization), LocationId::new(location)))
        }
        (None, None, Some(device)) => Ok(FieldOwner::Device(DeviceId::new(device))),
        _ => {
            let remedy = "give an organisation, an organisation and a location, or a device";
            Err(errors::argument("owner of the field", "", "is not clear", remedy))
        }
    }
}
