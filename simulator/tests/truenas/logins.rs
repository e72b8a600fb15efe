//! Every way to log in, and every answer to it.

use aws_lc_rs::pbkdf2;
use data_encoding::BASE64;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256, Sha512};
use simulator::Simulator;
use simulator::truenas::Release;
use tokio_tungstenite::tungstenite::Message;

use crate::socket::{Socket, start_of};

const MODERN: [Release; 3] = [Release::Scale25_04, Release::Scale25_10, Release::Community26];

fn by_key(sim: &Simulator, key: &str) -> Value {
    json!([{"mechanism": "API_KEY_PLAIN", "username": sim.truenas().user_name(), "api_key": key}])
}

fn by_password(sim: &Simulator, password: &str) -> Value {
    json!([{"mechanism": "PASSWORD_PLAIN", "username": sim.truenas().user_name(), "password": password}])
}

/// The answer to a login on a connection of its own.
async fn answer(sim: &Simulator, login: Value) -> Value {
    Socket::native(sim).await.ok("auth.login_ex", login).await
}

#[tokio::test]
async fn every_answer_to_a_login_is_a_result() {
    for release in MODERN {
        let sim = start_of("login_answers", release).await;
        let nas = sim.truenas();
        let (key, password) = (nas.api_key(), nas.password());
        let kind =
            async |login: Value| answer(&sim, login).await["response_type"].as_str().unwrap().to_owned();
        assert_eq!(kind(by_key(&sim, &key)).await, "SUCCESS");
        assert_eq!(kind(by_password(&sim, &password)).await, "SUCCESS");
        assert_eq!(kind(by_key(&sim, "1-wrong")).await, "AUTH_ERR");
        assert_eq!(kind(by_password(&sim, "wrong")).await, "AUTH_ERR");
        let mut socket = Socket::native_admin(&sim).await;
        let token = socket.ok("auth.generate_token", json!([])).await;
        assert_eq!(kind(json!([{"mechanism": "TOKEN_PLAIN", "token": token}])).await, "SUCCESS");
        let success = answer(&sim, by_key(&sim, &key)).await;
        assert_eq!(success["user_info"]["pw_name"], nas.user_name());
        assert_eq!(success["authenticator"], "LEVEL_1");
        let has_token = release >= Release::Community26;
        assert_eq!(success.get("reconnect_token"), has_token.then_some(&Value::Null), "{release}");
        let mut quiet = by_key(&sim, &key);
        quiet[0]["login_options"] = json!({"user_info": false});
        assert_eq!(answer(&sim, quiet).await["user_info"], Value::Null);
        let mut reconnecting = by_key(&sim, &key);
        reconnecting[0]["login_options"] = json!({"reconnect_token": true});
        match Socket::native(&sim).await.call("auth.login_ex", reconnecting).await {
            Ok(said) => assert!(has_token && said["reconnect_token"].is_string()),
            Err(error) => {
                let attribute = &error["data"]["extra"][0][0];
                assert_eq!(attribute, "login_data.API_KEY_PLAIN.login_options.reconnect_token");
            }
        }
        nas.deny_api_access();
        assert_eq!(kind(by_key(&sim, &key)).await, if has_token { "DENIED" } else { "AUTH_ERR" });
        nas.revoke_api_keys();
        assert_eq!(kind(by_key(&sim, &key)).await, "EXPIRED");
        nas.redirect_logins(&["https://192.0.2.20"]);
        let redirect = answer(&sim, by_key(&sim, &key)).await;
        assert_eq!(redirect, json!({"response_type": "REDIRECT", "urls": ["https://192.0.2.20"]}));
        let choices = Socket::native(&sim).await.ok("auth.mechanism_choices", json!([])).await;
        assert_eq!(choices.as_array().unwrap().contains(&json!("SCRAM")), has_token, "{release}");
    }
}

#[tokio::test]
async fn a_one_time_password_is_asked_for_on_the_same_socket() {
    for release in MODERN {
        let sim = start_of("login_otp", release).await;
        sim.truenas().require_otp(Some("123456"));
        let password = by_password(&sim, &sim.truenas().password());
        let otp = |otp: &str| json!([{"mechanism": "OTP_TOKEN", "otp_token": otp}]);
        let mut socket = Socket::native(&sim).await;
        socket.refused("auth.login_ex", otp("123456")).await;
        let asked = socket.ok("auth.login_ex", password.clone()).await;
        let user = sim.truenas().user_name();
        assert_eq!(asked, json!({"response_type": "OTP_REQUIRED", "username": user}));
        let other = socket.refused("auth.login_ex", password.clone()).await;
        assert!(other["data"]["reason"].as_str().unwrap().contains("unexpected authenticator run state"));
        assert_eq!(socket.ok("auth.login_ex", otp("123456")).await["response_type"], "SUCCESS");
        assert_eq!(socket.ok("auth.me", json!([])).await["pw_name"], user);
        let mut socket = Socket::native(&sim).await;
        socket.ok("auth.login_ex", password).await;
        assert_eq!(socket.ok("auth.login_ex", otp("654321")).await["response_type"], "AUTH_ERR");
        // A key needs none, and the old call takes it at once.
        assert_eq!(answer(&sim, by_key(&sim, &sim.truenas().api_key())).await["response_type"], "SUCCESS");
        let mut socket = Socket::native(&sim).await;
        let password = sim.truenas().password();
        assert_eq!(socket.ok("auth.login", json!([user, password])).await, false);
        assert_eq!(socket.ok("auth.login", json!([user, password, "123456"])).await, true);
    }
}

/// On 25.04 a connection on which a login has failed is spent.
#[tokio::test]
async fn after_a_failed_login_25_04_wants_another_socket() {
    for release in MODERN {
        let sim = start_of("login_spent", release).await;
        let mut socket = Socket::native(&sim).await;
        socket.ok("auth.login_ex", by_key(&sim, "1-wrong")).await;
        let second = socket.call("auth.login_ex", by_key(&sim, &sim.truenas().api_key())).await;
        assert_eq!(second.is_err(), release == Release::Scale25_04, "{release}");
    }
}

#[tokio::test]
async fn the_old_calls_log_in_on_every_release() {
    for release in Release::ALL {
        let sim = start_of("login_old_calls", release).await;
        let nas = sim.truenas();
        let mut socket = Socket::legacy(&sim).await;
        assert_eq!(socket.ok("auth.login", json!([nas.user_name(), "wrong"])).await, false);
        assert_eq!(socket.ok("auth.login", json!([nas.user_name(), nas.password()])).await, true);
        let token = socket.ok("auth.generate_token", json!([])).await;
        let method = if release == Release::Core13_3 { "auth.token" } else { "auth.login_with_token" };
        let mut other = Socket::legacy(&sim).await;
        assert_eq!(other.ok(method, json!(["nonsense"])).await, false);
        assert_eq!(other.ok(method, json!([token])).await, true, "{release}");
        match other.call("auth.me", json!([])).await {
            Ok(me) => assert_eq!(me["pw_name"], nas.user_name()),
            Err(error) => assert_eq!((release, &error["error"]), (Release::Core13_3, &json!(201))),
        }
        assert_eq!(other.ok("auth.logout", json!([])).await, true);
        assert_eq!(other.refused("pool.query", json!([])).await["error"], 207);
    }
}

#[tokio::test]
async fn a_token_lasts_as_long_as_asked_and_once_where_asked() {
    let sim = start_of("login_tokens", Release::Scale25_10).await;
    let mut socket = Socket::native_admin(&sim).await;
    let login = |token: &Value| json!([{"mechanism": "TOKEN_PLAIN", "token": token}]);
    let kind = async |token: &Value| answer(&sim, login(token)).await["response_type"].clone();
    let single = socket.ok("auth.generate_token", json!([600, {}, true, true])).await;
    let many = socket.ok("auth.generate_token", json!([600, {}, false, false])).await;
    for (token, second) in [(&single, "AUTH_ERR"), (&many, "SUCCESS")] {
        assert_eq!(kind(token).await, "SUCCESS");
        assert_eq!(kind(token).await, second);
    }
    sim.clock().advance(std::time::Duration::from_secs(601));
    assert_eq!(kind(&many).await, "AUTH_ERR");
}

#[tokio::test]
async fn an_address_off_the_list_is_let_in_and_shown_out() {
    for release in MODERN {
        let sim = start_of("login_allow_list", release).await;
        sim.truenas().refuse_addresses();
        let mut socket = Socket::native(&sim).await;
        match socket.receive().await {
            Some(Message::Close(Some(frame))) => {
                assert_eq!(u16::from(frame.code), 1008);
                assert_eq!(frame.reason.as_str(), "You are not allowed to access this resource");
            }
            other => panic!("{release}: {other:?}"),
        }
    }
}

fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut block = [0_u8; 128];
    block[..key.len()].copy_from_slice(key);
    let inner = Sha512::new().chain_update(block.map(|b| b ^ 0x36)).chain_update(message).finalize();
    Sha512::new().chain_update(block.map(|b| b ^ 0x5c)).chain_update(inner).finalize().to_vec()
}

/// A client's side of SCRAM-SHA-512 by the RFC: what it sends last, and the proof that it then expects.
fn last_message(header: &[u8], bare: &str, said: &str, password: &str) -> (String, String) {
    let part = |name: &str| said.split(',').find_map(|part| part.strip_prefix(name)).unwrap().to_owned();
    let salt = BASE64.decode(part("s=").as_bytes()).unwrap();
    let rounds = part("i=").parse().unwrap();
    let mut salted = [0; 64];
    pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA512, rounds, &salt, password.as_bytes(), &mut salted);
    let unproven = format!("c={},r={}", BASE64.encode(header), part("r="));
    let message = format!("{bare},{said},{unproven}");
    let client = hmac(&salted, b"Client Key");
    let signature = hmac(&Sha512::digest(&client), message.as_bytes());
    let proof: Vec<u8> = client.iter().zip(signature).map(|(key, sign)| key ^ sign).collect();
    let server = hmac(&hmac(&salted, b"Server Key"), message.as_bytes());
    (format!("{unproven},p={}", BASE64.encode(&proof)), format!("v={}", BASE64.encode(&server)))
}

#[tokio::test]
async fn scram_lets_in_who_knows_the_key_and_proves_the_appliance() {
    let sim = start_of("login_scram", Release::Community26).await;
    let nas = sim.truenas();
    let certificate = {
        use rustls_pki_types::pem::PemObject as _;
        rustls_pki_types::CertificateDer::from_pem_slice(nas.certificate_pem().as_bytes()).unwrap()
    };
    let end_point = Sha256::digest(&certificate).to_vec();
    let key = nas.api_key();
    let (id, secret) = key.split_once('-').unwrap();
    let user = nas.user_name();
    for (flag, name, secret, binding, is_right) in [
        ("n", format!("{user}:{id}"), secret, vec![], true),
        ("y", user.clone(), secret, vec![], true),
        ("p=tls-server-end-point", format!("{user}:{id}"), secret, end_point.clone(), true),
        ("p=tls-server-end-point", user.clone(), secret, vec![7; 32], false),
        ("n", user.clone(), "another secret", vec![], false),
    ] {
        let mut socket = Socket::native(&sim).await;
        let bare = format!("n={name},r=abcdefgh");
        let scram =
            |kind: &str, text: &str| json!([{"mechanism": "SCRAM", "scram_type": kind, "rfc_str": text}]);
        let first = scram("CLIENT_FIRST_MESSAGE", &format!("{flag},,{bare}"));
        let said = socket.ok("auth.login_ex", first).await;
        assert_eq!(
            (&said["response_type"], &said["scram_type"]),
            (&json!("SCRAM_RESPONSE"), &json!("SERVER_FIRST_RESPONSE"))
        );
        let header = [format!("{flag},,").as_bytes(), &binding].concat();
        let (last, expected) = last_message(&header, &bare, said["rfc_str"].as_str().unwrap(), secret);
        let said = socket.ok("auth.login_ex", scram("CLIENT_FINAL_MESSAGE", &last)).await;
        if is_right {
            assert_eq!(
                (&said["scram_type"], &said["rfc_str"]),
                (&json!("SERVER_FINAL_RESPONSE"), &json!(expected))
            );
            assert_eq!(socket.ok("auth.me", json!([])).await["pw_name"], user);
        } else {
            assert_eq!(said, json!({"response_type": "AUTH_ERR"}), "{flag} {name}");
        }
    }
}
