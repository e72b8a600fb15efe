//! Lifecycle rules, by which the service hides and deletes files automatically.

use serde::{Deserialize, Serialize};

use crate::members::Other;

/// A lifecycle rule: what the service does, after how many days, to files whose names begin with a prefix.
///
/// The service refuses a rule without any number of days, and a number of zero (reference: Backblaze, *Lifecycle rules*).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct LifecycleRule {
    /// The prefix of the file names that the rule applies to; empty for all files.
    pub file_name_prefix: String,
    /// Days after which a version that was hidden or superseded is deleted.
    pub days_from_hiding_to_deleting: Option<u32>,
    /// Days after its upload after which a file is hidden.
    pub days_from_uploading_to_hiding: Option<u32>,
    /// Days after its start after which an unfinished large file is cancelled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days_from_starting_to_canceling_unfinished_large_files: Option<u32>,
    /// Members that this crate does not know, kept and sent back.
    #[serde(flatten)]
    other: Other,
}

impl LifecycleRule {
    /// A rule for files whose names begin with the prefix. Set at least one number of days.
    pub fn new(file_name_prefix: impl Into<String>) -> Self {
        Self {
            file_name_prefix: file_name_prefix.into(),
            days_from_hiding_to_deleting: None,
            days_from_uploading_to_hiding: None,
            days_from_starting_to_canceling_unfinished_large_files: None,
            other: Other::default(),
        }
    }

    /// The settings of the rule that this crate does not know: name, and value as text or JSON. They are kept when the rule is sent back.
    pub fn unknown_settings(&self) -> impl Iterator<Item = (&str, String)> {
        self.other.iter()
    }

    /// Deletes versions this many days after they were hidden or superseded.
    pub fn days_from_hiding_to_deleting(mut self, days: u32) -> Self {
        self.days_from_hiding_to_deleting = Some(days);
        self
    }

    /// Hides files this many days after their upload.
    pub fn days_from_uploading_to_hiding(mut self, days: u32) -> Self {
        self.days_from_uploading_to_hiding = Some(days);
        self
    }

    /// Cancels unfinished large files this many days after they were started.
    pub fn days_from_starting_to_canceling_unfinished_large_files(mut self, days: u32) -> Self {
        self.days_from_starting_to_canceling_unfinished_large_files = Some(days);
        self
    }
}

/// Returns which rule of the service the list breaks.
pub(super) fn fault(rules: &[LifecycleRule]) -> Option<String> {
    if rules.len() > 100 {
        return Some(format!("a bucket may have at most 100 lifecycle rules, not {}", rules.len()));
    }
    for (index, rule) in rules.iter().enumerate() {
        let days = [
            rule.days_from_hiding_to_deleting,
            rule.days_from_uploading_to_hiding,
            rule.days_from_starting_to_canceling_unfinished_large_files,
        ];
        let prefix = &rule.file_name_prefix;
        if days.contains(&Some(0)) {
            return Some(format!(
                "the lifecycle rule for {prefix:?} has a number of 0 days; the minimum is 1"
            ));
        }
        if days.iter().all(Option::is_none) {
            return Some(format!("the lifecycle rule for {prefix:?} has no number of days; set one"));
        }
        if rules[..index].iter().any(|earlier| earlier.file_name_prefix == *prefix) {
            return Some(format!("two lifecycle rules have the prefix {prefix:?}"));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gotcha_19_zero_days_and_empty_rules_never_reach_the_wire() {
        let zero = LifecycleRule::new("").days_from_hiding_to_deleting(0);
        let empty = LifecycleRule::new("a/");
        let good = LifecycleRule::new("").days_from_hiding_to_deleting(30);
        assert!(fault(&[zero]).is_some());
        assert!(fault(&[empty]).is_some());
        assert!(fault(&[good.clone(), good.clone()]).is_some());
        assert_eq!(fault(&[good]), None);
    }
}
