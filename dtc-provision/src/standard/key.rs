//! What an appliance's application key may do (K2).

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
