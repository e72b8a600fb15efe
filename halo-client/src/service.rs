//! HaloPSA as a service for `http-core`: tokens, and what its refusals mean.

use std::sync::Arc;
use std::time::Duration;

use http_core::{
    Call, Disposition, Effect, Endpoint, Error, ErrorKind, Method, RawHttp, RequestBuilder, ResponseHead,
    ServiceError,
};
use safe_text::SecretString;
use serde::Deserialize;
use serde_json::Value;

use crate::config::{Authority, Config};
use crate::ids::ApplicationId;
use crate::operations::{DISCOVER, REQUEST_TOKEN};
use crate::secret::ClientSecret;

/// The service, with the application that logs in to it.
pub(crate) struct Halo {
    application: ApplicationId,
    secret: ClientSecret,
    tenant: Option<String>,
    scope: String,
    authority: Authority,
    endpoint: Endpoint,
    rate_limit_backoff: Duration,
}

/// Where tokens are issued, and the tenant to name there.
struct Issuer {
    token_url: String,
    tenant: Option<String>,
}

#[derive(Deserialize)]
struct AuthInfo {
    auth_url: String,
    #[serde(default)]
    tenant_id: Option<String>,
}

#[derive(Deserialize)]
struct Token {
    access_token: String,
}

impl Halo {
    pub(crate) fn new(config: Config, endpoint: Endpoint) -> Self {
        let Config { application, secret, tenant, scope, authority, rate_limit_backoff, .. } = config;
        Self { application, secret, tenant, scope, authority, endpoint, rate_limit_backoff }
    }

    /// Where to ask for a token. An address that the instance names is checked as one that the operator gives.
    async fn issuer(&self, http: &RawHttp) -> Result<Issuer, Error> {
        if self.authority == Authority::Own {
            let token_url = self.endpoint.join("auth/token");
            return Ok(Issuer { token_url, tenant: self.tenant.clone() });
        }
        let call = Call::new(DISCOVER, Method::Get, self.endpoint.join("api/authinfo"));
        let info: AuthInfo =
            http.send(call, |head, body| classify(head, body, self.rate_limit_backoff)).await?;
        let named = Endpoint::parse("auth_url", &info.auth_url).map_err(|refused| {
            Error::not_understood(<Self as http_core::Service>::NAME, DISCOVER.name(), refused.to_string())
        })?;
        // A host that serves several tenants wants to know which; one that serves a single tenant refuses the word.
        let is_shared = named.url().host_str() != self.endpoint.url().host_str();
        let tenant = self.tenant.clone().or(info.tenant_id.filter(|id| is_shared && !id.is_empty()));
        Ok(Issuer { token_url: named.join("token"), tenant })
    }
}

impl http_core::Service for Halo {
    const NAME: &'static str = "halo";
    type Session = Arc<SecretString>;

    async fn open_session(&self, http: &RawHttp) -> Result<Self::Session, Error> {
        let Issuer { token_url, tenant } = self.issuer(http).await?;
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", self.application.as_str()),
            ("client_secret", self.secret.expose()),
            ("scope", self.scope.as_str()),
        ];
        let call = Call::new(REQUEST_TOKEN, Method::Post, token_url)
            .subject(format_args!("application {}", self.application))
            .form(&form);
        let call = tenant.into_iter().fold(call, |call, tenant| call.query("tenant", tenant));
        let token: Token =
            http.send(call, |head, body| classify(head, body, self.rate_limit_backoff)).await?;
        Ok(Arc::new(token.access_token.into()))
    }

    fn authorize(&self, token: &Self::Session, request: &mut RequestBuilder<'_>) {
        let bearer = format!("Bearer {}", token.expose_secret());
        request.base(self.endpoint.url()).secret_header("authorization", &bearer);
    }

    fn classify(&self, head: &ResponseHead, body: &[u8]) -> Disposition {
        classify(head, body, self.rate_limit_backoff)
    }
}

/// What a failure may say; every part may be missing, and it also comes as a JSON text or as plain text.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Failed {
    error: Option<Value>,
    error_description: Option<Value>,
    message: Option<Value>,
    #[serde(rename = "Message")]
    capital_message: Option<Value>,
    load_error: Option<Value>,
    report: Option<FailedReport>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct FailedReport {
    error: Option<Value>,
    load_error: Option<Value>,
}

fn sentence(value: Option<Value>) -> Option<String> {
    match value? {
        Value::String(text) if !text.trim().is_empty() => Some(text),
        _ => None,
    }
}

impl Failed {
    /// What makes an answer of success a failure: reports, at least, answer so.
    fn in_success(self) -> Option<String> {
        let report = self.report.unwrap_or_default();
        let said = [self.error, self.load_error, report.error, report.load_error];
        said.into_iter().find_map(sentence)
    }

    fn in_refusal(self) -> Option<String> {
        let words = [self.error_description, self.message, self.capital_message, self.error];
        words.into_iter().find_map(sentence)
    }
}

/// The words by which an agent is denied an outcome (CyberDrain/CIPP issue 106).
const NO_ACCESS: &str = "do not have access";
/// The words of the limit, whatever the status (published texts name 300, 500 and 700 requests).
const LIMIT: &str = "rate limit reached";
/// What is said where no tokens are issued.
const NO_INSTANCE: &str =
    "no tokens are issued there: the base URL is the instance's own, without a path such as /api";
/// What is said of a refusal that is no answer of HaloPSA's API.
const PAGE_INSTEAD: &str = "a page, and no answer of HaloPSA's API: a proxy on the way, or a log-in page";

/// What an answer means. The limit's window rolls over five minutes, so a 429 without `Retry-After` waits longer than other failures.
fn classify(head: &ResponseHead, body: &[u8], rate_limit_backoff: Duration) -> Disposition {
    let body = body.trim_ascii();
    let error = ServiceError::new(head);
    let is_page = body.starts_with(b"<");
    if is_page && head.status() != 429 {
        let error = error.message(PAGE_INSTEAD);
        return match head.status() {
            200..=499 => Disposition::Fail(error.kind(ErrorKind::NotUnderstood)),
            _ => Disposition::of(head, error),
        };
    }
    let said = if is_page {
        Some(PAGE_INSTEAD.to_owned())
    } else if head.is_success() {
        success_that_failed(body)
    } else {
        refusal(body)
    };
    let limited = head.status() == 429 || said.as_deref().is_some_and(is_limit);
    match said {
        None if head.is_success() => Disposition::Accept,
        said if limited => {
            let error = error.kind(ErrorKind::RateLimited).message(&said.unwrap_or_default());
            let after = head.retry_after().or(Some(rate_limit_backoff));
            Disposition::Retry { after, effect: Effect::None, error }
        }
        said => judged(head, error, &said.unwrap_or_default()),
    }
}

fn judged(head: &ResponseHead, error: ServiceError, said: &str) -> Disposition {
    let error = error.message(said);
    let is_login = [REQUEST_TOKEN.name(), DISCOVER.name()].contains(&head.operation());
    match head.status() {
        404 if is_login => Disposition::Fail(error.kind(ErrorKind::NotUnderstood).message(NO_INSTANCE)),
        400..=403 if is_login => Disposition::Fail(error.kind(ErrorKind::CredentialsRejected)),
        _ if has(said, NO_ACCESS) => Disposition::Fail(error.kind(ErrorKind::Unauthorized)),
        200..=299 => Disposition::Fail(error.kind(ErrorKind::Rejected)),
        _ => Disposition::of(head, error),
    }
}

fn has(text: &str, words: &str) -> bool {
    text.to_ascii_lowercase().contains(words)
}

/// Whether a text is the limit's own: one that only holds its words may repeat what was sent.
fn is_limit(text: &str) -> bool {
    text.trim_start().to_ascii_lowercase().starts_with(LIMIT)
}

/// The failure that an answer of success is, if it is one: an object with an error, or a bare sentence of the limit.
fn success_that_failed(body: &[u8]) -> Option<String> {
    match body.first()? {
        b'{' => serde_json::from_slice::<Failed>(body).ok()?.in_success(),
        b'[' => None,
        b'"' => serde_json::from_slice(body).ok(),
        _ => std::str::from_utf8(body).ok().filter(|text| is_limit(text)).map(str::to_owned),
    }
}

fn refusal(body: &[u8]) -> Option<String> {
    match body.first()? {
        b'{' => serde_json::from_slice::<Failed>(body).ok()?.in_refusal(),
        b'"' => serde_json::from_slice(body).ok(),
        b'[' => None,
        _ => std::str::from_utf8(body).ok().map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BACKOFF: Duration = Duration::from_mins(1);

    fn judge(operation: &'static str, status: u16, body: &str) -> Disposition {
        classify(&ResponseHead::from_parts(operation, status, &[]), body.as_bytes(), BACKOFF)
    }

    fn refused(disposition: Disposition) -> (ErrorKind, Option<String>) {
        match disposition {
            Disposition::Fail(error) => (error.kind, error.message),
            other => panic!("not a refusal: {other:?}"),
        }
    }

    #[test]
    fn x6_a_failure_in_an_answer_of_success_is_a_failure() {
        for body in [
            r#"{"error":"no such column"}"#,
            r#"{"report":{"load_error":"no such column","rows":[]}}"#,
            r#""no such column""#,
        ] {
            assert_eq!(
                refused(judge("run_report", 200, body)),
                (ErrorKind::Rejected, Some("no such column".to_owned()))
            );
        }
        for body in
            ["", "null", "[]", "{}", r#"{"error":null}"#, r#"{"error":"","id":1}"#, r#"[{"error":"x"}]"#]
        {
            assert_eq!(judge("get_ticket", 200, body), Disposition::Accept, "{body}");
        }
    }

    #[test]
    fn x6_an_outcome_that_the_agent_may_not_run_is_a_missing_right_under_any_status() {
        let words = "\"You do not have access to this Action at the moment\"";
        for status in [200, 400, 403, 500] {
            assert_eq!(refused(judge("add_action", status, words)).0, ErrorKind::Unauthorized, "{status}");
        }
    }

    #[test]
    fn x7_the_limit_is_known_by_its_status_or_by_its_words() {
        let words = "Rate Limit Reached - 700 Requests per rolling 5 minute window";
        for (status, body) in [(429, ""), (429, words), (200, words), (500, words), (429, "<html>")] {
            let Disposition::Retry { effect, after, .. } = judge("list_tickets", status, body) else {
                panic!("{status} {body}: the limit is temporary");
            };
            assert_eq!(effect, Effect::None, "{status}");
            assert_eq!(after, Some(BACKOFF), "{status} {body}");
        }
        // A failure that repeats a note about the limit is not the limit, after which the note would be sent again.
        for (status, body) in
            [(500, r#"{"error":"cannot store: Rate limit reached on nas-01"}"#), (502, "<html>")]
        {
            let Disposition::Retry { effect, .. } = judge("add_action", status, body) else {
                panic!("{status} {body}: it is temporary");
            };
            assert_eq!(effect, Effect::Unknown, "{status} {body}");
        }
    }

    #[test]
    fn x6_a_page_is_no_answer_of_the_api_and_no_word_about_the_application() {
        for status in [200, 302, 401, 403, 404] {
            let (kind, said) = refused(judge("get_ticket", status, "<!DOCTYPE html>"));
            assert_eq!((kind, said.as_deref()), (ErrorKind::NotUnderstood, Some(PAGE_INSTEAD)), "{status}");
        }
        assert!(matches!(judge("get_ticket", 502, "<html>"), Disposition::Retry { .. }));
    }

    #[test]
    fn only_a_call_renews_the_token() {
        assert!(matches!(judge("get_ticket", 401, ""), Disposition::Reauthorize(_)));
        for body in [r#"{"error":"invalid_client"}"#, ""] {
            assert_eq!(refused(judge("request_token", 400, body)).0, ErrorKind::CredentialsRejected);
        }
        // Another address is no word about the application.
        let (kind, said) = refused(judge("request_token", 404, r#"{"error":"not found"}"#));
        assert_eq!((kind, said.as_deref()), (ErrorKind::NotUnderstood, Some(NO_INSTANCE)));
    }
}
