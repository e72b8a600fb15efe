//! Every operation that this crate sends, and what repeating it would do.

http_core::operations! {
    Read {
        LIST_ORGANIZATIONS = "list_organizations",
        GET_ORGANIZATION = "get_organization",
        LIST_CONFIGURATIONS = "list_configurations",
        GET_CONFIGURATION = "get_configuration",
        LIST_CONFIGURATION_TYPES = "list_configuration_types",
        LIST_PASSWORD_CATEGORIES = "list_password_categories",
        LIST_PASSWORDS = "list_passwords",
        GET_PASSWORD = "get_password",
        REVEAL_PASSWORD = "reveal_password",
        LIST_PASSWORD_VERSIONS = "list_password_versions",
        REVEAL_PASSWORD_VERSION = "reveal_password_version",
        LIST_LOCATIONS = "list_locations",
        GET_LOCATION = "get_location",
        LIST_CONTACTS = "list_contacts",
        GET_CONTACT = "get_contact",
        GET_DOCUMENT = "get_document",
        LIST_FLEXIBLE_ASSET_TYPES = "list_flexible_asset_types",
        LIST_FLEXIBLE_ASSET_FIELDS = "list_flexible_asset_fields",
        LIST_FLEXIBLE_ASSETS = "list_flexible_assets",
        GET_FLEXIBLE_ASSET = "get_flexible_asset",
        LIST_ATTACHMENTS = "list_attachments",
    }
    Idempotent {
        UPDATE_CONFIGURATION = "update_configuration",
        UPDATE_PASSWORD = "update_password",
        REPLACE_PASSWORD_VALUE = "replace_password_value",
        MERGE_TRAITS = "merge_traits",
    }
    NonIdempotent {
        CREATE_CONFIGURATION = "create_configuration",
        CREATE_PASSWORD = "create_password",
        CREATE_FLEXIBLE_ASSET = "create_flexible_asset",
        CREATE_ATTACHMENT = "create_attachment",
    }
}
