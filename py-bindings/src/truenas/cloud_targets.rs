//! Where cloud sync tasks store files, how fast, and with which secrets.

use pyo3::prelude::*;
use serde_json::{Value, json};
use truenas_client::cloud_syncs as there;

use super::hidden::{Hidden, OtherSettings};
use super::shown::{Shown, found, of_json, time_of_day};
use crate::values::value_class;

found! {
    /// How fast a task may send from a time of day on, until the next one. Each task has the limit to itself: two that run at the same
    /// time may send twice as much.
    BandwidthLimit of there::BandwidthLimit {
        /// From when, in the appliance's own time zone. In a list, times rise strictly.
        time: String,
        /// Bytes (not bits) per second; none means no limit.
        bytes_per_second: Option<u64> = None,
    }
}

impl BandwidthLimit {
    fn given(&self) -> PyResult<there::BandwidthLimit> {
        let time = time_of_day(&self.time)?;
        Ok(match self.bytes_per_second {
            Some(bytes) => there::BandwidthLimit::new(time, bytes),
            None => there::BandwidthLimit::unlimited(time),
        })
    }
}

pub(super) fn limits(limits: &[BandwidthLimit]) -> PyResult<Vec<there::BandwidthLimit>> {
    limits.iter().map(BandwidthLimit::given).collect()
}

value_class! {
    in "dtc.truenas";
    /// Where in the cloud a task's files are stored.
    Target {
        /// The bucket.
        bucket: String,
        /// The folder in it; a leading or trailing slash makes no difference.
        folder: String,
        /// Whether rclone lists the whole bucket in few calls, with more memory.
        fast_list: Option<bool> = None,
        /// The size of an upload's parts in MiB, 5 or more; memory for one transfer is a small multiple of it.
        chunk_mebibytes: Option<u32> = None,
        /// Settings that this version does not know, of a target that was read: they are sent back, since the appliance replaces the whole of it.
        other: Option<OtherSettings> = None,
    }

    /// The same target, with the settings that this version does not know of one that was read.
    fn keeping_unknown(&self, found: &Target) -> Self {
        Self { other: found.other.clone(), ..self.clone() }
    }
}

impl Shown<Target> for there::Target {
    fn shown(self) -> Target {
        let other = OtherSettings::beside(&["bucket", "folder", "fast_list", "chunk_size"], &self);
        Target {
            bucket: self.bucket,
            folder: self.folder,
            fast_list: self.fast_list,
            chunk_mebibytes: self.chunk_mebibytes,
            other,
        }
    }
}

impl Target {
    /// As the appliance has it.
    pub(super) fn wire(&self) -> Value {
        let mut all = self.other.clone().map(|other| other.0).unwrap_or_default();
        all.insert("bucket".to_owned(), json!(self.bucket));
        all.insert("folder".to_owned(), json!(self.folder));
        if let Some(fast) = self.fast_list {
            all.insert("fast_list".to_owned(), json!(fast));
        }
        if let Some(size) = self.chunk_mebibytes {
            all.insert("chunk_size".to_owned(), json!(size));
        }
        Value::Object(all)
    }

    pub(super) fn given(&self) -> PyResult<there::Target> {
        of_json("target", &self.bucket, self.wire())
    }
}

value_class! {
    in "dtc.truenas";
    /// The two secrets of an encrypting task. Together they decrypt what is in the bucket; nothing else does.
    CloudSyncSecrets {
        /// The password.
        password: Hidden,
        /// The salt.
        salt: Hidden,
    }
}

impl CloudSyncSecrets {
    pub(crate) fn given(&self) -> there::CloudSyncSecrets {
        there::CloudSyncSecrets::new(self.password.given(), self.salt.given())
    }
}
