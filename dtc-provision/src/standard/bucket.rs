//! A bucket's settings (B1).

use super::difference::{Compare, Comparison, Difference, Setting, list, on_off};
use crate::ports::{BucketSettings, Lifecycle};

/// Days from hiding to deletion (B1).
pub const HIDING_TO_DELETING_DAYS: u32 = 30;

/// The settings that every bucket has (B1).
pub fn settings() -> BucketSettings {
    BucketSettings {
        private: true,
        object_lock: true,
        sse_b2: true,
        lifecycle: vec![Lifecycle {
            prefix: String::new(),
            hiding_to_deleting: Some(HIDING_TO_DELETING_DAYS),
            ..Lifecycle::default()
        }],
    }
}

impl Compare for BucketSettings {
    /// It is taken apart without a rest, so that a setting that is added later cannot be left out.
    fn differences(&self, should_be: &Self) -> Vec<Difference> {
        let Self { private, object_lock, sse_b2, lifecycle } = self;
        Comparison::default()
            .switch(Setting::Visibility, *private, should_be.private, visibility)
            .switch(Setting::ObjectLock, *object_lock, should_be.object_lock, on_off)
            .switch(Setting::DefaultEncryption, *sse_b2, should_be.sse_b2, encryption)
            .of(Setting::Lifecycle, lifecycle.as_slice(), &should_be.lifecycle, list)
            .end()
    }
}

/// A bucket's settings in one line, each in the words that differences have for it.
pub(crate) fn words(settings: &BucketSettings) -> String {
    let BucketSettings { private, object_lock, sse_b2, lifecycle } = settings;
    format!(
        "{}, object lock {}, {}, {}",
        visibility(*private),
        on_off(*object_lock),
        encryption(*sse_b2),
        list(lifecycle)
    )
}

fn visibility(private: bool) -> &'static str {
    if private { "private" } else { "public" }
}

fn encryption(sse_b2: bool) -> &'static str {
    if sse_b2 { "SSE-B2" } else { "none, or another one" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standard::difference::tests::{Row, assert_each_is_named};

    #[test]
    fn b1_each_setting_of_a_bucket_that_differs_alone_is_named_alone() {
        let rows: [Row<BucketSettings>; 10] = [
            (Setting::Visibility, |bucket| bucket.private = false),
            (Setting::ObjectLock, |bucket| bucket.object_lock = false),
            (Setting::DefaultEncryption, |bucket| bucket.sse_b2 = false),
            (Setting::Lifecycle, |bucket| bucket.lifecycle.clear()),
            (Setting::Lifecycle, |bucket| bucket.lifecycle.push(Lifecycle::default())),
            (Setting::Lifecycle, |bucket| bucket.lifecycle[0].prefix = "a/".to_owned()),
            (Setting::Lifecycle, |bucket| bucket.lifecycle[0].hiding_to_deleting = None),
            (Setting::Lifecycle, |bucket| bucket.lifecycle[0].uploading_to_hiding = Some(1)),
            (Setting::Lifecycle, |bucket| bucket.lifecycle[0].starting_to_cancelling = Some(1)),
            (Setting::Lifecycle, |bucket| bucket.lifecycle[0].further = vec!["x: 1".to_owned()]),
        ];
        assert_each_is_named(&settings(), &rows);
    }

    #[test]
    fn b1_the_standard_is_said_in_the_words_of_its_differences() {
        let said = words(&settings());
        assert_eq!(said, "private, object lock on, SSE-B2, all names: hidden versions deleted after 30 days");
    }

    /// Exactly one rule, and nothing in it but the 30 days.
    #[test]
    fn b1_a_rule_that_says_more_does_not_conform() {
        type Change = fn(&mut Lifecycle);
        let says_more: [(Change, &str); 5] = [
            (
                |rule| rule.starting_to_cancelling = Some(7),
                "all names: hidden versions deleted after 30 days, \
                unfinished large uploads cancelled after 7 days",
            ),
            (
                |rule| rule.uploading_to_hiding = Some(1),
                "all names: hidden after 1 days, hidden versions deleted after 30 days",
            ),
            (
                |rule| rule.further = vec!["daysToArchiving: 5".to_owned()],
                "all names: hidden versions deleted after 30 days, \
                daysToArchiving: 5",
            ),
            (|rule| rule.hiding_to_deleting = Some(31), "all names: hidden versions deleted after 31 days"),
            (|rule| rule.prefix = "a/".to_owned(), "a/*: hidden versions deleted after 30 days"),
        ];
        for (change, words) in says_more {
            let mut is = settings();
            change(&mut is.lifecycle[0]);
            let differences: Vec<String> =
                is.differences(&settings()).iter().map(ToString::to_string).collect();
            let expected =
                format!("lifecycle: {words}, should be all names: hidden versions deleted after 30 days");
            assert_eq!(differences, [expected]);
            let mut beside = settings();
            beside.lifecycle.push(is.lifecycle[0].clone());
            assert_eq!(beside.differences(&settings()).len(), 1, "a second rule");
        }
        assert!(settings().differences(&settings()).is_empty());
    }

    #[test]
    fn b3_differences_are_in_words() {
        let mut is = settings();
        is.lifecycle[0].hiding_to_deleting = Some(7);
        is.private = false;
        let words: Vec<String> = is.differences(&settings()).iter().map(ToString::to_string).collect();
        assert_eq!(
            words,
            [
                "visibility: public, should be private",
                "lifecycle: all names: hidden versions deleted after 7 days, \
                 should be all names: hidden versions deleted after 30 days",
            ]
        );
    }
}
