//! Custom fields and their definitions.

crate::api_operation::api_operations! {
    UPDATE_FIELD_DEFINITIONS = "update_field_definitions", Idempotent Put "v2/custom-fields/bulk" [];
    CREATE_FIELD_DEFINITIONS = "create_field_definitions", NonIdempotent Post "v2/custom-fields/bulk" [];
    DELETE_FIELD_DEFINITIONS = "delete_field_definitions", Idempotent Delete "v2/custom-fields/bulk"
        ["fieldNames"];
    LIST_FIELD_DEFINITIONS = "list_field_definitions", Read Get "v2/custom-fields" ["cursorName", "pageSize"];
    CREATE_FIELD_DEFINITION = "create_field_definition", NonIdempotent Post "v2/custom-fields" [];
    GET_FIELD_DEFINITION = "get_field_definition", Read Get "v2/custom-fields/field-name/{fieldName}" [];
    UPDATE_FIELD_DEFINITION = "update_field_definition", Idempotent Put "v2/custom-fields/field-name/{fieldName}"
        [];
    DELETE_FIELD_DEFINITION = "delete_field_definition", Idempotent Delete "v2/custom-fields/field-name/{fieldName}"
        [];
    SIGN_FIELD_ATTACHMENTS = "sign_field_attachments", Idempotent Get "v2/custom-fields/entity-type/{entityType}/{entityId}/signed-urls"
        [];
    GET_DEVICE_CUSTOM_FIELDS = "get_device_custom_fields", Read Get "v2/device/{id}/custom-fields"
        ["withInheritance"];
    SET_DEVICE_CUSTOM_FIELDS = "set_device_custom_fields", Idempotent Patch "v2/device/{id}/custom-fields" [];
    GET_ORGANIZATION_CUSTOM_FIELDS = "get_organization_custom_fields", Read Get "v2/organization/{id}/custom-fields"
        [];
    SET_ORGANIZATION_CUSTOM_FIELDS = "set_organization_custom_fields", Idempotent Patch "v2/organization/{id}/custom-fields"
        [];
    GET_LOCATION_CUSTOM_FIELDS = "get_location_custom_fields", Read Get "v2/organization/{id}/location/{locationId}/custom-fields"
        ["withInheritance"];
    SET_LOCATION_CUSTOM_FIELDS = "set_location_custom_fields", Idempotent Patch "v2/organization/{id}/location/{locationId}/custom-fields"
        [];
    LIST_DEVICE_FIELD_DEFINITIONS = "list_device_field_definitions", Read Get "v2/device-custom-fields"
        ["scopes"];
}
