//! Whose appliance this is and where it stands: parsed here, once, from the inventory's text (I1, I2, N1).

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use dtc_naming::{Accepted, BucketName, LocationName, LocationUuid, OrgUuid, Workload};
use serde::Serialize;

use super::fact::Unread;
use crate::error::Refusal;
use crate::ids::{FieldName, OrganizationId};
use crate::ports::{Location, Organization, OrganizationWithLocations, Views};
use crate::site::Site;

/// The client, the location, and the bucket's name that follows from them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Place {
    /// The client.
    pub organization: Organization,
    /// The client's UUID (I2).
    pub organization_uuid: OrgUuid,
    /// The location.
    pub location: Location,
    /// The location's name as vault labels bear it (N8).
    pub location_name: LocationName,
    /// The location's UUID (I2).
    pub location_uuid: LocationUuid,
    /// The bucket's name, computed here and nowhere else (N1).
    pub bucket_name: BucketName,
    /// Other clients of this name: by it alone, nobody knows whose a record of the vault is (E6).
    pub namesakes: Vec<OrganizationId>,
}

/// Finds the client and the location that the site names, and reads their UUIDs.
pub(crate) async fn read(site: &Site, views: &Views) -> Result<Place, Unread> {
    let (organizations, values) = futures_util::future::join(
        views.inventory.organizations(),
        views.inventory.field_values(&site.fields),
    )
    .await;
    let organizations = organizations?;
    let named = |name: &str| {
        let of_name =
            organizations.iter().map(|found| &found.organization).filter(|found| found.name == name);
        of_name.map(|found| found.id.clone()).collect::<Vec<_>>()
    };
    let OrganizationWithLocations { organization, locations } =
        pick("organisation", &site.organization, organizations.iter().collect(), |found| {
            (found.organization.id.as_str(), &found.organization.name)
        })?
        .clone();
    let namesakes = named(&organization.name).into_iter().filter(|id| *id != organization.id).collect();
    let location =
        pick("location", &site.location, locations, |location| (location.id.as_str(), &location.name))?;
    let location_name = label_name(&location.name)?;
    let values = values?;

    let field = Field { name: &site.fields.organization, what: "organisation", of: &organization.name };
    let text = field.filled(values.organizations.get(&organization.id))?;
    let organization_uuid = text
        .parse::<OrgUuid>()
        .and_then(|uuid| uuid.accept(&site.uuid_versions))
        .map_err(|error| field.unusable(&error, text))?;
    field.held_once(&organization.id, organization_uuid, &values.organizations)?;

    let location_uuid = location_uuid(site, &location, values.locations.get(&location.id))?;
    let field = Field { name: &site.fields.location, what: "location", of: &location.name };
    field.held_once(&location.id, location_uuid, &values.locations)?;

    Ok(Place {
        bucket_name: BucketName::compute(Workload::TrueNas, location_uuid),
        organization_uuid: organization_uuid.into_inner(),
        location_uuid: location_uuid.into_inner(),
        organization,
        location,
        location_name,
        namesakes,
    })
}

/// The UUID in a location's field (I2). Its text is parsed nowhere else.
pub(crate) fn location_uuid(
    site: &Site,
    location: &Location,
    text: Option<&String>,
) -> Result<Accepted<LocationUuid>, Refusal> {
    let field = Field { name: &site.fields.location, what: "location", of: &location.name };
    let text = field.filled(text)?;
    text.parse::<LocationUuid>()
        .and_then(|uuid| uuid.accept(&site.uuid_versions))
        .map_err(|error| field.unusable(&error, text))
}

/// A location's name as vault labels bear it (N8).
fn label_name(name: &str) -> Result<LocationName, Refusal> {
    let refused = |problem: &str| {
        Refusal::precondition(
            "N8",
            format!("no vault label can bear the location's name {name:?}: {problem}"),
            "Rename the location in NinjaOne",
        )
    };
    let parsed = name.parse().map_err(|error: dtc_naming::Error| refused(error.problem()))?;
    if safe_text::printable(name) != name {
        return Err(refused(
            "it holds characters that nobody sees, such as one that turns the reading direction",
        ));
    }
    Ok(parsed)
}

/// The one entity whose id or exact name was given.
fn pick<T>(what: &str, wanted: &str, all: Vec<T>, naming: impl Fn(&T) -> (&str, &str)) -> Result<T, Refusal> {
    let listed = |candidates: &[T]| {
        let names: Vec<String> = candidates
            .iter()
            .map(|candidate| {
                let (id, name) = naming(candidate);
                format!("{name} (id {id})")
            })
            .collect();
        names.join(", ")
    };
    let everything = listed(&all);
    let mut matching: Vec<T> = all
        .into_iter()
        .filter(|candidate| {
            let (id, name) = naming(candidate);
            id == wanted || name == wanted
        })
        .collect();
    match (matching.pop(), matching.is_empty()) {
        (Some(only), true) => Ok(only),
        (Some(last), false) => {
            matching.push(last);
            let what_is_so =
                format!("{} {what}s are called {wanted:?}: {}", matching.len(), listed(&matching));
            Err(Refusal::precondition(
                "I9",
                what_is_so,
                format!("Name the {what} by its id in the site file"),
            ))
        }
        (None, _) => Err(Refusal::precondition(
            "I1",
            format!("NinjaOne has no {what} {wanted:?}; it has {everything}"),
            format!("Correct the {what} in the site file"),
        )),
    }
}

/// A custom field of one entity, for saying what is wrong with it.
pub(super) struct Field<'a> {
    pub(super) name: &'a FieldName,
    pub(super) what: &'static str,
    pub(super) of: &'a str,
}

impl Field<'_> {
    fn filled<'t>(&self, text: Option<&'t String>) -> Result<&'t str, Refusal> {
        text.map(String::as_str).filter(|text| !text.trim().is_empty()).ok_or_else(|| {
            Refusal::precondition(
                "I2",
                format!("the custom field {} of the {} {:?} is empty", self.name, self.what, self.of),
                format!("Enter the {}'s UUID in NinjaOne", self.what),
            )
        })
    }

    /// Whether the value is that of no other entity: two locations with one UUID would share a bucket, and with it their backups.
    fn held_once<I: Ord + fmt::Display, U: FromStr + PartialEq>(
        &self,
        id: &I,
        uuid: Accepted<U>,
        all: &BTreeMap<I, String>,
    ) -> Result<(), Refusal> {
        let uuid = uuid.into_inner();
        let is_same = |text: &String| text.trim().parse().is_ok_and(|other: U| other == uuid);
        let others = all.iter().filter(|(other, text)| *other != id && is_same(text));
        let others: Vec<String> = others.map(|(other, _)| format!("{} (id {other})", self.what)).collect();
        if others.is_empty() {
            return Ok(());
        }
        let (name, what, of) = (self.name, self.what, self.of);
        Err(Refusal::precondition(
            "I2",
            format!(
                "the custom field {name} of the {what} {of:?} holds the UUID of another: {}",
                others.join(", ")
            ),
            format!("Find out whose it is, and give the other {what} its own UUID in NinjaOne"),
        ))
    }

    pub(super) fn unusable(&self, error: &dtc_naming::Error, value: &str) -> Refusal {
        Refusal::precondition(
            "I2",
            format!(
                "the custom field {} of the {} {:?} holds {value:?}: {}",
                self.name,
                self.what,
                self.of,
                error.problem()
            ),
            format!("Correct it in NinjaOne: {}", error.remedy()),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn n8_what_nobody_sees_is_written_into_no_label() {
        for name in ["Main Office", "Zürich № 7", "東京 支店"] {
            assert!(label_name(name).is_ok(), "{name}");
        }
        for unseen in [
            '\u{61c}',
            '\u{200b}',
            '\u{200e}',
            '\u{2028}',
            '\u{2029}',
            '\u{202e}',
            '\u{2066}',
            '\u{feff}',
            '\u{e0041}',
            '\u{e000}',
            '\n',
            '\u{1b}',
        ] {
            let refusal = label_name(&format!("Main{unseen}Office")).unwrap_err();
            assert_eq!((refusal.rule.as_str(), refusal.what.contains(unseen)), ("N8", false), "{unseen:?}");
        }
    }
}
