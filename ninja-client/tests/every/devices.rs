//! Devices.

use ninja_client::shapes::{
    ApprovalMode, DeviceChange, DeviceIds, MaintenanceFeature, MaintenanceSettings, NewStagedDevice,
    RebootMode, RebootReason, ScriptRun, ScriptType, ServiceAction, ServiceStart,
    WindowsServiceConfiguration, WindowsServiceControl,
};
use ninja_client::{DeviceFilter, Members, Milliseconds, NodeClass, Parameters, ScriptParameters};

use super::{first, rows};

rows! { c, at;
    LIST_DEVICES "/v2/devices" "df=org%20%3D%202&pageSize=1000"
        { null } -> { [] }
        first(c.devices().list_where(&DeviceFilter::new().organizations(&[at.organization]))).await;
    LIST_DEVICES_DETAILED "/v2/devices-detailed" "df=class%20in%20%28NMS_SERVER%2CMAC%29&pageSize=1000"
        { null } -> { [] }
        first(c.devices().list_detailed_where(&DeviceFilter::new().classes(&[NodeClass::NmsServer, NodeClass::Mac]))).await;
    GET_DEVICE "/v2/device/10" ""
        { null } -> { { "id": 10, "organizationId": 2, "locationId": 4 } }
        c.devices().get(at.device).await;
    SEARCH_DEVICES "/v2/devices/search" "q=nas"
        { null } -> { { "query": "nas", "devices": [] } }
        c.devices().matches("nas").await;
    UPDATE_DEVICE "/v2/device/10" ""
        { { "displayName": "nas", "locationId": 4 } } -> { null }
        c.devices().update(at.device, &DeviceChange::new().display_name("nas").location_id(at.location)).await;
    DECIDE_DEVICE_APPROVAL "/v2/devices/approval/APPROVE" ""
        { { "devices": [10] } } -> { null }
        c.devices().decide_approval(ApprovalMode::Approve, &DeviceIds::new().devices(vec![at.device])).await;
    CREATE_STAGED_DEVICE "/v2/staged-device" ""
        { { "name": "nas-2", "orgId": 2, "locationId": 4, "roleId": 211 } } -> { {} }
        c.devices().create_staged(&NewStagedDevice::new("nas-2".into(), at.organization, at.location, at.node_role)).await;
    DECOMMISSION_DEVICE "/v2/device/10/decommission" ""
        { null } -> { null }
        c.devices().decommission(at.device).await;
    REBOOT_DEVICE "/v2/device/10/reboot/NORMAL" ""
        { { "reason": "updates" } } -> { null }
        c.devices().reboot(at.device, RebootMode::Normal, &RebootReason::new().reason("updates")).await;
    GET_DEVICE_DASHBOARD_URL "/v2/device/10/dashboard-url" "redirect=false"
        { null } -> { { "url": "https://app.example/x" } }
        c.devices().dashboard_url(at.device, &Parameters::new().redirect(false)).await;
    SET_DEVICE_MAINTENANCE "/v2/device/10/maintenance" ""
        { { "disabledFeatures": ["ALERTS"], "start": 1_735_689_600_000_i64, "end": 1_735_693_200_000_i64 } } -> { null }
        c.devices().set_maintenance(at.device, &MaintenanceSettings::new().disabled_features(vec![MaintenanceFeature::Alerts]).start(Milliseconds::new(1_735_689_600_000)).end(Milliseconds::new(1_735_693_200_000))).await;
    CANCEL_DEVICE_MAINTENANCE "/v2/device/10/maintenance" ""
        { null } -> { null }
        c.devices().cancel_maintenance(at.device).await;
    SET_DEVICE_OWNER "/v2/device/10/owner/7d8f1c5e-6a0b-4c3d-9e2f-1a2b3c4d5e6f" ""
        { null } -> { null }
        c.devices().set_owner(at.device, &at.uid).await;
    REMOVE_DEVICE_OWNER "/v2/device/10/owner" ""
        { null } -> { null }
        c.devices().remove_owner(at.device).await;
    GET_SCRIPTING_OPTIONS "/v2/device/10/scripting/options" "lang=en"
        { null } -> { {} }
        c.devices().scripting_options(at.device, &Parameters::new().language("en")).await;
    RUN_SCRIPT "/v2/device/10/script/run" ""
        { { "type": "SCRIPT", "id": 5, "parameters": "-Key a-script-parameter", "runAs": "system" } } -> { null }
        c.devices().run_script(at.device, &ScriptRun::new().kind(ScriptType::Script).id(5).parameters(ScriptParameters::new("-Key a-script-parameter".to_owned())).run_as("system")).await;
    SCAN_OS_PATCHES "/v2/device/10/patch/os/scan" ""
        { null } -> { null }
        c.devices().scan_os_patches(at.device).await;
    APPLY_OS_PATCHES "/v2/device/10/patch/os/apply" ""
        { null } -> { null }
        c.devices().apply_os_patches(at.device).await;
    SCAN_SOFTWARE_PATCHES "/v2/device/10/patch/software/scan" ""
        { null } -> { null }
        c.devices().scan_software_patches(at.device).await;
    APPLY_SOFTWARE_PATCHES "/v2/device/10/patch/software/apply" ""
        { null } -> { null }
        c.devices().apply_software_patches(at.device).await;
    LIST_DEVICE_OS_PATCHES "/v2/device/10/os-patches" "status=FAILED"
        { null } -> { [] }
        c.devices().os_patches(at.device, &Parameters::new().status("FAILED")).await;
    LIST_DEVICE_OS_PATCH_INSTALLS "/v2/device/10/os-patch-installs" "status=FAILED"
        { null } -> { [] }
        c.devices().os_patch_installs(at.device, &Parameters::new().status("FAILED")).await;
    LIST_DEVICE_SOFTWARE_PATCHES "/v2/device/10/software-patches" "status=FAILED"
        { null } -> { [] }
        c.devices().software_patches(at.device, &Parameters::new().status("FAILED")).await;
    LIST_DEVICE_SOFTWARE_PATCH_INSTALLS "/v2/device/10/software-patch-installs" "status=FAILED"
        { null } -> { [] }
        c.devices().software_patch_installs(at.device, &Parameters::new().status("FAILED")).await;
    LIST_WINDOWS_SERVICES "/v2/device/10/windows-services" "name=spooler"
        { null } -> { [] }
        c.devices().windows_services(at.device, &Parameters::new().name("spooler")).await;
    CONTROL_WINDOWS_SERVICE "/v2/device/10/windows-service/spooler/control" ""
        { { "action": "RESTART" } } -> { null }
        c.devices().control_windows_service(at.device, "spooler", &WindowsServiceControl::new().action(ServiceAction::Restart)).await;
    CONFIGURE_WINDOWS_SERVICE "/v2/device/10/windows-service/spooler/configure" ""
        { { "startType": "AUTO_START" } } -> { null }
        c.devices().configure_windows_service(at.device, "spooler", &WindowsServiceConfiguration::new().start_type(ServiceStart::AutoStart)).await;
    LIST_DEVICE_JOBS "/v2/device/10/jobs" "lang=en"
        { null } -> { [] }
        c.devices().jobs(at.device, &Parameters::new().language("en")).await;
    LIST_DEVICE_ACTIVITIES "/v2/device/10/activities" "pageSize=1000"
        { null } -> { { "activities": [] } }
        first(c.devices().activities(at.device, &Parameters::new())).await;
    LIST_DEVICE_ALERTS "/v2/device/10/alerts" "lang=en"
        { null } -> { [] }
        c.devices().alerts(at.device, &Parameters::new().language("en")).await;
    LIST_DEVICE_DISKS "/v2/device/10/disks" ""
        { null } -> { [] }
        c.devices().disks(at.device).await;
    LIST_DEVICE_VOLUMES "/v2/device/10/volumes" "include=bl"
        { null } -> { [] }
        c.devices().volumes(at.device, &Parameters::new().include("bl")).await;
    LIST_DEVICE_PROCESSORS "/v2/device/10/processors" ""
        { null } -> { [] }
        c.devices().processors(at.device).await;
    LIST_DEVICE_NETWORK_INTERFACES "/v2/device/10/network-interfaces" ""
        { null } -> { [] }
        c.devices().network_interfaces(at.device).await;
    LIST_DEVICE_SOFTWARE "/v2/device/10/software" ""
        { null } -> { [] }
        c.devices().software(at.device).await;
    GET_DEVICE_LAST_USER "/v2/device/10/last-logged-on-user" ""
        { null } -> { {} }
        c.devices().last_logged_on_user(at.device).await;
    GET_DEVICE_POLICY_OVERRIDES "/v2/device/10/policy/overrides" ""
        { null } -> { {} }
        c.devices().policy_overrides(at.device).await;
    RESET_DEVICE_POLICY_OVERRIDES "/v2/device/10/policy/overrides" ""
        { null } -> { null }
        c.devices().reset_policy_overrides(at.device).await;
    LIST_GROUP_DEVICES "/v2/group/7/device-ids" ""
        { null } -> { [] }
        c.tenant().group_devices(at.group).await;
    SET_END_USER_DEVICE_ACCESS "/v2/user/end-user/32/device-access" ""
        { { "note": "seen" } } -> { null }
        c.users().set_device_access(at.end_user, &Members::new().with("note", "seen")).await;
}
