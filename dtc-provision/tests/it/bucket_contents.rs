//! What lies in the bucket and what it proves (V3, X6): only a block that is authentic proves the password, and what is not encrypted is
//! found wherever it lies and however small it is.

use dtc_provision::ports::memory::{Arrival, BUCKET, ObjectState, State};
use dtc_provision::verify::{ItemId, Report, Verdict};
use dtc_provision::{ErrorKind, Outcome, PortErrorKind};

use crate::scene::{Scene, item};

/// An encrypted empty file: a header and nothing else.
fn header() -> Vec<u8> {
    [b"RCLONE\0\0".as_slice(), &[7; 24]].concat()
}

fn objects(state: &mut State) -> impl Iterator<Item = &mut ObjectState> {
    state.store.bucket_mut(BUCKET).unwrap().objects.values_mut()
}

/// Puts another object into a pool's folder, older than all that lie there.
fn put(state: &mut State, pool: &str, path: &str, body: Vec<u8>) {
    let objects = &mut state.store.bucket_mut(BUCKET).unwrap().objects;
    let (name, held) = objects.iter().find(|(name, _)| name.contains(&format!("/{pool}/"))).unwrap();
    let (folder, _) = name.split_once(&format!("/{pool}/")).unwrap();
    let (name, mut held) = (format!("{folder}/{pool}/{path}"), held.clone());
    held.object.name.clone_from(&name);
    held.store(|stored| *stored = body);
    objects.insert(name, held);
}

fn recoverable(report: &Report) -> (Verdict, Outcome) {
    (report.item(ItemId::Recoverable).unwrap().verdict, report.outcome())
}

const UNPROVEN: (Verdict, Outcome) = (Verdict::NotCheckable, Outcome::Incomplete);
const AT_RISK: (Verdict, Outcome) = (Verdict::Fail, Outcome::DataAtRisk);
const PROVEN: (Verdict, Outcome) = (Verdict::Pass, Outcome::AsItShouldBe);

#[test]
fn v3_a_header_alone_proves_no_password_and_is_never_a_success() {
    let scene = Scene::provisioned();
    scene.world.change(|state| objects(state).for_each(|held| held.store(|body| *body = header())));
    let report = scene.verify();
    assert_eq!((recoverable(&report), report.data_at_risk()), (UNPROVEN, false));
    assert!(report.unproven().is_some_and(|why| why.contains("pool0") && why.contains("no content")));
    assert!(report.proofs.iter().all(|pool| pool.samples.is_empty() && pool.with_content == 0));
}

/// Each pool proves itself.
#[test]
fn v3_a_pool_of_empty_files_is_not_proven_by_another_pool() {
    let scene = Scene::provisioned();
    scene.world.change(|state| {
        let of_tank = objects(state).filter(|held| held.object.name.contains("/tank/"));
        of_tank.for_each(|held| held.store(|body| *body = header()));
    });
    let report = scene.verify();
    assert_eq!(recoverable(&report), UNPROVEN);
    let said = item(&report, ItemId::Recoverable);
    assert!(said.contains("tank: its 5 objects have no content") && !said.contains("pool0:"), "{said}");
    // One block that is authentic proves it, and empty files beside it are none of its samples.
    let scene = Scene::provisioned();
    assert_eq!(recoverable(&scene.verify()), PROVEN);
}

/// Plain objects of any size, instead of everything or beside it.
#[test]
fn v3_plain_objects_are_found_however_small_they_are() {
    let header_and = |more: usize| [header(), vec![1; more]].concat();
    let plain: [(&str, Vec<u8>); 9] = [
        ("nothing", Vec::new()),
        ("a byte", vec![b'x']),
        ("a byte less than a header", vec![b'x'; 31]),
        ("as long as a header", vec![b'x'; 32]),
        ("a text as long as a header", b"the password is hunter2, not it.".to_vec()),
        ("a byte more than a header", vec![b'x'; 33]),
        ("a header and a byte", header_and(1)),
        ("a header and a tag of nothing", header_and(16)),
        ("long enough for a block", vec![b'x'; 500]),
    ];
    for (what, body) in plain {
        let scene = Scene::provisioned();
        scene.world.change(|state| objects(state).for_each(|held| held.store(|held| held.clone_from(&body))));
        assert_eq!(recoverable(&scene.verify()), AT_RISK, "nothing but {what}");
        let scene = Scene::provisioned();
        scene.world.change(|state| put(state, "tank", "among/others.txt.bin", body.clone()));
        let report = scene.verify();
        assert_eq!(recoverable(&report), AT_RISK, "{what} among others");
        assert!(item(&report, ItemId::Recoverable).contains("among/others.txt.bin"), "{what}");
    }
}

/// What no encrypted object can be by its name or its size is looked at among any number of others.
#[test]
fn v3_what_cannot_be_an_encrypted_object_is_found_among_any_number_of_others() {
    let odd = [("readme.txt", vec![b'x'; 500]), ("readme.txt.bin", vec![b'x'; 40]), (".bzEmpty", Vec::new())];
    for (name, body) in odd {
        let scene = Scene::provisioned();
        scene.world.change(|state| {
            let good = objects(state).find(|held| held.object.name.contains("/tank/docs/letter")).unwrap();
            let good = good.body.clone();
            for number in 0..300 {
                put(state, "tank", &format!("many/{number:03}.bin"), good.clone());
            }
            put(state, "tank", name, body);
        });
        let report = scene.verify();
        assert_eq!(report.outcome(), Outcome::DataAtRisk, "{name}");
        assert!(item(&report, ItemId::Recoverable).contains(name), "{name}");
    }
}

/// An empty file that cannot be fetched could be anything of its length.
#[test]
fn x6_an_object_as_long_as_a_header_that_cannot_be_fetched_is_not_checkable() {
    for (arrival, expected) in [
        (Arrival::Refused(PortErrorKind::AccountLimit), UNPROVEN),
        (Arrival::Breaks(4, PortErrorKind::Unreachable), UNPROVEN),
        (Arrival::Short(12), (Verdict::Fail, Outcome::Differs)),
        (Arrival::Flipped, (Verdict::Fail, Outcome::Differs)),
    ] {
        let scene = Scene::provisioned();
        scene.world.change(|state| {
            for held in objects(state).filter(|held| held.object.size == 32) {
                (held.arrival, held.bad_fetches) = (arrival, u32::MAX);
            }
        });
        assert_eq!(recoverable(&scene.verify()), expected, "{arrival:?}");
    }
}

/// V6: pools that hold nothing but empty files are backed up and not proven, and so not called operational.
#[test]
fn v6_empty_files_alone_are_not_called_operational() {
    let scene = Scene::new();
    scene.world.change(|state| {
        let files = state.appliance.pools.iter_mut().flat_map(|pool| pool.files.values_mut());
        files.for_each(|file| file.content.clear());
    });
    let error = scene.run().result.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Unproven { .. }), "{error}");
    assert_eq!(error.outcome(), Outcome::Incomplete);
    assert!(scene.world.look(|state| state.vault.records.iter().all(|found| !found.record.operational)));
    // Once there is something to prove, the next run proves it.
    scene.world.change(|state| {
        let now = state.now;
        for pool in &mut state.appliance.pools {
            let file = pool.files.get_mut("docs/letter.txt").unwrap();
            (file.content, file.modified) = (b"Dear Sirs".to_vec(), now);
        }
        state.appliance.tasks.iter_mut().for_each(|task| task.last_job = None);
    });
    assert_eq!(recoverable(&scene.provision().report.unwrap()), PROVEN);
}
