//! HTTP plumbing shared by the services: sockets, the gate, the transcript, and answers that go wrong.

mod announcing;
mod passed;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Request, Response, StatusCode, header};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};

pub(crate) use self::announcing::Announcing;
use self::passed::{Cut, Passed};

use crate::core::Core;
use crate::error::{Error, ErrorKind};
use crate::fault::Fault;
use crate::gate::{AfterFlush, Delivered};
use crate::host;
use crate::request::{Access, Origin, Request as Counted};
use crate::transcript::{Arrival, HttpExchange, Keep, Unanswered};

/// The largest request that is held in memory; larger ones must be streamed by their service.
const LARGEST_BUFFERED: usize = 64 << 20;

/// What the plumbing has to know of a service that speaks HTTP.
pub(crate) trait Service: Send + Sync + 'static {
    /// The service's name in transcripts and faults.
    const NAME: &'static str;

    /// Returns the id of the account or tenant that a request concerns, if it says which.
    fn instance(&self, request: &Parts) -> Option<Arc<str>>;

    /// Names the operation of a request, for faults and logs.
    fn operation(&self, request: &Parts) -> String;

    /// Returns whether the operation reads or writes.
    fn access(&self, request: &Parts, operation: &str) -> Access;

    /// Returns whether the request's body is raw bytes, to be streamed to the handler and recorded as null.
    fn is_upload(&self, _operation: &str) -> bool {
        false
    }

    /// Makes an error answer of the service's own shape.
    fn refusal(&self, status: StatusCode, code: &str, message: &str) -> Response<Body>;

    /// Makes the token that the request shows invalid.
    fn expire_token(&self, request: &Parts);

    /// Called when a fault cuts the request off, or answers it with a server error, in the service's place.
    fn failed(&self, _operation: &str, _authorization: Option<&HeaderValue>) {}

    /// Called when the client hangs up while the request is being served.
    fn hung_up(&self, _operation: &str, _authorization: Option<&HeaderValue>) {}
}

/// Marks an answer whose body is raw bytes: streamed, and recorded as null, whatever its content type says.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Raw;

/// Opens a loopback port.
pub(crate) async fn listen() -> Result<(TcpListener, SocketAddr), Error> {
    let failed =
        |source: io::Error| Error::new(ErrorKind::Bind, "cannot open a port on 127.0.0.1").caused_by(source);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address))
}

/// Serves `router` on `listener` until the simulator stops; each request passes the gate and is recorded.
pub(crate) fn serve<S: Service>(core: &Core, listener: TcpListener, service: Arc<S>, router: Router) {
    let task = accept(core.clone(), listener, service, router);
    core.tasks.spawn(task);
}

async fn accept<S: Service>(core: Core, listener: TcpListener, service: Arc<S>, router: Router) {
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => accepted,
            () = core.tasks.stopping() => return,
        };
        let Ok((stream, _)) = stream else {
            // Out of descriptors, most likely: let some close.
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
            continue;
        };
        let _ = stream.set_nodelay(true);
        let connection = connection(core.clone(), stream, Arc::clone(&service), router.clone());
        core.tasks.spawn(connection);
    }
}

async fn connection<S: Service>(core: Core, stream: TcpStream, service: Arc<S>, router: Router) {
    let tasks = core.tasks.clone();
    let after_flush = AfterFlush::default();
    let stream = Announcing::new(stream, after_flush.clone());
    let answer = service_fn(move |request: Request<Incoming>| {
        let (core, service, router) = (core.clone(), Arc::clone(&service), router.clone());
        let after_flush = after_flush.clone();
        async move { pass(&core, &*service, router, request.map(Body::new), &after_flush).await }
    });
    let served = hyper::server::conn::http1::Builder::new()
        .max_buf_size(512 << 10)
        .serve_connection(TokioIo::new(stream), answer);
    tokio::pin!(served);
    tokio::select! {
        // An error here is a connection that was cut, by us or by the client.
        _ = served.as_mut() => return,
        () = tasks.stopping() => served.as_mut().graceful_shutdown(),
    }
    let _ = served.await;
}

async fn pass<S: Service>(
    core: &Core,
    service: &S,
    router: Router,
    request: Request<Body>,
    after_flush: &AfterFlush,
) -> Result<Response<Passed>, Cut> {
    if !host::is_asked_for(request.headers()) {
        return Ok(Passed::new(misdirected(), false, Delivered::default()));
    }
    let arrival = core.transcript.arrival();
    let (parts, body) = request.into_parts();
    let agent = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    let mut exchange = Exchange {
        service,
        arrival,
        instance: service.instance(&parts),
        operation: service.operation(&parts),
        origin: Origin::of_user_agent(agent),
        authorization: parts.headers.get(header::AUTHORIZATION).cloned(),
        is_open: true,
    };
    let answer = answer(core, &exchange, router, parts, body, after_flush).await;
    exchange.is_open = false;
    answer
}

/// A request whose client waits for an answer.
struct Exchange<'a, S: Service> {
    service: &'a S,
    arrival: Arrival,
    instance: Option<Arc<str>>,
    operation: String,
    origin: Origin,
    authorization: Option<HeaderValue>,
    is_open: bool,
}

impl<S: Service> Exchange<'_, S> {
    fn counted(&self) -> Counted<'_> {
        Counted {
            service: S::NAME,
            instance: self.instance.clone(),
            operation: &self.operation,
            origin: self.origin,
        }
    }

    fn failed(&self) {
        self.service.failed(&self.operation, self.authorization.as_ref());
    }
}

impl<S: Service> Drop for Exchange<'_, S> {
    fn drop(&mut self) {
        if self.is_open {
            self.service.hung_up(&self.operation, self.authorization.as_ref());
        }
    }
}

async fn answer<S: Service>(
    core: &Core,
    exchange: &Exchange<'_, S>,
    router: Router,
    parts: Parts,
    body: Body,
    after_flush: &AfterFlush,
) -> Result<Response<Passed>, Cut> {
    let service = exchange.service;
    let entry = core.gate.enter(&exchange.counted()).await;
    if entry.before().is_some_and(breaks) {
        exchange.failed();
    }
    let mut refused = None;
    match entry.before() {
        Some(Fault::DropConnection) => return Err(Cut),
        Some(Fault::Html(status)) => {
            drain(body).await;
            return Ok(Passed::new(html(*status), false, Delivered::default()));
        }
        Some(Fault::ExpireToken) => service.expire_token(&parts),
        Some(fault @ Fault::Refuse { .. }) => refused = Some(refusal(service, fault)),
        None | Some(Fault::Stall(_) | Fault::TruncateBody | Fault::Alter { .. } | Fault::Mangle(_)) => {}
    }
    let headers = echoed_headers(core, exchange, &parts);
    let (recorded, request) = take_in(exchange, parts, body, entry.before()).await?;
    let answer = match refused {
        Some(answer) => {
            drain(request.into_body()).await;
            answer
        }
        None => route(router, request).await,
    };
    let (answer, unanswered) = record(core, exchange, &recorded, answer).await;
    let truncate = entry.before() == Some(&Fault::TruncateBody);
    let exit = entry.leave().await;
    if exit.fault.as_ref().is_some_and(breaks) {
        exchange.failed();
    }
    drop(unanswered);
    let (answer, truncate) = match exit.fault {
        None | Some(Fault::Stall(_) | Fault::Alter { .. } | Fault::Mangle(_)) => (answer, truncate),
        Some(Fault::TruncateBody) => (answer, true),
        Some(Fault::DropConnection) => return Err(Cut),
        Some(Fault::Html(status)) => (html(status), truncate),
        Some(fault) => (refusal(service, &fault), truncate),
    };
    let answer = match headers {
        Some(headers) if answer.status().as_u16() >= 400 => {
            repeating(core, answer, &recorded, &headers).await
        }
        _ => answer,
    };
    let mut answer = Passed::new(answer, truncate, exit.delivered.after_flush(after_flush));
    let date = core.clock.now().strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    if let Ok(date) = HeaderValue::from_str(&date) {
        answer.headers_mut().insert(header::DATE, date);
    }
    Ok(answer)
}

/// The request's headers, where refusals repeat them; the one that authorises comes first, since clients cut long texts.
fn echoed_headers<S: Service>(core: &Core, exchange: &Exchange<'_, S>, parts: &Parts) -> Option<String> {
    if exchange.origin != Origin::Client || !core.gate.faults().is_echoing() {
        return None;
    }
    let mut headers: Vec<_> = parts.headers.iter().collect();
    headers.sort_by_key(|(name, _)| !matches!(name.as_str(), "authorization" | "x-api-key"));
    let line =
        |(name, value): &(_, &HeaderValue)| format!("{name}: {}", String::from_utf8_lossy(value.as_bytes()));
    Some(headers.iter().map(line).collect::<Vec<_>>().join("\r\n"))
}

/// A refusal that repeats the request in each of its texts.
async fn repeating(core: &Core, answer: Response<Body>, request: &Recorded, headers: &str) -> Response<Body> {
    let body = String::from_utf8_lossy(&request.body);
    let whole = format!("{body}\r\n{headers}\r\n{} {}?{}", request.verb, request.path, request.query);
    let Some(words) = core.gate.faults().echo_of(&whole) else { return answer };
    let (mut parts, body) = answer.into_parts();
    let said = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    let repeated = match serde_json::from_slice(&said) {
        Ok(mut refusal) => {
            crate::echo::repeat_in(&mut refusal, &words);
            refusal.to_string()
        }
        Err(_) if said.is_empty() => String::new(),
        Err(_) => format!("{}{words}", String::from_utf8_lossy(&said)),
    };
    parts.headers.remove(header::CONTENT_LENGTH);
    let visible: String = words.chars().filter(|c| (' '..='~').contains(c)).take(2000).collect();
    for name in ["x-nj-request-id", "x-bz-request-id", "x-request-id"] {
        if let Ok(value) = HeaderValue::from_str(&visible) {
            parts.headers.insert(name, value);
        }
    }
    Response::from_parts(parts, Body::from(repeated))
}

/// Returns whether a fault is the service failing, and not the service refusing.
fn breaks(fault: &Fault) -> bool {
    match fault {
        Fault::DropConnection => true,
        Fault::Html(status) | Fault::Refuse { status, .. } => *status >= 500,
        _ => false,
    }
}

/// Takes a request in: whole, or (an upload) to be streamed.
async fn take_in<S: Service>(
    exchange: &Exchange<'_, S>,
    parts: Parts,
    body: Body,
    before: Option<&Fault>,
) -> Result<(Recorded, Request<Body>), Cut> {
    let Exchange { service, operation, .. } = exchange;
    let (recorded, body) = if service.is_upload(operation) {
        (Bytes::new(), body)
    } else {
        let bytes = axum::body::to_bytes(body, LARGEST_BUFFERED).await.map_err(|_| Cut)?;
        let taken_in = before.map_or_else(|| bytes.clone(), |fault| fault.altered(bytes.clone()));
        (bytes, Body::from(taken_in))
    };
    let recorded = Recorded {
        access: service.access(&parts, operation),
        verb: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        body: recorded,
    };
    Ok((recorded, Request::from_parts(parts, body)))
}

/// Reads a body to its end: a client reads an answer only once it has sent all it wanted to send.
pub(crate) async fn drain(mut body: Body) {
    while let Some(Ok(_)) = body.frame().await {}
}

async fn route(router: Router, request: Request<Body>) -> Response<Body> {
    match TowerToHyperService::new(router).call(request).await {
        Ok(answer) => answer,
        Err(never) => match never {},
    }
}

struct Recorded {
    access: Access,
    verb: String,
    path: String,
    query: String,
    body: Bytes,
}

async fn record<S: Service>(
    core: &Core,
    exchange: &Exchange<'_, S>,
    request: &Recorded,
    answer: Response<Body>,
) -> (Response<Body>, Unanswered) {
    let content_type = answer.headers().get(header::CONTENT_TYPE);
    let json = content_type.is_some_and(|value| value.to_str().is_ok_and(|v| v.contains("json")));
    let (parts, body) = answer.into_parts();
    let (reply, body) = if json && parts.extensions.get::<Raw>().is_none() {
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
        (Some(bytes.clone()), Body::from(bytes))
    } else {
        (None, body)
    };
    let recorded = HttpExchange {
        request: &exchange.counted(),
        access: request.access,
        verb: &request.verb,
        path: &request.path,
        query: &request.query,
        body: &request.body,
        status: parts.status.as_u16(),
        reply: reply.as_deref(),
        keep: Keep::Everywhere,
    };
    let unanswered = core.transcript.record_http(exchange.arrival, &recorded);
    (Response::from_parts(parts, body), unanswered)
}

fn refusal<S: Service>(service: &S, fault: &Fault) -> Response<Body> {
    let Fault::Refuse { status, code, message, retry_after } = fault else {
        // The token was valid for the effect and is reported expired instead of its answer.
        return service.refusal(
            StatusCode::UNAUTHORIZED,
            "expired_auth_token",
            "Authorization token has expired",
        );
    };
    let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut answer = service.refusal(status, code, message);
    if let Some(value) = retry_after.as_deref().and_then(|text| HeaderValue::from_str(text).ok()) {
        answer.headers_mut().insert(header::RETRY_AFTER, value);
    }
    answer
}

/// The answer to a request for another machine.
pub(crate) fn misdirected() -> Response<Body> {
    let mut answer = Response::new(Body::from("This simulator answers to 127.0.0.1 and localhost only.\n"));
    *answer.status_mut() = StatusCode::MISDIRECTED_REQUEST;
    answer
}

fn html(status: u16) -> Response<Body> {
    let page = format!(
        "<html>\r\n<head><title>{status}</title></head>\r\n<body><center><h1>{status}</h1></center></body>\r\n</html>\r\n"
    );
    let mut answer = Response::new(Body::from(page));
    *answer.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    let text = HeaderValue::from_static("text/html");
    answer.headers_mut().insert(header::CONTENT_TYPE, text);
    answer
}

/// Makes a JSON answer on one line.
pub(crate) fn json(status: StatusCode, value: &serde_json::Value) -> Response<Body> {
    let mut answer = Response::new(Body::from(value.to_string()));
    *answer.status_mut() = status;
    let kind = HeaderValue::from_static("application/json;charset=UTF-8");
    answer.headers_mut().insert(header::CONTENT_TYPE, kind);
    answer
}
