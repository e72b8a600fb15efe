// What the example on the crate's front page talks to: a scripted server that keeps one file. Included by the example.

/// A server, and the key that it accepts.
pub async fn server() -> (wiremock::MockServer, &'static str, &'static str) {
    use serde_json::{Value, json};
    use wiremock::matchers::path_regex;
    use wiremock::{Mock, MockServer, Request, ResponseTemplate};

    let server = MockServer::start().await;
    let url = server.uri();
    let kept = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let file = |content: &[u8]| {
        json!({"accountId": "a1", "bucketId": "e73e", "fileId": "4_z1", "fileName": "2026/island.jpg", "action": "upload",
            "contentLength": content.len(), "contentType": "image/jpeg", "uploadTimestamp": 1_800_000_000_000_i64,
            "contentSha1": b2_client::files::Sha1::of(content).to_hex()})
    };
    let json = |answer: Value| ResponseTemplate::new(200).set_body_json(answer);
    let api = json!({"apiUrl": url, "downloadUrl": url, "recommendedPartSize": 100_000_000, "absoluteMinimumPartSize": 5_000_000,
        "allowed": {"buckets": null, "capabilities": ["listBuckets", "listFiles", "readFiles", "writeFiles"]}});
    let login = json!({"accountId": "a1", "authorizationToken": "t", "apiInfo": {"storageApi": api}});
    let bucket = json!({"bucketId": "e73e", "bucketName": "my-photos"});
    let upload_url = json!({"uploadUrl": format!("{url}/upload"), "authorizationToken": "u"});
    for (path, answer) in [
        ("b2_authorize_account$", login),
        ("b2_list_buckets$", json!({"buckets": [bucket]})),
        ("b2_get_upload_url$", upload_url),
    ] {
        Mock::given(path_regex(path)).respond_with(json(answer)).mount(&server).await;
    }
    let (put, listed, got) = (kept.clone(), kept.clone(), kept);
    let upload = move |request: &Request| {
        put.lock().unwrap().clone_from(&request.body);
        json(file(&request.body))
    };
    Mock::given(path_regex("^/upload$")).respond_with(upload).mount(&server).await;
    let list = move |_: &Request| json(json!({"files": [file(&listed.lock().unwrap())], "nextFileName": null}));
    Mock::given(path_regex("b2_list_file_names$")).respond_with(list).mount(&server).await;
    let download = move |_: &Request| {
        let content = got.lock().unwrap().clone();
        let sum = b2_client::files::Sha1::of(&content).to_hex();
        let answer = ResponseTemplate::new(200).set_body_bytes(content);
        answer.insert_header("x-bz-file-id", "4_z1").insert_header("x-bz-content-sha1", sum)
    };
    Mock::given(path_regex("^/file/my-photos/2026/island.jpg$")).respond_with(download).mount(&server).await;
    (server, "0012", "a secret")
}
