//! Every call about accounts, alerts, jobs and the appliance itself, on every release: what goes over the wire. The table is compared with
//! `releases/accounts.txt`; with `DTC_UPDATE=1` it is written.

use std::fmt::Write as _;
use std::time::{Duration, UNIX_EPOCH};

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use truenas_client::api_keys::{Allowed, CreateApiKey, UpdateApiKey};
use truenas_client::groups::{CreateGroup, Members, UpdateGroup};
use truenas_client::sessions::NewToken;
use truenas_client::users::{CreateUser, Leftover, UpdateUser, UserPassword};
use truenas_client::{
    ApiKey, ApiKeyId, Client, Error, ErrorKind, GroupId, JobId, Method, Password, Query, Switch, UserId,
};

use crate::nas::{CORE_13_3, KEY, Nas, SCALE_24_10, Say, legacy_refusal};

const RELEASES: [(&str, &str); 5] = [
    ("13.3", CORE_13_3),
    ("24.10", SCALE_24_10),
    ("25.04", "v25.04.2"),
    ("25.10", "v25.10.5"),
    ("26.0", "v26.0.0"),
];

type Calls = fn(&Client) -> BoxFuture<'_, Result<(), Error>>;

const USER: UserId = UserId::new(7);
const GROUP: GroupId = GroupId::new(7);
const API_KEY: ApiKeyId = ApiKeyId::new(7);

macro_rules! calls {
    ($($name:literal: |$client:ident| $call:expr;)*) => {
        &[$(($name, |$client| async move { $call.await.map(drop) }.boxed())),*]
    };
}

const CALLS: &[(&str, Calls)] = calls! {
    "alerts.categories": |nas| nas.alerts().categories();
    "alerts.dismiss": |nas| nas.alerts().dismiss("u");
    "alerts.list": |nas| nas.alerts().list();
    "alerts.restore": |nas| nas.alerts().restore("u");
    "api_keys.convert": |nas| async { nas.api_keys().convert(&ApiKey::new(KEY)).await };
    "api_keys.create allowing": |nas| async { nas.api_keys().create(&CreateApiKey::allowing("k", [Allowed::call("core.*")])).await };
    "api_keys.create expiring": |nas| async { nas.api_keys().create(&CreateApiKey::full_access("k").expires(UNIX_EPOCH)).await };
    "api_keys.create full_access": |nas| async { nas.api_keys().create(&CreateApiKey::full_access("k")).await };
    "api_keys.create of_user": |nas| async { nas.api_keys().create(&CreateApiKey::of_user("k", "backup")).await };
    "api_keys.delete": |nas| nas.api_keys().delete(API_KEY);
    "api_keys.get": |nas| nas.api_keys().get(API_KEY);
    "api_keys.list": |nas| nas.api_keys().list();
    "api_keys.mine": |nas| nas.api_keys().mine();
    "api_keys.reset": |nas| nas.api_keys().reset(API_KEY);
    "api_keys.update": |nas| async { nas.api_keys().update(API_KEY, &UpdateApiKey::new().name("k")).await };
    "api_keys.update allowing": |nas| async { nas.api_keys().update(API_KEY, &UpdateApiKey::new().allowing(&[Allowed::everything()])).await };
    "api_keys.update expiring": |nas| async { nas.api_keys().update(API_KEY, &UpdateApiKey::new().expires(Some(UNIX_EPOCH))).await };
    "bulk": |nas| nas.bulk::<Value>(Method::changes("alert.dismiss"), const { &[] }, Duration::from_secs(9));
    "bulk in the words of the release": |nas| async { nas.bulk::<Value>(Method::changes("system.reboot"), &[vec!["why".into(), json!({})]], Duration::from_secs(9)).await };
    "bulk of several calls": |nas| async { nas.bulk::<Value>(Method::changes("user.update"), &[vec![7.into(), json!({})]], Duration::from_secs(9)).await };
    "groups.create": |nas| async { nas.groups().create(&CreateGroup::new("g").sudo(["ALL"])).await };
    "groups.delete": |nas| nas.groups().delete(GROUP, Members::Keep);
    "groups.get": |nas| nas.groups().get(GROUP);
    "groups.list": |nas| nas.groups().list();
    "groups.named": |nas| nas.groups().named("g");
    "groups.update": |nas| async { nas.groups().update(GROUP, &UpdateGroup::new().sudo(&["ALL"])).await };
    "jobs.list": |nas| async { nas.jobs().list(&Query::new()).await };
    "jobs.log": |nas| async { nas.jobs().attach::<()>(JobId::new(4)).log().await };
    "jobs.abort": |nas| async { nas.jobs().attach::<()>(JobId::new(4)).abort().await };
    "jobs.status": |nas| async { nas.jobs().attach::<()>(JobId::new(4)).status().await };
    "ping": |nas| nas.ping();
    "sessions.list": |nas| nas.sessions().list();
    "sessions.make_token": |nas| async { nas.sessions().make_token(&NewToken::for_any_address()).await };
    "sessions.make_token for_this_address": |nas| async { nas.sessions().make_token(&NewToken::for_this_address()).await };
    "sessions.make_token once": |nas| async { nas.sessions().make_token(&NewToken::for_any_address().once()).await };
    "system.boot_id": |nas| async { nas.system().boot_id().await };
    "system.general": |nas| async { nas.system().general().await };
    "system.host_id": |nas| async { nas.system().host_id().await };
    "system.info": |nas| async { nas.system().info().await };
    "system.is_ready": |nas| async { nas.system().is_ready().await };
    "system.me": |nas| async { nas.system().me().await };
    "system.product_type": |nas| async { nas.system().product_type().await };
    "system.reboot": |nas| async { nas.system().reboot("why", Duration::from_millis(1)).await };
    "system.state": |nas| async { nas.system().state().await };
    "users.create": |nas| async { nas.users().create(&CreateUser::new("u", "U"), &UserPassword::Set(&Password::new("p"))).await };
    "users.create home_within": |nas| async { nas.users().create(&CreateUser::new("u", "U").home_within("/mnt/tank"), &UserPassword::None).await };
    "users.create random password": |nas| async { nas.users().create(&CreateUser::new("u", "U"), &UserPassword::Random).await };
    "users.create ssh_password": |nas| async { nas.users().create(&CreateUser::new("u", "U").ssh_password(Switch::On), &UserPassword::None).await };
    "users.create sudo both": |nas| async { nas.users().create(&CreateUser::new("u", "U").sudo(["/a"]).sudo_without_password(["/b"]), &UserPassword::None).await };
    "users.delete": |nas| async { nas.users().delete(USER, Leftover::Delete).await };
    "users.get": |nas| async { nas.users().get(USER).await };
    "users.list": |nas| async { nas.users().list().await };
    "users.named": |nas| async { nas.users().named("u").await };
    "users.next_uid": |nas| async { nas.users().next_uid().await };
    "users.set_password": |nas| async { nas.users().set_password(USER, &Password::new("p")).await };
    "users.shell_choices": |nas| async { nas.users().shell_choices(&[GROUP]).await };
    "users.update": |nas| async { nas.users().update(USER, &UpdateUser::new().shell("/bin/sh")).await };
};

/// An appliance of a release that answers what is read on the way.
async fn of(release: &str) -> Nas {
    let nas = if release.starts_with('v') {
        Nas::with_versions(&[release]).await
    } else {
        Nas::older(release).await
    };
    nas.answers("auth.mechanism_choices", json!(["API_KEY_PLAIN"]));
    nas.answers("user.query", json!([{"id": 7, "uid": 3000, "username": "u"}]));
    nas.answers("group.query", json!([{"id": 7, "gid": 3000, "name": "g"}]));
    nas.answers("system.boot_id", json!("b"));
    for write in ["user.create", "user.update", "core.bulk"] {
        nas.answers(write, json!(7));
    }
    nas.on("core.get_jobs", [Say::Result(json!([{"id": 7, "state": "SUCCESS", "result": []}]))]);
    nas
}

/// What a call sends on a release, in one word: the methods, or that it cannot be made.
async fn sent(call: Calls, release: &str) -> String {
    let nas = of(release).await;
    let client = nas.client().await;
    let before = nas.methods().len();
    let outcome = call(&client).await;
    let methods = nas.methods()[before..].join("+");
    match outcome {
        Err(error) if methods.is_empty() => match error.kind() {
            ErrorKind::Unsupported { instead: Some(instead), .. } if !instead.is_empty() => {
                "unsupported".to_owned()
            }
            ErrorKind::InvalidRequest { .. } => "refused".to_owned(),
            other => unreachable!("{release}: {other:?}"),
        },
        _ => methods,
    }
}

#[tokio::test]
async fn every_call_about_accounts_goes_out_in_the_words_of_each_release() {
    let mut table = String::new();
    for (name, call) in CALLS {
        write!(table, "{name} ").unwrap();
        for (number, release) in RELEASES {
            write!(table, " {number}={}", sent(*call, release).await).unwrap();
        }
        table.push('\n');
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/releases/accounts.txt");
    if std::env::var_os("DTC_UPDATE").is_some() {
        std::fs::write(path, &table).unwrap();
    }
    assert_eq!(table, std::fs::read_to_string(path).unwrap(), "DTC_UPDATE=1 writes the table anew");
}

/// Writing is one call there and reading what was written another: that it fails does not say that nothing was written.
#[tokio::test]
async fn a_user_that_is_made_and_cannot_be_read_is_of_unknown_outcome() {
    for release in [CORE_13_3, SCALE_24_10] {
        for failing in [legacy_refusal(14, "no"), Say::HangUp, Say::Result(json!([]))] {
            let nas = of(release).await;
            nas.on("user.query", [failing]);
            let client = nas.client().await;
            let user = CreateUser::new("u", "U");
            let error = client.users().create(&user, &UserPassword::None).await.unwrap_err();
            assert_eq!(
                (error.kind(), error.operation()),
                (&ErrorKind::OutcomeUnknown, "user.create"),
                "{release}"
            );
            assert_eq!(nas.asked("user.create").len(), 1, "{release}");
        }
    }
}
