//! What unlocking datasets came to.

use std::collections::BTreeMap;

use truenas_client::datasets as there;

use super::shown::found;

found! {
    /// Why a dataset stayed locked.
    NotUnlocked of there::NotUnlocked {
        /// In the appliance's words: ``Invalid Key``, ``Missing key``.
        error: Option<String> = None,
        /// Which datasets below it were not tried because of that.
        skipped: Vec<String>,
    }
}

found! {
    /// What unlocking came to.
    Unlocked of there::Unlocked {
        /// Which datasets can be reached now.
        unlocked: Vec<String>,
        /// Which stayed locked, and why.
        failed: BTreeMap<String, NotUnlocked>,
    }

    /// Whether nothing stayed locked of what was to be unlocked.
    fn is_complete(&self) -> bool {
        self.failed.is_empty()
    }
}
