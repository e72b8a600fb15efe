//! The procedure's checklist, evaluated by reading the live systems (V5).

mod checklist;
mod coverage;
mod recover;

use serde::Serialize;

use crate::error::Error;
use crate::ports::Views;
use crate::site::Site;

pub use recover::{PoolProof, Proof, Sample};

/// The item that says whether the ticket was told.
pub const TICKET_ITEM: u8 = 26;
/// The item that proves the backup can be recovered.
pub const PROOF_ITEM: u8 = 25;

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
pub struct Item {
    /// Its number in the procedure's checklist, 1 to 26.
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
pub struct Report {
    /// The items, in order.
    pub items: Vec<Item>,
    /// What was fetched and opened, pool by pool.
    pub proofs: Vec<PoolProof>,
    /// What is on the box and cannot be in the backup, a line each (C6).
    pub coverage: Vec<String>,
}

impl Report {
    /// Whether no item failed.
    pub fn passed(&self) -> bool {
        self.items.iter().all(|item| item.verdict != Verdict::Fail)
    }

    /// Whether the proof of recoverability failed: plaintext in the bucket, or what the escrowed secrets do not open.
    pub fn data_at_risk(&self) -> bool {
        self.items.iter().any(|item| item.number == PROOF_ITEM && item.verdict == Verdict::Fail)
    }

    /// Why recoverability is not proven, if it is neither proven nor disproven. Pools that hold nothing to open prove
    /// themselves.
    pub fn unproven(&self) -> Option<&str> {
        let proof = self.items.iter().find(|item| item.number == PROOF_ITEM)?;
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

    /// The exit code that says what to do: 0, 1, or 6 when data is at risk.
    pub fn exit_code(&self) -> u8 {
        match (self.passed(), self.data_at_risk()) {
            (true, _) => 0,
            (false, true) => 6,
            (false, false) => 1,
        }
    }
}

/// Evaluates every item by reading the live systems; writes nothing.
///
/// # Errors
/// Where the box, its client and location cannot be told at all: without them there is nothing to hold an item
/// against. Whatever else fails is an item's verdict.
pub async fn verify(site: &Site, views: &Views) -> Result<Report, Error> {
    checklist::evaluate(site, views).await
}
