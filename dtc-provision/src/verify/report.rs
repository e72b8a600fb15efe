//! What a verification found.

use serde::Serialize;

use super::item::{Item, ItemId, Verdict};
use super::recover::{PoolProof, Proof};
use crate::outcome::Outcome;
use crate::port_error::PortError;

/// The whole checklist, and the proof of recoverability beneath it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// The items, in order.
    pub items: Vec<Item>,
    /// What was fetched and opened, pool by pool.
    pub proofs: Vec<PoolProof>,
    /// What is on the appliance and cannot be in the backup, a line each (C6).
    pub coverage: Vec<String>,
    /// Why services left something unread: the first failed call of each service and kind.
    pub unread: Vec<PortError>,
}

impl Report {
    /// The item of this id.
    pub fn item(&self, id: ItemId) -> Option<&Item> {
        self.items.iter().find(|item| item.id == id)
    }

    /// Whether every item that applies was looked at and is as it should be.
    pub fn passed(&self) -> bool {
        self.outcome() == Outcome::AsItShouldBe
    }

    /// What the verification comes to (X6): the worst that was found, and what was not proven is never a success.
    pub fn outcome(&self) -> Outcome {
        if self.data_at_risk() {
            Outcome::DataAtRisk
        } else if self.count(Verdict::Fail) > 0 {
            Outcome::Differs
        } else if self.count(Verdict::Pass) == 0 {
            // Nothing could be checked: what is in the way must be put right first.
            Outcome::Precondition
        } else if self.count(Verdict::NotCheckable) > 0 {
            Outcome::Incomplete
        } else {
            Outcome::AsItShouldBe
        }
    }

    /// Whether an object arrived whole and does not open with the vault's secrets, is not encrypted, or is not its
    /// unchanged source.
    pub fn data_at_risk(&self) -> bool {
        let mut samples = self.proofs.iter().flat_map(|pool| &pool.samples);
        samples.any(|sample| matches!(sample.proof, Proof::Failed { .. }))
    }

    /// Why recoverability is not proven, if it is neither proven nor disproven. Pools that hold nothing to open prove
    /// themselves.
    pub fn unproven(&self) -> Option<&str> {
        let proof = self.item(ItemId::Recoverable)?;
        (proof.verdict == Verdict::NotCheckable).then_some(proof.evidence.as_str())
    }

    /// How many items have this verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.items.iter().filter(|item| item.verdict == verdict).count()
    }

    /// One line for people.
    pub fn summary(&self) -> String {
        let checked = format!(
            "{} passed, {} failed, {} not checkable",
            self.count(Verdict::Pass),
            self.count(Verdict::Fail),
            self.count(Verdict::NotCheckable)
        );
        match self.count(Verdict::NotApplicable) {
            0 => checked,
            others => format!("{checked}, {others} not applicable"),
        }
    }

    /// Sets the verdict of an item that was made true, or put off, after it was evaluated.
    pub(crate) fn set(&mut self, id: ItemId, verdict: Verdict, evidence: &str) {
        if let Some(item) = self.items.iter_mut().find(|item| item.id == id) {
            item.verdict = verdict;
            evidence.clone_into(&mut item.evidence);
        }
    }
}
