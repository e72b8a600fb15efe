//! The capabilities of application keys.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! capabilities {
    ($($name:ident $wire:literal,)+) => {
        /// A capability of an application key, named as in B2's API.
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[non_exhaustive]
        #[expect(missing_docs, reason = "the names are the service's own")]
        pub enum Capability {
            $(#[serde(rename = $wire)] $name,)+
            /// A capability that this crate does not know. It is kept and sent back unchanged.
            #[serde(untagged)]
            Unknown(String),
        }

        impl Capability {
            /// Returns the name in B2's API, such as `listBuckets`.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$name => $wire,)+
                    Self::Unknown(name) => name,
                }
            }

            /// Returns the capability with this name in B2's API; [`Capability::Unknown`] if this crate does not know it.
            pub fn from_name(name: &str) -> Self {
                match name {
                    $($wire => Self::$name,)+
                    other => Self::Unknown(other.to_owned()),
                }
            }
        }
    };
}

capabilities! {
    ListKeys "listKeys",
    WriteKeys "writeKeys",
    DeleteKeys "deleteKeys",
    ListAllBucketNames "listAllBucketNames",
    ListBuckets "listBuckets",
    ReadBuckets "readBuckets",
    WriteBuckets "writeBuckets",
    DeleteBuckets "deleteBuckets",
    ReadBucketEncryption "readBucketEncryption",
    WriteBucketEncryption "writeBucketEncryption",
    ReadBucketRetentions "readBucketRetentions",
    WriteBucketRetentions "writeBucketRetentions",
    ReadBucketReplications "readBucketReplications",
    WriteBucketReplications "writeBucketReplications",
    ReadBucketNotifications "readBucketNotifications",
    WriteBucketNotifications "writeBucketNotifications",
    ReadBucketLogging "readBucketLogging",
    WriteBucketLogging "writeBucketLogging",
    ReadBucketLifecycleRules "readBucketLifecycleRules",
    WriteBucketLifecycleRules "writeBucketLifecycleRules",
    ListFiles "listFiles",
    ReadFiles "readFiles",
    ShareFiles "shareFiles",
    WriteFiles "writeFiles",
    DeleteFiles "deleteFiles",
    ReadFileLegalHolds "readFileLegalHolds",
    WriteFileLegalHolds "writeFileLegalHolds",
    ReadFileRetentions "readFileRetentions",
    WriteFileRetentions "writeFileRetentions",
    BypassGovernance "bypassGovernance",
}

impl Capability {
    /// Whether a key that is restricted to a bucket can have this capability. The service refuses to create a restricted key if the
    /// request lists any capability that such a key cannot have (reference: Backblaze, *Application key capabilities*).
    pub fn is_allowed_on_restricted_key(&self) -> bool {
        !matches!(
            self,
            Self::ListKeys | Self::WriteKeys | Self::DeleteKeys | Self::WriteBuckets | Self::DeleteBuckets
        )
    }

    /// The capabilities that an operation of the API requires (reference: each operation's page, *Required capabilities*).
    pub(crate) fn needed(operation: &str) -> &'static [Capability] {
        use Capability as C;
        match operation {
            "b2_create_bucket" | "b2_update_bucket" => &[C::WriteBuckets],
            "b2_delete_bucket" => &[C::DeleteBuckets],
            "b2_list_buckets" => &[C::ListBuckets],
            "b2_create_key" => &[C::WriteKeys],
            "b2_list_keys" => &[C::ListKeys],
            "b2_delete_key" => &[C::DeleteKeys],
            "b2_list_file_names" | "b2_list_file_versions" | "b2_list_unfinished_large_files" => {
                &[C::ListFiles]
            }
            "b2_get_file_info" | "b2_download_file_by_id" | "b2_download_file_by_name" => &[C::ReadFiles],
            "b2_get_download_authorization" => &[C::ShareFiles],
            "b2_copy_file" | "b2_copy_part" => &[C::WriteFiles, C::ReadFiles],
            "b2_delete_file_version" => &[C::DeleteFiles],
            "b2_update_file_retention" => &[C::WriteFileRetentions],
            "b2_update_file_legal_hold" => &[C::WriteFileLegalHolds],
            "b2_get_bucket_notification_rules" => &[C::ReadBucketNotifications],
            "b2_set_bucket_notification_rules" => &[C::WriteBucketNotifications],
            "b2_get_upload_url"
            | "b2_get_upload_part_url"
            | "b2_start_large_file"
            | "b2_list_parts"
            | "b2_finish_large_file"
            | "b2_cancel_large_file"
            | "b2_hide_file" => &[C::WriteFiles],
            _ => &[],
        }
    }
}

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_capability_survives_the_round_trip() {
        let read: Vec<Capability> = serde_json::from_str(r#"["listFiles","flyToTheMoon"]"#).unwrap();
        assert_eq!(read, [Capability::ListFiles, Capability::Unknown("flyToTheMoon".into())]);
        assert_eq!(serde_json::to_string(&read).unwrap(), r#"["listFiles","flyToTheMoon"]"#);
        assert_eq!(Capability::from_name("bypassGovernance"), Capability::BypassGovernance);
    }
}
