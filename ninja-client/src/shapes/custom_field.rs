//! Definitions of custom fields, and what reports say of their values.

use crate::field_value::{CustomFields, FieldValue};
use crate::ids::DeviceId;
use crate::shapes::values::{
    ApiPermission, DateRule, DefinitionReach, DefinitionScope, EndUserPermission, FieldEntityType, FieldType,
    IdentifierAssignment, IdentifierScope, IdentifierType, IpAddressKind, NodeClass, ScriptPermission,
    TechnicianPermission, UpdateSource,
};
use crate::time::Timestamp;

crate::shape::shapes! {
    /// Options and rules of a custom field (`AttributeContent`).
    FieldContent {
        may {
            customize_for_end_user: bool = "customizeForEndUser",
            end_user_customization: EndUserCustomization = "endUserCustomization",
            values: Vec<FieldOption> = "values",
            required: bool = "required",
            footer_text: String = "footerText",
            tooltip_text: String = "tooltipText",
            advanced_settings: FieldRules = "advancedSettings",
        }
    }
    /// A field option (`AttributeContentValue`).
    FieldOption {
        may {
            id: String = "id",
            name: String = "name",
            active: bool = "active",
            system: bool = "system",
        }
    }
    /// The definition of a custom field. `name` is what values are read and written by; `label` is what people see (`AttributePublicApiDTO`).
    FieldDefinition {
        may {
            entity_type: FieldEntityType = "entityType",
            scope: DefinitionReach = "scope",
            definition_scope: Vec<DefinitionScope> = "definitionScope",
            kind: FieldType = "type",
            label: String = "label",
            description: String = "description",
            name: String = "name",
            default_value: String = "defaultValue",
            end_user_permission: EndUserPermission = "endUserPermission",
            technician_permission: TechnicianPermission = "technicianPermission",
            script_permission: ScriptPermission = "scriptPermission",
            api_permission: ApiPermission = "apiPermission",
            content: FieldContent = "content",
            system: bool = "system",
            active: bool = "active",
            create_time: Timestamp = "createTime",
            update_time: Timestamp = "updateTime",
        }
    }
    /// Who set a value (`AttributeValueUpdatedByInfo`).
    UpdatedBy {
        may {
            source: UpdateSource = "source",
            user: Author = "user",
        }
    }
    /// An end user customization (`EndUserCustomization`).
    EndUserCustomization {
        may {
            name: String = "name",
            description: String = "description",
            label: String = "label",
        }
    }
    /// The value of a custom field, and who set it when (`NodeAttributeInfo`).
    FieldRecord {
        may {
            name: String = "name",
            value: FieldValue = "value",
            updated: Timestamp = "updated",
            updated_by: UpdatedBy = "updatedBy",
            update_time: Timestamp = "updateTime",
        }
    }
    /// Custom fields of a device, in a report (`NodeAttributes`).
    DeviceFields {
        may {
            device_id: DeviceId = "deviceId",
            fields: CustomFields = "fields",
        }
    }
    /// Custom fields of a device, in a report, and who set each (`NodeAttributesDetailed`).
    DeviceFieldsDetail {
        may {
            device_id: DeviceId = "deviceId",
            entity_type: DefinitionScope = "entityType",
            fields: Vec<FieldRecord> = "fields",
            entity_id: i32 = "entityId",
        }
    }
    /// Custom fields of an entity, in a report, and who set each (`ScopedAttributesDetailed`).
    ScopedFieldsDetail {
        may {
            scope: DefinitionScope = "scope",
            entity_id: i32 = "entityId",
            fields: Vec<FieldRecord> = "fields",
        }
    }
    /// Who did something (`UserBasicInfo`).
    Author {
        may {
            id: i32 = "id",
            name: String = "name",
            email: String = "email",
        }
    }
}

crate::shape::requests! {
    /// Rules that values of a custom field meet (`AttributeContentAdvancedSettings`).
    FieldRules {
        may {
            file_max_size: i32 = "fileMaxSize",
            file_extensions: Vec<String> = "fileExtensions",
            date_filters: DateRules = "dateFilters",
            max_characters: i32 = "maxCharacters",
            complexity_rules: ComplexityRules = "complexityRules",
            numeric_range: NumericRange = "numericRange",
            org: Vec<i32> = "org",
            node_class: Vec<NodeClass> = "nodeClass",
            ip_address_type: IpAddressKind = "ipAddressType",
            expand_large_value_on_render: bool = "expandLargeValueOnRender",
            identifier: IdentifierRules = "identifier",
            monetary: MonetaryRules = "monetary",
            templates: Vec<i32> = "templates",
        }
    }
    /// Complexity rules (`AttributeContentAdvancedSettingsComplexityRules`).
    ComplexityRules {
        may {
            must_contain_one_integer: bool = "mustContainOneInteger",
            must_contain_one_lowercase_letter: bool = "mustContainOneLowercaseLetter",
            must_contain_one_uppercase_letter: bool = "mustContainOneUppercaseLetter",
            greater_or_equal_than_six_characters: bool = "greaterOrEqualThanSixCharacters",
        }
    }
    /// Date rules (`AttributeContentAdvancedSettingsDateFilters`).
    DateRules {
        may {
            kind: DateRule = "type",
            selected: Vec<String> = "selected",
        }
    }
    /// Identifier rules (`AttributeContentAdvancedSettingsIdentifier`).
    IdentifierRules {
        may {
            automatic_generation_enabled: bool = "automaticGenerationEnabled",
            scope: IdentifierScope = "scope",
            assign_to: IdentifierAssignment = "assignTo",
            kind: IdentifierType = "type",
            next_sequence_number: i64 = "nextSequenceNumber",
            prefix: String = "prefix",
            suffix: String = "suffix",
        }
    }
    /// Monetary rules (`AttributeContentAdvancedSettingsMonetary`).
    MonetaryRules {
        may {
            currency: String = "currency",
        }
    }
    /// A numeric range (`AttributeContentAdvancedSettingsNumericRange`).
    NumericRange {
        may {
            min: f64 = "min",
            max: f64 = "max",
        }
    }
    /// Custom fields to be defined together (`BulkCreateNodeAttributePublicApiRequest`).
    NewFieldDefinitions {
        may {
            custom_fields: Vec<NewFieldDefinition> = "customFields",
        }
    }
    /// Definitions to be changed together (`BulkUpdateNodeAttributePublicApiRequest`).
    FieldDefinitionChanges {
        may {
            custom_fields: Vec<FieldDefinitionChange> = "customFields",
        }
    }
    /// What a new field content is made of (`CreateNodeAttributeContentPublicApi`).
    NewFieldContent {
        may {
            values: Vec<NewFieldOption> = "values",
            required: bool = "required",
            footer_text: String = "footerText",
            tooltip_text: String = "tooltipText",
            advanced_settings: FieldRules = "advancedSettings",
        }
    }
    /// What a new field option is made of (`CreateNodeAttributeContentValuePublicApi`).
    NewFieldOption {
        may {
            name: String = "name",
        }
    }
    /// A custom field to be defined (`CreateNodeAttributePublicApiRequest`).
    NewFieldDefinition {
        must { label: String = "label", field_name: String = "fieldName" }
        may {
            description: String = "description",
            kind: FieldType = "type",
            technician_permission: TechnicianPermission = "technicianPermission",
            script_permission: ScriptPermission = "scriptPermission",
            api_permission: ApiPermission = "apiPermission",
            default_value: String = "defaultValue",
            content: NewFieldContent = "content",
            scope: DefinitionReach = "scope",
            definition_scope: Vec<DefinitionScope> = "definitionScope",
            group_id: i32 = "groupId",
            add_to_default_tab: bool = "addToDefaultTab",
        }
    }
    /// What to change of a field content; what is left out stays (`UpdateNodeAttributeContentPublicApi`).
    FieldContentChange {
        may {
            values: Vec<FieldOptionChange> = "values",
            required: bool = "required",
            footer_text: String = "footerText",
            tooltip_text: String = "tooltipText",
            advanced_settings: FieldRules = "advancedSettings",
        }
    }
    /// What to change of a field option; what is left out stays (`UpdateNodeAttributeContentValuePublicApi`).
    FieldOptionChange {
        may {
            id: String = "id",
            name: String = "name",
            active: bool = "active",
            system: bool = "system",
        }
    }
    /// What to change of a field definition; what is left out stays (`UpdateNodeAttributePublicApiRequest`).
    FieldDefinitionChange {
        may {
            label: String = "label",
            field_name: String = "fieldName",
            description: String = "description",
            kind: FieldType = "type",
            technician_permission: TechnicianPermission = "technicianPermission",
            script_permission: ScriptPermission = "scriptPermission",
            api_permission: ApiPermission = "apiPermission",
            default_value: String = "defaultValue",
            content: FieldContentChange = "content",
            active: bool = "active",
            scope: DefinitionReach = "scope",
            definition_scope: Vec<DefinitionScope> = "definitionScope",
            group_id: i32 = "groupId",
        }
    }
}
