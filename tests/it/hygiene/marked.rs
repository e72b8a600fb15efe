//! E8: headers that carry secrets are marked, so that neither a log of the layers below nor HTTP/2's tables keep their values.

use std::cell::RefCell;
use std::rc::Rc;

use b2_client::files::{Download, ShareFiles, Source, UploadFile};
use b2_client::{ApplicationKey, BucketId, CustomerKey, FileId, FileName, KeyId};
use data_encoding::BASE64;
use http_core::{MemoryAnswer, MemoryRequest, answer_requests_in_memory};
use itglue_client::ApiKey;
use ninja_client::{ClientId, ClientSecret, Region};
use simulator::truenas::Release;
use truenas_client::filesystem::{PutOptions, UploadContent};

use crate::appliance_accounts::{connected, simulated};

const NOWHERE: &str = "http://127.0.0.1:9";
const TOKENS: [&str; 4] =
    ["session-token-of-b2", "upload-token-of-b2", "download-token-of-b2", "access-token-of-ninjaone"];

/// A header as it would have been sent.
struct Sent {
    path: String,
    name: String,
    value: String,
    is_marked: bool,
}

/// What was sent so far, shared with what answers.
type Record = Rc<RefCell<Vec<Sent>>>;

fn answer(path: &str) -> String {
    let [session, upload, download, access] = TOKENS;
    let allowed =
        r#"{"buckets": null, "capabilities": ["writeFiles", "readFiles", "shareFiles"], "namePrefix": null}"#;
    match path {
        "/b2api/v4/b2_authorize_account" => format!(
            r#"{{"accountId": "a", "authorizationToken": "{session}", "apiInfo": {{"storageApi": {{"apiUrl": "{NOWHERE}",
            "downloadUrl": "{NOWHERE}", "s3ApiUrl": "{NOWHERE}", "absoluteMinimumPartSize": 5000000,
            "recommendedPartSize": 100000000, "allowed": {allowed}}}}}}}"#
        ),
        "/b2api/v4/b2_get_upload_url" => {
            format!(r#"{{"uploadUrl": "{NOWHERE}/up", "authorizationToken": "{upload}"}}"#)
        }
        "/b2api/v4/b2_get_download_authorization" => format!(r#"{{"authorizationToken": "{download}"}}"#),
        "/ws/oauth/token" => format!(r#"{{"access_token": "{access}"}}"#),
        "/_upload" => r#"{"job_id": 1}"#.to_owned(),
        _ => "[]".to_owned(),
    }
}

fn recording(record: &Record) -> http_core::InMemory {
    let record = Rc::clone(record);
    answer_requests_in_memory(move |request: MemoryRequest<'_>| {
        record.borrow_mut().extend(request.headers().map(|(name, value, is_marked)| Sent {
            path: request.path().to_owned(),
            name: name.to_owned(),
            value: String::from_utf8_lossy(value).into_owned(),
            is_marked,
        }));
        MemoryAnswer {
            status: 200,
            body: answer(request.path()).into(),
            headers: vec![("x-bz-file-id".to_owned(), "f1".to_owned())],
            ..MemoryAnswer::default()
        }
    })
}

/// Uploads, downloads with a customer's key and with a token, over answers that are not all understood.
async fn b2() {
    let config = b2_client::Config::new(KeyId::new("0051"), ApplicationKey::new("application-key-of-b2"));
    let client = b2_client::Client::new(config.realm(NOWHERE).attempts(1)).unwrap();
    let (files, bucket) = (client.files(), BucketId::new("b1"));
    let upload = UploadFile::new(bucket.clone(), FileName::new("x").unwrap());
    files.upload(&upload, Source::bytes("x")).await.unwrap_err();
    let (key, file) = (CustomerKey::new([7; 32]), Download::by_id(FileId::new("f1")));
    files.with_customer_key(&key).download(&file).await.unwrap();
    let share = ShareFiles::new(bucket, "", std::time::Duration::from_mins(1));
    let token = files.share(&share).await.unwrap();
    files.with_token(&token).download(&file).await.unwrap();
}

async fn ninjaone() {
    let secret = ClientSecret::new("client-secret-of-ninjaone");
    let config = ninja_client::Config::new(Region::Us, ClientId::new("app-1"), secret).base_url(NOWHERE);
    ninja_client::Client::new(config.attempts(1)).unwrap().devices().search("nas").await.unwrap();
}

async fn it_glue() {
    let config = itglue_client::Config::new(ApiKey::new("api-key-of-itglue")).base_url(NOWHERE);
    let client = itglue_client::Client::new(config.attempts(1)).unwrap();
    client.password_categories().list().await.unwrap_err();
}

#[tokio::test]
async fn e8_every_header_with_a_secret_is_marked_and_no_other() {
    let sim = simulated(Release::Scale25_10).await;
    let nas = connected(&sim).await;
    let record = Record::default();
    {
        let _in_memory = recording(&record);
        b2().await;
        ninjaone().await;
        it_glue().await;
        // The appliance knows nothing of it, nor of its job.
        let content = UploadContent::bytes("x");
        nas.filesystem().put("/mnt/pool0/docs/x", content, PutOptions::new()).await.unwrap_err();
    }
    let basic = BASE64.encode(b"0051:application-key-of-b2");
    let (customers, sum) = (CustomerKey::new([7; 32]), "x-bz-server-side-encryption-customer-key-md5");
    let secrets = TOKENS.into_iter().chain([&*basic, customers.expose(), "api-key-of-itglue", "Token "]);
    let secrets: Vec<&str> = secrets.collect();
    let mut carried = Vec::new();
    for Sent { path, name, value, is_marked } in record.take() {
        let found = secrets.iter().filter(|secret| value.contains(**secret));
        carried.extend(found.clone().copied());
        assert_eq!(is_marked, found.count() > 0 || name == sum, "{path} {name}: {value}");
    }
    for secret in secrets {
        assert!(carried.contains(&secret), "{secret}: not sent in any header");
    }
}
