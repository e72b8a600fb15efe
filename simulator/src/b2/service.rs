//! B2 behind its socket: which request is which, and who answers it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::Body;
use axum::extract::State as Shared;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, Request, Response, StatusCode, header};
use axum::{Router, body};
use serde_json::json;

use super::answer::Answer;
use super::authorize::test_mode;
use super::body::Store;
use super::download::{Download, Wanted};
use super::fields::Fields;
use super::file_name::decode;
use super::operations::{Operation, access};
use super::refusal::{Refusal, Result};
use super::state::{Call, State};
use crate::clock::Clock;
use crate::http;
use crate::transcript::Access;

/// The newest version of the interface.
const NEWEST: u8 = 4;

/// The simulated service.
#[derive(Debug)]
pub(crate) struct B2 {
    pub(crate) state: Mutex<State>,
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    /// How many answers were given; each bears its number as request id.
    pub(crate) answers: AtomicU64,
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

impl B2 {
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn router(self: &Arc<Self>) -> Router {
        Router::new().fallback(answer).with_state(Arc::clone(self))
    }

    async fn answer(&self, parts: &Parts, body: &mut Body) -> Result<Response<Body>> {
        match Path::of(parts.uri.path()) {
            Path::Unknown => Err(Refusal::not_found(format!("no such path: {}", parts.uri.path()))),
            Path::File { bucket, name } => {
                if parts.method != Method::GET && parts.method != Method::HEAD {
                    return Err(method_not_allowed(&parts.method));
                }
                let (bucket, name) = (decode(bucket)?, decode(name)?);
                self.download(&Download {
                    wanted: Wanted::Name { bucket, name },
                    headers: &parts.headers,
                    query: query(parts),
                    now: self.clock.now_millis(),
                })
            }
            Path::Api { operation: "b2_authorize_account", version } => {
                if parts.method != Method::GET && parts.method != Method::POST {
                    return Err(method_not_allowed(&parts.method));
                }
                let now = self.clock.now_millis();
                let mut state = self.state();
                state.authorize(version, &parts.headers, now).map(Answer::response)
            }
            Path::Api { operation: "b2_upload_file" | "b2_upload_part", .. }
                if parts.method != Method::POST =>
            {
                Err(method_not_allowed(&parts.method))
            }
            Path::Api { operation: "b2_upload_file", .. } => {
                self.upload_file(parts, body).await.map(Answer::response)
            }
            Path::Api { operation: "b2_upload_part", .. } => {
                self.upload_part(parts, body).await.map(Answer::response)
            }
            Path::Api { operation, version } => self.call(parts, body, operation, version).await,
        }
    }

    async fn call(&self, parts: &Parts, body: &mut Body, name: &str, version: u8) -> Result<Response<Body>> {
        let operation =
            Operation::find(name).ok_or_else(|| Refusal::not_found(format!("no such operation: {name}")))?;
        let by_id = operation.name == "b2_download_file_by_id";
        let looks = parts.method == Method::GET || (by_id && parts.method == Method::HEAD);
        if parts.method != Method::POST && !(operation.get && looks) {
            return Err(method_not_allowed(&parts.method));
        }
        let now = self.clock.now_millis();
        if by_id {
            return self.download_by_id(operation, parts, body, now).await;
        }
        let caller = self.state().caller(&parts.headers, version, now)?;
        let fields = if parts.method == Method::POST {
            let bytes = whole(body).await;
            Fields::from_body(operation, version, &bytes)?
        } else {
            Fields::from_query(operation, version, parts.uri.query().unwrap_or_default())?
        };
        let call = Call { operation: operation.name, caller, fields, now };
        if test_mode(&parts.headers) == Some("force_cap_exceeded") && access(name) == Access::Write {
            return Err(Refusal::new(403, "cap_exceeded", "the account's cap is exceeded"));
        }
        self.run(&call).map(Answer::response)
    }

    /// Carries out an authorised request.
    pub(crate) fn run(&self, call: &Call<'_>) -> Result<Answer> {
        match call.operation {
            "b2_copy_file" => self.copy_file(call),
            "b2_copy_part" => self.copy_part(call),
            _ => self.state().run(call),
        }
    }

    async fn download_by_id(
        &self,
        operation: &Operation,
        parts: &Parts,
        body: &mut Body,
        now: i64,
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
        self.download(&Download { wanted: Wanted::Id(id), headers: &parts.headers, query, now })
    }
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

async fn answer(Shared(b2): Shared<Arc<B2>>, request: Request<Body>) -> Response<Body> {
    let (parts, mut body) = request.into_parts();
    let mut response = match b2.answer(&parts, &mut body).await {
        Ok(response) => response,
        Err(refusal) => {
            http::drain(body).await;
            refusal.response()
        }
    };
    let number = b2.answers.fetch_add(1, Ordering::Relaxed);
    if let Ok(id) = HeaderValue::from_str(&format!("{number:016x}")) {
        response.headers_mut().insert("x-bz-request-id", id);
    }
    response
}

impl http::Service for B2 {
    const NAME: &'static str = "b2";

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
        let shown = request.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        self.state().expire(shown.unwrap_or_default());
    }

    /// An upload URL is good until it fails; then the place behind it is gone.
    fn failed(&self, operation: &str, authorization: Option<&HeaderValue>) {
        if self.is_upload(operation) {
            let shown = authorization.and_then(|value| value.to_str().ok());
            self.state().break_upload_url(shown.unwrap_or_default());
        }
    }

    /// An upload that nobody waits for any more keeps its token.
    fn hung_up(&self, operation: &str, authorization: Option<&HeaderValue>) {
        if self.is_upload(operation) {
            let shown = authorization.and_then(|value| value.to_str().ok());
            self.state().keep_upload_token(shown.unwrap_or_default());
        }
    }
}
