//! B2 as a service for `http-core`: API versions, login, the check of URLs that receive tokens, and the meaning of error codes.

use std::sync::Arc;

use http_core::{
    Call, Disposition, Error, Method, Operation, RawHttp, RequestBuilder, ResponseHead, ServiceError,
};
use safe_text::SecretString;
use serde::{Deserialize, Serialize};
use url::{Host, Url};

use crate::account::{Account, Authorized};
use crate::clock::Clock;
use crate::config::{Config, TestMode};
use crate::ids::KeyId;
use crate::operations;
use crate::secret::ApplicationKey;

/// The default version of calls (reference: Backblaze, *API versions*).
const CURRENT: ApiVersion = ApiVersion::V4;

/// A version of the native API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ApiVersion {
    V3,
    V4,
}

impl ApiVersion {
    fn path(self) -> &'static str {
        match self {
            Self::V3 => "b2api/v3/",
            Self::V4 => "b2api/v4/",
        }
    }
}

/// A call of the current version of the API: POST with a JSON object.
pub(crate) fn call(operation: Operation, request: &impl Serialize) -> Call {
    call_in(CURRENT, operation, request)
}

/// A call of this version of the API.
pub(crate) fn call_in(version: ApiVersion, operation: Operation, request: &impl Serialize) -> Call {
    let path = format!("{}{}", version.path(), operation.name());
    Call::new(operation, Method::Post, path).area("api").json(request)
}

/// A download by the file's id.
pub(crate) fn download_by_id(method: Method) -> Call {
    let operation = operations::DOWNLOAD_FILE_BY_ID;
    Call::new(operation, method, format!("{}{}", CURRENT.path(), operation.name())).area("download")
}

/// A download by names, which are already encoded.
pub(crate) fn download_by_name(method: Method, path: String) -> Call {
    Call::new(operations::DOWNLOAD_FILE_BY_NAME, method, path).area("download")
}

/// The area of downloads that are authorised with a download token.
const WITH_TOKEN: &str = "download with token";

/// Authorises a download with a download token instead of the session.
pub(crate) fn with_token(call: Call, token: &SecretString) -> Call {
    call.area(WITH_TOKEN).secret_header("authorization", token.expose_secret())
}

/// An upload to an upload URL that was [checked](B2::guarded), with its token.
pub(crate) fn upload(operation: Operation, url: &str, token: &SecretString) -> Call {
    Call::new(operation, Method::Post, url).secret_header("authorization", token.expose_secret())
}

/// The service, with the key that logs in to it.
pub(crate) struct B2 {
    key: Option<(KeyId, ApplicationKey)>,
    realm: Url,
    test_mode: Option<TestMode>,
    pub(crate) clock: Clock,
}

/// The session.
pub(crate) struct Login {
    /// `None` for a client without a key.
    pub(crate) account: Option<Arc<Account>>,
    download_url: Url,
    api_url: Url,
    token: Option<SecretString>,
}

impl Login {
    /// The address that this operation is sent to. Uploads have an address of their own.
    pub(crate) fn address(&self, operation: &str) -> String {
        let download = operation.starts_with("b2_download");
        origin(if download { &self.download_url } else { &self.api_url })
    }
}

/// Scheme, host and port of a URL.
pub(crate) fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

/// Why most calls of a client without a key are refused.
pub(crate) const NO_KEY: &str = "this client has no key, so it can only download";

impl B2 {
    pub(crate) fn new(config: Config, realm: Url) -> Self {
        Self { key: config.key, realm, test_mode: config.test_mode, clock: Clock::default() }
    }

    /// The address that logs in.
    pub(crate) fn realm(&self) -> String {
        origin(&self.realm)
    }

    /// Parses a URL that the service issued, and checks that tokens may be sent to it.
    pub(crate) fn guarded(&self, operation: &'static str, address: &str) -> Result<Url, Error> {
        Url::parse(address).ok().filter(|url| may_receive_tokens(&self.realm, url)).ok_or_else(|| {
            let host = Url::parse(address).ok().and_then(|url| url.host_str().map(str::to_owned));
            let host = host.unwrap_or_else(|| "something that is not a URL".to_owned());
            Error::not_understood(
                "b2",
                operation,
                format!(
                    "the answer refers to {host}, which does not belong to the realm; no token was sent there"
                ),
            )
        })
    }
}

/// Whether a URL that the service issued belongs to the realm. Backblaze's upload hosts are in `backblaze.com`, all others in the
/// realm's domain (backblaze-labs/b2-sdk-typescript, `src/http/url-guard.ts`).
fn may_receive_tokens(realm: &Url, url: &Url) -> bool {
    if http_core::is_loopback(realm) {
        return http_core::is_loopback(url);
    }
    let (Some(Host::Domain(own)), Some(Host::Domain(host))) = (realm.host(), url.host()) else {
        return url.scheme() == "https" && realm.host() == url.host();
    };
    let under =
        |domain: &str| host == domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'));
    let backblaze = ["backblazeb2.com", "backblaze.net"];
    let at_backblaze = backblaze.iter().any(|domain| own.ends_with(domain));
    let parent = own.split_once('.').filter(|(first, rest)| first.starts_with("api") && rest.contains('.'));
    url.scheme() == "https"
        && (under(own)
            || parent.is_some_and(|(_, domain)| under(domain))
            || (at_backblaze && under("backblaze.com")))
}

impl http_core::Service for B2 {
    const NAME: &'static str = "b2";
    type Session = Arc<Login>;

    async fn open_session(&self, http: &RawHttp) -> Result<Arc<Login>, Error> {
        let operation = operations::AUTHORIZE_ACCOUNT;
        let Some((key_id, application_key)) = &self.key else {
            let (download_url, api_url) = (self.realm.clone(), self.realm.clone());
            return Ok(Arc::new(Login { account: None, download_url, api_url, token: None }));
        };
        let realm = self.realm.as_str().trim_end_matches('/');
        let target = format!("{realm}/{}{}", CURRENT.path(), operation.name());
        let pair = format!("{key_id}:{}", application_key.expose());
        let basic = format!("Basic {}", data_encoding::BASE64.encode(pair.as_bytes()));
        let call = Call::new(operation, Method::Get, target)
            .subject(format!("key {key_id}"))
            .secret_header("authorization", &basic);
        let judge = |head: &ResponseHead, body: &[u8]| http_core::Service::classify(self, head, body);
        let answer: Authorized = http.send(call, judge).await?;
        let api_url = self.guarded(operation.name(), answer.api_url())?;
        let download_url = self.guarded(operation.name(), answer.download_url())?;
        let token = Some(answer.authorization_token.clone().into());
        let account = Some(Arc::new(answer.account()));
        Ok(Arc::new(Login { account, download_url, api_url, token }))
    }

    fn authorize(&self, login: &Arc<Login>, request: &mut RequestBuilder<'_>) {
        if let Some(mode) = self.test_mode {
            request.header("x-bz-test-mode", mode.as_str());
        }
        let base = match request.area() {
            "api" => &login.api_url,
            "download" | WITH_TOKEN => &login.download_url,
            // An upload's address and token come with the call, from an upload URL that was checked when it was handed out.
            _ => return,
        };
        request.base(base);
        match (&login.token, request.area()) {
            (_, WITH_TOKEN) | (None, "download") => {}
            (Some(token), _) => {
                request.secret_header("authorization", token.expose_secret());
            }
            (None, _) => {
                request.refuse(NO_KEY);
            }
        }
    }

    fn classify(&self, head: &ResponseHead, body: &[u8]) -> Disposition {
        self.clock.note(head);
        classify(head, body)
    }
}

#[derive(Default, Deserialize)]
struct Refusal {
    #[serde(default)]
    code: String,
    #[serde(default)]
    message: String,
}

/// Classifies an answer. A 401 renews the session only if its code refers to the token, because a missing capability and a locked file
/// are 401s, too. Answers to HEAD requests and answers of proxies have no code and are classified by their status.
fn classify(head: &ResponseHead, body: &[u8]) -> Disposition {
    if head.is_success() {
        return Disposition::Accept;
    }
    let said: Refusal = serde_json::from_slice(body).unwrap_or_default();
    let mut error = ServiceError::new(head).message(without_token(&said.message));
    if !said.code.is_empty() {
        error = error.code(said.code.clone());
    }
    if let Some(id) = head.header("x-bz-request-id") {
        error = error.request_id(id);
    }
    match (head.status(), said.code.as_str()) {
        (401, "expired_auth_token" | "bad_auth_token") if !is_upload(head.operation()) => {
            Disposition::Reauthorize(error)
        }
        (401, "") if head.operation().starts_with("b2_download") => Disposition::Reauthorize(error),
        (401, _) => Disposition::Fail(error),
        _ => Disposition::of(head, error),
    }
}

/// The service's sentence without the upload token that it repeats when two uploads use it at once.
fn without_token(message: &str) -> &str {
    const BEFORE: &str = "using auth token";
    message.find(BEFORE).map_or(message, |at| &message[..at + BEFORE.len()])
}

/// Uploads have a token of their own. If it is refused, a new upload URL is needed, not a new session.
fn is_upload(operation: &str) -> bool {
    matches!(operation, "b2_upload_file" | "b2_upload_part")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_go_to_the_realm_and_to_backblazes_upload_hosts_only() {
        let allowed = |realm: &str, url: &str| {
            may_receive_tokens(&Url::parse(realm).unwrap(), &Url::parse(url).unwrap())
        };
        let production = "https://api.backblazeb2.com";
        assert!(allowed(production, "https://api005.backblazeb2.com"));
        assert!(allowed(production, "https://f005.backblazeb2.com"));
        assert!(allowed(production, "https://pod-000-1024-08.backblaze.com/b2api/v4/b2_upload_file/x"));
        assert!(allowed("https://api.backblaze.net", "https://pod-1.backblaze.net"));
        for stranger in [
            "http://api005.backblazeb2.com",
            "https://evilbackblazeb2.com",
            "https://backblazeb2.com.evil.example",
            "https://169.254.169.254",
            "https://127.0.0.1",
            "https://com",
        ] {
            assert!(!allowed(production, stranger), "{stranger}");
        }
        assert!(allowed("http://127.0.0.1:9000", "http://localhost:9001/x"));
        assert!(!allowed("http://127.0.0.1:9000", "https://f005.backblazeb2.com"));
        assert!(allowed("https://api.b2.example.org", "https://f1.b2.example.org"));
        assert!(!allowed("https://api.b2.example.org", "https://f1.example.org"));
        assert!(!allowed("https://b2.example.org", "https://other.example.org"));
    }

    fn judged(operation: &'static str, status: u16, body: &str) -> Disposition {
        classify(&ResponseHead::from_parts(operation, status, &[("x-bz-request-id", "r1")]), body.as_bytes())
    }

    #[test]
    fn s401_only_a_bad_token_renews_the_session() {
        for code in ["expired_auth_token", "bad_auth_token"] {
            let body = format!(r#"{{"status":401,"code":"{code}","message":"m"}}"#);
            assert!(matches!(judged("b2_list_buckets", 401, &body), Disposition::Reauthorize(_)), "{code}");
            assert!(matches!(judged("b2_upload_file", 401, &body), Disposition::Fail(_)), "{code}");
        }
        for code in ["unauthorized", "access_denied", "email_not_verified", "no_payment_history", "other"] {
            let body = format!(r#"{{"status":401,"code":"{code}","message":"m"}}"#);
            assert!(matches!(judged("b2_delete_file_version", 401, &body), Disposition::Fail(_)), "{code}");
        }
    }

    #[test]
    fn gotcha_09_an_html_page_is_judged_by_its_status() {
        let Disposition::Retry { error, .. } = judged("b2_list_buckets", 502, "<html>bad gateway</html>")
        else {
            panic!("a gateway's page is worth another try");
        };
        assert_eq!((error.status, error.code, error.request_id.as_deref()), (502, None, Some("r1")));
    }
}
