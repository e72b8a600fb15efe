//! File names on the wire: we write them byte for byte as every rclone does.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::Once;

use b2_client::files::{Source, UploadFile};
use b2_client::{ApplicationKey, BucketId, Client, Config, FileName, KeyId};
use dtc_tests::{Engine, engines};
use proptest::prelude::*;
use proptest::test_runner::{Config as Cases, TestRunner};
use serde_json::{Value, json};
use tokio::runtime;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use super::{run, skipped};

static SAID: Once = Once::new();

/// Names that a folder can hold and that rclone does not put others in place of: it does so for control characters, backslashes,
/// its own substitutes and what is not text.
fn names() -> impl Strategy<Value = BTreeSet<String>> {
    let odd = "[ -.0-\\[\\]-~]{1,12}";
    let any = "[a-z +%&#?;:@=~!$'()*\u{e0}-\u{fc}\u{416}\u{4e2d}\u{1f600}]{1,8}";
    let segment = prop_oneof![odd.prop_map(String::from), any.prop_map(String::from)];
    // Nothing but dots is no name, and folders end in another letter than files, so that no name is both.
    let file = segment.clone().prop_map(|name| format!("{name}f"));
    let path = (prop::option::of(segment), file)
        .prop_map(|(folder, file)| folder.map_or(file.clone(), |folder| format!("{folder}d/{file}")));
    prop::collection::btree_set(path, 40)
}

/// What the service would say to somebody who uploads into one empty bucket.
fn answer(request: &Request) -> ResponseTemplate {
    let url = format!("http://{}", request.headers["host"].to_str().unwrap());
    let path = request.url.path();
    let body = if path.ends_with("b2_authorize_account") {
        login(path, &url)
    } else if path.ends_with("b2_list_buckets") {
        json!({"buckets": [{"accountId": "acc1", "bucketId": "b1", "bucketName": "names", "bucketType": "allPrivate",
            "bucketInfo": {}, "corsRules": [], "lifecycleRules": [], "revision": 1}]})
    } else if path.ends_with("b2_list_file_names") {
        json!({"files": [], "nextFileName": null})
    } else if path.ends_with("b2_get_upload_url") {
        json!({"bucketId": "b1", "uploadUrl": format!("{url}/up"), "authorizationToken": "up1"})
    } else if path == "/up" {
        let sum = request.headers["x-bz-content-sha1"].to_str().unwrap();
        let sum = if sum == "hex_digits_at_end" { "da39a3ee5e6b4b0d3255bfef95601890afd80709" } else { sum };
        json!({"accountId": "acc1", "bucketId": "b1", "fileId": "f1", "fileName": "n", "action": "upload", "contentLength": 0,
            "contentSha1": sum, "contentType": "text/plain", "fileInfo": {}, "uploadTimestamp": 1})
    } else {
        return ResponseTemplate::new(404)
            .set_body_json(json!({"status": 404, "code": "not_found", "message": path}));
    };
    ResponseTemplate::new(200).set_body_json(body)
}

fn login(path: &str, url: &str) -> Value {
    let capabilities = ["listBuckets", "listFiles", "readFiles", "writeFiles"];
    let sizes = json!({"apiUrl": url, "downloadUrl": url, "s3ApiUrl": url,
        "absoluteMinimumPartSize": 5_000_000, "recommendedPartSize": 100_000_000});
    let mut login = json!({"accountId": "acc1", "authorizationToken": "t1"});
    let place = if path.contains("/v1/") { &mut login } else { &mut login["apiInfo"]["storageApi"] };
    if place.is_null() {
        *place = json!({});
    }
    let place = place.as_object_mut().unwrap();
    place.extend(sizes.as_object().unwrap().clone());
    let allowed = if path.contains("/v4/") {
        json!({"buckets": null, "capabilities": capabilities, "namePrefix": null})
    } else {
        json!({"bucketId": null, "bucketName": null, "capabilities": capabilities, "namePrefix": null})
    };
    place.insert("allowed".to_owned(), allowed);
    login
}

/// Under which header each name was uploaded, since the last time this was asked.
async fn written(server: &MockServer) -> BTreeSet<String> {
    let requests = server.received_requests().await.unwrap().into_iter();
    let uploads = requests.filter(|request| request.url.path() == "/up");
    let written =
        uploads.map(|request| request.headers["x-bz-file-name"].to_str().unwrap().to_owned()).collect();
    server.reset().await;
    Mock::given(any()).respond_with(answer).mount(server).await;
    written
}

async fn ours(url: &str, names: &BTreeSet<String>) {
    let config = Config::new(KeyId::new("key1"), ApplicationKey::new("secret")).realm(url);
    let client = Client::new(config).unwrap();
    for name in names {
        let request = UploadFile::new(BucketId::new("b1"), FileName::new(name.clone()).unwrap());
        client.files().upload(&request, Source::bytes("")).await.unwrap();
    }
}

fn theirs(program: &std::path::Path, url: &str, names: &BTreeSet<String>) {
    let folder = tempfile::tempdir().unwrap();
    for name in names {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, b"").unwrap();
    }
    let variables = BTreeMap::from([
        ("RCLONE_CONFIG", folder.path().with_extension("none").to_str().unwrap().to_owned()),
        ("RCLONE_CONFIG_B2_TYPE", "b2".to_owned()),
        ("RCLONE_CONFIG_B2_ACCOUNT", "key1".to_owned()),
        ("RCLONE_CONFIG_B2_KEY", "secret".to_owned()),
        ("RCLONE_CONFIG_B2_ENDPOINT", url.to_owned()),
    ]);
    let mut command = std::process::Command::new(program);
    let ended = run(command.arg("copy").arg(folder.path()).arg("b2:names").envs(&variables), b"");
    assert!(ended.well, "{}: {}", program.display(), ended.errors);
}

#[test]
fn a_file_name_goes_over_the_wire_as_every_rclone_writes_it() {
    let rclones: Vec<_> = engines()
        .into_iter()
        .filter_map(|engine| match engine {
            Engine::Rclone(program) => Some(program),
            Engine::Own => None,
        })
        .collect();
    if rclones.is_empty() {
        return skipped(
            &SAID,
            "no rclone; `cargo xtask rclone` installs three and prints the variables to set",
        );
    }
    let runtime = runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let server = runtime.block_on(MockServer::start());
    let mut runner = TestRunner::new(Cases { failure_persistence: None, ..Cases::with_cases(3) });
    let outcome = runner.run(&names(), |names| {
        runtime.block_on(written(&server));
        runtime.block_on(ours(&server.uri(), &names));
        let our_own = runtime.block_on(written(&server));
        prop_assert_eq!(our_own.len(), names.len());
        for rclone in &rclones {
            theirs(rclone, &server.uri(), &names);
            prop_assert_eq!(&runtime.block_on(written(&server)), &our_own, "{}", rclone.display());
        }
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}\n{runner}"));
}
