//! X7: the limit of requests, whose window of five minutes is waited for whole.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use halo_client::{ApplicationId, Client, ClientSecret, Config, ErrorKind};
use serde_json::json;
use wiremock::ResponseTemplate;

use crate::{SECRET, answer, asked, calls, tenant};

const WORDS: &str = "Rate Limit Reached - 700 Requests per rolling 5 minute window";

#[tokio::test]
async fn x7_the_limit_is_waited_for_whatever_its_form() {
    for limit in [
        ResponseTemplate::new(429),
        ResponseTemplate::new(429).set_body_string(WORDS),
        ResponseTemplate::new(429).set_body_json(WORDS),
        ResponseTemplate::new(200).set_body_string(WORDS),
    ] {
        let (server, client) = tenant().await;
        asked("GET", "/api/Status").respond_with(limit).up_to_n_times(2).mount(&server).await;
        asked("GET", "/api/Status").respond_with(answer(&json!([]))).mount(&server).await;
        client.statuses().list().await.unwrap();
        assert_eq!(calls(&server).await.len(), 3);
    }
}

#[tokio::test]
async fn x7_a_limit_that_lasts_is_said_in_halopsas_words() {
    let (server, client) = tenant().await;
    let limit = ResponseTemplate::new(429).set_body_string(WORDS);
    asked("GET", "/api/Status").respond_with(limit).mount(&server).await;
    let error = client.statuses().list().await.unwrap_err();
    assert_eq!((error.kind(), calls(&server).await.len()), (ErrorKind::RateLimited, 3));
    assert!(error.is_retryable() && error.to_string().contains("700 Requests"), "{error}");
}

/// What the client means to wait for, without waiting: the first wait is looked at, and the call is dropped.
#[tokio::test]
async fn x7_by_default_a_minute_is_waited_at_a_time_for_more_than_five() {
    for (after, expected) in [(None, 60), (Some("17"), 17), (Some("120"), 120)] {
        let (server, _) = tenant().await;
        let limit = after
            .into_iter()
            .fold(ResponseTemplate::new(429), |limit, after: &str| limit.insert_header("retry-after", after));
        asked("GET", "/api/Status").respond_with(limit).mount(&server).await;
        let waits = Arc::new(Mutex::new(Vec::new()));
        let (noted, waiting) = (Arc::clone(&waits), Arc::new(tokio::sync::Notify::new()));
        let announce = Arc::clone(&waiting);
        let config = Config::new(server.uri(), ApplicationId::new("app"), ClientSecret::new(SECRET));
        let client = Client::new(config.on_wait(move |wait| {
            noted.lock().unwrap().push((wait.pause, wait.given_up_in));
            announce.notify_one();
        }))
        .unwrap();
        let statuses = client.statuses();
        tokio::select! {
            ended = statuses.list() => panic!("{ended:?}"),
            () = waiting.notified() => {}
        }
        let (pause, given_up_in) = waits.lock().unwrap()[0];
        assert!(
            pause >= Duration::from_secs(expected) && pause < Duration::from_secs(expected + 2),
            "{pause:?}"
        );
        assert!(given_up_in > Duration::from_mins(6), "{given_up_in:?}");
    }
}
