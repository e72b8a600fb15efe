//! What answers at an address, and by which release an appliance is recognised and spoken to.

use serde_json::{Value, json};
use truenas_client::{Error, ErrorKind, Release};

use crate::nas::{CORE_13_3, KEY, Nas, SCALE_24_10, Say};

#[tokio::test]
async fn an_appliance_is_spoken_to_in_the_newest_version_that_both_know() {
    use Release::{Newer, V25_04, V25_10, V26};
    for (offered, release, version) in [
        (&["v25.04.0", "v25.04.2"][..], V25_04, "v25.04.2"),
        (&["v25.04.2", "v25.10.0", "v25.10.5"], V25_10, "v25.10.5"),
        (&["v25.04.2", "v25.10.5", "v26.0.0"], V26, "v26.0.0"),
        (&["v25.10.5", "v26.0.0", "v27.0.0"], Newer, "v26.0.0"),
        (&["v25.04.2", "v25.10.5", "v27.0.0"], Newer, "v25.10.5"),
    ] {
        let nas = Nas::with_versions(offered).await;
        let client = nas.client().await;
        assert_eq!((client.release(), client.version().unwrap().to_string()), (release, version.to_owned()));
        assert_eq!(nas.paths(), ["/api/versions".to_owned(), format!("/api/{version}")]);
        assert_eq!(nas.asked_once("auth.login_with_api_key"), json!([KEY]));
    }
}

#[tokio::test]
async fn without_versions_the_older_socket_is_spoken_and_the_release_read_after_the_log_in() {
    let page = |status: &str, more: &str, body: &str| {
        format!("HTTP/1.1 {status}\r\n{more}Content-Length: {}\r\n\r\n{body}", body.len())
    };
    let answers = [
        page("302 Found", "Location: /ui/\r\n", ""),
        page("302 Found", "Location: https://nas.example.net/ui/\r\n", ""),
        page("404 Not Found", "", ""),
        page("200 OK", "", "<!DOCTYPE html><title>TrueNAS</title>"),
        page("200 OK", "", "  <html><title>Starting</title>"),
    ];
    for answer in answers {
        for (text, release) in [
            ("TrueNAS-13.0-U6.1", Release::Core13_0),
            (CORE_13_3, Release::Core13_3),
            ("TrueNAS-SCALE-24.04.2.5", Release::Scale24_04),
            (SCALE_24_10, Release::Scale24_10),
        ] {
            let nas = Nas::older(text).await;
            nas.script.raw_page("/api/versions", &answer);
            let client = nas.client().await;
            assert_eq!((client.release(), client.version()), (release, None), "{answer}");
            assert_eq!(nas.paths(), ["/api/versions", "/websocket"]);
            assert_eq!(nas.methods(), ["auth.login_with_api_key", "system.version"]);
        }
    }
}

/// The error of connecting, and that no credential was sent.
async fn refused(nas: &Nas) -> Error {
    let error = nas.connect().await.unwrap_err();
    assert_eq!(nas.methods(), [] as [&str; 0], "{error}");
    error
}

#[tokio::test]
async fn an_appliance_that_is_too_old_or_far_too_new_is_unsupported_by_name() {
    for text in ["TrueNAS-12.0-U8.1", "TrueNAS-SCALE-23.10.2", "FreeNAS-11.3-U5"] {
        let error = Nas::older(text).await.connect().await.unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::Unsupported { release, .. } if release == text),
            "{error:?}"
        );
        assert!(error.to_string().contains("update the appliance"), "{error}");
    }
    let error = refused(&Nas::with_versions(&["v25.04.2", "v28.0.0"]).await).await;
    assert!(
        matches!(error.kind(), ErrorKind::Unsupported { release, .. } if release.contains("v28.0.0")),
        "{error:?}"
    );
}

#[tokio::test]
async fn what_is_no_appliance_is_named_so_and_sees_no_credential() {
    let nas = Nas::start().await;
    for page in [
        "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 24\r\n\r\n<!DOCTYPE html>A router.",
    ] {
        nas.script.raw_page("/api/versions", page);
        for status in ["404 Not Found", "200 OK", "302 Found", "403 Forbidden"] {
            nas.script.no_socket(status);
            let error = refused(&nas).await;
            assert_eq!(*error.kind(), ErrorKind::NotTrueNas, "{page} {status}");
            assert!(error.to_string().contains("is the address right?"), "{error}");
            assert!(!error.is_retryable());
        }
    }
}

#[tokio::test]
async fn a_socket_that_a_proxy_blocks_is_named_so() {
    for nas in [Nas::start().await, Nas::older(CORE_13_3).await] {
        for status in ["403 Forbidden", "404 Not Found", "400 Bad Request", "200 OK", "426 Upgrade Required"]
        {
            nas.script.no_socket(status);
            let error = refused(&nas).await;
            assert!(matches!(error.kind(), ErrorKind::SocketBlocked { .. }), "{status}: {error:?}");
            assert!(
                error.to_string().contains("/websocket") && error.to_string().contains(&status[..3]),
                "{error}"
            );
        }
        // A web server whose middleware is not up yet.
        nas.script.no_socket("502 Bad Gateway");
        assert_eq!(*refused(&nas).await.kind(), ErrorKind::Unreachable);
    }
    let nas = Nas::start().await;
    nas.script
        .raw_page("/api/versions", "HTTP/1.1 505 HTTP Version Not Supported\r\nContent-Length: 0\r\n\r\n");
    let error = refused(&nas).await;
    assert!(matches!(error.kind(), ErrorKind::SocketBlocked { found } if found.contains("505")), "{error:?}");
}

/// REST raises a warning on 25.10 and is gone on 26; what a socket could not do is not tried there.
#[tokio::test]
async fn no_release_is_ever_asked_by_rest() {
    for release in [CORE_13_3, SCALE_24_10, "v25.04.2", "v25.10.5", "v26.0.0"] {
        let nas = if release.starts_with('v') {
            Nas::with_versions(&[release]).await
        } else {
            Nas::older(release).await
        };
        nas.answers("pool.query", json!([]));
        nas.on("system.info", [Say::HangUp]);
        let client = nas.client().await;
        assert!(client.pools().list().await.unwrap().is_empty(), "{release}");
        assert_eq!(*client.system().info().await.unwrap_err().kind(), ErrorKind::Unreachable, "{release}");
        nas.script.no_socket("403 Forbidden");
        client.pools().list().await.unwrap_err();
        nas.connect().await.unwrap_err();
        let socket =
            if release.starts_with('v') { format!("/api/{release}") } else { "/websocket".to_owned() };
        let paths = nas.paths();
        assert!(paths.len() > 4, "{release}: {paths:?}");
        assert!(paths.iter().all(|path| *path == "/api/versions" || *path == socket), "{release}: {paths:?}");
    }
}

#[tokio::test]
async fn a_proxy_that_speaks_http_2_only_is_named_so() {
    let mut nas = Nas::start().await;
    nas.speak_http_2_only();
    let error = refused(&nas).await;
    assert_eq!(*error.kind(), ErrorKind::SocketBlocked { found: "it speaks HTTP/2 only".into() });
    assert!(error.to_string().contains("HTTP/1.1"), "{error}");
    assert!(error.attempts() <= 1, "it stays so: {error:?}");
}

#[tokio::test]
async fn an_address_that_is_not_on_the_allow_list_is_named_so() {
    for nas in [Nas::start().await, Nas::older(SCALE_24_10).await] {
        *nas.script.turned_away.lock().unwrap() = Some((1008, "You are not allowed to access this resource"));
        let error = nas.connect().await.unwrap_err();
        assert_eq!(*error.kind(), ErrorKind::AddressNotAllowed);
        assert!(error.to_string().contains("Allowed IP Addresses") && !error.is_retryable(), "{error}");
        assert!(error.attempts() <= 1, "it is named at once: {error:?}");
        // The list may change while somebody is connected.
        *nas.script.turned_away.lock().unwrap() = None;
        nas.on("pool.query", [Say::Close(1008, "You are not allowed to access this resource")]);
        let error = nas.client().await.pools().list().await.unwrap_err();
        assert_eq!(*error.kind(), ErrorKind::AddressNotAllowed);
    }
}

#[tokio::test]
async fn a_greeting_that_is_refused_is_no_appliances() {
    let nas = Nas::older(CORE_13_3).await;
    *nas.script.welcome.lock().unwrap() = Some(json!({"msg": "failed", "version": "2"}));
    assert_eq!(*refused(&nas).await.kind(), ErrorKind::NotTrueNas);
    // One that is answered with something else, over and over.
    *nas.script.welcome.lock().unwrap() = Some(Value::Array(vec![]));
    let error = truenas_client::Client::connect(
        nas.config().connect_timeout(std::time::Duration::from_millis(100)).attempts(1),
    );
    assert_eq!(*error.await.unwrap_err().kind(), ErrorKind::Unreachable);
}

/// A version is a path: nothing that an appliance lists may lead elsewhere.
#[tokio::test]
async fn what_is_no_version_is_never_made_a_path() {
    let nas = Nas::with_versions(&["v25.10.0/../../evil", "v25.10.0?x", "v25.10.5", "../v25.10.9"]).await;
    nas.client().await;
    assert_eq!(nas.paths(), ["/api/versions", "/api/v25.10.5"]);
}
