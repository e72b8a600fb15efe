//! Services that never end, never hurry or never were there: what is read of them, how often they are asked, and what is heard meanwhile.

use std::io;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::StreamExt as _;
use http_core::{Error, ErrorKind, NameResolver, Options, ReadBudget, Wait};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::shop::{policy, put, read, rough, say, shop, shop_of, shop_with};

/// Writes this head, then pieces of this many bytes as long as somebody reads, counting them.
async fn flood(mut socket: TcpStream, head: &str, sent: Arc<AtomicU64>) {
    let piece = vec![b' '; 64 * 1024];
    let chunk = [format!("{:x}\r\n", piece.len()).as_bytes(), &piece, b"\r\n"].concat();
    if socket.write_all(head.as_bytes()).await.is_ok() {
        while socket.write_all(&chunk).await.is_ok() {
            sent.fetch_add(piece.len() as u64, Ordering::Relaxed);
        }
    }
}

async fn flooding(status: &'static str) -> (String, Arc<AtomicU64>, Arc<std::sync::atomic::AtomicU32>) {
    let sent = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&sent);
    let (url, taken) = rough(move |socket, _| {
        let head = format!("HTTP/1.1 {status}\r\ntransfer-encoding: chunked\r\n\r\n");
        let count = Arc::clone(&count);
        async move { flood(socket, &head, count).await }
    })
    .await;
    (url, sent, taken)
}

/// What a socket's buffers on both sides may hold beyond what was read.
const BUFFERED: u64 = 12 * 1024 * 1024;

#[tokio::test]
async fn x7_an_endless_answer_is_read_to_its_bound_and_not_asked_for_again() {
    let (url, sent, taken) = flooding("200 OK").await;
    for (call, limit) in [(read(), 16 << 20), (read().longest_answer(1 << 20), 1 << 20)] {
        sent.store(0, Ordering::Relaxed);
        let error = shop(&url).send::<()>(call).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::NotUnderstood, 1));
        assert!(error.to_string().contains(&format!("longer than the {limit} bytes")), "{error}");
        assert!(sent.load(Ordering::Relaxed) < limit + BUFFERED, "{sent:?}");
    }
    assert_eq!(taken.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn x7_an_endless_refusal_is_a_refusal_without_words() {
    let (url, sent, _) = flooding("404 Not Found").await;
    let error = shop(&url).send::<()>(read()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::NotFound, 1));
    assert!(sent.load(Ordering::Relaxed) < (1 << 20) + BUFFERED, "{sent:?}");
}

#[tokio::test]
async fn x7_an_answer_that_announces_too_much_is_not_read_at_all() {
    let announced = |socket, _| say(socket, "HTTP/1.1 200 OK\r\ncontent-length: 60000000\r\n\r\n[");
    let (url, taken) = rough(announced).await;
    let error = shop(&url).send::<()>(read()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::NotUnderstood, 1));
    assert_eq!(taken.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn x7_the_pages_of_one_listing_share_one_budget() {
    let (url, _) =
        rough(|socket, _| say(socket, "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n[1,2,3,45]")).await;
    let (client, budget) = (shop(&url), ReadBudget::new(35));
    for left in [25, 15, 5] {
        client.send::<Vec<u32>>(read().within(&budget)).await.unwrap();
        assert_eq!(budget.left(), left);
    }
    let error = client.send::<Vec<u32>>(read().within(&budget)).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::NotUnderstood, 1));
    client.send::<Vec<u32>>(read()).await.unwrap();
}

/// A server that answers at once and then sends its body byte by byte.
async fn trickling() -> String {
    let (url, _) = rough(|mut socket, _| async move {
        let head = "HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n";
        if socket.write_all(head.as_bytes()).await.is_ok() {
            while socket.write_all(b" ").await.is_ok() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    })
    .await;
    url
}

#[tokio::test(start_paused = true)]
async fn x7_a_body_that_only_trickles_is_given_up_although_it_is_never_silent() {
    let url = trickling().await;
    let client = shop_with(&url, policy().attempts(2), Duration::from_millis(60));
    let slow = |error: &Error| {
        assert_eq!(error.kind(), ErrorKind::Unreachable);
        assert!(error.to_string().contains("minimum rate"), "{error}");
    };
    let error = client.send::<()>(read()).await.unwrap_err();
    assert_eq!(error.attempts(), 2);
    slow(&error);
    let pieces: Vec<_> = client.send_raw(read()).await.unwrap().into_stream().collect().await;
    slow(pieces.last().unwrap().as_ref().unwrap_err());
    // A rate that is asked for is the rate.
    let patient = Options::default().attempts(1).idle_timeout(Duration::from_millis(60)).minimum_rate(1);
    let pieces = shop_of(&url, &patient).send_raw(read()).await.unwrap().into_stream();
    assert!(pieces.take(20).all(|piece| async move { piece.is_ok() }).await);
}

/// Options as they are by default, with somebody who notes each wait.
fn noting() -> (Options, Arc<Mutex<Vec<Wait>>>) {
    let waits = Arc::new(Mutex::new(Vec::new()));
    let notes = Arc::clone(&waits);
    (Options::default().on_wait(move |wait| notes.lock().unwrap().push(wait.clone())), waits)
}

async fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    listener.local_addr().unwrap().to_string()
}

#[tokio::test(start_paused = true)]
async fn x7_a_port_where_nothing_listens_is_given_up_within_two_seconds() {
    let (options, waits) = noting();
    let error =
        shop_of(&format!("http://{}", nobody().await), &options).send::<()>(read()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Unreachable, 3));
    assert!(error.elapsed() < Duration::from_secs(2), "{error}");
    assert!(error.to_string().contains("nothing listens at that port"), "{error}");
    assert!(error.to_string().contains("after 3 attempts in"), "{error}");
    assert_eq!(waits.lock().unwrap().iter().map(|wait| wait.attempt).collect::<Vec<_>>(), [2, 3]);
}

const NO_SUCH_NAME: &str = "failed to lookup address information: Name or service not known";
const NOT_FOR_NOW: &str = "failed to lookup address information: Temporary failure in name resolution";

/// Options with a resolver that answers its look-ups in turn, and how often it was asked: an error's words, or this machine.
fn resolving(answers: &'static [Option<&str>]) -> (Options, Arc<AtomicU64>) {
    let asked = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&asked);
    let resolver = NameResolver::new(move |name| {
        assert_eq!(name, "shop.example");
        let nth = usize::try_from(count.fetch_add(1, Ordering::Relaxed)).unwrap();
        async move {
            match answers.get(nth) {
                Some(Some(words)) => Err(io::Error::other(*words)),
                Some(None) => Ok(vec![IpAddr::from([127, 0, 0, 1])]),
                None => Err(io::Error::other("it was asked for too often")),
            }
        }
    });
    (Options::default().resolver(resolver), asked)
}

/// Also where the name was there before.
#[tokio::test]
async fn x7_a_name_that_does_not_exist_is_looked_up_once() {
    let port = nobody().await.rsplit_once(':').unwrap().1.to_owned();
    let (options, asked) = resolving(&[Some(NO_SUCH_NAME), None, Some(NO_SUCH_NAME)]);
    let client = shop_of(&format!("https://shop.example:{port}"), &options.attempts(2));
    let error = client.send::<()>(read()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Unreachable, 1));
    assert!(error.to_string().contains("the name shop.example does not exist"), "{error}");
    // There now, and gone again before the second attempt.
    let error = client.send::<()>(put()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Unreachable, 2));
    assert!(error.to_string().contains("the name shop.example does not exist"), "{error}");
    assert_eq!(asked.load(Ordering::Relaxed), 3);
}

#[tokio::test(start_paused = true)]
async fn x7_a_name_that_could_not_be_resolved_for_now_is_looked_up_again() {
    let (options, asked) = resolving(&[Some(NOT_FOR_NOW); 3]);
    let error = shop_of("https://shop.example", &options).send::<()>(read()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Unreachable, 3));
    assert!(error.to_string().contains("the name shop.example could not be resolved"), "{error}");
    assert_eq!(asked.load(Ordering::Relaxed), 3);
}

#[tokio::test]
async fn x7_what_does_not_speak_tls_is_asked_once() {
    let (url, taken) = rough(|socket, _| say(socket, "HTTP/1.1 400 Bad Request\r\n\r\n")).await;
    let error = shop(&url.replace("http://", "https://")).send::<()>(read()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Unreachable, 1));
    assert!(error.to_string().contains("does not speak TLS"), "{error}");
    assert_eq!(taken.load(Ordering::Relaxed), 1);
}

/// Whoever presents it: it will be the same one a moment later.
#[tokio::test]
async fn x7_a_certificate_that_is_not_trusted_is_looked_at_once() {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = builder.unwrap().with_no_client_auth();
    let config = config.with_single_cert(vec![made.cert.der().clone()], key).unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let (shown, client) = (Arc::new(AtomicU64::new(0)), shop(&url));
    let count = Arc::clone(&shown);
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::Relaxed);
            let _ = acceptor.accept(socket).await;
        }
    });
    for call in [read as fn() -> _, put] {
        let error = client.send::<()>(call()).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Unreachable, 1));
        assert!(error.to_string().contains("its certificate is not trusted"), "{error}");
    }
    assert_eq!(shown.load(Ordering::Relaxed), 2, "once for each call");
}

#[tokio::test]
async fn x7_a_service_that_was_reached_before_is_waited_for() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let client = shop_with(&url, policy().attempts(5), Duration::from_secs(5));
    let served = async {
        let (mut socket, _) = listener.accept().await.unwrap();
        let _ = socket.read(&mut [0; 4096]).await.unwrap();
        say(socket, "HTTP/1.1 200 OK\r\ncontent-length: 1\r\nconnection: close\r\n\r\n7").await;
    };
    let (answer, ()) = tokio::join!(client.send::<u32>(read()), served);
    assert_eq!(answer.unwrap(), 7);
    drop(listener);
    let error = client.send::<u32>(read()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Unreachable, 5));
}

#[tokio::test]
async fn x7_from_the_second_attempt_on_somebody_learns_what_is_waited_for() {
    let (options, waits) = noting();
    let options = options.attempts(4).backoff(Duration::from_millis(1), Duration::from_millis(2));
    let (url, _) = rough(|socket, number| async move {
        let status = if number < 3 { "503 Service Unavailable" } else { "200 OK" };
        say(socket, &format!("HTTP/1.1 {status}\r\ncontent-length: 1\r\n\r\n7")).await;
    })
    .await;
    let client = shop_of(&url, &options);
    assert_eq!(client.send::<u32>(read()).await.unwrap(), 7);
    let heard = std::mem::take(&mut *waits.lock().unwrap());
    let heard: Vec<_> = heard.iter().map(|wait| (wait.attempt, wait.attempts, wait.why.clone())).collect();
    assert_eq!(heard, [(2, Some(4), "503".to_owned()), (3, Some(4), "503".to_owned())]);
    assert_eq!(client.send::<u32>(put()).await.unwrap(), 7);
    assert!(waits.lock().unwrap().is_empty(), "a first attempt that succeeds is no wait");
}
