//! A small service to call, and servers that misbehave.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use http_core::{
    Call, Disposition, Endpoint, Error, Method, Options, RawHttp, RequestBuilder, ResponseHead, RetryPolicy,
    Service, ServiceClient,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

http_core::operations! {
    Read { LIST_SHELVES = "list_shelves" }
    Idempotent { PUT = "put" }
    NonIdempotent { BUY = "buy" }
}

/// A service whose session is a counter: token `t1`, then `t2` …
pub(crate) struct Shop {
    endpoint: Endpoint,
    opened: AtomicU32,
}

impl Service for Shop {
    const NAME: &'static str = "shop";
    type Session = String;

    async fn open_session(&self, _http: &RawHttp) -> Result<String, Error> {
        tokio::task::yield_now().await;
        Ok(format!("t{}", self.opened.fetch_add(1, Ordering::Relaxed) + 1))
    }

    fn authorize(&self, session: &String, request: &mut RequestBuilder<'_>) {
        request.base(self.endpoint.url()).secret_header("authorization", session);
    }

    fn classify(&self, head: &ResponseHead, _body: &[u8]) -> Disposition {
        Disposition::by_status(head)
    }
}

pub(crate) fn policy() -> RetryPolicy {
    RetryPolicy {
        attempts: 3,
        base_delay: Duration::from_millis(1),
        max_delay: Duration::from_millis(2),
        deadline: Duration::from_secs(10),
    }
}

pub(crate) fn shop(base: &str) -> ServiceClient<Shop> {
    shop_with(base, policy(), Duration::from_secs(5))
}

pub(crate) fn shop_with(base: &str, policy: RetryPolicy, idle: Duration) -> ServiceClient<Shop> {
    let options = Options::default()
        .attempts(policy.attempts)
        .backoff(policy.base_delay, policy.max_delay)
        .deadline(policy.deadline)
        .idle_timeout(idle);
    shop_of(base, &options)
}

pub(crate) fn shop_of(base: &str, options: &Options) -> ServiceClient<Shop> {
    let endpoint = Endpoint::parse("base URL", base).unwrap().user_agent(None, "shop-test", "1");
    ServiceClient::new(Shop { endpoint: endpoint.clone(), opened: AtomicU32::new(0) }, &endpoint, options)
        .unwrap()
}

pub(crate) fn read() -> Call {
    Call::new(LIST_SHELVES, Method::Get, "shelves").subject("shop 1")
}

pub(crate) fn buy() -> Call {
    Call::new(BUY, Method::Post, "buy").json(&1)
}

pub(crate) fn put() -> Call {
    Call::new(PUT, Method::Put, "put").json(&1)
}

/// A server that does `each` with every connection; returns its address and how many requests it has taken.
pub(crate) async fn rough<F>(each: impl Fn(TcpStream, u32) -> F + Send + 'static) -> (String, Arc<AtomicU32>)
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let taken = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&taken);
    tokio::spawn(async move {
        loop {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut head = [0; 4096];
            if socket.read(&mut head).await.is_ok_and(|read| read > 0) {
                tokio::spawn(each(socket, count.fetch_add(1, Ordering::Relaxed) + 1));
            }
        }
    });
    (address, taken)
}

pub(crate) async fn say(mut socket: TcpStream, text: &str) {
    socket.write_all(text.as_bytes()).await.unwrap();
    socket.shutdown().await.ok();
}
