//! What the ports say of a world that is not as it should be, over real sockets.

use dtc_adapters::SecretSource;
use dtc_adapters::connections::{ItGlueConnection, Vault};
use dtc_naming::{BucketName, DeviceGuid, FolderPath, PoolName};
use dtc_provision::ids::{JobId, RecordId, VaultOrganizationId};
use dtc_provision::ports::{MintAccount, ObjectPage, RecordNote, Redactable, Waits};
use dtc_provision::proofs::Slot;
use dtc_provision::{Error, ErrorKind, PortErrorKind};
use dtc_tests::TestBed;
use serde_json::{Value, json};
use simulator::Fault;
use simulator::itglue::PasswordAccess;
use simulator::ninja::NewDevice;
use std::time::Duration;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

const BUCKET: &str = "truenas-a1b2c3d4e5f670718293a4b5c6d7e8f9";
const GUID: &str = "3c1e5d70-92ab-4f0e-8d47-b6a9c2f1e084";

fn pool() -> PoolName {
    "pool0".parse().unwrap()
}

fn guid() -> DeviceGuid {
    GUID.parse().unwrap()
}

/// Makes the location's bucket by hand and returns its id.
fn make_bucket(bed: &TestBed) -> String {
    let account = bed.sim.b2().account_id();
    let request = json!({"accountId": account, "bucketName": BUCKET, "bucketType": "allPrivate"});
    let made = bed.sim.b2().call("b2_create_bucket", request).unwrap();
    made["bucketId"].as_str().unwrap().to_owned()
}

fn kind(error: &Error) -> PortErrorKind {
    match error.kind() {
        ErrorKind::Port(error) => error.kind(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn v2_a_listing_of_several_pages_has_every_object_once() {
    let bed = TestBed::new(1).await;
    make_bucket(&bed);
    let count = 2_000;
    for number in 0..count {
        bed.sim.b2().put(BUCKET, &format!("{GUID}/pool0/{number:05}.bin"), b"x").unwrap();
    }
    bed.sim.b2().put(BUCKET, &format!("{GUID}/pool00/not ours.bin"), b"x").unwrap();
    let bucket =
        bed.ports.object_store.bucket(&BUCKET.parse::<BucketName>().unwrap()).await.unwrap().unwrap();
    let prefix = FolderPath::compute(guid(), &pool()).object_prefix();
    let (mut names, mut from, mut pages) = (Vec::new(), None::<String>, 0);
    loop {
        let page = bed.ports.object_store.objects(&bucket, &prefix, from.as_deref()).await.unwrap();
        let ObjectPage { objects, not_understood, next } = page;
        assert!(not_understood.is_empty(), "{not_understood:?}");
        names.extend(objects.into_iter().map(|object| object.name));
        pages += 1;
        from = next;
        if from.is_none() {
            break;
        }
    }
    let expected: Vec<String> = (0..count).map(|number| format!("{GUID}/pool0/{number:05}.bin")).collect();
    assert_eq!(names, expected);
    assert!(pages >= 2, "{pages}");
}

#[tokio::test(flavor = "multi_thread")]
async fn k2a_keys_of_both_worlds_and_of_the_buckets_name_are_listed() {
    let bed = TestBed::new(2).await;
    let id = make_bucket(&bed);
    let account = bed.sim.b2().account_id();
    let make = |version: u8, name: &str, scope: Value| {
        let mut request = json!({"accountId": account, "keyName": name, "capabilities": ["listFiles"]});
        request.as_object_mut().unwrap().extend(scope.as_object().unwrap().clone());
        bed.sim.b2().call_version(version, "b2_create_key", request).unwrap();
    };
    make(3, "old", json!({"bucketId": id}));
    make(4, "new", json!({"bucketIds": [id]}));
    make(4, BUCKET, json!({}));
    make(4, "elsewhere", json!({}));
    let keys = bed.ports.object_store.keys().await.unwrap();
    let mut found: Vec<(&str, usize)> =
        keys.iter().map(|key| (key.name.as_str(), key.buckets.len())).collect();
    found.retain(|(name, _)| ["old", "new", BUCKET, "elsewhere"].contains(name));
    found.sort_unstable();
    assert_eq!(found, [("elsewhere", 0), ("new", 1), ("old", 1), (BUCKET, 0)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn c5_a_dataset_that_is_locked_or_not_mounted_is_reported() {
    let bed = TestBed::new(3).await;
    bed.sim.truenas().lock_dataset("pool0/docs").unwrap();
    bed.sim.truenas().unmount_dataset("pool0/media").unwrap();
    let pools = bed.ports.appliance.pools().await.unwrap();
    let datasets = &pools.iter().find(|found| found.name == pool()).unwrap().datasets;
    let state = |name: &str| {
        let found = datasets.iter().find(|dataset| dataset.name == name).unwrap();
        (found.locked, found.mounted)
    };
    assert_eq!(state("pool0"), (false, true));
    assert_eq!(state("pool0/docs"), (true, false));
    assert_eq!(state("pool0/media"), (false, false));
    assert!(datasets.iter().all(|dataset| dataset.name.starts_with("pool0")));
    assert!(pools.iter().all(|pool| !pool.datasets.is_empty()), "a pool has at least its root");
}

#[tokio::test(flavor = "multi_thread")]
async fn c2a_who_may_only_read_sees_that_secrets_are_hidden() {
    let mut bed = TestBed::new(4).await;
    bed.provision().await;
    let mut connections = bed.connections();
    connections.appliance.api_key = dtc_adapters::SecretSource::value(bed.sim.truenas().read_only_api_key());
    bed.ports = dtc_adapters::connect(&connections, bed.ports.waits).await.unwrap();
    let appliance = &bed.ports.appliance;
    assert!(matches!(appliance.snmp().await.unwrap().secrets, Redactable::Redacted));
    assert!(matches!(appliance.cloud_credentials().await.unwrap()[0].key, Redactable::Redacted));
    assert!(matches!(appliance.cloud_syncs().await.unwrap()[0].secrets, Redactable::Redacted));
}

#[tokio::test(flavor = "multi_thread")]
async fn v1_a_run_under_way_is_joined() {
    let bed = TestBed::new(5).await;
    bed.provision().await;
    bed.sim.truenas().delay_runs(Duration::from_millis(300));
    let appliance = &bed.ports.appliance;
    let task = appliance.cloud_syncs().await.unwrap()[0].id.clone();
    let first = appliance.start_cloud_sync(&task).await.unwrap();
    let joined = appliance.start_cloud_sync(&task).await.unwrap();
    assert_eq!(first, joined);
    assert!(appliance.job(&first).await.unwrap().is_some());
    assert!(appliance.job(&JobId::new("9999")).await.unwrap().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vault_that_withholds_values_says_which_tick_is_missing() {
    let bed = TestBed::new(6).await;
    let vault = bed.sim.itglue();
    let organization = VaultOrganizationId::new(vault.organization_id().to_string());
    let record = vault.client_records().remove(0);
    vault.password_access(PasswordAccess::Withheld);
    let read = bed.ports.secrets.read(&organization, &RecordId::new(record.id.to_string())).await;
    let error = read.unwrap_err();
    assert_eq!(error.kind(), PortErrorKind::Unauthorized);
    assert!(error.to_string().contains("Password Access"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn e5_only_live_records_of_ours_are_listed_and_with_their_notes() {
    let bed = TestBed::new(7).await;
    let vault = bed.sim.itglue();
    let (client, label) = (vault.organization_id(), "TrueNAS Cloud Backup — Main Office");
    vault.add_record(client, label, "id", "v", &format!("Device GUID: {GUID}\nBucket Name: {BUCKET}"));
    let archived = vault.add_record(client, label, "id", "v", "Device GUID: z");
    vault.set_attribute(archived, "archived", true);
    let organization = VaultOrganizationId::new(client.to_string());
    let records = bed.ports.vault.records(&organization).await.unwrap();
    assert_eq!(records.len(), 1, "{records:?}");
    assert_eq!(records[0].slot, Slot::ApplicationKey);
    assert_eq!(records[0].bucket.as_ref().map(BucketName::as_str), Some(BUCKET));
    assert!(records[0].reference.url.starts_with("https://"), "{:?}", records[0].reference);
}

/// A record of ours whose notes cannot be read is not passed over: a second one would be made beside it.
#[tokio::test(flavor = "multi_thread")]
async fn e5_a_record_that_cannot_be_read_fails_the_list() {
    for fault in [Fault::refuse(401, "Refused", "not now"), Fault::Html(404)] {
        let bed = TestBed::new(9).await;
        let (vault, label) = (bed.sim.itglue(), "TrueNAS Cloud Backup — Main Office");
        let notes = format!("Device GUID: {GUID}\nBucket Name: {BUCKET}");
        vault.add_record(vault.organization_id(), label, "id", "v", &notes);
        let organization = VaultOrganizationId::new(vault.organization_id().to_string());
        bed.sim.faults().on("itglue", "get_password").before_effect(fault.clone());
        let error = bed.ports.vault.records(&organization).await.unwrap_err();
        assert!(error.to_string().contains("read the notes of"), "{fault:?}: {error}");
        assert_eq!(bed.ports.vault.records(&organization).await.unwrap().len(), 1);
    }
}

/// Notes are written as a whole: of an answer without them, nothing would be left of a record's identity.
#[tokio::test(flavor = "multi_thread")]
async fn e5_a_record_that_is_shown_without_its_notes_is_not_written() {
    let (bed, server) = (TestBed::new(11).await, MockServer::start().await);
    let shown = json!({ "data": { "id": "9", "type": "passwords", "attributes": {
        "organization-id": 5, "name": "TrueNAS Cloud Backup — Main Office", "username": "id" } } });
    let shown = ResponseTemplate::new(200).set_body_raw(shown.to_string(), "application/vnd.api+json");
    Mock::given(any()).respond_with(shown).mount(&server).await;
    let mut connections = bed.connections();
    connections.vault = Vault::ItGlue(ItGlueConnection::new(server.uri(), SecretSource::value("a key")));
    let ports = dtc_adapters::connect(&connections, Waits::default()).await.unwrap();
    let (organization, record) = (VaultOrganizationId::new("5"), RecordId::new("9"));
    let note = RecordNote::Mints(MintAccount { keys_before_mint: Some(vec![]), orphaned_keys: vec![] });
    let refused = [
        ports.vault.note(&organization, &record, &note).await.unwrap_err(),
        ports.vault.replace(&organization, &record, None, &"v".into(), None).await.unwrap_err(),
    ];
    for error in refused {
        assert_eq!(error.kind(), PortErrorKind::NotUnderstood);
        assert!(error.to_string().contains("without its notes"), "{error}");
    }
    let requests = server.received_requests().await.unwrap();
    assert!(requests.iter().all(|request| request.method.as_str() == "GET"), "it was written");
}

#[tokio::test(flavor = "multi_thread")]
async fn i9_a_pending_device_is_listed_with_its_addresses() {
    let bed = TestBed::new(8).await;
    let ninja = bed.sim.ninja();
    let pending = NewDevice::new(ninja.organization_id(), ninja.location_id(), "nas01");
    let pending = pending.pending().ip_addresses(["192.0.2.99"]).mac_addresses(["3C:EC:EF:01:02:03"]);
    let id = ninja.add_device(pending).to_string();
    let inventory = &bed.ports.inventory;
    let organizations = inventory.organizations().await.unwrap();
    let ours = organizations.iter().find(|it| it.organization.name == "Harbour Dental Group").unwrap();
    let location = ours.locations.iter().find(|it| it.name == "Main Office").unwrap();
    let devices = inventory.devices(&ours.organization.id, &location.id).await.unwrap();
    let found = devices.iter().find(|device| device.id.as_str() == id).expect("a pending device counts");
    assert_eq!((found.addresses.len(), found.macs.len()), (1, 1));
    assert!(devices.iter().all(|device| device.display_name != "annexe-ap"), "another location's device");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_api_key_is_reported() {
    let bed = TestBed::new(10).await;
    bed.sim.truenas().revoke_api_keys();
    let error = bed.connect().await.unwrap_err();
    assert_eq!(kind(&error), PortErrorKind::CredentialsRejected);
}
