//! The same calls on every release: what goes over the wire in that release's words, and what comes back in the canonical form. The words
//! are those of the releases' own schemas.

use std::time::Duration;

use serde_json::{Value, json};
use truenas_client::cloud_credentials::{ApplicationKey, B2Credential, Provider};
use truenas_client::cloud_syncs::{
    CloudSyncSecrets, CreateCloudSync, EncryptionPassword, EncryptionSalt, Target, UpdateCloudSync,
};
use truenas_client::datasets::UserPropertyName;
use truenas_client::filesystem::FileKind;
use truenas_client::services::ServiceName;
use truenas_client::snapshots::ListSnapshots;
use truenas_client::{
    Client, CloudCredentialId, CloudSyncId, DatasetId, Error, ErrorKind, Feature, JobId, Redactable, Support,
};

use crate::nas::{CORE_13_3, Nas, SCALE_24_10, Say, legacy_refusal};

/// Every release that is told apart, oldest first.
const RELEASES: [&str; 5] = [CORE_13_3, SCALE_24_10, "v25.04.2", "v25.10.5", "v26.0.0"];

async fn of(release: &str) -> Nas {
    if release.starts_with('v') { Nas::with_versions(&[release]).await } else { Nas::older(release).await }
}

const KEY: &str = "K005-the-application-key";

#[tokio::test]
async fn cloud_credentials_have_one_shape_here_and_two_there() {
    for release in RELEASES {
        let is_old = !release.starts_with('v');
        let provider = json!({"type": "B2", "account": "0051", "key": KEY});
        let attributes = json!({"account": "0051", "key": KEY});
        let with = |more: Value| {
            let mut body = more;
            body["name"] = json!("backup");
            if is_old {
                (body["provider"], body["attributes"]) = (json!("B2"), attributes.clone());
            } else {
                body["provider"] = provider.clone();
            }
            body
        };
        let nas = of(release).await;
        nas.answers("cloudsync.credentials.create", with(json!({"id": 5})));
        nas.answers("cloudsync.credentials.update", with(json!({"id": 5})));
        nas.answers("cloudsync.credentials.query", json!([with(json!({"id": 5}))]));
        nas.answers("cloudsync.credentials.verify", json!({"valid": true}));
        let client = nas.client().await;
        let (credentials, key) = (client.cloud_credentials(), ApplicationKey::new(KEY));
        let asked_for = B2Credential::new("backup", "0051");
        let made = credentials.create(&asked_for, &key).await.unwrap();
        let changed = credentials.update(CloudCredentialId::new(5), &asked_for, &key).await.unwrap();
        let listed = credentials.list().await.unwrap().remove(0);
        assert!(credentials.verify("0051", &key).await.unwrap().valid);
        for found in [made, changed, listed] {
            let Provider::B2 { account: Some(account), key: Redactable::Clear(shown) } = found.provider
            else {
                panic!("{release}")
            };
            assert_eq!((account.as_str(), shown.expose(), found.id.get()), ("0051", KEY, 5), "{release}");
        }
        assert_eq!(nas.asked_once("cloudsync.credentials.create"), json!([with(json!({}))]), "{release}");
        assert_eq!(nas.asked_once("cloudsync.credentials.update"), json!([5, with(json!({}))]), "{release}");
        let verified =
            if is_old { json!([{"provider": "B2", "attributes": attributes}]) } else { json!([provider]) };
        assert_eq!(nas.asked_once("cloudsync.credentials.verify"), verified, "{release}");
    }
}

fn task() -> CreateCloudSync {
    let target = Target::new("bucket-1", "/guid/tank");
    CreateCloudSync::new("/mnt/tank", CloudCredentialId::new(5), target, "0 0 * * *".parse().unwrap())
}

#[tokio::test]
async fn cloud_syncs_say_nothing_that_core_refuses_and_everything_that_others_take() {
    for release in RELEASES {
        let nas = of(release).await;
        let credential = if release.starts_with('v') {
            json!({"id": 5, "name": "x", "provider": {"type": "B2", "account": "a", "key": "k"}})
        } else {
            json!({"id": 5, "name": "x", "provider": "B2", "attributes": {"account": "a", "key": "k"}})
        };
        let entry = json!({"id": 9, "description": "", "direction": "PUSH", "transfer_mode": "SYNC", "path": "/mnt/tank",
            "credentials": credential, "attributes": {"bucket": "bucket-1", "folder": "/guid/tank"}, "enabled": true,
            "schedule": {"minute": "0", "hour": "0", "dom": "*", "month": "*", "dow": "*"}});
        nas.answers("cloudsync.create", entry.clone()).answers("cloudsync.update", entry.clone());
        nas.answers("cloudsync.query", json!([entry]));
        let client = nas.client().await;
        let secrets = CloudSyncSecrets::new(EncryptionPassword::new("p"), EncryptionSalt::new("s"));
        let made = client.cloud_syncs().create(&task(), &secrets).await.unwrap();
        assert!(matches!(made.credential.provider, Provider::B2 { .. }), "{release}");
        let found = client.cloud_syncs().get(CloudSyncId::new(9)).await.unwrap();
        client
            .cloud_syncs()
            .update(found.id, &UpdateCloudSync::matching(&task(), &found), None)
            .await
            .unwrap();
        let (created, updated) = (nas.asked_once("cloudsync.create"), nas.asked_once("cloudsync.update"));
        for unknown in ["include", "create_empty_src_dirs"] {
            assert!(created[0].get(unknown).is_none(), "{release}");
            assert_eq!(updated[1].get(unknown).is_none(), release == CORE_13_3, "{release}: {updated}");
        }
    }
}

#[tokio::test]
async fn a_user_property_is_set_changed_and_removed_on_every_release() {
    let (tank, tag) = (DatasetId::new("tank"), UserPropertyName::new("com.example:tag").unwrap());
    for release in RELEASES {
        let nas = of(release).await;
        let core = release == CORE_13_3;
        let held = json!([{"id": "tank", "properties": {"com.example:tag": {"value": "1", "rawvalue": "1", "source": "LOCAL"}}}]);
        let absent = json!([{"id": "tank", "properties": {}}]);
        nas.on("pool.dataset.userprop.query", [absent.clone(), held.clone(), held, absent].map(Say::Result));
        for method in ["create", "update", "delete"] {
            nas.answers(&format!("pool.dataset.userprop.{method}"), json!(true));
        }
        nas.answers("pool.dataset.update", json!({"id": "tank"}));
        let client = nas.client().await;
        client.datasets().set_user_property(&tank, &tag, "1").await.unwrap();
        client.datasets().set_user_property(&tank, &tag, "2").await.unwrap();
        client.datasets().remove_user_property(&tank, &tag).await.unwrap();
        client.datasets().remove_user_property(&tank, &tag).await.unwrap();
        assert_eq!(nas.asked("pool.dataset.update").len(), if core { 0 } else { 4 }, "{release}");
        if core {
            let asked = |method: &str| nas.asked_once(&format!("pool.dataset.userprop.{method}"));
            let property = |value: &str| json!({"name": "com.example:tag", "value": value});
            assert_eq!(asked("create"), json!([{"id": "tank", "property": property("1")}]));
            assert_eq!(asked("update"), json!(["tank", property("2")]));
            assert_eq!(asked("delete"), json!(["tank", {"name": "com.example:tag"}]));
        }
    }
}

#[tokio::test]
async fn datasets_are_listed_with_their_user_properties_on_every_release() {
    let tag = UserPropertyName::new("com.example:tag").unwrap();
    for release in RELEASES {
        let nas = of(release).await;
        let property =
            json!({"com.example:tag": {"value": "1", "rawvalue": "1", "parsed": "1", "source": "LOCAL"}});
        let row = json!({"id": "tank", "name": "tank", "pool": "tank", "type": "FILESYSTEM", "mountpoint": "/mnt/tank",
            "encrypted": false, "encryption_root": null, "key_loaded": false, "locked": false});
        let mut with_properties = row.clone();
        with_properties["user_properties"] = property.clone();
        let core = release == CORE_13_3;
        nas.answers("pool.dataset.query", json!([if core { row } else { with_properties }]));
        nas.answers("pool.dataset.userprop.query", json!([{"id": "tank", "properties": property}]));
        let client = nas.client().await;
        let found = client.datasets().get(&DatasetId::new("tank")).await.unwrap();
        assert_eq!(found.user_properties[&tag].value, "1", "{release}");
        assert_eq!(client.datasets().list().await.unwrap(), [found]);
        if core {
            let asked = nas.asked("pool.dataset.userprop.query");
            assert_eq!(asked, [json!([[["id", "=", "tank"]], {}]), json!([[], {}])]);
            assert!(!nas.asked("pool.dataset.query")[0].to_string().contains("user_properties"));
        }
    }
}

#[tokio::test]
async fn snapshots_are_listed_by_name_under_the_name_that_the_release_has() {
    for release in RELEASES {
        // With any other selection the appliance reads every property of every snapshot first; 26 has a way of its own.
        let by_name =
            json!([[["pool", "in", ["tank"]]], {"select": ["name"], "order_by": ["-name"], "limit": 10_000}]);
        let (method, asked) = match release {
            "v26.0.0" => (
                "zfs.resource.snapshot.query",
                json!([{"paths": ["tank"], "properties": null, "recursive": true}]),
            ),
            "v25.10.5" => ("pool.snapshot.query", by_name),
            _ => ("zfs.snapshot.query", by_name),
        };
        let nas = of(release).await;
        nas.answers(method, json!([{"name": "tank@auto-1"}]));
        let found = nas.client().await.snapshots().list(&ListSnapshots::in_pools(["tank"])).await.unwrap();
        assert_eq!(found[0].name, "auto-1");
        assert_eq!(nas.asked_once(method), asked, "{release}");
    }
}

#[tokio::test]
async fn a_service_is_started_and_stopped_by_a_job_or_by_a_plain_call() {
    let limit = Duration::from_mins(1);
    for release in RELEASES {
        let nas = of(release).await;
        let client = nas.client().await;
        let services = client.services();
        if matches!(release, "v25.10.5" | "v26.0.0") {
            nas.answers("service.control", json!(4));
            nas.answers(
                "core.get_jobs",
                json!([{"id": 4, "method": "service.control", "state": "SUCCESS", "result": true}]),
            );
            services.start(&ServiceName::Ssh, limit).await.unwrap();
            // What the job of a stop answers is not documented: the service itself is looked at.
            let ssh = |state: &str| json!([{"id": 7, "service": "ssh", "enable": false, "state": state}]);
            nas.on("service.query", [ssh("RUNNING"), ssh("STOPPED")].map(Say::Result));
            let error = services.stop(&ServiceName::Ssh, limit).await.unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::Rejected { errno: 202, .. }), "{error:?}");
            services.stop(&ServiceName::Ssh, limit).await.unwrap();
            let asked = ["START", "STOP", "STOP"].map(|verb| json!([verb, "ssh", {"silent": false}]));
            assert_eq!(nas.asked("service.control"), asked, "{release}");
            continue;
        }
        nas.answers("service.start", json!(true)).answers("service.stop", json!(false));
        services.start(&ServiceName::Ssh, limit).await.unwrap();
        services.stop(&ServiceName::Ssh, limit).await.unwrap();
        let options = if release == CORE_13_3 { json!({}) } else { json!({"silent": false}) };
        for method in ["service.start", "service.stop"] {
            assert_eq!(nas.asked_once(method), json!(["ssh", options]), "{release}");
        }
        // What does not come up is no success.
        nas.answers("service.start", json!(false));
        let error = services.start(&ServiceName::Ssh, limit).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Rejected { errno: 202, .. }), "{error:?}");
    }
}

#[tokio::test]
async fn c5_what_is_mounted_is_known_on_every_release() {
    for release in RELEASES {
        let nas = of(release).await;
        let rows = json!([
            {"id": "tank", "type": "FILESYSTEM", "mountpoint": "/mnt/tank"},
            {"id": "tank/safe", "type": "FILESYSTEM", "mountpoint": "/mnt/tank/safe"},
            {"id": "tank/gone", "type": "FILESYSTEM", "mountpoint": "/mnt/tank/gone"},
            {"id": "tank/disk", "type": "VOLUME", "mountpoint": null}]);
        nas.answers("pool.dataset.query", rows);
        // A mount point that nothing is mounted at belongs to the file system above it.
        nas.script.compute("filesystem.statfs", |params, _| match params[0].as_str().unwrap() {
            "/mnt/tank/gone" => legacy_or_not(params, "no such path"),
            _ => Say::Result(json!({"source": "tank", "dest": "/mnt/tank", "fstype": "zfs"})),
        });
        let value = |raw: &str| json!({"properties": {"mounted": {"raw": raw}}});
        let row = |name: &str, mut value: Value| {
            value["name"] = json!(name);
            value
        };
        nas.answers(
            "zfs.resource.query",
            json!([
                row("tank", value("yes")),
                row("tank/safe", value("no")),
                row("tank/gone", value("no")),
                row("tank/disk", json!({"properties": {"mounted": null}}))
            ]),
        );
        let client = nas.client().await;
        let found = client.datasets().mounts(&["tank"]).await.unwrap();
        let found: Vec<_> = found.iter().map(|it| (it.dataset.as_str(), it.mounted)).collect();
        assert_eq!(found, [("tank", true), ("tank/safe", false), ("tank/gone", false)], "{release}");
        let old = !matches!(release, "v25.10.5" | "v26.0.0");
        assert_eq!(nas.asked("filesystem.statfs").len(), if old { 3 } else { 0 }, "{release}");
    }
}

/// A refusal that both protocols read: the legacy one by its members, the other by its data.
fn legacy_or_not(_: &Value, reason: &str) -> Say {
    let data = json!({"error": 2, "errname": "ENOENT", "reason": reason, "trace": null, "extra": null});
    let mut both = json!({"code": -32001, "message": "Method call error", "data": data});
    both["error"] = json!(2);
    both["reason"] = json!(reason);
    Say::Refuse(both)
}

#[tokio::test]
async fn what_a_path_leads_to_is_known_on_every_release() {
    for release in RELEASES {
        let nas = of(release).await;
        let mut stat = json!({"size": 3, "mode": 0o040_755, "uid": 0, "gid": 0, "mtime": 1.5, "dev": 1, "inode": 2, "nlink": 1,
            "user": "root", "group": "wheel", "acl": false});
        if release != CORE_13_3 {
            (stat["realpath"], stat["is_mountpoint"]) = (json!("/mnt/tank"), json!(true));
        }
        if release.starts_with('v') {
            stat["type"] = json!("DIRECTORY");
        }
        nas.answers("filesystem.stat", stat);
        nas.answers("filesystem.statfs", json!({"source": "tank", "dest": "/mnt/tank"}));
        let found = nas.client().await.filesystem().stat("/mnt/tank").await.unwrap();
        let said = (found.kind, found.realpath.as_str(), found.is_mountpoint, found.size);
        assert_eq!(said, (FileKind::Directory, "/mnt/tank", true, 3), "{release}");
    }
}

/// Calls what an old release lacks.
async fn call(client: &Client, feature: Feature) -> Result<(), Error> {
    match feature {
        Feature::OwnRights => client.system().me().await.map(drop),
        Feature::JobLog => client.jobs().attach::<()>(JobId::new(4)).log().await.map(drop),
        Feature::MakeDirectory => client.filesystem().make_directory("/mnt/tank/x").await,
        other => unreachable!("{other:?} is a part of a call"),
    }
}

#[tokio::test]
async fn what_a_release_lacks_is_unsupported_beforehand_and_when_it_is_called() {
    for release in RELEASES {
        let nas = of(release).await;
        nas.answers("auth.me", json!({"pw_name": "root"})).answers("filesystem.mkdir", json!({}));
        nas.answers("core.job_download_logs", json!("/_download/4"));
        nas.answers("core.get_jobs", json!([{"id": 4, "state": "RUNNING"}]));
        nas.script.page("/_download/4", "log");
        let client = nas.client().await;
        for feature in [Feature::OwnRights, Feature::JobLog, Feature::MakeDirectory] {
            let before = nas.methods().len();
            match (client.supports(feature), call(&client, feature).await) {
                (Support::Yes, Ok(())) => assert_ne!(release, CORE_13_3),
                (Support::No { instead }, Err(error)) => {
                    assert_eq!(release, CORE_13_3);
                    let ErrorKind::Unsupported { release, instead: way_out, .. } = error.kind() else {
                        panic!("{error:?}")
                    };
                    assert_eq!((release.as_str(), *way_out), ("TrueNAS CORE 13.3", Some(instead)));
                    assert!(error.to_string().contains("TrueNAS CORE 13.3 does not offer"), "{error}");
                    assert_eq!(nas.methods().len(), before, "nothing was sent");
                }
                (asked, called) => panic!("{release} {feature:?}: {asked:?}, but {called:?}"),
            }
        }
    }
}

/// A refusal of CORE has neither a name nor a number of its own for what is not logged in.
#[tokio::test]
async fn a_session_that_core_forgot_is_opened_again_once() {
    let nas = Nas::older(CORE_13_3).await;
    let forgotten = legacy_refusal(13, "Not authenticated");
    nas.on("pool.query", [forgotten, Say::Result(json!([]))]);
    assert!(nas.client().await.pools().list().await.unwrap().is_empty());
    assert_eq!(nas.asked("auth.login_with_api_key").len(), 2);
    nas.on("pool.query", [legacy_refusal(13, "Not authorized")]);
    let error = nas.client().await.pools().list().await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::Unauthorized);
}

#[tokio::test]
async fn validation_on_the_older_socket_names_the_field() {
    for release in [CORE_13_3, SCALE_24_10] {
        let nas = Nas::older(release).await;
        let errno = if release == CORE_13_3 { 35 } else { 11 };
        let extra = json!([["cloud_sync_credentials_create.name", "is taken", 22]]);
        nas.on(
            "cloudsync.credentials.create",
            [Say::Refuse(json!({"error": errno, "type": "VALIDATION",
            "reason": "[EINVAL] x", "trace": {"formatted": "TRACE"}, "extra": extra}))],
        );
        let client = nas.client().await;
        let error =
            client.cloud_credentials().create(&B2Credential::new("a", "b"), &ApplicationKey::new("c")).await;
        let error = error.unwrap_err();
        let ErrorKind::Validation { fields } = error.kind() else { panic!("{error:?}") };
        assert_eq!(fields[0].attribute, "cloud_sync_credentials_create.name");
        assert!(!format!("{error:?}").contains("TRACE"));
    }
}

/// 64 kB are too long for SCALE and not for CORE, which has no limit of its own.
#[tokio::test]
async fn a_long_request_is_refused_where_the_release_would_hang_up() {
    for (release, limit) in [(CORE_13_3, None), (SCALE_24_10, Some(65_536)), ("v25.10.5", Some(65_536))] {
        let nas = of(release).await;
        nas.on("cloudsync.create", [Say::Refuse(json!({"error": 22, "code": -32_000, "reason": "x"}))]);
        let filters = (0..3000).map(|n| format!("/a-folder-with-a-long-name-{n}/**"));
        let secrets = CloudSyncSecrets::new(EncryptionPassword::new("p"), EncryptionSalt::new("s"));
        let client = Client::connect(nas.config().attempts(1)).await.unwrap();
        let error = client.cloud_syncs().create(&task().exclude(filters), &secrets).await.unwrap_err();
        let found = match error.kind() {
            ErrorKind::TooLong { limit, .. } => Some(*limit),
            _ => None,
        };
        assert_eq!(found, limit, "{release}: {error:?}");
        assert_eq!(nas.asked("cloudsync.create").len(), usize::from(limit.is_none()), "{release}");
    }
}
