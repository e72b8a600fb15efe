//! The server behind a socket.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::request::Parts;
use axum::http::{Request, Response, StatusCode, header};

use super::answer::Answer;
use super::api::{self, Asked};
use super::route::Route;
use super::state::Server;
use crate::clock::Clock;
use crate::http;
use crate::request::Access;

/// What the socket and the handle share.
#[derive(Debug)]
pub(super) struct Shared {
    server: Mutex<Server>,
    pub(super) clock: Clock,
    instance: Arc<str>,
}

impl Shared {
    pub(super) fn new(server: Server, clock: Clock, instance: Arc<str>) -> Self {
        Self { server: Mutex::new(server), clock, instance }
    }

    pub(super) fn server(&self) -> MutexGuard<'_, Server> {
        self.server.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) fn router(shared: Arc<Shared>) -> Router {
    Router::new().fallback(serve).with_state(shared)
}

async fn serve(State(shared): State<Arc<Shared>>, request: Request<Body>) -> Response<Body> {
    let (parts, body) = request.into_parts();
    http::drain(body).await;
    let asked = Asked {
        route: route(&parts),
        query: parts.uri.query().unwrap_or_default(),
        authorization: authorization(&parts),
    };
    response(&api::serve(&shared.server(), &asked))
}

fn response(answer: &Answer) -> Response<Body> {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    http::json(status, &answer.body)
}

fn route(parts: &Parts) -> Route<'_> {
    Route::of(parts.method.as_str(), parts.uri.path())
}

fn authorization(parts: &Parts) -> Option<&str> {
    parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok())
}

impl http::Service for Shared {
    const NAME: &'static str = "connect";

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
        response(&match code {
            "expired_auth_token" => Answer::wrong_token(),
            _ => Answer::error(status.as_u16(), message),
        })
    }

    fn expire_token(&self, request: &Parts) {
        let shown = authorization(request).and_then(|value| value.strip_prefix("Bearer "));
        self.server().tokens.retain(|token| Some(token.text.as_str()) != shown);
    }
}
