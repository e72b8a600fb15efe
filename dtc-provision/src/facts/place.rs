//! Whose appliance this is and where it stands: parsed here, once, from the inventory's text (I1, I2, N1).

use dtc_naming::{Accepted, BucketName, LocationName, LocationUuid, OrgUuid, Workload};
use serde::Serialize;

use super::fact::Unread;
use crate::error::Refusal;
use crate::ids::FieldName;
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
}

/// Finds the client and the location that the site names, and reads their UUIDs.
pub(super) async fn read(site: &Site, views: &Views) -> Result<Place, Unread> {
    let (organizations, values) = futures_util::future::join(
        views.inventory.organizations(),
        views.inventory.field_values(&site.fields),
    )
    .await;
    let OrganizationWithLocations { organization, locations } =
        pick("organisation", &site.organization, organizations?, |found| {
            (found.organization.id.as_str(), &found.organization.name)
        })?;
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

    let location_uuid = location_uuid(site, &location, values.locations.get(&location.id))?;

    Ok(Place {
        bucket_name: BucketName::compute(Workload::TrueNas, location_uuid),
        organization_uuid: organization_uuid.into_inner(),
        location_uuid: location_uuid.into_inner(),
        organization,
        location,
        location_name,
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
