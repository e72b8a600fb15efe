//! B2's buckets, keys and files in provisioning's words, and back.

use b2_client::buckets::{
    DefaultRetention, Encryption, FileLock, LifecycleRule, Period, RetentionMode as B2Mode, UpdateBucket,
    Visibility,
};
use b2_client::files::{Action, Download, FileRetention, FileVersion, LegalHold};
use b2_client::{FileId, Readable, UnixMillis};
use dtc_provision::ids::{BucketId, KeyId, ObjectId};
use dtc_provision::ports::{
    Bucket, BucketSettings, CurrentVersion, Key, Lifecycle, Lock, Object, ObjectVersion, Part, Retained,
    Retention, RetentionMode, StoredSha1, VersionKind,
};
use dtc_provision::{PortError, PortErrorKind};
use jiff::Timestamp;

use crate::error::{not_understood, refused};

/// What a year of retention lasts.
const DAYS_PER_YEAR: u32 = 365;

/// The download of a part of a version. B2 refuses a range behind the end, so one that is all of it is none.
pub(crate) fn download(object: &Object, part: Part) -> Download {
    let wanted = Download::by_id(FileId::new(object.id.as_str()));
    match part {
        Part::Beginning(len) if len < object.size => wanted.range(0..=len.saturating_sub(1)),
        Part::Span { from, len } => wanted.range(from..=from.saturating_add(len).saturating_sub(1)),
        Part::Whole | Part::Beginning(_) => wanted,
    }
}

/// A bucket, with every setting that the standard states; one that the key may not read is an error.
pub(super) fn bucket(found: &b2_client::buckets::Bucket) -> Result<Bucket, PortError> {
    let attempted = format!("read the bucket {}", found.name);
    let name = found.name.as_str().parse().map_err(|error: dtc_naming::Error| {
        not_understood(&attempted, format!("its name is none of ours: {error}"))
    })?;
    if let Some(unread) = found.unread.iter().find(|member| *member == "lifecycleRules") {
        return Err(not_understood(&attempted, format!("its {unread} have a form that is not known")));
    }
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
    match setting {
        Readable::Known(value) => Ok(value),
        Readable::NotAuthorized => {
            let answer =
                format!("the provisioning key may not see all of its settings: it lacks {capability}");
            Err(PortError::new(PortErrorKind::Unauthorized, attempted, answer))
        }
        _ => {
            let answer = format!("a setting that {capability} shows has a form that is not known");
            Err(not_understood(attempted, answer))
        }
    }
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
        starting_to_cancelling: found.days_from_starting_to_canceling_unfinished_large_files,
        further: found.unknown_settings().map(|(name, value)| format!("{name}: {value}")).collect(),
    }
}

pub(super) fn visibility(settings: &BucketSettings) -> Visibility {
    if settings.private { Visibility::Private } else { Visibility::Public }
}

/// The rules to write. What was read of a rule without being understood cannot be written.
pub(super) fn lifecycle(settings: &BucketSettings, attempted: &str) -> Result<Vec<LifecycleRule>, PortError> {
    let rule = |wanted: &Lifecycle| {
        if let Some(unknown) = wanted.further.first() {
            let answer = format!("a lifecycle rule with the unknown setting {unknown:?} is not written");
            return Err(refused(attempted, answer));
        }
        let mut rule = LifecycleRule::new(&wanted.prefix);
        rule.days_from_hiding_to_deleting = wanted.hiding_to_deleting;
        rule.days_from_uploading_to_hiding = wanted.uploading_to_hiding;
        rule.days_from_starting_to_canceling_unfinished_large_files = wanted.starting_to_cancelling;
        Ok(rule)
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

/// Names in an update what differs, and nothing else; retention is left alone. Where no encryption is wanted, which B2 does not take
/// any more, its default is.
pub(super) fn changes(
    update: UpdateBucket,
    is: &BucketSettings,
    to: &BucketSettings,
    attempted: &str,
) -> Result<UpdateBucket, PortError> {
    let update = if is.private == to.private { update } else { update.visibility(visibility(to)) };
    let update = match (is.sse_b2, to.sse_b2) {
        (false, true) => update.encryption(Encryption::SseB2),
        (true, false) => update.reset_encryption(),
        _ => update,
    };
    let update =
        if is.lifecycle == to.lifecycle { update } else { update.lifecycle_rules(lifecycle(to, attempted)?) };
    Ok(if to.object_lock && !is.object_lock { update.object_lock() } else { update })
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

/// A version, whatever it is of its object. One that B2 has a new word for is an error: it could be content.
pub(crate) fn of_row(found: &FileVersion) -> Result<ObjectVersion, PortError> {
    let kind = match &found.action {
        Action::Upload | Action::Copy => VersionKind::Content,
        Action::Hide => VersionKind::Hidden,
        Action::Start => VersionKind::Unfinished,
        other => {
            let attempted = format!("read the listing's entry {}", found.name);
            return Err(not_understood(attempted, format!("B2 calls it {other:?}")));
        }
    };
    Ok(ObjectVersion { object: object(found)?, kind, lock: lock(found) })
}

/// What keeps a version from being deleted. Where either of the two is not shown and the other says nothing, nobody knows.
fn lock(found: &FileVersion) -> Lock {
    match (&found.legal_hold, &found.retention) {
        (Readable::Known(LegalHold::On), _) => Lock::Held,
        (_, Readable::Known(FileRetention::Until { until, .. })) => {
            moment(*until).map_or(Lock::NotShown, Lock::Until)
        }
        (Readable::Known(LegalHold::Off), Readable::Known(FileRetention::None)) => Lock::Free,
        _ => Lock::NotShown,
    }
}

/// A current version, if the row is one, and its retention.
pub(super) fn current(found: &FileVersion) -> Result<Option<CurrentVersion>, PortError> {
    let ObjectVersion { object, kind, .. } = of_row(found)?;
    let retained = match &found.retention {
        Readable::Known(FileRetention::None) => Retained::Not,
        Readable::Known(FileRetention::Until { mode, until }) => match (mode, moment(*until)) {
            (B2Mode::Compliance, Some(until)) => Retained::Compliance(until),
            (B2Mode::Governance, Some(until)) => Retained::Governance(until),
            _ => {
                let attempted = format!("read the lock of {}", found.name);
                return Err(not_understood(attempted, format!("it is {mode:?} until {until}")));
            }
        },
        _ => Retained::NotShown,
    };
    Ok(match kind {
        VersionKind::Content => Some(CurrentVersion { object, retained }),
        VersionKind::Hidden | VersionKind::Unfinished => None,
    })
}

pub(super) fn object(found: &FileVersion) -> Result<Object, PortError> {
    let no_time =
        || not_understood(format!("read the listing's entry {}", found.name), "its time of upload is none");
    Ok(Object {
        id: ObjectId::new(found.id.as_str()),
        size: found.content_length,
        uploaded: moment(found.uploaded).ok_or_else(no_time)?,
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
        assert_eq!(changes(id(), &to, &to, "t").unwrap(), id());
        let expected = id().lifecycle_rules(lifecycle(&to, "t").unwrap()).object_lock();
        assert_eq!(changes(id(), &from, &to, "t").unwrap(), expected);
    }

    #[test]
    fn b1_encryption_is_set_or_left_to_b2_and_none_is_never_asked_for() {
        let to = dtc_provision::standard::bucket::settings();
        let before = BucketSettings { sse_b2: false, ..to.clone() };
        let sent = |is, to| {
            let update = UpdateBucket::new(b2_client::BucketId::new("b"));
            serde_json::to_value(changes(update, is, to, "t").unwrap()).unwrap()
        };
        let sse_b2 = json!({"mode": "SSE-B2", "algorithm": "AES256"});
        assert_eq!(sent(&before, &to), json!({"bucketId": "b", "defaultServerSideEncryption": sse_b2}));
        assert_eq!(sent(&to, &before), json!({"bucketId": "b", "defaultServerSideEncryption": null}));
        assert_eq!(sent(&before, &before), json!({"bucketId": "b"}));
    }

    /// There is no such setting: B2 takes no bucket without encryption any more.
    #[test]
    fn b1_no_site_file_turns_encryption_off() {
        for table in ["[b2]", "[site]"] {
            let text = crate::SiteFile::TEMPLATE.replacen(table, &format!("{table}\nsse_b2 = false"), 1);
            let refused = crate::SiteFile::parse(&text, std::path::Path::new("site.toml")).unwrap_err();
            assert!(refused.to_string().contains("sse_b2"), "{refused}");
        }
    }

    #[test]
    fn b1_a_bucket_of_before_reads_as_not_encrypted() {
        for mode in [
            json!({"mode": "none"}),
            json!({"mode": null, "algorithm": null}),
            json!(null),
            json!({"mode": "SSE-X"}),
        ] {
            let found = wire(|bucket| bucket["defaultServerSideEncryption"]["value"] = mode.clone());
            assert!(!bucket(&found).unwrap().settings.sse_b2, "{mode}");
        }
    }

    /// Whatever a rule says beside the 30 days makes it another rule, known or not, and is shown.
    #[test]
    fn b1_nothing_that_a_rule_says_is_overlooked() {
        let standard = dtc_provision::standard::bucket::settings();
        let grown = |name: &str, value: Value| {
            let found = wire(|bucket| bucket["lifecycleRules"][0][name] = value);
            bucket(&found).unwrap().settings
        };
        for (name, value, shown) in [
            ("daysFromStartingToCancelingUnfinishedLargeFiles", json!(7), "cancelled after 7 days"),
            ("daysFromUploadingToHiding", json!(1), "hidden after 1 days"),
            ("daysToArchiving", json!(5), "daysToArchiving: 5"),
            ("storageClass", json!({"name": "cold"}), "storageClass: {\"name\":\"cold\"}"),
        ] {
            let settings = grown(name, value);
            assert_ne!(settings, standard, "{name}");
            assert!(settings.lifecycle[0].to_string().contains(shown), "{}", settings.lifecycle[0]);
        }
        for (name, value) in [
            ("daysFromStartingToCancelingUnfinishedLargeFiles", json!(null)),
            ("daysToArchiving", json!(null)),
        ] {
            assert_eq!(grown(name, value), standard, "{name}: null says nothing");
        }
        let unknown = grown("daysToArchiving", json!(5));
        assert_eq!(lifecycle(&unknown, "t").unwrap_err().kind(), PortErrorKind::Refused);
    }

    #[test]
    fn b1_a_setting_of_an_unknown_form_is_an_error_and_never_off() {
        for (setting, value) in [
            ("lifecycleRules", json!("none")),
            ("lifecycleRules", json!([{"fileNamePrefix": "", "daysFromHidingToDeleting": "30"}])),
            (
                "fileLockConfiguration",
                json!({"isClientAuthorizedToRead": true, "value": {"isFileLockEnabled": "yes"}}),
            ),
            (
                "fileLockConfiguration",
                json!({"isClientAuthorizedToRead": true,
                "value": {"isFileLockEnabled": true, "defaultRetention": {"mode": "compliance"}}}),
            ),
        ] {
            let error = bucket(&wire(|bucket| bucket[setting] = value.clone())).unwrap_err();
            assert_eq!(error.kind(), PortErrorKind::NotUnderstood, "{setting} {value}");
        }
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
