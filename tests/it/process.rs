//! One run of our process, from connecting to the end of the apply, that can die like one.

use std::time::Duration;

use dtc_adapters::connections::{HaloConnection, Timeouts};
use dtc_naming::DeviceGuid;
use dtc_provision::ports::Ports;
use dtc_provision::proofs::consent::{Answer, ConsentKind as _, Consents, DeleteOrphanKey};
use dtc_provision::{Completion, Error, Fresh, Plan, apply, observe, plan};
use dtc_tests::TestBed;
use jiff::{SignedDuration, Timestamp};
use simulator::halo::CLIENT_GUID_FIELD;
use simulator::{DEFAULT_ID, technician};
use tokio::runtime;

/// No run takes longer; one that does hangs.
const LIMIT: Duration = Duration::from_mins(3);

/// How a process came to its end.
#[derive(Debug)]
pub(crate) enum End {
    /// It was killed.
    Killed,
    /// It ended by itself.
    Ended(Box<Result<Completion, Error>>),
    /// It was still at it after three minutes.
    Hung,
}

impl End {
    /// The completion, or why there is none.
    pub(crate) fn completion(self) -> Result<Completion, String> {
        match self {
            Self::Ended(outcome) => outcome.map_err(|error| error.to_string()),
            other => Err(format!("{other:?}")),
        }
    }
}

/// Runs the whole path in a runtime of its own, until it ends or the simulator kills it. Nothing of it goes on
/// afterwards, and it leaves nothing local.
pub(crate) fn live(bed: &TestBed) -> End {
    alone(async {
        tokio::select! {
            biased;
            () = bed.sim.faults().crashed() => End::Killed,
            ended = tokio::time::timeout(LIMIT, whole_path(bed)) => match ended {
                Ok(outcome) => End::Ended(Box::new(outcome)),
                Err(_) => End::Hung,
            },
        }
    })
}

/// What a process of its own would plan now.
pub(crate) fn plan_anew(bed: &TestBed) -> Result<Plan, Error> {
    alone(async { planned(bed, &bed.connect().await?).await })
}

/// Runs `work` in a runtime that dies with it.
pub(crate) fn alone<T>(work: impl Future<Output = T>) -> T {
    let runtime = runtime::Builder::new_current_thread().enable_all().build().expect("a runtime starts");
    let result = runtime.block_on(work);
    runtime.shutdown_background();
    result
}

async fn whole_path(bed: &TestBed) -> Result<Completion, Error> {
    let ports = bed.connect().await?;
    let plan = planned(bed, &ports).await?;
    let consents = keep_orphans(&plan);
    let current = plan.against(&observe(&bed.site, &ports.views()).await)?;
    apply(current, consents, &ports, &mut Vec::new()).await
}

async fn planned(bed: &TestBed, ports: &Ports) -> Result<Plan, Error> {
    let mut bytes = [0; 16];
    ports.entropy.fill(&mut bytes)?;
    let fresh = Fresh::new(DeviceGuid::from_random_bytes(bytes));
    plan(&bed.site, &observe(&bed.site, &ports.views()).await, fresh)
}

/// Consents to everything but the deletion of an orphaned key, so that one that is left can be seen.
fn keep_orphans(plan: &Plan) -> Consents {
    let now = Timestamp::now();
    let until = now + SignedDuration::from_hours(1);
    let answered = Consents::gather(plan.questions(), now, until, |question| match question.act() {
        act if act.kind == DeleteOrphanKey::NAME => Answer::Withheld,
        act => Answer::Typed(act.subject.clone()),
    });
    answered.expect("the subject of a question answers it")
}

/// A world to die in: nothing is provisioned, nothing was asked of it yet, and its technician is quick.
pub(crate) async fn world() -> TestBed {
    unasked(builder().start().await)
}

/// The same, whose ticket is in HaloPSA, and is held to the client there.
pub(crate) async fn world_with_halo() -> TestBed {
    world_with(Timeouts::default()).await
}

/// The same, whose clients give up after these times.
pub(crate) async fn world_with(timeouts: Timeouts) -> TestBed {
    let held = |halo: HaloConnection| halo.client_field(CLIENT_GUID_FIELD);
    let bed = builder().timeouts(timeouts).tickets_in_halo(held).start().await;
    bed.synchronize_halo();
    unasked(bed)
}

fn builder() -> dtc_tests::Builder {
    let quick = |sim: simulator::Builder| {
        sim.technician(DEFAULT_ID, technician::Settings::default().delay(Duration::from_millis(1)))
    };
    let waits = |waits: &mut dtc_provision::ports::Waits| {
        waits.poll_interval = Duration::from_millis(20);
    };
    TestBed::builder(7).adjust(quick).waits(waits)
}

fn unasked(bed: TestBed) -> TestBed {
    bed.sim.faults().clear();
    bed
}
