//! Answers that never come, and connections that are never made.

use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::StreamExt as _;
use http_core::{ErrorKind, RetryPolicy};
use tokio::net::TcpListener;

use crate::shop::{buy, policy, put, read, rough, say, shop, shop_with};

#[tokio::test]
async fn what_must_happen_once_is_not_sent_again_after_a_lost_answer() {
    let (url, taken) = rough(|socket, _| async { drop(socket) }).await;
    let error = shop(&url).send::<u32>(buy()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts(), error.is_retryable()), (ErrorKind::OutcomeUnknown, 1, false));
    assert_eq!(taken.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn what_may_be_repeated_is_sent_again_until_the_attempts_are_used_up() {
    for call in [read as fn() -> _, put] {
        let (url, taken) = rough(|socket, _| async { drop(socket) }).await;
        let error = shop(&url).send::<u32>(call()).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts(), error.is_retryable()), (ErrorKind::Unreachable, 3, true));
        assert_eq!(taken.load(Ordering::Relaxed), 3);
    }
}

#[tokio::test]
async fn an_answer_cut_short_is_a_lost_answer() {
    let cut = |socket, number| async move {
        let text = if number < 3 {
            "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n1"
        } else {
            "HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n7"
        };
        say(socket, text).await;
    };
    let (url, _) = rough(cut).await;
    assert_eq!(shop(&url).send::<u32>(read()).await.unwrap(), 7);
    let (url, taken) = rough(cut).await;
    assert_eq!(shop(&url).send::<u32>(buy()).await.unwrap_err().kind(), ErrorKind::OutcomeUnknown);
    assert_eq!(taken.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_connection_that_was_never_made_is_tried_again_even_for_what_must_happen_once() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = shop(&url).send::<u32>(buy()).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Unreachable, 3));
    assert!(error.is_retryable());
}

#[tokio::test(start_paused = true)]
async fn silence_is_given_up_after_the_idle_time_out() {
    let (url, taken) = rough(|socket, _| async move {
        tokio::time::sleep(Duration::from_mins(1)).await;
        drop(socket);
    })
    .await;
    let client = shop_with(&url, policy().attempts(2), Duration::from_millis(30));
    assert_eq!(client.send::<u32>(read()).await.unwrap_err().kind(), ErrorKind::Unreachable);
    assert_eq!(taken.load(Ordering::Relaxed), 2);
    assert_eq!(client.send::<u32>(buy()).await.unwrap_err().kind(), ErrorKind::OutcomeUnknown);
}

#[tokio::test(start_paused = true)]
async fn the_deadline_ends_a_call_within_an_attempt() {
    let (url, _) = rough(|socket, _| async move {
        tokio::time::sleep(Duration::from_mins(1)).await;
        drop(socket);
    })
    .await;
    let short = RetryPolicy { deadline: Duration::from_millis(50), ..policy() };
    let client = shop_with(&url, short, Duration::from_mins(1));
    assert_eq!(client.send::<u32>(read()).await.unwrap_err().kind(), ErrorKind::Unreachable);
    assert_eq!(client.send::<u32>(buy()).await.unwrap_err().kind(), ErrorKind::OutcomeUnknown);
}

#[tokio::test(start_paused = true)]
async fn a_call_of_a_silent_operation_may_have_a_longer_idle_time_out_and_a_later_deadline() {
    let slow = |socket, _| async move {
        tokio::time::sleep(Duration::from_millis(300)).await;
        say(socket, "HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n7").await;
    };
    let (url, taken) = rough(slow).await;
    let short = RetryPolicy { deadline: Duration::from_millis(100), ..policy() };
    let client = shop_with(&url, short, Duration::from_millis(50));
    assert_eq!(client.send::<u32>(buy().idle_timeout(Duration::from_secs(20))).await.unwrap(), 7);
    assert_eq!(taken.load(Ordering::Relaxed), 1);
    let error = client.send::<u32>(buy().idle_timeout(Duration::from_millis(60))).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::OutcomeUnknown);
}

#[tokio::test(start_paused = true)]
async fn a_slow_body_that_keeps_moving_is_not_silence() {
    let (url, _) = rough(|mut socket, _| async move {
        use tokio::io::AsyncReadExt as _;
        let mut piece = vec![0; 256 * 1024];
        for _ in 0..40 {
            tokio::time::sleep(Duration::from_millis(20)).await;
            if socket.read(&mut piece).await.is_ok_and(|read| read == 0) {
                return;
            }
        }
        while tokio::time::timeout(Duration::from_millis(100), socket.read(&mut piece)).await.is_ok() {}
        say(socket, "HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n7").await;
    })
    .await;
    let client = shop_with(&url, policy().attempts(1), Duration::from_millis(500));
    let body = bytes::Bytes::from(vec![7; 24 * 1024 * 1024]);
    assert_eq!(client.send::<u32>(put().bytes(body)).await.unwrap(), 7);
}

#[tokio::test]
async fn a_stream_that_breaks_ends_in_an_error_and_then_in_nothing() {
    let (url, _) = rough(|socket, _| say(socket, "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc")).await;
    let response = shop(&url).send_raw(read()).await.unwrap();
    let pieces: Vec<_> = response.into_stream().collect().await;
    assert_eq!(pieces[0].as_ref().unwrap(), "abc");
    assert_eq!(pieces.last().unwrap().as_ref().unwrap_err().kind(), ErrorKind::Unreachable);
    assert_eq!(pieces.len(), 2);
}
