//! An appliance's messages, with moments in EJSON, through the operations of the client.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Message, Role};
use truenas_client::cloud_credentials;
use truenas_client::datasets::UserPropertyName;
use truenas_client::services::ServiceName;
use truenas_client::snapshot_tasks::UpdateSnapshotTask;
use truenas_client::snapshots::ListSnapshots;
use truenas_client::snmp::UpdateSnmp;
use truenas_client::{
    Address, ApiKey, Client, CloudSyncId, Config, Credentials, DatasetId, JobId, Sha256Fingerprint,
    SnapshotTaskId, Switch, Trust,
};

use crate::engine::{Input, fuzz};
use crate::http::look_at;

const WORDS: [&str; 8] =
    ["$date", "$type", "\"result\"", "\"error\"", "collection_update", "-32001", "-32602", "********"];
/// Stands in an input for the id of the call that it answers.
const ID: &str = "7777777";
/// No call takes longer: after each input comes an answer that ends it.
const CALL: Duration = Duration::from_secs(30);
const VERSIONS: &str = "[\"v25.04.2\", \"v25.10.0\"]";

#[derive(Debug, Default)]
struct Script {
    versions: Vec<u8>,
    message: String,
}

/// An appliance that logs everybody in, and answers every other call with one message.
struct Appliance {
    runtime: Runtime,
    port: u16,
    script: Arc<Mutex<Script>>,
}

impl Appliance {
    fn start() -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let port = listener.local_addr().unwrap().port();
        let script = Arc::new(Mutex::new(Script { versions: VERSIONS.into(), message: String::new() }));
        let shared = script.clone();
        runtime.spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                tokio::spawn(serve(connection, shared.clone()));
            }
        });
        Self { runtime, port, script }
    }

    fn say(&self, versions: &[u8], message: &str) {
        *self.script.lock().unwrap() = Script { versions: versions.into(), message: message.into() };
    }

    async fn connect(&self) -> Result<Client, truenas_client::Error> {
        let address: Address = format!("ws://localhost:{}", self.port).parse().unwrap();
        let config = Config::new(address, Credentials::api_key(ApiKey::new("1-secret")));
        // With a pin, the certificates that the machine trusts are not read for each connection.
        let config = config.trust(Trust::Fingerprint(Sha256Fingerprint::new([0; 32])));
        Client::connect(config.attempts(1).backoff(Duration::ZERO, Duration::ZERO)).await
    }

    fn run<T>(&self, call: impl Future<Output = T>) -> T {
        self.runtime.block_on(async { tokio::time::timeout(CALL, call).await.expect("a call ends") })
    }
}

async fn serve(mut connection: TcpStream, script: Arc<Mutex<Script>>) -> Option<()> {
    connection.set_nodelay(true).ok()?;
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut some = [0; 1024];
        let read = connection.read(&mut some).await.ok().filter(|read| *read > 0)?;
        head.extend_from_slice(&some[..read]);
    }
    let head = String::from_utf8(head).ok()?;
    let key = head.lines().find(|line| line.to_lowercase().starts_with("sec-websocket-key:"));
    let Some(key) = key.map(|line| line[18..].trim().to_owned()) else {
        let page = if head.starts_with("GET /api/versions") {
            script.lock().unwrap().versions.clone()
        } else {
            b"content".to_vec()
        };
        let answer =
            format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", page.len());
        connection.write_all(&[answer.as_bytes(), &page].concat()).await.ok()?;
        return connection.shutdown().await.ok();
    };
    let accept = derive_accept_key(key.as_bytes());
    let upgrade = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket";
    connection
        .write_all(format!("{upgrade}\r\nSec-WebSocket-Accept: {accept}\r\n\r\n").as_bytes())
        .await
        .ok()?;
    converse(WebSocketStream::from_raw_socket(connection, Role::Server, None).await, script).await
}

async fn converse(mut socket: WebSocketStream<TcpStream>, script: Arc<Mutex<Script>>) -> Option<()> {
    loop {
        let Message::Text(text) = socket.next().await?.ok()? else { continue };
        let call: serde_json::Value = serde_json::from_str(&text).ok()?;
        let id = call["id"].to_string();
        let ends = if call["method"].as_str()?.starts_with("auth.") {
            format!(r#"{{"jsonrpc":"2.0","id":{id},"result":true}}"#)
        } else {
            let message = script.lock().unwrap().message.replacen(ID, &id, 1);
            socket.feed(Message::text(message)).await.ok()?;
            format!(
                r#"{{"jsonrpc":"2.0","id":{id},"error":{{"code":-32601,"message":"Method does not exist"}}}}"#
            )
        };
        socket.send(Message::text(ends)).await.ok()?;
    }
}

async fn call(client: &Client, operation: &str) {
    match operation {
        "cloud_credentials" => look_at(client.cloud_credentials().list().await),
        "cloud_syncs" => look_at(client.cloud_syncs().list().await),
        "cloud_sync" => look_at(client.cloud_syncs().get(CloudSyncId::new(1)).await),
        "job" => {
            look_at(client.cloud_syncs().run(CloudSyncId::new(1)).await.map(drop));
            look_at(client.jobs().attach::<()>(JobId::new(1)).status().await);
        }
        "aborted" => look_at(client.cloud_syncs().abort(CloudSyncId::new(1)).await),
        "verified" => {
            let key = cloud_credentials::ApplicationKey::new("K000secret");
            look_at(client.cloud_credentials().verify("account", &key).await);
        }
        "dataset" => look_at(client.datasets().get(&DatasetId::new("pool0")).await),
        "property" => {
            let name = UserPropertyName::new("org.example:a").unwrap();
            look_at(client.datasets().remove_user_property(&DatasetId::new("pool0"), &name).await);
        }
        "started" => look_at(client.services().start(&ServiceName::Snmp, CALL).await),
        "snmp_updated" => look_at(client.snmp().update(&UpdateSnmp::new().location("rack 4"), None).await),
        "snapshot_task_updated" => {
            let changes = UpdateSnapshotTask::new().enabled(Switch::On);
            look_at(client.snapshot_tasks().update(SnapshotTaskId::new(1), &changes).await);
        }
        "datasets" => look_at(client.datasets().list().await),
        "mounts" => look_at(client.datasets().mounts(&["pool0"]).await),
        "stat" => look_at(client.filesystem().stat("/mnt/pool0/a").await),
        "list_dir" => look_at(client.filesystem().list_dir("/mnt/pool0").await),
        "download" => match client.filesystem().get("/mnt/pool0/a", 7).await {
            Ok(mut content) => {
                while let Some(piece) = content.next().await {
                    look_at(piece);
                }
            }
            Err(error) => look_at(Err::<(), _>(error)),
        },
        "interfaces" => look_at(client.interfaces().list().await),
        "pools" => look_at(client.pools().list().await),
        "services" => look_at(client.services().list().await),
        "snapshot_tasks" => look_at(client.snapshot_tasks().list().await),
        "snapshots" => {
            let request = ListSnapshots::new(DatasetId::new("pool0"));
            look_at(client.snapshots().list(&request).await);
        }
        "snmp" => look_at(client.snmp().config().await),
        "info" => look_at(client.system().info().await),
        "general" => look_at(client.system().general().await),
        other => panic!("the corpus holds {other}, which is no operation"),
    }
}

fn try_message(appliance: &Appliance, kept: &Client, input: &Input<'_>) {
    if input.operation == "versions" {
        appliance.say(&input.bytes, "");
        appliance.run(async { look_at(appliance.connect().await.map(drop)) });
    } else {
        appliance.say(VERSIONS.as_bytes(), &input.text());
        appliance.run(call(kept, input.operation));
    }
}

#[test]
fn x7_messages_of_an_appliance_are_understood_or_refused() {
    let appliance = Appliance::start();
    let kept = appliance.run(appliance.connect()).unwrap();
    fuzz("truenas", &WORDS, |input| try_message(&appliance, &kept, input));
}
