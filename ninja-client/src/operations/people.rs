//! Users and contacts.

crate::api_operation::api_operations! {
    LIST_CONTACTS = "list_contacts", Read Get "v2/contacts" [];
    CREATE_CONTACT = "create_contact", NonIdempotent Post "v2/contacts" [];
    GET_CONTACT = "get_contact", Read Get "v2/contact/{id}" [];
    DELETE_CONTACT = "delete_contact", Idempotent Delete "v2/contact/{id}" [];
    UPDATE_CONTACT = "update_contact", Idempotent Patch "v2/contact/{id}" [];
    LIST_USERS = "list_users", Read Get "v2/users" ["userType", "includeRoles"];
    LIST_END_USERS = "list_end_users", Read Get "v2/user/end-users" [];
    CREATE_END_USER = "create_end_user", NonIdempotent Post "v2/user/end-users" ["sendInvitation"];
    GET_END_USER = "get_end_user", Read Get "v2/user/end-user/{id}" [];
    DELETE_END_USER = "delete_end_user", Idempotent Delete "v2/user/end-user/{id}" [];
    UPDATE_END_USER = "update_end_user", Idempotent Patch "v2/user/end-user/{id}" [];
    SET_END_USER_DEVICE_ACCESS = "set_end_user_device_access", Idempotent Patch "v2/user/end-user/{id}/device-access"
        [];
    GET_END_USER_CUSTOM_FIELDS = "get_end_user_custom_fields", Read Get "v2/user/end-user/{id}/custom-fields"
        [];
    SET_END_USER_CUSTOM_FIELDS = "set_end_user_custom_fields", Idempotent Patch "v2/user/end-user/{id}/custom-fields"
        [];
    LIST_TECHNICIANS = "list_technicians", Read Get "v2/user/technicians" [];
    CREATE_TECHNICIAN = "create_technician", NonIdempotent Post "v2/user/technicians" [];
    GET_TECHNICIAN = "get_technician", Read Get "v2/user/technician/{id}" [];
    DELETE_TECHNICIAN = "delete_technician", Idempotent Delete "v2/user/technician/{id}" [];
    UPDATE_TECHNICIAN = "update_technician", Idempotent Patch "v2/user/technician/{id}" [];
    ADD_ROLE_MEMBERS = "add_role_members", Idempotent Patch "v2/user/role/{roleId}/add-members" [];
    SET_ROLE_ORGANIZATIONS = "set_role_organizations", Idempotent Patch "v2/user/role/{roleId}/permissions/organizations"
        [];
    LIST_USER_ROLES = "list_user_roles", Read Get "v2/user/roles" ["roleType"];
    REMOVE_ROLE_MEMBERS = "remove_role_members", Idempotent Patch "v2/user/role/{roleId}/remove-members" [];
}
