//! What is proven of the objects in the bucket, and by what (V2, V3).

use dtc_provision::Report;
use dtc_provision::jiff::SignedDuration;
use dtc_provision::ports::memory::{BUCKET, FileState, ObjectState};
use dtc_provision::verify::{ItemId, Proof, Sample, Verdict};

use crate::scene::Scene;

const LETTER: &str = "docs/letter.txt";
const FILM: &str = "docs/film.mkv";

fn source(scene: &Scene, path: &str, change: impl FnOnce(&mut FileState)) {
    scene.world.change(|state| change(state.appliance.pools[0].files.get_mut(path).unwrap()));
}

fn object(scene: &Scene, path: &str, change: impl FnOnce(&mut ObjectState)) {
    scene.world.change(|state| {
        let objects = &mut state.store.bucket_mut(BUCKET).unwrap().objects;
        let name = objects.keys().find(|name| name.ends_with(&format!("pool0/{path}.bin"))).unwrap().clone();
        change(objects.get_mut(&name).unwrap());
    });
}

fn proof(report: &Report, path: &str) -> Sample {
    let samples = report.proofs.iter().flat_map(|proof| &proof.samples);
    samples.into_iter().find(|sample| sample.source.ends_with(&format!("pool0/{path}"))).unwrap().clone()
}

/// What is proven of a file, and whether it makes the backup pass.
fn proven(scene: &Scene, path: &str) -> (Proof, Verdict) {
    let report = scene.verify();
    (proof(&report, path).proof, report.item(ItemId::Recoverable).unwrap().verdict)
}

fn reason(proof: &Proof) -> &str {
    match proof {
        Proof::Keys { but, .. } => but,
        Proof::Failed { reason } | Proof::Damaged { reason } | Proof::NotCheckable { reason, .. } => reason,
        _ => "",
    }
}

#[test]
fn v3_content_to_the_byte() {
    let scene = Scene::provisioned();
    assert_eq!(proven(&scene, LETTER), (Proof::Content, Verdict::Pass));
    let modified = scene.world.look(|state| state.appliance.pools[0].files[LETTER].modified);

    source(&scene, LETTER, |file| file.content[1_000] ^= 1);
    let (proof, verdict) = proven(&scene, LETTER);
    assert_eq!(reason(&proof), "it opens, and its content is not its source's: byte 1000 differs");
    assert_eq!(verdict, Verdict::Fail);

    source(&scene, LETTER, |file| file.modified = modified + SignedDuration::from_secs(2));
    let changed = "its source has changed since".to_owned();
    assert_eq!(proven(&scene, LETTER), (Proof::Keys { authenticated: 1_200, but: changed }, Verdict::Pass));
    scene.world.change(|state| state.appliance.pools[0].files.remove(LETTER));
    assert_eq!(reason(&proven(&scene, LETTER).0), "its source is gone since");
}

#[test]
fn v3_what_does_not_open_fails() {
    let scene = Scene::provisioned();
    object(&scene, LETTER, |object| object.store(|body| body[600] ^= 1));
    let (proof, verdict) = proven(&scene, LETTER);
    assert!(reason(&proof).starts_with("the escrowed secrets do not open it"), "{proof:?}");
    assert_eq!(verdict, Verdict::Fail);

    let scene = Scene::provisioned();
    object(&scene, LETTER, |object| object.store(|body| body.fill(b'a')));
    let (proof, _) = proven(&scene, LETTER);
    assert!(reason(&proof).starts_with("it is not encrypted"), "{proof:?}");

    let scene = Scene::provisioned();
    object(&scene, LETTER, |object| object.store(|body| body.truncate(600)));
    assert!(matches!(proven(&scene, LETTER).0, Proof::Failed { .. }));
}

/// Too large to fetch: its beginning shows the keys, and B2's hash the rest.
#[test]
fn v3_large_objects_are_proven_by_their_hash() {
    let scene = Scene::new();
    scene.world.change(|state| {
        let files = &mut state.appliance.pools[0].files;
        let film = FileState { content: vec![7; (64 << 20) + 5], ..files[LETTER].clone() };
        files.insert(FILM.to_owned(), film);
    });
    scene.provision();
    let report = scene.verify();
    let film = proof(&report, FILM);
    assert_eq!((film.proof, film.size), (Proof::Hash, (64 << 20) + 5));
    assert_eq!(proof(&report, LETTER).proof, Proof::Content);
    let evidence = &report.item(ItemId::Recoverable).unwrap().evidence;
    assert!(evidence.contains("1 by B2's hash"), "{evidence}");

    source(&scene, FILM, |file| file.content[40 << 20] ^= 1);
    let (proof, verdict) = proven(&scene, FILM);
    assert!(reason(&proof).contains("B2's hash of it is not that of its source"), "{proof:?}");
    assert_eq!(verdict, Verdict::Fail);

    let mut sum = None;
    object(&scene, FILM, |object| sum = object.object.sha1.take());
    let (proof, verdict) = proven(&scene, FILM);
    assert_eq!(reason(&proof), "it is too large to fetch, and B2 holds no hash of it");
    assert!(matches!(proof, Proof::Keys { authenticated: 65_536, .. }), "{proof:?}");
    assert_eq!(verdict, Verdict::Pass);

    object(&scene, FILM, |object| {
        object.object.sha1 = sum;
        object.store(|body| body[100] ^= 1);
    });
    let (proof, verdict) = proven(&scene, FILM);
    assert!(reason(&proof).starts_with("the escrowed secrets do not open it"), "{proof:?}");
    assert_eq!(verdict, Verdict::Fail);
}

/// The filters are anchored and know two spellings: what they do not reach is said, and is no failure.
#[test]
fn v2_what_looks_excluded_and_is_not() {
    let scene = Scene::provisioned();
    let pool = &scene.verify().proofs[0];
    assert!(pool.excluded.is_empty());
    assert_eq!(pool.unreached, ["ARCHIVE", "docs/Archive"]);
}
