//! The service's refusals.

use axum::body::Body;
use axum::http::{Response, StatusCode};
use serde_json::{Value, json};

use crate::http;

/// A request that the service does not grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

pub(crate) type Result<T> = std::result::Result<T, Refusal>;

impl Refusal {
    pub(crate) fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into() }
    }

    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(400, "bad_request", message)
    }

    /// The key lacks a capability, or the bucket or name is outside what it is restricted to. The service says no more than that.
    pub(crate) fn unauthorized() -> Self {
        Self::new(401, "unauthorized", "unauthorized")
    }

    /// The version is locked and cannot be deleted. A 401, like a failed authorisation.
    pub(crate) fn locked() -> Self {
        Self::new(401, "access_denied", "Access Denied")
    }

    /// A customer key does not fit, or a version's retention or hold may not be changed so or by this key.
    pub(crate) fn access_denied() -> Self {
        Self::new(403, "access_denied", "Access Denied")
    }

    pub(crate) fn no_file_lock() -> Self {
        Self::new(400, "bucket_missing_file_lock", "The bucket is not file lock enabled")
    }

    pub(crate) fn bad_bucket_id(id: &str) -> Self {
        Self::new(400, "bad_bucket_id", format!("Bucket {id} does not exist"))
    }

    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new(404, "not_found", message)
    }

    pub(crate) fn json(&self) -> Value {
        json!({"status": self.status, "code": self.code, "message": self.message})
    }

    pub(crate) fn response(&self) -> Response<Body> {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        http::json(status, &self.json())
    }
}
