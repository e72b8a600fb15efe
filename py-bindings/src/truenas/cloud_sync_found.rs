//! Cloud sync tasks, as the appliance holds them.

use pyo3::prelude::*;
use serde_json::json;
use truenas_client::cloud_syncs as there;

use super::cloud_credentials::CloudCredential;
use super::cloud_targets::{BandwidthLimit, Target};
use super::hidden::Redactable;
use super::jobs::JobStatus;
use super::shown::{found, not_understood, of_json, schedule, words};

words!(there::Direction, there::TransferMode);

found! {
    /// A cloud sync task as the appliance holds it.
    CloudSync of there::CloudSync {
        /// Its number.
        id: i64,
        /// What it is for, in words.
        description: String,
        /// Which way files are copied: to the cloud or from it.
        direction: String,
        /// What it does with files that exist on one side only.
        transfer_mode: String,
        /// The directory on the appliance.
        path: String,
        /// How it logs in.
        credential: CloudCredential,
        /// Where in the cloud.
        target: Target,
        /// When it runs on schedule.
        schedule: String,
        /// Whether contents are encrypted before they are sent.
        encryption: bool,
        /// Whether names are encrypted too.
        filename_encryption: bool,
        /// The password, if the appliance shows it.
        encryption_password: Redactable = (Redactable::Absent),
        /// The salt, if the appliance shows it.
        encryption_salt: Redactable = (Redactable::Absent),
        /// Filters, rclone's way, for what is left out; a leading slash means the task's own directory.
        exclude: Vec<String>,
        /// Filters for what alone is taken; empty means everything.
        include: Vec<String>,
        /// How fast it may send, by time of day.
        bandwidth_limits: Vec<BandwidthLimit>,
        /// How many files it sends at once; none means rclone's own number.
        transfers: Option<u32> = None,
        /// Whether symbolic links are followed.
        follow_symlinks: bool,
        /// Whether it sends a snapshot made for the run. The appliance refuses that where datasets are nested.
        snapshot: bool,
        /// Whether empty directories are made on the other side.
        create_empty_src_dirs: bool,
        /// What runs before it.
        pre_script: Redactable = (Redactable::Absent),
        /// What runs after it, when it succeeded.
        post_script: Redactable = (Redactable::Absent),
        /// Further arguments for rclone.
        args: String,
        /// Whether it runs on schedule.
        enabled: bool,
        /// Whether its dataset is locked. Of the datasets below it this says nothing.
        locked: bool,
        /// Its last run, or the one under way.
        job: Option<JobStatus> = None,
    }
}

impl CloudSync {
    /// The task once more, as far as a change looks at what was found.
    pub(crate) fn given(&self) -> PyResult<there::CloudSync> {
        let provider = match self.credential.provider.kind.as_str() {
            "B2" => json!({"type": "B2"}),
            other => json!({"type": other}),
        };
        let fields = self.schedule.split_whitespace().collect::<Vec<_>>();
        let [minute, hour, dom, month, dow] = *fields.as_slice() else {
            return schedule(&self.schedule).and(Err(not_understood("schedule", &self.schedule)));
        };
        let schedule = json!({"minute": minute, "hour": hour, "dom": dom, "month": month, "dow": dow});
        let task = json!({
            "id": self.id, "direction": self.direction, "transfer_mode": self.transfer_mode, "path": self.path,
            "credentials": {"id": self.credential.id, "name": self.credential.name, "provider": provider},
            "attributes": self.target.wire(), "schedule": schedule,
        });
        of_json("cloud sync", &self.description, task)
    }
}
