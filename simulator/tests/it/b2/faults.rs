//! Faults, crashes and test modes, and the transcript under them.

use std::time::Duration;

use serde_json::{Value, json};
use simulator::{Fault, Moment};

use super::{Account, answer, sha1, text};

fn key_request(account: &Account) -> Value {
    json!({"accountId": account.id, "keyName": "k", "capabilities": ["listFiles"]})
}

#[tokio::test]
async fn a_cut_before_the_effect_does_nothing_and_after_it_does_all() {
    let (sim, account) = Account::open().await;
    let faults = sim.faults();
    faults.on("b2", "b2_create_key").nth(1).before_effect(Fault::DropConnection);
    faults.on("b2", "b2_create_key").nth(2).after_effect(Fault::DropConnection);
    let make = || account.request(4, "b2_create_key", &key_request(&account)).send();
    let mark = sim.transcript().mark();
    assert!(make().await.is_err());
    assert_eq!((sim.b2().keys().len(), sim.transcript().since(mark).len()), (1, 0));
    assert!(make().await.is_err());
    assert_eq!(sim.b2().keys().len(), 2);
    let lines = sim.transcript().writes_since(mark);
    assert_eq!((lines.len(), lines[0].json()["status"].as_u64()), (1, Some(200)));
    assert_eq!(make().await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_crash_cuts_the_client_off_until_it_is_cleared() {
    for (moment, made) in [(Moment::BeforeEffect, 0), (Moment::AfterEffect, 1), (Moment::AfterAnswer, 1)] {
        let (sim, account) = Account::open().await;
        assert_eq!(sim.faults().requests(), 1);
        sim.faults().crash_at(2, moment);
        let first = account.request(4, "b2_create_key", &key_request(&account)).send().await;
        assert_eq!(first.is_ok(), moment == Moment::AfterAnswer);
        if let Ok(answered) = first {
            assert_eq!(answer(answered).await.0, 200);
        }
        sim.faults().crashed().await;
        let second = account.request(4, "b2_create_key", &key_request(&account)).send().await;
        assert!(second.is_err());
        assert_eq!(sim.b2().keys().len(), 1 + made);
        assert_eq!(sim.faults().request_log()[1].operation, "b2_create_key");
        let boxed = account.request(4, "b2_list_buckets", &json!({"accountId": account.id}));
        assert_eq!(boxed.header("user-agent", "rclone/v1.70.2").send().await.unwrap().status(), 200);
        sim.faults().clear();
        assert_eq!(account.call("b2_list_buckets", json!({})).await.0, 200);
    }
}

#[tokio::test]
async fn refusals_html_stalls_and_truncation_are_what_they_say() {
    let (sim, account) = Account::open().await;
    let list =
        || async { account.request(4, "b2_list_buckets", &json!({"accountId": account.id})).send().await };
    let faults = sim.faults();
    let busy = Fault::Refuse {
        status: 429,
        code: "too_many_requests".to_owned(),
        message: "slow down".to_owned(),
        retry_after: Some("7".to_owned()),
    };
    faults.on("b2", "b2_list_buckets").before_effect(busy);
    let refused = list().await.unwrap();
    assert_eq!(refused.headers()["retry-after"], "7");
    assert_eq!(answer(refused).await.1["code"], "too_many_requests");
    faults.on("*", "*").before_effect(Fault::Html(502));
    let page = list().await.unwrap();
    assert_eq!(
        (page.status().as_u16(), page.headers()["content-type"].to_str().unwrap()),
        (502, "text/html")
    );
    faults.on("b2", "*").before_effect(Fault::TruncateBody);
    let cut = list().await.unwrap();
    assert!(cut.content_length().unwrap() > 0);
    assert!(cut.bytes().await.is_err());
    faults.on("b2", "*").before_effect(Fault::Stall(Duration::from_hours(1)));
    let (stalled, ()) = tokio::join!(list(), async {
        let counted = faults.requests();
        while faults.requests() == counted {
            tokio::task::yield_now().await;
        }
        sim.clock().advance(Duration::from_hours(1));
    });
    assert_eq!(stalled.unwrap().status(), 200);
    faults.on("b2", "*").before_effect(Fault::ExpireToken);
    for _ in 0..2 {
        assert_eq!(answer(list().await.unwrap()).await.1["code"], "expired_auth_token");
    }
}

#[tokio::test]
async fn an_upload_url_serves_one_upload_at_a_time() {
    let (sim, account) = Account::open().await;
    let id = account.bucket("one-at-a-time").await;
    let url = account.upload_url(&id).await;
    sim.faults().on("b2", "b2_upload_file").after_effect(Fault::Stall(Duration::from_hours(1)));
    let (sender, receiver) = tokio::sync::oneshot::channel::<()>();
    let body = futures_util::stream::once(async {
        receiver.await.unwrap();
        Ok::<_, std::io::Error>(vec![1_u8; 10])
    });
    let request = account.upload_to(&url, "slow", &[0; 10]);
    let request = request.body(reqwest::Body::wrap_stream(body));
    let slow = tokio::spawn(request.send());
    while sim.faults().request_log().last().unwrap().operation != "b2_upload_file" {
        tokio::task::yield_now().await;
    }
    let (status, refusal) = loop {
        // The slow one was counted a moment before it took the token.
        let (status, refusal) = answer(account.upload_to(&url, "fast", b"x").send().await.unwrap()).await;
        if status != 200 {
            break (status, refusal);
        }
    };
    assert_eq!((status, &refusal["code"]), (400, &json!("auth_token_limit")));
    drop(sender);
    slow.abort();
}

#[tokio::test]
async fn an_upload_whose_client_hung_up_keeps_its_url() {
    let (sim, account) = Account::open().await;
    let id = account.bucket("hung-up").await;
    let url = account.upload_url(&id).await;
    sim.faults().on("b2", "b2_upload_file").after_effect(Fault::Stall(Duration::from_hours(1)));
    let given_up = tokio::spawn(account.upload_to(&url, "x", b"1").send());
    while sim.transcript().lines().last().unwrap().operation != "b2_upload_file" {
        tokio::task::yield_now().await;
    }
    given_up.abort();
    assert!(given_up.await.unwrap_err().is_cancelled());
    let refused = loop {
        // It takes a moment until the far end sees that nobody is there.
        let (status, refusal) = answer(account.upload_to(&url, "x", b"2").send().await.unwrap()).await;
        if status != 200 {
            break refusal;
        }
    };
    assert_eq!(refused["code"], "auth_token_limit");
    account.upload(&id, "x", b"3").await;
}

#[tokio::test]
async fn an_upload_url_that_failed_stays_broken() {
    let (sim, account) = Account::open().await;
    let id = account.bucket("broken-urls").await;
    let url = account.upload_url(&id).await;
    let storm = Fault::refuse(503, "service_unavailable", "no tomes available");
    sim.faults().on("b2", "b2_upload_file").before_effect(storm);
    for _ in 0..2 {
        let refused = account.upload_to(&url, "x", &vec![1; 3_000_000]).send().await.unwrap();
        assert_eq!(refused.status(), 503);
    }
    account.upload(&id, "x", b"1").await;
    let busy = Fault::refuse(429, "too_many_requests", "slow down");
    sim.faults().on("b2", "b2_upload_file").before_effect(busy);
    let url = account.upload_url(&id).await;
    assert_eq!(account.upload_to(&url, "x", b"2").send().await.unwrap().status(), 429);
    assert_eq!(account.upload_to(&url, "x", b"2").send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn test_modes_do_as_the_service_does() {
    let (_sim, account) = Account::open().await;
    let id = account.bucket("test-modes").await;
    let mode = "x-bz-test-mode";
    let url = account.upload_url(&id).await;
    let capped = account.upload_to(&url, "x", b"1").header(mode, "force_cap_exceeded").send().await.unwrap();
    let (status, refusal) = answer(capped).await;
    assert_eq!((status, &refusal["code"]), (403, &json!("cap_exceeded")));
    let mut statuses = Vec::new();
    for _ in 0..20 {
        let url = account.upload_url(&id).await;
        let request = account.upload_to(&url, "x", b"1").header(mode, "fail_some_uploads");
        statuses.push(request.send().await.unwrap().status().as_u16());
    }
    assert!(statuses.contains(&200) && statuses.contains(&503), "{statuses:?}");
}

#[tokio::test]
async fn the_transcript_holds_what_passed_and_no_bytes_of_files() {
    let (sim, account) = Account::open().await;
    let id = account.bucket("on-record").await;
    let mark = sim.transcript().mark();
    account.upload(&id, "notes.json", b"{\"secret\":1}").await;
    account.download("/file/on-record/notes.json?b2ContentType=application/json").await;
    let lines = sim.transcript().since(mark);
    let seen: Vec<_> = lines.iter().map(|line| (line.operation.as_str(), line.json())).collect();
    assert_eq!(seen[0].0, "b2_get_upload_url");
    assert_eq!(seen[1].0, "b2_upload_file");
    assert!(seen[1].1["body"].is_null());
    assert_eq!(seen[1].1["reply"]["contentSha1"], sha1(b"{\"secret\":1}"));
    assert_eq!(text(&seen[2].1["path"]), "/file/on-record/notes.json");
    assert_eq!(seen[2].1["query"]["b2ContentType"], "application/json");
    assert!(seen[2].1["reply"].is_null());
    assert_eq!(sim.transcript().writes_since(mark).len(), 1);
}
