//! Organisations and locations.

crate::api_operation::api_operations! {
    LIST_ORGANIZATIONS = "list_organizations", Read Get "v2/organizations" ["pageSize", "after", "of"];
    CREATE_ORGANIZATION = "create_organization", NonIdempotent Post "v2/organizations"
        ["templateOrganizationId"];
    LIST_LOCATIONS = "list_locations", Read Get "v2/organization/{id}/locations" [];
    CREATE_LOCATION = "create_location", NonIdempotent Post "v2/organization/{id}/locations" [];
    LIST_ORGANIZATION_END_USERS = "list_organization_end_users", Read Get "v2/organization/{id}/end-users"
        ["includeRoles"];
    GENERATE_INSTALLER = "generate_installer", NonIdempotent Post "v2/organization/generate-installer" [];
    GET_INSTALLER_LINK = "get_installer_link", Idempotent Get "v2/organization/{id}/location/{location_id}/installer/{installer_type}"
        [];
    GET_ORGANIZATION = "get_organization", Read Get "v2/organization/{id}" [];
    UPDATE_ORGANIZATION = "update_organization", Idempotent Patch "v2/organization/{id}" [];
    LIST_ORGANIZATION_DEVICES = "list_organization_devices", Read Get "v2/organization/{id}/devices"
        ["pageSize", "after"];
    UPDATE_LOCATION = "update_location", Idempotent Patch "v2/organization/{id}/locations/{locationId}" [];
    SET_ORGANIZATION_POLICIES = "set_organization_policies", Idempotent Put "v2/organization/{id}/policies"
        [];
    LIST_ALL_LOCATIONS = "list_all_locations", Read Get "v2/locations" ["pageSize", "after"];
    LIST_ORGANIZATIONS_DETAILED = "list_organizations_detailed", Read Get "v2/organizations-detailed"
        ["pageSize", "after", "of"];
}
