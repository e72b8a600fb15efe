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
            uploading_to_hiding: None,
        }],
    }
}

impl Compare for BucketSettings {
    fn differences(&self, should_be: &Self) -> Vec<Difference> {
        Comparison::default()
            .switch(Setting::Visibility, self.private, should_be.private, |private| {
                if private { "private" } else { "public" }
            })
            .switch(Setting::ObjectLock, self.object_lock, should_be.object_lock, on_off)
            .switch(Setting::DefaultEncryption, self.sse_b2, should_be.sse_b2, |sse_b2| {
                if sse_b2 { "SSE-B2" } else { "none, or another one" }
            })
            .of(Setting::Lifecycle, self.lifecycle.as_slice(), &should_be.lifecycle, list)
            .end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
