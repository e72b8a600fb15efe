//! Software of devices.

use std::collections::BTreeMap;

use crate::ids::{DeviceId, Uid};
use crate::shapes::values::{HealthStatus, InstallationStatus, ServiceStart, ServiceState};
use crate::time::Timestamp;

crate::shape::shapes! {
    /// A software (`Application`).
    Software {
        may {
            install_date: String = "installDate",
            location: String = "location",
            name: String = "name",
            publisher: String = "publisher",
            size: i64 = "size",
            version: String = "version",
            product_code: String = "productCode",
            is_system_component: bool = "isSystemComponent",
        }
    }
    /// An antivirus status of a device, in a report (`DeviceAntivirusStatus`).
    DeviceAntivirusStatus {
        may {
            product_name: String = "productName",
            product_state: String = "productState",
            definition_status: String = "definitionStatus",
            version: String = "version",
            device_id: DeviceId = "deviceId",
            timestamp: Timestamp = "timestamp",
        }
    }
    /// An antivirus threat of a device, in a report (`DeviceAntivirusThreat`).
    DeviceAntivirusThreat {
        may {
            name: String = "name",
            product_code: String = "productCode",
            quarantine_id: String = "quarantineId",
            status: String = "status",
            kind: String = "type",
            threat_id: i64 = "threatId",
            category: String = "category",
            level: String = "level",
            detection_source: String = "detectionSource",
            trace_list: String = "traceList",
            device_id: DeviceId = "deviceId",
            timestamp: Timestamp = "timestamp",
        }
    }
    /// A software of a device, in a report (`DeviceApplication`).
    DeviceSoftware {
        may {
            install_date: String = "installDate",
            location: String = "location",
            name: String = "name",
            publisher: String = "publisher",
            size: i64 = "size",
            version: String = "version",
            product_code: String = "productCode",
            is_system_component: bool = "isSystemComponent",
            device_id: DeviceId = "deviceId",
            timestamp: Timestamp = "timestamp",
        }
    }
    /// How well a device is, in a report (`DeviceHealthSummary`).
    DeviceHealth {
        may {
            active_threats_count: i32 = "activeThreatsCount",
            quarantined_threats_count: i32 = "quarantinedThreatsCount",
            blocked_threats_count: i32 = "blockedThreatsCount",
            failed_os_patches_count: i32 = "failedOSPatchesCount",
            pending_os_patches_count: i32 = "pendingOSPatchesCount",
            alert_count: i32 = "alertCount",
            active_job_count: i32 = "activeJobCount",
            failed_software_patches_count: i32 = "failedSoftwarePatchesCount",
            pending_software_patches_count: i32 = "pendingSoftwarePatchesCount",
            pending_reboot_reason: String = "pendingRebootReason",
            av_install_status: InstallationStatus = "avInstallStatus",
            products_installation_statuses: BTreeMap<String, InstallationStatus> = "productsInstallationStatuses",
            offline: bool = "offline",
            parent_device_id: DeviceId = "parentDeviceId",
            parent_offline: bool = "parentOffline",
            health_status: HealthStatus = "healthStatus",
            critical_vulnerability_count: i32 = "criticalVulnerabilityCount",
            high_vulnerability_count: i32 = "highVulnerabilityCount",
            medium_vulnerability_count: i32 = "mediumVulnerabilityCount",
            low_vulnerability_count: i32 = "lowVulnerabilityCount",
            installation_issues_count: i32 = "installationIssuesCount",
            device_id: DeviceId = "deviceId",
        }
    }
    /// An OS patch of a device, in a report (`DeviceOSPatch`).
    DeviceOsPatch {
        may {
            id: String = "id",
            name: String = "name",
            severity: String = "severity",
            status: String = "status",
            kind: String = "type",
            installed_at: Timestamp = "installedAt",
            device_id: DeviceId = "deviceId",
            timestamp: Timestamp = "timestamp",
            kb_number: String = "kbNumber",
        }
    }
    /// An operating system of a device, in a report (`DeviceOperatingSystem`).
    DeviceOperatingSystem {
        may {
            manufacturer: String = "manufacturer",
            name: String = "name",
            architecture: String = "architecture",
            last_boot_time: Timestamp = "lastBootTime",
            build_number: String = "buildNumber",
            release_id: String = "releaseId",
            service_pack_major_version: i32 = "servicePackMajorVersion",
            service_pack_minor_version: i32 = "servicePackMinorVersion",
            locale: String = "locale",
            language: String = "language",
            needs_reboot: bool = "needsReboot",
            device_id: DeviceId = "deviceId",
            timestamp: Timestamp = "timestamp",
        }
    }
    /// A software patch of a device, in a report (`DeviceSoftwarePatch`).
    DeviceSoftwarePatch {
        may {
            id: String = "id",
            product_identifier: Uid = "productIdentifier",
            title: String = "title",
            impact: String = "impact",
            status: String = "status",
            kind: String = "type",
            installed_at: Timestamp = "installedAt",
            device_id: DeviceId = "deviceId",
            timestamp: Timestamp = "timestamp",
        }
    }
    /// A Windows service of a device, in a report (`DeviceWindowsService`).
    DeviceWindowsService {
        may {
            name: String = "name",
            display_name: String = "displayName",
            description: String = "description",
            start_type: ServiceStart = "startType",
            user_name: String = "userName",
            state: ServiceState = "state",
            device_id: DeviceId = "deviceId",
            timestamp: Timestamp = "timestamp",
        }
    }
    /// An OS patch (`OSPatch`).
    OsPatch {
        may {
            id: String = "id",
            name: String = "name",
            severity: String = "severity",
            status: String = "status",
            kind: String = "type",
            installed_at: Timestamp = "installedAt",
            kb_number: String = "kbNumber",
        }
    }
    /// An operating system (`OperatingSystem`).
    OperatingSystem {
        may {
            manufacturer: String = "manufacturer",
            name: String = "name",
            architecture: String = "architecture",
            last_boot_time: Timestamp = "lastBootTime",
            build_number: String = "buildNumber",
            release_id: String = "releaseId",
            service_pack_major_version: i32 = "servicePackMajorVersion",
            service_pack_minor_version: i32 = "servicePackMinorVersion",
            locale: String = "locale",
            language: String = "language",
            needs_reboot: bool = "needsReboot",
        }
    }
    /// A software patch (`SoftwarePatch`).
    SoftwarePatch {
        may {
            id: String = "id",
            product_identifier: Uid = "productIdentifier",
            title: String = "title",
            impact: String = "impact",
            status: String = "status",
            kind: String = "type",
            installed_at: Timestamp = "installedAt",
        }
    }
    /// A Windows service (`WindowsService`).
    WindowsService {
        may {
            name: String = "name",
            display_name: String = "displayName",
            description: String = "description",
            start_type: ServiceStart = "startType",
            user_name: String = "userName",
            state: ServiceState = "state",
        }
    }
}
