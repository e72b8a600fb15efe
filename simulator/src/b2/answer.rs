//! A granted request's JSON.

use axum::body::Body;
use axum::http::{HeaderValue, Response, header};
use serde::Serialize;

/// The JSON of a granted request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer(Vec<u8>);

impl Answer {
    pub(crate) fn of(value: &impl Serialize) -> Self {
        // Our own shapes have text keys only, so that this cannot fail.
        Self(serde_json::to_vec(value).unwrap_or_default())
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn response(self) -> Response<Body> {
        let mut response = Response::new(Body::from(self.0));
        let kind = HeaderValue::from_static("application/json;charset=UTF-8");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        response
    }
}
