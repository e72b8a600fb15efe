//! Every operation that this crate sends, and what repeating it would do.

http_core::operations! {
    Read {
        LIST_ORGANIZATIONS = "list_organizations",
        GET_ORGANIZATION = "get_organization",
        LIST_CONFIGURATIONS = "list_configurations",
        LIST_PASSWORD_CATEGORIES = "list_password_categories",
        LIST_PASSWORDS = "list_passwords",
        GET_PASSWORD = "get_password",
        REVEAL_PASSWORD = "reveal_password",
    }
    Idempotent {
        UPDATE_PASSWORD = "update_password",
        REPLACE_PASSWORD_VALUE = "replace_password_value",
    }
    NonIdempotent {
        CREATE_PASSWORD = "create_password",
    }
}
