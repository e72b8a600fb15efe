//! A bucket's default retention (B2).

use std::cmp::Ordering;

use super::difference::{Difference, Setting};
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
    match is {
        Some(Retention { mode: RetentionMode::Compliance, days }) => match days.cmp(&DAYS) {
            Ordering::Less => Judgement::Weaker,
            Ordering::Equal => Judgement::Equal,
            Ordering::Greater => Judgement::Longer,
        },
        Some(Retention { .. }) | None => Judgement::Weaker,
    }
}

/// The one setting there is, where it is weaker than it should be. A longer one is left as it is.
pub fn differences(is: Option<Retention>) -> Vec<Difference> {
    let differs = judge(is) == Judgement::Weaker;
    differs.then(|| Difference::new(Setting::Retention, describe(is), RETENTION)).into_iter().collect()
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

    #[test]
    fn b2_mode_and_days_that_differ_alone_are_named() {
        let said = |is| differences(is).iter().map(ToString::to_string).collect::<Vec<_>>();
        let weaker = [
            (None, "no default retention"),
            (Some(Retention { mode: RetentionMode::Governance, ..RETENTION }), "governance, 14 days"),
            (Some(Retention { days: 13, ..RETENTION }), "compliance, 13 days"),
        ];
        for (is, words) in weaker {
            assert_eq!(said(is), [format!("default retention: {words}, should be compliance, 14 days")]);
        }
        assert_eq!(said(Some(RETENTION)), [""; 0]);
        assert_eq!(said(Some(Retention { days: 15, ..RETENTION })), [""; 0]);
    }
}
