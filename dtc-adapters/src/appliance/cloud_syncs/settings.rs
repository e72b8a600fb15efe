//! A task's settings, both ways.

use dtc_provision::PortError;
use dtc_provision::bandwidth::BytesPerSecond;
use dtc_provision::ports::{CloudSyncSettings, TimedLimit};
use truenas_client::cloud_syncs::{
    BandwidthLimit, CloudSync, CreateCloudSync, Direction, Script, Target, TransferMode,
};
use truenas_client::{CloudCredentialId, Error, Redactable, Schedule, Switch};

use crate::error::{Attempt as _, refused};

pub(super) fn seen(found: &CloudSync) -> CloudSyncSettings {
    CloudSyncSettings {
        description: found.description.clone(),
        direction: found.direction.to_string(),
        transfer_mode: found.transfer_mode.to_string(),
        path: found.path.clone(),
        bucket: found.target.bucket.clone(),
        folder: found.target.folder.clone(),
        schedule: found.schedule.to_string(),
        snapshot: found.snapshot,
        follow_symlinks: found.follow_symlinks,
        pre_script: script(&found.pre_script),
        post_script: script(&found.post_script),
        exclude: found.exclude.clone(),
        chunk_mebibytes: found.target.chunk_mebibytes,
        fast_list: found.target.fast_list.unwrap_or(false),
        encryption: found.encryption,
        filename_encryption: found.filename_encryption,
        transfers: found.transfers,
        bandwidth: found.bandwidth_limits.iter().map(limit).collect(),
        arguments: found.args.clone(),
    }
}

/// A script can hold anything, so that there is one is all that is told.
fn script(found: &Redactable<Script>) -> String {
    if found.is_absent() { String::new() } else { "(a script)".to_owned() }
}

fn limit(found: &BandwidthLimit) -> TimedLimit {
    let limit = found.bytes_per_second.map(BytesPerSecond::new);
    TimedLimit { from: found.time.to_string(), limit }
}

/// The task to save, disabled. Scripts, further arguments and a task without encryption are none of the client's.
pub(super) fn request(
    wanted: &CloudSyncSettings,
    via: CloudCredentialId,
) -> Result<CreateCloudSync, PortError> {
    let attempted = format!("describe the Cloud Sync task {:?}", wanted.description);
    let bare = [&wanted.pre_script, &wanted.post_script, &wanted.arguments].iter().all(|it| it.is_empty());
    if !bare || !wanted.encryption {
        return Err(refused(attempted, "tasks are saved encrypted, without scripts and further arguments"));
    }
    let target = Target::new(&wanted.bucket, &wanted.folder).fast_list(wanted.fast_list.into());
    let target = match wanted.chunk_mebibytes {
        Some(size) => target.chunk_mebibytes(size),
        None => target,
    };
    let schedule: Schedule = wanted.schedule.parse().attempting(&attempted)?;
    let limits = wanted.bandwidth.iter().map(bandwidth).collect::<Result<Vec<_>, _>>();
    let task = CreateCloudSync::new(&wanted.path, via, target, schedule)
        .description(&wanted.description)
        .direction(direction(&wanted.direction))
        .transfer_mode(transfer_mode(&wanted.transfer_mode))
        .filename_encryption(wanted.filename_encryption.into())
        .exclude(&wanted.exclude)
        .follow_symlinks(wanted.follow_symlinks.into())
        .snapshot(wanted.snapshot.into())
        .bandwidth_limits(limits.attempting(&attempted)?)
        .enabled(Switch::Off);
    Ok(match wanted.transfers {
        Some(transfers) => task.transfers(transfers),
        None => task,
    })
}

fn bandwidth(wanted: &TimedLimit) -> Result<BandwidthLimit, Error> {
    let from = wanted.from.parse()?;
    Ok(match wanted.limit {
        Some(limit) => BandwidthLimit::new(from, limit.get()),
        None => BandwidthLimit::unlimited(from),
    })
}

fn direction(text: &str) -> Direction {
    match text {
        "PUSH" => Direction::Push,
        "PULL" => Direction::Pull,
        other => Direction::Unknown(other.to_owned()),
    }
}

fn transfer_mode(text: &str) -> TransferMode {
    match text {
        "SYNC" => TransferMode::Sync,
        "COPY" => TransferMode::Copy,
        "MOVE" => TransferMode::Move,
        other => TransferMode::Unknown(other.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn standard() -> CloudSyncSettings {
        let at =
            |from: &str, bytes| TimedLimit { from: from.to_owned(), limit: Some(BytesPerSecond::new(bytes)) };
        CloudSyncSettings {
            description: "Pool0 Cloud Backup".into(),
            direction: "PUSH".into(),
            transfer_mode: "SYNC".into(),
            path: "/mnt/pool0".into(),
            bucket: "truenas-a1b2c3d4e5f670718293a4b5c6d7e8f9".into(),
            folder: "/3c1e5d70-92ab-4f0e-8d47-b6a9c2f1e083/pool0".into(),
            schedule: "0 0 * * *".into(),
            snapshot: false,
            follow_symlinks: false,
            pre_script: String::new(),
            post_script: String::new(),
            exclude: vec!["/Archive/**".into(), "/archive/**".into()],
            chunk_mebibytes: Some(96),
            fast_list: true,
            encryption: true,
            filename_encryption: false,
            transfers: None,
            bandwidth: vec![at("00:00", 10_000_000), at("08:00", 2_500_000), at("18:00", 10_000_000)],
            arguments: String::new(),
        }
    }

    /// What the box would show of a task that was saved like this.
    fn shown(request: &CreateCloudSync) -> Value {
        let mut task = serde_json::to_value(request).unwrap();
        task["id"] = 1.into();
        task["credentials"] =
            json!({"id": 4, "name": "n", "provider": {"type": "B2", "account": "a", "key": "k"}});
        task["job"] = Value::Null;
        task
    }

    #[test]
    fn c2_what_is_saved_reads_back_equal() {
        let request = request(&standard(), CloudCredentialId::new(4)).unwrap();
        let task: CloudSync = serde_json::from_value(shown(&request)).unwrap();
        assert_eq!(seen(&task), standard());
    }

    #[test]
    fn c2a_a_task_is_saved_disabled() {
        let request = request(&standard(), CloudCredentialId::new(4)).unwrap();
        assert_eq!(shown(&request)["enabled"], false);
    }

    #[test]
    fn c3_limits_go_out_in_bytes() {
        let request = request(&standard(), CloudCredentialId::new(4)).unwrap();
        let first = json!({"time": "00:00", "bandwidth": 10_000_000});
        assert_eq!(shown(&request)["bwlimit"][0], first);
    }

    #[test]
    fn c4_a_script_is_a_difference_and_not_shown() {
        let mut task = shown(&request(&standard(), CloudCredentialId::new(4)).unwrap());
        task["pre_script"] = "curl -H secret".into();
        task["post_script"] = "********".into();
        let found = seen(&serde_json::from_value(task).unwrap());
        assert_eq!((found.pre_script.as_str(), found.post_script.as_str()), ("(a script)", "(a script)"));
        assert!(request(&found, CloudCredentialId::new(4)).is_err());
    }
}
