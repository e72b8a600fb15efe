//! HTTP plumbing shared by the services: sockets, the gate, the transcript, and answers that go wrong.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Request, Response, StatusCode, header};
use http_body_util::BodyExt as _;
use hyper::body::{Frame, Incoming, SizeHint};
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};

use crate::error::{Error, ErrorKind};
use crate::fault::Fault;
use crate::gate::{Delivered, Origin, Seen};
use crate::simulator::Core;
use crate::transcript::{Access, HttpExchange};

/// The largest request that is held in memory; larger ones must be streamed by their service.
const LARGEST_BUFFERED: usize = 64 << 20;

/// What the plumbing has to know of a service that speaks HTTP.
pub(crate) trait Service: Send + Sync + 'static {
    /// The service's name in transcripts and faults.
    const NAME: &'static str;

    /// Names the operation of a request, for faults and logs.
    fn operation(&self, request: &Parts) -> String;

    /// Tells whether the operation reads or writes.
    fn access(&self, request: &Parts, operation: &str) -> Access;

    /// Tells whether the request's body is raw bytes, to be streamed to the handler and recorded as null.
    fn is_upload(&self, _operation: &str) -> bool {
        false
    }

    /// Makes an error answer of the service's own shape.
    fn refusal(&self, status: StatusCode, code: &str, message: &str) -> Response<Body>;

    /// Makes the token that the request shows invalid.
    fn expire_token(&self, request: &Parts);

    /// Hears that a fault cut the request off, or answered it with a server error, in the service's place.
    fn failed(&self, _operation: &str, _authorization: Option<&HeaderValue>) {}

    /// Hears that the client hung up while the request was being served.
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
    let answer = service_fn(move |request: Request<Incoming>| {
        let (core, service, router) = (core.clone(), Arc::clone(&service), router.clone());
        async move { pass(&core, &*service, router, request.map(Body::new)).await }
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

/// The connection is to be cut without an answer.
#[derive(Debug, thiserror::Error)]
#[error("connection cut by a fault")]
struct Cut;

async fn pass<S: Service>(
    core: &Core,
    service: &S,
    router: Router,
    request: Request<Body>,
) -> Result<Response<Passed>, Cut> {
    let (parts, body) = request.into_parts();
    let operation = service.operation(&parts);
    let authorization = parts.headers.get(header::AUTHORIZATION).cloned();
    let mut line = Line { service, operation, authorization, open: true };
    let answer = answer(core, &line, router, parts, body).await;
    line.open = false;
    answer
}

/// The client that waits for an answer.
struct Line<'a, S: Service> {
    service: &'a S,
    operation: String,
    authorization: Option<HeaderValue>,
    open: bool,
}

impl<S: Service> Drop for Line<'_, S> {
    fn drop(&mut self) {
        if self.open {
            self.service.hung_up(&self.operation, self.authorization.as_ref());
        }
    }
}

async fn answer<S: Service>(
    core: &Core,
    line: &Line<'_, S>,
    router: Router,
    parts: Parts,
    body: Body,
) -> Result<Response<Passed>, Cut> {
    let Line { service, operation, authorization, .. } = line;
    let service = *service;
    let agent = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    let origin = Origin::of_user_agent(agent);
    let entry = core.gate.enter(Seen { service: S::NAME, operation, origin }).await;
    if entry.before().is_some_and(breaks) {
        service.failed(operation, authorization.as_ref());
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
        None | Some(Fault::Stall(_) | Fault::TruncateBody) => {}
    }
    let (recorded, request) = take_in(service, operation.clone(), parts, body).await?;
    let answer = match refused {
        Some(answer) => {
            drain(request.into_body()).await;
            answer
        }
        None => route(router, request).await,
    };
    let answer = record::<S>(core, &recorded, answer).await;
    let truncate = entry.before() == Some(&Fault::TruncateBody);
    let exit = entry.leave().await;
    if exit.fault.as_ref().is_some_and(breaks) {
        service.failed(&recorded.operation, authorization.as_ref());
    }
    let (answer, truncate) = match exit.fault {
        None | Some(Fault::Stall(_)) => (answer, truncate),
        Some(Fault::TruncateBody) => (answer, true),
        Some(Fault::DropConnection) => return Err(Cut),
        Some(Fault::Html(status)) => (html(status), truncate),
        Some(fault) => (refusal(service, &fault), truncate),
    };
    let mut answer = Passed::new(answer, truncate, exit.delivered);
    let date = core.clock.now().strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    if let Ok(date) = HeaderValue::from_str(&date) {
        answer.headers_mut().insert(header::DATE, date);
    }
    Ok(answer)
}

/// Tells whether a fault is the service failing, and not the service refusing.
fn breaks(fault: &Fault) -> bool {
    match fault {
        Fault::DropConnection => true,
        Fault::Html(status) | Fault::Refuse { status, .. } => *status >= 500,
        _ => false,
    }
}

/// Takes a request in: whole, or (an upload) to be streamed.
async fn take_in<S: Service>(
    service: &S,
    operation: String,
    parts: Parts,
    body: Body,
) -> Result<(Recorded, Request<Body>), Cut> {
    let (recorded, body) = if service.is_upload(&operation) {
        (Bytes::new(), body)
    } else {
        let bytes = axum::body::to_bytes(body, LARGEST_BUFFERED).await.map_err(|_| Cut)?;
        (bytes.clone(), Body::from(bytes))
    };
    let recorded = Recorded {
        access: service.access(&parts, &operation),
        verb: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        body: recorded,
        operation,
    };
    Ok((recorded, Request::from_parts(parts, body)))
}

/// Reads a body to its end: a client hears an answer only once it has sent all it wanted to send.
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
    operation: String,
    access: Access,
    verb: String,
    path: String,
    query: String,
    body: Bytes,
}

async fn record<S: Service>(core: &Core, request: &Recorded, answer: Response<Body>) -> Response<Body> {
    let content_type = answer.headers().get(header::CONTENT_TYPE);
    let json = content_type.is_some_and(|value| value.to_str().is_ok_and(|v| v.contains("json")));
    let (parts, body) = answer.into_parts();
    let (reply, body) = if json && parts.extensions.get::<Raw>().is_none() {
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
        (Some(bytes.clone()), Body::from(bytes))
    } else {
        (None, body)
    };
    core.transcript.record_http(&HttpExchange {
        service: S::NAME,
        operation: &request.operation,
        access: request.access,
        verb: &request.verb,
        path: &request.path,
        query: &request.query,
        body: &request.body,
        status: parts.status.as_u16(),
        reply: reply.as_deref(),
    });
    Response::from_parts(parts, body)
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

/// An answer's body on its way out; knows where it is to break, and tells when it is gone.
#[derive(Debug)]
pub(crate) struct Passed {
    body: Body,
    break_after: Option<u64>,
    flushed: bool,
    size: SizeHint,
    _delivered: Delivered,
}

impl Passed {
    fn new(answer: Response<Body>, truncate: bool, delivered: Delivered) -> Response<Self> {
        let announced = answer.headers().get(header::CONTENT_LENGTH);
        let announced = announced.and_then(|value| value.to_str().ok()?.parse().ok());
        answer.map(|body| {
            let size = body.size_hint();
            let length = size.exact().or(announced).unwrap_or_default();
            Self {
                body,
                break_after: truncate.then_some(length / 2),
                flushed: false,
                size,
                _delivered: delivered,
            }
        })
    }
}

impl HttpBody for Passed {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.break_after == Some(0) {
            if !std::mem::replace(&mut self.flushed, true) {
                // Once more round, so that what went before is on the wire when the connection breaks.
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
            return Poll::Ready(Some(Err(axum::Error::new(Cut))));
        }
        let polled = Pin::new(&mut self.body).poll_frame(context);
        let Some(left) = self.break_after else {
            return polled;
        };
        let Poll::Ready(Some(Ok(frame))) = polled else {
            return polled;
        };
        let Ok(mut data) = frame.into_data() else {
            return Poll::Ready(None);
        };
        data.truncate(usize::try_from(left).unwrap_or(usize::MAX));
        self.break_after = Some(left - data.len() as u64);
        Poll::Ready(Some(Ok(Frame::data(data))))
    }

    fn is_end_stream(&self) -> bool {
        self.break_after.is_none() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.size
    }
}
