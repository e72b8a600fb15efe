//! Backups.

crate::api_operation::api_operations! {
    SET_BANDWIDTH_THROTTLE = "set_bandwidth_throttle", NonIdempotent Post "v2/backup/bandwidth-throttle" [];
    LIST_INTEGRITY_CHECKS = "list_integrity_checks", Read Get "v2/backup/integrity-check-jobs"
        ["df", "ddf", "sf", "ptf", "stf", "include", "cursor", "pageSize"];
    START_INTEGRITY_CHECK = "start_integrity_check", NonIdempotent Post "v2/backup/integrity-check-jobs" [];
    GET_LOCATION_BACKUP_USAGE = "get_location_backup_usage", Read Get "v2/organization/{id}/locations/{locationId}/backup/usage"
        [];
    LIST_LOCATION_BACKUP_USAGE = "list_location_backup_usage", Read Get "v2/organization/{id}/locations/backup/usage"
        [];
    LIST_BACKUP_JOBS = "list_backup_jobs", Read Get "v2/backup/jobs"
        ["df", "ddf", "sf", "ptf", "stf", "include", "cursor", "pageSize"];
}
