//! Something between the client and an appliance that changes what passes. Both ends are on this machine, so it needs no TLS.

use std::sync::{Arc, Mutex};

use dtc_tests::recorded;
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::Value;
use simulator::truenas::{ApplianceSize, PlainHttp, Release, Settings};
use simulator::{DEFAULT_ID, Simulator};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};
use truenas_client::{Client, Config, Error};

use super::key;

/// Changes the result of a call.
type Change = Box<dyn Fn(&mut Value) + Send>;

#[derive(Default)]
struct Script {
    /// Of which method, and how.
    change: Option<(String, Change)>,
    /// The answer to this method becomes so long.
    swollen: Option<(String, usize)>,
    /// One version of the list has another name to the client.
    renamed: Option<(&'static str, &'static str)>,
    /// Which call each request was.
    asked: Vec<(Value, String)>,
    last: Value,
}

/// A proxy that runs as long as the test.
pub(super) struct Proxy {
    script: Arc<Mutex<Script>>,
    port: u16,
}

impl Proxy {
    /// A simulated appliance of a release, and a proxy before it.
    pub(super) async fn before(release: Release) -> (Simulator, Self) {
        let settings =
            Settings { size: ApplianceSize::Tiny, plain_http: PlainHttp::Served, ..Settings::default() };
        let simulation = Simulator::builder().seed(7).truenas(DEFAULT_ID, release, settings).rclone(None);
        let sim = recorded(simulation).start().await.unwrap();
        let appliance = sim.addresses().truenas.url.strip_prefix("wss://").unwrap().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let script = Arc::<Mutex<Script>>::default();
        let serving = Arc::clone(&script);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (script, appliance) = (Arc::clone(&serving), appliance.clone());
                tokio::spawn(async move {
                    let _ = pass(client, &appliance, &script).await;
                });
            }
        });
        (sim, Self { script, port })
    }

    pub(super) async fn client(&self, sim: &Simulator) -> Result<Client, Error> {
        let address = format!("ws://127.0.0.1:{}", self.port).parse().unwrap();
        let quick = (std::time::Duration::from_millis(1), std::time::Duration::from_millis(20));
        Client::connect(Config::new(address, key(sim)).backoff(quick.0, quick.1)).await
    }

    fn script(&self) -> std::sync::MutexGuard<'_, Script> {
        self.script.lock().unwrap()
    }

    /// Lets everything pass as it is.
    pub(super) fn leave_alone(&self) {
        let mut script = self.script();
        (script.change, script.swollen) = (None, None);
    }

    /// Changes every result of a method.
    pub(super) fn change(&self, method: &str, change: impl Fn(&mut Value) + Send + 'static) {
        self.script().change = Some((method.to_owned(), Box::new(change)));
    }

    pub(super) fn swell(&self, method: &str, length: usize) {
        self.script().swollen = Some((method.to_owned(), length));
    }

    pub(super) fn rename_version(&self, from: &'static str, to: &'static str) {
        self.script().renamed = Some((from, to));
    }

    /// The last result that passed, as the appliance gave it, and of which method.
    pub(super) fn last(&self) -> (String, Value) {
        let script = self.script();
        let method = script.asked.last().map(|(_, method)| method.clone()).unwrap_or_default();
        (method, script.last.clone())
    }
}

impl Script {
    fn note(&mut self, text: &str) {
        let Ok(message) = serde_json::from_str::<Value>(text) else { return };
        if let Some(method) = message["method"].as_str() {
            self.asked.push((message["id"].clone(), method.to_owned()));
        }
    }

    /// What the client is given in place of an answer.
    fn answer(&mut self, text: &str) -> String {
        let Ok(mut message) = serde_json::from_str::<Value>(text) else { return text.to_owned() };
        let asked = self.asked.iter().rev().find(|(id, _)| *id == message["id"]);
        let Some(method) = asked.map(|(_, method)| method.clone()) else { return text.to_owned() };
        if message.get("result").is_none() {
            return text.to_owned();
        }
        if let Some((_, length)) = self.swollen.as_ref().filter(|(of, _)| *of == method) {
            message["result"] = "x".repeat(*length).into();
            return message.to_string();
        }
        self.last = message["result"].clone();
        if let Some((_, change)) = self.change.as_ref().filter(|(of, _)| *of == method) {
            change(&mut message["result"]);
        }
        message.to_string()
    }
}

/// The head of a request, left in the socket.
async fn head(client: &TcpStream) -> std::io::Result<String> {
    let mut bytes = vec![0; 8192];
    loop {
        let length = client.peek(&mut bytes).await?;
        let text = String::from_utf8_lossy(&bytes[..length]).into_owned();
        if text.contains("\r\n\r\n") || length == 0 {
            return Ok(text);
        }
        tokio::task::yield_now().await;
    }
}

async fn pass(client: TcpStream, appliance: &str, script: &Mutex<Script>) -> std::io::Result<()> {
    let head = head(&client).await?.to_lowercase();
    if head.contains("upgrade: websocket") {
        converse(client, appliance, script).await;
        return Ok(());
    }
    page(client, appliance, script).await
}

/// A page: one request and its answer.
async fn page(mut client: TcpStream, appliance: &str, script: &Mutex<Script>) -> std::io::Result<()> {
    let mut request = vec![0; 8192];
    let length = client.read(&mut request).await?;
    let request =
        String::from_utf8_lossy(&request[..length]).replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
    let mut server = TcpStream::connect(appliance).await?;
    server.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    server.read_to_end(&mut answer).await?;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let renamed = script.lock().unwrap().renamed;
    // The names are of one length, and so is the answer.
    let answer = renamed.map_or(answer.clone(), |(from, to)| answer.replace(from, to));
    client.write_all(answer.as_bytes()).await?;
    client.shutdown().await
}

async fn converse(client: TcpStream, appliance: &str, script: &Mutex<Script>) {
    let mut path = String::new();
    #[expect(clippy::result_large_err, reason = "the handshake's own type")]
    let callback = |request: &Request, response: Response| {
        request.uri().path().clone_into(&mut path);
        Ok(response)
    };
    let Ok(client) = tokio_tungstenite::accept_hdr_async(client, callback).await else { return };
    let Ok(server) = TcpStream::connect(appliance).await else { return };
    let url = format!("ws://{appliance}{path}");
    let Ok((server, _)) = tokio_tungstenite::client_async(url, server).await else { return };
    let (mut to_client, mut from_client) = client.split();
    let (mut to_server, mut from_server) = server.split();
    let up = async {
        while let Some(Ok(message)) = from_client.next().await {
            if let Message::Text(text) = &message {
                script.lock().unwrap().note(text);
            }
            if to_server.send(message).await.is_err() {
                return;
            }
        }
    };
    let down = async {
        while let Some(Ok(message)) = from_server.next().await {
            let message = match message {
                Message::Text(text) => Message::text(script.lock().unwrap().answer(&text)),
                other => other,
            };
            if to_client.send(message).await.is_err() {
                return;
            }
        }
    };
    tokio::select! {
        () = up => {}
        () = down => {}
    }
}
