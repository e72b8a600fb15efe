//! Bad input, and what it gets: each row of the table is a test. Nothing is written, and the error says who acts.

use dtc_adapters::SecretSource;
use dtc_adapters::connect;
use dtc_adapters::connections::{Connections, Trust, Vault};
use dtc_naming::{BucketName, DeviceGuid};
use dtc_provision::ids::DeviceId;
use dtc_provision::ports::{Ports, Waits};
use dtc_provision::proofs::consent::{
    Answer, ChangeBucketSettings, ConsentKind, Consents, Question, RewriteDeviceGuid,
};
use dtc_provision::{Completion, ErrorKind, Fresh, Plan, PortErrorKind, Stop, observe};
use dtc_tests::TestBed;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use simulator::b2::Unencrypted;
use simulator::ninja::{Entity, NewDevice};
use std::error::Error;

/// The Device GUID property (I3).
const PROPERTY: &str = "com.dtctoday:device-guid";
/// A GUID that somebody else could have.
const FOREIGN: &str = "9babab19-acc0-4587-aa05-ccd8103a1148";

/// Plans in a spoiled world, expects a refusal by this rule and with this stop, and that nothing was written.
async fn refused(bed: &TestBed, rule: &str, stop: Stop) -> String {
    let before = bed.sim.transcript().mark();
    let error = bed.plan().await.expect_err("it is planned all the same");
    let writes = bed.sim.transcript().writes_since(before);
    assert!(writes.is_empty(), "refused, and written: {writes:?}");
    let ErrorKind::Refused(refusal) = error.kind() else { panic!("no refusal: {error}") };
    assert_eq!((refusal.rule.as_str(), refusal.stop), (rule, stop), "{error}");
    error.to_string()
}

/// The bucket that the location's UUID leads to.
async fn bucket_name(bed: &TestBed) -> BucketName {
    bed.observe().await.place.ok().unwrap().bucket_name.clone()
}

fn question<K: ConsentKind>(plan: &Plan) -> Question {
    plan.questions().into_iter().find(|question| question.act().kind == K::NAME).expect("it is asked")
}

fn says(text: &str, words: &[&str]) {
    for word in words {
        assert!(text.contains(word), "{word:?} is not in: {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn i2_location_field_without_a_usable_uuid() {
    let wrong = [
        ("", "empty"),
        ("not-a-uuid", "not-a-uuid"),
        ("00000000-0000-0000-0000-000000000000", "nil"),
        ("ffffffff-ffff-ffff-ffff-ffffffffffff", "max"),
        ("c232ab00-9414-11ec-b3c8-9f6bdeced846", "version 1"),
    ];
    let bed = TestBed::new(1).await;
    let location = Entity::Location(bed.sim.ninja().location_id());
    for (value, why) in wrong {
        bed.sim.ninja().set_field(location, "dtcLocationGuid", value);
        let text = refused(&bed, "I2", Stop::Precondition).await;
        says(&text, &["dtcLocationGuid", "Main Office", value, why, "NinjaOne"]);
    }
    let organization = Entity::Organization(bed.sim.ninja().organization_id());
    bed.sim.ninja().set_field(location, "dtcLocationGuid", "a1b2c3d4-e5f6-7071-8293-a4b5c6d7e8f9");
    bed.sim.ninja().clear_field(organization, "dtcOrgGuid");
    says(&refused(&bed, "I2", Stop::Precondition).await, &["dtcOrgGuid", "Harbour Dental Group", "empty"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn i9_two_organisations_of_one_name() {
    let bed = TestBed::new(2).await;
    let ours = bed.sim.ninja().organization_id();
    let other = bed.sim.ninja().duplicate_organization(ours).unwrap();
    let text = refused(&bed, "I9", Stop::Precondition).await;
    says(&text, &["Harbour Dental Group", &ours.to_string(), &other.to_string(), "id"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn i9_two_devices_that_could_be_the_box() {
    let bed = TestBed::new(3).await;
    let ninja = bed.sim.ninja();
    let (organization, location) = (ninja.organization_id(), ninja.location_id());
    let address = bed.sim.truenas().address();
    let first = ninja.add_device(NewDevice::new(organization, location, "nas-a").ip_addresses([address]));
    let host = bed.sim.truenas().host_name();
    let second = ninja.add_device(NewDevice::new(organization, location, &host).pending());
    let text = refused(&bed, "I9", Stop::Precondition).await;
    says(&text, &["nas-a", &first.to_string(), &second.to_string(), "`device`"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn i4_two_pools_and_none_named() {
    let mut bed = TestBed::new(4).await;
    bed.site.identity_pool = None;
    says(&refused(&bed, "I4", Stop::Precondition).await, &["pool0", "pool1", "`identity_pool`"]);
    bed.site.identity_pool = Some("tank".parse().unwrap());
    says(&refused(&bed, "I4", Stop::Precondition).await, &["tank", "pool0", "pool1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn b3_bucket_name_taken_in_another_account() {
    let bed = TestBed::new(5).await;
    let name = bucket_name(&bed).await;
    bed.sim.b2().reserve_bucket_name(name.as_str());
    let before = bed.sim.transcript().mark();
    let error = bed.apply().await.outcome.unwrap_err();
    assert_eq!(error.stop(), Some(Stop::Precondition), "{error}");
    says(&error.to_string(), &["B3", name.as_str(), "Main Office", "another account", "UUID"]);
    let writes = bed.sim.transcript().writes_since(before);
    assert_eq!(writes.len(), 1, "more than the attempt to create the bucket: {writes:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn b3_existing_bucket_that_is_not_as_it_should_be() {
    let bed = TestBed::new(6).await;
    let name = bucket_name(&bed).await;
    let rules =
        json!([{"fileNamePrefix": "", "daysFromUploadingToHiding": 1, "daysFromHidingToDeleting": 1}]);
    let request = json!({"bucketName": name.as_str(), "bucketType": "allPublic", "lifecycleRules": rules});
    bed.sim.b2().call("b2_create_bucket", request).unwrap();
    assert!(bed.sim.b2().set_unencrypted(name.as_str(), Unencrypted::None));
    let plan = bed.plan().await.unwrap();
    let question = question::<ChangeBucketSettings>(&plan);
    says(question.consequence(), &["private", "object lock", "lifecycle", "encryption"]);
    assert!(
        plan.findings
            .iter()
            .any(|finding| finding.rule == "B3" && finding.what.contains("object lock is off"))
    );

    let completion = bed.provision().await;
    assert!(completion.report.is_some_and(|report| report.passed()));
    let bucket = bed.sim.b2().bucket(name.as_str()).unwrap();
    assert_eq!(bucket["bucketType"], "allPrivate");
    assert_eq!(bucket["defaultServerSideEncryption"]["value"]["mode"], "SSE-B2");
}

/// What a lifecycle rule says beside the 30 days goes with consent only, and is named before.
#[tokio::test(flavor = "multi_thread")]
async fn b3_days_that_cancel_unfinished_uploads_are_not_lost_unsaid() {
    let bed = TestBed::new(6).await;
    let name = bucket_name(&bed).await;
    let days = "daysFromStartingToCancelingUnfinishedLargeFiles";
    let rules = json!([{"fileNamePrefix": "", "daysFromHidingToDeleting": 30, days: 7}]);
    let request = json!({"bucketName": name.as_str(), "bucketType": "allPrivate", "fileLockEnabled": true, "lifecycleRules": rules});
    bed.sim.b2().call("b2_create_bucket", request).unwrap();
    let plan = bed.plan().await.unwrap();
    let question = question::<ChangeBucketSettings>(&plan);
    says(&question.act().terms["changes"], &["unfinished large uploads cancelled after 7 days", "30 days"]);
    assert_eq!(
        bed.sim.b2().bucket(name.as_str()).unwrap()["lifecycleRules"][0][days],
        7,
        "planning changes nothing"
    );
    bed.provision().await;
    assert!(bed.sim.b2().bucket(name.as_str()).unwrap()["lifecycleRules"][0][days].is_null());
}

/// I5: NinjaOne wins, and only with consent to the new GUID; without it nothing is written.
#[tokio::test(flavor = "multi_thread")]
async fn i5_two_guids_that_differ() {
    let bed = TestBed::new(7).await;
    bed.provision().await;
    let (device, _) = guid_holder(&bed);
    bed.sim.ninja().set_field(Entity::Device(device), "deviceGuid", FOREIGN);
    let plan = bed.plan().await.unwrap();
    let question = question::<RewriteDeviceGuid>(&plan);
    assert_eq!(question.subject(), FOREIGN);
    says(question.consequence(), &["every folder path changes", "uploaded again", "stays"]);

    let before = bed.sim.transcript().mark();
    let now = bed.observe().await;
    let none = Consents::default();
    let error = dtc_provision::apply(plan.against(&now).unwrap(), none, &bed.ports, &mut Vec::new()).await;
    let error = error.unwrap_err();
    assert_eq!(error.stop(), Some(Stop::Blocked), "{error}");
    assert!(bed.sim.transcript().writes_since(before).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn i8_guid_on_another_device() {
    let bed = TestBed::new(8).await;
    bed.provision().await;
    let (_, guid) = guid_holder(&bed);
    let elsewhere = bed.sim.ninja().add_organization("Somebody Else");
    let location = bed.sim.ninja().add_location(elsewhere, "Their Office");
    let other = bed.sim.ninja().add_device(NewDevice::new(elsewhere, location, "clone"));
    bed.sim.ninja().set_field(Entity::Device(other), "deviceGuid", guid.to_uppercase());
    says(&refused(&bed, "I8", Stop::Blocked).await, &[&guid, &other.to_string()]);
}

fn guid_holder(bed: &TestBed) -> (i32, String) {
    let guid = bed.sim.truenas().user_property("pool0", PROPERTY).unwrap();
    let ninja = bed.sim.ninja();
    let held = |id: i32| ninja.field(Entity::Device(id), "deviceGuid") == Some(json!(guid));
    let device = ninja.devices().iter().map(|(id, _)| *id).find(|&id| held(id)).unwrap();
    (device, guid)
}

#[tokio::test(flavor = "multi_thread")]
async fn c5_a_child_that_looks_empty() {
    let bed = TestBed::new(9).await;
    bed.sim.truenas().add_dataset("pool1/secret").unwrap();
    bed.sim.truenas().lock_dataset("pool1/secret").unwrap();
    says(&refused(&bed, "C5", Stop::Precondition).await, &["pool1/secret", "locked", "Unlock"]);
    bed.sim.truenas().restore_dataset("pool1/secret").unwrap();
    bed.sim.truenas().unmount_dataset("pool1/secret").unwrap();
    says(&refused(&bed, "C5", Stop::Precondition).await, &["pool1/secret", "not mounted", "Mount"]);
}

/// E2: what the vault gives back differently is not escrowed, and never reaches the appliance.
#[tokio::test(flavor = "multi_thread")]
async fn e2_vault_reads_back_one_byte_differently() {
    let bed = TestBed::new(10).await;
    bed.sim.itglue().corrupt_writes(1);
    let error = bed.apply().await.outcome.unwrap_err();
    let ErrorKind::NotEscrowed { slot, .. } = error.kind() else { panic!("{error}") };
    says(&slot.to_string(), &["SNMP"]);
    says(&error.to_string(), &["not escrowed", "not used", "run again"]);
    assert!(!bed.sim.truenas().answers_snmp(), "the secret was used");
    assert_eq!(bed.sim.truenas().snmp()["v3"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn e4_task_with_a_password_the_vault_does_not_know() {
    let bed = TestBed::new(11).await;
    let credential = bed.sim.truenas().add_credential("by hand", "0051234567890ab0000000001", "K005secret");
    bed.sim.truenas().add_cloud_sync(&json!({
        "description": "by hand", "direction": "PUSH", "transfer_mode": "SYNC", "path": "/mnt/pool0",
        "credentials": credential, "attributes": {"bucket": "elsewhere", "folder": "/backup"},
        "encryption": true, "encryption_password": "only on this appliance", "encryption_salt": "as well",
    }));
    let text = refused(&bed, "E4", Stop::DataAtRisk).await;
    says(&text, &["pool0", "vault does not know", "nothing was changed"]);
    assert!(!text.contains("only on this appliance"));
}

#[tokio::test(flavor = "multi_thread")]
async fn x1_a_certificate_that_is_not_the_pinned_one() {
    let bed = TestBed::new(12).await;
    let real = bed.sim.truenas().fingerprint();
    let mut connections = bed.connections();
    connections.appliance.trust = Trust::Fingerprint("00".repeat(32));
    let before = bed.sim.faults().requests();
    let error = connect(&connections, Waits::default()).await.expect_err("a stranger was let in");
    let dtc_adapters::ErrorKind::Port(port) = error.kind() else { panic!("{error:?}") };
    assert_eq!(port.kind(), PortErrorKind::WrongMachine, "{error}");
    let text = chain(&error);
    let plain = text.replace(':', "").to_ascii_lowercase();
    says(&plain, &[&real, &"00".repeat(32)]);
    assert_eq!(bed.sim.faults().requests(), before, "something was sent to a stranger");
}

#[tokio::test(flavor = "multi_thread")]
async fn x1_an_api_key_in_clear_to_a_host_that_is_not_this_one() {
    let bed = TestBed::new(13).await;
    for address in ["ws://192.0.2.10", "http://nas.example.com"] {
        let mut connections = bed.connections();
        connections.appliance.url = address.to_owned();
        let began = std::time::Instant::now();
        let error = connect(&connections, Waits::default()).await.expect_err("a key was sent in clear");
        assert!(began.elapsed().as_secs() < 2, "it was tried");
        says(&chain(&error).to_lowercase(), &["tls"]);
    }
}

/// An error with everything beneath it.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(beneath) = source {
        text.push('\n');
        text += &beneath.to_string();
        source = beneath.source();
    }
    text
}

/// E5, K4: a second appliance at the location has a folder, a pair, a key and records of its own.
#[tokio::test(flavor = "multi_thread")]
async fn e5_another_appliances_records_are_left_alone() {
    let bed = TestBed::new(14).await;
    let bucket = bucket_name(&bed).await;
    let notes = format!("Device GUID: {FOREIGN}\nBucket Name: {bucket}\nHost Name: nas-b");
    let vault = bed.sim.itglue();
    let label = "TrueNAS Cloud Backup — Main Office";
    let theirs = vault.add_record(vault.organization_id(), label, "their-key-id", "their-key", &notes);
    bed.provision().await;
    let record = vault.record(theirs).unwrap();
    assert_eq!(
        (record.value.as_str(), record.versions.len()),
        ("their-key", 0),
        "somebody else's record was written"
    );
    let ours =
        vault.client_records().into_iter().filter(|record| record.name == label && record.id != theirs);
    assert_eq!(ours.count(), 1, "one record of our own under the same label");
}

/// X1c: what a later step would meet is met before the bucket is created.
#[tokio::test(flavor = "multi_thread")]
async fn x1c_a_location_whose_label_it_glue_would_not_take() {
    let mut bed = TestBed::new(15).await;
    let ninja = bed.sim.ninja().clone();
    ninja.rename(Entity::Location(ninja.location_id()), &"x".repeat(300));
    bed.site.location = ninja.location_id().to_string();
    says(&refused(&bed, "X1c", Stop::Precondition).await, &["label", "characters", "255"]);
    assert!(bed.sim.b2().buckets().is_empty());
}

/// E6: an organisation of the same name in IT Glue is another client's, as the device's configuration shows.
#[tokio::test(flavor = "multi_thread")]
async fn e6_a_device_that_it_glue_has_as_another_clients() {
    let mut bed = TestBed::new(15).await;
    let (ninja, itglue) = (bed.sim.ninja(), bed.sim.itglue());
    let device = NewDevice::new(ninja.organization_id(), ninja.location_id(), "the appliance");
    let device = ninja.add_device(device);
    bed.site.device = Some(DeviceId::new(device.to_string()));
    itglue.sync_device(device, "the appliance");
    let other = itglue.add_organization("Harbour Dental Group Ltd");
    bed.site.vault_organization = Some("Harbour Dental Group Ltd".to_owned());
    let ours = itglue.organization_id();
    let text = refused(&bed, "X1c", Stop::Precondition).await;
    says(&text, &[&format!("a configuration of organisation {ours}, not of {other}")]);
    assert!(bed.sim.b2().buckets().is_empty());
    bed.site.vault_organization = None;
    bed.plan().await.unwrap();
}

/// X1c: the right that IT Glue's category, B2's key and the appliance's key give is looked at before the bucket is created.
#[tokio::test(flavor = "multi_thread")]
async fn x1c_what_a_later_step_would_be_refused_for() {
    type Change = fn(&TestBed, &mut Connections);
    let cases: [(&str, Change, &[&str]); 3] = [
        (
            "category",
            |_, connections| {
                let Vault::ItGlue(itglue) = &mut connections.vault else { panic!("another vault") };
                itglue.category = "Nowhere".to_owned();
            },
            &["category", "Nowhere", "Backup Credentials"],
        ),
        (
            "roles",
            |bed, connections| {
                connections.appliance.api_key = SecretSource::value(bed.sim.truenas().read_only_api_key());
            },
            &["roles", "CLOUD_SYNC_WRITE", "full administrator"],
        ),
        (
            "capabilities",
            |bed, connections| {
                let capabilities = [
                    "listBuckets",
                    "listAllBucketNames",
                    "listKeys",
                    "listFiles",
                    "readBucketEncryption",
                    "readBucketRetentions",
                    "writeBuckets",
                    "writeBucketEncryption",
                    "writeKeys",
                ];
                let request = json!({"capabilities": capabilities, "keyName": "weak"});
                let key = bed.sim.b2().call("b2_create_key", request).unwrap();
                let text = |name: &str| key[name].as_str().unwrap().to_owned();
                connections.object_store.key_id = text("applicationKeyId");
                connections.object_store.application_key = SecretSource::value(text("applicationKey"));
            },
            &["capabilities", "writeBucketRetentions"],
        ),
    ];
    for (what, change, said) in cases {
        let bed = TestBed::new(16).await;
        let mut connections = bed.connections();
        change(&bed, &mut connections);
        let mark = bed.sim.transcript().mark();
        let ports = connect(&connections, Waits::default()).await.unwrap();
        let error = applied(&bed, &ports).await.expect_err(what);
        let ErrorKind::Refused(refusal) = error.kind() else { panic!("{what}: {error}") };
        assert_eq!((refusal.rule.as_str(), refusal.stop), ("X1c", Stop::Precondition), "{what}: {error}");
        says(&error.to_string(), said);
        let writes = bed.sim.transcript().writes_since(mark);
        assert!(writes.is_empty(), "{what}: {writes:?}");
    }
}

/// Plans and applies with these ports, every question answered.
async fn applied(bed: &TestBed, ports: &Ports) -> Result<Completion, dtc_provision::Error> {
    let fresh = Fresh::new(DeviceGuid::from_random_bytes([7; 16]));
    let plan = dtc_provision::plan(&bed.site, &observe(&bed.site, &ports.views()).await, fresh)?;
    let (now, hour) = (Timestamp::now(), SignedDuration::from_hours(1));
    let typed = |question: &Question| Answer::Typed(question.subject().to_owned());
    let consents = Consents::gather(plan.questions(), now, now + hour, typed).unwrap();
    let current = plan.against(&observe(&bed.site, &ports.views()).await)?;
    dtc_provision::apply(current, consents, ports, &mut Vec::new()).await
}
