//! What an appliance's application key may do (K2).

use crate::site::KeyProfile;

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
/// What rclone does with a key when it backs up and is audited: a key that lacks one of these backs up nothing (K2).
pub const NEEDED_CAPABILITIES: [&str; 4] = ["listBuckets", "listFiles", "readFiles", "writeFiles"];
/// What a key that only reads has none of: with neither, nothing in a bucket is changed.
pub const CHANGING_CAPABILITIES: [&str; 2] = ["writeFiles", "deleteFiles"];
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

impl KeyProfile {
    /// The capabilities, in B2's words.
    pub fn capabilities(self) -> &'static [&'static str] {
        match self {
            Self::Procedure => &PROCEDURE_CAPABILITIES,
            Self::AppendOnly => &APPEND_ONLY_CAPABILITIES,
        }
    }
}

/// What a key lacks without which it backs up nothing.
pub fn lacking(capabilities: &[String]) -> Vec<&'static str> {
    let lacks = |needed: &&str| !capabilities.iter().any(|held| held == needed);
    NEEDED_CAPABILITIES.into_iter().filter(lacks).collect()
}
