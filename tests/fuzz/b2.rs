//! B2's answers, through every operation of the client.

use std::time::Duration;

use b2_client::buckets::{CreateBucket, ListBuckets, UpdateBucket, Visibility};
use b2_client::files::{CopyFile, Download, Governance, LegalHold, ListFiles, Source, UploadFile};
use b2_client::keys::CreateKey;
use b2_client::{ApplicationKey, BucketId, BucketName, Client, Config, FileId, FileName, KeyId, KeyName};
use serde_json::json;

use crate::engine::{Input, fuzz};
use crate::http::{Answer, Server, every, is_in_memory, look_at};

/// Codes that mean something to the client, and texts that it reads.
const WORDS: [&str; 12] = [
    "expired_auth_token",
    "bad_auth_token",
    "unauthorized",
    "access_denied",
    "cap_exceeded",
    "download_cap_exceeded",
    "duplicate_bucket_name",
    "no_such_file",
    "file_not_present",
    "conflict",
    "compliance",
    "isClientAuthorizedToRead",
];

fn client(server: &Server) -> Client {
    let config = Config::new(KeyId::new("key1"), ApplicationKey::new("K000secret")).realm(server.url.clone());
    let config = config.attempts(1).backoff(Duration::ZERO, Duration::ZERO).deadline(Duration::from_secs(20));
    Client::new(config).unwrap()
}

fn login(url: &str) -> Answer {
    let capabilities = [
        "listKeys",
        "writeKeys",
        "listBuckets",
        "writeBuckets",
        "listFiles",
        "readFiles",
        "writeFiles",
        "shareFiles",
    ];
    let allowed = json!({"buckets": null, "capabilities": capabilities, "namePrefix": null});
    let storage = json!({
        "apiUrl": url, "downloadUrl": url, "s3ApiUrl": url, "absoluteMinimumPartSize": 5_000_000,
        "recommendedPartSize": 100_000_000, "allowed": allowed,
    });
    let login = json!({
        "accountId": "a1", "authorizationToken": "token1", "applicationKeyExpirationTimestamp": null, "apiInfo": {"storageApi": storage},
    });
    Answer::ok(login.to_string())
}

async fn call(client: &Client, operation: &str) {
    let bucket = BucketId::new("b1");
    let (name, id) = (FileName::new("a.txt").unwrap(), FileId::new("4_z"));
    let bucket_name = BucketName::new("some-bucket").unwrap();
    match operation {
        "b2_create_bucket" => {
            look_at(client.buckets().create(&CreateBucket::new(bucket_name, Visibility::Private)).await);
        }
        "b2_update_bucket" => look_at(client.buckets().update(&UpdateBucket::new(bucket)).await),
        "b2_delete_bucket" => look_at(client.buckets().delete(&bucket).await),
        "b2_list_buckets" => look_at(client.buckets().list(&ListBuckets::new()).await),
        "b2_get_bucket_notification_rules" => look_at(client.buckets().notification_rules(&bucket).await),
        "b2_create_key" => {
            look_at(client.keys().create(&CreateKey::new(KeyName::new("key").unwrap(), [])).await);
        }
        "b2_list_keys" => every(client.keys().list()).await,
        "b2_delete_key" => look_at(client.keys().delete(&KeyId::new("k")).await),
        "b2_copy_file" => look_at(client.files().copy(&CopyFile::new(id, name)).await),
        "b2_get_file_info" => look_at(client.files().get(&id).await),
        "b2_hide_file" => look_at(client.files().hide(&bucket, &name).await),
        "b2_delete_file_version" => {
            look_at(client.files().delete_version(&name, &id, Governance::Respect).await);
        }
        "b2_list_file_names" => every(client.files().list_names(&ListFiles::new(bucket))).await,
        "b2_list_file_versions" => {
            every(client.files().list_versions_with_delimiter(&ListFiles::new(bucket), "/")).await;
        }
        "b2_list_parts" => every(client.files().list_parts(&id)).await,
        "b2_list_unfinished_large_files" => every(client.files().list_unfinished(&bucket, "")).await,
        "b2_cancel_large_file" => look_at(client.files().cancel_large_file(&id).await),
        "b2_update_file_legal_hold" => {
            look_at(client.files().update_legal_hold(&name, &id, &LegalHold::On).await);
        }
        "b2_upload_file" => {
            let upload = UploadFile::new(bucket, name);
            look_at(client.files().upload(&upload, Source::bytes(b"abc".to_vec())).await);
        }
        "download" => download(client, &Download::by_id(id)).await,
        "head" => look_at(client.files().head(&Download::by_name(bucket_name, name)).await),
        other => panic!("the corpus holds {other}, which is no operation"),
    }
}

async fn download(client: &Client, download: &Download) {
    match client.files().download(download).await {
        Ok(response) => {
            let _ = format!("{:?} {}", response.head(), response.is_verified());
            look_at(response.bytes().await);
        }
        Err(error) => look_at(Err::<(), _>(error)),
    }
}

/// `logins` is only asked in memory: it may believe what it likes about addresses.
fn try_answer(server: &Server, kept: &Client, logins: &Client, input: &Input<'_>) {
    server.log_in(login(&server.url));
    match input.operation {
        "b2_authorize_account" if is_in_memory(input) => {
            server.log_in(Answer::with(input));
            let code = json!({"status": 401, "code": "expired_auth_token", "message": "expired"}).to_string();
            let expired = Answer { status: 401, ..Answer::ok(code) };
            server.answer([expired, Answer::ok("{\"buckets\": []}")]);
            server.run(input, call(logins, "b2_list_buckets"));
        }
        // To make a client for each takes long: it reads the certificates that the machine trusts.
        "b2_authorize_account" => {
            server.log_in(Answer::with(input));
            server.answer([Answer::ok("{\"buckets\": []}")]);
            server.run(input, call(&client(server), "b2_list_buckets"));
        }
        "download" | "head" => {
            server.answer([Answer::with_headers(input, b"abc")]);
            server.run(input, call(kept, input.operation));
        }
        operation => {
            let answer = Answer::with(input);
            // Where an upload goes is answered first; what it is answered with there comes second.
            let place =
                json!({"uploadUrl": server.url, "authorizationToken": "t", "bucketId": "b1"}).to_string();
            let first = (operation == "b2_upload_file").then(|| Answer::ok(place));
            server.answer(first.into_iter().chain([answer]));
            server.run(input, call(kept, operation));
        }
    }
}

#[test]
fn x7_answers_of_b2_are_understood_or_refused() {
    let server = Server::start("b2_authorize_account");
    let (kept, logins) = (client(&server), client(&server));
    fuzz("b2", &WORDS, |input| try_answer(&server, &kept, &logins, input));
}

#[test]
fn x7_texts_for_b2_are_names_or_refused() {
    fuzz("b2_names", &[".bzEmpty", "b2-", "unverified:"], |input| {
        let text = input.text();
        for parsed in [
            BucketName::new(&*text).map(|name| name.to_string()),
            FileName::new(&*text).map(|name| name.to_string()),
        ] {
            match parsed {
                Ok(name) => assert_eq!(name, text),
                Err(error) => crate::http::bounded(&error),
            }
        }
        if let Ok(sha1) = text.parse::<b2_client::files::Sha1>() {
            assert_eq!(sha1.to_string().parse(), Ok(sha1));
        }
    });
}
