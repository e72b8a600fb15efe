//! A dry run writes nothing, wherever the appliance stands; on a provisioned one neither does an apply (X2).

use simulator::Moment;
use tokio::runtime::Builder;

use crate::end_state::{at_the_end, written};
use crate::process::{live, plan_anew, world};

/// From nothing, then from wherever a process was killed, up to the end.
#[test]
fn x2_a_dry_run_only_reads() {
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let bed = runtime.block_on(world());
    let faults = bed.sim.faults();
    let mut states = 0;
    for request in (1..).step_by(60) {
        let mark = bed.sim.transcript().mark();
        let plan = plan_anew(&bed).unwrap();
        // The appliance may be at its first run meanwhile: what it uploads is not ours.
        let asked: Vec<String> = faults.request_log().into_iter().map(|request| request.operation).collect();
        let mut writes = bed.sim.transcript().writes_since(mark);
        writes.retain(|line| asked.contains(&line.operation));
        assert!(writes.is_empty(), "planning wrote {writes:?}");
        states += 1;
        if plan.is_empty() {
            break;
        }
        faults.clear();
        faults.crash_at(request + 59, Moment::AfterAnswer);
        let _ = live(&bed);
        faults.clear();
        bed.sim.truenas().reset_login_limit();
    }
    assert!(states > 3, "only {states} states were looked at");
}

#[test]
fn x2_a_second_apply_writes_nothing() {
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let bed = runtime.block_on(world());
    live(&bed).completion().unwrap();
    let (before, mark) = (written(&bed), bed.sim.transcript().mark());
    live(&bed).completion().unwrap();
    let writes = bed.sim.transcript().writes_since(mark);
    assert!(writes.is_empty(), "the second apply wrote {writes:?}");
    at_the_end(&bed, &before).into_result().unwrap();
}
