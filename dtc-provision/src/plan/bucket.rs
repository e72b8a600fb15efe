//! The bucket and its retention (B1–B5).

use super::Difference;
use super::{BucketPhase, Finding, RetentionPhase};
use crate::consent::{Act, ChangeBucketSettings, ComplianceLock, Irreversible};
use crate::error::Refusal;
use crate::observe::Observation;
use crate::ports::{BucketSettings, BucketSpec, Retention, RetentionMode};
use crate::site::Site;
use crate::standard::{self, RETENTION};

pub(super) fn plan(
    site: &Site,
    seen: &Observation,
    findings: &mut Vec<Finding>,
) -> Result<(BucketPhase, RetentionPhase), Refusal> {
    let set = || RetentionPhase::Set { retention: RETENTION, act: lock(seen) };
    let Some(found) = &seen.bucket else {
        head_room(site, seen)?;
        let spec = BucketSpec { name: seen.bucket_name.clone(), settings: standard::bucket_settings() };
        return Ok((BucketPhase::Create { spec }, set()));
    };
    let bucket = found.bucket.clone();
    let retention = match bucket.settings.retention {
        Some(Retention { mode: RetentionMode::Compliance, days }) if days == RETENTION.days => {
            RetentionPhase::Keep
        }
        Some(Retention { mode: RetentionMode::Compliance, days }) if days > RETENTION.days => {
            findings.push(Finding::new(
                "B2",
                format!(
                    "the bucket holds versions for {days} days, longer than the standard's {}; left as it is",
                    RETENTION.days
                ),
            ));
            RetentionPhase::Keep
        }
        _ => set(),
    };
    // Retention has a step and a consent of its own.
    let to = BucketSettings { retention: bucket.settings.retention, ..standard::bucket_settings() };
    if bucket.settings == to {
        return Ok((BucketPhase::Keep { bucket }, retention));
    }
    if !bucket.settings.object_lock {
        findings.push(Finding::new(
            "B3",
            "object lock is off: it can be enabled, but versions already there stay deletable until they are replaced",
        ));
    }
    if !bucket.settings.private {
        findings
            .push(Finding::new("B3", "the bucket is public: whoever knows its name reads what lies in it"));
    }
    if bucket.settings.lifecycle != to.lifecycle {
        findings.push(Finding::new(
            "B3",
            "the bucket has other lifecycle rules: what they have deleted meanwhile is gone",
        ));
    }
    let differences = Difference::list(&bucket.settings, &to);
    let listed: Vec<String> = differences.iter().map(ToString::to_string).collect();
    let act = act_on::<ChangeBucketSettings>(seen, [("changes", listed.join("; "))]);
    Ok((BucketPhase::Change { bucket, to, differences, act }, retention))
}

/// Room for one more bucket is checked before anything is created (B5).
fn head_room(site: &Site, seen: &Observation) -> Result<(), Refusal> {
    if seen.account.buckets < site.bucket_limit {
        return Ok(());
    }
    Err(Refusal::precondition(
        "B5",
        format!(
            "the account {} holds {} buckets of {}",
            seen.account.id, seen.account.buckets, site.bucket_limit
        ),
        "Have Backblaze raise the limit, then set `bucket_limit` in the site file",
    ))
}

/// The act of setting compliance retention on this location's bucket (B2).
fn lock(seen: &Observation) -> Act {
    act_on::<ComplianceLock>(seen, [("mode", "compliance".to_owned()), ("days", RETENTION.days.to_string())])
}

fn act_on<K: Irreversible>(
    seen: &Observation,
    terms: impl IntoIterator<Item = (&'static str, String)>,
) -> Act {
    let place = [
        ("bucket", seen.bucket_name.to_string()),
        ("location", seen.location_uuid.to_string()),
        ("account", seen.account.id.to_string()),
    ];
    Act::of::<K>(seen.bucket_name.as_str(), place.into_iter().chain(terms))
}
