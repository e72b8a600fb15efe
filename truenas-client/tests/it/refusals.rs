use std::time::Duration;

use serde_json::{Value, json};
use truenas_client::{Client, CloudSyncId, Error, ErrorKind, Method};

use crate::nas::{CORE_13_3, Nas, SCALE_24_10, Say, legacy_refusal, refusal};

async fn abort(client: &Client) -> Error {
    client.cloud_syncs().abort(CloudSyncId::new(1)).await.unwrap_err()
}

fn invalid(extra: &Value) -> Say {
    let trace = json!({"class": "ValidationErrors", "formatted": "TRACE", "repr": "TRACE"});
    let data =
        json!({"error": 22, "errname": "EINVAL", "reason": "[EINVAL] no", "trace": trace, "extra": extra});
    Say::Refuse(json!({"code": -32602, "message": "Invalid params", "data": data}))
}

#[tokio::test]
async fn the_appliances_no_becomes_what_a_caller_can_act_on() {
    let nas = Nas::start().await;
    let client = nas.client().await;
    let method = "cloudsync.abort";
    for (say, expected) in [
        (refusal(13, "EACCES", "Not authorized"), ErrorKind::Unauthorized),
        (refusal(207, "ENOTAUTHENTICATED", "Not authenticated"), ErrorKind::CredentialsRejected),
        (refusal(2, "ENOENT", "CloudSync 1 does not exist"), ErrorKind::NotFound),
        (invalid(&json!([[null, "CloudSync 1 does not exist", 2]])), ErrorKind::NotFound),
        (invalid(&json!([["id", "CloudSync 1 does not exist", 2]])), ErrorKind::NotFound),
        (refusal(22, "EINVAL", "MatchNotFound()"), ErrorKind::NotFound),
        (
            refusal(16, "EBUSY", "Another job holds it"),
            ErrorKind::Rejected { errno: 16, errname: "EBUSY".into(), reason: "Another job holds it".into() },
        ),
        (
            Say::Refuse(json!({"code": -32601, "message": "Method does not exist"})),
            ErrorKind::Unsupported {
                feature: "cloudsync.abort",
                release: "TrueNAS 25.10, spoken to by v25.10.5".into(),
                instead: None,
            },
        ),
    ] {
        nas.on(method, [say]);
        let error = abort(&client).await;
        assert_eq!(*error.kind(), expected);
        assert_eq!(error.operation(), method);
        assert!(!format!("{error} {error:?}").contains("TRACE"), "{error:?}");
    }
}

/// One appliance of each release, and how it words a refusal by the number of a missing right.
pub(crate) async fn releases() -> Vec<(&'static str, Nas, fn(&str) -> Say)> {
    let by_name: fn(&str) -> Say = |reason| refusal(13, "EACCES", reason);
    let by_number: fn(&str) -> Say = |reason| legacy_refusal(13, reason);
    vec![
        ("13.3", Nas::older(CORE_13_3).await, by_number),
        ("24.10", Nas::older(SCALE_24_10).await, by_number),
        ("25.04", Nas::with_versions(&["v25.04.2"]).await, by_name),
        ("25.10", Nas::start().await, by_name),
        ("26.0", Nas::with_versions(&["v25.10.5", "v26.0.0"]).await, by_name),
    ]
}

/// An SSH connection that fails has the number of a missing right, in the calls that open one and in no other.
#[tokio::test]
async fn a_missing_right_is_known_by_the_call_and_an_ssh_failure_is_not_taken_for_one() {
    let (right, others, ssh) = (
        "Not authorized",
        "root: authenticated user lacks privileges to create or modify API keys of other users.",
        "AuthenticationException('Authentication failed: not authorized')",
    );
    let (everywhere, by_ssh): ([&'static str; 7], [&'static str; 3]) = (
        [
            "api_key.query",
            "cloudsync.query",
            "filesystem.stat",
            "pool.dataset.query",
            "service.query",
            "system.info",
            "user.query",
        ],
        [
            "keychaincredential.remote_ssh_host_key_scan",
            "replication.list_datasets",
            "replication.target_unmatched_snapshots",
        ],
    );
    for (release, nas, say) in releases().await {
        let client = nas.client().await;
        for (methods, reason, is_right) in [
            (&everywhere[..], right, true),
            (&everywhere[..], others, true),
            (&everywhere[..], "a reason of a newer release", true),
            (&by_ssh[..], right, true),
            (&by_ssh[..], ssh, false),
        ] {
            for method in methods.iter().copied() {
                nas.on(method, [say(reason)]);
                let error = client.call::<Value>(Method::reads(method), &[0; 0]).await.unwrap_err();
                let at = format!("{release} {method} {reason}: {error}");
                assert_eq!(error.operation(), method, "{at}");
                if is_right {
                    assert_eq!(*error.kind(), ErrorKind::Unauthorized, "{at}");
                } else {
                    let expected =
                        ErrorKind::Rejected { errno: 13, errname: "EACCES".into(), reason: reason.into() };
                    assert_eq!(*error.kind(), expected, "{at}");
                }
            }
        }
    }
}

#[tokio::test]
async fn the_right_to_call_something_many_times_is_the_right_to_call_it() {
    let nas = Nas::start().await;
    nas.on("core.bulk", [refusal(1, "EPERM", "Not authorized")]);
    let lists = [vec![json!(1)]];
    let client = nas.client().await;
    let called = client.bulk::<Value>(Method::changes("cloudsync.abort"), &lists, Duration::from_mins(1));
    let error = called.await.unwrap_err();
    assert_eq!((error.operation(), error.kind()), ("core.bulk", &ErrorKind::Unauthorized), "{error}");
}

#[tokio::test]
async fn every_refused_field_is_named() {
    let nas = Nas::start().await;
    nas.on(
        "cloudsync.abort",
        [invalid(&json!([["x.path", "must exist", 22], ["x.bwlimit.1.time", "must rise", 22]]))],
    );
    let error = abort(&nas.client().await).await;
    let ErrorKind::Validation { fields } = error.kind() else { unreachable!("{error}") };
    let named: Vec<_> = fields.iter().map(|f| (f.attribute.as_str(), f.message.as_str())).collect();
    assert_eq!(named, [("x.path", "must exist"), ("x.bwlimit.1.time", "must rise")]);
}

#[tokio::test]
async fn an_answer_of_another_shape_is_named_by_its_path_and_not_by_its_value() {
    let nas = Nas::start().await;
    nas.on("system.info", [Say::Nonsense(json!({"version": "25.10.1", "hostname": ["hunter2"]}))]);
    let error = nas.client().await.system().info().await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::NotUnderstood { path: "hostname".into() });
    assert!(!format!("{error:?}").contains("hunter2"));
}
