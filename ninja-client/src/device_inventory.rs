//! What devices have: hardware, software, patches, jobs, alerts.

use crate::calls::calls;
use crate::devices::Devices;
use crate::ids::DeviceId;
use crate::shapes::{
    Alert, DiskDrive, Job, LoggedOnUser, NetworkInterface, OsPatch, PolicyOverrides, Processor,
    ScriptingOptions, Software, SoftwarePatch, Volume, WindowsService,
};

calls! { Devices:
    /// What may be run on the device, and as whom. Credentials are named, never shown.
    scripting_options = GET_SCRIPTING_OPTIONS [id: DeviceId] ? query -> ScriptingOptions;
    /// Patches of the operating system that are pending, failed or rejected.
    os_patches = LIST_DEVICE_OS_PATCHES [id: DeviceId] ? query -> Vec<OsPatch>;
    /// Patches of the operating system that were installed, or failed.
    os_patch_installs = LIST_DEVICE_OS_PATCH_INSTALLS [id: DeviceId] ? query -> Vec<OsPatch>;
    /// Patches of programs that are pending, failed or rejected.
    software_patches = LIST_DEVICE_SOFTWARE_PATCHES [id: DeviceId] ? query -> Vec<SoftwarePatch>;
    /// Patches of programs that were installed, or failed.
    software_patch_installs = LIST_DEVICE_SOFTWARE_PATCH_INSTALLS [id: DeviceId] ? query -> Vec<SoftwarePatch>;
    /// Its Windows services.
    windows_services = LIST_WINDOWS_SERVICES [id: DeviceId] ? query -> Vec<WindowsService>;
    /// What runs on it now.
    jobs = LIST_DEVICE_JOBS [id: DeviceId] ? query -> Vec<Job>;
    /// Its open alerts.
    alerts = LIST_DEVICE_ALERTS [id: DeviceId] ? query -> Vec<Alert>;
    /// Its disks; sizes are in bytes.
    disks = LIST_DEVICE_DISKS [id: DeviceId] -> Vec<DiskDrive>;
    /// Its volumes; sizes are in bytes.
    volumes = LIST_DEVICE_VOLUMES [id: DeviceId] ? query -> Vec<Volume>;
    /// Its processors; speeds are in hertz.
    processors = LIST_DEVICE_PROCESSORS [id: DeviceId] -> Vec<Processor>;
    /// Its network interfaces.
    network_interfaces = LIST_DEVICE_NETWORK_INTERFACES [id: DeviceId] -> Vec<NetworkInterface>;
    /// The programs installed on it.
    software = LIST_DEVICE_SOFTWARE [id: DeviceId] -> Vec<Software>;
    /// Who was logged on to it last.
    last_logged_on_user = GET_DEVICE_LAST_USER [id: DeviceId] -> LoggedOnUser;
    /// Which parts of its policy are overridden.
    policy_overrides = GET_DEVICE_POLICY_OVERRIDES [id: DeviceId] -> PolicyOverrides;
}
