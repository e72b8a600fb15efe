//! The tenant behind a socket.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, Request, Response, StatusCode, header};

use super::answer::Answer;
use super::api::{Api, Asked};
use super::route::Route;
use crate::clock::Clock;
use crate::http;
use crate::request::Access;

/// What the socket, the handle and the technician share.
#[derive(Debug)]
pub(super) struct Shared {
    api: Mutex<Api>,
    pub(super) clock: Clock,
    instance: Arc<str>,
}

impl Shared {
    pub(super) fn new(api: Api, clock: Clock, instance: Arc<str>) -> Self {
        Self { api: Mutex::new(api), clock, instance }
    }

    pub(super) fn api(&self) -> MutexGuard<'_, Api> {
        self.api.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) fn router(shared: Arc<Shared>) -> Router {
    Router::new().fallback(serve).with_state(shared)
}

async fn serve(State(shared): State<Arc<Shared>>, request: Request<Body>) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body: Bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    let asked = Asked {
        route: route(&parts),
        path: parts.uri.path(),
        query: parts.uri.query().unwrap_or_default(),
        authorization: text(&parts, &header::AUTHORIZATION),
        content_type: text(&parts, &header::CONTENT_TYPE),
        body: &body,
    };
    let answer = shared.api().serve(&asked, shared.clock.now());
    response(&answer)
}

fn response(answer: &Answer) -> Response<Body> {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = Response::new(Body::empty());
    if let Some(body) = &answer.body {
        response = http::json(status, body);
    }
    *response.status_mut() = status;
    let request_id = HeaderValue::from_static("nj-simulated-request");
    response.headers_mut().insert(HeaderName::from_static("x-nj-request-id"), request_id);
    response
}

fn route(parts: &Parts) -> Route {
    Route::of(parts.method.as_str(), parts.uri.path())
}

fn text<'a>(parts: &'a Parts, name: &HeaderName) -> Option<&'a str> {
    parts.headers.get(name).and_then(|value| value.to_str().ok())
}

impl http::Service for Shared {
    const NAME: &'static str = "ninja";

    fn instance(&self, _request: &Parts) -> Option<Arc<str>> {
        Some(Arc::clone(&self.instance))
    }

    fn operation(&self, request: &Parts) -> String {
        route(request).operation().to_owned()
    }

    fn access(&self, request: &Parts, _operation: &str) -> Access {
        route(request).access()
    }

    fn refusal(&self, status: StatusCode, code: &str, message: &str) -> Response<Body> {
        response(&match status.as_u16() {
            401 => Answer::auth(401, "not_authenticated", 10),
            status => Answer::refused(status, code, message),
        })
    }

    fn expire_token(&self, request: &Parts) {
        if let Some(authorization) = text(request, &header::AUTHORIZATION) {
            self.api().application.expire(authorization);
        }
    }
}
