//! What was found about an item.

use super::ItemId;
use crate::facts::Unread;
use crate::verify::evidence::Evidence;

/// A pass, a failure, or a reason why neither, each with its evidence.
pub(super) enum Found {
    Pass(String),
    Fail(String),
    NotCheckable(String),
    /// Another item says why it cannot be judged.
    RestsOn(ItemId),
}

impl Found {
    pub(super) fn pass(evidence: impl Into<String>) -> Self {
        Self::Pass(evidence.into())
    }

    pub(super) fn fail(evidence: impl Into<String>) -> Self {
        Self::Fail(evidence.into())
    }

    pub(super) fn unread(why: &Unread) -> Self {
        Self::NotCheckable(why.to_string())
    }

    pub(super) fn judged(holds: bool, evidence: impl Into<String>) -> Self {
        if holds { Self::pass(evidence) } else { Self::fail(evidence) }
    }
}

/// Judges every pool that is backed up, and keeps the worst.
pub(super) fn of_pools(evidence: &Evidence<'_>, judge: impl Fn(&crate::ports::Pool) -> Found) -> Found {
    let (mut failed, mut unknown, mut said) = (false, false, Vec::new());
    for pool in evidence.pools() {
        let (found, text) = match judge(pool) {
            Found::RestsOn(id) => return Found::RestsOn(id),
            Found::Pass(text) => ((false, false), text),
            Found::Fail(text) => ((true, false), text),
            Found::NotCheckable(text) => ((false, true), text),
        };
        (failed, unknown) = (failed || found.0, unknown || found.1);
        said.push(format!("{}: {text}", pool.name));
    }
    let said = said.join("; ");
    match (failed, unknown) {
        (true, _) => Found::Fail(said),
        (false, true) => Found::NotCheckable(said),
        (false, false) => Found::Pass(said),
    }
}
