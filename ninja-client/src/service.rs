//! NinjaOne as a service for `http-core`: tokens, and what its refusals mean.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use http_core::{
    Call, Disposition, Effect, Endpoint, Error, ErrorKind, Method, RawHttp, RequestBuilder, ResponseHead,
    ServiceError,
};
use serde::Deserialize;

use crate::config::Config;
use crate::grant::{Grant, TokenScope};
use crate::operations::{DOWNLOAD_KNOWLEDGE_BASE_ARTICLE, DOWNLOAD_RELATED_ITEM_ATTACHMENT, REQUEST_TOKEN};
use crate::secret::{AccessToken, RefreshToken};

/// The code under which a page that is no JSON is reported.
const NOT_JSON: &str = "not-json";

/// What is answered with a file, which may well be a page.
const FILES: [&str; 2] = [DOWNLOAD_KNOWLEDGE_BASE_ARTICLE.name(), DOWNLOAD_RELATED_ITEM_ATTACHMENT.name()];

/// The most of a body that is looked through for the words of a throttling page.
const SENTENCE: usize = 4096;

/// Tokens are renewed so long before they expire, or a quarter of their life, whichever is shorter.
const EARLY: Duration = Duration::from_secs(90);

/// An authorisation code is good for one attempt, which may take this long.
const EXCHANGE: Duration = Duration::from_secs(30);

/// The service, with the grant that logs in to it.
pub(crate) struct Ninja {
    grant: Grant,
    scopes: String,
    token_url: String,
    endpoint: Endpoint,
    refresh: Mutex<Option<Arc<RefreshToken>>>,
}

impl Ninja {
    pub(crate) fn new(config: Config, endpoint: Endpoint) -> Self {
        let token_url = endpoint.join(&config.token_path);
        let scopes: Vec<&str> = config.scopes.iter().copied().map(TokenScope::as_str).collect();
        Self { grant: config.grant, scopes: scopes.join(" "), token_url, endpoint, refresh: Mutex::default() }
    }

    /// The refresh token that came with the last token, where one did.
    pub(crate) fn refresh_token(&self) -> Option<Arc<RefreshToken>> {
        self.refresh.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// A token, and when to ask for the next.
pub(crate) struct Token {
    access: AccessToken,
    due: Option<Instant>,
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    #[serde(default)]
    refresh_token: Option<String>,
    /// How long it lives, in seconds; where it says so in another way, the token is used until it is refused.
    #[serde(default, deserialize_with = "seconds")]
    expires_in: Option<f64>,
}

/// A number, or a number as text; `None` for anything else.
fn seconds<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<f64>, D::Error> {
    let value = serde_json::Value::deserialize(from)?;
    Ok(value.as_f64().or_else(|| value.as_str()?.parse().ok()))
}

impl http_core::Service for Ninja {
    const NAME: &'static str = "ninja";
    type Session = Arc<Token>;

    async fn open_session(&self, http: &RawHttp) -> Result<Self::Session, Error> {
        let newer = self.refresh_token();
        let Some(mut form) = self.grant.form(newer.as_ref()) else {
            let Grant::AccessToken(token) = &self.grant else {
                return Err(Error::invalid_request(
                    "ninja",
                    REQUEST_TOKEN.name(),
                    "there is no grant to ask with",
                ));
            };
            return Ok(Arc::new(Token { access: AccessToken::new(token.expose().to_owned()), due: None }));
        };
        if !self.scopes.is_empty() {
            form.push(("scope", &self.scopes));
        }
        let asked = Instant::now();
        let mut call = Call::new(REQUEST_TOKEN, Method::Post, self.token_url.clone())
            .subject(format_args!("application {}", self.grant.application()))
            .form(&form);
        if newer.is_none() && matches!(self.grant, Grant::AuthorizationCode { .. }) {
            call = call.single_attempt(EXCHANGE);
        }
        let granted: Granted = http.send(call, classify).await?;
        if let Some(refresh) = granted.refresh_token {
            let refresh = Arc::new(RefreshToken::new(refresh));
            *self.refresh.lock().unwrap_or_else(PoisonError::into_inner) = Some(refresh);
        }
        let life = granted.expires_in.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        let due = life.and_then(|life| asked.checked_add(life.saturating_sub(EARLY.min(life / 4))));
        Ok(Arc::new(Token { access: AccessToken::new(granted.access_token), due }))
    }

    fn is_due(&self, token: &Self::Session) -> bool {
        token.due.is_some_and(|due| Instant::now() >= due)
    }

    fn authorize(&self, token: &Self::Session, request: &mut RequestBuilder<'_>) {
        let bearer = format!("Bearer {}", token.access.expose());
        request.base(self.endpoint.url()).secret_header("authorization", &bearer);
    }

    fn classify(&self, head: &ResponseHead, body: &[u8]) -> Disposition {
        classify(head, body)
    }
}

/// What to do about a refusal that its words alone do not explain.
fn advice(code: &str) -> Option<&'static str> {
    match code {
        "Client app not exist" => {
            Some("no such application on this instance: check its id, and the region that the tenant is in")
        }
        "invalid_scope" => Some(
            "a scope was asked for that the application was not granted: ask for fewer, or have it granted",
        ),
        "missing_header" => {
            Some("the authorisation did not arrive: something on the way takes the header away")
        }
        "invalid_header" => {
            Some("the authorisation arrived damaged: something on the way changes the header")
        }
        "invalid_grant" => {
            Some("the log-in or its refresh token is used up or was taken back: a person has to log in again")
        }
        "user_context_required" => Some("this needs a token of a person who has logged in"),
        _ => None,
    }
}

/// What else a token endpoint that is not found may mean.
const NO_TOKENS_HERE: &str = "the address may be none of NinjaOne's, or the instance may give tokens at another path (the configuration's token path)";

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
/// another try where the call may be repeated, even under a success.
fn classify(head: &ResponseHead, body: &[u8]) -> Disposition {
    let mut error = ServiceError::new(head);
    if let Some(id) = head.header("x-nj-request-id") {
        error = error.request_id(id);
    }
    if is_page(body) && !(head.is_success() && FILES.contains(&head.operation())) {
        let error = error
            .kind(ErrorKind::Unreachable)
            .code(NOT_JSON)
            .message("a page instead of JSON, as NinjaOne sends when it throttles");
        return Disposition::Retry { after: None, effect: Effect::Unknown, error };
    }
    let said: Refusal = serde_json::from_slice(body).unwrap_or_default();
    let code = said.error.or(said.result_code);
    let is_token = head.operation() == REQUEST_TOKEN.name();
    let advice = match code.as_deref().and_then(advice) {
        None if is_token && head.status() == 404 => Some(NO_TOKENS_HERE),
        advice => advice,
    };
    let words = [said.error_description.or(said.error_message).or(said.message), advice.map(str::to_owned)]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join("; ");
    let unauthorised = matches!(code.as_deref(), Some("missing_header" | "invalid_header"));
    error = error.message(&words);
    if let Some(code) = code {
        error = error.code(code);
    }
    if let Some(incident) = said.incident_id {
        error = error.request_id(incident);
    }
    match head.status() {
        // A refused log-in is about the application, whatever the status.
        400..=404 if is_token => Disposition::Fail(error.kind(ErrorKind::CredentialsRejected)),
        // Under 400, and still about the token: another one would meet the same.
        400 if unauthorised => Disposition::Fail(error.kind(ErrorKind::CredentialsRejected)),
        _ => Disposition::of(head, error),
    }
}

/// Whether a body is a page, or the sentence that such a page has, instead of JSON.
fn is_page(body: &[u8]) -> bool {
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body).trim_ascii_start();
    let begins_json = body.first().is_none_or(|first| b"{[\"".contains(first));
    let says = |words: &str| String::from_utf8_lossy(body).to_ascii_lowercase().contains(words);
    let is_short = body.len() < SENTENCE;
    body.starts_with(b"<") || (!begins_json && is_short && (says("rate limit") || says("too many requests")))
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
        for body in ["Too many requests, slow down", "\u{feff}<html>", "API Rate Limit exceeded"] {
            assert!(matches!(judged("x", 403, body), Disposition::Retry { .. }), "{body}");
        }
        for body in ["", "\"rate limit\"", r#"{"name":"rate limit"}"#, "true", "7", "accepted"] {
            assert_eq!(judged("x", 200, body), Disposition::Accept, "{body}");
        }
    }

    #[test]
    fn a_file_may_be_a_page() {
        for file in FILES {
            assert_eq!(judged(file, 200, "<html>An article</html>"), Disposition::Accept);
            assert!(matches!(judged(file, 403, "<html>Slow down</html>"), Disposition::Retry { .. }));
        }
    }

    #[test]
    fn only_a_call_renews_the_token() {
        assert!(matches!(judged("x", 401, "{}"), Disposition::Reauthorize(_)));
        assert!(matches!(judged(REQUEST_TOKEN.name(), 401, "{}"), Disposition::Fail(_)));
    }
}
