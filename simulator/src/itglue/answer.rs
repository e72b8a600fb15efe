//! What IT Glue answers: JSON:API documents.

use serde_json::{Value, json};

/// A status and a document.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Value,
    /// A header beside those that every answer has.
    pub(super) header: Option<(&'static str, String)>,
}

impl Answer {
    pub(super) fn data(status: u16, data: Value) -> Self {
        let mut body = json!({});
        body["data"] = data;
        Self::document(status, body)
    }

    pub(super) fn document(status: u16, body: Value) -> Self {
        Self { status, body, header: None }
    }

    /// The same document with resources beside what it shows.
    pub(super) fn beside(mut self, included: Vec<Value>) -> Self {
        self.body["included"] = included.into();
        self
    }

    /// What a request to another address of the service gets.
    pub(super) fn redirect() -> Self {
        let header = Some(("location", "https://app.itglue.example/login".to_owned()));
        Self { header, ..Self::error(301, "Moved Permanently", "Moved") }
    }

    /// What a request beyond the limit gets.
    pub(super) fn limited(retry_after: Option<u64>) -> Self {
        let header = retry_after.map(|seconds| ("retry-after", seconds.to_string()));
        Self { header, ..Self::error(429, "Too Many Requests", "The request limit has been reached.") }
    }

    /// A refusal of the whole request.
    pub(super) fn error(status: u16, title: &str, detail: &str) -> Self {
        let error = json!({ "status": status, "title": title, "detail": detail });
        Self::document(status, json!({ "errors": [error] }))
    }

    /// A refusal of one attribute.
    pub(super) fn invalid(attribute: &str, detail: &str) -> Self {
        let error = json!({
            "status": 422,
            "title": "Unprocessable Entity",
            "detail": detail,
            "source": { "pointer": format!("data/attributes/{attribute}") },
        });
        Self::document(422, json!({ "errors": [error] }))
    }

    pub(super) fn bad_request(detail: &str) -> Self {
        Self::error(400, "Bad Request", detail)
    }

    /// What a wrong key gets, and a right one that has been revoked: no 401.
    pub(super) fn wrong_key() -> Self {
        Self::error(403, "Forbidden", "The API key is invalid or has been revoked.")
    }

    /// A record asked for below another organisation than its own (itglue/powershellwrapper issue 104).
    pub(super) fn another_organization() -> Self {
        Self::error(401, "Unauthorized", "Unauthorized resource access")
    }

    pub(super) fn not_found() -> Self {
        Self::error(404, "Not Found", "The requested resource was not found.")
    }
}
