//! A world, and an operator who provisions it.

use std::sync::OnceLock;

use dtc_naming::DeviceGuid;
use dtc_provision::jiff::{SignedDuration, Timestamp};
use dtc_provision::journal::Entry;
use dtc_provision::ports::memory::{RecordState, State, World};
use dtc_provision::ports::{Clock, Entropy};
use dtc_provision::proofs::Slot;
use dtc_provision::proofs::consent::{Answer, Consents, Question};
use dtc_provision::verify::{ItemId, Verdict};
use dtc_provision::{Completion, Error, ErrorKind, Fresh, Observation, Plan, Refusal, Report, Site};

/// Runs a future to its end. Waiting takes no time.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_time().start_paused(true).build().unwrap().block_on(future)
}

/// Something that somebody does to something.
pub(crate) type Change<T> = fn(&mut T);

/// A world and what its operator wants of it.
pub(crate) struct Scene {
    pub(crate) world: World,
    pub(crate) site: Site,
    /// Whether the operator withholds what may be withheld.
    pub(crate) withholds: bool,
}

/// What one run left behind.
pub(crate) struct Ran {
    pub(crate) result: Result<Completion, Error>,
    pub(crate) journal: Vec<(Timestamp, Entry)>,
    pub(crate) plan: Option<Plan>,
}

impl Scene {
    /// Nothing provisioned.
    pub(crate) fn new() -> Self {
        let world = World::new(1);
        let site = world.site();
        Self { world, site, withholds: false }
    }

    /// Everything provisioned.
    pub(crate) fn provisioned() -> Self {
        static PROVISIONED: OnceLock<State> = OnceLock::new();
        let scene = Self::new();
        let provisioned = PROVISIONED.get_or_init(|| {
            let scene = Self::new();
            scene.provision();
            scene.world.look(State::clone)
        });
        scene.world.change(|state| *state = provisioned.clone());
        scene
    }

    /// Another appliance of the location is at the address now.
    pub(crate) fn second_appliance(&self) {
        let mut other = World::new(2).look(|state| state.appliance.clone());
        other.system.host_name = "nas2.contoso.example".to_owned();
        other.system.management_address = "192.0.2.20".to_owned();
        other.system.addresses = vec!["192.0.2.20".to_owned()];
        other.system.macs = vec!["02:00:5e:00:53:02".to_owned()];
        self.world.change(|state| {
            state.appliance = other;
            state.add_device("72");
        });
    }

    /// A GUID nobody has, should one be needed.
    pub(crate) fn fresh(&self) -> Fresh {
        let mut bytes = [0; 16];
        self.world.fill(&mut bytes).unwrap();
        Fresh::new(DeviceGuid::from_random_bytes(bytes))
    }

    pub(crate) fn observe(&self) -> Observation {
        block_on(dtc_provision::observe(&self.site, &self.world.views()))
    }

    /// The plan for what is so now.
    pub(crate) fn plan(&self) -> Result<Plan, Error> {
        dtc_provision::plan(&self.site, &self.observe(), self.fresh())
    }

    /// Why there is no plan.
    pub(crate) fn refusal(&self) -> Refusal {
        refusal(&self.plan().unwrap_err())
    }

    /// The findings about a rule.
    pub(crate) fn findings(&self, rule: &str) -> Vec<String> {
        let found = self.plan().unwrap().findings;
        found.into_iter().filter(|finding| finding.rule == rule).map(|finding| finding.what).collect()
    }

    /// The consents that a plan asks for.
    pub(crate) fn consents(&self, plan: &Plan) -> Consents {
        self.consents_without(plan, "")
    }

    /// The consents that a plan asks for, those of one kind withheld.
    pub(crate) fn consents_without(&self, plan: &Plan, kind: &str) -> Consents {
        let now = self.world.now();
        let until = now + SignedDuration::from_hours(24);
        let answer = |question: &Question| {
            if question.act().kind == kind || self.withholds && question.may_be_withheld() {
                Answer::Withheld
            } else {
                Answer::Typed(question.subject().to_owned())
            }
        };
        Consents::gather(plan.questions(), now, until, answer).unwrap()
    }

    /// Applies a plan with these consents.
    pub(crate) async fn apply(
        &self,
        plan: Plan,
        consents: Consents,
        journal: &mut Vec<(Timestamp, Entry)>,
    ) -> Result<Completion, Error> {
        let now = dtc_provision::observe(&self.site, &self.world.views()).await;
        dtc_provision::apply(plan.against(&now)?, consents, &self.world.ports(), journal).await
    }

    /// Observes, plans, consents to everything and applies: one run of the program.
    pub(crate) fn run(&self) -> Ran {
        block_on(self.runs())
    }

    /// [`run`](Self::run), to be run beside something else.
    pub(crate) async fn runs(&self) -> Ran {
        let mut journal = Vec::new();
        let mut planned = None;
        let result = Box::pin(async {
            let seen = dtc_provision::observe(&self.site, &self.world.views()).await;
            let plan = dtc_provision::plan(&self.site, &seen, self.fresh())?;
            planned = Some(plan.clone());
            let consents = self.consents(&plan);
            self.apply(plan, consents, &mut journal).await
        })
        .await;
        Ran { result, journal, plan: planned }
    }

    /// One run that ends well.
    pub(crate) fn provision(&self) -> Completion {
        self.run().result.unwrap()
    }

    pub(crate) fn verify(&self) -> Report {
        block_on(dtc_provision::verify(&self.site, &self.world.views())).unwrap()
    }
}

/// The rule that stopped the work.
pub(crate) fn refusal(error: &Error) -> Refusal {
    match error.kind() {
        ErrorKind::Refused(refusal) => refusal.clone(),
        other => panic!("not a refusal: {other}"),
    }
}

/// The record that holds a part of this appliance's secrets.
pub(crate) fn record(state: &State, slot: Slot) -> &RecordState {
    state.vault.records.iter().find(|found| found.record.slot == slot).unwrap()
}

/// The evidence of an item of the checklist.
pub(crate) fn item(report: &Report, id: ItemId) -> String {
    report.item(id).unwrap().evidence.clone()
}

/// The ids of the items that failed.
pub(crate) fn failed(report: &Report) -> Vec<ItemId> {
    report.items.iter().filter(|item| item.verdict == Verdict::Fail).map(|item| item.id).collect()
}
