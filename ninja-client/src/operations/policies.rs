//! Policies and their conditions.

crate::api_operation::api_operations! {
    LIST_CUSTOM_FIELD_CONDITIONS = "list_custom_field_conditions", Read Get "v2/policies/{policy_id}/condition/custom-fields"
        [];
    CREATE_CUSTOM_FIELD_CONDITION = "create_custom_field_condition", NonIdempotent Post "v2/policies/{policy_id}/condition/custom-fields"
        [];
    LIST_WINDOWS_EVENT_CONDITIONS = "list_windows_event_conditions", Read Get "v2/policies/{policy_id}/condition/windows-event"
        [];
    CREATE_WINDOWS_EVENT_CONDITION = "create_windows_event_condition", NonIdempotent Post "v2/policies/{policy_id}/condition/windows-event"
        [];
    DELETE_POLICY_CONDITION = "delete_policy_condition", Idempotent Delete "v2/policies/{policy_id}/condition/{condition_id}"
        [];
    GET_CUSTOM_FIELD_CONDITION = "get_custom_field_condition", Read Get "v2/policies/{policy_id}/condition/custom-fields/{condition_id}"
        [];
    GET_WINDOWS_EVENT_CONDITION = "get_windows_event_condition", Read Get "v2/policies/{policy_id}/condition/windows-event/{condition_id}"
        [];
    LIST_POLICIES = "list_policies", Read Get "v2/policies" [];
    CREATE_POLICY = "create_policy", NonIdempotent Post "v2/policies" ["mode", "templatePolicyId"];
}
