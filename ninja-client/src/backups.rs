//! Backups.

use http_core::ServiceClient;

use crate::calls::calls;
use crate::ids::{LocationId, OrganizationId};
use crate::reports::reports;
use crate::service::Ninja;
use crate::shapes::{
    BackupJob, BandwidthThrottleSetting, IntegrityCheck, LocationBackupUsage, NewIntegrityCheck,
};

/// Backups; from [`crate::Client::backups`].
#[derive(Clone, Copy, Debug)]
pub struct Backups<'a> {
    pub(crate) service: &'a ServiceClient<Ninja>,
}

calls! { Backups:
    /// What the backups of one location take up, in bytes.
    location_usage = GET_LOCATION_BACKUP_USAGE [organization: OrganizationId, location: LocationId] -> LocationBackupUsage;
    /// What the backups of each location of an organisation take up, in bytes.
    organization_usage = LIST_LOCATION_BACKUP_USAGE [organization: OrganizationId] -> Vec<LocationBackupUsage>;
    /// Starts checking the backups of a plan.
    start_integrity_check = START_INTEGRITY_CHECK [] { new: NewIntegrityCheck } -> IntegrityCheck;
    /// Bounds the bandwidth of a device's backups.
    set_bandwidth_throttle = SET_BANDWIDTH_THROTTLE [] { data: BandwidthThrottleSetting };
}

reports! { Backups:
    /// Backup jobs.
    jobs = LIST_BACKUP_JOBS -> BackupJob;
    /// Jobs that checked backups.
    integrity_checks = LIST_INTEGRITY_CHECKS -> BackupJob;
}
