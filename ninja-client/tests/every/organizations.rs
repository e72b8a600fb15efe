//! Organisations, locations, backups.

use ninja_client::shapes::{
    BandwidthThrottle, BandwidthThrottleSetting, InstallerType, LocationProperties, NewInstaller,
    NewIntegrityCheck, NewOrganization, NodeApprovalMode, OrganizationChange, PolicyAssignment,
};
use ninja_client::{DeviceFilter, Members, Parameters};

use super::{first, patch, rows};

rows! { c, at;
    LIST_ORGANIZATIONS "/v2/organizations" "pageSize=1000"
        { null } -> { [] }
        first(c.organizations().list()).await;
    LIST_ORGANIZATIONS_DETAILED "/v2/organizations-detailed" "pageSize=1000"
        { null } -> { [] }
        first(c.organizations().list_detailed()).await;
    GET_ORGANIZATION "/v2/organization/2" ""
        { null } -> { { "id": 2, "name": "A" } }
        c.organizations().get_detailed(at.organization).await;
    CREATE_ORGANIZATION "/v2/organizations" "templateOrganizationId=2"
        { { "name": "Harbour", "nodeApprovalMode": "MANUAL", "locations": [{ "name": "Pier" }], "policies": [{ "nodeRoleId": 211, "policyId": 40 }] } } -> { { "id": 2, "name": "A" } }
        c.organizations().create(&NewOrganization::new().name("Harbour").node_approval_mode(NodeApprovalMode::Manual).locations(vec![LocationProperties::new().name("Pier")]).policies(vec![PolicyAssignment::new().node_role_id(at.node_role).policy_id(at.policy)]), &Parameters::new().template_organization(at.organization)).await;
    UPDATE_ORGANIZATION "/v2/organization/2" ""
        { { "description": "A client" } } -> { null }
        c.organizations().update(at.organization, &OrganizationChange::new().description("A client")).await;
    SET_ORGANIZATION_POLICIES "/v2/organization/2/policies" ""
        { [{ "nodeRoleId": 211, "policyId": 40 }] } -> { [] }
        c.organizations().set_policies(at.organization, &[PolicyAssignment::new().node_role_id(at.node_role).policy_id(at.policy)]).await;
    LIST_ORGANIZATION_DEVICES "/v2/organization/2/devices" "pageSize=1000"
        { null } -> { [] }
        first(c.organizations().devices(at.organization)).await;
    LIST_ORGANIZATION_END_USERS "/v2/organization/2/end-users" "includeRoles=true"
        { null } -> { [] }
        c.organizations().end_users(at.organization, &Parameters::new().include_roles(true)).await;
    GET_ORGANIZATION_CUSTOM_FIELDS "/v2/organization/2/custom-fields" ""
        { null } -> { {} }
        c.organizations().custom_fields(at.organization).await;
    SET_ORGANIZATION_CUSTOM_FIELDS "/v2/organization/2/custom-fields" ""
        { { "siteContact": "Ada" } } -> { null }
        c.organizations().set_custom_fields(at.organization, &patch()?).await;
    GENERATE_INSTALLER "/v2/organization/generate-installer" ""
        { { "organizationId": 2, "locationId": 4, "installerType": "LINUX_DEB" } } -> { { "url": "https://app.example/x" } }
        c.organizations().generate_installer(&NewInstaller::new().organization_id(at.organization).location_id(at.location).installer_type(InstallerType::LinuxDeb)).await;
    GET_INSTALLER_LINK "/v2/organization/2/location/4/installer/LINUX_DEB" ""
        { null } -> { { "url": "https://app.example/x" } }
        c.organizations().installer(at.organization, at.location, InstallerType::LinuxDeb).await;
    LIST_LOCATIONS "/v2/organization/2/locations" ""
        { null } -> { [] }
        c.locations().list(at.organization).await;
    LIST_ALL_LOCATIONS "/v2/locations" "pageSize=1000"
        { null } -> { [] }
        first(c.locations().list_all()).await;
    CREATE_LOCATION "/v2/organization/2/locations" ""
        { { "name": "Pier", "address": "1 Quay" } } -> { { "id": 4, "name": "Pier" } }
        c.locations().create(at.organization, &LocationProperties::new().name("Pier").address("1 Quay")).await;
    UPDATE_LOCATION "/v2/organization/2/locations/4" ""
        { { "name": "Pier", "address": "1 Quay" } } -> { { "id": 4, "name": "Pier" } }
        c.locations().update(at.organization, at.location, &LocationProperties::new().name("Pier").address("1 Quay")).await;
    GET_LOCATION_CUSTOM_FIELDS "/v2/organization/2/location/4/custom-fields" "withInheritance=false"
        { null } -> { {} }
        c.locations().custom_fields(at.organization, at.location).await;
    SET_LOCATION_CUSTOM_FIELDS "/v2/organization/2/location/4/custom-fields" ""
        { { "siteContact": "Ada" } } -> { null }
        c.locations().set_custom_fields(at.organization, at.location, &patch()?).await;
    GET_LOCATION_BACKUP_USAGE "/v2/organization/2/locations/4/backup/usage" ""
        { null } -> { {} }
        c.backups().location_usage(at.organization, at.location).await;
    LIST_LOCATION_BACKUP_USAGE "/v2/organization/2/locations/backup/usage" ""
        { null } -> { [] }
        c.backups().organization_usage(at.organization).await;
    SET_ROLE_ORGANIZATIONS "/v2/user/role/51/permissions/organizations" ""
        { { "note": "seen" } } -> { null }
        c.users().set_role_organizations(at.user_role, &Members::new().with("note", "seen")).await;
    LIST_BACKUP_JOBS "/v2/backup/jobs" "df=online&pageSize=1000"
        { null } -> { { "results": [] } }
        first(c.backups().jobs(&Parameters::new().devices(&DeviceFilter::new().online()))).await;
    LIST_INTEGRITY_CHECKS "/v2/backup/integrity-check-jobs" "df=online&pageSize=1000"
        { null } -> { { "results": [] } }
        first(c.backups().integrity_checks(&Parameters::new().devices(&DeviceFilter::new().online()))).await;
    START_INTEGRITY_CHECK "/v2/backup/integrity-check-jobs" ""
        { { "deviceId": 10, "planUid": "5b1f6f0e-2d0a-4c57-9d7e-0f6a3c1b8e24" } } -> { {} }
        c.backups().start_integrity_check(&NewIntegrityCheck::new().device_id(at.device).plan_uid(at.plan.clone())).await;
    SET_BANDWIDTH_THROTTLE "/v2/backup/bandwidth-throttle" ""
        { { "deviceId": 10, "bandwidthThrottle": { "enabled": true, "workHoursKbps": 2000 } } } -> { null }
        c.backups().set_bandwidth_throttle(&BandwidthThrottleSetting::new().device_id(at.device).bandwidth_throttle(BandwidthThrottle::new().enabled(true).work_hours_kbps(2000))).await;
}
