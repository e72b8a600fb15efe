//! V5: each item of the checklist, broken alone on a provisioned world, fails alone.

use dtc_provision::Outcome;
use dtc_provision::verify::{ItemId, Proof, Verdict};
use dtc_tests::TestBed;
use serde_json::{Value, json};
use simulator::Fault;
use simulator::b2::Unencrypted;
use simulator::ninja::Entity;
use simulator::truenas::ServiceState;

/// The Device GUID property (I3).
const PROPERTY: &str = "com.dtctoday:device-guid";

/// A provisioned world, with the few facts that breaking it takes.
struct World {
    bed: TestBed,
    bucket: String,
    guid: String,
}

impl World {
    async fn provisioned() -> Self {
        let bed = TestBed::new(31).await;
        bed.provision().await;
        let bucket = bed.sim.b2().buckets()[0]["bucketName"].as_str().unwrap().to_owned();
        let guid = bed.sim.truenas().user_property("pool0", PROPERTY).unwrap();
        Self { bed, bucket, guid }
    }

    fn device(&self) -> i32 {
        let devices = self.bed.sim.ninja().devices();
        let held = |id: i32| self.bed.sim.ninja().field(Entity::Device(id), "deviceGuid");
        devices.iter().map(|(id, _)| *id).find(|&id| held(id) == Some(json!(self.guid))).unwrap()
    }

    /// The task of the first pool.
    fn task(&self) -> Value {
        let tasks = self.bed.sim.truenas().cloud_syncs();
        tasks.into_iter().find(|task| task["path"] == "/mnt/pool0").unwrap()
    }

    fn change_task(&self, fields: &Value) {
        assert!(self.bed.sim.truenas().change_cloud_sync(self.task()["id"].as_i64().unwrap(), fields));
    }

    /// Adds a task beside the pool's, into this folder below the device's.
    fn beside(&self, fields: &Value, folder: &str) {
        let mut task = json!({
            "description": "by somebody else", "credentials": self.task()["credentials"],
            "attributes": {"bucket": self.bucket, "folder": format!("/{}{folder}", self.guid)},
        });
        for (name, value) in fields.as_object().unwrap() {
            task[name] = value.clone();
        }
        self.bed.sim.truenas().add_cloud_sync(&task);
    }

    fn change_attribute(&self, name: &str, value: Value) {
        let mut attributes = self.task()["attributes"].clone();
        attributes[name] = value;
        self.change_task(&json!({ "attributes": attributes }));
    }

    fn change_bucket(&self, mut fields: Value) {
        fields["bucketId"] = self.bed.sim.b2().bucket(&self.bucket).unwrap()["bucketId"].clone();
        self.bed.sim.b2().call("b2_update_bucket", fields).unwrap();
    }

    fn archive_record(&self, wanted: impl Fn(&str) -> bool) {
        let records = self.bed.sim.itglue().client_records();
        let record = records.iter().find(|record| wanted(&record.name)).unwrap();
        self.bed.sim.itglue().set_attribute(record.id, "archived", true);
    }

    /// An encrypted object that is there already, put again under another name of the same pool.
    fn copy_object(&self, to: &str) {
        let b2 = self.bed.sim.b2();
        let prefix = format!("{}/pool0/", self.guid);
        let versions = b2.versions(&self.bucket);
        let mut names = versions.iter().filter_map(|version| version["fileName"].as_str());
        let name = names.rfind(|name| name.starts_with(&prefix)).unwrap();
        let bytes = b2.read(&self.bucket, name).unwrap();
        b2.put(&self.bucket, &format!("{prefix}{to}"), &bytes).unwrap();
    }

    /// The numbers of the items that fail.
    async fn failing(&self) -> Vec<u8> {
        let report = self.bed.verify().await.unwrap();
        let unexplained = report.items.iter().find(|item| item.evidence.is_empty());
        assert!(unexplained.is_none(), "no evidence: {unexplained:?}");
        let failed = report.items.iter().filter(|item| item.verdict == Verdict::Fail);
        failed.map(|item| item.number).collect()
    }
}

/// Items about what lies in the bucket, which a plan does not look at.
const OF_OBJECTS: [u8; 2] = [24, 25];

/// Breaks one fact on a fresh world and tells which items fail. The plan sees it too, or is about none of it: neither calls good what the
/// other does not.
async fn after(break_it: impl FnOnce(&World)) -> Vec<u8> {
    let world = World::provisioned().await;
    assert_eq!(world.failing().await, [] as [u8; 0], "something fails before anything is broken");
    break_it(&world);
    let failing = world.failing().await;
    let plan = world.bed.plan().await;
    let has_nothing = plan.as_ref().is_ok_and(|plan| plan.is_empty() && plan.undecided().next().is_none());
    let of_objects = failing.iter().all(|item| OF_OBJECTS.contains(item));
    assert_eq!(has_nothing, of_objects, "{failing:?} fail, and the plan: {plan:?}");
    failing
}

macro_rules! items {
    ($($(#[$meta:meta])* $name:ident: $number:literal, $break_it:expr;)+) => {$(
        $(#[$meta])*
        #[tokio::test(flavor = "multi_thread")]
        async fn $name() {
            assert_eq!(after($break_it).await, [$number]);
        }
    )+};
}

items! {
    s1_item_01_snmp: 1, |w: &World| w.bed.sim.truenas().run_service("snmp", ServiceState::Off);
    s1_item_01_community: 1, |w: &World| w.bed.sim.truenas().change_snmp(&json!({"community": "public"}));
    s1_item_01_further_access: 1, |w: &World| w.bed.sim.truenas().change_snmp(&json!({"options": "rocommunity public"}));
    s2_item_01_user: 1, |w: &World| w.bed.sim.truenas().change_snmp(&json!({"v3_username": "somebodyelse"}));
    s2_item_01_password: 1, |w: &World| w.bed.sim.truenas().change_snmp(&json!({"v3_password": "another password of 24 cs"}));
    s2_item_01_passphrase: 1, |w: &World| {
        w.bed.sim.truenas().change_snmp(&json!({"v3_privpassphrase": "another passphrase 24 cs"}));
    };
    i3_item_02_property: 2, |w: &World| w.bed.sim.truenas().remove_user_property("pool0", PROPERTY).unwrap();
    i6_item_02_property_on_two_pools: 2, |w: &World| {
        w.bed.sim.truenas().set_user_property("pool1", PROPERTY, &w.guid).unwrap();
    };
    i5_item_03_field: 3, |w: &World| w.bed.sim.ninja().clear_field(Entity::Device(w.device()), "deviceGuid");
    n1_item_04_bucket_name: 4, |w: &World| w.change_attribute("bucket", json!("truenas-elsewhere"));
    b1_item_04_public: 4, |w: &World| w.change_bucket(json!({"bucketType": "allPublic"}));
    b2_item_05_retention: 5, |w: &World| w.change_bucket(json!({"defaultRetention": {"mode": null}}));
    b2_item_05_governance: 5, |w: &World| w.change_bucket(json!({
        "defaultRetention": {"mode": "governance", "period": {"duration": 14, "unit": "days"}}
    }));
    b1_item_06_encryption: 6, |w: &World| assert!(w.bed.sim.b2().set_unencrypted(&w.bucket, Unencrypted::Null));
    b1_item_06_encryption_spelt_none: 6, |w: &World| assert!(w.bed.sim.b2().set_unencrypted(&w.bucket, Unencrypted::None));
    b1_item_07_lifecycle: 7, |w: &World| w.change_bucket(json!({"lifecycleRules": []}));
    b1_item_07_unfinished_uploads_cancelled: 7, |w: &World| w.change_bucket(json!({"lifecycleRules": [
        {"fileNamePrefix": "", "daysFromHidingToDeleting": 30, "daysFromStartingToCancelingUnfinishedLargeFiles": 7}
    ]}));
    b1_item_07_two_rules: 7, |w: &World| w.change_bucket(json!({"lifecycleRules": [
        {"fileNamePrefix": "", "daysFromHidingToDeleting": 30}, {"fileNamePrefix": "a/", "daysFromHidingToDeleting": 30}
    ]}));
    k1_item_08_key: 8, |w: &World| {
        let key = w.bed.sim.truenas().credentials()[0]["provider"]["account"].clone();
        w.bed.sim.b2().call("b2_delete_key", json!({"applicationKeyId": key})).unwrap();
    };
    e1_item_09_key_record: 9, |w: &World| w.archive_record(|name| {
        name.starts_with("TrueNAS Cloud Backup") && !name.contains('·')
    });
    e1_item_09_another_credential: 9, |w: &World| {
        let provider = w.bed.sim.truenas().credentials()[0]["provider"].clone();
        let (id, key) = (provider["account"].as_str().unwrap(), provider["key"].as_str().unwrap());
        let other = w.bed.sim.truenas().add_credential("by hand", id, key);
        w.change_task(&json!({"credentials": other}));
    };
    e4_item_10_no_password: 10, |w: &World| w.change_task(&json!({"encryption_password": "", "encryption_salt": ""}));
    e4_item_10_no_salt: 10, |w: &World| w.change_task(&json!({"encryption_salt": ""}));
    e1_item_10_salt_record: 10, |w: &World| w.archive_record(|name| name.ends_with("Encryption Salt"));
    c2_item_11_transfer_mode: 11, |w: &World| w.change_task(&json!({"transfer_mode": "COPY"}));
    c2_item_11_script: 11, |w: &World| w.change_task(&json!({"pre_script": "true"}));
    c2_item_11_script_after: 11, |w: &World| w.change_task(&json!({"post_script": "true"}));
    c2_item_11_arguments: 11, |w: &World| w.change_task(&json!({"args": "--b2-hard-delete"}));
    n6_item_11_description: 11, |w: &World| w.change_task(&json!({"description": "my backup"}));
    c2_item_12_links: 12, |w: &World| w.change_task(&json!({"follow_symlinks": true}));
    c2_item_12_source: 12, |w: &World| w.change_task(&json!({"path": "/mnt/pool0/elsewhere"}));
    n4_item_13_folder: 13, |w: &World| w.change_attribute("folder", json!("/elsewhere/pool0"));
    c2_item_13_another_task: 13, |w: &World| w.beside(&json!({"path": "/mnt/pool0/docs"}), "/pool0");
    c2_item_13_another_task_disabled: 13, |w: &World| {
        w.beside(&json!({"path": "/mnt/pool1/docs", "enabled": false, "transfer_mode": "COPY", "description": "x"}), "/pool0");
    };
    c2_item_13_another_task_above: 13, |w: &World| w.beside(&json!({"path": "/mnt/pool0/docs"}), "");
    c2_item_13_another_task_below: 13, |w: &World| w.beside(&json!({"path": "/mnt/pool0/docs"}), "/pool1/docs");
    c2_item_13_a_pull_that_moves: 13, |w: &World| {
        w.beside(&json!({"path": "/mnt/pool0/docs", "direction": "PULL", "transfer_mode": "MOVE"}), "/pool0");
    };
    c2_item_14_schedule: 14, |w: &World| {
        w.change_task(&json!({"schedule": {"minute": "0", "hour": "3", "dom": "*", "month": "*", "dow": "*"}}));
    };
    c2_item_14_disabled: 14, |w: &World| w.change_task(&json!({"enabled": false}));
    c2_item_15_snapshot: 15, |w: &World| w.change_task(&json!({"snapshot": true}));
    c2_item_16_exclude: 16, |w: &World| w.change_task(&json!({"exclude": ["/Archive/**"]}));
    c2_item_16_include: 16, |w: &World| w.change_task(&json!({"include": ["/docs/**"]}));
    c2_item_16_empty_directories: 16, |w: &World| w.change_task(&json!({"create_empty_src_dirs": true}));
    c2_item_17_transfers: 17, |w: &World| w.change_task(&json!({"transfers": 32}));
    c2_item_17_chunk_size: 17, |w: &World| w.change_attribute("chunk_size", json!(64));
    c2_item_18_fast_list: 18, |w: &World| w.change_attribute("fast_list", json!(false));
    c2_item_19_encryption: 19, |w: &World| w.change_task(&json!({"encryption": false}));
    c2_item_20_filename_encryption: 20, |w: &World| w.change_task(&json!({"filename_encryption": true}));
    c3_item_21_bandwidth: 21, |w: &World| w.change_task(&json!({"bwlimit": []}));
    z1_item_22_lifetime: 22, |w: &World| {
        let task = w.bed.sim.truenas().snapshot_tasks()[0]["id"].as_i64().unwrap();
        assert!(w.bed.sim.truenas().change_snapshot_task(task, &json!({"lifetime_value": 1})));
    };
    z1a_item_22_two_tasks: 22, |w: &World| {
        let task = w.bed.sim.truenas().snapshot_tasks()[0].clone();
        w.bed.sim.truenas().add_snapshot_task(&task);
    };
    z1_item_22_no_task: 22, |w: &World| {
        let task = w.bed.sim.truenas().snapshot_tasks()[0]["id"].as_i64().unwrap();
        assert!(w.bed.sim.truenas().remove_snapshot_task(task));
    };
    v2_item_24_archive: 24, |w: &World| w.copy_object("Archive/old.bin");
    v3_item_25_plaintext: 25, |w: &World| {
        let name = format!("{}/pool0/readme.txt.bin", w.guid);
        w.bed.sim.b2().put(&w.bucket, &name, b"anybody can read this without any password at all").unwrap();
    };
    v3_item_25_small_plaintext: 25, |w: &World| {
        w.bed.sim.b2().put(&w.bucket, &format!("{}/pool0/pin.txt.bin", w.guid), b"1234").unwrap();
    };
    v3_item_25_plaintext_as_long_as_a_header: 25, |w: &World| {
        let name = format!("{}/pool0/pin.txt.bin", w.guid);
        w.bed.sim.b2().put(&w.bucket, &name, b"the pin of the safe is 1234 5678").unwrap();
    };
    v6_item_26_ticket: 26, |w: &World| {
        std::fs::remove_dir_all(w.bed.tickets()).unwrap();
    };
}

#[tokio::test(flavor = "multi_thread")]
async fn v1_item_23_failed_run() {
    let world = World::provisioned().await;
    world.bed.sim.truenas().fail_runs(Some("the line is down"));
    let tasks = world.bed.ports.appliance.cloud_syncs().await.unwrap();
    let job = world.bed.ports.appliance.start_cloud_sync(&tasks[0].id).await.unwrap();
    while world.bed.ports.appliance.job(&job).await.unwrap().is_some_and(|job| job.finished.is_none()) {
        tokio::task::yield_now().await;
    }
    assert_eq!(world.failing().await, [23]);
}

/// C2: what only reads there is said to, and nothing fails.
#[tokio::test(flavor = "multi_thread")]
async fn c2_a_task_that_fetches_a_backup_is_said_to_and_fails_nothing() {
    let world = World::provisioned().await;
    world.beside(&json!({"path": "/mnt/pool0", "direction": "PULL", "transfer_mode": "COPY"}), "/pool0");
    let report = world.bed.verify().await.unwrap();
    assert_eq!(report.outcome(), Outcome::AsItShouldBe, "{}", report.summary());
    assert!(report.item(ItemId::TaskFolder).unwrap().evidence.contains("it reads there"));
    let plan = world.bed.plan().await.unwrap();
    assert!(plan.is_empty() && plan.undecided().next().is_none());
    assert!(plan.findings.iter().any(|finding| finding.rule == "C2" && finding.what.contains("PULL COPY")));
}

/// V3: a bucket of headers proves no password.
#[tokio::test(flavor = "multi_thread")]
async fn v3_encrypted_empty_files_alone_are_not_proven() {
    let world = World::provisioned().await;
    let b2 = world.bed.sim.b2();
    let header = [b"RCLONE\0\0".as_slice(), &[7; 24]].concat();
    for version in b2.versions(&world.bucket) {
        b2.put(&world.bucket, version["fileName"].as_str().unwrap(), &header).unwrap();
    }
    let report = world.bed.verify().await.unwrap();
    let item = report.item(ItemId::Recoverable).unwrap();
    assert_eq!((item.verdict, report.outcome()), (Verdict::NotCheckable, Outcome::Incomplete), "{item:?}");
}

/// V3: what the escrowed secrets do not open is data at risk, and the object is named.
#[tokio::test(flavor = "multi_thread")]
async fn v3_a_damaged_object_is_named() {
    let world = World::provisioned().await;
    world.copy_object("damaged.bin");
    let name = format!("{}/pool0/damaged.bin", world.guid);
    assert!(world.bed.sim.b2().corrupt(&world.bucket, &name));
    let report = world.bed.verify().await.unwrap();
    let item = report.item(ItemId::Recoverable).unwrap();
    // B2's own checksum shows that it does not arrive as it was sent, however often it is fetched.
    assert_eq!((item.verdict, report.outcome()), (Verdict::Fail, Outcome::Differs), "{item:?}");
    assert!(item.evidence.contains("damaged.bin"), "{item:?}");
    let proofs = report.proofs.iter().flat_map(|pool| &pool.samples).map(|sample| &sample.proof);
    assert_eq!(proofs.clone().filter(|proof| matches!(proof, Proof::Damaged { .. })).count(), 1);
    assert!(proofs.filter(|proof| proof.opens()).count() > 2, "the other objects are judged all the same");
}

/// X6: what B2 does not hand out shows nothing about the data, whatever its reason; every other item is judged.
#[tokio::test(flavor = "multi_thread")]
async fn x6_refused_downloads_and_listings_are_not_checkable() {
    let world = World::provisioned().await;
    let faults = world.bed.sim.faults();
    let refusals = [
        (403, "download_cap_exceeded"),
        (403, "access_denied"),
        (400, "bad_request"),
        (404, "not_found"),
        (401, "unauthorized"),
        (503, "service_unavailable"),
    ];
    for (status, code) in refusals {
        faults
            .on("b2", "b2_download_file_by_id")
            .times(u64::MAX)
            .before_effect(Fault::refuse(status, code, "no"));
        let report = world.bed.verify().await.unwrap();
        let item = report.item(ItemId::Recoverable).unwrap();
        assert_eq!(
            (item.verdict, report.outcome()),
            (Verdict::NotCheckable, Outcome::Incomplete),
            "{code}: {item:?}"
        );
        assert_eq!(report.count(Verdict::Pass), 25, "{code}");
        faults.clear();
    }
    faults.on("b2", "b2_download_file_by_id").times(u64::MAX).after_effect(Fault::TruncateBody);
    let report = world.bed.verify().await.unwrap();
    assert_ne!(report.outcome(), Outcome::AsItShouldBe, "{}", report.summary());
    assert!(!report.data_at_risk(), "{}", report.summary());
    faults.clear();
    for (status, code) in [(403, "access_denied"), (401, "unauthorized")] {
        let refused = Fault::refuse(status, code, "no");
        faults.on("b2", "b2_list_file_names").times(u64::MAX).before_effect(refused);
        let report = world.bed.verify().await.unwrap();
        let item = report.item(ItemId::Recoverable).unwrap();
        assert_eq!(
            (item.verdict, report.outcome()),
            (Verdict::NotCheckable, Outcome::Incomplete),
            "{item:?}"
        );
        assert!(item.evidence.contains("listFiles"), "{code}: {}", item.evidence);
        faults.clear();
    }
    faults.on("b2", "b2_list_file_names").times(u64::MAX).before_effect(Fault::refuse(
        500,
        "internal_error",
        "no",
    ));
    let report = world.bed.verify().await.unwrap();
    assert_eq!(report.outcome(), Outcome::Incomplete, "{}", report.summary());
    assert_eq!(report.count(Verdict::Pass), 24, "{}", report.summary());
    faults.clear();
    assert_eq!(world.bed.verify().await.unwrap().outcome(), Outcome::AsItShouldBe);
}

/// V4: a denial to delete a version under its lock is normal, and no item of the checklist asks for a deletion.
#[tokio::test(flavor = "multi_thread")]
async fn v4_a_locked_version_stays_and_nothing_fails() {
    let world = World::provisioned().await;
    let b2 = world.bed.sim.b2();
    let version = b2.versions(&world.bucket)[0].clone();
    let request = json!({"fileId": version["fileId"], "fileName": version["fileName"]});
    assert_eq!(b2.call("b2_delete_file_version", request).unwrap_err().status, 401);
    assert_eq!(world.failing().await, [] as [u8; 0]);
}
