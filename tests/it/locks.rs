//! Locks of current versions over simulated years: kept by a nightly run, and lost without one (B2).

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use dtc_provision::locks::{self, LockReport, LockStatus, LockTerms};
use dtc_provision::ports::{Clock, Ports};
use dtc_provision::proofs::consent::{Answer, Consents, Declined};
use dtc_provision::{ErrorKind, Outcome};
use dtc_tests::TestBed;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use simulator::Fault;

const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);
/// From one run to shortly before the next.
const UNTIL_THE_NEXT: Duration = Duration::from_hours(23);
const NIGHTS: u64 = 120;

struct SimulatedClock(simulator::Clock);

impl Clock for SimulatedClock {
    fn now(&self) -> Timestamp {
        self.0.now()
    }
}

/// A provisioned appliance whose ports go by the simulated time, and who keeps its locks.
struct Kept {
    bed: TestBed,
    ports: Ports,
    bucket: String,
    folder: String,
    random: u64,
}

impl Kept {
    async fn new(seed: u64) -> Self {
        let bed = TestBed::new(seed).await;
        bed.provision().await;
        let mut ports = bed.ports.clone();
        ports.clock = Arc::new(SimulatedClock(bed.sim.clock().clone()));
        let bucket = bed.sim.b2().buckets()[0]["bucketName"].as_str().unwrap().to_owned();
        let first = bed.sim.b2().versions(&bucket)[0]["fileName"].as_str().unwrap().to_owned();
        let folder = first.split('/').take(2).collect::<Vec<_>>().join("/");
        Self { bed, ports, bucket, folder, random: seed }
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.random =
            self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.random >> 33) % bound
    }

    fn terms() -> LockTerms {
        LockTerms::new(14, 28, 1 << 40).unwrap()
    }

    async fn status(&self, terms: LockTerms) -> LockStatus {
        let now = self.ports.clock.now();
        locks::status(&self.bed.site, &self.ports.views(), terms, now, &|_| ()).await.unwrap()
    }

    fn consents(&self, status: &LockStatus) -> Result<Consents, Declined> {
        let now = self.ports.clock.now();
        let until = now + SignedDuration::from_hours(1);
        Consents::gather(status.question(), now, until, |question| {
            Answer::Typed(question.subject().to_owned())
        })
    }

    /// What a nightly run does.
    async fn night(&self, terms: LockTerms) -> LockReport {
        let status = self.status(terms).await;
        let consents = self.consents(&status).unwrap();
        locks::extend(status, consents, &self.ports, &|_| ()).await.unwrap()
    }

    /// Current versions, by their names.
    fn current(&self) -> Vec<Value> {
        let mut seen = BTreeSet::new();
        let versions = self.bed.sim.b2().versions(&self.bucket).into_iter();
        let newest = versions.filter(|row| seen.insert(row["fileName"].to_string()));
        newest.filter(|row| row["action"] == "upload").collect()
    }

    /// Puts, rewrites and hides some files, as people and a task do.
    fn work(&mut self) {
        for _ in 0..3 {
            let number = self.below(12);
            let name = format!("{}/file{number}", self.folder);
            if self.below(3) == 0 {
                let bucket = self.bed.sim.b2().bucket(&self.bucket).unwrap();
                let hide = json!({ "bucketId": bucket["bucketId"], "fileName": name });
                let _ = self.bed.sim.b2().call("b2_hide_file", hide);
            } else {
                let content = self.below(1 << 20).to_string();
                self.bed.sim.b2().put(&self.bucket, &name, content.as_bytes()).unwrap();
            }
        }
    }

    /// A thief who may do all that the account's owner may deletes every current version; how many are gone.
    fn theft(&self) -> usize {
        let delete = |row: &Value| {
            let request = json!({ "fileName": row["fileName"], "fileId": row["fileId"] });
            self.bed.sim.b2().call("b2_delete_file_version", request).is_ok()
        };
        self.current().iter().filter(|row| delete(row)).count()
    }
}

/// B2: 120 nights of changes, hides and thefts, one night in ten missed: no current version can ever be destroyed, not even by the
/// account's owner; and what was hidden is gone within the days that the forecast says.
#[tokio::test(flavor = "multi_thread")]
async fn b2_no_current_version_is_ever_destroyed_where_locks_are_kept() {
    let mut kept = Kept::new(71).await;
    let quiet = format!("{}/never changed", kept.folder);
    kept.bed.sim.b2().put(&kept.bucket, &quiet, b"the only copy").unwrap();
    let (mut extended, mut missed) = (0, false);
    for night in 0..NIGHTS {
        kept.work();
        missed = !missed && kept.below(10) == 0;
        if !missed {
            let report = kept.night(Kept::terms()).await;
            assert_eq!(report.outcome(), Outcome::AsItShouldBe, "night {night}: {report:?}");
            extended += report.extended;
            assert!(kept.status(Kept::terms()).await.is_kept(), "night {night}");
        }
        kept.bed.sim.clock().advance(UNTIL_THE_NEXT);
        assert_eq!(kept.theft(), 0, "night {night}");
        kept.bed.sim.clock().advance(HOUR);
    }
    assert!(extended > NIGHTS, "{extended} locks were extended");
    assert!(kept.current().iter().any(|row| row["fileName"] == quiet.as_str()));

    let days = kept.status(Kept::terms()).await.forecast().deleted_data_days_with;
    kept.bed.sim.clock().advance(DAY * (days + 2));
    let versions = kept.bed.sim.b2().versions(&kept.bucket);
    assert_eq!(versions.len(), kept.current().len(), "what was hidden or rewritten aged out");
}

/// The test above can fail: without nightly runs the same thief succeeds.
#[tokio::test(flavor = "multi_thread")]
async fn b2_without_a_nightly_run_what_never_changes_can_be_destroyed() {
    let kept = Kept::new(72).await;
    kept.bed.sim.clock().advance(DAY * 13);
    assert_eq!(kept.theft(), 0);
    let total = kept.status(Kept::terms()).await.total();
    assert!(total.due == total.versions && total.unlocked == 0 && total.versions > 0, "{total:?}");
    kept.bed.sim.clock().advance(DAY * 2);
    let total = kept.status(Kept::terms()).await.total();
    assert_eq!((total.unlocked, total.first_end), (total.versions, None), "{total:?}");
    assert!(kept.theft() > 0);
}

/// X7: each lock that is due is extended once, whatever fails: by the run itself, or by the next one.
#[tokio::test(flavor = "multi_thread")]
async fn b2_a_run_that_fails_anywhere_is_ended_by_the_next() {
    let kept = Kept::new(73).await;
    let due = kept.status(Kept::terms()).await.total().due;
    assert!(due > 4, "{due}");
    kept.bed.sim.faults().on("b2", "b2_update_file_retention").nth(2).before_effect(Fault::refuse(
        400,
        "bad_request",
        "not this one",
    ));
    let gone = Fault::refuse(404, "not_found", "file_state_deleted");
    kept.bed.sim.faults().on("b2", "b2_update_file_retention").nth(4).before_effect(gone);
    let report = kept.night(Kept::terms()).await;
    assert_eq!((report.failures, report.gone, report.extended), (1, 1, due - 2), "{report:?}");
    assert_eq!(report.outcome(), Outcome::Incomplete);
    assert!(report.failed[0].reason.contains("breaks a rule"), "{report:?}");

    kept.bed.sim.faults().clear();
    let left = kept.status(Kept::terms()).await.total().due;
    assert_eq!(left, 2);
    assert_eq!(kept.night(Kept::terms()).await.extended, 2);
    assert!(kept.status(Kept::terms()).await.is_kept());
    assert_eq!(kept.night(Kept::terms()).await.extended, 0, "a lock is not extended twice");
}

/// Everything fails in the same way: the rest is not begun.
#[tokio::test(flavor = "multi_thread")]
async fn b2_a_key_that_may_not_extend_is_named_before_anything_is_sent() {
    let kept = Kept::new(74).await;
    let few = LockTerms::new(14, 28, 1).unwrap();
    let report = kept.night(few).await;
    assert!(report.beyond_consent > 0 && report.extended == 0, "{report:?}");
    assert_eq!(report.outcome(), Outcome::Incomplete);

    // The consent is to these terms and to this bucket.
    let status = kept.status(Kept::terms()).await;
    let other = kept.consents(&kept.status(few).await).unwrap();
    let error = locks::extend(status, other, &kept.ports, &|_| ()).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::ConsentMissing { .. }), "{error}");
    assert_eq!(kept.status(Kept::terms()).await.total().unlocked, 0);
}

/// A lock that is longer than what is asked for stays as it is.
#[tokio::test(flavor = "multi_thread")]
async fn b2_no_lock_is_shortened() {
    let kept = Kept::new(75).await;
    let long = LockTerms::new(90, 100, 1 << 40).unwrap();
    let extended = kept.night(long).await.extended;
    assert!(extended > 0);
    let ends = |kept: &Kept| -> Vec<Value> {
        kept.current()
            .iter()
            .map(|row| row["fileRetention"]["value"]["retainUntilTimestamp"].clone())
            .collect()
    };
    let before = ends(&kept);
    assert_eq!(kept.night(Kept::terms()).await.extended, 0);
    assert_eq!(ends(&kept), before);
}
