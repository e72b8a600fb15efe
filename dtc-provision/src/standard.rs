//! The standard's numbers and words, each with the rule it comes from. A change of the standard is a change here.

use crate::ports::{BucketSettings, Lifecycle, Retention, RetentionMode};

/// The ZFS user property that holds the Device GUID (I3).
pub const DEVICE_GUID_PROPERTY: &str = "com.dtctoday:device-guid";
/// The inventory's field for the organisation's UUID, unless the site says otherwise (I1).
pub const ORGANIZATION_FIELD: &str = "dtcOrgGuid";
/// The inventory's field for the location's UUID, unless the site says otherwise (I1).
pub const LOCATION_FIELD: &str = "dtcLocationGuid";
/// The inventory's field for the Device GUID, unless the site says otherwise (I1).
pub const DEVICE_FIELD: &str = "deviceGuid";

/// Days from hiding to deletion (B1).
pub const HIDING_TO_DELETING_DAYS: u32 = 30;
/// Days of compliance retention (B2).
pub const RETENTION_DAYS: u32 = 14;
/// Buckets an account may hold, unless the site says otherwise (B5).
pub const BUCKET_LIMIT: usize = 100;

/// Percent of the uplink in business hours (C3).
pub const BUSINESS_HOURS_PERCENT: u32 = 20;
/// Percent of the uplink outside them (C3).
pub const OFF_HOURS_PERCENT: u32 = 80;
/// What a task leaves out, as two entries (C2).
pub const EXCLUDE: [&str; 2] = ["/Archive/**", "/archive/**"];
/// Upload chunk size in MiB (C2).
pub const CHUNK_MEBIBYTES: u32 = 96;
/// When a task runs: daily at midnight (C2).
pub const BACKUP_SCHEDULE: &str = "0 0 * * *";

/// How snapshots are named (Z1).
pub const SNAPSHOT_SCHEMA: &str = "auto-%Y-%m-%d_%H-%M";
/// When snapshots are taken: hourly (Z1).
pub const SNAPSHOT_SCHEDULE: &str = "0 * * * *";
/// How long snapshots are kept: two weeks (Z1).
pub const SNAPSHOT_LIFETIME_HOURS: u32 = 14 * 24;

/// What the procedure lists for an appliance's key, less what B2 refuses on a restricted key (K2).
pub const PROCEDURE_CAPABILITIES: [&str; 15] = [
    "listBuckets",
    "readBuckets",
    "listFiles",
    "readFiles",
    "writeFiles",
    "deleteFiles",
    "readBucketEncryption",
    "writeBucketEncryption",
    "readBucketRetentions",
    "writeBucketRetentions",
    "readFileLegalHolds",
    "writeFileLegalHolds",
    "readFileRetentions",
    "writeFileRetentions",
    "bypassGovernance",
];
/// What the procedure lists and B2 refuses on a key restricted to a bucket (K2).
pub const REFUSED_CAPABILITIES: [&str; 2] = ["writeBuckets", "deleteBuckets"];
/// What a key needs to back up and be audited, and nothing that destroys (K2).
pub const APPEND_ONLY_CAPABILITIES: [&str; 8] = [
    "listBuckets",
    "listFiles",
    "readFiles",
    "writeFiles",
    "readBucketEncryption",
    "readBucketRetentions",
    "readFileRetentions",
    "readFileLegalHolds",
];

/// The default retention every bucket ends with (B2).
pub const RETENTION: Retention = Retention { mode: RetentionMode::Compliance, days: RETENTION_DAYS };

/// A bucket's settings at creation (B1); its retention follows.
pub fn bucket_settings() -> BucketSettings {
    BucketSettings {
        private: true,
        object_lock: true,
        sse_b2: true,
        lifecycle: vec![Lifecycle {
            prefix: String::new(),
            hiding_to_deleting: Some(HIDING_TO_DELETING_DAYS),
            uploading_to_hiding: None,
        }],
        retention: None,
    }
}
