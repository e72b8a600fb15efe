//! The appliance's one port: TLS, the few HTTP paths, and the upgrade to a WebSocket.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, Request, Response, StatusCode, header};
use futures_util::{TryStreamExt as _, stream};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::json;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::Role;

use super::downloads::{Download, NoDownload};
use super::nas::Nas;
use super::release::{Interface, Release};
use super::session::Channel;
use super::settings::{Arrival, PlainHttp};
use super::socket;
use super::uploads;
use crate::fault::Fault;
use crate::gate::{AfterFlush, Delivered};
use crate::http::Announcing;
use crate::request::{Access, Origin, Request as Counted};
use crate::transcript::{HttpExchange, Keep};

const CHUNK: usize = 64 << 10;
/// The first byte of a TLS connection.
const HANDSHAKE: u8 = 0x16;

/// Takes connections until the simulator stops.
pub(super) async fn accept(nas: Arc<Nas>, listener: TcpListener) {
    let tasks = nas.core.tasks.clone();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = tasks.stopping() => return,
        };
        match accepted {
            Ok(_) if nas.is_down.load(std::sync::atomic::Ordering::SeqCst) => {}
            Ok((stream, _)) => tasks.spawn(connection(Arc::clone(&nas), stream)),
            // Out of descriptors, most likely: let some close.
            Err(_) => tokio::time::sleep(std::time::Duration::from_millis(10)).await,
        }
    }
}

async fn connection(nas: Arc<Nas>, stream: TcpStream) {
    let _ = stream.set_nodelay(true);
    let tasks = nas.core.tasks.clone();
    let certificate = nas.certificate().clone();
    let channel = Channel {
        address: nas.settings.client_address,
        is_secure: nas.settings.arrival == Arrival::Tls,
        end_point: certificate.digest().to_vec(),
    };
    let serve = async {
        let mut first = [0];
        let is_tls = stream.peek(&mut first).await.is_ok_and(|read| read == 0 || first[0] == HANDSHAKE);
        if is_tls || nas.settings.plain_http == PlainHttp::Refused {
            // A client that does not trust the certificate leaves here.
            let Ok(stream) = TlsAcceptor::from(certificate.config).accept(stream).await else {
                return;
            };
            serve(nas, stream, channel).await;
        } else {
            serve(nas, stream, Channel { is_secure: false, ..channel }).await;
        }
    };
    tokio::select! {
        () = serve => {}
        () = tasks.stopping() => {}
    }
}

async fn serve(
    nas: Arc<Nas>,
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    channel: Channel,
) {
    let is_redirected = !channel.is_secure
        && nas.settings.arrival == Arrival::Tls
        && nas.settings.plain_http == PlainHttp::Redirected;
    let after_flush = AfterFlush::default();
    let stream = Announcing::new(stream, after_flush.clone());
    let answer = service_fn(|request: Request<Incoming>| {
        let (nas, channel, after_flush) = (Arc::clone(&nas), channel.clone(), after_flush.clone());
        async move {
            if is_redirected {
                return Ok(redirect_to_tls(&request));
            }
            answer(nas, request, channel, after_flush).await
        }
    });
    let http = hyper::server::conn::http1::Builder::new();
    let _ = http.serve_connection(TokioIo::new(stream), answer).with_upgrades().await;
}

/// What nginx says to a client without TLS where HTTPS is asked for.
fn redirect_to_tls(request: &Request<Incoming>) -> Response<Body> {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    redirect(StatusCode::TEMPORARY_REDIRECT, &format!("https://{host}{path}"))
}

fn redirect(code: StatusCode, place: &str) -> Response<Body> {
    let mut answer = status(code);
    if let Ok(place) = HeaderValue::from_str(place) {
        answer.headers_mut().insert(header::LOCATION, place);
    }
    answer
}

/// The connection is to be cut without an answer.
#[derive(Debug, thiserror::Error)]
#[error("connection cut by a fault")]
struct Cut;

/// What a fault puts in the place of a request's effect.
fn instead(fault: &Fault) -> Option<Result<Response<Body>, Cut>> {
    match fault {
        Fault::DropConnection => Some(Err(Cut)),
        Fault::Refuse { status: code, .. } | Fault::Html(code) => {
            Some(Ok(status(StatusCode::from_u16(*code).unwrap_or(StatusCode::BAD_GATEWAY))))
        }
        Fault::Stall(_)
        | Fault::ExpireToken
        | Fault::TruncateBody
        | Fault::Alter { .. }
        | Fault::Mangle(_) => None,
    }
}

/// Passes one HTTP request through the gate and records it.
async fn answer(
    nas: Arc<Nas>,
    request: Request<Incoming>,
    channel: Channel,
    after_flush: AfterFlush,
) -> Result<Response<Body>, Cut> {
    if !crate::host::is_asked_for(request.headers()) {
        return Ok(crate::http::misdirected());
    }
    let arrival = nas.core.transcript.arrival();
    let (verb, path) = (request.method().to_string(), request.uri().path().to_owned());
    let Some(operation) = operation_at(nas.release, &path) else { return Ok(elsewhere(nas.release, &path)) };
    let counted = Counted {
        service: "truenas",
        instance: Some(Arc::clone(&nas.id)),
        operation,
        origin: Origin::Client,
    };
    let entry = nas.core.gate.enter(&counted).await;
    if let Some(instead) = entry.before().and_then(instead) {
        return instead;
    }
    let query = request.uri().query().unwrap_or_default().to_owned();
    let prepared = if operation == "upload" {
        Prepared::Other(uploads::take(&nas, request, channel).await)
    } else {
        prepare(&nas, request, operation, channel)
    };
    let exchange = HttpExchange {
        request: &counted,
        access: if operation == "upload" { Access::Write } else { Access::Read },
        verb: &verb,
        path: &path,
        query: &query,
        body: &[],
        status: prepared.status().as_u16(),
        reply: None,
        keep: Keep::InMemory,
    };
    let unanswered = nas.core.transcript.record_http(arrival, &exchange);
    let exit = entry.leave().await;
    drop(unanswered);
    let delivered = exit.delivered.after_flush(&after_flush);
    match exit.fault {
        None | Some(Fault::Stall(_) | Fault::ExpireToken | Fault::Alter { .. } | Fault::Mangle(_)) => {
            Ok(prepared.respond(delivered, Whole::Yes))
        }
        Some(Fault::TruncateBody) => Ok(prepared.respond(delivered, Whole::Half)),
        Some(Fault::DropConnection) => Err(Cut),
        Some(Fault::Refuse { status: code, .. } | Fault::Html(code)) => {
            Ok(status(StatusCode::from_u16(code).unwrap_or(StatusCode::BAD_GATEWAY)))
        }
    }
}

/// Lets a request have its effect.
fn prepare(nas: &Arc<Nas>, request: Request<Incoming>, operation: &str, channel: Channel) -> Prepared {
    let uri = request.uri().clone();
    match operation {
        "versions" if nas.release.speaks_json_rpc() => Prepared::Versions(nas.release),
        "download" => download(nas, uri.path(), uri.query().unwrap_or_default()),
        _ => match Interface::at(uri.path(), nas.release) {
            Some(interface) => upgrade(nas, request, interface, channel),
            None => Prepared::Other(elsewhere(nas.release, uri.path())),
        },
    }
}

/// What a path asks for.
fn operation_at(release: Release, path: &str) -> Option<&'static str> {
    match path {
        "/api/versions" => Some("versions"),
        "/_upload" | "/_upload/" => Some("upload"),
        _ if path.starts_with("/_download/") => Some("download"),
        _ => Interface::at(path, release).map(|_| "websocket"),
    }
}

/// What a path comes to that nothing answers: before 25.04 nginx sends every such path to the web interface, which is a
/// page without content here.
fn elsewhere(release: Release, path: &str) -> Response<Body> {
    if path.starts_with("/ui/") {
        let mut answer = Response::new(Body::from("<!doctype html><title>TrueNAS</title>"));
        answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html"));
        answer
    } else if release.speaks_json_rpc() {
        status(StatusCode::NOT_FOUND)
    } else {
        redirect(StatusCode::FOUND, "/ui/")
    }
}

fn status(code: StatusCode) -> Response<Body> {
    let mut answer = Response::new(Body::empty());
    *answer.status_mut() = code;
    answer
}

/// An answer that has had its effect and is not yet sent.
enum Prepared {
    Versions(Release),
    Download(Download),
    Other(Response<Body>),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Whole {
    Yes,
    Half,
}

impl Prepared {
    fn status(&self) -> StatusCode {
        match self {
            Self::Versions(_) | Self::Download(_) => StatusCode::OK,
            Self::Other(answer) => answer.status(),
        }
    }

    fn respond(self, delivered: Delivered, whole: Whole) -> Response<Body> {
        match self {
            Self::Versions(release) => {
                let mut text = json!(release.api_versions()).to_string();
                if whole == Whole::Half {
                    text.truncate(text.len() / 2);
                }
                let mut answer = Response::new(announcing(text, delivered));
                let json = HeaderValue::from_static("application/json; charset=utf-8");
                answer.headers_mut().insert(header::CONTENT_TYPE, json);
                answer
            }
            Self::Download(download) => send_file(download, delivered, whole),
            Self::Other(answer) => answer,
        }
    }
}

/// A text as a body that announces when it has been sent.
fn announcing(text: String, delivered: Delivered) -> Body {
    Body::from_stream(stream::unfold((Some(text), delivered), |(text, delivered)| async move {
        text.map(|text| (Ok::<_, Infallible>(text), (None, delivered)))
    }))
}

fn download(nas: &Nas, path: &str, query: &str) -> Prepared {
    let number = path.strip_prefix("/_download/").and_then(|number| number.parse().ok());
    let Some(job) = number else {
        return Prepared::Other(status(StatusCode::NOT_FOUND));
    };
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    let token = pairs.find(|(name, _)| name == "auth_token").map(|(_, value)| value.into_owned());
    match nas.downloads.take(job, token.as_deref().unwrap_or_default(), nas.now()) {
        Ok(download) => Prepared::Download(download),
        Err(NoDownload::WrongToken) => Prepared::Other(status(StatusCode::UNAUTHORIZED)),
        Err(NoDownload::Unknown) => Prepared::Other(status(StatusCode::NOT_FOUND)),
        Err(NoDownload::Gone) => Prepared::Other(status(StatusCode::GONE)),
    }
}

fn send_file(download: Download, delivered: Delivered, whole: Whole) -> Response<Body> {
    let Download { file, name, fetched, .. } = download;
    let chunks = async move {
        let length = tokio::fs::metadata(&file).await?.len();
        let limit = if whole == Whole::Half { length / 2 } else { length };
        let file = tokio::fs::File::open(&file).await?.take(limit);
        Ok::<_, std::io::Error>(stream::unfold(Some((file, fetched, delivered)), move |state| async move {
            let (mut file, fetched, delivered) = state?;
            let mut chunk = Vec::with_capacity(CHUNK);
            match (&mut file).take(CHUNK as u64).read_to_end(&mut chunk).await {
                Ok(0) if whole == Whole::Half => Some((Err(std::io::Error::other(Cut)), None)),
                Ok(0) => {
                    // The job may have been given up.
                    let _ = fetched.send(());
                    None
                }
                Ok(_) => Some((Ok(Bytes::from(chunk)), Some((file, fetched, delivered)))),
                Err(error) => Some((Err(error), None)),
            }
        }))
    };
    let mut answer = Response::new(Body::from_stream(stream::once(chunks).try_flatten()));
    let disposition = format!("attachment; filename=\"{}\"", name.replace(['"', '\r', '\n'], "_"));
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    if let Ok(value) = HeaderValue::from_bytes(disposition.as_bytes()) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    answer
}

/// Answers a WebSocket handshake and lets the conversation begin.
fn upgrade(
    nas: &Arc<Nas>,
    mut request: Request<Incoming>,
    interface: Interface,
    channel: Channel,
) -> Prepared {
    let headers = request.headers();
    let wants = |name, value: &str| has_token(headers, name, value);
    let key = headers.get(header::SEC_WEBSOCKET_KEY).map(|key| derive_accept_key(key.as_bytes()));
    let is_handshake = wants(header::UPGRADE, "websocket") && wants(header::CONNECTION, "upgrade");
    let (true, Some(accept)) = (is_handshake, key) else {
        return Prepared::Other(status(StatusCode::BAD_REQUEST));
    };
    let upgraded = hyper::upgrade::on(&mut request);
    let nas_of_task = Arc::clone(nas);
    nas.core.tasks.spawn(async move {
        if let Ok(upgraded) = upgraded.await {
            let io = TokioIo::new(upgraded);
            let socket = WebSocketStream::from_raw_socket(io, Role::Server, None).await;
            socket::converse(nas_of_task, socket, interface, channel).await;
        }
    });
    let mut answer = status(StatusCode::SWITCHING_PROTOCOLS);
    let headers = answer.headers_mut();
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
    if let Ok(value) = HeaderValue::from_str(&accept) {
        headers.insert(header::SEC_WEBSOCKET_ACCEPT, value);
    }
    Prepared::Other(answer)
}

fn has_token(headers: &HeaderMap, name: header::HeaderName, token: &str) -> bool {
    let value = headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(',').any(|part| part.trim().eq_ignore_ascii_case(token))
}
