//! Policies and their conditions.

use http_core::ServiceClient;

use crate::calls::calls;
use crate::ids::{PolicyId, Uid};
use crate::service::Ninja;
use crate::shapes::{
    CustomFieldCondition, NewCustomFieldCondition, NewPolicy, NewWindowsEventCondition, Policy,
    WindowsEventCondition,
};

/// Policies and their conditions; from [`crate::Client::policies`].
#[derive(Clone, Copy, Debug)]
pub struct Policies<'a> {
    pub(crate) service: &'a ServiceClient<Ninja>,
}

calls! { Policies:
    /// Every policy.
    list = LIST_POLICIES [] -> Vec<Policy>;
    /// Adds a policy.
    create = CREATE_POLICY [] { new: NewPolicy } ? query -> Policy;
    /// Its conditions on custom fields.
    custom_field_conditions = LIST_CUSTOM_FIELD_CONDITIONS [policy: PolicyId] -> Vec<CustomFieldCondition>;
    /// Adds a condition on custom fields.
    create_custom_field_condition = CREATE_CUSTOM_FIELD_CONDITION [policy: PolicyId] { new: NewCustomFieldCondition } -> CustomFieldCondition;
    /// One condition on custom fields.
    custom_field_condition = GET_CUSTOM_FIELD_CONDITION [policy: PolicyId, condition: &Uid] -> CustomFieldCondition;
    /// Its conditions on Windows events.
    windows_event_conditions = LIST_WINDOWS_EVENT_CONDITIONS [policy: PolicyId] -> Vec<WindowsEventCondition>;
    /// Adds a condition on Windows events.
    create_windows_event_condition = CREATE_WINDOWS_EVENT_CONDITION [policy: PolicyId] { new: NewWindowsEventCondition } -> WindowsEventCondition;
    /// One condition on Windows events.
    windows_event_condition = GET_WINDOWS_EVENT_CONDITION [policy: PolicyId, condition: &Uid] -> WindowsEventCondition;
    /// Takes a condition away.
    delete_condition = DELETE_POLICY_CONDITION [policy: PolicyId, condition: &Uid];
}
