//! One span per call and one per attempt, with OpenTelemetry's field names.

use tracing::{Span, debug_span, field::Empty};
use url::Url;

use crate::call::Call;

pub(crate) fn call(service: &'static str, call: &Call) -> Span {
    debug_span!(
        "call",
        otel.name = call.operation.name(),
        rpc.service = service,
        rpc.method = call.operation.name(),
        subject = call.subject.as_deref(),
    )
}

pub(crate) fn attempt(number: u32, method: &str, url: &Url) -> Span {
    debug_span!(
        "attempt",
        http.request.method = method,
        server.address = url.host_str(),
        url.path = url.path(),
        http.request.resend_count = number - 1,
        http.response.status_code = Empty,
        error.r#type = Empty,
    )
}

pub(crate) fn answered(span: &Span, status: u16) {
    span.record("http.response.status_code", status);
}

pub(crate) fn failed(span: &Span, class: &'static str) {
    span.record("error.type", class);
}
