//! Downloads with a download token, with and without a key.

use b2_client::files::{Download, DownloadToken, HeaderOverrides, Sha1};
use b2_client::{BucketName, Client, Config, ErrorKind, FileName};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::saves::{content, serving};
use crate::scripted::{client, refusal, requests};

fn by_name() -> Download {
    Download::by_name(BucketName::new("bucket-one").unwrap(), FileName::new("big").unwrap())
}

#[tokio::test]
async fn a_download_token_authorises_every_range_by_name_with_its_headers_and_without_a_login() {
    let content = content();
    let server = serving(content.clone(), Sha1::of(&content)).await;
    let folder = tempfile::tempdir().unwrap();
    let overrides = HeaderOverrides::new().cache_control("no-store");
    let token = DownloadToken::new("3_tok", server.uri(), overrides);
    let anonymous = Client::new(Config::anonymous(token.download_url())).unwrap();
    let download = by_name().parallel(3.try_into().unwrap());
    for (name, b2) in [("with-key", client(&server)), ("without", anonymous)] {
        let path = folder.path().join(name);
        let saved = b2.files().with_token(&token).save(&download, &path).await.unwrap();
        assert!(saved.verified && std::fs::read(&path).unwrap() == content);
    }
    let asked = requests(&server, "/file/bucket-one/big").await;
    assert_eq!(asked.len(), 8, "what it is, then three ranges, each time");
    for request in asked {
        assert_eq!(request.headers["authorization"], "3_tok");
        assert_eq!(request.url.query(), Some("b2CacheControl=no-store"));
    }
    assert_eq!(requests(&server, "b2_authorize_account").await.len(), 1);
    assert!(requests(&server, "b2_download_file_by_id").await.is_empty());
}

#[tokio::test]
async fn ranges_of_a_name_that_gets_another_version_are_never_mixed() {
    let server = MockServer::start().await;
    let answer = |id: &str, length: usize| {
        ResponseTemplate::new(200).insert_header("x-bz-file-id", id).set_body_bytes(vec![0; length])
    };
    let length = 20 * 1024 * 1024;
    let head = answer("4_old", 0).insert_header("content-length", length.to_string());
    Mock::given(method("HEAD")).respond_with(head).mount(&server).await;
    Mock::given(method("GET")).respond_with(answer("4_new", 8)).mount(&server).await;
    let token = DownloadToken::new("3_tok", server.uri(), HeaderOverrides::new());
    let anonymous = Client::new(Config::anonymous(server.uri())).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let download = by_name().parallel(2.try_into().unwrap());
    let error =
        anonymous.files().with_token(&token).save(&download, folder.path().join("x")).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::ChecksumMismatch);
    assert!(error.to_string().contains("has a new version"), "{error}");
}

#[tokio::test]
async fn s401_a_permission_that_has_expired_is_no_fault_of_the_key() {
    let server = crate::scripted::server().await;
    let expired = refusal(401, "expired_auth_token", "Download authorization token has expired");
    Mock::given(path("/file/bucket-one/big")).respond_with(expired).mount(&server).await;
    let token = DownloadToken::new("3_tok", server.uri(), HeaderOverrides::new());
    let error = client(&server).files().with_token(&token).download(&by_name()).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::Unauthorized { missing: vec![] });
    assert_eq!((error.status(), error.service_code()), (Some(401), Some("expired_auth_token")));
    assert!(error.to_string().contains("request another one"), "{error}");
}

#[tokio::test]
async fn a_download_of_ones_own_asks_for_other_headers_and_reads_them() {
    let server = serving(b"abc".to_vec(), Sha1::of(b"abc")).await;
    let answer = ResponseTemplate::new(200)
        .set_body_bytes(b"abc")
        .insert_header("x-bz-file-id", "4_z1")
        .insert_header("content-disposition", "inline")
        .insert_header("content-language", "de")
        .insert_header("content-encoding", "x-own")
        .insert_header("cache-control", "no-store")
        .insert_header("expires", "never");
    Mock::given(method("GET")).respond_with(answer).with_priority(1).mount(&server).await;
    let wanted = HeaderOverrides::new()
        .content_disposition("inline")
        .content_type("text/x")
        .content_language("de")
        .content_encoding("x-own")
        .cache_control("no-store")
        .expires("never");
    // The login answers a GET too.
    let shared = DownloadToken::new("3_tok", server.uri(), HeaderOverrides::new());
    let anonymous = Client::new(Config::anonymous(server.uri())).unwrap();
    let content = anonymous.files().with_token(&shared).download(&by_name().overrides(wanted)).await.unwrap();
    let head = content.head();
    let found = [
        &head.content_disposition,
        &head.content_language,
        &head.content_encoding,
        &head.cache_control,
        &head.expires,
    ];
    assert_eq!(found.map(|text| text.as_deref().unwrap()), ["inline", "de", "x-own", "no-store", "never"]);
    let query = requests(&server, "/big").await[0].url.query().unwrap().to_owned();
    assert_eq!(
        query,
        "b2ContentDisposition=inline&b2ContentType=text%2Fx&b2ContentLanguage=de&b2ContentEncoding=x-own\
         &b2CacheControl=no-store&b2Expires=never"
    );
}

#[tokio::test]
async fn without_a_key_public_files_are_read_and_nothing_else_is_asked() {
    let server = serving(b"abc".to_vec(), Sha1::of(b"abc")).await;
    let anonymous = Client::new(Config::anonymous(server.uri())).unwrap();
    let content = anonymous.files().download(&by_name()).await.unwrap();
    assert_eq!(content.bytes().await.unwrap(), "abc");
    assert!(!requests(&server, "/big").await[0].headers.contains_key("authorization"));
    let asked = server.received_requests().await.unwrap().len();
    let refused = anonymous.keys().delete(&b2_client::KeyId::new("k")).await.unwrap_err();
    assert_eq!((refused.kind(), refused.attempts()), (&ErrorKind::InvalidRequest, 0));
    assert_eq!(*anonymous.account().await.unwrap_err().kind(), ErrorKind::InvalidRequest);
    assert_eq!(server.received_requests().await.unwrap().len(), asked, "nothing was sent");
}
