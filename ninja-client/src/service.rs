//! NinjaOne as a service for `http-core`: tokens, and what its refusals mean.

use std::sync::Arc;

use http_core::{
    Call, Disposition, Effect, Endpoint, Error, ErrorKind, Method, RawHttp, RequestBuilder, ResponseHead,
    ServiceError,
};
use safe_text::SecretString;
use serde::Deserialize;

use crate::config::Config;
use crate::ids::ClientId;
use crate::operations::REQUEST_TOKEN;
use crate::secret::ClientSecret;

/// The code under which a page that is no JSON is reported.
const NOT_JSON: &str = "not-json";

/// The service, with the application that logs in to it.
pub(crate) struct Ninja {
    client_id: ClientId,
    client_secret: ClientSecret,
    token_url: String,
    endpoint: Endpoint,
}

impl Ninja {
    pub(crate) fn new(config: Config, endpoint: Endpoint) -> Self {
        let token_url = endpoint.join(&config.token_path);
        Self { client_id: config.client_id, client_secret: config.client_secret, token_url, endpoint }
    }
}

#[derive(Deserialize)]
struct Token {
    access_token: String,
}

impl http_core::Service for Ninja {
    const NAME: &'static str = "ninja";
    type Session = Arc<SecretString>;

    async fn open_session(&self, http: &RawHttp) -> Result<Self::Session, Error> {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", self.client_id.as_str()),
            ("client_secret", self.client_secret.expose()),
        ];
        let call = Call::new(REQUEST_TOKEN, Method::Post, self.token_url.clone())
            .subject(format_args!("application {}", self.client_id))
            .form(&form);
        let token: Token = http.send(call, classify).await?;
        Ok(Arc::new(token.access_token.into()))
    }

    fn authorize(&self, token: &Self::Session, request: &mut RequestBuilder<'_>) {
        let bearer = format!("Bearer {}", token.expose_secret());
        request.base(self.endpoint.url()).secret_header("authorization", &bearer);
    }

    fn classify(&self, head: &ResponseHead, body: &[u8]) -> Disposition {
        classify(head, body)
    }
}

/// What a refusal may say, from each of the layers that may refuse; every part may be missing.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Refusal {
    error: Option<String>,
    #[serde(rename = "error_description")]
    error_description: Option<String>,
    result_code: Option<String>,
    error_message: Option<String>,
    message: Option<String>,
    incident_id: Option<String>,
}

/// What an answer means. Throttling is said to come as a page of HTML under any status, so a body that is no JSON is worth
/// another try, even under a success; all operations here are safe to repeat.
fn classify(head: &ResponseHead, body: &[u8]) -> Disposition {
    let mut error = ServiceError::new(head);
    if let Some(id) = head.header("x-nj-request-id") {
        error = error.request_id(id);
    }
    if is_page(body) {
        let error = error
            .kind(ErrorKind::Unreachable)
            .code(NOT_JSON)
            .message("a page instead of JSON, as NinjaOne sends when it throttles");
        return Disposition::Retry { after: None, effect: Effect::Unknown, error };
    }
    let said: Refusal = serde_json::from_slice(body).unwrap_or_default();
    if let Some(code) = said.error.or(said.result_code) {
        error = error.code(code);
    }
    if let Some(text) = said.error_description.or(said.error_message).or(said.message) {
        error = error.message(&text);
    }
    if let Some(incident) = said.incident_id {
        error = error.request_id(incident);
    }
    match head.status() {
        // A refused log-in is about the application, whatever the status.
        400..=404 if head.operation() == REQUEST_TOKEN.name() => {
            Disposition::Fail(error.kind(ErrorKind::CredentialsRejected))
        }
        _ => Disposition::of(head, error),
    }
}

fn is_page(body: &[u8]) -> bool {
    body.trim_ascii_start().starts_with(b"<")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(operation: &'static str, status: u16, body: &str) -> Disposition {
        classify(&ResponseHead::from_parts(operation, status, &[("x-nj-request-id", "r1")]), body.as_bytes())
    }

    #[test]
    fn each_layers_words_are_kept() {
        for (body, code, message, id) in [
            (r#"{"error":"e","error_description":"d","error_code":2}"#, Some("e"), Some("d"), "r1"),
            (
                r#"{"resultCode":"FAILURE","errorMessage":"m","incidentId":"i"}"#,
                Some("FAILURE"),
                Some("m"),
                "i",
            ),
            (r#"{"errorCode":7,"message":"m"}"#, None, Some("m"), "r1"),
            ("", None, None, "r1"),
        ] {
            let Disposition::Fail(error) = judged("x", 400, body) else { panic!("{body} is a refusal") };
            assert_eq!((error.code.as_deref(), error.message.as_deref()), (code, message));
            assert_eq!(error.request_id.as_deref(), Some(id));
        }
    }

    #[test]
    fn gotcha_05_a_page_is_throttling_under_any_status() {
        for status in [200, 403, 404, 500] {
            let disposition = judged("x", status, "\n<!DOCTYPE html><title>Too many requests</title>");
            assert!(matches!(disposition, Disposition::Retry { .. }), "{status}");
        }
        assert_eq!(judged("x", 204, ""), Disposition::Accept);
    }

    #[test]
    fn only_a_call_renews_the_token() {
        assert!(matches!(judged("x", 401, "{}"), Disposition::Reauthorize(_)));
        assert!(matches!(judged(REQUEST_TOKEN.name(), 401, "{}"), Disposition::Fail(_)));
    }
}
