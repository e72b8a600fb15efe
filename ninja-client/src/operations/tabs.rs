//! Tabs of custom fields.

crate::api_operation::api_operations! {
    CREATE_CUSTOM_TAB = "create_custom_tab", NonIdempotent Post "v2/tab" [];
    GET_CUSTOM_TAB = "get_custom_tab", Read Get "v2/tab/{tabId}" [];
    DELETE_CUSTOM_TAB = "delete_custom_tab", Idempotent Delete "v2/tab/{tabId}" [];
    UPDATE_CUSTOM_TAB = "update_custom_tab", Idempotent Patch "v2/tab/{tabId}" [];
    GET_TAB_HIERARCHY_FOR_END_USER = "get_tab_hierarchy_for_end_user", Read Get "v2/tab/{tabId}/end-user" [];
    GET_TAB_HIERARCHY_FOR_ORGANIZATION = "get_tab_hierarchy_for_organization", Read Get "v2/tab/{tabId}/organization"
        [];
    GET_TAB_HIERARCHY_FOR_ROLE = "get_tab_hierarchy_for_role", Read Get "v2/tab/{tabId}/role/{roleId}" [];
    GET_TAB_SUMMARY_FOR_END_USER = "get_tab_summary_for_end_user", Read Get "v2/tab/summary/end-user" [];
    GET_TAB_SUMMARY_FOR_ORGANIZATION = "get_tab_summary_for_organization", Read Get "v2/tab/summary/organization"
        [];
    GET_TAB_SUMMARY_FOR_ROLE = "get_tab_summary_for_role", Read Get "v2/tab/summary/role/{roleId}" [];
    GET_TAB_SUMMARY_FOR_GLOBAL = "get_tab_summary_for_global", Read Get "v2/tab/summary/global" [];
    RENAME_CUSTOM_TAB = "rename_custom_tab", Idempotent Patch "v2/tab/rename" [];
    UPDATE_CUSTOM_TABS_DISPLAY = "update_custom_tabs_display", Idempotent Patch "v2/tab/role/{roleId}/visibility"
        [];
    UPDATE_END_USER_CUSTOM_TABS_ORDER = "update_end_user_custom_tabs_order", Idempotent Patch "v2/tab/end-user/order"
        [];
    UPDATE_GLOBAL_CUSTOM_TABS_ORDER = "update_global_custom_tabs_order", Idempotent Patch "v2/tab/global/order"
        [];
    UPDATE_ORGANIZATION_CUSTOM_TABS_ORDER = "update_organization_custom_tabs_order", Idempotent Patch "v2/tab/organization/order"
        [];
    UPDATE_ROLE_CUSTOM_TABS_ORDER = "update_role_custom_tabs_order", Idempotent Patch "v2/tab/role/{roleId}/order"
        [];
}
