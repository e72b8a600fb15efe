use serde_json::{Value, json};
use truenas_client::{Client, CloudSyncId, Error, ErrorKind};

use crate::nas::{Nas, Say, refusal};

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
