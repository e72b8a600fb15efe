//! Which operation a verb and a path mean.

use super::catalogue::Entry;
use super::fields::Entity;
use crate::request::Access;

/// An operation of the public API, its ids read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Route {
    Token,
    Organizations,
    OrganizationsDetailed,
    Organization(i32),
    OrganizationLocations(i32),
    OrganizationDevices(i32),
    Locations,
    Devices,
    DevicesDetailed,
    Device(i32),
    PatchDevice(i32),
    Search,
    Definitions,
    Fields(FieldOwner),
    PatchFields(FieldOwner),
    ScopedReport,
    /// The operation at this place of the catalogue.
    Catalogued(usize),
    Unknown,
}

/// Whose fields a path means; a location's path names its organisation too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FieldOwner {
    pub(super) entity: Entity,
    pub(super) organization: Option<i32>,
}

impl Route {
    /// Reads a path; `/api/v2` is an alias of `/v2`.
    pub(super) fn of(verb: &str, path: &str) -> Self {
        let path = path.strip_prefix("/api").filter(|rest| rest.starts_with("/v2/")).unwrap_or(path);
        let segments: Vec<&str> = path.split('/').skip(1).collect();
        match Self::ruled(verb, &segments) {
            Self::Unknown => Entry::find(verb, &segments).map_or(Self::Unknown, Self::Catalogued),
            ruled => ruled,
        }
    }

    /// The operations that have rules of their own.
    fn ruled(verb: &str, segments: &[&str]) -> Self {
        match (verb, segments) {
            ("POST", ["ws", "oauth", "token"]) => Self::Token,
            ("GET", ["v2", rest @ ..]) => Self::read(rest),
            ("PATCH", ["v2", "device", id]) => with_id(id, Self::PatchDevice),
            ("PATCH", ["v2", rest @ ..]) => FieldOwner::of(rest).map_or(Self::Unknown, Self::PatchFields),
            _ => Self::Unknown,
        }
    }

    fn read(rest: &[&str]) -> Self {
        match rest {
            ["organizations"] => Self::Organizations,
            ["organizations-detailed"] => Self::OrganizationsDetailed,
            ["organization", id] => with_id(id, Self::Organization),
            ["organization", id, "locations"] => with_id(id, Self::OrganizationLocations),
            ["organization", id, "devices"] => with_id(id, Self::OrganizationDevices),
            ["locations"] => Self::Locations,
            ["devices"] => Self::Devices,
            ["devices-detailed"] => Self::DevicesDetailed,
            ["devices", "search"] => Self::Search,
            ["device", id] => with_id(id, Self::Device),
            ["device-custom-fields"] => Self::Definitions,
            ["queries", "scoped-custom-fields"] => Self::ScopedReport,
            rest => FieldOwner::of(rest).map_or(Self::Unknown, Self::Fields),
        }
    }

    /// The name by which faults and transcripts know the operation.
    pub(super) fn operation(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Organizations => "list_organizations",
            Self::OrganizationsDetailed => "list_organizations_detailed",
            Self::Organization(_) => "get_organization",
            Self::OrganizationLocations(_) => "list_organization_locations",
            Self::OrganizationDevices(_) => "list_organization_devices",
            Self::Locations => "list_locations",
            Self::Devices => "list_devices",
            Self::DevicesDetailed => "list_devices_detailed",
            Self::Device(_) => "get_device",
            Self::PatchDevice(_) => "patch_device",
            Self::Search => "search_devices",
            Self::Definitions => "list_custom_field_definitions",
            Self::Fields(owner) => match owner.entity {
                Entity::Organization(_) => "get_organization_custom_fields",
                Entity::Location(_) => "get_location_custom_fields",
                Entity::Device(_) => "get_device_custom_fields",
            },
            Self::PatchFields(owner) => match owner.entity {
                Entity::Organization(_) => "patch_organization_custom_fields",
                Entity::Location(_) => "patch_location_custom_fields",
                Entity::Device(_) => "patch_device_custom_fields",
            },
            Self::ScopedReport => "query_scoped_custom_fields",
            Self::Catalogued(place) => Entry::at(place).map_or("unknown", |entry| entry.name),
            Self::Unknown => "unknown",
        }
    }

    pub(super) fn access(self) -> Access {
        match self {
            Self::PatchDevice(_) | Self::PatchFields(_) => Access::Write,
            Self::Catalogued(place) => Entry::at(place).map_or(Access::Write, Entry::access),
            _ => Access::Read,
        }
    }

    /// The query parameters that the operation takes here; another one is refused, also `of` and `updatedAfter`, which would
    /// have to choose among the rows.
    pub(super) fn parameters(self) -> &'static [&'static str] {
        match self {
            Self::Organizations
            | Self::OrganizationsDetailed
            | Self::Locations
            | Self::OrganizationDevices(_) => &["pageSize", "after"],
            Self::Devices | Self::DevicesDetailed => &["df", "pageSize", "after"],
            Self::Search => &["q", "limit"],
            Self::Definitions => &["scopes"],
            Self::Fields(FieldOwner { entity: Entity::Organization(_), .. }) => &[],
            Self::Fields(_) => &["withInheritance"],
            Self::ScopedReport => &["cursor", "pageSize", "fields", "scopes", "showSecureValues"],
            _ => &[],
        }
    }
}

impl FieldOwner {
    fn of(rest: &[&str]) -> Option<Self> {
        let (entity, organization) = match rest {
            ["organization", id, "custom-fields"] => (Entity::Organization(id.parse().ok()?), None),
            ["organization", organization, "location", id, "custom-fields"] => {
                (Entity::Location(id.parse().ok()?), Some(organization.parse().ok()?))
            }
            ["device", id, "custom-fields"] => (Entity::Device(id.parse().ok()?), None),
            _ => return None,
        };
        Some(Self { entity, organization })
    }
}

fn with_id(id: &str, route: impl FnOnce(i32) -> Route) -> Route {
    id.parse().map_or(Route::Unknown, route)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_resource_paths_have_an_alias() {
        assert_eq!(Route::of("GET", "/api/v2/organizations"), Route::Organizations);
        for path in ["/api/ws/oauth/token", "/oauth/token", "/v2/token", "/ws/oauth/token/"] {
            assert_eq!(Route::of("POST", path), Route::Unknown, "{path}");
        }
        for path in ["/v2/organisations", "/v2/devices/", "/v2/device/x", "/v3/devices"] {
            assert_eq!(Route::of("GET", path), Route::Unknown, "{path}");
        }
    }
}
