//! Judges a plan by the standard, without sharing the planner's code.

use super::{BucketPhase, CredentialPhase, KeyPhase, Plan, RetentionPhase, TaskPhase};
use crate::ports::RetentionMode;

/// Everything wrong with a plan; empty for a plan that may be applied. Whatever the planner emits lints clean.
pub fn lint(plan: &Plan) -> Vec<String> {
    let mut faults = Vec::new();
    let mut fault = |holds: bool, what: &str| {
        if !holds {
            faults.push(what.to_owned());
        }
    };
    let flat = plan.location_uuid.to_string().replace('-', "");
    fault(
        plan.bucket_name.as_str() == format!("truenas-{flat}"),
        "N1: the bucket's name is not the location's",
    );
    if let BucketPhase::Create { spec } = &plan.bucket {
        fault(
            spec.settings.private && spec.settings.object_lock && spec.settings.sse_b2,
            "B1: the bucket is open",
        );
        fault(matches!(plan.retention, RetentionPhase::Set { .. }), "B2: a new bucket without retention");
    }
    if let RetentionPhase::Set { retention, act } = &plan.retention {
        fault(
            retention.mode == RetentionMode::Compliance && retention.days >= 14,
            "B2: retention is too weak",
        );
        fault(
            act.subject == plan.bucket_name.as_str(),
            "X1b: consent to retention would name another bucket",
        );
    }
    if let KeyPhase::Mint { spec, .. } = &plan.key {
        let account_wide = ["writeBuckets", "deleteBuckets", "writeKeys", "listKeys", "deleteKeys"];
        fault(
            !spec.capabilities.iter().any(|held| account_wide.contains(&held.as_str())),
            "K2: the key asks for more than a restricted key may have",
        );
        fault(
            !matches!(plan.credential, CredentialPhase::Keep { .. }),
            "C1: a new key the box would not get",
        );
    }
    for pool in &plan.pools {
        let settings = &pool.spec.settings;
        let folder = format!("/{}/{}", plan.identity.guid, pool.pool);
        fault(settings.folder == folder, "N4: a task writes to another folder");
        fault(
            settings.path == format!("/mnt/{}", pool.pool),
            "C2: a task reads something else than its pool",
        );
        fault(settings.bucket == plan.bucket_name.as_str(), "N1: a task writes to another bucket");
        fault(
            settings.encryption && !settings.filename_encryption,
            "C2: a task does not encrypt as it should",
        );
        fault(!settings.arguments.contains("hard-delete"), "C2: a task would destroy versions");
        fault(
            settings.bandwidth.windows(2).all(|pair| pair[0].from < pair[1].from),
            "C3: limits whose times do not rise",
        );
        let moved = |act: &crate::consent::Act| act.subject.ends_with(folder.trim_start_matches('/'));
        if let TaskPhase::Change { act: Some(act), .. } = &pool.task {
            fault(moved(act), "X1b: consent to a move would name another folder");
        }
    }
    let folders: std::collections::BTreeSet<&str> =
        plan.pools.iter().map(|pool| pool.spec.settings.folder.as_str()).collect();
    fault(folders.len() == plan.pools.len(), "C2: two tasks write to one folder");
    faults
}
