//! Every operation of the JSON interface, and which fields it knows. Each takes GET with query parameters beside POST.

use crate::request::Access;

/// One operation.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) name: &'static str,
    pub(crate) required: &'static [&'static str],
    pub(crate) optional: &'static [&'static str],
}

impl Operation {
    pub(crate) fn find(name: &str) -> Option<&'static Self> {
        OPERATIONS.iter().find(|operation| operation.name == name)
    }

    /// Tells whether this operation takes a field in an API version. Only key creation differs between versions.
    pub(crate) fn takes(&self, field: &str, version: u8) -> bool {
        match (self.name, field) {
            ("b2_create_key", "bucketIds") => version >= 4,
            ("b2_create_key", "bucketId") => version <= 3,
            _ => self.required.contains(&field) || self.optional.contains(&field),
        }
    }
}

/// Every operation, those that take no JSON first.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    let raw = ["b2_authorize_account", "b2_upload_file", "b2_upload_part", "b2_download_file_by_name"];
    raw.into_iter().chain(OPERATIONS.iter().map(|operation| operation.name))
}

/// Tells whether an operation only looks. Upload URLs and download tokens change nothing that is stored.
pub(crate) fn access(operation: &str) -> Access {
    let looks = ["b2_list_", "b2_get_", "b2_authorize_", "b2_download_"];
    if looks.iter().any(|start| operation.starts_with(start)) { Access::Read } else { Access::Write }
}

const fn operation(
    name: &'static str,
    required: &'static [&'static str],
    optional: &'static [&'static str],
) -> Operation {
    Operation { name, required, optional }
}

const OVERRIDES: [&str; 6] = [
    "b2ContentDisposition",
    "b2ContentLanguage",
    "b2Expires",
    "b2CacheControl",
    "b2ContentEncoding",
    "b2ContentType",
];

#[rustfmt::skip]
static OPERATIONS: &[Operation] = &[
    operation("b2_create_bucket", &["accountId", "bucketName", "bucketType"],
        &["bucketInfo", "corsRules", "fileLockEnabled", "lifecycleRules", "replicationConfiguration", "defaultServerSideEncryption"]),
    operation("b2_update_bucket", &["accountId", "bucketId"],
        &["bucketType", "bucketInfo", "corsRules", "lifecycleRules", "defaultRetention", "defaultServerSideEncryption",
          "fileLockEnabled", "replicationConfiguration", "ifRevisionIs"]),
    operation("b2_delete_bucket", &["accountId", "bucketId"], &[]),
    operation("b2_list_buckets", &["accountId"], &["bucketId", "bucketName", "bucketTypes"]),
    operation("b2_create_key", &["accountId", "capabilities", "keyName"], &["validDurationInSeconds", "namePrefix"]),
    operation("b2_list_keys", &["accountId"], &["maxKeyCount", "startApplicationKeyId"]),
    operation("b2_delete_key", &["applicationKeyId"], &[]),
    operation("b2_get_upload_url", &["bucketId"], &[]),
    operation("b2_start_large_file", &["bucketId", "fileName", "contentType"],
        &["fileInfo", "fileRetention", "legalHold", "serverSideEncryption", "customUploadTimestamp"]),
    operation("b2_get_upload_part_url", &["fileId"], &[]),
    operation("b2_copy_part", &["sourceFileId", "largeFileId", "partNumber"],
        &["range", "sourceServerSideEncryption", "destinationServerSideEncryption"]),
    operation("b2_list_parts", &["fileId"], &["startPartNumber", "maxPartCount"]),
    operation("b2_finish_large_file", &["fileId", "partSha1Array"], &[]),
    operation("b2_cancel_large_file", &["fileId"], &[]),
    operation("b2_list_unfinished_large_files", &["bucketId"], &["namePrefix", "startFileId", "maxFileCount"]),
    operation("b2_list_file_names", &["bucketId"], &["startFileName", "maxFileCount", "prefix", "delimiter"]),
    operation("b2_list_file_versions", &["bucketId"], &["startFileName", "startFileId", "maxFileCount", "prefix", "delimiter"]),
    operation("b2_get_file_info", &["fileId"], &[]),
    operation("b2_download_file_by_id", &["fileId"], &OVERRIDES),
    operation("b2_get_download_authorization", &["bucketId", "fileNamePrefix", "validDurationInSeconds"], &OVERRIDES),
    operation("b2_copy_file", &["sourceFileId", "fileName"],
        &["destinationBucketId", "range", "metadataDirective", "contentType", "fileInfo", "fileRetention", "legalHold",
          "sourceServerSideEncryption", "destinationServerSideEncryption"]),
    operation("b2_hide_file", &["bucketId", "fileName"], &[]),
    operation("b2_delete_file_version", &["fileName", "fileId"], &["bypassGovernance"]),
    operation("b2_update_file_retention", &["fileName", "fileId", "fileRetention"], &["bypassGovernance"]),
    operation("b2_update_file_legal_hold", &["fileName", "fileId", "legalHold"], &[]),
    operation("b2_get_bucket_notification_rules", &["bucketId"], &[]),
    operation("b2_set_bucket_notification_rules", &["bucketId", "eventNotificationRules"], &[]),
];
