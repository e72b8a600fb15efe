//! Two runs at the same time: at most one of them puts secrets to use, and never ones that two records claim (E2, E5).

use std::sync::{Arc, Mutex};
use std::time::Duration;

use dtc_provision::ErrorKind;
use dtc_provision::ports::memory::{BUCKET, State};
use dtc_provision::proofs::Slot;

use crate::killed_anywhere::with_little;
use crate::scene::block_on;

/// How long each call takes. A run of some hundred calls takes some seconds.
const LATENCY: Duration = Duration::from_millis(40);

/// What of a slot's secret is in the vault for whoever looks now: every value of a live record of this appliance.
fn values(state: &State, slot: Slot) -> Vec<String> {
    let guid = state.appliance.pools[0].pool.device_guid.clone().unwrap_or_default();
    let ours = state.vault.records.iter().filter(|found| {
        found.record.slot == slot && found.record.device.is_some_and(|device| device.to_string() == guid)
    });
    ours.map(|found| found.value().to_owned()).collect()
}

/// What is wrong with the secrets that the appliance was just given.
fn wrong(state: &State, call: &str) -> Vec<String> {
    let nas = &state.appliance;
    let given: Vec<(Slot, &str)> = match call {
        "appliance.put_snmp" => {
            vec![(Slot::SnmpPassword, &nas.snmp.password), (Slot::SnmpPassphrase, &nas.snmp.passphrase)]
        }
        "appliance.put_cloud_credential" => {
            nas.credentials.iter().map(|found| (Slot::ApplicationKey, found.key.as_str())).collect()
        }
        "appliance.put_cloud_sync" => {
            let pairs = nas.tasks.iter().flat_map(pair_of);
            return pairs.filter_map(|(slot, value)| unlike(state, slot, &value)).collect();
        }
        _ => return Vec::new(),
    };
    given.into_iter().filter_map(|(slot, value)| unlike(state, slot, value)).collect()
}

fn pair_of(task: &dtc_provision::ports::memory::TaskState) -> [(Slot, String); 2] {
    [(Slot::EncryptionPassword, task.password.clone()), (Slot::EncryptionSalt, task.salt.clone())]
}

fn unlike(state: &State, slot: Slot, value: &str) -> Option<String> {
    let held = values(state, slot);
    (held != [value]).then(|| format!("the {slot} is put to use, and {} records claim it", held.len()))
}

#[test]
fn e2_two_runs_never_use_what_two_records_claim() {
    let (mut both, mut one, mut none) = (0, 0, 0);
    for apart in (0..=2_000).step_by(40) {
        let scene = with_little();
        scene.world.set_latency(LATENCY);
        let faults = Arc::new(Mutex::new(Vec::new()));
        let seen = faults.clone();
        scene.world.watch(move |state, call| {
            if call.done {
                seen.lock().unwrap().extend(wrong(state, call.name));
            }
        });
        let (first, second) = block_on(async {
            let later = async {
                tokio::time::sleep(Duration::from_millis(apart)).await;
                Box::pin(scene.runs()).await
            };
            tokio::join!(Box::pin(scene.runs()), later)
        });
        assert_eq!(*faults.lock().unwrap(), Vec::<String>::new(), "{apart} ms apart");
        let ended = [first.result, second.result];
        let well = ended.iter().filter(|result| result.is_ok()).count();
        for error in ended.iter().filter_map(|result| result.as_ref().err()) {
            let known = match error.kind() {
                ErrorKind::Refused(refusal) => {
                    ["E4", "E5", "E9", "I5", "C1"].contains(&refusal.rule.as_str())
                }
                ErrorKind::Stale { .. }
                | ErrorKind::ReadBack { .. }
                | ErrorKind::NotEscrowed { .. }
                | ErrorKind::Port(_)
                | ErrorKind::VerificationFailed { .. } => true,
                _ => false,
            };
            assert!(known, "{apart} ms apart: {error:?}");
        }
        *[&mut none, &mut one, &mut both][well] += 1;
        doubled_records_stop_the_next_run(&scene, apart);
    }
    println!("both runs ended well {both} times, one {one} times, none {none} times");
    assert!(one + none > 10, "the runs did not meet");
}

fn doubled_records_stop_the_next_run(scene: &crate::scene::Scene, apart: u64) {
    scene.world.watch(|_, _| ());
    scene.world.set_latency(Duration::ZERO);
    let slots = [
        Slot::SnmpPassword,
        Slot::SnmpPassphrase,
        Slot::EncryptionPassword,
        Slot::EncryptionSalt,
        Slot::ApplicationKey,
    ];
    let doubled = scene.world.look(|state| slots.into_iter().any(|slot| values(state, slot).len() > 1));
    let guids = scene
        .world
        .look(|state| state.appliance.pools.iter().filter(|pool| pool.pool.device_guid.is_some()).count());
    assert_eq!(guids, 1, "{apart} ms apart");
    match scene.run().result {
        Ok(_) => assert!(!doubled, "{apart} ms apart: two records of one identity, and it ends well"),
        Err(error) if doubled => assert!(error.to_string().contains("E5"), "{apart} ms apart: {error}"),
        Err(error) => panic!("{apart} ms apart: {error}"),
    }
    assert!(scene.world.look(|state| state.store.bucket(BUCKET).is_some()));
}
