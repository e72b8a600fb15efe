//! Policies and their conditions.

use crate::ids::{DeviceId, PolicyId};
use crate::shapes::condition_parameter::ConditionParameter;
use crate::shapes::values::{
    FieldOperator, NodeClass, NotificationAction, Priority, RunAs, Severity, TextCondition, TextInclude,
};
use crate::time::Timestamp;

crate::shape::shapes! {
    /// A custom field condition (`CustomFieldPolicyConditionResponse`).
    CustomFieldCondition {
        may {
            id: String = "id",
            condition_name: String = "conditionName",
            display_name: String = "displayName",
            enabled: bool = "enabled",
            severity: Severity = "severity",
            priority: Priority = "priority",
            channels: Vec<i32> = "channels",
            scripts: Vec<ConditionScript> = "scripts",
            notification_action: NotificationAction = "notificationAction",
            notify_on_reset: bool = "notifyOnReset",
            reset_threshold: i32 = "resetThreshold",
            inheritance: ConditionInheritance = "inheritance",
            match_all: Vec<FieldTest> = "matchAll",
            match_any: Vec<FieldTest> = "matchAny",
        }
    }
    /// A policy overrides of a device, in a report (`DevicePolicyOverrides`).
    DevicePolicyOverrides {
        may {
            overrides: Vec<String> = "overrides",
            device_id: DeviceId = "deviceId",
        }
    }
    /// A policy (`Policy`).
    Policy {
        may {
            id: PolicyId = "id",
            parent_policy_id: PolicyId = "parentPolicyId",
            name: String = "name",
            description: String = "description",
            node_class: NodeClass = "nodeClass",
            updated: Timestamp = "updated",
            node_class_default: bool = "nodeClassDefault",
        }
    }
    /// A condition inheritance (`PolicyConditionInheritanceStatus`).
    ConditionInheritance {
        may {
            inherited: bool = "inherited",
            overridden: bool = "overridden",
            source_policy_id: PolicyId = "sourcePolicyId",
        }
    }
    /// Policy overrides (`PolicyOverrides`).
    PolicyOverrides {
        may {
            overrides: Vec<String> = "overrides",
        }
    }
    /// A Windows event condition (`WindowsEventPolicyConditionResponse`).
    WindowsEventCondition {
        may {
            id: String = "id",
            condition_name: String = "conditionName",
            display_name: String = "displayName",
            enabled: bool = "enabled",
            severity: Severity = "severity",
            priority: Priority = "priority",
            channels: Vec<i32> = "channels",
            scripts: Vec<ConditionScript> = "scripts",
            notification_action: NotificationAction = "notificationAction",
            notify_on_reset: bool = "notifyOnReset",
            reset_threshold: i32 = "resetThreshold",
            inheritance: ConditionInheritance = "inheritance",
            source: String = "source",
            event_ids: Vec<i32> = "eventIds",
            text: EventText = "text",
            occurrence: EventOccurrence = "occurrence",
        }
    }
}

crate::shape::requests! {
    /// What a new custom field condition is made of (`CustomFieldsPolicyConditionCreateRequest`).
    NewCustomFieldCondition {
        may {
            enabled: bool = "enabled",
            display_name: String = "displayName",
            severity: Severity = "severity",
            priority: Priority = "priority",
            channels: Vec<i32> = "channels",
            scripts: Vec<ConditionScript> = "scripts",
            notification_action: NotificationAction = "notificationAction",
            notify_on_reset: bool = "notifyOnReset",
            reset_threshold: i32 = "resetThreshold",
            match_all: Vec<FieldTest> = "matchAll",
            match_any: Vec<FieldTest> = "matchAny",
        }
    }
    /// What a condition asks of a custom field (`PolicyConditionCustomField`).
    FieldTest {
        must { field_name: String = "fieldName", operator: FieldOperator = "operator", value: String = "value" }
        may {
        }
    }
    /// A condition script (`PolicyConditionScript`).
    ConditionScript {
        may {
            script_id: i32 = "scriptId",
            run_as: RunAs = "runAs",
            script_param: ConditionParameter = "scriptParam",
            script_variables: Vec<ConditionScriptVariable> = "scriptVariables",
        }
    }
    /// A condition script variable (`PolicyConditionScriptVariable`).
    ConditionScriptVariable {
        may {
            id: String = "id",
            value: ConditionParameter = "value",
        }
    }
    /// What a new policy is made of (`PolicyInfo`).
    NewPolicy {
        may {
            parent_policy_id: PolicyId = "parentPolicyId",
            name: String = "name",
            description: String = "description",
            node_class: NodeClass = "nodeClass",
            enabled: bool = "enabled",
        }
    }
    /// What a new Windows event condition is made of (`WindowsEventPolicyConditionCreateRequest`).
    NewWindowsEventCondition {
        must { source: String = "source", event_ids: Vec<i32> = "eventIds" }
        may {
            enabled: bool = "enabled",
            display_name: String = "displayName",
            severity: Severity = "severity",
            priority: Priority = "priority",
            channels: Vec<i32> = "channels",
            scripts: Vec<ConditionScript> = "scripts",
            notification_action: NotificationAction = "notificationAction",
            notify_on_reset: bool = "notifyOnReset",
            reset_threshold: i32 = "resetThreshold",
            text: EventText = "text",
            occurrence: EventOccurrence = "occurrence",
        }
    }
    /// An event occurrence (`WindowsEventPolicyConditionOccurrence`).
    EventOccurrence {
        may {
            enabled: bool = "enabled",
            threshold: i32 = "threshold",
            duration: i32 = "duration",
        }
    }
    /// An event text (`WindowsEventPolicyConditionText`).
    EventText {
        may {
            values: Vec<String> = "values",
            condition: TextCondition = "condition",
            include: TextInclude = "include",
        }
    }
}
