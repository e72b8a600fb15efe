//! Which role a call needs, so that whoever lacks it knows what to ask for.

/// Beginnings of methods' names, and what the role for them begins with: `_READ` and `_WRITE` follow (TrueNAS middleware 25.10, the
/// methods' own declarations).
const PREFIXES: &[(&str, &str)] = &[
    ("alert.", "ALERT_LIST"),
    ("api_key.", "API_KEY"),
    ("auth.sessions", "AUTH_SESSIONS"),
    ("cloudsync.", "CLOUD_SYNC"),
    ("filesystem.", "FILESYSTEM_ATTRS"),
    ("group.", "ACCOUNT"),
    ("interface.", "NETWORK_INTERFACE"),
    ("keychaincredential.", "KEYCHAIN_CREDENTIAL"),
    ("pool.dataset.", "DATASET"),
    ("pool.query", "POOL"),
    ("pool.snapshot.", "SNAPSHOT"),
    ("pool.snapshottask.", "SNAPSHOT_TASK"),
    ("replication.", "REPLICATION_TASK"),
    ("service.", "SERVICE"),
    ("snmp.", "SYSTEM_GENERAL"),
    ("ssh.", "SSH"),
    ("system.general.", "SYSTEM_GENERAL"),
    ("user.", "ACCOUNT"),
    ("zfs.resource.", "ZFS_RESOURCE"),
];

/// Those whose roles go by another rule.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("cloudsync.credentials.verify", "CLOUD_SYNC_WRITE"),
    ("filesystem.get", "FULL_ADMIN"),
    ("filesystem.mkdir", "FILESYSTEM_DATA_WRITE"),
    ("system.host_id", "READONLY_ADMIN"),
    ("system.info", "READONLY_ADMIN"),
    ("system.product_type", "SYSTEM_PRODUCT_READ"),
    ("system.ready", "SYSTEM_GENERAL_READ"),
    ("system.reboot", "FULL_ADMIN"),
    ("system.state", "SYSTEM_GENERAL_READ"),
];

/// The role that the user of a call needs, from 25.04 on, where it is known. `FULL_ADMIN` has every other.
pub(super) fn needed(method: &str) -> Option<String> {
    if let Some((_, role)) = EXCEPTIONS.iter().find(|(name, _)| *name == method) {
        return Some((*role).to_owned());
    }
    let (_, prefix) = PREFIXES.iter().find(|(start, _)| method.starts_with(start))?;
    let reads = crate::operations::READS.contains(&method);
    Some(format!("{prefix}_{}", if reads { "READ" } else { "WRITE" }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_names_the_role_that_it_needs() {
        for (method, role) in [
            ("cloudsync.create", Some("CLOUD_SYNC_WRITE")),
            ("cloudsync.credentials.query", Some("CLOUD_SYNC_READ")),
            ("user.create", Some("ACCOUNT_WRITE")),
            ("user.query", Some("ACCOUNT_READ")),
            ("alert.dismiss", Some("ALERT_LIST_WRITE")),
            ("snmp.update", Some("SYSTEM_GENERAL_WRITE")),
            ("pool.snapshottask.create", Some("SNAPSHOT_TASK_WRITE")),
            ("system.reboot", Some("FULL_ADMIN")),
            ("core.get_jobs", None),
        ] {
            assert_eq!(needed(method).as_deref(), role, "{method}");
        }
    }
}
