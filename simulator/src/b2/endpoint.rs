//! The one address of B2, behind which every account is: which request is which, and which account answers it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::Body;
use axum::extract::State as Shared;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, Request, Response, StatusCode, header};
use axum::{Router, body};
use serde_json::json;

use super::account::Account;
use super::answer::Answer;
use super::authorize::{basic, test_mode};
use super::download::{Download, Wanted};
use super::fields::Fields;
use super::file_name::decode;
use super::operations::{Operation, access};
use super::refusal::{Refusal, Result};
use super::state::Call;
use crate::http;
use crate::request::Access;

/// The newest version of the interface.
const NEWEST: u8 = 4;

/// Every account, behind one address.
#[derive(Debug)]
pub(crate) struct Endpoint {
    first: Arc<Account>,
    others: Vec<Arc<Account>>,
    /// How many answers were given; each carries its number as request id.
    answers: AtomicU64,
}

/// A path of the interface, taken apart.
enum Path<'a> {
    Api { version: u8, operation: &'a str },
    File { bucket: &'a str, name: &'a str },
    Unknown,
}

impl<'a> Path<'a> {
    fn of(path: &'a str) -> Self {
        if let Some((bucket, name)) = path.strip_prefix("/file/").and_then(|rest| rest.split_once('/')) {
            return Self::File { bucket, name };
        }
        let Some((version, rest)) = path.strip_prefix("/b2api/v").and_then(|rest| rest.split_once('/'))
        else {
            return Self::Unknown;
        };
        match version.parse() {
            Ok(version @ 1..=NEWEST) => {
                Self::Api { version, operation: rest.split('/').next().unwrap_or(rest) }
            }
            _ => Self::Unknown,
        }
    }
}

impl Endpoint {
    /// The first account answers requests that belong to none.
    pub(crate) fn new(first: Arc<Account>, others: Vec<Arc<Account>>) -> Self {
        Self { first, others, answers: AtomicU64::new(0) }
    }

    pub(crate) fn router(self: &Arc<Self>) -> Router {
        Router::new().fallback(answer).with_state(Arc::clone(self))
    }

    fn accounts(&self) -> impl Iterator<Item = &Arc<Account>> {
        std::iter::once(&self.first).chain(&self.others)
    }

    /// Finds the account that a request concerns: whose key or token it shows, or whose file it wants.
    fn account(&self, parts: &Parts) -> Option<&Arc<Account>> {
        match Path::of(parts.uri.path()) {
            Path::Unknown => None,
            Path::Api { operation: "b2_authorize_account", .. } => {
                let (key_id, _) = basic(&parts.headers)?;
                self.accounts().find(|account| account.state().issued_key(&key_id))
            }
            Path::Api { operation: "b2_download_file_by_id", .. } => {
                let query = query(parts);
                let owner = query.get("fileId").and_then(|id| self.owner_of_file(id));
                owner.or_else(|| self.holder(&shown_token(parts, &query)))
            }
            Path::Api { .. } => self.holder(&shown_token(parts, &BTreeMap::new())),
            Path::File { bucket, .. } => {
                let owner = decode(bucket).ok().and_then(|name| self.owner_of_bucket(&name));
                owner.or_else(|| self.holder(&shown_token(parts, &query(parts))))
            }
        }
    }

    /// The account that issued a token of whatever kind.
    fn holder(&self, token: &str) -> Option<&Arc<Account>> {
        self.accounts().find(|account| account.state().issued_token(token))
    }

    fn owner_of_bucket(&self, name: &str) -> Option<&Arc<Account>> {
        self.accounts().find(|account| account.state().bucket_id(name).is_some())
    }

    fn owner_of_file(&self, id: &str) -> Option<&Arc<Account>> {
        self.accounts().find(|account| account.state().version(id).is_some())
    }

    async fn answer(&self, parts: &Parts, body: &mut Body) -> Result<Response<Body>> {
        let account = self.account(parts).unwrap_or(&self.first);
        match Path::of(parts.uri.path()) {
            Path::Unknown => Err(Refusal::not_found(format!("no such path: {}", parts.uri.path()))),
            Path::File { bucket, name } => {
                if parts.method != Method::GET && parts.method != Method::HEAD {
                    return Err(method_not_allowed(&parts.method));
                }
                let (bucket, name) = (decode(bucket)?, decode(name)?);
                self.download(account, parts, Wanted::Name { bucket, name }, query(parts))
            }
            Path::Api { operation: "b2_authorize_account", version } => {
                if parts.method != Method::GET && parts.method != Method::POST {
                    return Err(method_not_allowed(&parts.method));
                }
                let now = account.clock.now_millis();
                account.state().authorize(version, &parts.headers, now).map(Answer::response)
            }
            Path::Api { operation: "b2_upload_file" | "b2_upload_part", .. }
                if parts.method != Method::POST =>
            {
                Err(method_not_allowed(&parts.method))
            }
            Path::Api { operation: "b2_upload_file", .. } => {
                account.upload_file(parts, body).await.map(Answer::response)
            }
            Path::Api { operation: "b2_upload_part", .. } => {
                account.upload_part(parts, body).await.map(Answer::response)
            }
            Path::Api { operation: name, version } => {
                let operation = Operation::find(name)
                    .ok_or_else(|| Refusal::not_found(format!("no such operation: {name}")))?;
                let by_id = operation.name == "b2_download_file_by_id";
                let looks = parts.method == Method::GET || (by_id && parts.method == Method::HEAD);
                if parts.method != Method::POST && !looks {
                    return Err(method_not_allowed(&parts.method));
                }
                if by_id {
                    return self.download_by_id(operation, parts, body).await;
                }
                call(account, parts, body, operation, version).await
            }
        }
    }

    async fn download_by_id(
        &self,
        operation: &Operation,
        parts: &Parts,
        body: &mut Body,
    ) -> Result<Response<Body>> {
        let mut query = query(parts);
        if parts.method == Method::POST {
            let sent: BTreeMap<String, String> =
                serde_json::from_slice(&whole(body).await).map_err(|_| {
                    Refusal::new(400, "bad_json", "the request body is no JSON object of strings")
                })?;
            if let Some(field) = sent.keys().find(|field| !operation.takes(field, 4)) {
                return Err(Refusal::bad_request(format!("unknown field in {}: {field}", operation.name)));
            }
            query.extend(sent);
        }
        let id = query
            .get("fileId")
            .cloned()
            .ok_or_else(|| Refusal::bad_request("required field fileId is missing"))?;
        let owner = self.owner_of_file(&id).or_else(|| self.holder(&shown_token(parts, &query)));
        self.download(owner.unwrap_or(&self.first), parts, Wanted::Id(id), query)
    }

    /// Downloads from an account. Whoever shows a token of another account may do what anybody may.
    fn download(
        &self,
        account: &Arc<Account>,
        parts: &Parts,
        wanted: Wanted,
        mut query: BTreeMap<String, String>,
    ) -> Result<Response<Body>> {
        let mut headers = parts.headers.clone();
        let holder = self.holder(&shown_token(parts, &query));
        if holder.is_some_and(|holder| !Arc::ptr_eq(holder, account)) {
            headers.remove(header::AUTHORIZATION);
            query.remove("Authorization");
        }
        let now = account.clock.now_millis();
        account.download(&Download { wanted, headers: &headers, query, now })
    }
}

async fn call(
    account: &Account,
    parts: &Parts,
    body: &mut Body,
    operation: &'static Operation,
    version: u8,
) -> Result<Response<Body>> {
    let now = account.clock.now_millis();
    let caller = account.state().caller(&parts.headers, version, now)?;
    let fields = if parts.method == Method::POST {
        let bytes = whole(body).await;
        Fields::from_body(operation, version, &bytes)?
    } else {
        Fields::from_query(operation, version, parts.uri.query().unwrap_or_default())?
    };
    let name = operation.name;
    if test_mode(&parts.headers) == Some("force_cap_exceeded") && access(name) == Access::Write {
        return Err(Refusal::new(403, "cap_exceeded", "the account's cap is exceeded"));
    }
    account.run(&Call { operation: name, caller, fields, now }).map(Answer::response)
}

/// The token that a request shows, in its header or, for downloads, in its query.
fn shown_token(parts: &Parts, query: &BTreeMap<String, String>) -> String {
    let header = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let shown = header.or(query.get("Authorization").map(String::as_str));
    shown.unwrap_or_default().to_owned()
}

fn method_not_allowed(method: &Method) -> Refusal {
    Refusal::new(405, "method_not_allowed", format!("{method} is not for this operation"))
}

fn query(parts: &Parts) -> BTreeMap<String, String> {
    let text = parts.uri.query().unwrap_or_default();
    url::form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}

async fn whole(body: &mut Body) -> body::Bytes {
    // The plumbing has it in memory already.
    let taken = std::mem::take(body);
    body::to_bytes(taken, usize::MAX).await.unwrap_or_default()
}

async fn answer(Shared(endpoint): Shared<Arc<Endpoint>>, request: Request<Body>) -> Response<Body> {
    let (parts, mut body) = request.into_parts();
    let mut response = match endpoint.answer(&parts, &mut body).await {
        Ok(response) => response,
        Err(refusal) => {
            http::drain(body).await;
            refusal.response()
        }
    };
    let number = endpoint.answers.fetch_add(1, Ordering::Relaxed);
    if let Ok(id) = HeaderValue::from_str(&format!("{number:016x}")) {
        response.headers_mut().insert("x-bz-request-id", id);
    }
    response
}

impl http::Service for Endpoint {
    const NAME: &'static str = "b2";

    fn instance(&self, request: &Parts) -> Option<Arc<str>> {
        self.account(request).map(|account| Arc::clone(&account.instance))
    }

    fn operation(&self, request: &Parts) -> String {
        match Path::of(request.uri.path()) {
            Path::Api { operation, .. } => operation.to_owned(),
            Path::File { .. } => "b2_download_file_by_name".to_owned(),
            Path::Unknown => request.uri.path().to_owned(),
        }
    }

    fn access(&self, _request: &Parts, operation: &str) -> Access {
        access(operation)
    }

    fn is_upload(&self, operation: &str) -> bool {
        operation == "b2_upload_file" || operation == "b2_upload_part"
    }

    fn refusal(&self, status: StatusCode, code: &str, message: &str) -> Response<Body> {
        http::json(status, &json!({"status": status.as_u16(), "code": code, "message": message}))
    }

    fn expire_token(&self, request: &Parts) {
        let shown = shown_token(request, &BTreeMap::new());
        self.accounts().for_each(|account| account.state().expire(&shown));
    }

    /// An upload URL works until it fails; a failed one answers 503 from then on.
    fn failed(&self, operation: &str, authorization: Option<&HeaderValue>) {
        if self.is_upload(operation) {
            let shown = authorization.and_then(|value| value.to_str().ok());
            self.accounts().for_each(|account| account.state().break_upload_url(shown.unwrap_or_default()));
        }
    }

    /// An upload whose client has hung up keeps its token busy.
    fn hung_up(&self, operation: &str, authorization: Option<&HeaderValue>) {
        if self.is_upload(operation) {
            let shown = authorization.and_then(|value| value.to_str().ok());
            self.accounts().for_each(|account| account.state().keep_upload_token(shown.unwrap_or_default()));
        }
    }
}
