//! What cloud sync tasks are made and changed with.

use pyo3::prelude::*;
use truenas_client::CloudCredentialId;
use truenas_client::cloud_syncs as there;

use super::cloud_sync_found::CloudSync;
use super::cloud_targets::{BandwidthLimit, Target, limits};
use super::shown::{of_word, schedule, with};
use crate::errors;
use crate::values::value_class;

value_class! {
    in "dtc.truenas";
    /// A new cloud sync task, without its secrets. It has no scripts and no further arguments for rclone.
    CreateCloudSync {
        /// The directory on the appliance.
        path: String,
        /// The number of the credential that it logs in with.
        credential: i64,
        /// Where in the cloud.
        target: Target,
        /// When it runs on schedule: five fields, as cron has them.
        schedule: String,
        /// What it is for, in words; empty by default.
        description: Option<String> = None,
        /// To the cloud or from it; to it by default.
        direction: Option<String> = None,
        /// What it does with what is only on one side; makes equal by default.
        transfer_mode: Option<String> = None,
        /// Whether names are encrypted too; off by default. Changing it later leaves what was sent under its old names.
        filename_encryption: Option<bool> = None,
        /// Filters for what is left out, each an entry of its own; none by default.
        exclude: Option<Vec<String>> = None,
        /// Whether symbolic links are followed; off by default.
        follow_symlinks: Option<bool> = None,
        /// Whether each run sends a snapshot of its own; off by default, and refused where datasets are nested.
        snapshot: Option<bool> = None,
        /// How many files are sent at once; unset by default, which leaves it to rclone.
        transfers: Option<u32> = None,
        /// How fast it may send, by time of day, in rising order; without limit by default.
        bandwidth_limits: Option<Vec<BandwidthLimit>> = None,
        /// Whether it runs on schedule; on by default.
        enabled: Option<bool> = None,
    }
}

impl CreateCloudSync {
    pub(crate) fn given(&self) -> PyResult<there::CreateCloudSync> {
        let request = there::CreateCloudSync::new(
            &self.path,
            CloudCredentialId::new(self.credential),
            self.target.given()?,
            schedule(&self.schedule)?,
        );
        let request = with! { request, self;
            description as it => description(it),
            direction as it => direction(of_word("direction", it)?),
            transfer_mode as it => transfer_mode(of_word("transfer mode", it)?),
            filename_encryption as it => filename_encryption((*it).into()),
            exclude as it => exclude(it),
            follow_symlinks as it => follow_symlinks((*it).into()),
            snapshot as it => snapshot((*it).into()),
            transfers as it => transfers(*it),
            bandwidth_limits as it => bandwidth_limits(limits(it)?),
            enabled as it => enabled((*it).into()),
        };
        Ok(request)
    }
}

value_class! {
    in "dtc.truenas";
    /// What to change about a cloud sync task.
    UpdateCloudSync {
        /// Everything but the secrets becomes as this request would create it; ``found`` is the task as it was read, whose target's settings that
        /// this version does not know stay.
        matching: Option<CreateCloudSync> = None,
        /// The task that ``matching`` changes.
        found: Option<CloudSync> = None,
        /// Whether it runs on schedule.
        enabled: Option<bool> = None,
        /// What it is for, in words.
        description: Option<String> = None,
        /// The number of the credential that it logs in with.
        credential: Option<i64> = None,
        /// Where in the cloud, all of it: the appliance replaces the whole.
        target: Option<Target> = None,
        /// When it runs on schedule.
        schedule: Option<String> = None,
        /// Filters for what is left out, all of them.
        exclude: Option<Vec<String>> = None,
        /// How fast it may send, by time of day, in rising order; an empty list lifts every limit.
        bandwidth_limits: Option<Vec<BandwidthLimit>> = None,
    }
}

impl UpdateCloudSync {
    pub(crate) fn given(&self) -> PyResult<there::UpdateCloudSync> {
        let request = match (&self.matching, &self.found) {
            (Some(task), Some(found)) => there::UpdateCloudSync::matching(&task.given()?, &found.given()?),
            (None, None) => there::UpdateCloudSync::new(),
            (Some(_), None) | (None, Some(_)) => {
                return Err(errors::argument(
                    "change",
                    "",
                    "has only one of matching and found",
                    "give both",
                ));
            }
        };
        Ok(with! { request, self;
            enabled as it => enabled((*it).into()),
            description as it => description(it),
            credential as it => credential(CloudCredentialId::new(*it)),
            target as it => target(&it.given()?),
            schedule as it => schedule(&self::schedule(it)?),
            exclude as it => exclude(it),
            bandwidth_limits as it => bandwidth_limits(limits(it)?),
        })
    }
}
