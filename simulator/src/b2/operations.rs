//! Every operation of the JSON interface: how it may be called and which fields it knows.

use crate::request::Access;

/// One operation.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) name: &'static str,
    /// Whether GET with query parameters serves as well as POST.
    pub(crate) get: bool,
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

const fn post(
    name: &'static str,
    required: &'static [&'static str],
    optional: &'static [&'static str],
) -> Operation {
    Operation { name, get: false, required, optional }
}

const fn get(
    name: &'static str,
    required: &'static [&'static str],
    optional: &'static [&'static str],
) -> Operation {
    Operation { name, get: true, required, optional }
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
    post("b2_create_bucket", &["accountId", "bucketName", "bucketType"],
        &["bucketInfo", "corsRules", "fileLockEnabled", "lifecycleRules", "replicationConfiguration", "defaultServerSideEncryption"]),
    post("b2_update_bucket", &["accountId", "bucketId"],
        &["bucketType", "bucketInfo", "corsRules", "lifecycleRules", "defaultRetention", "defaultServerSideEncryption",
          "fileLockEnabled", "replicationConfiguration", "ifRevisionIs"]),
    post("b2_delete_bucket", &["accountId", "bucketId"], &[]),
    get("b2_list_buckets", &["accountId"], &["bucketId", "bucketName", "bucketTypes"]),
    post("b2_create_key", &["accountId", "capabilities", "keyName"], &["validDurationInSeconds", "namePrefix"]),
    get("b2_list_keys", &["accountId"], &["maxKeyCount", "startApplicationKeyId"]),
    post("b2_delete_key", &["applicationKeyId"], &[]),
    get("b2_get_upload_url", &["bucketId"], &[]),
    post("b2_start_large_file", &["bucketId", "fileName", "contentType"],
        &["fileInfo", "fileRetention", "legalHold", "serverSideEncryption", "customUploadTimestamp"]),
    get("b2_get_upload_part_url", &["fileId"], &[]),
    post("b2_copy_part", &["sourceFileId", "largeFileId", "partNumber"],
        &["range", "sourceServerSideEncryption", "destinationServerSideEncryption"]),
    get("b2_list_parts", &["fileId"], &["startPartNumber", "maxPartCount"]),
    post("b2_finish_large_file", &["fileId", "partSha1Array"], &[]),
    post("b2_cancel_large_file", &["fileId"], &[]),
    get("b2_list_unfinished_large_files", &["bucketId"], &["namePrefix", "startFileId", "maxFileCount"]),
    get("b2_list_file_names", &["bucketId"], &["startFileName", "maxFileCount", "prefix", "delimiter"]),
    get("b2_list_file_versions", &["bucketId"], &["startFileName", "startFileId", "maxFileCount", "prefix", "delimiter"]),
    get("b2_get_file_info", &["fileId"], &[]),
    get("b2_download_file_by_id", &["fileId"], &OVERRIDES),
    get("b2_get_download_authorization", &["bucketId", "fileNamePrefix", "validDurationInSeconds"], &OVERRIDES),
    post("b2_copy_file", &["sourceFileId", "fileName"],
        &["destinationBucketId", "range", "metadataDirective", "contentType", "fileInfo", "fileRetention", "legalHold",
          "sourceServerSideEncryption", "destinationServerSideEncryption"]),
    post("b2_hide_file", &["bucketId", "fileName"], &[]),
    post("b2_delete_file_version", &["fileName", "fileId"], &["bypassGovernance"]),
    post("b2_update_file_retention", &["fileName", "fileId", "fileRetention"], &["bypassGovernance"]),
    post("b2_update_file_legal_hold", &["fileName", "fileId", "legalHold"], &[]),
    get("b2_get_bucket_notification_rules", &["bucketId"], &[]),
    post("b2_set_bucket_notification_rules", &["bucketId", "eventNotificationRules"], &[]),
];
