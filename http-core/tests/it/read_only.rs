//! The read-only rail.

use futures_util::StreamExt as _;
use http_core::{ErrorKind, Options, ServiceClient};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::shop::{Shop, buy, put, read, shop_of};

async fn server() -> (MockServer, ServiceClient<Shop>) {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(200).set_body_json(7)).mount(&server).await;
    let client = shop_of(&server.uri(), &Options::default().read_only());
    (server, client)
}

#[tokio::test]
async fn a_read_only_client_sends_nothing_but_reads_by_any_method() {
    let (server, client) = server().await;
    for call in [buy as fn() -> _, put] {
        for error in [
            client.send::<u32>(call()).await.unwrap_err(),
            client.send_whole(call()).await.unwrap_err(),
            client.send_raw(call()).await.unwrap_err(),
        ] {
            assert_eq!((error.kind(), error.attempts()), (ErrorKind::ReadOnly, 0));
            assert!(!error.is_retryable());
            assert!(error.to_string().starts_with(&format!("shop {} was not sent: ", error.operation())));
        }
    }
    assert!(server.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_refused_call_opens_no_session_and_reads_work() {
    let (server, client) = server().await;
    client.send::<u32>(buy()).await.unwrap_err();
    assert_eq!(client.send::<u32>(read()).await.unwrap(), 7);
    client.send_whole(read()).await.unwrap();
    assert_eq!(client.send_raw(read()).await.unwrap().into_stream().count().await, 1);
    assert_eq!(server.received_requests().await.unwrap().len(), 3);
    // The shop counts its log-ins: the refused call caused none.
    assert_eq!(client.session().await.unwrap(), "t1");
}
