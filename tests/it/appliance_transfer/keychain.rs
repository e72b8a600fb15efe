use simulator::truenas::Release;
use truenas_client::keychain::{
    HostKey, InUse, KeyChoice, KeychainEntry, NewConnection, PeerLogin, PrivateKey, SemiAutomatic, SshTarget,
    Unbind,
};
use truenas_client::replications::Side;
use truenas_client::services::ServiceName;
use truenas_client::ssh::UpdateSsh;
use truenas_client::{ErrorKind, KeyPairId, Password, SshConnectionId, Switch, Token};

use super::{LIMIT, World, asked, assert_invalid, assert_rejected, assert_unsupported, refused};

#[tokio::test(flavor = "multi_thread")]
async fn key_pairs_are_made_stored_renamed_and_deleted_on_every_release() {
    for release in Release::ALL {
        let world = World::of(release).await;
        let keychain = world.client.keychain();
        let made = keychain.generate().await.unwrap();
        assert!(made.private_key.expose().starts_with("-----BEGIN OPENSSH PRIVATE KEY-----"), "{release}");
        let pair = keychain.create_key_pair("replication", &made.private_key).await.unwrap();
        let bare = |key: &str| key.split_whitespace().take(2).collect::<Vec<_>>().join(" ");
        assert_eq!(pair.public_key.as_deref().map(bare), Some(bare(&made.public_key)), "{release}");
        assert!(pair.private_key.clear().unwrap().expose().contains("OPENSSH"), "{release}");
        let taken = refused(keychain.create_key_pair("replication", &made.private_key).await);
        assert_eq!(taken, ["keychain_credential_create.name"], "{release}");
        let wrong = refused(keychain.create_key_pair("x", &PrivateKey::new("no key")).await);
        assert_eq!(wrong, ["keychain_credential_create.attributes.private_key"], "{release}");
        assert_eq!(keychain.rename_key_pair(pair.id, "renamed").await.unwrap().name, "renamed");
        let newer = keychain.generate().await.unwrap();
        let replaced = keychain.replace_key(pair.id, &newer.private_key).await.unwrap();
        assert_eq!(replaced.public_key.as_deref().map(bare), Some(bare(&newer.public_key)), "{release}");
        let [KeychainEntry::KeyPair(listed)] = &keychain.list().await.unwrap()[..] else {
            panic!("{release}")
        };
        assert_eq!((listed.id, listed.name.as_str()), (pair.id, "renamed"), "{release}");
        assert_eq!(keychain.key_pair(pair.id).await.unwrap().name, "renamed");
        assert_eq!(keychain.used_by(pair.id).await.unwrap(), []);
        keychain.delete(pair.id, InUse::Refuse).await.unwrap();
        let error = keychain.key_pair(pair.id).await.unwrap_err();
        assert_eq!(*error.kind(), ErrorKind::NotFound, "{release}");
        assert!(keychain.used_by(pair.id).await.unwrap_err().is_not_found(), "{release}");
    }
}

async fn pair(world: &World, name: &str) -> KeyPairId {
    let made = world.client.keychain().generate().await.unwrap();
    world.client.keychain().create_key_pair(name, &made.private_key).await.unwrap().id
}

/// The other appliance's host keys, from its own settings.
async fn host_key(world: &World) -> HostKey {
    world.other.ssh().config().await.unwrap().host_keys().next().unwrap().clone()
}

/// A pair is looked for, and a host key held against its rules, before anything is written.
#[tokio::test(flavor = "multi_thread")]
async fn a_connection_needs_a_key_pair_that_exists_and_one_host_key_on_every_release() {
    for release in Release::ALL {
        let world = World::of(release).await;
        let keychain = world.client.keychain();
        let key = host_key(&world).await;
        let mark = world.sim.transcript().mark();
        let missing = SshTarget::new("192.0.2.19", KeyPairId::new(99), &key);
        assert_invalid(keychain.create_connection("x", &missing).await);
        let pair = pair(&world, "pair").await;
        let mut long = SshTarget::new("192.0.2.19", pair, &key);
        long.remote_host_key = vec![key.to_string(); 13].join("\n");
        assert_invalid(keychain.create_connection("x", &long).await);
        assert_eq!(asked(&world.sim, mark), ["keychaincredential.create"], "{release}: the pair's alone");
        let target = SshTarget::new("192.0.2.19", pair, &key).port(2022).username("repl").connect_timeout(5);
        let made = keychain.create_connection("to nas02", &target).await.unwrap();
        let held = made.target.unwrap();
        assert_eq!((held.port, held.username.as_str(), held.connect_timeout), (2022, "repl", 5), "{release}");
        assert_eq!(held.host_keys().collect::<Vec<_>>(), [key]);
        let used = keychain.used_by(pair).await.unwrap();
        assert_eq!((used.len(), &used[0].unbind_method), (1, &Unbind::Delete), "{release}");
        assert_rejected(keychain.delete(pair, InUse::Refuse).await, "used");
        assert_eq!(keychain.rename_connection(made.id, "new").await.unwrap().name, "new");
        let redirected = keychain.redirect(made.id, &held.port(22)).await.unwrap();
        assert_eq!(redirected.target.unwrap().port, 22, "{release}");
        assert_eq!(keychain.connection(made.id).await.unwrap().name, "new");
        keychain.delete(pair, InUse::Cascade).await.unwrap();
        assert!(keychain.connection(made.id).await.unwrap_err().is_not_found(), "{release}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn host_keys_are_scanned_and_are_those_of_the_other_appliances_own_settings() {
    for release in Release::ALL {
        let world = World::of(release).await;
        let keychain = world.client.keychain();
        let host = world.two().address();
        assert_rejected(keychain.scan_host_keys(&host, 22, 1).await, "SSH timeout");
        world.other.services().start(&ServiceName::Ssh, LIMIT).await.unwrap();
        let scanned = keychain.scan_host_keys(&host, 22, 1).await.unwrap();
        let own = world.other.ssh().config().await.unwrap();
        assert_eq!(scanned.len(), 3, "{release}");
        assert!(own.host_keys().all(|key| scanned.contains(key)), "{release}");
        let changes = UpdateSsh::new().tcpport(2022).passwordauth(Switch::Off).tcpfwd(Switch::On);
        let held = world.other.ssh().update(&changes.options("# ours")).await.unwrap();
        assert_eq!((held.tcpport, held.tcpfwd, held.options.as_str()), (2022, true, "# ours"));
        assert_eq!(held.rootlogin.is_some(), world.is_core());
        assert_rejected(keychain.scan_host_keys(&host, 22, 1).await, "SSH timeout");
        assert_eq!(keychain.scan_host_keys(&host, 2022, 1).await.unwrap().len(), 3, "{release}");
        let groups = world.other.ssh().update(&UpdateSsh::new().password_login_groups(["wheel"])).await;
        if world.is_core() {
            assert_unsupported(groups);
        } else {
            assert_eq!(groups.unwrap().password_login_groups, ["wheel"], "{release}");
        }
        assert_invalid(world.other.ssh().update(&UpdateSsh::new().tcpport(0)).await);
        assert_eq!(world.client.ssh().interface_choices().await.unwrap().len(), 1, "{release}");
    }
}

fn peer(world: &World) -> SemiAutomatic {
    SemiAutomatic::new(world.url_of_other()).verify_certificate(Switch::Off)
}

#[tokio::test(flavor = "multi_thread")]
async fn another_appliance_lets_this_one_in_and_the_connection_works_on_every_release() {
    for release in Release::ALL {
        let world = World::of(release).await;
        let keychain = world.client.keychain();
        let pair = pair(&world, "pair").await;
        let token = world.token_of_other().await;
        let login = PeerLogin::Token(&token);
        let made = keychain.set_up_semi_automatically("to nas02", pair, &peer(&world), &login).await.unwrap();
        let target = made.target.unwrap();
        assert_eq!((target.port, target.username.as_str(), target.private_key), (22, "root", pair));
        assert!(target.host_keys().any(|key| key.kind() == "ssh-ed25519"), "{release}");
        let ssh = world.other.services().get(&ServiceName::Ssh).await.unwrap();
        assert!(ssh.autostart, "{release}");
        let datasets = world.client.replications().list_datasets(Side::Ssh(made.id)).await.unwrap();
        assert!(datasets.iter().any(|dataset| dataset.as_str() == "pool0/docs"), "{release}");
    }
}

/// Each refusal of the set-up in the appliance's own words, and nothing of ours stored.
#[tokio::test(flavor = "multi_thread")]
async fn a_set_up_that_the_other_appliance_refuses_stores_nothing_on_every_release() {
    for release in Release::ALL {
        let world = World::of(release).await;
        let keychain = world.client.keychain();
        let pair = pair(&world, "pair").await;
        let token = world.token_of_other().await;
        let wrong = Token::from("wrong".to_owned());
        let bound: String = {
            let generate = truenas_client::Method::changes("auth.generate_token");
            world.other.call(generate, &[300]).await.unwrap()
        };
        let bound = Token::from(bound);
        let password = Password::new("wrong");
        let (by_token, by_wrong) = (PeerLogin::Token(&token), PeerLogin::Token(&wrong));
        let (name, there) = ("x", peer(&world));
        let refused = keychain.set_up_semi_automatically(name, pair, &there, &by_wrong);
        assert_rejected(refused.await, "Invalid token");
        if !world.is_core() {
            // Made for our address, and redeemed by the appliance.
            let by_bound = PeerLogin::Token(&bound);
            let refused = keychain.set_up_semi_automatically(name, pair, &there, &by_bound);
            assert_rejected(refused.await, "Invalid token");
            let verified = peer(&world).verify_certificate(Switch::On);
            let refused = keychain.set_up_semi_automatically(name, pair, &verified, &by_token).await;
            assert_rejected(refused, "CERTIFICATE_VERIFY_FAILED");
        }
        let by_password = PeerLogin::Password { username: "root", password: &password, code: None };
        let refused = keychain.set_up_semi_automatically(name, pair, &there, &by_password);
        assert_rejected(refused.await, "Invalid username or password");
        let nobody = peer(&world).username("nobody");
        let refused = keychain.set_up_semi_automatically(name, pair, &nobody, &by_token);
        assert_rejected(refused.await, "Semi-automatic SSH connection setup failed");
        let elsewhere = SemiAutomatic::new("https://nas99.example.net").verify_certificate(Switch::Off);
        let refused = keychain.set_up_semi_automatically(name, pair, &elsewhere, &by_token);
        assert_rejected(refused.await, "Unable to connect to remote system");
        let missing = KeyPairId::new(99);
        assert_invalid(keychain.set_up_semi_automatically(name, missing, &there, &by_token).await);
        assert_eq!(keychain.list().await.unwrap().len(), 1, "{release}: the pair alone");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn core_says_how_to_do_without_what_it_lacks() {
    let world = World::of(Release::Core13_3).await;
    let keychain = world.client.keychain();
    let pair = pair(&world, "pair").await;
    let token = world.token_of_other().await;
    let login = PeerLogin::Token(&token);
    for peer in [peer(&world).sudo(Switch::On), peer(&world).verify_certificate(Switch::On)] {
        assert_unsupported(keychain.set_up_semi_automatically("x", pair, &peer, &login).await);
    }
    let password = Password::new("x");
    let as_admin = PeerLogin::Password { username: "admin", password: &password, code: None };
    assert_unsupported(keychain.set_up_semi_automatically("x", pair, &peer(&world), &as_admin).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn pair_and_connection_are_set_up_in_one_call_from_24_10_on() {
    for release in Release::ALL {
        let world = World::of(release).await;
        let keychain = world.client.keychain();
        let key = host_key(&world).await;
        let target = SshTarget::new("192.0.2.19", KeyPairId::new(0), &key);
        let generated = KeyChoice::Generate("new pair".to_owned());
        let manual = keychain.set_up(&NewConnection::manual("manual", generated.clone(), &target)).await;
        if world.is_core() {
            assert_unsupported(manual);
            let existing = KeyChoice::Existing(KeyPairId::new(99));
            assert_unsupported(keychain.set_up(&NewConnection::manual("x", existing, &target)).await);
            continue;
        }
        let made = manual.unwrap();
        let pair = made.target.unwrap().private_key;
        assert_eq!(keychain.key_pair(pair).await.unwrap().name, "new pair", "{release}");
        let token = world.token_of_other().await;
        let (peer, login) = (peer(&world), PeerLogin::Token(&token));
        let existing = KeyChoice::Existing(pair);
        let new = NewConnection::semi_automatic("semi", existing, &peer, &login);
        assert_eq!(keychain.set_up(&new).await.unwrap().target.unwrap().private_key, pair, "{release}");
        let fields = refused(keychain.set_up(&NewConnection::manual("manual", generated, &target)).await);
        assert_eq!(
            fields,
            ["setup_ssh_connection.private_key.name", "setup_ssh_connection.connection_name"],
            "{release}"
        );
        let before = keychain.list().await.unwrap().len();
        let wrong = Token::from("wrong".to_owned());
        let login = PeerLogin::Token(&wrong);
        let generated = KeyChoice::Generate("short-lived".to_owned());
        let new = NewConnection::semi_automatic("fails", generated, &peer, &login);
        assert_rejected(keychain.set_up(&new).await, "Invalid token");
        assert_eq!(keychain.list().await.unwrap().len(), before, "{release}: the pair is gone again");
        assert_invalid(
            keychain
                .set_up(&NewConnection::manual("x", KeyChoice::Existing(KeyPairId::new(99)), &target))
                .await,
        );
        keychain.delete(made.id, InUse::Cascade).await.unwrap();
        let error = keychain.delete(SshConnectionId::new(99), InUse::Refuse).await.unwrap_err();
        assert!(error.is_not_found(), "{release}: {error}");
    }
}
