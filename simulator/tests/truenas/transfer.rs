//! The wire of what moves data: replications, the keychain, the SSH service, uploads and downloads, by release.

use std::fmt::Write as _;
use std::time::Duration;

use data_encoding::BASE64;
use serde_json::{Value, json};
use simulator::Simulator;
use simulator::truenas::{ApplianceSize, Release, Settings};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::socket::{Socket, get, start, start_of, tls};

#[tokio::test]
async fn a_download_waits_for_a_minute_and_its_token_holds_for_five() {
    let sim = start("a_download_waits_for_a_minute").await;
    let mut socket = Socket::admin(&sim).await;
    for (minutes, buffered, status) in
        [(0, false, "200"), (2, false, "410"), (2, true, "200"), (6, true, "401")]
    {
        let ask = json!(["filesystem.get", ["/mnt/pool0/docs/.hidden"], "x", buffered]);
        let said = socket.ok("core.download", ask).await;
        sim.clock().advance(Duration::from_mins(minutes));
        let (head, _) = get(&sim, said[1].as_str().unwrap()).await;
        assert!(head.contains(status), "{minutes}: {head}");
    }
}

/// Sends parts to `/_upload`, and gives the status and the body.
async fn upload(sim: &Simulator, authorization: &str, parts: &[(&str, &str)]) -> (String, Value) {
    let mut body = String::new();
    for (name, content) in parts {
        write!(body, "--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{content}\r\n").unwrap();
    }
    body += "--b--\r\n";
    let head = format!(
        "POST /_upload HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: {authorization}\r\n\
         Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let mut stream = tls(sim).await;
    stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // The other side may close without a farewell.
    let _ = stream.read_to_end(&mut answer).await;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().to_owned();
    (status, serde_json::from_str(body).unwrap_or(Value::Null))
}

/// Findings: the part `data` first, then `file`, and credentials of its own with each request.
#[tokio::test]
async fn an_upload_has_its_parts_in_order_and_credentials_of_its_own() {
    for release in Release::ALL {
        let sim = start_of("upload", release).await;
        let mut socket = Socket::native_admin(&sim).await;
        let at = &sim.addresses().truenas;
        let data = json!({"method": "filesystem.put", "params": ["/mnt/pool0/docs/new.txt", {}]}).to_string();
        let right = [("data", data.as_str()), ("file", "content")];
        let token = socket.ok("auth.generate_token", json!([300])).await;
        let user = sim.truenas().user_name();
        let basic = BASE64.encode(format!("{user}:{}", sim.truenas().password()).as_bytes());
        for allowed in [
            format!("Token {}", token.as_str().unwrap()),
            format!("Bearer {}", at.api_key),
            format!("Basic {basic}"),
        ] {
            let (status, said) = upload(&sim, &allowed, &right).await;
            assert_eq!(status, "200", "{release}: {allowed}");
            assert_eq!(socket.finished(&said["job_id"]).await["state"], "SUCCESS", "{release}");
        }
        let bearer = format!("Bearer {}", at.api_key);
        for (wrong, status) in [
            (&[("file", "content"), ("data", data.as_str())][..], "405"),
            (&[("data", data.as_str())], "405"),
            (&[("data", "no json"), ("file", "x")], "400"),
            (&[&right[..1], &[("file", "x"); 6]].concat(), "413"),
            (&[("data", "{}"), ("file", "x")], "422"),
            (&[("data", r#"{"method": "no.method"}"#), ("file", "x")], "422"),
        ] {
            assert_eq!(upload(&sim, &bearer, wrong).await.0, status, "{release}: {wrong:?}");
        }
        assert_eq!(upload(&sim, "Bearer wrong", &right).await.0, "401", "{release}");
        if release > Release::Core13_3 {
            let reader = format!("Bearer {}", at.read_only_api_key);
            assert_eq!(upload(&sim, &reader, &right).await.0, "403", "{release}");
        }
        let by_socket = socket.ok("filesystem.put", json!(["/mnt/pool0/docs/x", {}])).await;
        assert_eq!(socket.finished(&by_socket).await["state"], "FAILED", "{release}: nothing came along");
    }
}

fn pair_of(name: &str, attributes: &Value) -> Value {
    json!([{"name": name, "type": "SSH_KEY_PAIR", "attributes": attributes}])
}

#[tokio::test]
async fn a_union_s_class_stands_in_the_names_of_what_is_wrong_from_25_04_on() {
    for release in Release::ALL {
        let sim = start_of("keychain_union", release).await;
        let mut socket = Socket::native_admin(&sim).await;
        let ask = json!([{"name": "x", "type": "SSH_CREDENTIALS", "attributes": {"private_key": 1, "remote_host_key": "k"}}]);
        let found = socket.complaints("keychaincredential.create", ask).await;
        let class = "keychain_credential_create.KeychainCredentialCreateSSHCredentialsEntry.attributes.host";
        let old = "keychain_credential_create.attributes.host";
        let expected = if release >= Release::Scale25_04 { class } else { old };
        assert!(found.contains(&expected.to_owned()), "{release}: {found:?}");
        // Every other branch is complained about, too.
        assert_eq!(found.len() > 1, release >= Release::Scale25_04, "{release}: {found:?}");
    }
}

#[tokio::test]
async fn a_key_pair_is_checked_as_ssh_keygen_would() {
    for release in Release::ALL {
        let sim = start_of("key_pairs", release).await;
        let mut socket = Socket::native_admin(&sim).await;
        let one = socket.ok("keychaincredential.generate_ssh_key_pair", json!([])).await;
        let two = socket.ok("keychaincredential.generate_ssh_key_pair", json!([])).await;
        let encrypted = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----";
        for (attributes, field) in [
            (json!({"private_key": "x"}), "private_key"),
            (json!({"private_key": encrypted}), "private_key"),
            (json!({"private_key": one["private_key"], "public_key": two["public_key"]}), "public_key"),
            (json!({}), "public_key"),
            (json!({"public_key": "ssh-rsa x"}), "public_key"),
        ] {
            let found = socket.complaints("keychaincredential.create", pair_of("x", &attributes)).await;
            assert_eq!(found, [format!("keychain_credential_create.attributes.{field}")], "{release}");
        }
        let made = socket.ok("keychaincredential.create", pair_of("pair", &one)).await;
        let id = &made["id"];
        // The prefix is in the plural here.
        let wrong =
            json!([id, {"attributes": {"private_key": one["private_key"], "public_key": two["public_key"]}}]);
        let found = socket.complaints("keychaincredential.update", wrong).await;
        assert_eq!(found, ["keychain_credentials_update.attributes.public_key"], "{release}");
        let no_pair = json!([{"name": "x", "type": "PGP", "attributes": {}}]);
        assert!(!socket.complaints("keychaincredential.create", no_pair).await.is_empty(), "{release}");
        let missing = json!([{"name": "x", "url": "https://192.0.2.19", "private_key": 99, "token": "t"}]);
        let said = socket.refused("keychaincredential.remote_ssh_semiautomatic_setup", missing).await;
        assert!(said.to_string().contains("Specified key pair not found"), "{release}: {said}");
        let empty = json!([{"name": "x", "url": "https://192.0.2.19", "private_key": id}]);
        let said = socket.refused("keychaincredential.remote_ssh_semiautomatic_setup", empty).await;
        assert!(!said.is_null(), "{release}");
    }
}

fn two(test: &str) -> simulator::Builder {
    let settings = |number| Settings { size: ApplianceSize::Tiny, ..Settings::numbered(number) };
    let builder = Simulator::builder().seed(7);
    let builder = builder.truenas("nas01", Release::default(), settings(1));
    let builder = builder.truenas("nas02", Release::default(), settings(2));
    match std::env::var_os("SIMULATOR_TRANSCRIPTS") {
        Some(dir) => builder.transcript_file(std::path::PathBuf::from(dir).join(format!("{test}.jsonl"))),
        None => builder,
    }
}

/// A reader sees neither private keys nor the keys of targets, and may not ask what only writers may.
#[tokio::test]
async fn secrets_are_asterisks_to_a_reader_and_what_needs_the_writing_role_is_refused() {
    let sim = two("transfer_secrets").start().await.unwrap();
    let mut admin = Socket::admin(&sim).await;
    let pair = admin.ok("keychaincredential.generate_ssh_key_pair", json!([])).await;
    admin.ok("keychaincredential.create", pair_of("pair", &pair)).await;
    let task = json!([{"name": "x", "direction": "PUSH", "transport": "LOCAL", "source_datasets": ["pool0/docs"],
        "target_dataset": "pool1/x", "recursive": false, "auto": false, "retention_policy": "NONE",
        "also_include_naming_schema": ["auto-%Y-%m-%d_%H-%M"], "encryption": true, "encryption_key": "secret",
        "encryption_key_format": "HEX", "encryption_key_location": "$TrueNAS"}]);
    // The length of the key is not looked at.
    admin.ok("replication.create", task).await;
    let mut reader = Socket::native(&sim).await.logged_in(&sim.addresses().truenas.read_only_api_key).await;
    let shown = reader.ok("keychaincredential.query", json!([])).await;
    assert_eq!(shown[0]["attributes"]["private_key"], "********");
    assert_eq!(
        shown[0]["attributes"]["public_key"],
        admin.ok("keychaincredential.query", json!([])).await[0]["attributes"]["public_key"]
    );
    let shown = reader.ok("replication.query", json!([])).await;
    assert_eq!(shown[0]["encryption_key"], "********");
    for (method, params) in [
        ("keychaincredential.generate_ssh_key_pair", json!([])),
        ("keychaincredential.remote_ssh_host_key_scan", json!([{"host": "192.0.2.19"}])),
        ("replication.list_datasets", json!(["LOCAL"])),
        ("replication.run", json!([1])),
        ("ssh.update", json!([{}])),
        ("cloudsync.list_buckets", json!([1])),
    ] {
        let said = reader.refused(method, params).await;
        assert!(said.to_string().contains("Not authorized"), "{method}: {said}");
    }
}

/// A key pair that is not there, the length of a key, and the text of a folder.
#[tokio::test]
async fn the_box_does_not_look_at_the_pair_of_a_connection_the_length_of_a_key_or_a_folder() {
    for release in Release::ALL {
        let sim = start_of("not_looked_at", release).await;
        let mut socket = Socket::native_admin(&sim).await;
        let mut attributes = json!({"host": "192.0.2.19", "port": 22, "username": "root", "private_key": 4242,
            "remote_host_key": "ssh-ed25519 AAAA", "connect_timeout": 10});
        if release == Release::Core13_3 {
            attributes["cipher"] = "STANDARD".into();
        }
        let connection = json!([{"name": "x", "type": "SSH_CREDENTIALS", "attributes": attributes}]);
        let made = socket.ok("keychaincredential.create", connection).await;
        assert_eq!(made["attributes"]["private_key"], 4242, "{release}");
        let task = json!([{"name": "x", "direction": "PUSH", "transport": "LOCAL", "source_datasets": ["pool0/docs"],
            "target_dataset": "pool1/x", "recursive": false, "auto": false, "retention_policy": "NONE",
            "also_include_naming_schema": ["auto-%Y-%m-%d_%H-%M"], "encryption": true, "encryption_key": "ab",
            "encryption_key_format": "HEX", "encryption_key_location": "$TrueNAS"}]);
        let made = socket.ok("replication.create", task).await;
        assert_eq!(made["encryption_key"], "ab", "{release}");
        let id = crate::shapes::bucket_and_task(&sim, &mut socket).await;
        let task = socket.ok("cloudsync.query", json!([[["id", "=", id]], {"get": true}])).await;
        let mut attributes = task["attributes"].clone();
        attributes["folder"] = "no slash/../ and:more".into();
        let changed = socket.ok("cloudsync.update", json!([id, {"attributes": attributes}])).await;
        assert_eq!(changed["attributes"]["folder"], "no slash/../ and:more", "{release}");
    }
}

/// Zettarepl reports the state of a task and knows nothing else of it.
#[tokio::test]
async fn a_run_is_reported_by_partial_rows_and_a_change_by_whole_ones() {
    let sim = two("replication_events").start().await.unwrap();
    let mut socket = Socket::admin(&sim).await;
    socket.subscribe("replication.query").await;
    let task = json!([{"name": "x", "direction": "PUSH", "transport": "LOCAL", "source_datasets": ["pool0/docs"],
        "target_dataset": "pool1/x", "recursive": false, "auto": false, "retention_policy": "NONE",
        "also_include_naming_schema": ["auto-%Y-%m-%d_%H-%M"]}]);
    let made = socket.ok("replication.create", task).await;
    let job = socket.ok("replication.run", json!([made["id"]])).await;
    socket.finished(&job).await;
    socket.ok("replication.delete", json!([made["id"]])).await;
    let notes = std::mem::take(&mut socket.notes);
    let events: Vec<&Value> = notes.iter().map(Socket::event).collect();
    let shown: Vec<(&str, usize)> = events
        .iter()
        .filter(|event| event["collection"] == "replication.query")
        .map(|event| {
            let fields = event["fields"].as_object().map_or(0, serde_json::Map::len);
            (event["msg"].as_str().unwrap(), fields)
        })
        .collect();
    let kinds: Vec<&str> = shown.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(kinds, ["added", "changed", "changed", "removed"], "{shown:?}");
    assert!(shown[0].1 > 30 && shown[1].1 == 1 && shown[2].1 == 1, "{shown:?}");
}
