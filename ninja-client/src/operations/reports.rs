//! The reports over all devices.

crate::api_operation::api_operations! {
    REPORT_ANTIVIRUS_STATUS = "report_antivirus_status", Read Get "v2/queries/antivirus-status"
        ["df", "ts", "productState", "productName", "cursor", "pageSize"];
    REPORT_ANTIVIRUS_THREATS = "report_antivirus_threats", Read Get "v2/queries/antivirus-threats"
        ["df", "ts", "cursor", "pageSize"];
    REPORT_COMPUTER_SYSTEMS = "report_computer_systems", Read Get "v2/queries/computer-systems"
        ["df", "ts", "cursor", "pageSize"];
    REPORT_DEVICE_CUSTOM_FIELDS_DETAILED = "report_device_custom_fields_detailed", Read Get "v2/queries/custom-fields-detailed"
        ["df", "cursor", "pageSize", "updatedAfter", "fields", "showSecureValues"];
    REPORT_DEVICE_CUSTOM_FIELDS = "report_device_custom_fields", Read Get "v2/queries/custom-fields"
        ["df", "cursor", "pageSize", "updatedAfter", "fields", "showSecureValues"];
    REPORT_DEVICE_HEALTH = "report_device_health", Read Get "v2/queries/device-health"
        ["df", "health", "cursor", "pageSize"];
    REPORT_BACKUP_USAGE = "report_backup_usage", Read Get "v2/queries/backup/usage"
        ["cursor", "pageSize", "includeDeletedDevices"];
    REPORT_DISKS = "report_disks", Read Get "v2/queries/disks" ["df", "ts", "cursor", "pageSize"];
    REPORT_OS_PATCH_INSTALLS = "report_os_patch_installs", Read Get "v2/queries/os-patch-installs"
        ["df", "status", "installedBefore", "installedAfter", "cursor", "pageSize"];
    REPORT_SOFTWARE_PATCH_INSTALLS = "report_software_patch_installs", Read Get "v2/queries/software-patch-installs"
        ["df", "type", "impact", "status", "productIdentifier", "installedBefore", "installedAfter", "cursor", "pageSize"];
    REPORT_LOGGED_ON_USERS = "report_logged_on_users", Read Get "v2/queries/logged-on-users"
        ["df", "cursor", "pageSize"];
    REPORT_NETWORK_INTERFACES = "report_network_interfaces", Read Get "v2/queries/network-interfaces"
        ["df", "cursor", "pageSize"];
    REPORT_OPERATING_SYSTEMS = "report_operating_systems", Read Get "v2/queries/operating-systems"
        ["df", "ts", "cursor", "pageSize"];
    REPORT_OS_PATCHES = "report_os_patches", Read Get "v2/queries/os-patches"
        ["df", "ts", "status", "type", "severity", "cursor", "pageSize"];
    REPORT_SOFTWARE_PATCHES = "report_software_patches", Read Get "v2/queries/software-patches"
        ["df", "ts", "status", "productIdentifier", "type", "impact", "cursor", "pageSize"];
    REPORT_POLICY_OVERRIDES = "report_policy_overrides", Read Get "v2/queries/policy-overrides"
        ["df", "cursor", "pageSize"];
    REPORT_PROCESSORS = "report_processors", Read Get "v2/queries/processors"
        ["df", "ts", "cursor", "pageSize"];
    REPORT_RAID_CONTROLLERS = "report_raid_controllers", Read Get "v2/queries/raid-controllers"
        ["df", "ts", "cursor", "pageSize"];
    REPORT_RAID_DRIVES = "report_raid_drives", Read Get "v2/queries/raid-drives"
        ["df", "ts", "cursor", "pageSize"];
    REPORT_CUSTOM_FIELDS_DETAILED = "report_custom_fields_detailed", Read Get "v2/queries/scoped-custom-fields-detailed"
        ["cursor", "pageSize", "updatedAfter", "fields", "scopes", "showSecureValues"];
    REPORT_CUSTOM_FIELDS = "report_custom_fields", Read Get "v2/queries/scoped-custom-fields"
        ["cursor", "pageSize", "updatedAfter", "fields", "scopes", "showSecureValues"];
    REPORT_SOFTWARE = "report_software", Read Get "v2/queries/software"
        ["df", "cursor", "pageSize", "installedBefore", "installedAfter"];
    REPORT_VOLUMES = "report_volumes", Read Get "v2/queries/volumes"
        ["df", "ts", "cursor", "pageSize", "include"];
    REPORT_WINDOWS_SERVICES = "report_windows_services", Read Get "v2/queries/windows-services"
        ["df", "name", "state", "cursor", "pageSize"];
}
