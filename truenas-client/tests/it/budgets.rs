//! An appliance, or whatever answers in its place, that floods, never ends, or has seen too many log-ins.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use truenas_client::{ApiKey, Client, Config, Credentials, Error, ErrorKind};

use crate::nas::{Nas, Say, refusal};

async fn read(client: &Client) -> Result<usize, Error> {
    Ok(client.pools().list().await?.len())
}

#[tokio::test]
async fn x7_an_answer_that_is_too_long_is_not_asked_for_again() {
    let nas = Nas::start().await;
    let long = json!("x".repeat(17 << 20));
    nas.answers("pool.query", long.clone()).answers("pool.dataset.update", long);
    let client = nas.client().await;
    let error = read(&client).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::NotUnderstood { .. }), "{error:?}");
    assert!(error.to_string().contains("16777216"), "{error}");
    assert_eq!(nas.asked("pool.query").len(), 1);
    nas.answers("pool.query", json!([]));
    assert_eq!(read(&client).await.unwrap(), 0, "the next call connects again");
}

#[tokio::test]
async fn x7_messages_without_end_end_with_the_deadline_of_the_call() {
    let nas = Nas::start().await;
    nas.on("pool.query", [Say::Flood]);
    let client = Client::connect(nas.config().deadline(Duration::from_secs(2))).await.unwrap();
    let began = Instant::now();
    assert_eq!(*read(&client).await.unwrap_err().kind(), ErrorKind::Unreachable);
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
}

/// A server without TLS that answers every request with this head, and then with spaces without end.
async fn endless(head: &'static str) -> Config {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("ws://{}", listener.local_addr().unwrap()).parse().unwrap();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            tokio::spawn(async move {
                let _ = socket.read(&mut [0; 4096]).await;
                let _ = socket.write_all(head.as_bytes()).await;
                while socket.write_all(b"10\r\n                \r\n").await.is_ok() {}
            });
        }
    });
    Config::new(address, Credentials::api_key(ApiKey::new("1-key")))
}

#[tokio::test]
async fn x7_endless_versions_are_read_for_a_few_kilobytes_and_once() {
    for head in [
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 60000000\r\n\r\n",
    ] {
        let began = Instant::now();
        let error = Client::connect(endless(head).await).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::NotUnderstood { .. }), "{error:?}");
        assert!(error.attempts() <= 1 && began.elapsed() < Duration::from_secs(2), "{error:?}");
    }
}

/// Twenty log-ins in a minute, and the appliance refuses more until it is over: more attempts than a call may have, and each is heard.
#[tokio::test]
async fn x7_a_limit_on_log_ins_is_waited_for_and_said() {
    let limited = || refusal(16, "EBUSY", "Rate Limit Exceeded");
    let nas = Nas::start().await;
    let mut says = vec![limited(); 9];
    says.push(Say::Result(json!(true)));
    nas.on("auth.login_with_api_key", says);
    let heard = Arc::new(Mutex::new(Vec::new()));
    let notes = Arc::clone(&heard);
    let config = nas.config().on_wait(move |wait| notes.lock().unwrap().push(wait.clone()));
    let client = Client::connect(config).await.unwrap();
    assert_eq!(nas.asked("auth.login_with_api_key").len(), 10);
    let heard = heard.lock().unwrap().clone();
    assert_eq!(heard.iter().map(|wait| wait.attempt).collect::<Vec<_>>(), (2..=10).collect::<Vec<_>>());
    assert!(heard.iter().all(|wait| wait.given_up_in > Duration::from_secs(80)), "{heard:?}");
    assert!(heard[0].to_string().contains("log-ins"), "{}", heard[0]);
    // The same for a connection that is made again later.
    nas.on("pool.query", [Say::HangUp, Say::Result(json!([]))]);
    let mut says = vec![limited(); 6];
    says.push(Say::Result(Value::Bool(true)));
    nas.on("auth.login_with_api_key", says);
    assert_eq!(read(&client).await.unwrap(), 0);
    assert_eq!(nas.asked("auth.login_with_api_key").len(), 17);
}

#[tokio::test]
async fn x7_a_closed_port_is_given_up_soon_and_named_with_attempts_and_time() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("ws://{}", listener.local_addr().unwrap()).parse().unwrap();
    drop(listener);
    let began = Instant::now();
    let config = Config::new(address, Credentials::api_key(ApiKey::new("1-key")));
    let error = Client::connect(config).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::Unreachable);
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    assert!(error.attempts() > 1 && error.to_string().contains(" attempts in "), "{error}");
}

#[tokio::test]
async fn x7_a_certificate_that_is_not_trusted_is_looked_at_once() {
    let mut nas = Nas::start().await;
    let pinned = nas.config();
    nas.renew_certificate();
    let error = Client::connect(pinned).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::PinMismatch { .. }), "{error:?}");
    assert!(error.attempts() <= 1, "{error:?}");
}
