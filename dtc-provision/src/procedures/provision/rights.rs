//! Feasible before irreversible (X1c): what the provisioning key may do is held against what the phases need, while planning.

use crate::error::Refusal;
use crate::phases::bucket::BucketPhase;
use crate::phases::key::KeyPhase;
use crate::phases::retention::RetentionPhase;
use crate::ports::Account;
use crate::standard::Setting;

/// Whether the provisioning key may do what the plan has it do in the store. A plan that changes nothing there needs nothing.
pub(super) fn in_store(
    account: &Account,
    bucket: &BucketPhase,
    retention: &RetentionPhase,
    key: &KeyPhase,
) -> Result<(), Refusal> {
    let mut needed = Vec::new();
    match bucket {
        BucketPhase::Keep { .. } => {}
        BucketPhase::Create { .. } => {
            needed.extend(["writeBuckets", "writeBucketEncryption", "writeBucketRetentions"]);
        }
        BucketPhase::Change { differences, .. } => {
            needed.push("writeBuckets");
            needed.extend(differences.iter().filter_map(|difference| match difference.setting {
                Setting::DefaultEncryption => Some("writeBucketEncryption"),
                Setting::ObjectLock => Some("writeBucketRetentions"),
                _ => None,
            }));
        }
    }
    if matches!(retention, RetentionPhase::Set { .. }) {
        needed.extend(["writeBuckets", "writeBucketRetentions"]);
    }
    if matches!(key, KeyPhase::Mint { .. }) {
        needed.push("writeKeys");
    }
    needed.retain(|name| !account.capabilities.iter().any(|held| held == name));
    needed.sort_unstable();
    needed.dedup();
    lacking("the provisioning key of B2", "capabilities", &needed, "Use a key of the account that has them")
}

/// Refuses where anything is missing.
pub(super) fn lacking(whose: &str, what: &str, missing: &[&str], remedy: &str) -> Result<(), Refusal> {
    if missing.is_empty() {
        return Ok(());
    }
    let what = format!("{whose} lacks {what} that this plan needs: {}", missing.join(", "));
    Err(Refusal::precondition("X1c", what, format!("{remedy}; nothing was changed")))
}
