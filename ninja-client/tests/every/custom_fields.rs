//! Custom fields and their definitions.

use ninja_client::FieldName;
use ninja_client::shapes::{
    ApiPermission, DefinitionScope, FieldDefinitionChange, FieldDefinitionChanges, FieldType,
    NewFieldDefinition, NewFieldDefinitions,
};

use super::{first, patch, rows};

rows! { c, at;
    GET_DEVICE_CUSTOM_FIELDS "/v2/device/10/custom-fields" "withInheritance=false"
        { null } -> { {} }
        c.devices().custom_fields(at.device).await;
    SET_DEVICE_CUSTOM_FIELDS "/v2/device/10/custom-fields" ""
        { { "siteContact": "Ada" } } -> { null }
        c.devices().set_custom_fields(at.device, &patch()?).await;
    LIST_FIELD_DEFINITIONS "/v2/custom-fields" "pageSize=500"
        { null } -> { { "results": [] } }
        first(c.field_definitions().list()).await;
    LIST_DEVICE_FIELD_DEFINITIONS "/v2/device-custom-fields" "scopes=all"
        { null } -> { [] }
        c.field_definitions().all().await;
    GET_FIELD_DEFINITION "/v2/custom-fields/field-name/siteContact" ""
        { null } -> { {} }
        c.field_definitions().get(&FieldName::new("siteContact")?).await;
    CREATE_FIELD_DEFINITION "/v2/custom-fields" ""
        { { "label": "Rack", "fieldName": "rack", "type": "TEXT", "definitionScope": ["NODE"], "apiPermission": "READ_WRITE" } } -> { {} }
        c.field_definitions().create(&NewFieldDefinition::new("Rack".into(), "rack".into()).kind(FieldType::Text).definition_scope(vec![DefinitionScope::Node]).api_permission(ApiPermission::ReadWrite)).await;
    UPDATE_FIELD_DEFINITION "/v2/custom-fields/field-name/siteContact" ""
        { { "description": "Where it stands" } } -> { {} }
        c.field_definitions().update(&FieldName::new("siteContact")?, &FieldDefinitionChange::new().description("Where it stands")).await;
    DELETE_FIELD_DEFINITION "/v2/custom-fields/field-name/siteContact" ""
        { null } -> { null }
        c.field_definitions().delete_with_all_values(&FieldName::new("siteContact")?).await;
    CREATE_FIELD_DEFINITIONS "/v2/custom-fields/bulk" ""
        { { "customFields": [{ "label": "Shelf", "fieldName": "shelf" }] } } -> { [] }
        c.field_definitions().create_all(&NewFieldDefinitions::new().custom_fields(vec![NewFieldDefinition::new("Shelf".into(), "shelf".into())])).await;
    UPDATE_FIELD_DEFINITIONS "/v2/custom-fields/bulk" ""
        { { "customFields": [{ "fieldName": "siteContact", "label": "Contact" }] } } -> { [] }
        c.field_definitions().update_all(&FieldDefinitionChanges::new().custom_fields(vec![FieldDefinitionChange::new().field_name("siteContact").label("Contact")])).await;
    DELETE_FIELD_DEFINITIONS "/v2/custom-fields/bulk" "fieldNames=seats%2Cservices"
        { null } -> { ["seats", "services"] }
        c.field_definitions().delete_several_with_all_values(&[FieldName::new("seats")?, FieldName::new("services")?]).await;
    SIGN_FIELD_ATTACHMENTS "/v2/custom-fields/entity-type/NODE/10/signed-urls" ""
        { null } -> { {} }
        c.field_definitions().signed_urls(DefinitionScope::Node, at.device.get()).await;
    GET_END_USER_CUSTOM_FIELDS "/v2/user/end-user/32/custom-fields" ""
        { null } -> { {} }
        c.users().custom_fields(at.end_user).await;
    SET_END_USER_CUSTOM_FIELDS "/v2/user/end-user/32/custom-fields" ""
        { { "siteContact": "Ada" } } -> { null }
        c.users().set_custom_fields(at.end_user, &patch()?).await;
}
