//! What each failure proves (X6): one verdict for each, and never more than was shown.

use std::collections::{BTreeMap, BTreeSet};

use dtc_provision::ports::memory::{Arrival, BUCKET, FileState, ObjectState};
use dtc_provision::verify::{ItemId, Proof, Report, Sample, Verdict};
use dtc_provision::{Error, Outcome, PortErrorKind};

use crate::scene::{Scene, block_on, item};

const LETTER: &str = "docs/letter.txt";
const FILM: &str = "docs/film.mkv";

fn verified(scene: &Scene) -> Result<Report, Error> {
    block_on(dtc_provision::verify(&scene.site, &scene.world.views()))
}

fn numbers(report: &Report, verdict: Verdict) -> Vec<u8> {
    report.items.iter().filter(|item| item.verdict == verdict).map(|item| item.number).collect()
}

/// Every call that a verification makes, and the items that cannot be judged without it; `None` where there is nothing
/// left to hold an item against. The sources are not in it: what cannot be compared is a proof by its keys (V3).
fn needed() -> BTreeMap<&'static str, Option<Vec<u8>>> {
    let tasks = || [10].into_iter().chain(11..=21).chain([23]).collect();
    let vault = || vec![1, 8, 9, 10, 25];
    BTreeMap::from([
        ("inventory.organizations", None),
        ("inventory.field_values", None),
        ("inventory.devices", None),
        ("appliance.system", None),
        ("appliance.pools", None),
        ("appliance.snmp", Some(vec![1])),
        ("appliance.cloud_credentials", Some(vec![9])),
        ("appliance.cloud_syncs", Some(tasks())),
        ("appliance.snapshot_tasks", Some(vec![22])),
        ("appliance.snapshots", Some(vec![22])),
        ("store.holdings", Some(vec![4, 5, 6, 7, 8, 24, 25])),
        ("store.keys", Some(vec![8])),
        ("store.objects", Some(vec![24, 25])),
        ("store.fetch", Some(vec![25])),
        ("vault.organizations", Some(vault())),
        ("vault.records", Some(vault())),
        ("vault.read", Some(vault())),
        ("tickets.note", Some(vec![26])),
        ("source.stat", Some(Vec::new())),
        ("source.read", Some(Vec::new())),
    ])
}

/// What of a verification is shown wrong, rather than not shown, by a call that fails like this.
fn shown_wrong(call: &str, kind: PortErrorKind) -> &'static [u8] {
    match (call, kind) {
        // The vault's key is not one that B2 takes.
        ("store.fetch", PortErrorKind::CredentialsRejected) => &[9],
        // It was fetched again and still does not arrive whole.
        ("store.fetch", PortErrorKind::Damaged) => &[25],
        _ => &[],
    }
}

/// X6: every kind of failure, of every call, for every item. What fails proves nothing: it is not checkable, whatever the
/// kind, and what does not need it is judged all the same.
#[test]
fn x6_every_kind_of_failure_of_every_call_for_every_item() {
    let called: BTreeSet<&str> = {
        let scene = Scene::provisioned();
        let from = scene.world.calls();
        assert_eq!(scene.verify().outcome(), Outcome::AsItShouldBe);
        scene.world.log()[from..].iter().map(|call| call.name).collect()
    };
    let needed = needed();
    assert_eq!(called, needed.keys().copied().collect(), "a call that the table does not know");
    for (call, items) in needed {
        for kind in PortErrorKind::ALL {
            let scene = Scene::provisioned();
            scene.world.change(|state| state.failing.insert(call, kind));
            match (verified(&scene), &items) {
                (Err(error), None) => assert_eq!(error.outcome(), kind.outcome(), "{call} {kind:?}"),
                (Ok(report), Some(items)) => {
                    let wrong = shown_wrong(call, kind);
                    let open: Vec<u8> = items.iter().copied().filter(|item| !wrong.contains(item)).collect();
                    assert_eq!(numbers(&report, Verdict::NotCheckable), open, "{call} {kind:?}");
                    assert_eq!(numbers(&report, Verdict::Fail), wrong, "{call} {kind:?}");
                    assert_eq!(numbers(&report, Verdict::Pass).len(), 26 - open.len() - wrong.len());
                    let expected = match (wrong, open.as_slice()) {
                        ([], []) => Outcome::AsItShouldBe,
                        ([], _) => Outcome::Incomplete,
                        _ => Outcome::Differs,
                    };
                    assert_eq!(report.outcome(), expected, "{call} {kind:?}");
                }
                (Ok(report), None) => panic!("{call} {kind:?}: {}", report.summary()),
                (Err(error), Some(_)) => panic!("{call} {kind:?}: {error}"),
            }
        }
    }
}

/// X7: a call that is never answered, and the time is over: what was judged until then stands, and the rest is not checkable.
#[test]
fn x7_a_verification_out_of_time_gives_what_it_has_judged() {
    let over = || tokio::time::sleep(std::time::Duration::from_secs(90));
    let in_time = |scene: &Scene| {
        block_on(async { dtc_provision::verify_until(&scene.site, &scene.world.views(), over()).await })
    };
    assert_eq!(in_time(&Scene::provisioned()).unwrap().outcome(), Outcome::AsItShouldBe);
    for (call, items) in needed() {
        let scene = Scene::provisioned();
        scene.world.change(|state| state.silent.insert(call));
        match (in_time(&scene), items) {
            (Err(error), None) => assert_eq!(error.outcome(), Outcome::Precondition, "{call}: {error}"),
            (Ok(report), Some(items)) => {
                let open = numbers(&report, Verdict::NotCheckable);
                assert!(items.iter().all(|item| open.contains(item)), "{call}: {open:?}");
                assert!(numbers(&report, Verdict::Fail).is_empty(), "{call}");
                let passed = numbers(&report, Verdict::Pass);
                assert_eq!(passed.len() + open.len(), 26, "{call}");
                println!("{call}: {} judged, open {open:?}", passed.len());
                assert_eq!(report.outcome(), Outcome::Incomplete, "{call}");
                let last = report.items.iter().find(|item| open.contains(&item.number)).unwrap();
                assert!(
                    report.items.iter().any(|item| item.evidence.contains("before the time was over")),
                    "{last:?}"
                );
            }
            (Ok(report), None) => panic!("{call}: {}", report.summary()),
            (Err(error), Some(_)) => panic!("{call}: {error}"),
        }
    }
}

/// X6: what a kind comes to when it ends a run, stated once more.
#[test]
fn x6_every_kind_of_a_ports_failure_has_its_outcome() {
    use PortErrorKind as P;
    let expected = |kind| match kind {
        P::Unreachable
        | P::RateLimited
        | P::CredentialsRejected
        | P::Unauthorized
        | P::AccountLimit
        | P::Unsupported => Outcome::Precondition,
        P::WrongMachine => Outcome::Blocked,
        _ => Outcome::Error,
    };
    let codes: BTreeSet<&str> = P::ALL.map(P::code).into();
    assert_eq!(codes.len(), P::ALL.len(), "two kinds of one code");
    for kind in P::ALL {
        assert_eq!(kind.outcome(), expected(kind), "{kind:?}");
    }
    let source = include_str!("../../src/port_error.rs");
    let body = source.split("pub enum PortErrorKind {").nth(1).unwrap().split("\n}").next().unwrap();
    let named = body.lines().filter(|line| !line.contains("///") && line.ends_with(',')).count();
    assert_eq!(named, P::ALL.len(), "a kind that `ALL` does not list");
}

/// A world with a letter that is fetched whole and a film of which only the beginning is.
fn with_film() -> Scene {
    let scene = Scene::new();
    scene.world.change(|state| {
        let files = &mut state.appliance.pools[0].files;
        let film = FileState { content: vec![7; (64 << 20) + 5], ..files[LETTER].clone() };
        files.insert(FILM.to_owned(), film);
    });
    scene.provision();
    // Without a hash its source need not be read, which takes a while.
    object(&scene, FILM, |film| film.object.sha1 = None);
    scene
}

fn object(scene: &Scene, path: &str, change: impl FnOnce(&mut ObjectState)) {
    scene.world.change(|state| {
        let objects = &mut state.store.bucket_mut(BUCKET).unwrap().objects;
        let name = objects.keys().find(|name| name.ends_with(&format!("pool0/{path}.bin"))).unwrap().clone();
        change(objects.get_mut(&name).unwrap());
    });
}

fn sample(report: &Report, path: &str) -> Sample {
    let mut samples = report.proofs.iter().flat_map(|proof| &proof.samples);
    samples.find(|sample| sample.source.ends_with(&format!("pool0/{path}"))).unwrap().clone()
}

/// What a sample shows, in a word.
fn word(proof: &Proof) -> &'static str {
    match proof {
        Proof::Content | Proof::Hash | Proof::Keys { .. } => "opens",
        Proof::Failed { .. } => "failed",
        Proof::Damaged { .. } => "damaged",
        Proof::NotCheckable { .. } => "not checkable",
    }
}

/// What it comes to when this is what one object shows.
fn comes_to(word: &str) -> (Verdict, Outcome) {
    match word {
        "opens" => (Verdict::Pass, Outcome::AsItShouldBe),
        "failed" => (Verdict::Fail, Outcome::DataAtRisk),
        "damaged" => (Verdict::Fail, Outcome::Differs),
        _ => (Verdict::NotCheckable, Outcome::Incomplete),
    }
}

/// X6: however an object arrives, once or always. Only what arrives whole and does not open is data at risk; what may lie
/// in the transfer is fetched again; and the other objects are judged all the same.
#[test]
fn x6_however_an_object_arrives() {
    use PortErrorKind as P;
    // How it arrives, what it shows after two bad fetches, and what if all are bad.
    let table = [
        (Arrival::Whole, "opens", "opens"),
        (Arrival::Refused(P::AccountLimit), "not checkable", "not checkable"),
        (Arrival::Refused(P::RateLimited), "not checkable", "not checkable"),
        (Arrival::Refused(P::Unauthorized), "not checkable", "not checkable"),
        (Arrival::Refused(P::Refused), "not checkable", "not checkable"),
        (Arrival::Refused(P::NotFound), "not checkable", "not checkable"),
        (Arrival::Refused(P::NotUnderstood), "not checkable", "not checkable"),
        (Arrival::Refused(P::Unreachable), "opens", "not checkable"),
        (Arrival::Refused(P::Damaged), "opens", "damaged"),
        (Arrival::Breaks(0, P::Unreachable), "opens", "not checkable"),
        (Arrival::Breaks(40, P::Unreachable), "opens", "not checkable"),
        (Arrival::Breaks(40, P::Damaged), "opens", "damaged"),
        (Arrival::Breaks(40, P::NotUnderstood), "not checkable", "not checkable"),
        (Arrival::Short(0), "opens", "damaged"),
        (Arrival::Short(32), "opens", "damaged"),
        (Arrival::Short(40), "opens", "damaged"),
        (Arrival::Short(600), "opens", "damaged"),
        (Arrival::Flipped, "opens", "damaged"),
    ];
    let scene = with_film();
    for path in [LETTER, FILM] {
        for (arrival, after_two, after_all) in table {
            for (bad_fetches, expected) in [(2, after_two), (u32::MAX, after_all)] {
                object(&scene, path, |object| (object.arrival, object.bad_fetches) = (arrival, bad_fetches));
                let report = scene.verify();
                let of = format!("{path} {arrival:?} {bad_fetches}");
                assert_eq!(word(&sample(&report, path).proof), expected, "{of}");
                let (verdict, outcome) = comes_to(expected);
                assert_eq!(report.item(ItemId::Recoverable).unwrap().verdict, verdict, "{of}");
                assert_eq!(report.outcome(), outcome, "{of}");
                let other = if path == LETTER { FILM } else { LETTER };
                assert_eq!(word(&sample(&report, other).proof), "opens", "{of}");
                object(&scene, path, |object| object.bad_fetches = 0);
            }
        }
    }
}

/// X6: without a checksum, the same bytes twice are what is stored, and others each time are the transfer's.
#[test]
fn x6_what_does_not_open_and_has_no_checksum_is_fetched_again() {
    let scene = Scene::provisioned();
    let table = [(1, "opens"), (2, "opens"), (u32::MAX, "damaged")];
    for (bad_fetches, expected) in table {
        object(&scene, LETTER, |object| {
            object.object.sha1 = None;
            (object.arrival, object.bad_fetches) = (Arrival::Garbled, bad_fetches);
        });
        let report = scene.verify();
        assert_eq!(word(&sample(&report, LETTER).proof), expected, "{bad_fetches}");
        assert_eq!(report.outcome(), comes_to(expected).1);
    }
    object(&scene, LETTER, |object| {
        object.bad_fetches = 0;
        object.store(|body| *body.last_mut().unwrap() ^= 1);
    });
    let report = scene.verify();
    assert_eq!((word(&sample(&report, LETTER).proof), report.outcome()), ("failed", Outcome::DataAtRisk));
}

/// X6: whoever changes bytes on the way can change the checksum that comes with them, and not the one of the listing.
#[test]
fn x6_bytes_that_are_not_those_of_the_listing_show_nothing_about_what_is_stored() {
    let scene = Scene::provisioned();
    object(&scene, LETTER, |object| *object.body.last_mut().unwrap() ^= 1);
    let report = scene.verify();
    assert_eq!((word(&sample(&report, LETTER).proof), report.outcome()), ("damaged", Outcome::Differs));
    object(&scene, LETTER, |object| object.store(|_| ()));
    let report = scene.verify();
    assert_eq!((word(&sample(&report, LETTER).proof), report.outcome()), ("failed", Outcome::DataAtRisk));
}

/// X6: a listing that ends early leaves what it held until then, and the other pool's proof.
#[test]
fn x6_a_pool_that_cannot_be_listed_leaves_the_others() {
    let listings =
        |scene: &Scene| scene.world.log().iter().filter(|call| call.name == "store.objects").count();
    let (before, all) = {
        let scene = Scene::provisioned();
        let before = listings(&scene);
        scene.verify();
        (before, listings(&scene))
    };
    for kind in PortErrorKind::ALL {
        let scene = Scene::provisioned();
        let mut seen = before;
        scene.world.watch(move |state, call| {
            seen += usize::from(call.name == "store.objects");
            if seen == all - 1 {
                state.failing.insert("store.objects", kind);
            }
        });
        let report = scene.verify();
        let [first, second] = report.proofs.as_slice() else { panic!("{:?}", report.proofs) };
        assert!(
            first.unlisted.is_none() && first.samples.iter().all(|sample| sample.proof == Proof::Content)
        );
        assert!(second.unlisted.is_some() && second.objects > 0, "{second:?}");
        assert!(!second.samples.is_empty() && second.samples.iter().all(|sample| sample.proof.opens()));
        assert_eq!(numbers(&report, Verdict::NotCheckable), [24, 25], "{kind:?}");
        assert_eq!(report.outcome(), Outcome::Incomplete);
        let said = item(&report, ItemId::Recoverable);
        assert!(said.contains(second.pool.as_str()) && said.contains("equal to their sources"), "{said}");
    }
}

/// X6: what is wrong is said whatever else fails; nothing that was found hides behind what could not be looked at.
#[test]
fn x6_what_does_not_open_is_data_at_risk_whatever_else_fails() {
    for call in ["appliance.cloud_credentials", "appliance.cloud_syncs", "store.keys", "tickets.note"] {
        let scene = Scene::provisioned();
        object(&scene, LETTER, |object| object.store(|body| body.fill(b'x')));
        scene.world.change(|state| state.failing.insert(call, PortErrorKind::Unreachable));
        assert_eq!(scene.verify().outcome(), Outcome::DataAtRisk, "{call}");
    }
    // Nor behind an item that fails as well.
    let scene = Scene::provisioned();
    object(&scene, LETTER, |object| object.store(|body| body.fill(b'x')));
    scene.world.change(|state| state.appliance.credentials[0].key = "another".to_owned());
    let report = scene.verify();
    assert_eq!((numbers(&report, Verdict::Fail), report.outcome()), (vec![9, 25], Outcome::DataAtRisk));
}

/// X6: a limited key of the appliance sees no task's secrets: not checkable, and the role that is missing is named.
#[test]
fn x6_hidden_secrets_are_not_checkable_and_the_missing_role_is_named() {
    let scene = Scene::provisioned();
    scene.world.change(|state| state.appliance.hides_secrets = true);
    let report = scene.verify();
    assert_eq!(numbers(&report, Verdict::NotCheckable), [1, 10]);
    assert_eq!((numbers(&report, Verdict::Fail), report.outcome()), (Vec::new(), Outcome::Incomplete));
    let said = item(&report, ItemId::SecretsEscrowed);
    assert!(said.contains("CLOUD_SYNC_WRITE") && said.contains("pool0"), "{said}");
    let refusal = scene.refusal();
    assert!(refusal.remedy.contains("CLOUD_SYNC_WRITE"), "{refusal}");
}

/// X6: what has nothing to look at on purpose is no gap; a pool that has nothing in the bucket proves itself.
#[test]
fn x6_what_does_not_apply_is_no_gap() {
    let mut scene = Scene::new();
    scene.site.ticket = None;
    scene.world.change(|state| state.appliance.pools.iter_mut().for_each(|pool| pool.files.clear()));
    let report = scene.provision().report.unwrap();
    assert_eq!(numbers(&report, Verdict::NotApplicable), [25, 26]);
    assert_eq!((report.outcome(), report.passed()), (Outcome::AsItShouldBe, true));
    assert_eq!(report.summary(), "24 passed, 0 failed, 0 not checkable, 2 not applicable");
}

/// X6: of a backup that is called operational, a pool without an object is not proven, whatever the other pools show.
#[test]
fn x6_a_pool_whose_objects_are_gone_is_not_checkable() {
    let scene = Scene::provisioned();
    let pools: Vec<_> = scene.verify().proofs.into_iter().map(|proof| proof.pool).collect();
    for gone in [&pools[..1], &pools[..]] {
        scene.world.change(|state| {
            let objects = &mut state.store.bucket_mut(BUCKET).unwrap().objects;
            objects.retain(|name, _| !gone.iter().any(|pool| name.contains(&format!("/{pool}/"))));
        });
        let report = scene.verify();
        assert_eq!(
            (numbers(&report, Verdict::NotCheckable), report.outcome()),
            (vec![25], Outcome::Incomplete)
        );
        let said = item(&report, ItemId::Recoverable);
        assert!(
            gone.iter().all(|pool| said.contains(&format!("{pool}: the bucket holds no object"))),
            "{said}"
        );
    }
}

/// Pools that the site names wrongly leave no item that passes for want of a pool.
#[test]
fn x6_no_pool_is_no_pass() {
    let mut scene = Scene::provisioned();
    scene.site.pools = vec!["nowhere".parse().unwrap()];
    match verified(&scene) {
        Err(error) => assert_eq!(error.outcome(), Outcome::Precondition, "{error}"),
        Ok(report) => {
            let passed = numbers(&report, Verdict::Pass);
            assert!((10..=25).all(|item| !passed.contains(&item)), "{:?}", report.items);
            assert_ne!(report.outcome(), Outcome::AsItShouldBe);
        }
    }
}

/// X6: after an apply, its own line and the report say the same.
#[test]
fn x6_an_apply_ends_with_one_verdict_after_its_last_write() {
    use dtc_provision::journal::Entry;
    let scene = Scene::new();
    let ran = scene.run();
    let report = ran.result.unwrap().report.unwrap();
    let said: Vec<(usize, &String)> = ran
        .journal
        .iter()
        .enumerate()
        .filter_map(|(at, (_, entry))| match entry {
            Entry::Done { step, result } if step == "verification" => Some((at, result)),
            _ => None,
        })
        .collect();
    assert_eq!(said, [(ran.journal.len() - 1, &report.summary())]);
    assert_eq!(report.summary(), scene.verify().summary());
    let log = scene.world.log();
    let last_write = log.iter().rposition(|call| call.name == "tickets.add_note").unwrap();
    assert!(log[last_write..].iter().any(|call| call.name == "tickets.note"), "the note is not read back");
}
