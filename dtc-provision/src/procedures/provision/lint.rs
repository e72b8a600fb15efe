//! Judges a plan by the standard, without sharing the planner's code.

use std::collections::BTreeSet;

use super::plan::{Plan, PoolPhase};
use crate::phases::bucket::BucketPhase;
use crate::phases::credential::CredentialPhase;
use crate::phases::key::KeyPhase;
use crate::phases::retention::RetentionPhase;
use crate::phases::tasks::TaskPhase;
use crate::ports::RetentionMode;

/// Everything wrong with a plan; empty for a plan that may be applied. Whatever the planner emits lints clean.
pub fn lint(plan: &Plan) -> Vec<String> {
    let mut claims = bucket_claims(plan);
    claims.extend(key_claims(plan));
    claims.extend(plan.pools.iter().flat_map(|pool| pool_claims(plan, pool)));
    let folders: BTreeSet<&str> =
        plan.pools.iter().map(|pool| pool.spec.settings.target.folder.as_str()).collect();
    claims.push((folders.len() == plan.pools.len(), "C2: two tasks write to one folder"));
    claims.into_iter().filter(|(holds, _)| !holds).map(|(_, fault)| fault.to_owned()).collect()
}

/// Whether something holds, and the fault it is if not.
type Claim = (bool, &'static str);

fn bucket_claims(plan: &Plan) -> Vec<Claim> {
    let flat = plan.scope.location_uuid.to_string().replace('-', "");
    let mut claims = vec![(
        plan.scope.bucket_name.as_str() == format!("truenas-{flat}"),
        "N1: the bucket's name is not the location's",
    )];
    if let BucketPhase::Create { spec } = &plan.bucket {
        let settings = &spec.settings;
        claims.extend([
            (settings.private && settings.object_lock && settings.sse_b2, "B1: the bucket is open"),
            (matches!(plan.retention, RetentionPhase::Set { .. }), "B2: a new bucket without retention"),
        ]);
    }
    if let RetentionPhase::Set { retention, act } = &plan.retention {
        claims.extend([
            (
                retention.mode == RetentionMode::Compliance && retention.days >= 14,
                "B2: retention is too weak",
            ),
            (
                act.subject == plan.scope.bucket_name.as_str(),
                "X1b: consent to retention would name another bucket",
            ),
        ]);
    }
    claims
}

fn key_claims(plan: &Plan) -> Vec<Claim> {
    let KeyPhase::Mint { spec, .. } = &plan.key else { return Vec::new() };
    let account_wide = ["writeBuckets", "deleteBuckets", "writeKeys", "listKeys", "deleteKeys"];
    let modest = !spec.capabilities.iter().any(|held| account_wide.contains(&held.as_str()));
    vec![
        (modest, "K2: the key asks for more than a restricted key may have"),
        (
            !matches!(plan.credential, CredentialPhase::Keep { .. }),
            "C1: a new key the appliance would not get",
        ),
    ]
}

fn pool_claims(plan: &Plan, pool: &PoolPhase) -> Vec<Claim> {
    let settings = &pool.spec.settings;
    let folder = format!("/{}/{}", plan.identity.guid, pool.pool);
    let rising = settings.bandwidth.windows(2).all(|pair| pair[0].from < pair[1].from);
    let mut claims = vec![
        (settings.target.folder == folder, "N4: a task writes to another folder"),
        (settings.path == format!("/mnt/{}", pool.pool), "C2: a task reads something else than its pool"),
        (settings.target.bucket == plan.scope.bucket_name.as_str(), "N1: a task writes to another bucket"),
        (settings.encryption && !settings.filename_encryption, "C2: a task does not encrypt as it should"),
        (!settings.arguments.contains("hard-delete"), "C2: a task would destroy versions"),
        (rising, "C3: limits whose times do not rise"),
    ];
    if let TaskPhase::Change { act: Some(act), .. } = &pool.task {
        let named = act.subject.ends_with(folder.trim_start_matches('/'));
        claims.push((named, "X1b: consent to a move would name another folder"));
    }
    claims
}
