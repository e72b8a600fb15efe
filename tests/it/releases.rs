//! The main job on every release of TrueNAS, and the same end state on each.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use dtc_provision::PortError;
use dtc_provision::ports::Entropy;
use dtc_provision::verify::Verdict;
use dtc_tests::TestBed;
use serde_json::{Value, json};
use simulator::truenas::Release;

use crate::end_state::{BUCKET, at_the_end, nothing_left};

/// The same bytes in every run: secrets and identifiers are drawn one after the other.
#[derive(Debug, Default)]
struct Counted(AtomicU64);

impl Entropy for Counted {
    fn fill(&self, out: &mut [u8]) -> Result<(), PortError> {
        for byte in out {
            let drawn = self.0.fetch_add(1, Ordering::Relaxed);
            *byte = drawn.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes()[0];
        }
        Ok(())
    }
}

/// X1a, X2: CORE 13.3 to 26 end in one state, down to every setting, secret and object.
#[tokio::test(flavor = "multi_thread")]
async fn x1a_the_main_job_ends_in_the_same_state_on_every_release() {
    let expected = Box::pin(provisioned(Release::default())).await;
    assert!(expected["tasks"].as_array().is_some_and(|tasks| tasks.len() == 2), "{expected:#}");
    for release in Release::ALL {
        let state = Box::pin(provisioned(release)).await;
        for (part, value) in state.as_object().unwrap() {
            assert_eq!(value, &expected[part], "{part} on {release}");
        }
    }
}

/// Provisions a new appliance of this release, and returns what then stands in every service.
async fn provisioned(release: Release) -> Value {
    let mut bed = TestBed::builder(7).release(release).start().await;
    bed.ports.entropy = Arc::new(Counted::default());
    bed.provision().await;
    let report = bed.verify().await.unwrap();
    let verdicts: Vec<_> = report.items.iter().map(|item| (item.number, item.verdict)).collect();
    assert!(verdicts.iter().all(|(_, verdict)| *verdict == Verdict::Pass), "{release}: {report:#?}");
    at_the_end(&bed, &BTreeMap::new()).into_result().unwrap_or_else(|why| panic!("{release}: {why}"));
    bed.ports = bed.connect().await.unwrap(); // as a process of its own, which kept nothing
    let second = bed.plan().await.unwrap();
    assert_eq!(nothing_left(&bed, &second, 0), [""; 0], "{release}");
    let state = state(&bed, &verdicts);
    bed.sim.stop().await;
    state
}

/// What stands in every service, but for times, and for the bytes of objects: each has a nonce of its own.
fn state(bed: &TestBed, verdicts: &[(u8, Verdict)]) -> Value {
    let (nas, b2) = (bed.sim.truenas(), bed.sim.b2());
    let without = |mut value: Value, members: &[&str]| {
        if let Some(object) = value.as_object_mut() {
            for member in members {
                object.remove(*member);
            }
        }
        value
    };
    let records = bed.sim.itglue().client_records();
    json!({
        "verdicts": verdicts.iter().map(|(number, verdict)| format!("{number} {verdict:?}")).collect::<Vec<_>>(),
        "credentials": nas.credentials(),
        "tasks": nas.cloud_syncs().into_iter().map(|task| with_defaults(without(task, &["job"]))).collect::<Vec<_>>(),
        "snapshot tasks": nas.snapshot_tasks().into_iter().map(|task| without(task, &["state"])).collect::<Vec<_>>(),
        "snmp": nas.snmp(),
        "device guid": nas.user_property("pool0", dtc_provision::standard::DEVICE_GUID_PROPERTY),
        "buckets": b2.buckets(),
        "keys": b2.keys(),
        "objects": b2.versions(BUCKET).iter()
            .map(|version| json!([version["fileName"], version["contentLength"]]))
            .collect::<Vec<_>>(),
        "records": records.iter()
            .map(|it| json!([it.name, it.username, it.value, undated(&it.notes), it.configuration, it.category]))
            .collect::<Vec<_>>(),
        "devices": bed.sim.ninja().devices().len(),
    })
}

/// Notes without the lines that hold a moment or how long something took.
fn undated(notes: &str) -> Vec<&str> {
    let is_dated = |line: &&str| line.contains("20") && line.contains('T') && line.contains('Z');
    notes.lines().filter(|line| !is_dated(line)).collect()
}

/// A task with what CORE's lack, as CORE runs them.
fn with_defaults(mut task: Value) -> Value {
    for (setting, value) in [("create_empty_src_dirs", json!(false)), ("include", json!([]))] {
        if task.get(setting).is_none() {
            task[setting] = value;
        }
    }
    task
}
