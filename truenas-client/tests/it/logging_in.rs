//! Logging in: which call with which credentials, on which release, and what each answer means.

use serde_json::{Value, json};
use truenas_client::{ApiKey, Client, Credentials, Error, ErrorKind, OneTimeCode, Password, Token};

use crate::nas::{CORE_13_3, KEY, Nas, SCALE_24_10, Say, legacy_refusal};
use crate::scram::{Keys, answers};

fn key_of_root() -> Credentials {
    Credentials::api_key_of("root", ApiKey::new(KEY))
}

fn password(code: Option<&str>) -> Credentials {
    let one_time_code = code.map(OneTimeCode::new);
    Credentials::Password { user: "admin".into(), password: Password::new("correct horse"), one_time_code }
}

async fn log_in(nas: &Nas, credentials: Credentials) -> Result<Client, Error> {
    Client::connect(nas.config_with(credentials)).await
}

fn log_ins(nas: &Nas) -> Vec<(String, Value)> {
    let methods =
        ["auth.login", "auth.login_with_api_key", "auth.login_with_token", "auth.token", "auth.login_ex"];
    methods.iter().flat_map(|m| nas.asked(m).into_iter().map(|p| ((*m).to_owned(), p))).collect()
}

#[tokio::test]
async fn each_release_is_logged_in_to_by_the_call_that_it_has() {
    let options = json!({"user_info": false});
    let plain =
        json!([{"mechanism": "API_KEY_PLAIN", "username": "root", "api_key": KEY, "login_options": options}]);
    let of_password = json!([{"mechanism": "PASSWORD_PLAIN", "username": "admin", "password": "correct horse", "login_options": options}]);
    let of_token = json!([{"mechanism": "TOKEN_PLAIN", "token": "t-1", "login_options": options}]);
    let key_alone = || Credentials::api_key(ApiKey::new(KEY));
    let token = || Credentials::Token(Token::new("t-1"));
    for (release, credentials, method, params) in [
        (None, key_of_root(), "auth.login_ex", plain.clone()),
        (None, key_alone(), "auth.login_with_api_key", json!([KEY])),
        (None, password(None), "auth.login_ex", of_password),
        (None, token(), "auth.login_ex", of_token),
        (Some(SCALE_24_10), key_of_root(), "auth.login_with_api_key", json!([KEY])),
        (Some(SCALE_24_10), password(None), "auth.login", json!(["admin", "correct horse"])),
        (
            Some(SCALE_24_10),
            password(Some("123456")),
            "auth.login",
            json!(["admin", "correct horse", "123456"]),
        ),
        (Some(SCALE_24_10), token(), "auth.login_with_token", json!(["t-1"])),
        (Some(CORE_13_3), key_alone(), "auth.login_with_api_key", json!([KEY])),
        (Some(CORE_13_3), password(None), "auth.login", json!(["admin", "correct horse"])),
    ] {
        let nas = match release {
            Some(release) => Nas::older(release).await,
            None => Nas::start().await,
        };
        nas.answers("auth.login", json!(true)).answers("auth.login_with_token", json!(true));
        log_in(&nas, credentials).await.unwrap();
        assert_eq!(log_ins(&nas), [(method.to_owned(), params)]);
    }
}

/// A method that is not there has not looked at the token.
#[tokio::test]
async fn core_has_a_name_of_its_own_for_logging_in_with_a_token() {
    let nas = Nas::older(CORE_13_3).await;
    nas.on("auth.login_with_token", [legacy_refusal(201, "Method 'login_with_token' not found in 'auth'")]);
    nas.answers("auth.token", json!(true));
    log_in(&nas, Credentials::Token(Token::new("t-1"))).await.unwrap();
    assert_eq!(nas.asked_once("auth.token"), json!(["t-1"]));
}

#[tokio::test]
async fn every_answer_to_a_log_in_has_its_own_kind_and_is_not_tried_again() {
    for (answer, kind, words) in [
        (json!({"response_type": "AUTH_ERR"}), ErrorKind::CredentialsRejected, "does not accept"),
        (json!({"response_type": "EXPIRED"}), ErrorKind::CredentialsExpired, "without TLS"),
        (json!({"response_type": "DENIED"}), ErrorKind::ApiAccessDenied, "role"),
        (
            json!({"response_type": "OTP_REQUIRED", "username": "admin"}),
            ErrorKind::OneTimeCodeRequired,
            "one-time code",
        ),
        (
            json!({"response_type": "REDIRECT", "urls": ["https://10.0.0.6"]}),
            ErrorKind::Standby { urls: vec!["https://10.0.0.6".into()] },
            "https://10.0.0.6",
        ),
    ] {
        let nas = Nas::start().await;
        nas.answers("auth.login_ex", answer);
        let error = log_in(&nas, password(None)).await.unwrap_err();
        assert_eq!(*error.kind(), kind);
        assert!(error.to_string().contains(words) && !error.is_retryable(), "{error}");
        nas.asked_once("auth.login_ex");
    }
    // What has no words of its own says no.
    for release in [CORE_13_3, SCALE_24_10] {
        let nas = Nas::older(release).await;
        nas.answers("auth.login_with_api_key", json!(false));
        assert_eq!(*nas.connect().await.unwrap_err().kind(), ErrorKind::CredentialsRejected);
        nas.asked_once("auth.login_with_api_key");
    }
}

#[tokio::test]
async fn a_one_time_code_is_given_on_the_connection_that_asked_for_it() {
    let required = Say::Result(json!({"response_type": "OTP_REQUIRED", "username": "admin"}));
    let said = |kind: &str| Say::Result(json!({"response_type": kind}));
    let nas = Nas::start().await;
    nas.on("auth.login_ex", [required.clone(), said("SUCCESS")]);
    log_in(&nas, password(Some("123456"))).await.unwrap();
    assert_eq!(nas.asked("auth.login_ex")[1], json!([{"mechanism": "OTP_TOKEN", "otp_token": "123456"}]));
    assert_eq!(nas.paths().len(), 2, "the versions, and one connection");
    nas.on("auth.login_ex", [required, said("AUTH_ERR")]);
    let error = log_in(&nas, password(Some("999999"))).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::OneTimeCodeRequired);
    assert!(!format!("{error:?}").contains("999999"));
}

#[tokio::test]
async fn each_attempt_to_log_in_has_a_connection_of_its_own() {
    let nas = Nas::start().await;
    let busy = Say::Refuse(json!({"code": -32000, "message": "Too many concurrent calls"}));
    nas.on("auth.login_with_api_key", [busy.clone(), busy, Say::Result(json!(true))]);
    nas.client().await;
    let sockets = nas.paths().iter().filter(|path| *path == "/api/v25.10.5").count();
    assert_eq!((sockets, nas.asked("auth.login_with_api_key").len()), (3, 3));
}

/// From 27 on a key is not taken without the name of its user.
#[tokio::test]
async fn a_release_that_wants_the_keys_user_is_distinguished_from_one_that_refuses_the_key() {
    let nas = Nas::with_versions(&["v26.0.0", "v27.0.0"]).await;
    nas.on(
        "auth.login_with_api_key",
        [Say::Refuse(json!({"code": -32601, "message": "Method does not exist"}))],
    );
    let error = nas.connect().await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::InvalidRequest { .. }), "{error:?}");
    assert!(error.to_string().contains("name of the user"), "{error}");
}

/// An appliance of 26 that checks proofs as RFC 5802 says, and a client that holds the same key.
async fn of_26(answering: Keys) -> Nas {
    let nas = Nas::with_versions(&["v25.10.5", "v26.0.0"]).await;
    nas.answers("auth.mechanism_choices", json!(["API_KEY_PLAIN", "PASSWORD_PLAIN", "SCRAM"]));
    let certificate = nas.der.clone();
    nas.script
        .compute("auth.login_ex", move |params, before| answers(&answering, &certificate, params, before));
    nas
}

#[tokio::test]
async fn on_26_a_key_is_proven_bound_to_the_certificate_and_not_sent() {
    let nas = of_26(Keys::of(KEY)).await;
    nas.on("pool.query", [Say::HangUp, Say::Result(json!([]))]);
    let client = log_in(&nas, key_of_root()).await.unwrap();
    // And again, on another connection.
    assert!(client.pools().list().await.unwrap().is_empty());
    let said = nas.asked("auth.login_ex");
    assert_eq!(said.len(), 4);
    assert!(
        said[0][0]["rfc_str"].as_str().unwrap().starts_with("p=tls-server-end-point,,n=root:1,r="),
        "{said:?}"
    );
    assert_ne!(said[0], said[2], "each log-in has a nonce of its own");
    assert!(!json!(said).to_string().contains(&KEY[2..]));
    assert!(nas.asked("auth.login_with_api_key").is_empty());
}

#[tokio::test]
async fn on_26_a_wrong_key_a_wrong_certificate_and_a_wrong_appliance_are_distinguished() {
    let nas = of_26(Keys::of("1-AnotherKeyAnotherKeyAnotherKey")).await;
    let error = log_in(&nas, key_of_root()).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::CredentialsRejected);
    // Somebody in between shows a certificate of his own, and passes everything on.
    let nas = of_26(Keys { certificate: Some(vec![0; 32]), ..Keys::of(KEY) }).await;
    assert_eq!(*log_in(&nas, key_of_root()).await.unwrap_err().kind(), ErrorKind::CredentialsRejected);
    // Somebody who does not know the key says yes to everything.
    let nas = of_26(Keys { proves: false, ..Keys::of(KEY) }).await;
    let error = log_in(&nas, key_of_root()).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::NotProven);
    assert!(error.to_string().contains("not sent"), "{error}");
}

#[tokio::test]
async fn on_26_a_key_is_sent_where_proofs_are_not_offered() {
    let nas = Nas::with_versions(&["v26.0.0"]).await;
    nas.answers("auth.mechanism_choices", json!(["API_KEY_PLAIN"]));
    log_in(&nas, key_of_root()).await.unwrap();
    assert_eq!(nas.asked_once("auth.login_ex")[0]["mechanism"], "API_KEY_PLAIN");
}

#[tokio::test]
async fn what_is_no_key_of_truenas_is_not_tried_as_one() {
    let nas = of_26(Keys::of(KEY)).await;
    for wrong in ["no-number", "-x", "1-", "nothing"] {
        let error = log_in(&nas, Credentials::api_key_of("root", ApiKey::new(wrong))).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::InvalidRequest { .. }), "{wrong}: {error:?}");
    }
    assert!(nas.asked("auth.login_ex").is_empty());
}
