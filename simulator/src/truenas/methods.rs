//! Which methods a release offers.

use super::call::Method;
use super::{
    auth, cloudsync, credentials, datasets, filesystem, job_methods, network, pools, services,
    snapshot_tasks, snapshots, snmp, system,
};

const TABLES: &[&[Method]] = &[
    auth::METHODS,
    job_methods::METHODS,
    pools::METHODS,
    datasets::METHODS,
    credentials::METHODS,
    cloudsync::METHODS,
    snapshot_tasks::METHODS,
    snapshots::METHODS,
    snmp::METHODS,
    services::METHODS,
    system::METHODS,
    network::METHODS,
    filesystem::METHODS,
];

/// Finds a method by its name.
pub(super) fn find(name: &str) -> Option<&'static Method> {
    TABLES.iter().copied().flatten().find(|method| method.name == name)
}
