use std::time::Duration;

use serde_json::{Value, json};
use truenas_client::datasets::UserPropertyName;
use truenas_client::{Client, CloudSyncId, DatasetId, Error, ErrorKind, Method};

use crate::nas::{KEY, Nas, Say, refusal};

/// A call that only reads.
async fn read(client: &Client) -> Result<usize, Error> {
    client.pools().list().await.map(|pools| pools.len())
}

/// A call that changes something.
async fn write(client: &Client) -> Result<(), Error> {
    let name = UserPropertyName::new("com.example:tag").unwrap();
    client.datasets().set_user_property(&DatasetId::new("tank"), &name, "1").await
}

#[tokio::test]
async fn plain_text_works_to_this_machine_only() {
    let nas = Nas::start_plain().await;
    nas.answers("pool.query", json!([]));
    assert_eq!(read(&nas.client().await).await.unwrap(), 0);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let (nas, elsewhere) = (Nas::start().await, Nas::start_plain().await);
    let target = format!("http://127.0.0.1:{}/api/versions", elsewhere.port);
    let redirect =
        format!("HTTP/1.1 307 Temporary Redirect\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n");
    nas.script.raw_page("/api/versions", &redirect);
    assert_eq!(*nas.connect().await.unwrap_err().kind(), ErrorKind::Unreachable);
    assert_eq!(elsewhere.handshakes(), 0);
}

#[tokio::test]
async fn a_key_that_is_not_taken_is_tried_once() {
    let nas = Nas::start().await;
    nas.answers("auth.login_with_api_key", json!(false));
    let error = nas.connect().await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::CredentialsRejected);
    assert!(!error.is_retryable());
    nas.asked_once("auth.login_with_api_key");
    nas.on(
        "auth.login_with_api_key",
        [refusal(95, "EOPNOTSUPP", &format!("key {KEY} is not taken at this level"))],
    );
    let error = nas.connect().await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Rejected { errno: 95, .. }));
    assert!(!format!("{error} {error:?}").contains(KEY));
}

#[tokio::test]
async fn answers_are_matched_by_id_in_whatever_order_they_come() {
    let nas = Nas::start().await;
    nas.on("pool.query", [Say::Later(json!([]))]).answers("cloudsync.abort", json!(true));
    let client = nas.client().await;
    let tasks = client.cloud_syncs();
    let (pools, aborted) = tokio::join!(read(&client), tasks.abort(CloudSyncId::new(1)));
    assert_eq!((pools.unwrap(), aborted.unwrap()), (0, true));
}

#[tokio::test]
async fn at_most_ten_calls_are_under_way() {
    let nas = Nas::start().await;
    let held = vec![Say::Later(json!([])); 10];
    nas.on("pool.query", [held, vec![Say::Result(json!([]))]].concat());
    let client = nas.client().await;
    let calls: Vec<_> = (0..25)
        .map(|_| {
            tokio::spawn({
                let client = client.clone();
                async move { read(&client).await }
            })
        })
        .collect();
    while nas.asked("pool.query").len() < 10 {
        tokio::task::yield_now().await;
    }
    // The appliance answers nothing until the eleventh message, which must not come, however often everybody gets a turn.
    for _ in 0..5000 {
        tokio::task::yield_now().await;
    }
    assert_eq!(nas.asked("pool.query").len(), 10);
    calls.iter().for_each(tokio::task::JoinHandle::abort);
}

#[tokio::test]
async fn a_reading_call_is_asked_again_on_a_new_connection() {
    let nas = Nas::start().await;
    nas.on("pool.query", [Say::HangUp, Say::HangUp, Say::Result(json!([]))]);
    let client = nas.client().await;
    assert_eq!(read(&client).await.unwrap(), 0);
    assert_eq!(nas.asked("pool.query").len(), 3);
    assert_eq!(nas.asked("auth.login_with_api_key").len(), 3);
}

#[tokio::test]
async fn a_call_that_ends_every_connection_takes_the_others_along_once() {
    let nas = Nas::start().await;
    let lost = vec![Say::Nothing; 8];
    nas.on("pool.query", [lost, vec![Say::Result(json!([]))]].concat()).on("cloudsync.query", [Say::HangUp]);
    let client = nas.client().await;
    let others: Vec<_> = (0..8)
        .map(|_| {
            tokio::spawn({
                let client = client.clone();
                async move { read(&client).await }
            })
        })
        .collect();
    while nas.asked("pool.query").len() < 8 {
        tokio::task::yield_now().await;
    }
    let error = client.cloud_syncs().list().await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::Unreachable);
    for other in others {
        assert_eq!(other.await.unwrap().unwrap(), 0);
    }
    assert_eq!((nas.asked("pool.query").len(), nas.asked("cloudsync.query").len()), (16, 4));
}

/// Whose answer it was is known only of a call that waits alone: the reads beside it are sent once more, a write is of unknown outcome.
#[tokio::test]
async fn x7_an_answer_that_is_too_long_takes_the_others_along_once_and_is_asked_for_twice() {
    let nas = Nas::start().await;
    let lost = vec![Say::Nothing; 8];
    nas.on("pool.query", [lost, vec![Say::Result(json!([]))]].concat())
        .on("pool.dataset.update", [Say::Nothing])
        .answers("cloudsync.query", json!("x".repeat(17 << 20)));
    let client = nas.client().await;
    let reading = |client: Client| tokio::spawn(async move { read(&client).await });
    let others: Vec<_> = (0..8).map(|_| reading(client.clone())).collect();
    let writing = tokio::spawn({
        let client = client.clone();
        async move { write(&client).await }
    });
    while nas.asked("pool.query").len() + nas.asked("pool.dataset.update").len() < 9 {
        tokio::task::yield_now().await;
    }
    let error = client.cloud_syncs().list().await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::NotUnderstood { .. }), "{error:?}");
    assert!(error.to_string().contains("16777216"), "{error}");
    assert_eq!(*writing.await.unwrap().unwrap_err().kind(), ErrorKind::OutcomeUnknown);
    for other in others {
        assert_eq!(other.await.unwrap().unwrap(), 0);
    }
    assert_eq!((nas.asked("pool.query").len(), nas.asked("cloudsync.query").len()), (16, 2));
    nas.asked_once("pool.dataset.update");
}

#[tokio::test]
async fn a_changing_call_whose_answer_is_lost_is_of_unknown_outcome_and_sent_once() {
    let nas = Nas::start().await;
    nas.on("pool.dataset.update", [Say::HangUp]).answers("pool.query", json!([]));
    let client = nas.client().await;
    let error = write(&client).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::OutcomeUnknown);
    assert!(!error.is_retryable());
    nas.asked_once("pool.dataset.update");
    assert_eq!(read(&client).await.unwrap(), 0, "the next call connects again");
}

#[tokio::test]
async fn a_changing_call_goes_out_on_a_new_connection_when_the_old_one_is_gone_already() {
    let nas = Nas::start().await;
    nas.on("pool.query", [Say::HangUp]).answers("pool.dataset.update", json!({}));
    let client = nas.client().await;
    assert_eq!(*read(&client).await.unwrap_err().kind(), ErrorKind::Unreachable);
    write(&client).await.unwrap();
    nas.asked_once("pool.dataset.update");
}

#[tokio::test]
async fn a_silent_appliance_ends_in_a_timeout_or_an_unknown_outcome() {
    let nas = Nas::start().await;
    nas.on("pool.query", [Say::Nothing]).on("pool.dataset.update", [Say::Nothing]);
    let client = Client::connect(nas.config().deadline(Duration::from_secs(3))).await.unwrap();
    assert_eq!(*read(&client).await.unwrap_err().kind(), ErrorKind::Unreachable);
    assert_eq!(*write(&client).await.unwrap_err().kind(), ErrorKind::OutcomeUnknown);
    nas.asked_once("pool.dataset.update");
}

#[tokio::test]
async fn a_busy_appliance_is_asked_again_since_it_did_nothing() {
    let nas = Nas::start().await;
    let busy = Say::Refuse(json!({"code": -32000, "message": "Too many concurrent calls"}));
    nas.on("pool.dataset.update", [busy.clone(), busy, Say::Result(json!({}))]);
    write(&nas.client().await).await.unwrap();
    assert_eq!(nas.asked("pool.dataset.update").len(), 3);
}

/// After the log-in, words about a limit or about who is logged in may be those of a service that the appliance asked on its part.
#[tokio::test]
async fn a_write_is_not_sent_again_for_words_that_may_be_anothers() {
    let nas = Nas::start().await;
    let client = nas.client().await;
    for (errno, errname, reason) in [
        (16, "EBUSY", "[EBUSY] Rate Limit Exceeded"),
        (16, "EBUSY", "task saved, but B2 said: Rate Limit reached"),
        (13, "EACCES", "the peer said: Session is expired"),
        (11, "EAGAIN", "Not authenticated"),
    ] {
        let before = nas.asked("pool.dataset.update").len();
        nas.on("pool.dataset.update", [refusal(errno, errname, reason)]);
        write(&client).await.unwrap_err();
        assert_eq!(nas.asked("pool.dataset.update").len(), before + 1, "{reason}");
    }
}

/// A session ends after thirty days, or with its key.
#[tokio::test]
async fn a_session_that_has_expired_is_opened_again_once() {
    let nas = Nas::start().await;
    for reason in ["Session is expired", "[EACCES] Session is expired"] {
        nas.on("pool.query", [refusal(13, "EACCES", reason), Say::Result(json!([]))]);
        assert_eq!(read(&nas.client().await).await.unwrap(), 0);
    }
    assert_eq!((nas.asked("pool.query").len(), nas.asked("auth.login_with_api_key").len()), (4, 4));
}

/// Whatever Python writes is read, or ends the call at once; the connection stays.
#[tokio::test]
async fn x7_answers_that_are_no_json_are_read_or_end_the_call_at_once() {
    let nas = Nas::start().await;
    let client = nas.client().await;
    let ask = async || client.call::<Value>(Method::reads("pool.query"), &json!([])).await;
    for (answer, expected) in [
        (
            r#"{"jsonrpc":"2.0","id":ID,"result":["caf\udce9","\ud83d\ude00"]}"#,
            json!(["caf\u{fffd}", "\u{1f600}"]),
        ),
        (r#"{"jsonrpc":"2.0","id":ID,"result":[NaN,-Infinity,"NaN"]}"#, json!([null, null, "NaN"])),
        (r#"{"jsonrpc":"2.0","id":ID.0,"result":1}"#, json!(1)),
    ] {
        nas.on("pool.query", [Say::Raw(answer)]);
        assert_eq!(ask().await.unwrap(), expected, "{answer}");
    }
    nas.on("pool.query", [Say::Raw(r#"{"jsonrpc":"2.0","id":ID,"result":[1,]}"#)]);
    let unread = ask().await.unwrap_err();
    assert!(matches!(unread.kind(), ErrorKind::NotUnderstood { .. }), "{unread:?}");
    for (answer, expected) in [
        (r#"{"jsonrpc":"2.0","id":ID,"result":[1,]}"#, ErrorKind::OutcomeUnknown),
        (r#"{"jsonrpc":"2.0","id":ID,"error":"boom"}"#, rejected(0)),
        (r#"{"jsonrpc":"2.0","id":ID,"error":{"code":-32603,"data":"boom"}}"#, rejected(-32_603)),
        (r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"Parse error"}}"#, rejected(-32_700)),
    ] {
        nas.on("pool.dataset.update", [Say::Raw(answer)]);
        assert_eq!(*write(&client).await.unwrap_err().kind(), expected, "{answer}");
    }
    assert_eq!(nas.asked("auth.login_with_api_key").len(), 1);
}

fn rejected(errno: i64) -> ErrorKind {
    let reason = "the message was not accepted".into();
    ErrorKind::Rejected { errno, errname: "JSON-RPC".into(), reason }
}

/// One call that is asked again after its connection was lost keeps nobody else waiting.
#[tokio::test]
async fn x7_a_call_that_is_sent_again_alone_keeps_no_other_waiting() {
    let nas = Nas::start().await;
    nas.on("cloudsync.query", [Say::HangUp, Say::Nothing]).answers("pool.query", json!([]));
    let client = nas.client().await;
    let alone = tokio::spawn({
        let client = client.clone();
        async move { client.cloud_syncs().list().await }
    });
    while nas.asked("cloudsync.query").len() < 2 {
        tokio::task::yield_now().await;
    }
    for _ in 0..3 {
        assert_eq!(read(&client).await.unwrap(), 0);
    }
    assert!(!alone.is_finished());
    alone.abort();
}

/// An appliance that was updated offers other versions: the words of this client are not its words any more.
#[tokio::test]
async fn an_appliance_that_was_updated_is_to_be_connected_to_anew() {
    let nas = Nas::with_versions(&["v25.04.2", "v25.10.5"]).await;
    nas.on("pool.query", [Say::HangUp, Say::Result(json!([]))]);
    let client = nas.client().await;
    nas.script.page("/api/versions", r#"["v25.10.5", "v26.0.0"]"#);
    let error = read(&client).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Unsupported { .. }) && !error.is_retryable(), "{error:?}");
    assert!(
        error.to_string().contains("TrueNAS 26") && error.to_string().contains("connect anew"),
        "{error}"
    );
}

#[tokio::test]
async fn a_session_that_the_appliance_forgot_is_opened_again_once() {
    let nas = Nas::start().await;
    let forgotten = || refusal(207, "ENOTAUTHENTICATED", "Not authenticated");
    nas.on("pool.dataset.update", [forgotten(), Say::Result(json!({})), forgotten(), forgotten()]);
    let client = nas.client().await;
    write(&client).await.unwrap();
    assert_eq!(nas.asked("auth.login_with_api_key").len(), 2);
    assert_eq!(*write(&client).await.unwrap_err().kind(), ErrorKind::CredentialsRejected);
    assert_eq!(nas.asked("auth.login_with_api_key").len(), 3);
    assert_eq!(nas.asked("pool.dataset.update").len(), 4);
}

#[tokio::test]
async fn a_first_connection_that_breaks_is_made_again() {
    let nas = Nas::start().await;
    let busy = Say::Refuse(json!({"code": -32000, "message": "Too many concurrent calls"}));
    nas.on("auth.login_with_api_key", [Say::HangUp, busy, Say::Result(json!(true))]);
    nas.client().await;
    assert_eq!(nas.asked("auth.login_with_api_key").len(), 3);
}

#[tokio::test]
async fn the_last_handle_takes_the_connection_with_it() {
    let nas = Nas::start().await;
    let client = nas.client().await;
    drop(client.clone());
    assert_eq!(nas.closed(), 0);
    drop(client);
    while nas.closed() == 0 {
        tokio::task::yield_now().await;
    }
}
