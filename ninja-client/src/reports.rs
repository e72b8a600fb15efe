//! The reports over all devices, which are also how to ask for something of many devices at once.

use http_core::ServiceClient;

use crate::service::Ninja;
use crate::shapes::{
    Device, DeviceAntivirusStatus, DeviceAntivirusThreat, DeviceComputerSystem, DeviceDiskDrive,
    DeviceFields, DeviceFieldsDetail, DeviceHealth, DeviceLoggedOnUser, DeviceNetworkInterface,
    DeviceOperatingSystem, DeviceOsPatch, DevicePolicyOverrides, DeviceProcessor, DeviceRaidController,
    DeviceRaidDrive, DeviceSoftware, DeviceSoftwarePatch, DeviceVolume, DeviceWindowsService,
    ScopedFieldsDetail,
};

/// The reports over all devices; from [`crate::Client::reports`].
#[derive(Clone, Copy, Debug)]
pub struct Reports<'a> {
    pub(crate) service: &'a ServiceClient<Ninja>,
}

/// Declares methods that read one report to its end.
macro_rules! reports {
    ($handle:ident: $($(#[$doc:meta])* $name:ident = $operation:ident -> $row:ty;)*) => {
        impl $handle<'_> {$(
            $(#[$doc])*
            ///
            /// The whole report, page by page as the stream is read.
            ///
            /// # Errors
            /// The stream's items: any kind that a read can end in. A row that is not understood is an error of its own, after which others follow.
            pub fn $name(
                &self,
                query: &$crate::parameters::Parameters,
            ) -> impl ::futures_util::Stream<Item = Result<$row, $crate::error::Error>> + Send + use<> {
                $crate::pages::report(self.service, $crate::operations::$operation, query)
            }
        )*}
    };
}

pub(crate) use reports;

reports! { Reports:
    /// Which antivirus each device has.
    antivirus_status = REPORT_ANTIVIRUS_STATUS -> DeviceAntivirusStatus;
    /// What antivirus found.
    antivirus_threats = REPORT_ANTIVIRUS_THREATS -> DeviceAntivirusThreat;
    /// Makers, models and serial numbers.
    computer_systems = REPORT_COMPUTER_SYSTEMS -> DeviceComputerSystem;
    /// Custom fields of devices.
    custom_fields = REPORT_DEVICE_CUSTOM_FIELDS -> DeviceFields;
    /// Custom fields of devices, and who set each.
    custom_fields_detailed = REPORT_DEVICE_CUSTOM_FIELDS_DETAILED -> DeviceFieldsDetail;
    /// Custom fields of every scope, and who set each.
    scoped_custom_fields_detailed = REPORT_CUSTOM_FIELDS_DETAILED -> ScopedFieldsDetail;
    /// How well each device is.
    device_health = REPORT_DEVICE_HEALTH -> DeviceHealth;
    /// What the backups of each device take up, among its references.
    backup_usage = REPORT_BACKUP_USAGE -> Device;
    /// Disks.
    disks = REPORT_DISKS -> DeviceDiskDrive;
    /// Patches of operating systems that were installed, or failed.
    os_patch_installs = REPORT_OS_PATCH_INSTALLS -> DeviceOsPatch;
    /// Patches of programs that were installed, or failed.
    software_patch_installs = REPORT_SOFTWARE_PATCH_INSTALLS -> DeviceSoftwarePatch;
    /// Who was logged on last.
    logged_on_users = REPORT_LOGGED_ON_USERS -> DeviceLoggedOnUser;
    /// Network interfaces.
    network_interfaces = REPORT_NETWORK_INTERFACES -> DeviceNetworkInterface;
    /// Operating systems.
    operating_systems = REPORT_OPERATING_SYSTEMS -> DeviceOperatingSystem;
    /// Patches of operating systems that are pending, failed or rejected.
    os_patches = REPORT_OS_PATCHES -> DeviceOsPatch;
    /// Patches of programs that are pending, failed or rejected.
    software_patches = REPORT_SOFTWARE_PATCHES -> DeviceSoftwarePatch;
    /// Which parts of policies are overridden.
    policy_overrides = REPORT_POLICY_OVERRIDES -> DevicePolicyOverrides;
    /// Processors.
    processors = REPORT_PROCESSORS -> DeviceProcessor;
    /// RAID controllers.
    raid_controllers = REPORT_RAID_CONTROLLERS -> DeviceRaidController;
    /// Drives behind RAID controllers.
    raid_drives = REPORT_RAID_DRIVES -> DeviceRaidDrive;
    /// Installed programs.
    software = REPORT_SOFTWARE -> DeviceSoftware;
    /// Volumes.
    volumes = REPORT_VOLUMES -> DeviceVolume;
    /// Windows services.
    windows_services = REPORT_WINDOWS_SERVICES -> DeviceWindowsService;
}
