//! What Connect answers.

use serde_json::{Value, json};

/// A status and a document.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Value,
}

impl Answer {
    pub(super) fn found(body: Value) -> Self {
        Self { status: 200, body }
    }

    pub(super) fn error(status: u16, message: &str) -> Self {
        Self { status, body: json!({ "status": status, "message": message }) }
    }

    pub(super) fn bad_request(message: &str) -> Self {
        Self::error(400, message)
    }

    pub(super) fn no_token() -> Self {
        Self::error(401, "Authorization token is missing")
    }

    pub(super) fn wrong_token() -> Self {
        Self::error(401, "Authorization token is invalid")
    }

    /// A vault that there is, and that the token was not made for.
    pub(super) fn forbidden(vault: &str) -> Self {
        Self::error(403, &format!("Vault {vault} is not in the scope of the token"))
    }

    pub(super) fn no_vault(vault: &str) -> Self {
        Self::error(404, &format!("Vault {vault} is not found"))
    }

    pub(super) fn no_item(item: &str) -> Self {
        Self::error(404, &format!("Item {item} is not found"))
    }

    pub(super) fn no_route() -> Self {
        Self::error(404, "Not found")
    }
}
