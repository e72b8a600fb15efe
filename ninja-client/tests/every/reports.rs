//! Reports.

use ninja_client::{DeviceFilter, FieldName, Parameters, Scope};

use super::{first, rows};

rows! { c, at;
    REPORT_ANTIVIRUS_STATUS "/v2/queries/antivirus-status" "df=online&pageSize=1000"
        { null } -> { { "results": [] } }
        first(c.reports().antivirus_status(&Parameters::new().devices(&DeviceFilter::new().online()))).await;
    REPORT_ANTIVIRUS_THREATS "/v2/queries/antivirus-threats" "df=online&pageSize=1000"
        { null } -> { { "results": [] } }
        first(c.reports().antivirus_threats(&Parameters::new().devices(&DeviceFilter::new().online()))).await;
    REPORT_COMPUTER_SYSTEMS "/v2/queries/computer-systems" "df=online&pageSize=1000"
        { null } -> { { "results": [] } }
        first(c.reports().computer_systems(&Parameters::new().devices(&DeviceFilter::new().online()))).await;
    REPORT_DEVICE_CUSTOM_FIELDS "/v2/queries/custom-fields" "df=online&fields=deviceGuid&pageSize=1000"
        { null } -> { { "results": [] } }
        first(c.reports().custom_fields(&Parameters::new().devices(&DeviceFilter::new().online()).fields(&[FieldName::new("deviceGuid")?]))).await;
    REPORT_DEVICE_CUSTOM_FIELDS_DETAILED "/v2/queries/custom-fields-detailed" "df=online&fields=deviceGuid&pageSize=1000"
        { null } -> { { "results": [] } }
        first(c.reports().custom_fields_detailed(&Parameters::new().devices(&DeviceFilter::new().online()).fields(&[FieldName::new("deviceGuid")?]))).await;
    REPORT_CUSTOM_FIELDS "/v2/queries/scoped-custom-fields" "scopes=organization%2Clocation&fields=dtcOrgGuid&pageSize=1000"
        { null } -> { { "results": [] } }
        first(c.custom_fields().report(&[Scope::Organization, Scope::Location], &[FieldName::new("dtcOrgGuid")?])).await;
    REPORT_CUSTOM_FIELDS_DETAILED "/v2/queries/scoped-custom-fields-detailed" "fields=deviceGuid&pageSize=1000"
        { null } -> { { "results": [] } }
        first(c.reports().scoped_custom_fields_detailed(&Parameters::new().fields(&[FieldName::new("deviceGuid")?]))).await;
    REPORT_DEVICE_HEALTH "/v2/queries/device-health" "df=online&health=HEALTHY&pageSize=1000"
        { null } -> { { "results": [] } }
        first(c.reports().device_health(&Parameters::new().devices(&DeviceFilter::new().online()).health("HEALTHY"))).await;
    REPORT_BACKUP_USAGE "/v2/queries/backup/usage" "includeDeletedDevices=false&pageSize=1000"
        { null } -> { { "results": [] } }
        first(c.reports().backup_usage(&Parameters::new().include_deleted_devices(false))).await;
    REPORT_DISKS "/v2/queries/disks" "df=online&pageSize=1000"
        { null } -> { { "results": [] } }
        first(c.reports().disks(&Parameters::new().devices(&DeviceFilter::new().online()))).await;
    REPORT_OS_PATCH_INSTALLS "/v2/queries/os-patch-installs" "df=online&pageSize=1000"
        { null } -> { { "results": [] } }
        first(c.reports().os_patch_installs(&Parameters::new().devices(&DeviceFilter::new().online()))).await;
    REPORT_SOFTWARE_PATCH_INSTALLS "/v2/queries/software-patch-installs" "df=online&pageSize=1000"
        { null } -> { { "results": [] } }
        first(c.reports().software_patch_installs(&Parameters::new().devices(&DeviceFilter::new().online()))).await;
    REPORT_LOGGED_ON_USERS "/v2/queries/logged-on-users" "df=online&pageSize=1000"
        { null } -> { { "results": [] } }
        first(c.reports().logged_on_users(&Parameters::new().devices(&DeviceFilter::new().online()))).await;
    REPORT_NETWORK_INTERFACES "/v2/queries/network-interfaces" "df=online&pageSize=1000"
        { null } -> { { "results": [] } }
        first(c.reports().network_interfaces(&Parameters::new().devices(&DeviceFilter::new().online()))).await;
    REPORT_OPERATING_SYSTEMS "/v2/queries/operating-systems" "df=online&pageSize=1000"
        { null } -> { { "results": [] } }
        first(c.reports().operating_systems(&Parameters::new().devices(&DeviceFilter::new().online()))).await;
    REPORT_OS_PATCHES "/v2/queries/os-patches" "df=online&pageSize=1000"
        { null } -> { { "results": [] } }
        first(c.reports().os_patches(&Parameters::new().devices(&DeviceFilter::new().online()))).await;
    REPORT_SOFTWARE_PATCHES "/v2/queries/software-patches" "df=online&pageSize=1000"
        { null } -> { { "results": [] } }
        first(c.reports().software_patches(&Parameters::new().devices(&DeviceFilter::new().online()))).await;
    REPORT_POLICY_OVERRIDES "/v2/queries/policy-overrides" "df=online&pageSize=1000"
        { null } -> { { "results": [] } }
        first(c.reports().policy_overrides(&Parameters::new().devices(&DeviceFilter::new().online()))).await;
    REPORT_PROCESSORS "/v2/queries/processors" "df=online&pageSize=1000"
        { null } -> { { "results": [] } }
        first(c.reports().processors(&Parameters::new().devices(&DeviceFilter::new().online()))).await;
    REPORT_RAID_CONTROLLERS "/v2/queries/raid-controllers" "df=online&pageSize=1000"
        { null } -> { { "results": [] } }
        first(c.reports().raid_controllers(&Parameters::new().devices(&DeviceFilter::new().online()))).await;
    REPORT_RAID_DRIVES "/v2/queries/raid-drives" "df=online&pageSize=1000"
        { null } -> { { "results": [] } }
        first(c.reports().raid_drives(&Parameters::new().devices(&DeviceFilter::new().online()))).await;
    REPORT_SOFTWARE "/v2/queries/software" "df=online&pageSize=1000"
        { null } -> { { "results": [] } }
        first(c.reports().software(&Parameters::new().devices(&DeviceFilter::new().online()))).await;
    REPORT_VOLUMES "/v2/queries/volumes" "df=online&include=bl&pageSize=1000"
        { null } -> { { "results": [] } }
        first(c.reports().volumes(&Parameters::new().devices(&DeviceFilter::new().online()).include("bl"))).await;
    REPORT_WINDOWS_SERVICES "/v2/queries/windows-services" "df=online&name=spooler&pageSize=1000"
        { null } -> { { "results": [] } }
        first(c.reports().windows_services(&Parameters::new().devices(&DeviceFilter::new().online()).name("spooler"))).await;
}
