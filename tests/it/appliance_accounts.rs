//! Every call of the client about accounts, alerts, jobs and the appliance itself, against a simulated appliance of every release.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use dtc_tests::recorded;
use simulator::truenas::{ApplianceSize, Release, Settings};
use simulator::{DEFAULT_ID, Simulator};
use truenas_client::alerts::AlertLevel;
use truenas_client::api_keys::{Allowed, CreateApiKey, UpdateApiKey};
use truenas_client::groups::{CreateGroup, Members, UpdateGroup};
use truenas_client::sessions::{LoggedInWith, NewToken};
use truenas_client::system::{ProductType, SystemState};
use truenas_client::users::{CreateUser, Leftover, UpdateUser, UserPassword};
use truenas_client::{
    ApiKey, Client, Config, Credentials, Error, ErrorKind, Filter, Password, Query, Redactable, Switch, Trust,
};

const PUBLIC_KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGkZx3bV0cPzZc4o6Yv3mJmEo3wq0dQk6l5xvKxq0b6T repl";

/// A simulation of one appliance of a release.
pub(crate) async fn simulated(release: Release) -> Simulator {
    let settings = Settings { size: ApplianceSize::Tiny, ..Settings::default() };
    let simulation = Simulator::builder().seed(7).truenas(DEFAULT_ID, release, settings).rclone(None);
    recorded(simulation).start().await.unwrap()
}

/// How a client reaches it with these credentials; retries come quickly.
pub(crate) fn config(sim: &Simulator, credentials: Credentials) -> Config {
    let at = &sim.addresses().truenas;
    Config::new(at.url.parse().unwrap(), credentials)
        .trust(Trust::Fingerprint(at.fingerprint.parse().unwrap()))
        .backoff(Duration::from_millis(1), Duration::from_millis(20))
}

pub(crate) fn key(sim: &Simulator) -> Credentials {
    Credentials::api_key(ApiKey::new(sim.truenas().api_key()))
}

pub(crate) async fn connected(sim: &Simulator) -> Client {
    Client::connect(config(sim, key(sim))).await.unwrap()
}

async fn by_key(sim: &Simulator, key: &ApiKey) -> Result<Client, Error> {
    Client::connect(config(sim, Credentials::api_key(ApiKey::new(key.expose())))).await
}

/// What the appliance's clock says.
fn now(sim: &Simulator) -> SystemTime {
    UNIX_EPOCH + Duration::from_millis(sim.clock().now_millis().unsigned_abs())
}

/// Asserts that the release does not offer it, and that the error says what to do instead.
pub(crate) fn assert_unsupported<T: std::fmt::Debug>(outcome: Result<T, Error>, release: Release) {
    let error = outcome.unwrap_err();
    let ErrorKind::Unsupported { instead: Some(instead), .. } = error.kind() else {
        panic!("{release}: {error:?}");
    };
    assert!(!instead.is_empty() && error.to_string().contains(instead), "{release}: {error}");
}

#[tokio::test]
async fn users_are_added_found_changed_and_deleted_on_every_release() {
    for release in Release::ALL {
        let sim = simulated(release).await;
        let nas = connected(&sim).await;
        let (users, is_core) = (nas.users(), release == Release::Core13_3);
        let root = users.named("root").await.unwrap();
        assert!(root.builtin && root.uid == 0, "{release}: {root:?}");
        let group = nas.groups().create(&CreateGroup::new("operators")).await.unwrap();
        let wanted = CreateUser::new("repl", "Replication")
            .home_within("/mnt/pool0/docs")
            .shell(if is_core { "/bin/sh" } else { "/usr/bin/bash" })
            .email("repl@example.com")
            .groups([group])
            .ssh_public_key(PUBLIC_KEY)
            .sudo_without_password(["/usr/sbin/zfs"]);
        let next = users.next_uid().await.unwrap();
        let made = users.create(&wanted, &UserPassword::None).await.unwrap();
        assert_eq!((made.username.as_str(), made.uid), ("repl", next), "{release}");
        assert_eq!(made.home, "/mnt/pool0/docs/repl", "{release}");
        assert!(sim.truenas().real_path("/mnt/pool0/docs/repl").unwrap().is_dir());
        assert_eq!(made.sudo_commands_nopasswd, ["/usr/sbin/zfs"], "{release}");
        assert_eq!(made.sudo_commands, [""; 0], "{release}");
        assert_eq!(made.groups, [group], "{release}");
        assert_eq!(made.sshpubkey.as_deref(), Some(PUBLIC_KEY), "{release}");
        assert_eq!(made.group.name.as_deref(), Some("repl"), "{release}");
        assert!(made.password_disabled && !made.smb && !made.locked, "{release}");
        assert_eq!(made.ssh_password_enabled.is_none(), is_core);
        let wishes = UpdateUser::new()
            .full_name("Pull replication")
            .locked(Switch::On)
            .email(None)
            .sudo_without_password(&[])
            .sudo(&["ALL"]);
        let changed = users.update(made.id, &wishes).await.unwrap();
        assert_eq!((changed.full_name.as_str(), changed.locked), ("Pull replication", true), "{release}");
        assert_eq!((changed.sudo_commands, changed.sudo_commands_nopasswd), (vec!["ALL".to_owned()], vec![]));
        assert_eq!(users.get(made.id).await.unwrap().email, None);
        let listed = users.find(&Query::new().filter(Filter::equals("username", "repl"))).await.unwrap();
        assert_eq!(listed.len(), 1, "{release}");
        let mut shells = users.shell_choices(&[group]).await.unwrap().into_keys();
        assert!(shells.any(|shell| shell.ends_with("/nologin")), "{release}");
        users.delete(made.id, Leftover::Delete).await.unwrap();
        assert_eq!(*users.get(made.id).await.unwrap_err().kind(), ErrorKind::NotFound);
        assert_eq!(*nas.groups().named("repl").await.unwrap_err().kind(), ErrorKind::NotFound, "{release}");
        let refused = users.delete(root.id, Leftover::Delete).await.unwrap_err();
        assert!(refused.to_string().contains("built-in"), "{release}: {refused}");
        sim.stop().await;
    }
}

#[tokio::test]
async fn a_password_is_set_and_logs_in_and_one_is_made_where_the_release_makes_them() {
    for release in Release::ALL {
        let sim = simulated(release).await;
        let nas = connected(&sim).await;
        let password = |text: &str| Credentials::Password {
            user: "ann".into(),
            password: Password::new(text),
            one_time_code: None,
        };
        let admins = nas.groups().named("builtin_administrators").await.unwrap().id;
        let ann = CreateUser::new("ann", "Ann").groups([admins]);
        let made =
            nas.users().create(&ann, &UserPassword::Set(&Password::new("first-secret"))).await.unwrap();
        Client::connect(config(&sim, password("first-secret"))).await.unwrap().ping().await.unwrap();
        nas.users().set_password(made.id, &Password::new("second-secret")).await.unwrap();
        let old = Client::connect(config(&sim, password("first-secret"))).await.unwrap_err();
        assert_eq!(*old.kind(), ErrorKind::CredentialsRejected, "{release}");
        Client::connect(config(&sim, password("second-secret"))).await.unwrap();
        let random = nas.users().create(&CreateUser::new("bob", "Bob"), &UserPassword::Random).await;
        match release {
            Release::Core13_3 | Release::Scale24_10 => assert_unsupported(random, release),
            _ => assert!(
                matches!(random.unwrap().password, Redactable::Clear(made) if made.expose().len() == 16)
            ),
        }
        sim.stop().await;
    }
}

/// What only some releases can hold to is not dropped in silence.
#[tokio::test]
async fn what_core_cannot_say_of_a_user_is_unsupported_and_names_the_way_out() {
    for release in Release::ALL {
        let sim = simulated(release).await;
        let nas = connected(&sim).await;
        let both =
            CreateUser::new("a", "A").sudo(["/usr/sbin/zfs"]).sudo_without_password(["/usr/bin/rsync"]);
        let ssh = CreateUser::new("b", "B").ssh_password(Switch::On);
        for user in [both, ssh] {
            let outcome = nas.users().create(&user, &UserPassword::Set(&Password::new("p"))).await;
            if release == Release::Core13_3 {
                assert_unsupported(outcome, release);
            } else {
                outcome.unwrap();
            }
        }
        sim.stop().await;
    }
}

/// Findings, section 3 A: what the appliance refuses about a user for replication, by the field that a person knows.
#[tokio::test]
async fn what_the_appliance_refuses_of_a_user_is_named_by_its_field() {
    for release in Release::ALL {
        let sim = simulated(release).await;
        let nas = connected(&sim).await;
        sim.truenas().lock_dataset("pool0/media").unwrap();
        let user = || CreateUser::new("repl", "Replication");
        let taken = CreateUser::new("truenas_admin", "x");
        let taken = if release == Release::Core13_3 { CreateUser::new("root", "x") } else { taken };
        for (user, field, words) in [
            (taken, "username", "already exists"),
            (CreateUser::new("re pl", "x"), "username", "invalid characters"),
            (user().home("/mnt/nowhere/repl"), "home", ""),
            (user().home("/mnt/pool0"), "home", "mountpoint"),
            (user().home_within("/mnt/pool0/media"), "home", "locked"),
            (user().shell("/bin/fish"), "shell", "valid shell"),
            (user().sudo(["zfs"]), "sudo_commands.0", "absolute path"),
        ] {
            let error = nas.users().create(&user, &UserPassword::None).await.unwrap_err();
            let ErrorKind::Validation { fields } = error.kind() else { panic!("{release}: {error:?}") };
            let named = fields.iter().find(|it| it.attribute == format!("user_create.{field}"));
            assert!(named.is_some_and(|it| it.message.contains(words)), "{release} {field}: {error}");
        }
        let home = "/mnt/pool0/docs/contracts";
        nas.users().create(&user().home(home), &UserPassword::None).await.unwrap();
        let other = CreateUser::new("other", "x").home(home);
        let error = nas.users().create(&other, &UserPassword::None).await.unwrap_err();
        assert!(error.to_string().contains("already used by repl"), "{release}: {error}");
        sim.stop().await;
    }
}

/// Before anything is sent: these are refused on every release, some only when the user is half made.
#[tokio::test]
async fn a_request_that_breaks_a_rule_of_users_is_not_sent() {
    let sim = simulated(Release::default()).await;
    let nas = connected(&sim).await;
    let before = sim.transcript().writes().len();
    let user = || CreateUser::new("repl", "Replication");
    for user in [
        user().ssh_public_key(PUBLIC_KEY),
        user().home("/root"),
        user().smb(Switch::On),
        user().home("/mnt/a:b"),
    ] {
        let error = nas.users().create(&user, &UserPassword::None).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::InvalidRequest { .. }), "{error}");
    }
    assert_eq!(sim.transcript().writes().len(), before);
}

#[tokio::test]
async fn groups_are_added_found_changed_and_deleted_on_every_release() {
    for release in Release::ALL {
        let sim = simulated(release).await;
        let nas = connected(&sim).await;
        let groups = nas.groups();
        let user = nas.users().create(&CreateUser::new("ann", "Ann"), &UserPassword::None).await.unwrap().id;
        let wanted = CreateGroup::new("backup").gid(4000).smb(Switch::Off).users([user]).sudo(["ALL"]);
        let id = groups.create(&wanted).await.unwrap();
        let made = groups.get(id).await.unwrap();
        assert_eq!((made.name.as_str(), made.gid, made.builtin), ("backup", 4000, false), "{release}");
        assert_eq!((made.users, made.sudo_commands), (vec![user], vec!["ALL".to_owned()]), "{release}");
        let wishes =
            UpdateGroup::new().name("backups").users(&[]).sudo(&[]).sudo_without_password(&["/usr/sbin/zfs"]);
        groups.update(id, &wishes.smb(Switch::On)).await.unwrap();
        let changed = groups.named("backups").await.unwrap();
        assert_eq!((changed.id, changed.smb, changed.users), (id, true, vec![]), "{release}");
        assert_eq!(changed.sudo_commands_nopasswd, ["/usr/sbin/zfs"], "{release}");
        assert!(groups.list().await.unwrap().len() > 3, "{release}");
        let taken = groups.create(&CreateGroup::new("backups")).await.unwrap_err();
        assert!(taken.to_string().contains("already exists"), "{release}: {taken}");
        groups.delete(id, Members::Keep).await.unwrap();
        assert_eq!(*groups.get(id).await.unwrap_err().kind(), ErrorKind::NotFound, "{release}");
        let own = nas.users().get(user).await.unwrap().group.id.unwrap();
        groups.delete(own, Members::Delete).await.unwrap();
        assert_eq!(*nas.users().get(user).await.unwrap_err().kind(), ErrorKind::NotFound, "{release}");
        sim.stop().await;
    }
}

#[tokio::test]
async fn an_api_key_is_shown_once_and_renamed_reset_and_deleted_on_every_release() {
    for release in Release::ALL {
        let sim = simulated(release).await;
        let nas = connected(&sim).await;
        let keys = nas.api_keys();
        let made = keys.create(&CreateApiKey::full_access("deploy")).await.unwrap();
        let id = made.entry.id;
        assert!(made.key.expose().starts_with(&format!("{}-", id.get())), "{release}");
        by_key(&sim, &made.key).await.unwrap().ping().await.unwrap();
        let listed = keys.get(id).await.unwrap();
        assert_eq!((listed.name.as_str(), listed.revoked), ("deploy", false), "{release}");
        assert!(listed.created_at.is_some(), "{release}");
        let is_of_users = release >= Release::Scale25_04;
        assert_eq!(listed.username.as_deref(), is_of_users.then_some("root"), "{release}");
        assert_eq!(listed.allowlist.is_some(), release == Release::Scale24_10);
        let shown = format!("{:?} {:?}", keys.list().await.unwrap(), made);
        assert!(!shown.contains(made.key.expose()), "{release}");
        let taken = keys.create(&CreateApiKey::full_access("deploy")).await.unwrap_err();
        assert!(matches!(taken.kind(), ErrorKind::Validation { .. }), "{release}: {taken:?}");
        let renamed = keys.update(id, &UpdateApiKey::new().name("deployment")).await.unwrap();
        assert_eq!(renamed.name, "deployment", "{release}");
        let reset = keys.reset(id).await.unwrap();
        assert!(!reset.key.same_as(&made.key), "{release}");
        let old = by_key(&sim, &made.key).await.unwrap_err();
        assert_eq!(*old.kind(), ErrorKind::CredentialsRejected, "{release}");
        by_key(&sim, &reset.key).await.unwrap();
        keys.delete(id).await.unwrap();
        assert!(by_key(&sim, &reset.key).await.is_err(), "{release}");
        assert_eq!(*keys.get(id).await.unwrap_err().kind(), ErrorKind::NotFound, "{release}");
        sim.stop().await;
    }
}

#[tokio::test]
async fn keys_of_users_with_dates_and_with_lists_are_made_where_a_release_has_them() {
    for release in Release::ALL {
        let sim = simulated(release).await;
        let nas = connected(&sim).await;
        let keys = nas.api_keys();
        let tomorrow = now(&sim) + Duration::from_hours(24);
        let of_user = keys.create(&CreateApiKey::of_user("mon", "monitor").expires(tomorrow)).await;
        let listed = keys.create(&CreateApiKey::allowing("list", [Allowed::call("core.*")])).await;
        let dated = keys.create(&CreateApiKey::full_access("dated").expires(tomorrow)).await;
        let mine = keys.mine().await;
        if release >= Release::Scale25_04 {
            let made = of_user.unwrap();
            assert_eq!(made.entry.username.as_deref(), Some("monitor"), "{release}");
            assert!(
                made.entry.expires_at.is_some() && dated.unwrap().entry.expires_at.is_some(),
                "{release}"
            );
            let reader = by_key(&sim, &made.key).await.unwrap();
            assert_eq!(reader.system().me().await.unwrap().has_role("FULL_ADMIN"), Some(false));
            sim.clock().advance(Duration::from_hours(25));
            assert!(by_key(&sim, &made.key).await.is_err(), "{release}: it has expired");
            let forever = keys.update(made.entry.id, &UpdateApiKey::new().expires(None)).await.unwrap();
            assert_eq!(forever.expires_at, None, "{release}");
            by_key(&sim, &made.key).await.unwrap();
            assert_eq!(mine.unwrap().len(), 1, "{release}");
            assert_unsupported(listed, release);
            let past = now(&sim) - Duration::from_hours(1);
            let error = keys.create(&CreateApiKey::full_access("late").expires(past)).await.unwrap_err();
            assert!(error.to_string().contains("in the past"), "{release}: {error}");
        } else {
            assert_unsupported(of_user, release);
            assert_unsupported(dated, release);
            assert_unsupported(mine, release);
            match release {
                Release::Scale24_10 => {
                    let made = listed.unwrap().entry;
                    assert_eq!(made.allowlist.unwrap(), [Allowed::call("core.*")]);
                    let all = UpdateApiKey::new().allowing(&[Allowed::everything()]);
                    let changed = keys.update(made.id, &all).await.unwrap();
                    assert_eq!(changed.allowlist.unwrap(), [Allowed::everything()]);
                }
                _ => assert_unsupported(listed, release),
            }
        }
        sim.stop().await;
    }
}

/// What 26 keeps of a key is what a client proves; both compute it by 500 000 rounds.
#[tokio::test]
async fn a_key_is_converted_for_logging_in_by_proof_on_26_only() {
    for release in Release::ALL {
        let sim = simulated(release).await;
        let nas = connected(&sim).await;
        let key = ApiKey::new(sim.truenas().api_key());
        let converted = nas.api_keys().convert(&key).await;
        if release < Release::Community26 {
            assert_unsupported(converted, release);
            continue;
        }
        let proof = converted.unwrap();
        let entry = nas.api_keys().get(proof.api_key_id).await.unwrap();
        assert_eq!((entry.iterations, proof.iterations), (Some(500_000), 500_000));
        let (Some(kept), Some(sent)) = (entry.stored_key.clear(), proof.stored_key.clear()) else {
            panic!("{entry:?}")
        };
        assert!(kept.same_as(sent));
        let wrong = nas.api_keys().convert(&ApiKey::new("1-short")).await.unwrap_err();
        assert!(wrong.to_string().contains("key size"), "{wrong}");
        let user = sim.truenas().user_name();
        let by_proof = Credentials::api_key_of(user, key);
        let nas = Client::connect(config(&sim, by_proof)).await.unwrap();
        nas.ping().await.unwrap();
        // The stretched key is kept: logging in again costs no second half of a second.
        sim.truenas().restart();
        nas.ping().await.unwrap();
        let sent = sim
            .transcript()
            .lines()
            .iter()
            .any(|line| line.json()["params"].to_string().contains("API_KEY_PLAIN"));
        assert!(!sent, "the key itself is not sent");
    }
}

#[tokio::test]
async fn a_reader_sees_no_secret_of_an_account_and_learns_which_role_it_lacks() {
    for release in [Release::Scale25_04, Release::Scale25_10, Release::Community26] {
        let sim = simulated(release).await;
        let key = ApiKey::new(sim.truenas().read_only_api_key());
        let reader = by_key(&sim, &key).await.unwrap();
        let me = reader.system().me().await.unwrap();
        assert_eq!(me.has_role("READONLY_ADMIN"), Some(true), "{release}");
        assert_eq!((me.has_role("ACCOUNT_READ"), me.has_role("ACCOUNT_WRITE")), (Some(true), Some(false)));
        let root = reader.users().named("root").await.unwrap();
        assert!(root.unixhash.is_redacted() && root.smbhash.is_redacted(), "{release}");
        let listed = reader.api_keys().list().await.unwrap().remove(0);
        let hidden = [listed.keyhash.is_redacted(), listed.stored_key.is_redacted()];
        assert_eq!(hidden, [release < Release::Community26, release == Release::Community26]);
        for (error, role) in [
            (reader.groups().create(&CreateGroup::new("g")).await.unwrap_err(), "ACCOUNT_WRITE"),
            (reader.alerts().dismiss("u").await.unwrap_err(), "ALERT_LIST_WRITE"),
            (reader.system().reboot("why", Duration::from_secs(1)).await.unwrap_err(), "FULL_ADMIN"),
        ] {
            assert_eq!(*error.kind(), ErrorKind::Unauthorized, "{release}");
            assert!(error.to_string().contains(role), "{release}: {error}");
        }
        // Whoever may only read has a say in its own keys, and in no other.
        let own = reader.api_keys().create(&CreateApiKey::of_user("own", "monitor")).await.unwrap();
        reader.api_keys().delete(own.entry.id).await.unwrap();
        let other = reader.api_keys().create(&CreateApiKey::full_access("other")).await.unwrap_err();
        assert_eq!(*other.kind(), ErrorKind::Unauthorized, "{release}: {other}");
        sim.stop().await;
    }
}

#[tokio::test]
async fn sessions_are_listed_and_tokens_log_in_on_every_release() {
    for release in Release::ALL {
        let sim = simulated(release).await;
        let nas = connected(&sim).await;
        let sessions = nas.sessions().list().await.unwrap();
        let own = sessions.iter().find(|session| session.current).unwrap();
        assert_eq!(own.credentials, LoggedInWith::ApiKey, "{release}");
        assert_eq!(own.who.api_key.as_ref().unwrap().name, "provisioning", "{release}");
        assert_eq!(own.secure_transport, (release >= Release::Scale25_04).then_some(true), "{release}");
        let token = nas.sessions().make_token(&NewToken::for_any_address()).await.unwrap();
        let guest = Client::connect(config(&sim, Credentials::Token(token))).await.unwrap();
        let sessions = guest.sessions().list().await.unwrap();
        let own = sessions.iter().find(|session| session.current).unwrap();
        assert_eq!(own.credentials, LoggedInWith::Token, "{release}");
        let bound = nas.sessions().make_token(&NewToken::for_this_address()).await;
        let once = nas.sessions().make_token(&NewToken::for_any_address().once()).await;
        if release == Release::Core13_3 {
            assert_unsupported(bound, release);
        } else {
            bound.unwrap();
        }
        if release < Release::Scale25_04 {
            assert_unsupported(once, release);
        } else {
            let token = once.unwrap();
            let again = Credentials::Token(truenas_client::Token::new(token.expose()));
            Client::connect(config(&sim, Credentials::Token(token))).await.unwrap();
            let error = Client::connect(config(&sim, again)).await.unwrap_err();
            assert_eq!(*error.kind(), ErrorKind::CredentialsRejected, "{release}");
        }
        sim.stop().await;
    }
}

#[tokio::test]
async fn alerts_are_listed_dismissed_and_restored_on_every_release() {
    for release in Release::ALL {
        let sim = simulated(release).await;
        let nas = connected(&sim).await;
        let alerts = nas.alerts();
        sim.truenas().raise_alert("VolumeStatus", "Pool pool0 is degraded");
        sim.truenas().raise_alert("CloudSyncTaskFailed", "Task nightly failed");
        let listed = alerts.list().await.unwrap();
        let [pool, task] = &listed[..] else { panic!("{release}: {listed:?}") };
        assert_eq!((pool.klass.as_str(), &pool.level), ("VolumeStatus", &AlertLevel::Critical), "{release}");
        assert!(!pool.one_shot && task.one_shot && pool.datetime.is_some(), "{release}");
        alerts.dismiss(&pool.uuid).await.unwrap();
        alerts.dismiss(&task.uuid).await.unwrap();
        // One that comes once is gone, another stays and says so; one that is not there is no error.
        let [left] = &alerts.list().await.unwrap()[..] else { panic!("{release}") };
        assert_eq!((&left.uuid, left.dismissed), (&pool.uuid, true), "{release}");
        alerts.restore(&pool.uuid).await.unwrap();
        alerts.restore(&task.uuid).await.unwrap();
        assert!(!alerts.list().await.unwrap()[0].dismissed, "{release}");
        let categories = alerts.categories().await.unwrap();
        let named = |class: &str| categories.iter().any(|it| it.classes.iter().any(|it| it.id == class));
        assert!(named("VolumeStatus") && named("CloudSyncTaskFailed"), "{release}");
        sim.stop().await;
    }
}

#[tokio::test]
async fn the_appliance_says_what_it_is_and_restarts_on_every_release() {
    for release in Release::ALL {
        let sim = simulated(release).await;
        let nas = connected(&sim).await;
        let system = nas.system();
        assert!(system.is_ready().await.unwrap());
        assert_eq!(system.state().await.unwrap(), SystemState::Ready);
        assert_eq!(system.host_id().await.unwrap().len(), 64);
        let product = match release {
            Release::Core13_3 => ProductType::Core,
            Release::Scale24_10 | Release::Scale25_04 => ProductType::Scale,
            _ => ProductType::CommunityEdition,
        };
        assert_eq!(system.product_type().await.unwrap(), product, "{release}");
        let info = system.info().await.unwrap();
        assert!(info.uptime_seconds.is_some() && info.datetime.is_some() && info.physmem.is_some());
        let general = system.general().await.unwrap();
        assert_eq!((general.ui_httpsport, general.timezone.as_str()), (Some(443), "Etc/UTC"), "{release}");
        assert_eq!(general.ui_certificate.unwrap().id, 1, "{release}");
        let me = system.me().await;
        if release == Release::Core13_3 {
            assert_unsupported(me, release);
        } else {
            assert_eq!(me.unwrap().user, "truenas_admin", "{release}");
        }
        let before = system.boot_id().await.unwrap();
        sim.truenas().set_boot_time(Duration::from_millis(100));
        system.reboot("a new kernel", Duration::from_mins(1)).await.unwrap();
        assert_ne!(system.boot_id().await.unwrap(), before, "{release}");
        sim.stop().await;
    }
}
