//! Devices.

crate::api_operation::api_operations! {
    DECIDE_DEVICE_APPROVAL = "decide_device_approval", NonIdempotent Post "v2/devices/approval/{mode}" [];
    CREATE_STAGED_DEVICE = "create_staged_device", NonIdempotent Post "v2/staged-device" [];
    SET_DEVICE_MAINTENANCE = "set_device_maintenance", Idempotent Put "v2/device/{id}/maintenance" [];
    CANCEL_DEVICE_MAINTENANCE = "cancel_device_maintenance", Idempotent Delete "v2/device/{id}/maintenance"
        [];
    CONTROL_WINDOWS_SERVICE = "control_windows_service", NonIdempotent Post "v2/device/{id}/windows-service/{serviceId}/control"
        [];
    DECOMMISSION_DEVICE = "decommission_device", NonIdempotent Post "v2/device/{id}/decommission" [];
    GET_DEVICE = "get_device", Read Get "v2/device/{id}" [];
    UPDATE_DEVICE = "update_device", Idempotent Patch "v2/device/{id}" [];
    LIST_DEVICE_JOBS = "list_device_jobs", Read Get "v2/device/{id}/jobs" ["lang", "tz"];
    LIST_DEVICE_ACTIVITIES = "list_device_activities", Read Get "v2/device/{id}/activities"
        ["olderThan", "newerThan", "activityType", "status", "seriesUid", "pageSize", "lang", "tz"];
    LIST_DEVICE_ALERTS = "list_device_alerts", Read Get "v2/device/{id}/alerts" ["lang", "tz"];
    LIST_DEVICE_DISKS = "list_device_disks", Read Get "v2/device/{id}/disks" [];
    LIST_DEVICE_OS_PATCH_INSTALLS = "list_device_os_patch_installs", Read Get "v2/device/{id}/os-patch-installs"
        ["status", "installedBefore", "installedAfter"];
    LIST_DEVICE_SOFTWARE_PATCH_INSTALLS = "list_device_software_patch_installs", Read Get "v2/device/{id}/software-patch-installs"
        ["type", "impact", "status", "productIdentifier", "installedBefore", "installedAfter"];
    GET_DEVICE_LAST_USER = "get_device_last_user", Read Get "v2/device/{id}/last-logged-on-user" [];
    GET_DEVICE_DASHBOARD_URL = "get_device_dashboard_url", Idempotent Get "v2/device/{id}/dashboard-url"
        ["redirect"];
    LIST_DEVICE_NETWORK_INTERFACES = "list_device_network_interfaces", Read Get "v2/device/{id}/network-interfaces"
        [];
    LIST_DEVICE_OS_PATCHES = "list_device_os_patches", Read Get "v2/device/{id}/os-patches"
        ["status", "type", "severity"];
    LIST_DEVICE_SOFTWARE_PATCHES = "list_device_software_patches", Read Get "v2/device/{id}/software-patches"
        ["status", "productIdentifier", "type", "impact"];
    LIST_DEVICE_PROCESSORS = "list_device_processors", Read Get "v2/device/{id}/processors" [];
    LIST_WINDOWS_SERVICES = "list_windows_services", Read Get "v2/device/{id}/windows-services"
        ["name", "state"];
    LIST_DEVICE_SOFTWARE = "list_device_software", Read Get "v2/device/{id}/software" [];
    LIST_DEVICE_VOLUMES = "list_device_volumes", Read Get "v2/device/{id}/volumes" ["include"];
    GET_DEVICE_POLICY_OVERRIDES = "get_device_policy_overrides", Read Get "v2/device/{id}/policy/overrides"
        [];
    RESET_DEVICE_POLICY_OVERRIDES = "reset_device_policy_overrides", Idempotent Delete "v2/device/{id}/policy/overrides"
        [];
    REBOOT_DEVICE = "reboot_device", NonIdempotent Post "v2/device/{id}/reboot/{mode}" [];
    REMOVE_DEVICE_OWNER = "remove_device_owner", Idempotent Delete "v2/device/{id}/owner" [];
    GET_SCRIPTING_OPTIONS = "get_scripting_options", Read Get "v2/device/{id}/scripting/options" ["lang"];
    RUN_SCRIPT = "run_script", NonIdempotent Post "v2/device/{id}/script/run" [];
    SET_DEVICE_OWNER = "set_device_owner", NonIdempotent Post "v2/device/{id}/owner/{ownerUid}" [];
    CONFIGURE_WINDOWS_SERVICE = "configure_windows_service", NonIdempotent Post "v2/device/{id}/windows-service/{serviceId}/configure"
        [];
    APPLY_OS_PATCHES = "apply_os_patches", NonIdempotent Post "v2/device/{id}/patch/os/apply" [];
    SCAN_OS_PATCHES = "scan_os_patches", NonIdempotent Post "v2/device/{id}/patch/os/scan" [];
    APPLY_SOFTWARE_PATCHES = "apply_software_patches", NonIdempotent Post "v2/device/{id}/patch/software/apply"
        [];
    SCAN_SOFTWARE_PATCHES = "scan_software_patches", NonIdempotent Post "v2/device/{id}/patch/software/scan"
        [];
    LIST_DEVICES = "list_devices", Read Get "v2/devices" ["df", "pageSize", "after"];
    LIST_DEVICES_DETAILED = "list_devices_detailed", Read Get "v2/devices-detailed"
        ["df", "pageSize", "after"];
    SEARCH_DEVICES = "search_devices", Read Get "v2/devices/search" ["q", "limit"];
}
