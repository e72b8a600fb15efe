//! What an appliance's application key may do (K2).

use super::difference::{Difference, Setting};
use crate::ids::BucketId;
use crate::ports::Key;
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

/// What makes a key another one than the appliance of a bucket should have: it lacks what a backup takes (K2), or reaches elsewhere (K1).
/// Its id and name are labels.
pub fn differences(key: &Key, bucket: &BucketId) -> Vec<Difference> {
    let Key { id: _, name: _, capabilities, buckets } = key;
    let mut differences = Vec::new();
    let lacking = lacking(capabilities);
    if !lacking.is_empty() {
        let is = format!("without {}", lacking.join(", "));
        differences.push(Difference::new(Setting::KeyCapabilities, is, NEEDED_CAPABILITIES.join(", ")));
    }
    if buckets.as_slice() != std::slice::from_ref(bucket) {
        differences.push(Difference::new(
            Setting::KeyReach,
            reach(buckets, bucket),
            reach(std::slice::from_ref(bucket), bucket),
        ));
    }
    differences
}

/// What a key reaches that is restricted to these buckets, seen from one of them.
pub(crate) fn reach(buckets: &[BucketId], bucket: &BucketId) -> String {
    match buckets {
        [] => "the whole account".to_owned(),
        [only] if only == bucket => "this bucket".to_owned(),
        [_] => "another bucket".to_owned(),
        several => format!("{} buckets", several.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::KeyId;

    #[test]
    fn k1_each_part_of_a_key_that_differs_alone_is_named_alone() {
        let bucket = BucketId::new("b1");
        let standard = Key {
            id: KeyId::new("k1"),
            name: "truenas-a1b2c3d4e5f670718293a4b5c6d7e8f9".to_owned(),
            capabilities: APPEND_ONLY_CAPABILITIES.map(str::to_owned).to_vec(),
            buckets: vec![bucket.clone()],
        };
        assert_eq!(differences(&standard, &bucket), []);
        let without = |capability: &str| {
            let mut key = standard.clone();
            key.capabilities.retain(|held| held != capability);
            key
        };
        let reaching = |buckets: &[&str]| {
            let buckets = buckets.iter().map(|id| BucketId::new(*id)).collect();
            Key { buckets, ..standard.clone() }
        };
        let rows = NEEDED_CAPABILITIES.map(|capability| (Setting::KeyCapabilities, without(capability)));
        let reaches = [&[][..], &["b2"], &["b1", "b2"]].map(|ids| (Setting::KeyReach, reaching(ids)));
        for (setting, key) in rows.into_iter().chain(reaches) {
            let differences = differences(&key, &bucket);
            let [only] = differences.as_slice() else { panic!("{key:?}: {differences:?}") };
            assert_eq!(only.setting, setting, "{only}");
            assert!(only.is != only.should_be, "{only}");
        }
        let labelled = Key { id: KeyId::new("k2"), name: "else".to_owned(), ..standard.clone() };
        assert_eq!(differences(&labelled, &bucket), []);
    }
}
