use futures_util::{StreamExt, TryStreamExt};
use serde_json::{Value, json};
use truenas_client::filesystem::FileKind;
use truenas_client::{Error, ErrorKind};

use crate::nas::{Nas, Say};

#[tokio::test]
async fn a_path_is_described() {
    let nas = Nas::start().await;
    nas.answers("filesystem.stat", json!({"realpath": "/mnt/tank/a b", "type": "FILE", "size": 1023, "mode": 33188, "uid": 0,
        "gid": 0, "atime": 1.5, "mtime": 1_700_000_000.25, "ctime": 1.0, "btime": 1.0, "dev": 1, "mount_id": 2, "inode": 3,
        "nlink": 1, "user": "root", "group": null, "acl": false, "allocation_size": 1024, "is_mountpoint": false,
        "is_ctldir": false, "attributes": []}));
    nas.answers(
        "filesystem.listdir",
        json!([{"name": "a b", "path": "/mnt/tank/a b", "type": "FILE", "size": 1023}]),
    );
    let client = nas.client().await;
    let stat = client.filesystem().stat("/mnt/tank/a b").await.unwrap();
    assert_eq!((stat.kind, stat.size, stat.is_mountpoint), (FileKind::File, 1023, false));
    assert_eq!(
        stat.modified.unwrap().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis(),
        1_700_000_000_250
    );
    assert_eq!(client.filesystem().list_dir("/mnt/tank").await.unwrap()[0].name, "a b");
    assert_eq!(nas.asked_once("filesystem.stat"), json!(["/mnt/tank/a b"]));
    let options = json!({"select": ["name", "path", "type", "size"], "order_by": ["name"]});
    assert_eq!(nas.asked_once("filesystem.listdir"), json!(["/mnt/tank", [], options]));
}

#[tokio::test]
async fn a_file_is_fetched_outside_the_socket_under_the_same_pin() {
    let nas = Nas::start().await;
    nas.answers("core.download", json!([7, "/_download/7?auth_token=hunter2"]));
    nas.script.page("/_download/7?auth_token=hunter2", "the content");
    let download = nas.client().await.filesystem().get("/mnt/tank/dir/a b.txt", 11).await.unwrap();
    assert_eq!(download.length(), 11);
    let pieces: Vec<_> = download.try_collect().await.unwrap();
    assert_eq!(pieces.concat(), b"the content");
    let asked = json!(["filesystem.get", ["/mnt/tank/dir/a b.txt"], "a b.txt", false]);
    assert_eq!(nas.asked_once("core.download"), asked);
}

#[tokio::test]
async fn a_file_that_breaks_off_ends_in_an_error_without_the_token() {
    let nas = Nas::start().await;
    let target = "/_download/7?auth_token=hunter2";
    nas.answers("core.download", json!([7, target]));
    nas.script.raw_page(target, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
    let download = nas.client().await.filesystem().get("/mnt/tank/x", 100).await.unwrap();
    let pieces: Vec<Result<_, Error>> = download.collect().await;
    let error = pieces.into_iter().find_map(Result::err).unwrap();
    assert_eq!(*error.kind(), ErrorKind::Unreachable);
    assert!(!format!("{error} {error:?}").contains("hunter2"));
}

#[tokio::test]
async fn only_a_download_of_this_appliance_is_fetched() {
    let nas = Nas::start().await;
    let client = nas.client().await;
    for target in ["http://elsewhere/_download/7", "//elsewhere/_download/7", "@elsewhere/", "/api/x"] {
        nas.answers("core.download", json!([7, target]));
        let error = client.filesystem().get("/mnt/tank/x", 100).await.unwrap_err();
        assert_eq!(*error.kind(), ErrorKind::NotUnderstood { path: "[1]".into() });
    }
    nas.answers("core.download", json!([7, "/_download/8"]));
    assert!(client.filesystem().get("/mnt/tank/x", 100).await.unwrap_err().is_not_found());
    nas.on("core.download", [Say::Nonsense(Value::Null)]);
    assert!(client.filesystem().get("/mnt/tank/x", 100).await.is_err());
}

/// Without a `Content-Length`, as the appliance sends a file, an early end looks like the end.
#[tokio::test]
async fn v3_a_content_of_another_length_than_the_files_ends_in_an_error() {
    let nas = Nas::start().await;
    let target = "/_download/7?auth_token=hunter2";
    nas.answers("core.download", json!([7, target]));
    nas.script.raw_page(target, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhalf");
    let client = nas.client().await;
    for (length, whole) in [(4, true), (5, false), (3, false), (0, false)] {
        let download = client.filesystem().get("/mnt/tank/x", length).await.unwrap();
        let pieces: Vec<Result<_, Error>> = download.collect().await;
        assert_eq!(pieces.iter().all(Result::is_ok), whole, "{length}");
        if let Some(error) = pieces.into_iter().find_map(Result::err) {
            assert_eq!((error.kind(), error.is_retryable()), (&ErrorKind::Unreachable, true));
        }
    }
}

/// A download that nobody fetched within a minute is gone for good; its address holds a token all the same.
#[tokio::test]
async fn a_download_that_comes_too_late_says_so_without_the_token() {
    let nas = Nas::start().await;
    let target = "/_download/7?auth_token=hunter2";
    nas.answers("core.download", json!([7, target]));
    nas.script.raw_page(target, "HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n");
    let error = nas.client().await.filesystem().get("/mnt/tank/x", 1).await.unwrap_err();
    assert!(format!("{error}").contains("410"), "{error}");
    assert!(!format!("{error} {error:?}").contains("hunter2"));
}

/// The credentials are right, and the way is another.
#[tokio::test]
async fn a_download_that_another_address_asked_for_is_not_blamed_on_the_credentials() {
    let nas = Nas::start().await;
    let target = "/_download/7?auth_token=hunter2";
    nas.answers("core.download", json!([7, target]));
    nas.script.raw_page(target, "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n");
    let error = nas.client().await.filesystem().get("/mnt/tank/x", 1).await.unwrap_err();
    let ErrorKind::Rejected { errno: 401, reason, .. } = error.kind() else { panic!("{error:?}") };
    assert!(reason.contains("several ways") && error.to_string().contains("/mnt/tank/x"), "{error}");
    assert!(!format!("{error} {error:?}").contains("hunter2"));
}
