//! What was found about an item.

use crate::facts::Unread;
use crate::verify::evidence::Evidence;
use crate::verify::item::ItemId;

/// A pass, a failure, or a reason why neither, each with its evidence.
pub(super) enum Found {
    Pass(String),
    Fail(String),
    NotCheckable(String),
    /// There is nothing to judge, on purpose.
    NotApplicable(String),
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

    /// How much it weighs beside the same item of another pool.
    pub(super) fn weight(&self) -> u8 {
        match self {
            Self::NotApplicable(_) => 0,
            Self::Pass(_) => 1,
            Self::NotCheckable(_) => 2,
            Self::RestsOn(_) => 3,
            Self::Fail(_) => 4,
        }
    }

    pub(super) fn judged(holds: bool, evidence: impl Into<String>) -> Self {
        if holds { Self::pass(evidence) } else { Self::fail(evidence) }
    }
}

/// Judges every pool that is backed up by itself, and keeps the worst.
pub(super) fn of_pools(evidence: &Evidence<'_>, judge: impl Fn(&crate::ports::Pool) -> Found) -> Found {
    if let Err(unread) = evidence.seen.backed_up.read() {
        return Found::unread(unread);
    }
    let judged: Vec<_> = evidence.pools().map(|pool| (&pool.name, judge(pool))).collect();
    let Some((_, worst)) = judged.iter().max_by_key(|(_, found)| found.weight()) else {
        return Found::NotCheckable("the appliance shows no pool that is backed up".to_owned());
    };
    if let Found::RestsOn(id) = worst {
        return Found::RestsOn(*id);
    }
    let said = judged.iter().map(|(pool, found)| format!("{pool}: {}", found.verdict().1));
    let said = said.collect::<Vec<_>>().join("; ");
    match worst {
        Found::Fail(_) => Found::Fail(said),
        Found::Pass(_) => Found::Pass(said),
        Found::NotApplicable(_) => Found::NotApplicable(said),
        Found::NotCheckable(_) | Found::RestsOn(_) => Found::NotCheckable(said),
    }
}
