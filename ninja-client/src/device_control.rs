//! What devices are asked to do.

use crate::calls::calls;
use crate::devices::Devices;
use crate::ids::{DeviceId, Uid};
use crate::shapes::{
    ApprovalMode, DeviceChange, DeviceIds, Link, MaintenanceSettings, NewStagedDevice, RebootMode,
    RebootReason, ScriptRun, StagedDevice, WindowsServiceConfiguration, WindowsServiceControl,
};

calls! { Devices:
    /// Changes what `change` names. A new organisation or location moves the device, and what it inherits.
    update = UPDATE_DEVICE [id: DeviceId] { change: DeviceChange };
    /// Approves or rejects pending devices.
    decide_approval = DECIDE_DEVICE_APPROVAL [mode: ApprovalMode] { devices: DeviceIds };
    /// Adds a placeholder that nothing monitors. Nothing documents that a later discovery becomes one with it.
    create_staged = CREATE_STAGED_DEVICE [] { new: NewStagedDevice } -> StagedDevice;
    /// Takes the device out of service.
    decommission = DECOMMISSION_DEVICE [id: DeviceId];
    /// Restarts the device.
    reboot = REBOOT_DEVICE [id: DeviceId, mode: RebootMode] { reason: RebootReason };
    /// Where people see the device. The address may open the console: treat it as a secret. Counted as a write for that reason.
    dashboard_url = GET_DEVICE_DASHBOARD_URL [id: DeviceId] ? query -> Link;
    /// Puts the device into maintenance: what `settings` names stays quiet until the end.
    set_maintenance = SET_DEVICE_MAINTENANCE [id: DeviceId] { settings: MaintenanceSettings };
    /// Ends the device's maintenance, planned or begun.
    cancel_maintenance = CANCEL_DEVICE_MAINTENANCE [id: DeviceId];
    /// Says whose device it is.
    set_owner = SET_DEVICE_OWNER [id: DeviceId, owner: &Uid];
    /// Says that the device is nobody's.
    remove_owner = REMOVE_DEVICE_OWNER [id: DeviceId];
    /// Starts a script. NinjaOne names no job: look for it among the device's activities.
    run_script = RUN_SCRIPT [id: DeviceId] { run: ScriptRun };
    /// Looks for patches of the operating system.
    scan_os_patches = SCAN_OS_PATCHES [id: DeviceId];
    /// Installs approved patches of the operating system.
    apply_os_patches = APPLY_OS_PATCHES [id: DeviceId];
    /// Looks for patches of programs.
    scan_software_patches = SCAN_SOFTWARE_PATCHES [id: DeviceId];
    /// Installs approved patches of programs.
    apply_software_patches = APPLY_SOFTWARE_PATCHES [id: DeviceId];
    /// Starts, pauses, stops or restarts a Windows service.
    control_windows_service = CONTROL_WINDOWS_SERVICE [id: DeviceId, service: &str] { data: WindowsServiceControl };
    /// Chooses how a Windows service starts, and as whom.
    configure_windows_service = CONFIGURE_WINDOWS_SERVICE [id: DeviceId, service: &str] { data: WindowsServiceConfiguration };
    /// Gives up every override of its policy.
    reset_policy_overrides = RESET_DEVICE_POLICY_OVERRIDES [id: DeviceId];
}
