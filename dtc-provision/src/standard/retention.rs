//! A bucket's default retention (B2).

use std::cmp::Ordering;

use crate::ports::{Retention, RetentionMode};

/// Days of compliance retention (B2).
pub const DAYS: u32 = 14;
/// The default retention every bucket ends with (B2).
pub const RETENTION: Retention = Retention { mode: RetentionMode::Compliance, days: DAYS };

/// A bucket's default retention, held against the standard's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// There is none, it can be shortened, or it is too short.
    Weaker,
    /// It is the standard's.
    Equal,
    /// It is compliance retention and longer; nobody can shorten it.
    Longer,
}

/// Holds a default retention against the standard's.
pub fn judge(is: Option<Retention>) -> Judgement {
    let compliance = is.filter(|held| held.mode == RetentionMode::Compliance);
    match compliance.map(|held| held.days.cmp(&DAYS)) {
        None | Some(Ordering::Less) => Judgement::Weaker,
        Some(Ordering::Equal) => Judgement::Equal,
        Some(Ordering::Greater) => Judgement::Longer,
    }
}

/// A default retention in words.
pub fn describe(is: Option<Retention>) -> String {
    is.map_or_else(|| "no default retention".to_owned(), |held| held.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b2_governance_and_fewer_days_are_weaker() {
        let held = |mode, days| judge(Some(Retention { mode, days }));
        assert_eq!(judge(None), Judgement::Weaker);
        assert_eq!(held(RetentionMode::Governance, 365), Judgement::Weaker);
        assert_eq!(held(RetentionMode::Compliance, 13), Judgement::Weaker);
        assert_eq!(held(RetentionMode::Compliance, 14), Judgement::Equal);
        assert_eq!(held(RetentionMode::Compliance, 15), Judgement::Longer);
    }
}
