//! What each release answers before anything else: paths, interfaces, names, methods.

use serde_json::json;
use simulator::truenas::{Arrival, PlainHttp, Release, Settings};
use simulator::{DEFAULT_ID, Simulator};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::socket::{Socket, get, start_of};

#[tokio::test]
async fn each_release_has_its_paths_and_sends_the_others_elsewhere() {
    for release in Release::ALL {
        let sim = start_of("paths", release).await;
        let (head, body) = get(&sim, "/api/versions").await;
        let versions = release.api_versions();
        if versions.is_empty() {
            assert!(
                head.starts_with("HTTP/1.0 302") && head.to_lowercase().contains("location: /ui/"),
                "{head}"
            );
        } else {
            assert_eq!(serde_json::from_slice::<Vec<String>>(&body).unwrap(), versions);
        }
        for path in ["/websocket", "/api/current", "/api/v25.04.0", "/api/v25.10.0", "/api/v26.0.0"] {
            let is_there = path == "/websocket"
                || (path == "/api/current" && !versions.is_empty())
                || versions.iter().any(|version| path.ends_with(version));
            assert_eq!(Socket::open_at(&sim, path).await.is_some(), is_there, "{release} {path}");
        }
    }
}

#[tokio::test]
async fn each_release_names_itself_in_its_own_way() {
    for (release, version, short, product) in [
        (Release::Core13_3, "TrueNAS-13.3-U1.2", None, "CORE"),
        (Release::Scale24_10, "TrueNAS-SCALE-24.10.2.4", Some("24.10.2.4"), "SCALE"),
        (Release::Scale25_04, "TrueNAS-25.04.2.6", Some("25.04.2.6"), "SCALE"),
        (Release::Scale25_10, "TrueNAS-25.10.1", Some("25.10.1"), "COMMUNITY_EDITION"),
        (Release::Community26, "TrueNAS-26.0.0", Some("26.0.0"), "COMMUNITY_EDITION"),
    ] {
        let sim = start_of("names", release).await;
        let mut socket = Socket::native_admin(&sim).await;
        assert_eq!(socket.ok("system.version", json!([])).await, version);
        assert_eq!(socket.ok("system.info", json!([])).await["version"], version);
        assert_eq!(socket.ok("system.product_type", json!([])).await, product);
        match short {
            Some(short) => assert_eq!(socket.ok("system.version_short", json!([])).await, short),
            None => assert_eq!(socket.refused("system.version_short", json!([])).await["error"], 201),
        }
        let address = serde_json::to_value(&sim.addresses().truenas).unwrap();
        assert_eq!(address["release"], release.to_string());
    }
}

/// On 26 an older version offers neither what is gone nor what had no models in it.
#[tokio::test]
async fn an_older_version_refuses_what_it_lacks() {
    let sim = start_of("older_versions", Release::Community26).await;
    let key = sim.truenas().api_key();
    let login =
        json!([{"mechanism": "API_KEY_PLAIN", "username": sim.truenas().user_name(), "api_key": key}]);
    let mut socket = Socket::open_at(&sim, "/api/v25.04.2").await.unwrap();
    let refused = socket.refused("auth.login_with_api_key", json!([key])).await;
    assert_eq!((&refused["code"], &refused["data"]["errname"]), (&json!(-32001), &json!("ENOMETHOD")));
    assert_eq!(socket.ok("auth.login_ex", login.clone()).await["response_type"], "SUCCESS");
    assert_eq!(socket.refused("cloudsync.query", json!([])).await["data"]["error"], 201);
    assert_eq!(socket.ok("cloudsync.credentials.query", json!([])).await, json!([]));
    let mut socket = Socket::open_at(&sim, "/api/v25.10.5").await.unwrap();
    let said = socket.ok("auth.login_ex", login).await;
    assert_eq!(said.get("reconnect_token"), None, "{said}");
    assert_eq!(socket.refused("service.start", json!(["snmp"])).await["code"], -32601);
    assert_eq!(socket.refused("zfs.resource.snapshot.query", json!([])).await["data"]["error"], 201);
}

async fn plain(sim: &Simulator, path: &str) -> String {
    let address = sim.addresses().truenas.url.strip_prefix("wss://").unwrap().to_owned();
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

async fn with(change: impl FnOnce(&mut Settings)) -> Simulator {
    let mut settings = Settings { size: simulator::truenas::ApplianceSize::Tiny, ..Settings::default() };
    change(&mut settings);
    Simulator::builder().truenas(DEFAULT_ID, Release::Scale25_10, settings).start().await.unwrap()
}

#[tokio::test]
async fn without_tls_a_client_is_refused_redirected_or_served() {
    for (plain_http, expected) in [
        (PlainHttp::Refused, ""),
        (PlainHttp::Redirected, "HTTP/1.0 307"),
        (PlainHttp::Served, "HTTP/1.0 200"),
    ] {
        let sim = with(|settings| settings.plain_http = plain_http).await;
        let said = plain(&sim, "/api/versions").await;
        // What refuses may send the alert of a TLS server.
        assert!(said.starts_with(expected) && (!expected.is_empty() || !said.contains("HTTP")), "{said}");
        if plain_http == PlainHttp::Redirected {
            assert!(said.to_lowercase().contains("location: https://localhost/api/versions"), "{said}");
        }
    }
}

/// The right key, over a proxy that ends TLS: revoked on the spot from 25.04 on, unless it comes from this machine.
#[tokio::test]
async fn a_key_that_arrives_in_the_clear_is_revoked() {
    for (address, survives) in [("192.0.2.77", false), ("127.0.0.1", true)] {
        let sim = with(|settings| {
            settings.arrival = Arrival::PlainProxy;
            settings.client_address = address.parse().unwrap();
        })
        .await;
        let key = sim.truenas().api_key();
        let user = sim.truenas().user_name();
        let login = json!([{"mechanism": "API_KEY_PLAIN", "username": user, "api_key": key}]);
        let expected = if survives { "SUCCESS" } else { "EXPIRED" };
        for _ in 0..2 {
            let mut socket = Socket::native(&sim).await;
            assert_eq!(socket.ok("auth.login_ex", login.clone()).await["response_type"], expected);
        }
        let mut socket = Socket::native(&sim).await;
        assert_eq!(socket.ok("auth.login_with_api_key", json!([key])).await, survives);
        let password = json!([user, sim.truenas().password()]);
        assert_eq!(socket.ok("auth.login", password).await, true);
        let alerts = socket.ok("alert.list", json!([])).await;
        let classes: Vec<&str> =
            alerts.as_array().unwrap().iter().filter_map(|a| a["klass"].as_str()).collect();
        assert_eq!(classes, if survives { &[][..] } else { &["ApiKeyRevoked"] });
    }
}
