//! What HaloPSA answers.

use serde_json::{Value, json};

/// A status and a document.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Value,
    pub(super) retry_after: Option<u64>,
}

impl Answer {
    pub(super) fn json(status: u16, body: Value) -> Self {
        Self { status, body, retry_after: None }
    }

    pub(super) fn ok(body: Value) -> Self {
        Self::json(200, body)
    }

    pub(super) fn error(status: u16, message: &str) -> Self {
        Self::json(status, json!({ "error": message }))
    }

    /// A refusal in a bare sentence.
    pub(super) fn sentence(status: u16, text: &str) -> Self {
        Self::json(status, text.into())
    }

    /// A refusal of the token endpoint (RFC 6749).
    pub(super) fn oauth(error: &str) -> Self {
        Self::error(400, error)
    }

    pub(super) fn wrong_token() -> Self {
        Self::error(401, "The access token is invalid or has expired.")
    }

    pub(super) fn not_permitted() -> Self {
        Self::sentence(403, "You do not have permission to perform this operation.")
    }

    pub(super) fn not_found() -> Self {
        Self::error(404, "The requested resource was not found.")
    }

    /// An outcome that the agent may not run (CyberDrain/CIPP issue 106; its status is not known).
    pub(super) fn denied() -> Self {
        Self::sentence(400, "You do not have access to this Action at the moment")
    }

    /// Too many requests.
    pub(super) fn limited(limit: usize, retry_after: Option<u64>) -> Self {
        let text = format!("Rate Limit Reached - {limit} Requests per rolling 5 minute window");
        Self { retry_after, ..Self::sentence(429, &text) }
    }
}
