//! Two appliances, and an operator who wants one to replicate to the other.

use std::sync::Arc;

use dtc_provision::ids::SnapshotTaskId;
use dtc_provision::jiff::{SignedDuration, Timestamp};
use dtc_provision::journal::Entry;
use dtc_provision::ports::memory::{EndState, RECEIVING_ADDRESS, SENDING_ADDRESS, Side, State, World};
use dtc_provision::ports::{Clock, SentSnapshots, SnapshotTask, SnapshotTaskSettings, Way};
use dtc_provision::proofs::Slot;
use dtc_provision::proofs::consent::{Answer, Consents};
use dtc_provision::replication::{
    self, Encryption, Ends, Given, KeyFile, Passphrases, Replication, ReplicationItemId, ReplicationPlan,
    ReplicationReport, UnlockReport,
};
use dtc_provision::schedule::TimeOfDay;
use dtc_provision::secret::DatasetSecret;
use dtc_provision::verify::Verdict;
use dtc_provision::{Error, Site};

use crate::scene::block_on;

/// The passphrase of `tank/phrase`.
pub(super) const PASSPHRASE: &str = "correct horse battery";

/// Both appliances, and what is wanted of them.
pub(super) struct Pair {
    pub(super) world: World,
    pub(super) site: Site,
    pub(super) wanted: Replication,
    /// The destination's own passphrase, where one is given.
    pub(super) passphrase: Option<&'static str>,
    /// Passphrases of sources.
    pub(super) of_sources: Vec<(&'static str, &'static str)>,
}

impl Pair {
    /// One source, which goes this way to this destination.
    pub(super) fn new(way: Way, source: &str, destination: &str) -> Self {
        let world = World::new(1);
        let site = world.site();
        let sources = [source.parse().unwrap()];
        let mut wanted = Replication::new("branch", way, sources, destination.parse().unwrap());
        (wanted.from, wanted.to) = ("the branch".to_owned(), "headquarters".to_owned());
        wanted.host = match way {
            Way::Push => Some(RECEIVING_ADDRESS.to_owned()),
            Way::Pull => Some(SENDING_ADDRESS.to_owned()),
            Way::Local => None,
        };
        Self { world, site, wanted, passphrase: None, of_sources: Vec::new() }
    }

    /// An encrypted dataset, sent raw by root.
    pub(super) fn raw() -> Self {
        Self::new(Way::Push, "tank/data", "backup/site/data")
    }

    /// A dataset in clear that gets this encryption at the destination.
    pub(super) fn layered(way: Way, encryption: Encryption) -> Self {
        let inherits = encryption == Encryption::Inherit;
        let mut pair =
            Self::new(way, "tank/plain", if inherits { "backup/sealed/plain" } else { "backup/site/plain" });
        pair.wanted.encryption = encryption;
        pair
    }

    /// The same, of the snapshots of a task of its source, with the datasets below or without, that takes one an hour.
    pub(super) fn by_task(mut self, recursive: bool) -> Self {
        let dataset = self.wanted.sources[0].as_str().to_owned();
        self.change(Side::Sending, |end| end.snapshot_tasks.push(snapshot_task("3", &dataset, recursive)));
        self.wanted.snapshots = SentSnapshots::OfTasks([SnapshotTaskId::new("3")].into());
        self
    }

    /// A key of digits of its own, in the appliance's database.
    pub(super) fn key() -> Encryption {
        Encryption::Key { location: replication::IN_DATABASE.to_owned() }
    }

    /// A passphrase of its own.
    pub(super) fn phrase() -> Encryption {
        Encryption::Passphrase { location: replication::IN_DATABASE.to_owned() }
    }

    pub(super) fn ends(&self) -> Ends {
        let to = if self.wanted.way == Way::Local { Side::Sending } else { Side::Receiving };
        Ends { from: Arc::new(self.world.end(Side::Sending)), to: Arc::new(self.world.end(to)) }
    }

    /// The appliance that has the task.
    pub(super) fn runner(&self) -> Side {
        if self.wanted.way == Way::Pull { Side::Receiving } else { Side::Sending }
    }

    /// The appliance that is logged in to.
    pub(super) fn remote(&self) -> Side {
        if self.wanted.way == Way::Pull { Side::Sending } else { Side::Receiving }
    }

    /// Changes one of the appliances, as somebody else would.
    pub(super) fn change(&self, side: Side, change: impl FnOnce(&mut EndState)) {
        self.world.change(|state| change(state.end_mut(side)));
    }

    fn passphrases(&self) -> Passphrases {
        let secret = |text: &&str| DatasetSecret::new((*text).to_owned());
        Passphrases {
            destination: self.passphrase.as_ref().map(secret),
            sources: self
                .of_sources
                .iter()
                .map(|(name, text)| (name.parse().unwrap(), secret(text)))
                .collect(),
        }
    }

    pub(super) async fn plans(&self) -> Result<ReplicationPlan, Error> {
        let (views, ends) = (self.world.views(), self.ends().views());
        let seen = replication::observe(&self.site, &self.wanted, &views, &ends).await?;
        replication::plan(&self.wanted, &seen, &self.passphrases())
    }

    pub(super) fn plan(&self) -> Result<ReplicationPlan, Error> {
        block_on(self.plans())
    }

    /// Opens the destination with a file of keys.
    pub(super) fn unlock_by(&self, file: &str) -> UnlockReport {
        let (keys, ends) = (KeyFile::parse(&file.into()).unwrap(), self.ends());
        block_on(replication::unlock_by(&self.wanted, &keys, ends.to.as_ref())).unwrap()
    }

    /// Observes, plans, consents to everything and applies.
    pub(super) async fn runs(
        &self,
        journal: &mut Vec<(Timestamp, Entry)>,
    ) -> Result<ReplicationReport, Error> {
        let plan = self.plans().await?;
        let now = self.world.now();
        let until = now + SignedDuration::from_hours(1);
        let consents = Consents::gather(plan.questions(), now, until, |question| {
            Answer::Typed(question.subject().to_owned())
        });
        self.apply(&plan, consents.unwrap(), journal).await
    }

    pub(super) async fn apply(
        &self,
        plan: &ReplicationPlan,
        consents: Consents,
        journal: &mut Vec<(Timestamp, Entry)>,
    ) -> Result<ReplicationReport, Error> {
        let given = Given { plan, consents, passphrases: self.passphrases() };
        let (ports, ends) = (self.world.ports(), self.ends());
        replication::apply(&self.site, &self.wanted, given, (&ports, &ends), journal).await
    }

    pub(super) fn run(&self) -> Result<ReplicationReport, Error> {
        block_on(self.runs(&mut Vec::new()))
    }

    pub(super) fn verify(&self) -> ReplicationReport {
        let (views, ends) = (self.world.views(), self.ends().views());
        let now = self.world.now();
        block_on(replication::verify(&self.site, &self.wanted, &views, &ends, now)).unwrap()
    }

    pub(super) fn unlock(&self) -> UnlockReport {
        let (ports, ends) = (self.world.ports(), self.ends());
        block_on(replication::unlock(&self.site, &self.wanted, &ports.views(), ends.to.as_ref())).unwrap()
    }

    /// Plans or applies, is refused for all of these reasons, and has written nothing.
    pub(super) fn refused(&self, says: &[&str]) -> Error {
        let before = self.world.writes();
        let error = self.run().unwrap_err();
        let shown = format!("{error} {error:?}");
        for words in says {
            assert!(shown.contains(words), "{words:?} is missing: {shown}");
        }
        assert_eq!(self.world.writes(), before, "{says:?}: something was written");
        error
    }
}

/// A periodic snapshot task as a person makes it, of the schema that the snapshots of the beginning have.
pub(super) fn snapshot_task(id: &str, dataset: &str, recursive: bool) -> SnapshotTask {
    let settings = SnapshotTaskSettings {
        dataset: dataset.to_owned(),
        recursive,
        exclude: Vec::new(),
        lifetime_hours: 336,
        schema: replication::SCHEMA.to_owned(),
        schedule: "0 * * * *".parse().unwrap(),
        begin: TimeOfDay::MIDNIGHT,
        end: TimeOfDay::LAST_MINUTE,
        allow_empty: true,
    };
    SnapshotTask { id: SnapshotTaskId::new(id), enabled: true, settings }
}

/// What a report says of one item.
pub(super) fn item(report: &ReplicationReport, id: ReplicationItemId) -> (Verdict, &str) {
    let found = report.items.iter().find(|item| item.id == id).unwrap();
    (found.verdict, &found.evidence)
}

/// What the vault holds of dataset keys: whose, and the value.
pub(super) fn keys(state: &State) -> Vec<(String, String)> {
    let records = state.vault.records.iter().filter(|found| found.record.slot == Slot::DatasetKey);
    let shown = records.map(|found| {
        let dataset = found.record.dataset.as_ref().map(ToString::to_string);
        (dataset.unwrap_or_default(), found.value().to_owned())
    });
    shown.collect()
}
