//! A client of a few lines, knowing only the protocol.

use std::path::PathBuf;
use std::sync::Arc;

use futures_util::{SinkExt as _, StreamExt as _};
use rustls::crypto::aws_lc_rs;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, ServerName};
use serde_json::{Value, json};
use simulator::truenas::Release;
use simulator::{DEFAULT_ID, Simulator, truenas};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

/// Starts the simulators with a tiny appliance; with `SIMULATOR_TRANSCRIPTS` set to a directory, what passes over their
/// sockets is kept there for a schema checker.
pub(crate) async fn start(test: &str) -> Simulator {
    let settings = truenas::Settings { size: truenas::ApplianceSize::Tiny, ..truenas::Settings::default() };
    start_with(test, settings, None).await
}

pub(crate) async fn start_with(
    test: &str,
    settings: truenas::Settings,
    rclone: Option<PathBuf>,
) -> Simulator {
    start_release(test, Release::default(), settings, rclone).await
}

/// Starts the simulators with an appliance of another release.
pub(crate) async fn start_of(test: &str, release: Release) -> Simulator {
    let settings = truenas::Settings { size: truenas::ApplianceSize::Tiny, ..truenas::Settings::default() };
    start_release(&format!("{test}-{release}"), release, settings, None).await
}

async fn start_release(
    test: &str,
    release: Release,
    settings: truenas::Settings,
    rclone: Option<PathBuf>,
) -> Simulator {
    let mut builder = Simulator::builder().seed(7).truenas(DEFAULT_ID, release, settings).rclone(rclone);
    if let Some(dir) = std::env::var_os("SIMULATOR_TRANSCRIPTS") {
        builder = builder.transcript_file(PathBuf::from(dir).join(format!("{test}.jsonl")));
    }
    builder.start().await.unwrap()
}

/// Opens a TLS connection to the first appliance, trusting its present certificate and nothing else.
pub(crate) async fn tls(sim: &Simulator) -> TlsStream<TcpStream> {
    Box::pin(tls_to(&sim.addresses().truenas.url, &sim.truenas().certificate_pem())).await
}

async fn tls_to(url: &str, certificate: &str) -> TlsStream<TcpStream> {
    let address = url.strip_prefix("wss://").unwrap().to_owned();
    let certificate = CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(certificate).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(address).await.unwrap();
    let name = ServerName::try_from("127.0.0.1").unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap()
}

/// Fetches a path by HTTP: status line and headers, then the raw rest.
pub(crate) async fn get(sim: &Simulator, path: &str) -> (String, Vec<u8>) {
    get_from(sim, path, "localhost").await
}

/// The same, from a machine of this name.
pub(crate) async fn get_from(sim: &Simulator, path: &str, host: &str) -> (String, Vec<u8>) {
    let mut stream = tls(sim).await;
    let request = format!("GET {path} HTTP/1.0\r\nHost: {host}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or(answer.len());
    let head = String::from_utf8_lossy(&answer[..end]).into_owned();
    (head, answer.get(end + 4..).unwrap_or_default().to_vec())
}

/// What a conversation is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Speaks {
    JsonRpc,
    Legacy,
}

/// One conversation with the appliance.
pub(crate) struct Socket {
    stream: WebSocketStream<TlsStream<TcpStream>>,
    last: i64,
    speaks: Speaks,
    /// Notifications that came between answers.
    pub(crate) notes: Vec<Value>,
}

impl Socket {
    pub(crate) async fn open(sim: &Simulator) -> Self {
        Self::open_at(sim, "/api/current").await.unwrap()
    }

    pub(crate) async fn open_at(sim: &Simulator, path: &str) -> Option<Self> {
        Box::pin(Self::over(tls(sim).await, path)).await
    }

    async fn over(stream: TlsStream<TcpStream>, path: &str) -> Option<Self> {
        let url = format!("ws://127.0.0.1{path}");
        let (stream, _) = tokio_tungstenite::client_async(url, stream).await.ok()?;
        let speaks = if path == "/websocket" { Speaks::Legacy } else { Speaks::JsonRpc };
        Some(Self { stream, last: 0, speaks, notes: Vec::new() })
    }

    /// Opens a conversation with an appliance and logs in as its administrator.
    pub(crate) async fn admin_of(sim: &Simulator, appliance: &str) -> Self {
        let at = sim.addresses().appliance(appliance).unwrap();
        let certificate = sim.appliance(appliance).unwrap().certificate_pem();
        let mut socket = Self::over(tls_to(&at.url, &certificate).await, "/api/current").await.unwrap();
        assert_eq!(socket.ok("auth.login_with_api_key", json!([at.api_key])).await, true);
        socket
    }

    /// Opens the legacy socket and says hello.
    pub(crate) async fn legacy(sim: &Simulator) -> Self {
        let mut socket = Self::open_at(sim, "/websocket").await.unwrap();
        let hello = json!({"msg": "connect", "version": "1", "support": ["1"], "features": []});
        assert_eq!(socket.exchange(hello).await["msg"], "connected");
        socket
    }

    /// Opens what the release speaks: JSON-RPC in its newest version where there is any, else the legacy socket.
    pub(crate) async fn native(sim: &Simulator) -> Self {
        match sim.truenas().release().api_versions().last() {
            Some(version) => Self::open_at(sim, &format!("/api/{version}")).await.unwrap(),
            None => Self::legacy(sim).await,
        }
    }

    /// The same, logged in as an administrator.
    pub(crate) async fn native_admin(sim: &Simulator) -> Self {
        Self::native(sim).await.logged_in(&sim.truenas().api_key()).await
    }

    pub(crate) async fn logged_in(mut self, key: &str) -> Self {
        assert_eq!(self.ok("auth.login_with_api_key", json!([key])).await, true);
        self
    }

    /// Sends a message and returns the next one.
    pub(crate) async fn exchange(&mut self, message: Value) -> Value {
        self.send_text(message.to_string()).await;
        self.note().await
    }

    /// Opens a conversation and logs in as an administrator.
    pub(crate) async fn admin(sim: &Simulator) -> Self {
        let mut socket = Self::open(sim).await;
        let key = sim.addresses().truenas.api_key.clone();
        assert_eq!(socket.ok("auth.login_with_api_key", json!([key])).await, true);
        socket
    }

    pub(crate) async fn send_text(&mut self, text: String) {
        self.stream.send(Message::text(text)).await.unwrap();
    }

    /// Sends a ping frame and waits for its pong.
    pub(crate) async fn ping(&mut self) {
        self.stream.send(Message::Ping(Vec::new().into())).await.unwrap();
        while !self.receive().await.unwrap().is_pong() {}
    }

    /// Receives whatever comes next that is not control traffic; `None` at the end.
    pub(crate) async fn receive(&mut self) -> Option<Message> {
        self.stream.next().await?.ok()
    }

    /// Sends a call without waiting for its answer; returns its id.
    pub(crate) async fn ask(&mut self, method: &str, params: Value) -> i64 {
        self.last += 1;
        let request = match self.speaks {
            Speaks::JsonRpc => json!({"jsonrpc": "2.0", "id": self.last, "method": method, "params": params}),
            Speaks::Legacy => json!({"msg": "method", "id": self.last, "method": method, "params": params}),
        };
        self.send_text(request.to_string()).await;
        self.last
    }

    /// Waits for the answer to a call; `None` when the connection ends first.
    pub(crate) async fn answer(&mut self, id: i64) -> Option<Result<Value, Value>> {
        loop {
            let Message::Text(text) = self.receive().await? else {
                return None;
            };
            let said: Value = serde_json::from_str(&text).unwrap();
            if said["id"] == id && said.get("collection").is_none() {
                return Some(match said.get("result") {
                    Some(result) => Ok(result.clone()),
                    None => Err(said["error"].clone()),
                });
            }
            self.notes.push(said);
        }
    }

    pub(crate) async fn call(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        let id = self.ask(method, params).await;
        self.answer(id).await.unwrap()
    }

    pub(crate) async fn ok(&mut self, method: &str, params: Value) -> Value {
        self.call(method, params).await.unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    pub(crate) async fn refused(&mut self, method: &str, params: Value) -> Value {
        self.call(method, params).await.unwrap_err()
    }

    /// Attributes of the complaints with which a call is refused.
    pub(crate) async fn complaints(&mut self, method: &str, params: Value) -> Vec<String> {
        let error = self.refused(method, params).await;
        let data = match self.speaks {
            Speaks::JsonRpc => {
                assert_eq!(error["code"], -32602, "{error}");
                &error["data"]
            }
            Speaks::Legacy => {
                assert_eq!(error["type"], "VALIDATION", "{error}");
                &error
            }
        };
        let extra = data["extra"].as_array().cloned().unwrap();
        extra.iter().map(|complaint| complaint[0].as_str().unwrap().to_owned()).collect()
    }

    /// Subscribes to an event.
    pub(crate) async fn subscribe(&mut self, event: &str) -> Value {
        if self.speaks == Speaks::JsonRpc {
            return self.ok("core.subscribe", json!([event])).await;
        }
        self.last += 1;
        let id = format!("sub-{}", self.last);
        self.send_text(json!({"msg": "sub", "id": id, "name": event}).to_string()).await;
        loop {
            let note = self.note().await;
            if note["msg"] == "ready" {
                assert_eq!(note["subs"], json!([id]));
                return id.into();
            }
            self.notes.push(note);
        }
    }

    pub(crate) async fn unsubscribe(&mut self, subscription: Value) {
        match self.speaks {
            Speaks::JsonRpc => drop(self.ok("core.unsubscribe", json!([subscription])).await),
            Speaks::Legacy => self.send_text(json!({"msg": "unsub", "id": subscription}).to_string()).await,
        }
    }

    /// The event in a notification, whichever way it came.
    pub(crate) fn event(note: &Value) -> &Value {
        if note.get("jsonrpc").is_some() { &note["params"] } else { note }
    }

    /// Events that have come so far, in order. What was announced before is there once a call has been answered.
    pub(crate) async fn events(&mut self) -> Vec<Value> {
        self.ok("core.ping", json!([])).await;
        self.notes.drain(..).map(|note| Self::event(&note).clone()).collect()
    }

    /// Follows a job to its end by its events; returns its entry.
    pub(crate) async fn finished(&mut self, job: &Value) -> Value {
        let subscription = self.subscribe("core.get_jobs").await;
        let mut entry = self.ok("core.get_jobs", json!([[["id", "=", job]], {"get": true}])).await;
        while !["SUCCESS", "FAILED", "ABORTED"].contains(&entry["state"].as_str().unwrap()) {
            let note = self.note().await;
            let event = Self::event(&note);
            if event["id"] == *job && event["collection"] == "core.get_jobs" {
                entry = event["fields"].clone();
            }
            self.notes.push(note);
        }
        self.unsubscribe(subscription).await;
        entry
    }

    /// Waits for the next message.
    pub(crate) async fn note(&mut self) -> Value {
        let Some(Message::Text(text)) = self.receive().await else { panic!("the connection ended") };
        serde_json::from_str(&text).unwrap()
    }
}
