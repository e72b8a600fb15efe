//! From nothing to a proven backup, over real sockets.

use dtc_provision::Report;
use dtc_provision::verify::{Proof, Verdict};
use dtc_tests::{TestBed, some_engines};

/// The items that stand otherwise than passed, for a message.
fn failures(report: &Report) -> Vec<String> {
    let failing = report.items.iter().filter(|item| item.verdict != Verdict::Pass);
    failing.map(|item| format!("{} {:?}: {}", item.number, item.verdict, item.evidence)).collect()
}

/// X1a, X2, V3, V5: the whole path, by the own engine and by rclone; then nothing is left to do. The demo's tests take the
/// same path with every rclone.
#[tokio::test(flavor = "multi_thread")]
async fn x1a_from_nothing_to_a_proven_backup() {
    for engine in some_engines() {
        let mut bed = TestBed::builder(7).engine(engine.clone()).start().await;
        let completion = bed.provision().await;
        assert_eq!(completion.first_runs.len(), 2, "{engine}");
        assert!(completion.withheld.is_empty(), "{engine}: {:?}", completion.withheld);
        let report = completion.report.expect("a first run that is followed is verified");
        assert_eq!(failures(&report), [""; 0], "{engine}");

        let report = bed.verify().await.unwrap();
        assert_eq!(failures(&report), [""; 0], "{engine}");
        let samples: Vec<_> = report.proofs.iter().flat_map(|proof| &proof.samples).collect();
        assert!(samples.len() >= 4, "{engine}: {samples:?}");
        assert!(samples.iter().all(|sample| sample.proof == Proof::Content), "{engine}: {samples:#?}");

        let before = bed.sim.transcript().mark();
        bed.ports = bed.connect().await.unwrap(); // as a process of its own, which kept nothing
        let second = bed.plan().await.unwrap();
        assert!(second.is_empty(), "{engine}: {second:#?}");
        let writes = bed.sim.transcript().writes_since(before);
        assert!(writes.is_empty(), "{engine}: a second observation wrote {writes:?}");
    }
}
