//! What a verification found.

use serde::Serialize;

use super::checklist::ItemId;
use super::recover::PoolProof;

/// What was found about one item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It is so.
    Pass,
    /// It is not so.
    Fail,
    /// It could not be looked at, and the evidence says why.
    NotCheckable,
}

/// One item of the checklist, with its evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Item {
    /// Which item.
    pub id: ItemId,
    /// Its number in the procedure's checklist.
    pub number: u8,
    /// The rule of the standard it is about.
    pub rule: &'static str,
    /// What should be so.
    pub title: &'static str,
    /// What was found.
    pub verdict: Verdict,
    /// Where and how.
    pub evidence: String,
}

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
}

impl Report {
    /// The item of this id.
    pub fn item(&self, id: ItemId) -> Option<&Item> {
        self.items.iter().find(|item| item.id == id)
    }

    /// Whether no item failed.
    pub fn passed(&self) -> bool {
        self.items.iter().all(|item| item.verdict != Verdict::Fail)
    }

    /// Whether the proof of recoverability failed: plaintext in the bucket, or what the escrowed secrets do not open.
    pub fn data_at_risk(&self) -> bool {
        self.item(ItemId::Recoverable).is_some_and(|item| item.verdict == Verdict::Fail)
    }

    /// Why recoverability is not proven, if it is neither proven nor disproven. Pools that hold nothing to open prove
    /// themselves.
    pub fn unproven(&self) -> Option<&str> {
        let proof = self.item(ItemId::Recoverable)?;
        let nothing = !self.proofs.is_empty() && self.proofs.iter().all(|pool| pool.with_content == 0);
        (proof.verdict == Verdict::NotCheckable && !nothing).then_some(proof.evidence.as_str())
    }

    /// How many items have this verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.items.iter().filter(|item| item.verdict == verdict).count()
    }

    /// One line for people.
    pub fn summary(&self) -> String {
        format!(
            "{} passed, {} failed, {} not checkable",
            self.count(Verdict::Pass),
            self.count(Verdict::Fail),
            self.count(Verdict::NotCheckable)
        )
    }

    /// Sets the verdict of an item that was made true, or put off, after it was evaluated.
    pub(crate) fn set(&mut self, id: ItemId, verdict: Verdict, evidence: &str) {
        if let Some(item) = self.items.iter_mut().find(|item| item.id == id) {
            item.verdict = verdict;
            evidence.clone_into(&mut item.evidence);
        }
    }
}
