//! What NinjaOne answers: a status and JSON, or nothing at all.

use serde_json::{Value, json};

/// A status and, where there is one, a body.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Option<Value>,
}

/// Any incident number will do; support asks for it.
const INCIDENT: &str = "6f1d2c88-0d1b-4b6f-9a55-6a3d0f7b2f10";

impl Answer {
    pub(super) fn json(status: u16, body: Value) -> Self {
        Self { status, body: Some(body) }
    }

    pub(super) fn ok(body: Value) -> Self {
        Self::json(200, body)
    }

    /// What every successful PATCH answers.
    pub(super) fn empty() -> Self {
        Self { status: 204, body: None }
    }

    /// A refusal by the layer that checks the token.
    pub(super) fn auth(status: u16, error: &str, code: u32) -> Self {
        let description = format!("Request refused: {error}");
        Self::json(status, json!({ "error": error, "error_description": description, "error_code": code }))
    }

    /// A token that was given for less than this (RFC 6750; NinjaOne's own code for it is not known).
    pub(super) fn insufficient_scope() -> Self {
        let error = "insufficient_scope";
        Self::json(403, json!({ "error": error, "error_description": format!("Request refused: {error}") }))
    }

    /// A refusal by the application behind it.
    pub(super) fn failure(status: u16, message: &str) -> Self {
        Self::refused(status, "FAILURE", message)
    }

    /// The same, with a result code of its own.
    pub(super) fn refused(status: u16, code: &str, message: &str) -> Self {
        Self::json(status, json!({ "resultCode": code, "errorMessage": message, "incidentId": INCIDENT }))
    }

    /// What the wrong client id, or the right one in the wrong region, gets from the token endpoint.
    pub(super) fn unknown_client() -> Self {
        Self::json(404, json!({ "resultCode": "Client app not exist", "incidentId": INCIDENT }))
    }

    pub(super) fn not_found() -> Self {
        Self::failure(404, "HTTP 404 Not Found")
    }
}
