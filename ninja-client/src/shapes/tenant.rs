//! What belongs to the tenant as a whole.

use crate::ids::{GroupId, NodeRoleId};
use crate::shapes::values::{ChannelType, ChassisType, NodeClass, VariableSource, VariableType};
use crate::time::Timestamp;

crate::shape::shapes! {
    /// An automation script (`AutomationScript`).
    AutomationScript {
        may {
            id: i32 = "id",
            name: String = "name",
            description: String = "description",
            active: bool = "active",
            language: String = "language",
            architecture: Vec<String> = "architecture",
            operating_systems: Vec<String> = "operatingSystems",
            script_parameters: Vec<String> = "scriptParameters",
            script_variables: Vec<ScriptVariable> = "scriptVariables",
            created_by: String = "createdBy",
            last_updated_by: String = "lastUpdatedBy",
            created_on: Timestamp = "createdOn",
            updated_on: Timestamp = "updatedOn",
        }
    }
    /// A group (`Group`).
    Group {
        may {
            id: GroupId = "id",
            name: String = "name",
            description: String = "description",
            shared: bool = "shared",
            created: Timestamp = "created",
            updated: Timestamp = "updated",
            device_count: i32 = "deviceCount",
            last_evaluated: Timestamp = "lastEvaluated",
        }
    }
    /// A device role (`NodeRole`).
    DeviceRole {
        may {
            id: NodeRoleId = "id",
            name: String = "name",
            description: String = "description",
            node_class: NodeClass = "nodeClass",
            custom: bool = "custom",
            chassis_type: ChassisType = "chassisType",
            created: Timestamp = "created",
            node_role_parent_id: NodeRoleId = "nodeRoleParentId",
            icon: String = "icon",
        }
    }
    /// A notification channel (`NotificationChannel`).
    NotificationChannel {
        may {
            id: i32 = "id",
            name: String = "name",
            description: String = "description",
            enabled: bool = "enabled",
            kind: ChannelType = "type",
        }
    }
    /// A scheduled task (`ScheduledTask`).
    ScheduledTask {
        may {
            id: i32 = "id",
            name: String = "name",
            description: String = "description",
            enabled: bool = "enabled",
            created: Timestamp = "created",
            last_run: Timestamp = "lastRun",
            run_count: i32 = "runCount",
        }
    }
    /// A script variable (`ScriptVariable`).
    ScriptVariable {
        may {
            id: String = "id",
            name: String = "name",
            description: String = "description",
            kind: VariableType = "type",
            source: VariableSource = "source",
            default_value: String = "defaultValue",
            required: bool = "required",
            value_list: Vec<String> = "valueList",
        }
    }
    /// A software product (`SoftwareProduct`).
    SoftwareProduct {
        may {
            id: String = "id",
            vendor_name: String = "vendorName",
            product_name: String = "productName",
            installable: bool = "installable",
            active: bool = "active",
        }
    }
}
