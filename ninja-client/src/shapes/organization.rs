//! Organisations and locations.

use crate::ids::{LocationId, NodeRoleId, OrganizationId, PolicyId};
use crate::members::Members;
use crate::shapes::values::NodeApprovalMode;
use crate::time::Timestamp;

crate::shape::shapes! {
    /// Feature settings (`FeatureSettings`).
    FeatureSettings {
        may {
            product: String = "product",
            enabled: bool = "enabled",
            targets: Vec<String> = "targets",
            options: Members = "options",
        }
    }
    /// A site of a client. Its name is unique not even within its organisation (`Location`).
    Location {
        must { id: LocationId = "id" }
        plain { name: String = "name" }
        may {
            address: String = "address",
            description: String = "description",
            user_data: Members = "userData",
        }
    }
    /// A location backup usage (`LocationBackupUsageSummary`).
    LocationBackupUsage {
        may {
            location_id: LocationId = "locationId",
            location_name: String = "locationName",
            location_description: String = "locationDescription",
            revisions_current_size: i64 = "revisionsCurrentSize",
            revisions_previous_size: i64 = "revisionsPreviousSize",
            revisions_deleted_size: i64 = "revisionsDeletedSize",
            local_file_folder_size: i64 = "localFileFolderSize",
            local_image_size: i64 = "localImageSize",
            local_image_v2_size: i64 = "localImageV2Size",
            cloud_file_folder_size: i64 = "cloudFileFolderSize",
            cloud_image_size: i64 = "cloudImageSize",
            cloud_image_v2_size: i64 = "cloudImageV2Size",
            cloud_network_share_size: i64 = "cloudNetworkShareSize",
            last_successful_backup_job: Timestamp = "lastSuccessfulBackupJob",
            last_failed_backup_job: Timestamp = "lastFailedBackupJob",
            organization_id: OrganizationId = "organizationId",
            organization_name: String = "organizationName",
            revisions_total_size: i64 = "revisionsTotalSize",
            cloud_total_size: i64 = "cloudTotalSize",
            local_total_size: i64 = "localTotalSize",
        }
    }
    /// A site, and whose it is (`LocationWithOrganizationRef`).
    PlacedLocation {
        base { location: Location }
        must { organization_id: OrganizationId = "organizationId" }
        may {
        }
    }
    /// A client. Its name is neither unique nor stable (`Organization`).
    Organization {
        must { id: OrganizationId = "id" }
        plain { name: String = "name" }
        may {
            description: String = "description",
            user_data: Members = "userData",
            node_approval_mode: NodeApprovalMode = "nodeApprovalMode",
        }
    }
    /// A client with its sites and its policies (`OrganizationDetailed`).
    OrganizationDetail {
        base { organization: Organization }
        plain { locations: Vec<Location> = "locations" }
        may {
            policies: Vec<PolicyAssignment> = "policies",
            settings: OrganizationSettings = "settings",
        }
    }
    /// Settings of features for an organisation (`OrganizationSettings`).
    OrganizationSettings {
        may {
            trayicon: FeatureSettings = "trayicon",
            splashtop: FeatureSettings = "splashtop",
            teamviewer: FeatureSettings = "teamviewer",
            backup: FeatureSettings = "backup",
            psa: FeatureSettings = "psa",
        }
    }
}

crate::shape::requests! {
    /// What a location is made of; in a change, what is left out stays (`LocationModel`).
    LocationProperties {
        may {
            name: String = "name",
            address: String = "address",
            description: String = "description",
            user_data: Members = "userData",
        }
    }
    /// A policy assignment (`NodeRolePolicyAssignment`).
    PolicyAssignment {
        may {
            node_role_id: NodeRoleId = "nodeRoleId",
            policy_id: PolicyId = "policyId",
        }
    }
    /// What to change of an organization; what is left out stays (`OrganizationModel`).
    OrganizationChange {
        may {
            name: String = "name",
            description: String = "description",
            user_data: Members = "userData",
            node_approval_mode: NodeApprovalMode = "nodeApprovalMode",
        }
    }
    /// What a new organization is made of (`OrganizationWithLocationsAndPolicyAssignmentsModel`).
    NewOrganization {
        may {
            name: String = "name",
            description: String = "description",
            user_data: Members = "userData",
            node_approval_mode: NodeApprovalMode = "nodeApprovalMode",
            locations: Vec<LocationProperties> = "locations",
            policies: Vec<PolicyAssignment> = "policies",
        }
    }
}
