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
    let mut builder =
        Simulator::builder().seed(7).truenas(DEFAULT_ID, Release::default(), settings).rclone(rclone);
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
    let mut stream = tls(sim).await;
    let request = format!("GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or(answer.len());
    let head = String::from_utf8_lossy(&answer[..end]).into_owned();
    (head, answer.get(end + 4..).unwrap_or_default().to_vec())
}

/// One conversation with the appliance.
pub(crate) struct Socket {
    stream: WebSocketStream<TlsStream<TcpStream>>,
    last: i64,
    /// Notifications that came between answers.
    pub(crate) notes: Vec<Value>,
}

impl Socket {
    pub(crate) async fn open(sim: &Simulator) -> Self {
        Self::open_at(sim, "/api/v25.10.0").await.unwrap()
    }

    pub(crate) async fn open_at(sim: &Simulator, path: &str) -> Option<Self> {
        Box::pin(Self::over(tls(sim).await, path)).await
    }

    async fn over(stream: TlsStream<TcpStream>, path: &str) -> Option<Self> {
        let url = format!("ws://127.0.0.1{path}");
        let (stream, _) = tokio_tungstenite::client_async(url, stream).await.ok()?;
        Some(Self { stream, last: 0, notes: Vec::new() })
    }

    /// Opens a conversation with an appliance and logs in as its administrator.
    pub(crate) async fn admin_of(sim: &Simulator, appliance: &str) -> Self {
        let at = sim.addresses().appliance(appliance).unwrap();
        let certificate = sim.appliance(appliance).unwrap().certificate_pem();
        let mut socket = Self::over(tls_to(&at.url, &certificate).await, "/api/v25.10.0").await.unwrap();
        assert_eq!(socket.ok("auth.login_with_api_key", json!([at.api_key])).await, true);
        socket
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
        let request = json!({"jsonrpc": "2.0", "id": self.last, "method": method, "params": params});
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
            if said["id"] == id {
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
        assert_eq!(error["code"], -32602, "{error}");
        let extra = error["data"]["extra"].as_array().cloned().unwrap();
        extra.iter().map(|complaint| complaint[0].as_str().unwrap().to_owned()).collect()
    }

    /// Follows a job to its end by its events; returns its entry.
    pub(crate) async fn finished(&mut self, job: &Value) -> Value {
        let subscription = self.ok("core.subscribe", json!(["core.get_jobs"])).await;
        let mut entry = self.ok("core.get_jobs", json!([[["id", "=", job]], {"get": true}])).await;
        while !["SUCCESS", "FAILED", "ABORTED"].contains(&entry["state"].as_str().unwrap()) {
            let note = self.note().await;
            if note["params"]["id"] == *job && note["params"]["collection"] == "core.get_jobs" {
                entry = note["params"]["fields"].clone();
            }
            self.notes.push(note);
        }
        self.ok("core.unsubscribe", json!([subscription])).await;
        entry
    }

    /// Waits for the next notification.
    async fn note(&mut self) -> Value {
        let Some(Message::Text(text)) = self.receive().await else { panic!("the connection ended") };
        serde_json::from_str(&text).unwrap()
    }
}
