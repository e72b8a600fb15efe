//! TrueNAS: Cloud Sync tasks and their runs.

use std::time::Duration;

use dtc_provision::PortErrorKind;
use dtc_provision::bandwidth::MegabitsPerSecond;
use dtc_provision::ids::{CloudSyncId, CredentialId, JobId};
use dtc_provision::ports::{
    CloudSync, CloudSyncSave, CloudSyncSpec, CloudSyncTarget, CredentialSpec, JobState, Ports, Redactable,
};
use dtc_provision::proofs::{Backup, Escrowed};
use dtc_provision::secret::{EncryptionPassword, EncryptionSalt, EncryptionSecrets};
use dtc_provision::site::Site;
use dtc_provision::standard;

use super::outside::Outside;
use super::{backup, bucket_name, consent, device, held, kind, make_bucket, make_key, other_device, pool};

contract!(
    c2_a_task_reads_back_as_it_was_saved_disabled,
    c2a_a_task_saved_over_an_enabled_one_is_disabled,
    c4_a_task_that_writes_elsewhere_is_not_replaced_without_consent,
    c2a_hidden_task_secrets_are_unknown,
    e5_another_appliances_secrets_are_not_bound,
    v1_a_run_ends_and_is_the_tasks_last,
    c2_a_task_that_is_not_there_is_not_found,
);

fn secrets() -> Escrowed<EncryptionSecrets> {
    let secrets = EncryptionSecrets {
        password: EncryptionPassword::new("a password of 32 characters abcd"),
        salt: EncryptionSalt::new("a salt of some 32 characters abc"),
    };
    held(secrets, backup())
}

fn spec() -> CloudSyncSpec {
    let site = Site::new("client", "location", MegabitsPerSecond::new(100).unwrap());
    standard::cloud_sync::spec(&site, &bucket_name(), device(), &pool(), 1)
}

async fn credential(ports: &Ports) -> CredentialId {
    let bucket = make_bucket(ports).await;
    let (key, spec) =
        (make_key(ports, &bucket).await, CredentialSpec { bucket: bucket.name, device: device() });
    ports.appliance.put_cloud_credential(None, key.for_use(&spec).unwrap()).await.unwrap()
}

async fn make_task(ports: &Ports, via: &CredentialId) -> CloudSyncId {
    let (secrets, spec) = (secrets(), spec());
    let save = CloudSyncSave::new(secrets.for_use(&spec).unwrap());
    ports.appliance.put_cloud_sync(save, via).await.unwrap()
}

async fn listed<T>(ports: &Ports, id: &CloudSyncId, look: impl FnOnce(&CloudSync) -> T) -> T {
    let all = ports.appliance.cloud_syncs().await.unwrap();
    look(all.iter().find(|found| found.id == *id).unwrap())
}

async fn c2_a_task_reads_back_as_it_was_saved_disabled(world: &impl Outside) {
    let ports = world.ports();
    assert!(ports.appliance.cloud_syncs().await.unwrap().is_empty());
    let via = credential(ports).await;
    let id = make_task(ports, &via).await;
    listed(ports, &id, |found| {
        assert_eq!(found.settings, spec().settings);
        assert_eq!((found.enabled, &found.credential, &found.last_run), (false, &via, &None));
        assert!(matches!(&found.secrets, Redactable::Clear(shown) if secrets().is(shown)));
    })
    .await;
    for _ in ["enabled", "already enabled"] {
        ports.appliance.enable_cloud_sync(&id).await.unwrap();
        listed(ports, &id, |found| {
            assert!(found.enabled);
            assert_eq!(found.settings, spec().settings);
            assert!(matches!(&found.secrets, Redactable::Clear(shown) if secrets().is(shown)));
        })
        .await;
    }
}

async fn c2a_a_task_saved_over_an_enabled_one_is_disabled(world: &impl Outside) {
    let ports = world.ports();
    let via = credential(ports).await;
    let id = make_task(ports, &via).await;
    ports.appliance.enable_cloud_sync(&id).await.unwrap();
    let (secrets, mut spec) = (secrets(), spec());
    spec.settings.transfers = Some(8);
    let all = ports.appliance.cloud_syncs().await.unwrap();
    let save = CloudSyncSave::replacing(&all[0], secrets.for_use(&spec).unwrap(), None).unwrap();
    assert_eq!(ports.appliance.put_cloud_sync(save, &via).await.unwrap(), id);
    listed(ports, &id, |found| {
        assert!(!found.enabled);
        assert_eq!(found.settings, spec.settings);
        assert!(matches!(&found.secrets, Redactable::Clear(shown) if secrets.is(shown)));
    })
    .await;
    assert_eq!(ports.appliance.cloud_syncs().await.unwrap().len(), 1);
}

async fn c4_a_task_that_writes_elsewhere_is_not_replaced_without_consent(world: &impl Outside) {
    let ports = world.ports();
    let via = credential(ports).await;
    make_task(ports, &via).await;
    let all = ports.appliance.cloud_syncs().await.unwrap();
    let sent = world.sent();
    let (spec, site) = (spec(), Site::new("client", "location", MegabitsPerSecond::new(100).unwrap()));
    let elsewhere = standard::cloud_sync::spec(&site, &bucket_name(), other_device(), &pool(), 1);
    let others = held(
        EncryptionSecrets {
            password: EncryptionPassword::new("another password"),
            salt: EncryptionSalt::new("another salt"),
        },
        Backup { device: other_device(), ..backup() },
    );
    let save = |consent| CloudSyncSave::replacing(&all[0], others.for_use(&elsewhere).unwrap(), consent);
    let act = save(None).unwrap_err();
    assert_eq!(act.subject, elsewhere.settings.target.to_string());
    let terms = |from: &CloudSyncTarget| {
        [
            ("from", from.to_string()),
            ("to", elsewhere.settings.target.to_string()),
            ("pool", elsewhere.pool.to_string()),
        ]
    };
    let of_another = consent(&act.subject, terms(&elsewhere.settings.target));
    assert_eq!(save(Some(of_another)).unwrap_err(), act, "a consent to leaving another folder");
    assert_eq!(world.sent(), sent);
    let save = save(Some(consent(&act.subject, terms(&spec.settings.target)))).unwrap();
    ports.appliance.put_cloud_sync(save, &via).await.unwrap();
    let all = ports.appliance.cloud_syncs().await.unwrap();
    assert_eq!(
        all.iter().map(|task| &task.settings.target).collect::<Vec<_>>(),
        [&elsewhere.settings.target]
    );
}

async fn c2a_hidden_task_secrets_are_unknown(world: &impl Outside) {
    let ports = world.ports();
    let via = credential(ports).await;
    let id = make_task(ports, &via).await;
    listed(&world.ports_without_secrets().await, &id, |found| {
        assert!(matches!(found.secrets, Redactable::Redacted));
        assert_eq!(found.settings, spec().settings);
    })
    .await;
}

async fn e5_another_appliances_secrets_are_not_bound(world: &impl Outside) {
    let sent = world.sent();
    let (secrets, mut spec) = (secrets(), spec());
    spec.settings.target.folder = format!("/{}/pool0", other_device());
    assert!(secrets.for_use(&spec).is_err());
    "/somewhere".clone_into(&mut spec.settings.target.folder);
    assert!(secrets.for_use(&spec).is_err());
    assert_eq!(world.sent(), sent);
}

async fn ended(ports: &Ports, job: &JobId) -> JobState {
    loop {
        let progress = ports.appliance.job(job).await.unwrap().unwrap();
        if !matches!(progress.state, JobState::Waiting | JobState::Running) {
            assert!(progress.started.is_some() && progress.finished.is_some(), "{progress:?}");
            return progress.state;
        }
    }
}

async fn v1_a_run_ends_and_is_the_tasks_last(world: &impl Outside) {
    let ports = world.ports();
    let via = credential(ports).await;
    let id = make_task(ports, &via).await;
    let job = ports.appliance.start_cloud_sync(&id).await.unwrap();
    let end = tokio::time::timeout(Duration::from_mins(1), ended(ports, &job)).await.unwrap();
    assert_eq!(end, JobState::Succeeded);
    listed(ports, &id, |found| {
        let last = found.last_run.as_ref().unwrap();
        assert_eq!((&last.job, &last.state), (&job, &JobState::Succeeded));
        assert!(last.finished.is_some());
    })
    .await;
    assert_eq!(ports.appliance.job(&JobId::new("999999")).await.unwrap(), None);
}

async fn c2_a_task_that_is_not_there_is_not_found(world: &impl Outside) {
    let ports = world.ports();
    let (via, nowhere) = (credential(ports).await, CloudSyncId::new("999999"));
    let (secrets, spec) = (secrets(), spec());
    let gone = CloudSync {
        id: nowhere.clone(),
        enabled: true,
        credential: via.clone(),
        settings: spec.settings.clone(),
        secrets: Redactable::Absent,
        last_run: None,
    };
    let save = CloudSyncSave::replacing(&gone, secrets.for_use(&spec).unwrap(), None).unwrap();
    assert_eq!(kind(ports.appliance.put_cloud_sync(save, &via).await), PortErrorKind::NotFound);
    assert_eq!(kind(ports.appliance.enable_cloud_sync(&nowhere).await), PortErrorKind::NotFound);
    assert_eq!(kind(ports.appliance.start_cloud_sync(&nowhere).await), PortErrorKind::NotFound);
    assert!(ports.appliance.cloud_syncs().await.unwrap().is_empty());
}
