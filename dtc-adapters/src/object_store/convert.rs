//! B2's buckets, keys and files in provisioning's words, and back.

use b2_client::buckets::{
    DefaultRetention, Encryption, FileLock, LifecycleRule, Period, RetentionMode as B2Mode, UpdateBucket,
    Visibility,
};
use b2_client::files::FileVersion;
use b2_client::{Readable, UnixMillis};
use dtc_provision::ids::{BucketId, KeyId, ObjectId};
use dtc_provision::ports::{
    Bucket, BucketSettings, Key, Lifecycle, Object, Retention, RetentionMode, StoredSha1,
};
use dtc_provision::{PortError, PortErrorKind};
use jiff::Timestamp;

use crate::error::not_understood;

/// What a year of retention lasts.
const DAYS_PER_YEAR: u32 = 365;

/// A bucket, with every setting that the standard states; one that the key may not read is an error.
pub(super) fn bucket(found: &b2_client::buckets::Bucket) -> Result<Bucket, PortError> {
    let attempted = format!("read the bucket {}", found.name);
    let name = found.name.as_str().parse().map_err(|error: dtc_naming::Error| {
        not_understood(&attempted, format!("its name is none of ours: {error}"))
    })?;
    let lock = readable(&found.file_lock, &attempted, "readBucketRetentions")?;
    let encryption = readable(&found.default_encryption, &attempted, "readBucketEncryption")?;
    Ok(Bucket {
        id: BucketId::new(found.id.as_str()),
        name,
        revision: found.revision.get(),
        settings: BucketSettings {
            private: found.visibility == Visibility::Private,
            object_lock: lock.enabled,
            sse_b2: *encryption == Encryption::SseB2,
            lifecycle: found.lifecycle_rules.iter().map(rule).collect(),
        },
        retention: retention(lock, &attempted)?,
    })
}

fn readable<'a, T>(setting: &'a Readable<T>, attempted: &str, capability: &str) -> Result<&'a T, PortError> {
    setting.known().ok_or_else(|| {
        let answer = format!("the provisioning key may not see all of its settings: it lacks {capability}");
        PortError::new(PortErrorKind::Unauthorized, attempted, answer)
    })
}

fn retention(lock: &FileLock, attempted: &str) -> Result<Option<Retention>, PortError> {
    let Some(found) = &lock.default_retention else { return Ok(None) };
    let mode = match &found.mode {
        B2Mode::Compliance => RetentionMode::Compliance,
        B2Mode::Governance => RetentionMode::Governance,
        other => return Err(not_understood(attempted, format!("its retention is of the mode {other:?}"))),
    };
    let days = match found.period {
        Period::Days(days) => days,
        Period::Years(years) => years.saturating_mul(DAYS_PER_YEAR),
        _ => return Err(not_understood(attempted, "its retention is of an unknown length")),
    };
    Ok(Some(Retention { mode, days }))
}

fn rule(found: &LifecycleRule) -> Lifecycle {
    Lifecycle {
        prefix: found.file_name_prefix.clone(),
        hiding_to_deleting: found.days_from_hiding_to_deleting,
        uploading_to_hiding: found.days_from_uploading_to_hiding,
    }
}

pub(super) fn visibility(settings: &BucketSettings) -> Visibility {
    if settings.private { Visibility::Private } else { Visibility::Public }
}

pub(super) fn encryption(settings: &BucketSettings) -> Encryption {
    if settings.sse_b2 { Encryption::SseB2 } else { Encryption::None }
}

pub(super) fn lifecycle(settings: &BucketSettings) -> Vec<LifecycleRule> {
    let rule = |wanted: &Lifecycle| {
        let mut rule = LifecycleRule::new(&wanted.prefix);
        rule.days_from_hiding_to_deleting = wanted.hiding_to_deleting;
        rule.days_from_uploading_to_hiding = wanted.uploading_to_hiding;
        rule
    };
    settings.lifecycle.iter().map(rule).collect()
}

pub(super) fn default_retention(wanted: Retention) -> DefaultRetention {
    let period = Period::Days(wanted.days);
    match wanted.mode {
        RetentionMode::Compliance => DefaultRetention::compliance(period),
        RetentionMode::Governance => DefaultRetention::governance(period),
    }
}

/// Names in an update what differs, and nothing else; retention is left alone.
pub(super) fn changes(update: UpdateBucket, is: &BucketSettings, to: &BucketSettings) -> UpdateBucket {
    let update = if is.private == to.private { update } else { update.visibility(visibility(to)) };
    let update = if is.sse_b2 == to.sse_b2 { update } else { update.encryption(encryption(to)) };
    let update = if is.lifecycle == to.lifecycle { update } else { update.lifecycle_rules(lifecycle(to)) };
    if to.object_lock && !is.object_lock { update.object_lock() } else { update }
}

pub(super) fn key(found: b2_client::keys::Key) -> Key {
    let buckets = found.bucket_ids.unwrap_or_default();
    Key {
        id: KeyId::new(found.id.as_str()),
        name: found.name.as_str().to_owned(),
        capabilities: found.capabilities.iter().map(ToString::to_string).collect(),
        buckets: buckets.iter().map(|id| BucketId::new(id.as_str())).collect(),
    }
}

pub(super) fn object(found: &FileVersion) -> Result<Object, PortError> {
    let attempted = format!("read the listing's entry {}", found.name);
    Ok(Object {
        id: ObjectId::new(found.id.as_str()),
        size: found.content_length,
        uploaded: moment(found.uploaded)
            .ok_or_else(|| not_understood(&attempted, "its time of upload is none"))?,
        source_modified: found.source_modified().and_then(moment),
        sha1: found.whole_sha1().and_then(|sum| StoredSha1::parse(&sum.to_hex())),
        name: found.name.as_str().to_owned(),
    })
}

fn moment(at: UnixMillis) -> Option<Timestamp> {
    Timestamp::from_millisecond(at.get()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn wire(change: impl FnOnce(&mut Value)) -> b2_client::buckets::Bucket {
        let mut bucket = json!({
            "accountId": "a", "bucketId": "b", "bucketName": "truenas-a1b2c3d4e5f670718293a4b5c6d7e8f9",
            "bucketType": "allPrivate", "revision": 3,
            "lifecycleRules": [{"fileNamePrefix": "", "daysFromHidingToDeleting": 30, "daysFromUploadingToHiding": null}],
            "defaultServerSideEncryption": {
                "isClientAuthorizedToRead": true, "value": {"mode": "SSE-B2", "algorithm": "AES256"}},
            "fileLockConfiguration": {"isClientAuthorizedToRead": true, "value": {
                "isFileLockEnabled": true,
                "defaultRetention": {"mode": "compliance", "period": {"duration": 14, "unit": "days"}}}},
        });
        change(&mut bucket);
        serde_json::from_value(bucket).unwrap()
    }

    #[test]
    fn b2_a_compliant_bucket_reads_as_such() {
        let bucket = bucket(&wire(|_| {})).unwrap();
        assert_eq!(bucket.settings, dtc_provision::standard::bucket::settings());
        assert_eq!(bucket.retention, Some(dtc_provision::standard::retention::RETENTION));
    }

    #[test]
    fn b1_a_setting_that_the_key_may_not_read_is_an_error() {
        for field in ["defaultServerSideEncryption", "fileLockConfiguration"] {
            let hidden = json!({"isClientAuthorizedToRead": false, "value": null});
            let error = bucket(&wire(|bucket| bucket[field] = hidden)).unwrap_err();
            assert_eq!(error.kind(), PortErrorKind::Unauthorized);
            assert!(error.to_string().contains("readBucket"), "{error}");
        }
    }

    #[test]
    fn b2_years_of_retention_are_days() {
        let period = json!({"duration": 2, "unit": "years"});
        let found = wire(|bucket| {
            bucket["fileLockConfiguration"]["value"]["defaultRetention"]["period"] = period;
        });
        assert_eq!(bucket(&found).unwrap().retention.unwrap().days, 730);
    }

    #[test]
    fn b3_an_update_names_only_what_differs() {
        let to = dtc_provision::standard::bucket::settings();
        let from = BucketSettings { object_lock: false, lifecycle: Vec::new(), ..to.clone() };
        let id = || UpdateBucket::new(b2_client::BucketId::new("b"));
        assert_eq!(changes(id(), &to, &to), id());
        let expected = id().lifecycle_rules(lifecycle(&to)).object_lock();
        assert_eq!(changes(id(), &from, &to), expected);
    }

    #[test]
    fn n9_a_bucket_of_a_name_that_is_none_of_ours_is_an_error() {
        let error = bucket(&wire(|bucket| bucket["bucketName"] = "holiday-photos".into())).unwrap_err();
        assert_eq!(error.kind(), PortErrorKind::NotUnderstood);
    }

    #[test]
    fn v3_the_sources_time_comes_with_the_object() {
        let found = json!({
            "accountId": "a", "bucketId": "b", "fileId": "4_z", "fileName": "g/pool0/a.txt.bin", "action": "upload", "contentLength": 49,
            "contentSha1": "none", "uploadTimestamp": 1_735_689_600_000_i64,
            "fileInfo": {"src_last_modified_millis": "1735689600123"},
        });
        let object = object(&serde_json::from_value(found).unwrap()).unwrap();
        assert_eq!(object.source_modified.unwrap().as_millisecond(), 1_735_689_600_123);
        assert_eq!((object.size, object.uploaded.as_second()), (49, 1_735_689_600));
        assert_eq!(object.sha1, None);
    }

    /// Of a file of several parts, B2 itself has no checksum; rclone notes one.
    #[test]
    fn v3_b2s_checksum_comes_with_the_object() {
        let sum = "a9993e364706816aba3e25717850c26c9cd0d89d";
        let of = |content_sha1: &str, noted: Option<&str>| {
            let info = noted.map_or_else(|| json!({}), |sum| json!({"large_file_sha1": sum}));
            let found = json!({
                "accountId": "a", "bucketId": "b", "fileId": "4_z", "fileName": "g/pool0/a.txt.bin", "action": "upload", "contentLength": 49,
                "contentSha1": content_sha1, "uploadTimestamp": 1_735_689_600_000_i64, "fileInfo": info,
            });
            object(&serde_json::from_value(found).unwrap()).unwrap().sha1
        };
        let expected = StoredSha1::parse(sum);
        assert!(expected.is_some());
        assert_eq!(of(sum, None), expected);
        assert_eq!(of(&format!("unverified:{sum}"), None), expected);
        assert_eq!(of("none", Some(sum)), expected);
        assert_eq!(of("none", Some("?")), None);
    }
}
