//! The `b2` program moves files: up and down, in parts, through pipes, within the service, under keys of its own.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use data_encoding::BASE64;

use super::cli::B2Cli;
use super::{PART, noise, text, tree};

/// What makes a file's name hard to write in a header, in a URL and in JSON.
const ODD: &str = "a b/ü+%41&=?#;'(1)~.txt";

#[test]
fn a_small_file_comes_back_as_it_went() {
    let Some((world, b2)) = B2Cli::with_world() else { return };
    world.bucket("small-files");
    let about = ["--info", "src_note=ü 1", "--content-type", "text/plain"];
    let path = world.file("up", b"small");
    b2.ok(&[&["file", "upload"], &about[..], &["small-files", &path, ODD]].concat());
    b2.ok(&["file", "upload", "small-files", &world.file("empty", b""), "empty"]);
    let version = world.version("small-files", ODD);
    assert_eq!((&version["contentType"], &version["contentLength"]), (&"text/plain".into(), &5.into()));
    assert_eq!(version["fileInfo"]["src_note"], "ü 1");
    assert!(version["fileInfo"]["src_last_modified_millis"].is_string());
    let id = format!("b2id://{}", text(&version["fileId"]));
    for (uri, expected) in
        [(&*format!("b2://small-files/{ODD}"), "small"), (&id, "small"), ("b2://small-files/empty", "")]
    {
        b2.ok(&["file", "download", uri, &world.at("down")]);
        assert_eq!(fs::read_to_string(world.path("down")).unwrap(), expected, "{uri}");
    }
    assert_eq!(b2.ok(&["file", "cat", &id]), "small");
    let shown = b2.json(&["file", "info", &format!("b2://small-files/{ODD}")]);
    assert_eq!((&shown["fileName"], &shown["size"]), (&ODD.into(), &5.into()));
    let gone = b2.refused(&["file", "download", "b2://small-files/none", &world.at("down")]);
    assert!(gone.contains("not present") || gone.contains("not found"), "{gone}");
}

#[test]
fn a_large_file_goes_up_in_parts_and_comes_down_as_streams_side_by_side() {
    let Some((world, b2)) = B2Cli::with_world() else { return };
    world.bucket("large-file");
    // Below twice 100 MiB it does not cut a download; parts of that size would not show that it cuts an upload.
    let content = noise(210 << 20);
    let path = world.file("up", &content);
    b2.ok(&["file", "upload", "--no-progress", "--min-part-size", "30000000", "large-file", &path, "large"]);
    assert_eq!(world.granted("b2_upload_part"), content.len() / 30_000_000, "none is smaller than asked");
    let version = world.version("large-file", "large");
    assert_eq!(version["contentSha1"], "none");
    assert_eq!(text(&version["fileInfo"]["large_file_sha1"]).len(), 40);
    b2.ok(&[
        "file",
        "download",
        "--no-progress",
        "--threads",
        "4",
        "b2://large-file/large",
        &world.at("down"),
    ]);
    assert!(fs::read(world.path("down")).unwrap() == content, "what comes down is what went up");
    let ranges = world.sim.transcript().lines().iter().filter(|line| line.json()["status"] == 206).count();
    assert!(ranges >= 1, "beside the whole, which it leaves in the middle, it fetches the rest");
}

#[test]
fn a_pipe_of_unknown_length_is_stored_whole() {
    let Some((world, b2)) = B2Cli::with_world() else { return };
    world.bucket("from-pipes");
    let content = noise(2 * PART + 12_345);
    b2.fed(&["file", "upload", "--no-progress", "from-pipes", "-", "large"], &content);
    b2.fed(&["file", "upload", "--no-progress", "from-pipes", "-", "small"], b"a few bytes");
    assert!(
        world.sim.b2().read("from-pipes", "large").unwrap() == content,
        "what was piped is what is stored"
    );
    assert_eq!(world.sim.b2().read("from-pipes", "small").unwrap(), b"a few bytes");
    assert_eq!((world.granted("b2_start_large_file"), world.granted("b2_upload_file")), (1, 1));
}

#[test]
fn what_was_appended_is_uploaded_and_the_rest_copied_where_it_is() {
    let Some((world, b2)) = B2Cli::with_world() else { return };
    world.bucket("growing");
    let content = noise(3 * PART);
    let (path, upload) =
        (world.at("up"), ["file", "upload", "--no-progress", "--incremental-mode", "growing"]);
    world.file("up", &content[..2 * PART]);
    b2.ok(&[&upload[..], &[&path, "log"]].concat());
    world.file("up", &content);
    b2.ok(&[&upload[..], &[&path, "log"]].concat());
    assert!(
        world.sim.b2().read("growing", "log").unwrap() == content,
        "the copied and the appended make the whole"
    );
    assert!(world.granted("b2_copy_part") > 0);
}

#[test]
fn copies_are_made_within_the_service() {
    let Some((world, b2)) = B2Cli::with_world() else { return };
    world.bucket("from-here");
    world.bucket("to-there");
    let id = world.sim.b2().put("from-here", "file", b"0123456789").unwrap();
    let (id, copy) = (format!("b2id://{id}"), ["file", "server-side-copy"]);
    b2.ok(&[&copy[..], &[&id, "b2://to-there/whole"]].concat());
    b2.ok(&[&copy[..], &["--range", "2,5", &id, "b2://to-there/middle"]].concat());
    let renewed = ["--content-type", "text/x-copy", "--info", "made=anew"];
    b2.ok(&[&copy[..], &renewed, &[&id, "b2://to-there/renewed"]].concat());
    let read = |name: &str| String::from_utf8(world.sim.b2().read("to-there", name).unwrap()).unwrap();
    assert_eq!([read("whole"), read("middle"), read("renewed")], ["0123456789", "2345", "0123456789"]);
    let renewed = world.version("to-there", "renewed");
    assert_eq!(
        (&renewed["contentType"], &renewed["fileInfo"]["made"]),
        (&"text/x-copy".into(), &"anew".into())
    );
}

#[test]
fn folders_are_synced_both_ways() {
    let Some((world, b2)) = B2Cli::with_world() else { return };
    world.bucket("synced");
    for (name, content) in [("up/a", "1"), ("up/b/c", "2"), ("up/b/Ü d", "3"), ("up/empty", "")] {
        world.file(name, content.as_bytes());
    }
    world.file("up/large", &noise(2 * PART));
    let (up, down) = (world.at("up"), world.at("down"));
    fs::create_dir(&down).unwrap();
    let sync = ["sync", "--no-progress", "--delete", "--compare-versions", "size"];
    b2.ok(&[&sync[..], &[&up, "b2://synced/here"]].concat());
    b2.ok(&[&sync[..], &["b2://synced/here", &down]].concat());
    assert_eq!(tree(&world.path("down")), tree(&world.path("up")));
    fs::remove_dir_all(world.path("down/b")).unwrap();
    world.file("down/a", b"changed");
    b2.ok(&[&sync[..], &[&down, "b2://synced/here"]].concat());
    b2.ok(&[&sync[..], &["b2://synced/here", &up]].concat());
    assert_eq!(tree(&world.path("down")), tree(&world.path("up")));
    assert_eq!(world.rows("synced"), ["upload here/a", "upload here/empty", "upload here/large"]);
}

#[test]
fn a_file_under_a_customers_key_opens_with_that_key_only() {
    let Some((world, b2)) = B2Cli::with_world() else { return };
    world.bucket("closed");
    let key = BASE64.encode(&[7; 32]);
    let closing = b2.with("B2_DESTINATION_SSE_C_KEY_B64", &key);
    let content = noise(PART + 12_345);
    for (name, content) in [("small", &content[..100]), ("large", &content)] {
        let path = world.file(name, content);
        let close = ["--destination-server-side-encryption", "SSE-C", "closed"];
        closing.ok(&[&["file", "upload", "--no-progress"], &close[..], &[&path, name]].concat());
        assert_eq!(world.version("closed", name)["serverSideEncryption"]["mode"], "SSE-C");
        let (uri, down) = (format!("b2://closed/{name}"), world.at("down"));
        b2.refused(&["file", "download", &uri, &down]);
        let open =
            ["file", "download", "--no-progress", "--source-server-side-encryption", "SSE-C", &uri, &down];
        b2.with("B2_SOURCE_SSE_C_KEY_B64", &BASE64.encode(&[8; 32])).refused(&open);
        b2.with("B2_SOURCE_SSE_C_KEY_B64", &key).ok(&open);
        assert!(fs::read(world.path("down")).unwrap() == content, "{name}");
    }
    let opened =
        ["--source-server-side-encryption", "SSE-C", "--destination-server-side-encryption", "SSE-B2"];
    let uri = format!("b2id://{}", text(&world.version("closed", "small")["fileId"]));
    let copy =
        [&["file", "server-side-copy", "--fetch-metadata"], &opened[..], &[&uri, "b2://closed/opened"]];
    b2.with("B2_SOURCE_SSE_C_KEY_B64", &key).ok(&copy.concat());
    b2.ok(&["file", "download", "b2://closed/opened", &world.at("down")]);
    assert!(fs::read(world.path("down")).unwrap() == content[..100]);
    assert_eq!(world.version("closed", "opened")["serverSideEncryption"]["mode"], "SSE-B2");
}

#[test]
fn what_is_unfinished_is_listed_with_its_parts_and_cancelled() {
    let Some((world, b2)) = B2Cli::with_world() else { return };
    let bucket = world.bucket("unfinished");
    let part = world.sim.b2().put("unfinished", "part", &noise(PART)).unwrap();
    let start = serde_json::json!({"bucketId": bucket, "fileName": "begun", "contentType": "b2/x-auto"});
    let begun = text(&world.sim.b2().call("b2_start_large_file", start).unwrap()["fileId"]);
    let copy = serde_json::json!({"sourceFileId": part, "largeFileId": begun, "partNumber": 1});
    world.sim.b2().call("b2_copy_part", copy).unwrap();
    let (bucket, uri) = ("b2://unfinished", format!("b2id://{begun}"));
    assert!(b2.ok(&["file", "large", "unfinished", "list", bucket]).contains(&begun));
    assert!(b2.ok(&["file", "large", "parts", &uri]).contains(&PART.to_string()));
    b2.ok(&["file", "large", "unfinished", "cancel", bucket]);
    assert_eq!(b2.ok(&["file", "large", "unfinished", "list", bucket]), "");
    assert_eq!(world.rows("unfinished"), ["upload part"]);
}

#[test]
fn an_address_with_a_permission_in_it_opens_without_a_key() {
    let Some((world, b2)) = B2Cli::with_world() else { return };
    world.bucket("given-out");
    world.sim.b2().put("given-out", "file", b"for who has the address").unwrap();
    let fetched = |address: &str| {
        let (host, path) = address.trim().strip_prefix("http://").unwrap().split_once('/').unwrap();
        let mut there = TcpStream::connect(host).unwrap();
        write!(there, "GET /{path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        there.read_to_string(&mut answer).unwrap();
        answer
    };
    let signed = b2.ok(&["file", "url", "--with-auth", "--duration", "60", "b2://given-out/file"]);
    assert!(fetched(&signed).ends_with("for who has the address"), "{signed}");
    assert!(fetched(&b2.ok(&["file", "url", "b2://given-out/file"])).starts_with("HTTP/1.1 401"));
    let token = b2.ok(&["bucket", "get-download-auth", "--prefix", "fi", "given-out"]);
    let plain = b2.ok(&["file", "url", "b2://given-out/file"]);
    assert!(fetched(&format!("{}?Authorization={}", plain.trim(), token.trim())).starts_with("HTTP/1.1 200"));
}

#[test]
fn it_lists_and_syncs_past_short_and_empty_pages() {
    let short = simulator::b2::Settings::default().short_pages();
    let Some((world, b2)) = B2Cli::with_world_of(short) else { return };
    world.bucket("short-pages");
    for number in 0..30 {
        world.file(&format!("up/{}/{number:02}", number / 10), b"x");
    }
    b2.ok(&["sync", "--no-progress", &world.at("up"), "b2://short-pages/"]);
    assert_eq!(b2.ok(&["ls", "--recursive", "b2://short-pages"]).lines().count(), 30);
    assert_eq!(b2.ok(&["ls", "b2://short-pages"]), "0/\n1/\n2/\n");
    fs::create_dir_all(world.path("down")).unwrap();
    b2.ok(&["sync", "--no-progress", "b2://short-pages/", &world.at("down")]);
    assert_eq!(tree(&world.path("down")), tree(&world.path("up")));
}
