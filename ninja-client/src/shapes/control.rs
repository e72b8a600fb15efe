//! What devices are asked to do.

use crate::ids::{DeviceId, LocationId, NodeRoleId, OrganizationId, PolicyId, Uid};
use crate::members::Members;
use crate::shapes::device::WarrantyDates;
use crate::shapes::values::{
    CredentialType, InstallerType, MaintenanceFeature, ScriptType, ServiceAction, ServiceStart,
};
use crate::time::{Milliseconds, Timestamp};

crate::shape::shapes! {
    /// The placeholder that was made (`CreateStagedDevicePublicApiResponse`).
    StagedDevice {
        may {
            node_id: DeviceId = "nodeId",
        }
    }
    /// A credential by its name; never the credential itself (`CredentialReference`).
    CredentialReference {
        may {
            id: i32 = "id",
            name: String = "name",
            kind: CredentialType = "type",
        }
    }
    /// As whom something may be run (`DeviceCredentialOptions`).
    CredentialOptions {
        may {
            roles: Vec<String> = "roles",
            credentials: Vec<CredentialReference> = "credentials",
        }
    }
    /// What may be run on a device, and as whom (`DeviceScriptingOptions`).
    ScriptingOptions {
        may {
            categories: Vec<ScriptCategory> = "categories",
            scripts: Vec<Script> = "scripts",
            credentials: CredentialOptions = "credentials",
        }
    }
    /// A script (`Script`).
    Script {
        may {
            kind: ScriptType = "type",
            id: i32 = "id",
            uid: Uid = "uid",
            name: String = "name",
            language: String = "language",
            description: String = "description",
            architecture: Vec<String> = "architecture",
            category_id: i32 = "categoryId",
        }
    }
    /// A script category (`ScriptCategory`).
    ScriptCategory {
        may {
            id: i32 = "id",
            name: String = "name",
            internal: bool = "internal",
        }
    }
}

crate::shape::requests! {
    /// What a new staged device is made of (`CreateStagedDevicePublicApiRequest`).
    NewStagedDevice {
        must { name: String = "name", org_id: OrganizationId = "orgId", location_id: LocationId = "locationId", role_id: NodeRoleId = "roleId" }
        may {
            assigned_user_uid: Uid = "assignedUserUid",
            warranty_start_date: Timestamp = "warrantyStartDate",
            warranty_end_date: Timestamp = "warrantyEndDate",
            itam_asset_id: String = "itamAssetId",
            itam_asset_status: String = "itamAssetStatus",
            itam_asset_purchase_date: Timestamp = "itamAssetPurchaseDate",
            itam_asset_purchase_amount: f64 = "itamAssetPurchaseAmount",
            itam_asset_expected_lifetime: String = "itamAssetExpectedLifetime",
            itam_asset_end_of_life_date: Timestamp = "itamAssetEndOfLifeDate",
            itam_asset_serial_number: String = "itamAssetSerialNumber",
        }
    }
    /// Some devices (`DeviceIDList`).
    DeviceIds {
        may {
            devices: Vec<DeviceId> = "devices",
        }
    }
    /// What to change of a device; what is left out stays (`DeviceMutableProperties`).
    DeviceChange {
        may {
            display_name: String = "displayName",
            user_data: Members = "userData",
            node_role_id: NodeRoleId = "nodeRoleId",
            policy_id: PolicyId = "policyId",
            organization_id: OrganizationId = "organizationId",
            location_id: LocationId = "locationId",
            warranty: WarrantyDates = "warranty",
        }
    }
    /// What a new installer is made of (`GenerateInstallerRequestDto`).
    NewInstaller {
        may {
            organization_id: OrganizationId = "organizationId",
            location_id: LocationId = "locationId",
            installer_type: InstallerType = "installerType",
            usage_limit: i32 = "usageLimit",
            content: InstallerContent = "content",
        }
    }
    /// An installer content (`InstallerContent`).
    InstallerContent {
        may {
            node_role_id: String = "nodeRoleId",
        }
    }
    /// What stays quiet during a maintenance, and from when to when (`MaintenanceSettings`).
    MaintenanceSettings {
        may {
            disabled_features: Vec<MaintenanceFeature> = "disabledFeatures",
            start: Milliseconds = "start",
            end: Milliseconds = "end",
            reason_message: String = "reasonMessage",
        }
    }
    /// Why a device restarts (`RebootRequest`).
    RebootReason {
        may {
            reason: String = "reason",
        }
    }
    /// A Windows service configuration (`WindowsServiceConfiguration`).
    WindowsServiceConfiguration {
        may {
            start_type: ServiceStart = "startType",
            user_name: String = "userName",
        }
    }
    /// A Windows service control (`WindowsServiceControlRequest`).
    WindowsServiceControl {
        may {
            action: ServiceAction = "action",
        }
    }
}
