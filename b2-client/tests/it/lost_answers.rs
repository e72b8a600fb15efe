//! A call that is repeated: only an attempt whose answer was lost may have taken effect. A refused one, as with an expired token, has not.

use b2_client::buckets::{CreateBucket, LifecycleRule, UpdateBucket, Visibility};
use b2_client::files::Governance;
use b2_client::{BucketId, BucketName, Client, Error, FileId, FileName, KeyId, Revision};
use proptest::prelude::*;
use serde_json::{Value, json};
use wiremock::{MockServer, ResponseTemplate};

use crate::scripted::{asked, bucket, client, ok, on, once, refusal, server};

/// Every call that counts as done if an earlier attempt may have done it, and how the service refuses it then.
const CALLS: [(&str, u16, &str, &str); 6] = [
    ("b2_delete_file_version", 400, "file_not_present", "m"),
    ("b2_delete_bucket", 400, "bad_bucket_id", "m"),
    ("b2_delete_key", 400, "bad_request", "m"),
    ("b2_cancel_large_file", 400, "bad_request", "No active upload for: f1"),
    ("b2_create_bucket", 400, "duplicate_bucket_name", "m"),
    ("b2_update_bucket", 409, "conflict", "m"),
];

async fn make(client: &Client, operation: &str) -> Result<(), Error> {
    let (id, name) = (FileId::new("f1"), FileName::new("x")?);
    match operation {
        "b2_delete_file_version" => client.files().delete_version(&name, &id, Governance::Respect).await,
        "b2_delete_bucket" => client.buckets().delete(BucketId::new("b1")).await,
        "b2_delete_key" => client.keys().delete(&KeyId::new("k1")).await,
        "b2_cancel_large_file" => client.files().cancel_large_file(&id).await,
        "b2_create_bucket" => {
            let request =
                CreateBucket::new(BucketName::new("bucket-one")?, Visibility::Private).object_lock();
            client.buckets().create(&request).await.map(drop)
        }
        _ => {
            let update = UpdateBucket::new(BucketId::new("b1")).if_revision(Revision::new(1)).object_lock();
            client.buckets().update(&update).await.map(drop)
        }
    }
}

#[tokio::test]
async fn only_a_lost_answer_makes_a_refusal_a_success() {
    let failures = [
        ("a renewed token", refusal(401, "expired_auth_token", "m"), false),
        ("a request to slow down", refusal(429, "too_many_requests", "m"), false),
        ("a busy service", refusal(503, "service_unavailable", "m"), true),
        ("a gateway's page", ResponseTemplate::new(502).set_body_string("<html>"), true),
        ("a time-out", refusal(408, "request_timeout", "m"), true),
    ];
    for (operation, status, code, message) in CALLS {
        for (first, answer, lost) in &failures {
            let server = server().await;
            once(&server, operation, answer.clone()).await;
            on(&server, operation, refusal(status, code, message)).await;
            on(&server, "b2_list_buckets", ok(&json!({"buckets": [bucket()]}))).await;
            let outcome = make(&client(&server), operation).await;
            assert_eq!(outcome.is_ok(), *lost, "{operation} after {first}: {outcome:?}");
            assert_eq!(asked(&server, operation).await.len(), 2, "{operation} after {first}");
        }
    }
}

/// A lost answer and then a renewed token: the loss is not forgotten.
#[tokio::test]
async fn a_loss_before_a_renewal_counts() {
    for (operation, status, code, message) in CALLS {
        let server = server().await;
        once(&server, operation, refusal(503, "service_unavailable", "m")).await;
        once(&server, operation, refusal(401, "expired_auth_token", "m")).await;
        on(&server, operation, refusal(status, code, message)).await;
        on(&server, "b2_list_buckets", ok(&json!({"buckets": [bucket()]}))).await;
        make(&client(&server), operation).await.unwrap();
    }
}

/// What a request for a bucket may ask for.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a setting that a request states or not")]
struct Asked {
    encryption: bool,
    lock: bool,
    lifecycle: bool,
    info: bool,
}

impl Asked {
    fn request(&self) -> CreateBucket {
        let mut request = CreateBucket::new(BucketName::new("bucket-one").unwrap(), Visibility::Private);
        if self.encryption {
            request = request.encryption(b2_client::buckets::Encryption::SseB2);
        }
        if self.lock {
            request = request.object_lock();
        }
        if self.lifecycle {
            request = request.lifecycle_rules([LifecycleRule::new("").days_from_hiding_to_deleting(30)]);
        }
        if self.info {
            request = request.bucket_info([("made-by".to_owned(), "us".to_owned())].into());
        }
        request
    }

    /// The bucket as a service makes it whose defaults are those of `default`.
    fn made(&self, default: &Defaults) -> Value {
        let mut made = bucket();
        if !self.encryption {
            made["defaultServerSideEncryption"]["value"] = default.encryption.clone();
        }
        made["fileLockConfiguration"]["value"]["isFileLockEnabled"] = json!(self.lock);
        let rule = json!([{"fileNamePrefix": "", "daysFromHidingToDeleting": 30, "daysFromUploadingToHiding": null}]);
        made["lifecycleRules"] = if self.lifecycle { rule } else { default.lifecycle.clone() };
        made["bucketInfo"] = if self.info { json!({"made-by": "us"}) } else { default.info.clone() };
        made
    }
}

/// What the service fills in where a request says nothing. It has changed, and may again.
#[derive(Clone, Debug)]
struct Defaults {
    encryption: Value,
    lifecycle: Value,
    info: Value,
}

fn asked_for() -> impl Strategy<Value = Asked> {
    any::<[bool; 4]>().prop_map(|[encryption, lock, lifecycle, info]| Asked {
        encryption,
        lock,
        lifecycle,
        info,
    })
}

fn defaults() -> impl Strategy<Value = Defaults> {
    let encryption = prop_oneof![
        Just(json!({"mode": "SSE-B2", "algorithm": "AES256"})),
        Just(json!({"mode": "none"})),
        Just(json!({"mode": null, "algorithm": null})),
        Just(json!({"mode": "SSE-X"})),
    ];
    let lifecycle = prop_oneof![
        Just(json!([])),
        Just(json!([{"fileNamePrefix": "", "daysFromStartingToCancelingUnfinishedLargeFiles": 7}])),
    ];
    let info = prop_oneof![Just(json!({})), Just(json!({"made-by-default": "1"}))];
    (encryption, lifecycle, info).prop_map(|(encryption, lifecycle, info)| Defaults {
        encryption,
        lifecycle,
        info,
    })
}

async fn repeated(request: &CreateBucket, standing: &Value) -> Result<b2_client::buckets::Bucket, Error> {
    let server: MockServer = server().await;
    once(&server, "b2_create_bucket", ResponseTemplate::new(503)).await;
    on(&server, "b2_create_bucket", refusal(400, "duplicate_bucket_name", "in use")).await;
    on(&server, "b2_list_buckets", ok(&json!({"buckets": [standing]}))).await;
    client(&server).buckets().create(request).await
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_bucket_is_ours_by_what_was_asked_for_and_not_by_the_services_defaults(asked in asked_for(), default in defaults()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (request, standing) = (asked.request(), asked.made(&default));
            let made = repeated(&request, &standing).await;
            prop_assert!(made.is_ok(), "{:?}", made);
            let differences = [
                ("bucketType", true, json!("allPublic")),
                ("lifecycleRules", asked.lifecycle, json!([])),
                ("bucketInfo", asked.info, json!({"made-by": "others"})),
                ("defaultServerSideEncryption", asked.encryption,
                    json!({"isClientAuthorizedToRead": true, "value": {"mode": null, "algorithm": null}})),
                ("fileLockConfiguration", true,
                    json!({"isClientAuthorizedToRead": true, "value": {"isFileLockEnabled": !asked.lock}})),
            ];
            for (member, was_asked, other) in differences {
                let mut foreign = standing.clone();
                foreign[member] = other;
                if was_asked && foreign != standing {
                    let refused = repeated(&request, &foreign).await.unwrap_err();
                    prop_assert_eq!(refused.kind(), &b2_client::ErrorKind::NameTaken, "{}", member);
                }
            }
            Ok(())
        })?;
    }
}
