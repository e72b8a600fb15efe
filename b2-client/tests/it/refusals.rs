//! Every status and error code of the service that requires a reaction, each in a test of its own, with an operation that returns it.
//! Those of finishing a large file are in `large_files`, those of uploads in `uploads`.

use b2_client::buckets::{CreateBucket, ListBuckets, UpdateBucket, Visibility};
use b2_client::files::{Download, FileRetention, Governance, LegalHold, ListFiles, Source, UploadFile};
use b2_client::{
    BucketId, BucketName, Capability, CustomerKey, Error, ErrorKind, FileId, FileName, UnixMillis, operations,
};
use futures_util::TryStreamExt as _;
use wiremock::matchers::path_regex;
use wiremock::{Mock, ResponseTemplate};

use crate::calls::{by_both, call, instead, working};
use crate::scripted::{client, log_in, on, refusal, server};

/// Refuses every request of the operation; returns the error and the number of requests.
async fn refused(operation: &str, answer: ResponseTemplate) -> (Error, usize) {
    let server = server().await;
    Mock::given(path_regex(format!("/{operation}$"))).respond_with(answer).mount(&server).await;
    let client = client(&server);
    let (name, id) = (FileName::new("x").unwrap(), FileId::new("f1"));
    let (bucket, files) = (BucketId::new("b1"), client.files());
    let error = match operation {
        "b2_create_bucket" => {
            let request = CreateBucket::new(BucketName::new("bucket-one").unwrap(), Visibility::Public);
            client.buckets().create(&request).await.unwrap_err()
        }
        "b2_delete_bucket" => client.buckets().delete(&bucket).await.unwrap_err(),
        "b2_list_buckets" => client.buckets().list(&ListBuckets::new()).await.unwrap_err(),
        "b2_get_upload_url" => {
            files.upload(&UploadFile::new(bucket, name), Source::bytes("x")).await.unwrap_err()
        }
        "b2_list_file_names" => {
            let listed: Result<Vec<_>, _> = files.list_names(&ListFiles::new(bucket)).try_collect().await;
            listed.unwrap_err()
        }
        "b2_update_bucket" => client.buckets().update(&UpdateBucket::new(bucket)).await.unwrap_err(),
        "b2_hide_file" => files.hide(&bucket, &name).await.unwrap_err(),
        "b2_delete_file_version" => files.delete_version(&name, &id, Governance::Respect).await.unwrap_err(),
        "b2_update_file_retention" => {
            let retention = FileRetention::compliance(UnixMillis::new(1));
            files.update_retention(&name, &id, &retention, Governance::Respect).await.unwrap_err()
        }
        "b2_update_file_legal_hold" => files.update_legal_hold(&name, &id, &LegalHold::On).await.unwrap_err(),
        "b2_cancel_large_file" => files.cancel_large_file(&id).await.unwrap_err(),
        "b2_download_file_by_id" => files.download(&Download::by_id(id)).await.unwrap_err(),
        _ => files.get(&id).await.unwrap_err(),
    };
    let asked = crate::scripted::requests(&server, operation).await.len();
    (error, asked)
}

/// Whether a refusal is final, or the call is repeated up to the limit of attempts.
#[derive(Clone, Copy)]
enum Then {
    Final,
    Again,
}

macro_rules! rows {
    ($($test:ident: $operation:literal $status:literal $code:literal $message:literal => $kind:expr, $then:ident;)+) => {$(
        #[tokio::test]
        async fn $test() {
            let (error, asked) = refused($operation, refusal($status, $code, $message)).await;
            assert_eq!(*error.kind(), $kind);
            assert_eq!((error.status(), error.service_code(), error.operation()), (Some($status), Some($code), $operation));
            let expected = match Then::$then { Then::Final => 1, Then::Again => 6 };
            assert_eq!((asked, error.is_retryable()), (expected, expected > 1));
        }
    )+};
}

rows! {
    s400_bad_request: "b2_update_bucket" 400 "bad_request" "m" => ErrorKind::InvalidRequest, Final;
    s400_bad_json: "b2_list_buckets" 400 "bad_json" "m" => ErrorKind::InvalidRequest, Final;
    s400_bad_bucket_id: "b2_update_bucket" 400 "bad_bucket_id" "m" => ErrorKind::NotFound, Final;
    s400_invalid_bucket_id: "b2_update_bucket" 400 "invalid_bucket_id" "m" => ErrorKind::NotFound, Final;
    s400_too_many_buckets: "b2_create_bucket" 400 "too_many_buckets" "m" => ErrorKind::TooManyBuckets, Final;
    s400_cannot_delete_non_empty_bucket: "b2_delete_bucket" 400 "cannot_delete_non_empty_bucket" "m"
        => ErrorKind::BucketNotEmpty, Final;
    s400_bucket_missing_file_lock: "b2_update_bucket" 400 "bucket_missing_file_lock" "m" => ErrorKind::LockConflict, Final;
    s400_file_lock_conflict: "b2_update_bucket" 400 "file_lock_conflict" "m" => ErrorKind::LockConflict, Final;
    s400_restricted_bucket_conflict: "b2_update_bucket" 400 "restricted_bucket_conflict" "m"
        => ErrorKind::LockConflict, Final;
    s400_source_replication_conflict: "b2_update_bucket" 400 "source_replication_conflict" "m"
        => ErrorKind::LockConflict, Final;
    s400_no_such_file: "b2_hide_file" 400 "no_such_file" "m" => ErrorKind::NotFound, Final;
    s400_file_not_present: "b2_delete_file_version" 400 "file_not_present" "m" => ErrorKind::NotFound, Final;
    s400_no_active_upload: "b2_cancel_large_file" 400 "bad_request" "No active upload for: f1"
        => ErrorKind::LargeFileGone, Final;
    s400_an_unknown_code_is_kept: "b2_update_bucket" 400 "brand_new" "m"
        => ErrorKind::Unclassified { code: "brand_new".into(), status: 400 }, Final;
    s401_unauthorized: "b2_update_bucket" 401 "unauthorized" "m" => ErrorKind::Unauthorized { missing: vec![] }, Final;
    s401_access_denied_of_a_locked_version: "b2_delete_file_version" 401 "access_denied" "m" => ErrorKind::Locked, Final;
    s401_email_not_verified: "b2_create_bucket" 401 "email_not_verified" "m" => ErrorKind::AccountNotReady, Final;
    s401_no_payment_history: "b2_create_bucket" 401 "no_payment_history" "m" => ErrorKind::AccountNotReady, Final;
    s403_cap_exceeded: "b2_get_upload_url" 403 "cap_exceeded" "m" => ErrorKind::CapExceeded, Final;
    s403_storage_cap_exceeded: "b2_get_upload_url" 403 "storage_cap_exceeded" "m" => ErrorKind::CapExceeded, Final;
    s403_transaction_cap_exceeded: "b2_list_file_names" 403 "transaction_cap_exceeded" "m" => ErrorKind::CapExceeded, Final;
    s403_download_cap_exceeded: "b2_download_file_by_id" 403 "download_cap_exceeded" "m" => ErrorKind::CapExceeded, Final;
    s403_access_denied: "b2_download_file_by_id" 403 "access_denied" "m" => ErrorKind::AccessDenied, Final;
    s400_retain_until_timestamp_must_be_in_future: "b2_update_file_retention" 400 "retain_until_timestamp_must_be_in_future" "m"
        => ErrorKind::InvalidRequest, Final;
    s400_metadata_exceeded: "b2_get_upload_url" 400 "metadata_exceeded" "m" => ErrorKind::InvalidRequest, Final;
    s403_access_denied_of_a_retention: "b2_update_file_retention" 403 "access_denied" "Access Denied" => ErrorKind::Locked, Final;
    s403_access_denied_of_a_hold: "b2_update_file_legal_hold" 403 "access_denied" "Access Denied" => ErrorKind::Locked, Final;
    s403_access_denied_of_a_locked_version: "b2_delete_file_version" 403 "access_denied" "m" => ErrorKind::Locked, Final;
    s403_unauthorized_of_a_lock: "b2_update_file_retention" 403 "unauthorized" "m"
        => ErrorKind::Unauthorized { missing: vec![] }, Final;
    s403_an_unknown_code_is_kept: "b2_update_file_retention" 403 "brand_new" "m"
        => ErrorKind::Unclassified { code: "brand_new".into(), status: 403 }, Final;
    s404_not_found: "b2_get_file_info" 404 "not_found" "m" => ErrorKind::NotFound, Final;
    s405_method_not_allowed: "b2_get_file_info" 405 "method_not_allowed" "m"
        => ErrorKind::Unclassified { code: "method_not_allowed".into(), status: 405 }, Final;
    s408_request_timeout: "b2_list_file_names" 408 "request_timeout" "m" => ErrorKind::Unreachable, Again;
    s409_conflict: "b2_update_bucket" 409 "conflict" "m" => ErrorKind::RevisionConflict, Final;
    s416_range_not_satisfiable: "b2_download_file_by_id" 416 "range_not_satisfiable" "m"
        => ErrorKind::RangeNotSatisfiable, Final;
    s429_too_many_requests: "b2_list_buckets" 429 "too_many_requests" "m" => ErrorKind::RateLimited, Again;
    s500_internal_error: "b2_list_buckets" 500 "internal_error" "m" => ErrorKind::Unreachable, Again;
    s503_service_unavailable: "b2_list_file_names" 503 "service_unavailable" "m" => ErrorKind::Unreachable, Again;
}

/// A key without the capability meets the same answers as a lock that holds: the key's capabilities tell them apart.
#[tokio::test]
async fn a_lock_that_a_key_may_not_change_is_no_lock_that_holds() {
    use serde_json::json;
    let all = ["writeFileRetentions", "writeFileLegalHolds", "deleteFiles", "bypassGovernance"];
    for (operation, needed) in [
        ("b2_update_file_retention", Capability::WriteFileRetentions),
        ("b2_update_file_legal_hold", Capability::WriteFileLegalHolds),
        ("b2_delete_file_version", Capability::DeleteFiles),
    ] {
        for (status, code) in
            [(401, "access_denied"), (401, "unauthorized"), (403, "access_denied"), (403, "unauthorized")]
        {
            let server = wiremock::MockServer::start().await;
            let others: Vec<&str> = all.into_iter().filter(|one| *one != needed.as_str()).collect();
            log_in(&server, &json!({"buckets": null, "capabilities": others, "namePrefix": null})).await;
            on(&server, operation, refusal(status, code, "Access Denied")).await;
            let client = client(&server);
            let (name, id, files) = (FileName::new("x").unwrap(), FileId::new("f1"), client.files());
            let hour = FileRetention::governance(UnixMillis::new(1));
            let error = match operation {
                "b2_update_file_retention" => {
                    files.update_retention(&name, &id, &hour, Governance::Bypass).await.unwrap_err()
                }
                "b2_update_file_legal_hold" => {
                    files.update_legal_hold(&name, &id, &LegalHold::Off).await.unwrap_err()
                }
                _ => files.delete_version(&name, &id, Governance::Bypass).await.unwrap_err(),
            };
            assert_eq!(
                *error.kind(),
                ErrorKind::Unauthorized { missing: vec![needed.clone()] },
                "{operation} {status} {code}"
            );
        }
    }
    let server = wiremock::MockServer::start().await;
    log_in(&server, &json!({"buckets": null, "capabilities": ["deleteFiles"], "namePrefix": null})).await;
    on(&server, "b2_delete_file_version", refusal(401, "unauthorized", "unauthorized")).await;
    let (client, name, id) = (client(&server), FileName::new("x").unwrap(), FileId::new("f1"));
    let error = client.files().delete_version(&name, &id, Governance::Bypass).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::Unauthorized { missing: vec![Capability::BypassGovernance] });
    let error = client.files().delete_version(&name, &id, Governance::Respect).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::Locked);
}

/// What the service says of a rule that cannot be checked beforehand stands in the error itself.
#[tokio::test]
async fn a_rule_that_only_the_service_can_check_is_named() {
    for (code, named) in [
        ("retain_until_timestamp_must_be_in_future", "must lie in the future"),
        ("metadata_exceeded", "file name and file info are too long"),
    ] {
        let (error, _) = refused("b2_update_file_retention", refusal(400, code, "m")).await;
        let said = error.to_string();
        assert!(said.contains(named) && said.contains(code), "{said}");
    }
}

#[tokio::test]
async fn e8_the_upload_token_that_the_service_repeats_is_not_kept() {
    for code in ["auth_token_limit", "bad_request"] {
        let message = "more than one upload using auth token 4_secret_token=";
        let (error, _) = refused("b2_get_upload_url", refusal(400, code, message)).await;
        let said =
            format!("{error} {error:?} {:?}", std::error::Error::source(&error).map(ToString::to_string));
        assert!(!said.contains("4_secret") && said.contains("using auth token"), "{said}");
        assert_eq!(*error.kind(), ErrorKind::Unreachable);
    }
}

/// A denial speaks of encryption keys in operations that meet one, and of none elsewhere.
#[tokio::test]
async fn s403_a_denial_is_explained_by_what_the_operation_can_meet() {
    for operation in operations::READS.iter().chain(operations::WRITES) {
        let server = working().await;
        instead(&server, operation, u64::MAX, refusal(403, "access_denied", "m")).await;
        let error = call(&client(&server), operation, &by_both()).await.unwrap_err();
        let words = match *operation {
            "b2_delete_file_version" | "b2_update_file_retention" | "b2_update_file_legal_hold" => {
                assert_eq!(*error.kind(), ErrorKind::Locked);
                continue;
            }
            "b2_copy_file" | "b2_copy_part" => {
                "if the source is encrypted with a customer's key, another one was given"
            }
            "b2_upload_part" => "if the large file is encrypted with a customer's key, another one was given",
            _ => "access is denied, and the service does not say why",
        };
        assert_eq!((error.kind(), error.operation()), (&ErrorKind::AccessDenied, *operation));
        assert!(error.to_string().contains(words), "{error}");
        assert_eq!(error.to_string().contains("encrypt"), words.contains("encrypt"), "{error}");
    }
}

/// Without a key, the service says that a key is needed; with one, a denial means that it is another.
#[tokio::test]
async fn s403_a_download_with_another_customers_key_says_so() {
    let (key, file) = (CustomerKey::new([7; 32]), FileName::new("big").unwrap());
    for (operation, download) in [
        ("b2_download_file_by_id", Download::by_id(FileId::new("f1"))),
        ("b2_download_file_by_name", Download::by_name(by_both(), file)),
    ] {
        let server = working().await;
        instead(&server, operation, u64::MAX, refusal(403, "access_denied", "m")).await;
        let client = client(&server);
        let error = client.files().with_customer_key(&key).download(&download).await.unwrap_err();
        assert_eq!((error.kind(), error.operation()), (&ErrorKind::AccessDenied, operation));
        assert!(
            error.to_string().contains("the encryption key that was given is not that of the file"),
            "{error}"
        );
    }
}
