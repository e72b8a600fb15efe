//! The roles that a user may have, as far as the appliance's methods ask for them
//! (TrueNAS middleware 24.10 to 26, `role.py`).

use super::release::Release;

pub(super) const FULL_ADMIN: &str = "FULL_ADMIN";
pub(super) const READONLY_ADMIN: &str = "READONLY_ADMIN";

/// What whoever may only read has beside that role, which includes them, and the first release that has each.
const READING: &[(Release, &str)] = &[
    (Release::Scale24_10, "ACCOUNT_READ"),
    (Release::Scale24_10, "ALERT_LIST_READ"),
    (Release::Scale24_10, "AUTH_SESSIONS_READ"),
    (Release::Scale24_10, "CLOUD_BACKUP_READ"),
    (Release::Scale24_10, "CLOUD_SYNC_READ"),
    (Release::Scale24_10, "DATASET_READ"),
    (Release::Scale24_10, "FILESYSTEM_ATTRS_READ"),
    (Release::Scale24_10, "KEYCHAIN_CREDENTIAL_READ"),
    (Release::Scale24_10, "NETWORK_GENERAL_READ"),
    (Release::Scale24_10, "NETWORK_INTERFACE_READ"),
    (Release::Scale24_10, "REPLICATION_TASK_CONFIG_READ"),
    (Release::Scale24_10, "REPLICATION_TASK_READ"),
    (Release::Scale24_10, "REPORTING_READ"),
    (Release::Scale24_10, "SERVICE_READ"),
    (Release::Scale24_10, "SNAPSHOT_READ"),
    (Release::Scale24_10, "SYSTEM_ADVANCED_READ"),
    (Release::Scale24_10, "SYSTEM_GENERAL_READ"),
    (Release::Scale25_04, "API_KEY_READ"),
    (Release::Scale25_04, "DISK_READ"),
    (Release::Scale25_04, "POOL_READ"),
    (Release::Scale25_04, "PRIVILEGE_READ"),
    (Release::Scale25_04, "SNAPSHOT_TASK_READ"),
    (Release::Scale25_04, "SSH_READ"),
    (Release::Scale25_04, "SYSTEM_SECURITY_READ"),
    (Release::Scale25_04, "SYSTEM_UPDATE_READ"),
    (Release::Scale25_10, "SYSTEM_PRODUCT_READ"),
    (Release::Scale25_10, "ZFS_RESOURCE_READ"),
];

/// Every role of whoever may only read, those that others include among them, as `auth.me` shows them.
pub(super) fn of_reader(release: Release) -> Vec<&'static str> {
    let included = READING.iter().filter(|(since, _)| *since <= release).map(|(_, name)| *name);
    [READONLY_ADMIN].into_iter().chain(included).collect()
}
