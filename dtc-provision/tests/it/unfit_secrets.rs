//! What people put into the vault by hand before us (E3a): kept where it is shown to be in use, and reported.

use dtc_provision::phases::secrets::SecretsPhase;
use dtc_provision::ports::memory::{BUCKET, State};
use dtc_provision::proofs::Slot;
use dtc_provision::verify::{ItemId, Verdict};
use dtc_provision::{Stop, lint};
use rclone_crypt::{Keys, Nonce, Password, Salt, encrypt_all};

use crate::scene::{Change, Scene, failed, item};

/// What `openssl rand -base64 32` gives: 44 characters.
const PASSWORD: &str = "q83vEjRWeJq83vEjRWeJq83vEjRWeJq83vEjRWeJq80=";
const SALT: &str = "Zm9yIHRoZSBzYWx0LCAzMiBieXRlcyBvZiBpdCBoZXI=";
/// 24 characters of ASCII 33–126, as the procedure has them for SNMP.
const SNMP: [&str; 2] = ["q!\"#$%&'()*+,-./:;<=>?@w", "[\\]^_`{|}~AbCdEfGhIjKlMn"];

fn put(state: &mut State, slot: Slot, user_name: Option<&str>, value: &str) {
    let found = state.vault.records.iter_mut().find(|found| found.record.slot == slot).unwrap();
    let version = found.versions.last_mut().unwrap();
    value.clone_into(&mut version.value);
    if let Some(name) = user_name {
        version.user_name = Some(name.to_owned());
        found.record.user_name = Some(name.to_owned());
    }
    found.record.check = None;
}

/// Whatever lies in the bucket is encrypted with another pair, as if it always had been.
fn encrypt_bucket(state: &mut State, password: &str, salt: &str) {
    let keys = Keys::derive(&Password::new(password), &Salt::new(salt)).unwrap();
    let files: Vec<_> = state
        .appliance
        .pools
        .iter()
        .flat_map(|pool| {
            pool.files.iter().map(|(path, file)| (format!("/{}/{path}.bin", pool.pool.name), file.clone()))
        })
        .collect();
    for (name, held) in &mut state.store.bucket_mut(BUCKET).unwrap().objects {
        let source = files.iter().find(|(path, _)| name.ends_with(path));
        if let Some((_, file)) = source {
            held.body = encrypt_all(&keys, Nonce::from_bytes([7; 24]), &file.content);
        }
    }
}

/// A box that was set up by hand: vault, tasks and bucket hold a pair that people chose.
fn by_hand() -> Scene {
    let scene = Scene::provisioned();
    scene.world.change(|state| {
        put(state, Slot::EncryptionPassword, None, PASSWORD);
        put(state, Slot::EncryptionSalt, None, SALT);
        for task in &mut state.appliance.tasks {
            (task.password, task.salt) = (PASSWORD.to_owned(), SALT.to_owned());
        }
        encrypt_bucket(state, PASSWORD, SALT);
    });
    scene
}

#[test]
fn e3a_a_pair_that_people_chose_is_kept_where_it_opens_what_is_in_the_bucket() {
    let scene = by_hand();
    let plan = scene.plan().unwrap();
    assert_eq!((plan.secrets, lint(&plan)), (SecretsPhase::KeepByHand, Vec::<String>::new()));
    assert!(plan.is_empty());
    let findings = scene.findings("E3a");
    assert!(findings.len() == 1 && findings[0].contains("people chose it"), "{findings:?}");
    let report = scene.verify();
    assert_eq!(failed(&report), []);
    assert!(item(&report, ItemId::SecretsEscrowed).contains("people chose"));
    assert_eq!(report.item(ItemId::Recoverable).unwrap().verdict, Verdict::Pass);
    // It is what a new task gets, too.
    scene.world.change(|state| state.appliance.tasks.clear());
    scene.provision();
    scene.world.look(|state| {
        let task = &state.appliance.tasks[0];
        assert_eq!((task.password.as_str(), task.salt.as_str()), (PASSWORD, SALT));
    });
    assert!(!format!("{:?}{:?}{:?}", scene.observe(), scene.plan(), report).contains(PASSWORD));
}

#[test]
fn e3a_a_pair_that_people_chose_and_nothing_proves_stops_everything() {
    let cases: [(Change<State>, Stop, &str); 6] = [
        (|state| encrypt_bucket(state, "another", "pair"), Stop::DataAtRisk, "does not open"),
        (
            |state| state.store.bucket_mut(BUCKET).unwrap().objects.clear(),
            Stop::Precondition,
            "nothing with content",
        ),
        (
            |state| state.store.bucket_mut(BUCKET).unwrap().objects.retain(|_, held| held.object.size <= 32),
            Stop::Precondition,
            "nothing with content",
        ),
        (
            |state| state.vault.records.retain(|found| found.record.slot != Slot::ApplicationKey),
            Stop::Precondition,
            "no application key",
        ),
        (|state| state.store.keys.clear(), Stop::Precondition, "nothing shows it"),
        (
            |state| state.vault.records.retain(|found| found.record.slot != Slot::EncryptionSalt),
            Stop::Precondition,
            "the rest of the set is missing",
        ),
    ];
    for (change, stop, said) in cases {
        for has_tasks in [true, false] {
            let scene = by_hand();
            scene.world.change(change);
            if !has_tasks {
                scene.world.change(|state| state.appliance.tasks.clear());
            }
            let writes = scene.world.writes();
            let refusal = crate::scene::refusal(&scene.run().result.unwrap_err());
            assert_eq!((refusal.rule.as_str(), refusal.stop), ("E3a", stop), "{said}: {refusal}");
            assert!(refusal.what.contains(said), "{said}: {refusal}");
            assert_eq!(scene.world.writes(), writes, "{said}");
            assert!(!refusal.to_string().contains(PASSWORD) && !refusal.to_string().contains(SALT));
        }
    }
}

/// One damaged object does not speak for the pair.
#[test]
fn e3a_a_damaged_object_does_not_condemn_a_pair_that_opens_another() {
    let scene = by_hand();
    scene.world.change(|state| {
        let objects = &mut state.store.bucket_mut(BUCKET).unwrap().objects;
        let first = objects.values_mut().find(|held| held.object.size > 100).unwrap();
        first.store(|body| body[90] ^= 1);
    });
    assert_eq!(scene.plan().unwrap().secrets, SecretsPhase::KeepByHand);
}

fn snmp_by_hand() -> Scene {
    let scene = Scene::provisioned();
    scene.world.change(|state| {
        put(state, Slot::SnmpPassword, Some("nms-reader"), SNMP[0]);
        put(state, Slot::SnmpPassphrase, None, SNMP[1]);
        let snmp = &mut state.appliance.snmp;
        (snmp.user, snmp.password, snmp.passphrase) =
            ("nms-reader".to_owned(), SNMP[0].to_owned(), SNMP[1].to_owned());
    });
    scene
}

#[test]
fn e3a_snmp_secrets_that_people_chose_are_kept_where_they_are_the_appliances_own() {
    let scene = snmp_by_hand();
    let plan = scene.plan().unwrap();
    assert!(plan.is_empty() && plan.snmp.by_hand);
    assert!(scene.findings("E3a")[0].contains("the appliance's own"));
    // A drift is put right with them.
    scene.world.change(|state| state.appliance.snmp.running = false);
    scene.provision();
    scene.world.look(|state| {
        assert_eq!((state.appliance.snmp.password.as_str(), state.appliance.snmp.running), (SNMP[0], true));
    });

    let others: [(Change<State>, &str); 4] = [
        (|state| state.appliance.snmp.passphrase = "another".to_owned(), "not the appliance's own"),
        (|state| state.appliance.snmp.user = "another".to_owned(), "not the appliance's own"),
        (
            |state| state.appliance.snmp = dtc_provision::ports::memory::SnmpState::default(),
            "not the appliance's own",
        ),
        (
            |state| state.vault.records.retain(|found| found.record.slot != Slot::SnmpPassphrase),
            "rest of the set",
        ),
    ];
    for (change, said) in others {
        let scene = snmp_by_hand();
        scene.world.change(change);
        let writes = scene.world.writes();
        let refusal = crate::scene::refusal(&scene.run().result.unwrap_err());
        assert_eq!(
            (refusal.rule.as_str(), refusal.stop, scene.world.writes()),
            ("E3a", Stop::Precondition, writes)
        );
        assert!(refusal.what.contains(said), "{said}: {refusal}");
    }
}
