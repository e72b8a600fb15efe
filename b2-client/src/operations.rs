//! The operations of B2's API that this crate uses, by what repeating them does.
//!
//! `b2_get_upload_url` and `b2_get_upload_part_url` change no file, but issue a URL that accepts uploads for a day.
//! `b2_get_download_authorization` issues a token that authorises downloads for up to a week and cannot be revoked. A read-only client
//! must not issue such rights, so these operations are not reads.

http_core::operations! {
    Read {
        AUTHORIZE_ACCOUNT = "b2_authorize_account",
        LIST_BUCKETS = "b2_list_buckets",
        LIST_KEYS = "b2_list_keys",
        LIST_FILE_NAMES = "b2_list_file_names",
        LIST_FILE_VERSIONS = "b2_list_file_versions",
        LIST_UNFINISHED_LARGE_FILES = "b2_list_unfinished_large_files",
        LIST_PARTS = "b2_list_parts",
        GET_FILE_INFO = "b2_get_file_info",
        GET_BUCKET_NOTIFICATION_RULES = "b2_get_bucket_notification_rules",
        DOWNLOAD_FILE_BY_ID = "b2_download_file_by_id",
        DOWNLOAD_FILE_BY_NAME = "b2_download_file_by_name",
    }
    Idempotent {
        CREATE_BUCKET = "b2_create_bucket",
        UPDATE_BUCKET = "b2_update_bucket",
        DELETE_BUCKET = "b2_delete_bucket",
        DELETE_KEY = "b2_delete_key",
        HIDE_FILE = "b2_hide_file",
        DELETE_FILE_VERSION = "b2_delete_file_version",
        UPDATE_FILE_RETENTION = "b2_update_file_retention",
        UPDATE_FILE_LEGAL_HOLD = "b2_update_file_legal_hold",
        SET_BUCKET_NOTIFICATION_RULES = "b2_set_bucket_notification_rules",
        GET_UPLOAD_URL = "b2_get_upload_url",
        GET_UPLOAD_PART_URL = "b2_get_upload_part_url",
        GET_DOWNLOAD_AUTHORIZATION = "b2_get_download_authorization",
        // Repeating these can create a second version or part, equal to the first.
        UPLOAD_FILE = "b2_upload_file",
        UPLOAD_PART = "b2_upload_part",
        COPY_PART = "b2_copy_part",
        FINISH_LARGE_FILE = "b2_finish_large_file",
        CANCEL_LARGE_FILE = "b2_cancel_large_file",
    }
    NonIdempotent {
        CREATE_KEY = "b2_create_key",
        COPY_FILE = "b2_copy_file",
        START_LARGE_FILE = "b2_start_large_file",
    }
}
