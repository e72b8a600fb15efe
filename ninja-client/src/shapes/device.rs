//! Devices.

use crate::ids::{DeviceId, LocationId, NodeRoleId, OrganizationId, PolicyId, Uid};
use crate::members::Members;
use crate::shapes::backup::{BackupUsage, BandwidthThrottle};
use crate::shapes::hardware::{ComputerSystem, Memory, Processor, Volume};
use crate::shapes::organization::{Location, Organization};
use crate::shapes::person::User;
use crate::shapes::policy::Policy;
use crate::shapes::software::OperatingSystem;
use crate::shapes::tenant::DeviceRole;
use crate::shapes::values::{ApprovalStatus, MaintenanceStatus, NodeClass};
use crate::time::Timestamp;

crate::shape::shapes! {
    /// A device with its addresses, its hardware and its software, as far as its kind has them (`Device`).
    DeviceDetail {
        base { device: Device }
        plain { ip_addresses: Vec<String> = "ipAddresses", mac_addresses: Vec<String> = "macAddresses" }
        may {
            public_ip: String = "publicIP",
            notes: Vec<Note> = "notes",
            device_type: String = "deviceType",
            os: OperatingSystem = "os",
            system: ComputerSystem = "system",
            memory: Memory = "memory",
            processors: Vec<Processor> = "processors",
            volumes: Vec<Volume> = "volumes",
            last_logged_in_user: String = "lastLoggedInUser",
        }
    }
    /// A device that a search found, and by what (`DeviceSearchMatch`).
    DeviceMatch {
        base { device: Device }
        may {
            score: i32 = "score",
            match_attr: String = "matchAttr",
            match_attr_value: String = "matchAttrValue",
        }
    }
    /// A maintenance, planned or under way (`Maintenance`).
    Maintenance {
        may {
            status: MaintenanceStatus = "status",
            start: Timestamp = "start",
            end: Timestamp = "end",
            reason_message: String = "reasonMessage",
        }
    }
    /// What a device refers to (`NodeReferences`).
    DeviceReferences {
        may {
            organization: Organization = "organization",
            location: Location = "location",
            role_policy: Policy = "rolePolicy",
            policy: Policy = "policy",
            role: DeviceRole = "role",
            backup_usage: BackupUsage = "backupUsage",
            warranty: WarrantyDates = "warranty",
            assigned_owner: User = "assignedOwner",
            backup_bandwidth_throttle: BandwidthThrottle = "backupBandwidthThrottle",
        }
    }
    /// A device, as lists show it (`NodeWithDetailedReferences`).
    Device {
        must { id: DeviceId = "id", organization_id: OrganizationId = "organizationId", location_id: LocationId = "locationId" }
        plain { node_class: NodeClass = "nodeClass", approval_status: ApprovalStatus = "approvalStatus" }
        may {
            uid: Uid = "uid",
            assigned_owner_uid: Uid = "assignedOwnerUid",
            parent_device_id: DeviceId = "parentDeviceId",
            node_role_id: NodeRoleId = "nodeRoleId",
            role_policy_id: PolicyId = "rolePolicyId",
            policy_id: PolicyId = "policyId",
            offline: bool = "offline",
            display_name: String = "displayName",
            system_name: String = "systemName",
            dns_name: String = "dnsName",
            netbios_name: String = "netbiosName",
            created: Timestamp = "created",
            last_contact: Timestamp = "lastContact",
            last_update: Timestamp = "lastUpdate",
            user_data: Members = "userData",
            tags: Vec<String> = "tags",
            maintenance: Maintenance = "maintenance",
            references: DeviceReferences = "references",
        }
    }
    /// A note on a device (`Note`).
    Note {
        may {
            text: String = "text",
        }
    }
}

crate::shape::requests! {
    /// When a warranty begins and ends (`WarrantyDates`).
    WarrantyDates {
        may {
            start_date: Timestamp = "startDate",
            end_date: Timestamp = "endDate",
            manufacturer_fulfillment_date: Timestamp = "manufacturerFulfillmentDate",
        }
    }
}
