//! An appliance that says what a test tells it to say. It knows the protocol from its documentation and nothing of the client.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role};
use truenas_client::{Address, ApiKey, Client, Config, Credentials, Error, Sha256Fingerprint, Trust};

pub(crate) const KEY: &str = "1-KeyOfTheTestBoxKeyOfTheTestBox";

/// What the appliance does when a method is called.
#[derive(Clone)]
pub(crate) enum Say {
    Result(Value),
    Refuse(Value),
    /// Answers in a shape that no appliance has.
    Nonsense(Value),
    /// Answers with this text, in which `ID` stands for the call's id.
    Raw(&'static str),
    /// Closes the connection without an answer.
    HangUp,
    /// Never answers.
    Nothing,
    /// Never answers, and sends events and answers that nobody asked for as long as somebody listens.
    Flood,
    /// Answers with the next message only, and after that one's answer.
    Later(Value),
    /// Sends these events, then the answer.
    Events(Vec<Value>, Value),
    /// Closes the connection with this code instead of answering.
    Close(u16, &'static str),
}

/// The refusal of a call, as the middleware words one.
pub(crate) fn refusal(errno: i64, errname: &str, reason: &str) -> Say {
    let trace = json!({"class": "CallError", "formatted": "TRACE", "repr": "TRACE"});
    let data = json!({"error": errno, "errname": errname, "reason": reason, "trace": trace, "extra": null});
    Say::Refuse(json!({"code": -32001, "message": "Method call error", "data": data}))
}

/// A refusal on the legacy socket, as CORE words one: no name of the error.
pub(crate) fn legacy_refusal(errno: i64, reason: &str) -> Say {
    let trace = json!({"class": "CallError", "formatted": "TRACE", "frames": []});
    Say::Refuse(json!({"error": errno, "type": null, "reason": reason, "trace": trace, "extra": null}))
}

/// Which releases there are, by what the appliance says of itself.
pub(crate) const CORE_13_3: &str = "TrueNAS-13.3-U1.2";
pub(crate) const SCALE_24_10: &str = "TrueNAS-SCALE-24.10.2";

#[derive(Default)]
pub(crate) struct Script {
    replies: Mutex<Vec<(String, VecDeque<Say>)>>,
    pub(crate) pages: Mutex<Vec<(String, String)>>,
    asked: Mutex<Vec<(String, Value)>>,
    paths: Mutex<Vec<String>>,
    handshakes: AtomicUsize,
    closed: AtomicUsize,
    tls: Mutex<Option<TlsAcceptor>>,
    /// What is said to whoever has only just connected, instead of listening.
    pub(crate) turned_away: Mutex<Option<(u16, &'static str)>>,
    /// What a greeting is answered with.
    pub(crate) welcome: Mutex<Option<Value>>,
    /// What is said of a method that nothing has been said about.
    pub(crate) otherwise: Mutex<Option<Say>>,
    /// The status line with which every upgrade is refused.
    no_socket: Mutex<Option<&'static str>>,
    computed: Mutex<Vec<(&'static str, Computed)>>,
    /// The release whose schemas what passes is held against.
    release: Mutex<String>,
}

/// An answer that depends on what was asked, and on what was asked of the same method before.
type Computed = Box<dyn Fn(&Value, &[Value]) -> Say + Send + Sync>;

/// An appliance at an address of its own, for as long as the test runs.
pub(crate) struct Nas {
    pub(crate) script: Arc<Script>,
    pub(crate) port: u16,
    pub(crate) fingerprint: Option<Sha256Fingerprint>,
    pub(crate) pem: String,
    /// The certificate as it is shown.
    pub(crate) der: Vec<u8>,
}

impl Nas {
    pub(crate) async fn start() -> Self {
        let mut nas = Self::start_plain().await;
        nas.renew_certificate();
        nas
    }

    /// An appliance without TLS.
    pub(crate) async fn start_plain() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let script = Arc::new(Script::default());
        let pages = json!(["v25.04.2", "v25.10.0", "v25.10.5"]).to_string();
        script.page("/api/versions", &pages);
        script.is_of("25.10");
        let serving = script.clone();
        tokio::spawn(async move {
            while let Ok((tcp, _)) = listener.accept().await {
                tokio::spawn(serving.clone().accept(tcp));
            }
        });
        Self { script, port, fingerprint: None, pem: String::new(), der: Vec::new() }
    }

    /// An appliance of before 25.04: its web server sends what it does not know to the interface for people.
    pub(crate) async fn older(release: &str) -> Self {
        let nas = Self::start().await;
        let redirect = "HTTP/1.1 302 Found\r\nLocation: /ui/\r\nContent-Length: 0\r\n\r\n";
        nas.script.raw_page("/api/versions", redirect);
        nas.answers("system.version", json!(release));
        nas.script.is_of(if release.contains("-13.") { "13.3" } else { "24.10" });
        nas
    }

    /// An appliance that offers these versions.
    pub(crate) async fn with_versions(versions: &[&str]) -> Self {
        let nas = Self::start().await;
        nas.script.page("/api/versions", &json!(versions).to_string());
        let newest = versions.last().map_or("", |version| &version[..version.len().min(6)]);
        nas.script.is_of(match newest {
            "v25.04" => "25.04",
            "v25.10" => "25.10",
            _ => "26.0",
        });
        nas
    }

    /// Only HTTP/2 from the next connection on.
    pub(crate) fn speak_http_2_only(&mut self) {
        self.show_certificate(&[b"h2"]);
    }

    /// Another certificate from the next connection on.
    pub(crate) fn renew_certificate(&mut self) {
        self.show_certificate(&[]);
    }

    fn show_certificate(&mut self, protocols: &[&[u8]]) {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let key = rustls_pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let builder =
            rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let builder = builder.unwrap().with_no_client_auth();
        let mut tls = builder.with_single_cert(vec![made.cert.der().clone()], key).unwrap();
        tls.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
        *self.script.tls.lock().unwrap() = Some(TlsAcceptor::from(Arc::new(tls)));
        let hash = <sha2::Sha256 as sha2::Digest>::digest(made.cert.der());
        self.fingerprint = Some(Sha256Fingerprint::new(hash.into()));
        self.pem = made.cert.pem();
        self.der = made.cert.der().to_vec();
    }

    /// What the appliance answers to a method from now on, one after the other; the last one again and again.
    pub(crate) fn on(&self, method: &str, says: impl Into<VecDeque<Say>>) -> &Self {
        let mut replies = self.script.replies.lock().unwrap();
        replies.retain(|(m, _)| m != method);
        replies.push((method.to_owned(), says.into()));
        drop(replies);
        self
    }

    pub(crate) fn answers(&self, method: &str, result: Value) -> &Self {
        self.on(method, [Say::Result(result)])
    }

    pub(crate) fn config(&self) -> Config {
        self.config_with(Credentials::api_key(ApiKey::new(KEY)))
    }

    pub(crate) fn config_with(&self, credentials: Credentials) -> Config {
        let scheme = if self.fingerprint.is_some() { "wss" } else { "ws" };
        let address: Address = format!("{scheme}://localhost:{}", self.port).parse().unwrap();
        let config =
            Config::new(address, credentials).backoff(Duration::from_millis(1), Duration::from_millis(2));
        match self.fingerprint {
            Some(fingerprint) => config.trust(Trust::Fingerprint(fingerprint)),
            None => config,
        }
    }

    pub(crate) async fn client(&self) -> Client {
        self.connect().await.unwrap()
    }

    pub(crate) async fn connect(&self) -> Result<Client, Error> {
        Client::connect(self.config()).await
    }

    /// The parameters of every call of a method so far.
    pub(crate) fn asked(&self, method: &str) -> Vec<Value> {
        let asked = self.script.asked.lock().unwrap();
        asked.iter().filter(|(m, _)| m == method).map(|(_, p)| p.clone()).collect()
    }

    /// The methods of every call so far.
    pub(crate) fn methods(&self) -> Vec<String> {
        self.script.asked.lock().unwrap().iter().map(|(method, _)| method.clone()).collect()
    }

    /// The one call of a method.
    pub(crate) fn asked_once(&self, method: &str) -> Value {
        let [params] = self.asked(method).try_into().unwrap();
        params
    }

    pub(crate) fn paths(&self) -> Vec<String> {
        self.script.paths.lock().unwrap().clone()
    }

    pub(crate) fn handshakes(&self) -> usize {
        self.script.handshakes.load(Ordering::SeqCst)
    }

    pub(crate) fn closed(&self) -> usize {
        self.script.closed.load(Ordering::SeqCst)
    }
}

impl Script {
    fn is_of(&self, release: &str) {
        release.clone_into(&mut self.release.lock().unwrap());
    }

    pub(crate) fn page(&self, path: &str, body: &str) {
        let head =
            format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}", body.len());
        self.raw_page(path, &format!("{head}\r\nConnection: close\r\n\r\n{body}"));
    }

    /// Refuses every upgrade with this status.
    pub(crate) fn no_socket(&self, status: &'static str) {
        *self.no_socket.lock().unwrap() = Some(status);
    }

    /// Answers a method by computing the answer.
    pub(crate) fn compute(
        &self,
        method: &'static str,
        answer: impl Fn(&Value, &[Value]) -> Say + Send + Sync + 'static,
    ) {
        self.computed.lock().unwrap().push((method, Box::new(answer)));
    }

    pub(crate) fn raw_page(&self, path: &str, response: &str) {
        let mut pages = self.pages.lock().unwrap();
        pages.retain(|(p, _)| p != path);
        pages.push((path.to_owned(), response.to_owned()));
    }

    async fn accept(self: Arc<Self>, tcp: TcpStream) {
        tcp.set_nodelay(true).unwrap();
        let tls = self.tls.lock().unwrap().clone();
        match tls {
            Some(tls) => {
                if let Ok(stream) = tls.accept(tcp).await {
                    self.serve(stream).await;
                }
            }
            None => self.serve(tcp).await,
        }
    }

    async fn serve<S: AsyncRead + AsyncWrite + Unpin>(&self, mut stream: S) {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            match stream.read_u8().await {
                Ok(byte) => head.push(byte),
                Err(_) => return,
            }
        }
        self.handshakes.fetch_add(1, Ordering::SeqCst);
        let head = String::from_utf8(head).unwrap();
        let path = head.split(' ').nth(1).unwrap().to_owned();
        self.paths.lock().unwrap().push(path.clone());
        let key = head
            .lines()
            .find_map(|l| l.to_lowercase().starts_with("sec-websocket-key:").then(|| l[18..].trim()));
        let Some(key) = key else {
            let pages = self.pages.lock().unwrap().clone();
            let page = pages.into_iter().find(|(p, _)| *p == path).map(|(_, r)| r);
            let page = page.unwrap_or_else(|| "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".into());
            let _ = stream.write_all(page.as_bytes()).await;
            let _ = stream.shutdown().await;
            return;
        };
        let no_socket = *self.no_socket.lock().unwrap();
        if let Some(status) = no_socket {
            let refusal = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
            let _ = stream.write_all(refusal.as_bytes()).await;
            let _ = stream.shutdown().await;
            return;
        }
        let accept = derive_accept_key(key.as_bytes());
        let upgrade = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket";
        let upgrade = format!("{upgrade}\r\nSec-WebSocket-Accept: {accept}\r\n\r\n");
        stream.write_all(upgrade.as_bytes()).await.unwrap();
        let mut socket = WebSocketStream::from_raw_socket(stream, Role::Server, None).await;
        let turned_away = *self.turned_away.lock().unwrap();
        match turned_away {
            Some((code, reason)) => close(&mut socket, code, reason).await,
            None if path == "/websocket" => self.converse(socket, Legacy).await,
            None => self.converse(socket, JsonRpc).await,
        }
        self.closed.fetch_add(1, Ordering::SeqCst);
    }

    async fn converse<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        mut socket: WebSocketStream<S>,
        protocol: impl Words,
    ) {
        let mut later = Vec::new();
        let mut greeted = false;
        while let Some(Ok(message)) = socket.next().await {
            let Message::Text(text) = message else { continue };
            let message: Value = serde_json::from_str(&text).unwrap();
            let Some((method, params)) = protocol.call(&message, &mut greeted) else {
                let welcome = self.welcome.lock().unwrap().clone().unwrap_or_else(|| protocol.welcome());
                if socket.send(Message::text(welcome.to_string())).await.is_err() {
                    return;
                }
                continue;
            };
            let say = self.computed(&method, &params).unwrap_or_else(|| self.next(&method));
            self.asked.lock().unwrap().push((method.clone(), params.clone()));
            record(&self.release.lock().unwrap(), protocol.transport(), &method, &params, &say);
            let mut out = Vec::new();
            let answer = |result: Value| protocol.answer(&message, result);
            match say {
                Say::Raw(text) => {
                    let text = text.replace("ID", &message["id"].to_string());
                    if socket.send(Message::text(text)).await.is_err() {
                        return;
                    }
                    continue;
                }
                Say::HangUp => return,
                Say::Close(code, reason) => return close(&mut socket, code, reason).await,
                Say::Nothing => {}
                Say::Flood => {
                    let stray = protocol.stray().to_string();
                    let event = protocol.event(&job_event(1)).to_string();
                    while socket.send(Message::text(stray.clone())).await.is_ok()
                        && socket.send(Message::text(event.clone())).await.is_ok()
                    {}
                    return;
                }
                Say::Later(result) => {
                    later.push(answer(result));
                    continue;
                }
                Say::Result(result) | Say::Nonsense(result) => out.push(answer(result)),
                Say::Refuse(error) => out.push(protocol.refusal(&message, &error)),
                Say::Events(events, result) => {
                    out.extend(events.iter().map(|event| protocol.event(event)));
                    out.push(answer(result));
                }
            }
            out.append(&mut later);
            for message in out {
                // A client that reads no more of it has gone.
                if socket.send(Message::text(message.to_string())).await.is_err() {
                    return;
                }
            }
        }
    }

    fn computed(&self, method: &str, params: &Value) -> Option<Say> {
        let asked = self.asked.lock().unwrap();
        let before: Vec<Value> = asked.iter().filter(|(m, _)| m == method).map(|(_, p)| p.clone()).collect();
        let computed = self.computed.lock().unwrap();
        computed.iter().find(|(m, _)| *m == method).map(|(_, answer)| answer(params, &before))
    }

    fn next(&self, method: &str) -> Say {
        let mut replies = self.replies.lock().unwrap();
        match replies.iter_mut().find(|(m, _)| m == method) {
            Some((_, says)) if says.len() > 1 => says.pop_front().unwrap(),
            Some((_, says)) => says.front().unwrap().clone(),
            None if self.otherwise.lock().unwrap().is_some() => {
                self.otherwise.lock().unwrap().clone().unwrap()
            }
            None if method == "auth.login_with_api_key" => Say::Result(true.into()),
            None if method == "core.subscribe" => Say::Result("5f0e7b1c".into()),
            None if method == "auth.login_ex" => Say::Result(
                json!({"response_type": "SUCCESS", "user_info": null, "authenticator": "LEVEL_1"}),
            ),
            None => Say::Refuse(json!({"code": -32601, "message": "Method does not exist"})),
        }
    }
}

/// An event about a job.
pub(crate) fn job_event(id: i64) -> Value {
    let params = json!({"msg": "changed", "collection": "core.get_jobs", "id": id, "fields": {"id": id}});
    json!({"jsonrpc": "2.0", "method": "collection_update", "params": params})
}

async fn close<S: AsyncRead + AsyncWrite + Unpin>(
    socket: &mut WebSocketStream<S>,
    code: u16,
    reason: &'static str,
) {
    let _ = socket.close(Some(CloseFrame { code: code.into(), reason: reason.into() })).await;
    // Until the other side has read it.
    while let Some(Ok(_)) = socket.next().await {}
}

/// How a protocol words what passes.
trait Words {
    /// A call's method and parameters; none for a greeting.
    fn call(&self, message: &Value, greeted: &mut bool) -> Option<(String, Value)>;
    fn welcome(&self) -> Value;
    fn answer(&self, message: &Value, result: Value) -> Value;
    fn refusal(&self, message: &Value, error: &Value) -> Value;
    fn event(&self, event: &Value) -> Value;
    fn stray(&self) -> Value;
    /// How a transcript names it.
    fn transport(&self) -> &'static str;
}

struct JsonRpc;

impl Words for JsonRpc {
    fn call(&self, message: &Value, _: &mut bool) -> Option<(String, Value)> {
        assert_eq!(message["jsonrpc"], "2.0");
        assert!(message["params"].is_array(), "positional parameters only");
        Some((message["method"].as_str().unwrap().to_owned(), message["params"].clone()))
    }

    fn welcome(&self) -> Value {
        unreachable!("JSON-RPC has no greeting")
    }

    fn answer(&self, message: &Value, result: Value) -> Value {
        json!({"jsonrpc": "2.0", "id": message["id"], "result": result})
    }

    fn refusal(&self, message: &Value, error: &Value) -> Value {
        json!({"jsonrpc": "2.0", "id": message["id"], "error": error})
    }

    fn event(&self, event: &Value) -> Value {
        event.clone()
    }

    fn stray(&self) -> Value {
        json!({"jsonrpc": "2.0", "id": u64::MAX, "result": "x".repeat(1000)})
    }

    fn transport(&self) -> &'static str {
        "jsonrpc"
    }
}

/// The protocol of `/websocket`: a greeting first, ids that are texts, and a message of its own for subscribing.
struct Legacy;

impl Words for Legacy {
    fn call(&self, message: &Value, greeted: &mut bool) -> Option<(String, Value)> {
        assert!(message.get("jsonrpc").is_none());
        let kind = message["msg"].as_str().unwrap();
        assert!(*greeted || kind == "connect", "a call before the greeting");
        match kind {
            "connect" => {
                assert_eq!(
                    *message,
                    json!({"msg": "connect", "version": "1", "support": ["1"], "features": []})
                );
                *greeted = true;
                None
            }
            "method" => {
                assert!(message["id"].is_string() && message["params"].is_array(), "{message}");
                Some((message["method"].as_str().unwrap().to_owned(), message["params"].clone()))
            }
            "sub" => Some(("core.subscribe".to_owned(), json!([message["name"]]))),
            other => unreachable!("no message of the protocol: {other}"),
        }
    }

    fn welcome(&self) -> Value {
        json!({"msg": "connected", "session": "b4a4d164-6bc7-11e6-8a93-00e04d680384"})
    }

    fn answer(&self, message: &Value, result: Value) -> Value {
        if message["msg"] == "sub" {
            return json!({"msg": "ready", "subs": [message["id"]]});
        }
        json!({"msg": "result", "id": message["id"], "result": result})
    }

    fn refusal(&self, message: &Value, error: &Value) -> Value {
        json!({"msg": "result", "id": message["id"], "error": error})
    }

    fn event(&self, event: &Value) -> Value {
        event["params"].clone()
    }

    fn stray(&self) -> Value {
        json!({"msg": "result", "id": u64::MAX.to_string(), "result": "x".repeat(1000)})
    }

    fn transport(&self) -> &'static str {
        "legacy"
    }
}

/// Appends what passed to the file that `TRUENAS_TRANSCRIPT` names, one JSON object a line, for judging against the published schemas.
fn record(release: &str, transport: &str, method: &str, params: &Value, say: &Say) {
    let Ok(path) = std::env::var("TRUENAS_TRANSCRIPT") else { return };
    if transport == "legacy" && method == "core.subscribe" {
        // A message of its own there, and no method.
        return;
    }
    let mut line = json!({"service": "truenas", "release": release, "transport": transport, "method": method, "params": params});
    match say {
        Say::Result(v) | Say::Later(v) | Say::Events(_, v) => line["result"] = v.clone(),
        Say::Refuse(e) => line["error"] = e.clone(),
        Say::HangUp | Say::Close(..) | Say::Nothing | Say::Flood => {}
        Say::Nonsense(_) | Say::Raw(_) => return,
    }
    let mut text = String::new();
    writeln!(text, "{line}").unwrap();
    let mut file = std::fs::File::options().create(true).append(true).open(path).unwrap();
    std::io::Write::write_all(&mut file, text.as_bytes()).unwrap();
}
