//! Every pair of releases, either way, however the source is encrypted: one end state, and the proof.

use dtc_provision::ErrorKind;
use dtc_provision::PortErrorKind;
use dtc_provision::ports::Way;
use dtc_provision::replication::{Encryption, IN_DATABASE, ReplicationItemId};
use dtc_provision::standard::DEVICE_GUID_PROPERTY;
use dtc_provision::verify::Verdict;
use serde_json::{Value, json};
use simulator::truenas::Release;

use super::{DESTINATION, KEY, SOURCE, Source, Two, name};

/// What stands on both appliances and in the vault, but for identifiers and keys that were drawn.
fn state(two: &Two) -> Value {
    let (sender, receiver) = (two.bed.sim.truenas(), two.two());
    let runner = if two.wanted.way == Way::Pull { receiver } else { sender };
    let remote = if two.wanted.way == Way::Pull { sender } else { receiver };
    let arrived = receiver.snapshots();
    let mut arrived: Vec<&str> = arrived
        .iter()
        .filter_map(|name| name.strip_prefix("pool1/site").map(|it| &it[..it.find('@').unwrap()]))
        .collect();
    arrived.sort_unstable();
    let tasks = runner.replications();
    json!({
        "keychain": runner.keychain().iter().map(|entry| entry["name"].clone()).collect::<Vec<_>>(),
        "tasks": tasks.iter().map(|task| json!([
            task["name"], task["enabled"], task["source_datasets"], task["target_dataset"], task["properties_exclude"],
            task["allow_from_scratch"], task["recursive"], task["readonly"], task["retention_policy"],
        ])).collect::<Vec<_>>(),
        "keys of root": remote.ssh_keys_of("root").len(),
        "arrived": arrived,
        "guid": receiver.user_property(DESTINATION, DEVICE_GUID_PROPERTY),
        "records": two.records(),
    })
}

async fn replicated(releases: [Release; 2], way: Way, source: Source) -> Value {
    let two = Two::new(releases, way, source).await;
    let what = format!("{} to {}, {way:?}, {source:?}", releases[0], releases[1]);
    let report = two.apply().await.unwrap_or_else(|error| panic!("{what}: {error}\n{error:?}"));
    for item in &report.items {
        let is_locked = source != Source::Clear && item.id == ReplicationItemId::Files;
        let expected = [Verdict::Pass, Verdict::NotApplicable];
        let is_well =
            expected.contains(&item.verdict) || (is_locked && item.verdict == Verdict::NotCheckable);
        assert!(is_well, "{what}: {item:?}");
    }
    let unlocked = two.unlock().await.unwrap_or_else(|error| panic!("{what}: {error:?}"));
    assert!(unlocked.failed.is_empty(), "{what}: {unlocked:?}");
    assert_eq!(unlocked.unlocked.is_empty(), source == Source::Clear, "{what}: {unlocked:?}");
    let report = two.verify().await.unwrap();
    let files = report.items.iter().find(|item| item.id == ReplicationItemId::Files).unwrap();
    assert_eq!(files.verdict, Verdict::Pass, "{what}: {files:?}");
    assert!(two.plan().await.unwrap().is_empty(), "{what}");
    state(&two)
}

/// What was sent raw opens with the key that was read back from the vault, on every pair of releases, and nothing is left to do.
async fn every_pair(way: Way) {
    let expected = Box::pin(replicated([Release::default(); 2], way, Source::Key)).await;
    assert_eq!(expected["records"].as_array().unwrap().len(), 1, "{expected:#}");
    assert_eq!(expected["records"][0][2], KEY, "{expected:#}");
    for from in Release::ALL {
        for to in Release::ALL {
            let state = Box::pin(replicated([from, to], way, Source::Key)).await;
            assert_eq!(state, expected, "{from} to {to}, {way:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn r6_every_pair_of_releases_pushes_to_the_same_state_and_opens() {
    every_pair(Way::Push).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r6_every_pair_of_releases_pulls_to_the_same_state_and_opens() {
    every_pair(Way::Pull).await;
}

/// R4, R5: whatever the source is encrypted by.
#[tokio::test(flavor = "multi_thread")]
async fn r5_a_source_in_clear_and_one_with_a_passphrase_arrive_too() {
    for source in [Source::Clear, Source::Passphrase] {
        for way in [Way::Push, Way::Pull] {
            Box::pin(replicated([Release::default(); 2], way, source)).await;
        }
    }
}

/// R5: a destination with a key of its own, drawn and escrowed before the task is saved; one that inherits.
#[tokio::test(flavor = "multi_thread")]
async fn r5_the_destination_gets_its_own_key_or_that_of_its_parent() {
    for release in Release::ALL {
        let mut two = Two::new([release; 2], Way::Push, Source::Clear).await;
        two.wanted.encryption = Encryption::Key { location: IN_DATABASE.to_owned() };
        let report = two.apply().await.unwrap_or_else(|error| panic!("{release}: {error}\n{error:?}"));
        let opens = report.items.iter().find(|item| item.id == ReplicationItemId::Opens).unwrap();
        assert_eq!(opens.verdict, Verdict::Pass, "{release}: {report:?}");
        let mut two = Two::new([release; 2], Way::Push, Source::Clear).await;
        two.two().add_dataset("pool1/site").unwrap();
        two.two().encrypt_dataset_by_key("pool1/site", KEY).unwrap();
        two.wanted.encryption = Encryption::Inherit;
        match two.apply().await {
            Ok(report) => assert_eq!(report.with(Verdict::Fail).count(), 0, "{release}: {report:?}"),
            Err(error) => {
                assert_eq!(release, Release::Core13_3, "{error}\n{error:?}");
                let ErrorKind::Port(port) = error.kind() else { panic!("{error:?}") };
                assert_eq!(port.kind(), PortErrorKind::Unsupported, "{error}");
                assert!(error.to_string().contains("key of its own"), "{error}");
            }
        }
    }
}

/// R3: the snapshots of a periodic snapshot task, on every release; the task reads back bound, and drift is found.
#[tokio::test(flavor = "multi_thread")]
async fn r3_a_push_is_bound_to_snapshot_tasks_on_every_release() {
    for release in Release::ALL {
        let mut two = Two::new([release; 2], Way::Push, Source::Key).await;
        let id = two.bind_snapshot_task();
        let report = two.apply().await.unwrap_or_else(|error| panic!("{release}: {error}\n{error:?}"));
        assert_eq!(report.with(Verdict::Fail).count(), 0, "{release}: {report:?}");
        let sender = two.bed.sim.truenas();
        let task = sender.replications().remove(0);
        let bound = json!([task["periodic_snapshot_tasks"], task["auto"], task["schedule"], task["enabled"]]);
        assert_eq!(bound, json!([[id], true, null, true]), "{release}");
        assert!(two.plan().await.unwrap().is_empty(), "{release}");
        // Somebody binds it to nothing and names snapshots in its place.
        let client = two.client_of_first().await;
        let found = client.replications().list().await.unwrap().remove(0);
        let method = truenas_client::Method::changes("replication.update");
        let change = json!([found.id.get(), {
            "periodic_snapshot_tasks": [], "also_include_naming_schema": ["x-%Y-%m-%d_%H-%M"], "auto": false,
        }]);
        client.call::<Value>(method, &change).await.unwrap();
        let report = two.verify().await.unwrap();
        let task = report.items.iter().find(|item| item.id == ReplicationItemId::Task).unwrap();
        assert_eq!(task.verdict, Verdict::Fail, "{release}: {report:?}");
        assert!(task.evidence.contains("of_tasks"), "{release}: {task:?}");
        two.apply().await.unwrap();
        assert!(two.plan().await.unwrap().is_empty(), "{release}");
    }
}

/// R6: a file of keys, as the box lets it be downloaded, opens the destination; the vault has lost them.
#[tokio::test(flavor = "multi_thread")]
async fn r6_the_destination_opens_with_a_file_of_keys_that_was_downloaded() {
    for (way, release) in
        [(Way::Push, Release::Scale24_10), (Way::Push, Release::default()), (Way::Pull, Release::default())]
    {
        let two = Two::new([release; 2], way, Source::Key).await;
        two.apply().await.unwrap();
        let client = two.client_of_first().await;
        let limit = std::time::Duration::from_mins(1);
        let keys = if way == Way::Push {
            let task = client.replications().list_with_keys().await.unwrap().remove(0);
            assert!(task.has_encrypted_dataset_keys, "{release}");
            client.datasets().export_keys_for_replication(task.id.get(), limit).await
        } else {
            client.datasets().export_keys(&truenas_client::DatasetId::new(SOURCE), limit).await
        };
        let keys: serde_json::Map<String, Value> =
            keys.unwrap().iter().map(|(name, key)| (name.to_string(), key.expose().into())).collect();
        for record in two.bed.sim.itglue().client_records() {
            two.bed.sim.itglue().remove_record(record.id);
        }
        let opened = two.unlock_by(&Value::Object(keys).to_string()).await.unwrap();
        assert!(
            opened.failed.is_empty() && opened.unlocked.iter().any(|name| name == DESTINATION),
            "{opened:?}"
        );
    }
}

/// R5a: the Device GUID stays where it is, also where the pool's own dataset is sent.
#[tokio::test(flavor = "multi_thread")]
async fn r5a_the_device_guid_never_travels() {
    let mut two = Two::new([Release::default(); 2], Way::Pull, Source::Clear).await;
    two.bed.sim.truenas().set_user_property(SOURCE, DEVICE_GUID_PROPERTY, super::GUIDS[0]).unwrap();
    two.wanted.destination = name("pool1/site/all");
    two.apply().await.unwrap();
    assert_eq!(two.two().user_property("pool1/site/all", DEVICE_GUID_PROPERTY), None);
}

/// R3: within one appliance nobody logs in, and nothing is asked.
#[tokio::test(flavor = "multi_thread")]
async fn r3_a_local_replication_needs_no_connection() {
    for release in Release::ALL {
        let mut two = Two::new([release; 2], Way::Local, Source::Key).await;
        two.wanted.to = "main".to_owned();
        two.wanted.host = None;
        assert!(two.plan().await.unwrap().questions().is_empty(), "{release}");
        let report = two.apply().await.unwrap_or_else(|error| panic!("{release}: {error}\n{error:?}"));
        assert_eq!(report.with(Verdict::Fail).count(), 0, "{release}: {report:?}");
        assert!(two.unlock().await.unwrap().failed.is_empty(), "{release}");
        assert!(two.bed.sim.truenas().keychain().is_empty(), "{release}");
        assert!(two.plan().await.unwrap().is_empty(), "{release}");
    }
}

/// R3: each of several sources becomes a dataset below the destination.
#[tokio::test(flavor = "multi_thread")]
async fn r3_several_sources_become_datasets_below_the_destination() {
    let mut two = Two::new([Release::default(); 2], Way::Pull, Source::Key).await;
    let one = two.bed.sim.truenas();
    one.add_dataset("pool0/more").unwrap();
    one.write_file("/mnt/pool0/more/a.txt", b"a").unwrap();
    one.take_snapshots("pool0/more", super::SCHEMA);
    two.wanted.sources.push(name("pool0/more"));
    two.wanted.destination = name("pool1/site");
    let report = two.apply().await.unwrap();
    assert_eq!(report.with(Verdict::Fail).count(), 0, "{report:?}");
    let arrived = two.two().snapshots();
    for dataset in ["pool1/site/docs@", "pool1/site/docs/contracts@", "pool1/site/more@"] {
        assert!(arrived.iter().any(|name| name.starts_with(dataset)), "{dataset}: {arrived:?}");
    }
    assert!(two.unlock().await.unwrap().failed.is_empty());
    assert!(two.plan().await.unwrap().is_empty());
}
