//! A task's settings, both ways.

use dtc_provision::PortError;
use dtc_provision::bandwidth::{BytesPerSecond, TimedLimit};
use dtc_provision::ports::{self, CloudSyncSettings, CloudSyncTarget};
use truenas_client::cloud_syncs::{
    BandwidthLimit, CloudSync, CreateCloudSync, Direction, Script, Target, TransferMode,
};
use truenas_client::{CloudCredentialId, Error, Redactable, Schedule, Switch};

use crate::error::{Attempt as _, refused, understood};

pub(super) fn seen(found: &CloudSync) -> Result<CloudSyncSettings, PortError> {
    let attempted = format!("read the Cloud Sync task {}", found.id);
    let limits = found.bandwidth_limits.iter().map(|limit| self::limit(limit, &attempted));
    Ok(CloudSyncSettings {
        description: found.description.clone(),
        direction: direction(&found.direction),
        transfer_mode: transfer_mode(&found.transfer_mode),
        path: found.path.clone(),
        target: CloudSyncTarget { bucket: found.target.bucket.clone(), folder: found.target.folder.clone() },
        schedule: understood(&found.schedule, &attempted)?,
        snapshot: found.snapshot,
        follow_symlinks: found.follow_symlinks,
        pre_script: script(&found.pre_script),
        post_script: script(&found.post_script),
        exclude: found.exclude.clone(),
        include: found.include.clone(),
        empty_directories: found.create_empty_src_dirs,
        chunk_mebibytes: found.target.chunk_mebibytes,
        fast_list: found.target.fast_list.unwrap_or(false),
        encryption: found.encryption,
        filename_encryption: found.filename_encryption,
        transfers: found.transfers,
        bandwidth: limits.collect::<Result<_, _>>()?,
        arguments: found.args.clone(),
    })
}

/// A script can hold anything, secrets included: only whether there is one is read.
fn script(found: &Redactable<Script>) -> ports::Script {
    if found.is_absent() { ports::Script::None } else { ports::Script::Present }
}

fn limit(found: &BandwidthLimit, attempted: &str) -> Result<TimedLimit, PortError> {
    let limit = found.bytes_per_second.map(BytesPerSecond::new);
    Ok(TimedLimit { from: understood(&found.time, attempted)?, limit })
}

fn direction(found: &Direction) -> ports::Direction {
    match found {
        Direction::Push => ports::Direction::Push,
        Direction::Pull => ports::Direction::Pull,
        other => ports::Direction::Other(other.to_string()),
    }
}

fn transfer_mode(found: &TransferMode) -> ports::TransferMode {
    match found {
        TransferMode::Sync => ports::TransferMode::Sync,
        TransferMode::Copy => ports::TransferMode::Copy,
        TransferMode::Move => ports::TransferMode::Move,
        other => ports::TransferMode::Other(other.to_string()),
    }
}

/// The task to save, disabled. The client saves no scripts, no further arguments and no task without encryption.
pub(super) fn request(
    wanted: &CloudSyncSettings,
    via: CloudCredentialId,
) -> Result<CreateCloudSync, PortError> {
    let attempted = format!("describe the Cloud Sync task {:?}", wanted.description);
    let scripts = [wanted.pre_script, wanted.post_script].contains(&ports::Script::Present);
    let odd = !wanted.arguments.is_empty() || !wanted.include.is_empty() || wanted.empty_directories;
    if scripts || odd || !wanted.encryption {
        let why = "tasks are saved encrypted, for everything, without scripts and further arguments";
        return Err(refused(attempted, why));
    }
    let target = Target::new(&wanted.target.bucket, &wanted.target.folder).fast_list(wanted.fast_list.into());
    let target = match wanted.chunk_mebibytes {
        Some(size) => target.chunk_mebibytes(size),
        None => target,
    };
    let schedule: Schedule = wanted.schedule.as_str().parse().attempting(&attempted)?;
    let limits = wanted.bandwidth.iter().map(bandwidth).collect::<Result<Vec<_>, _>>();
    let task = CreateCloudSync::new(&wanted.path, via, target, schedule)
        .description(&wanted.description)
        .direction(direction_to_save(&wanted.direction))
        .transfer_mode(mode_to_save(&wanted.transfer_mode))
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
    let from = wanted.from.to_string().parse()?;
    Ok(match wanted.limit {
        Some(limit) => BandwidthLimit::new(from, limit.get()),
        None => BandwidthLimit::unlimited(from),
    })
}

fn direction_to_save(wanted: &ports::Direction) -> Direction {
    match wanted {
        ports::Direction::Push => Direction::Push,
        ports::Direction::Pull => Direction::Pull,
        other => Direction::Unknown(other.to_string()),
    }
}

fn mode_to_save(wanted: &ports::TransferMode) -> TransferMode {
    match wanted {
        ports::TransferMode::Sync => TransferMode::Sync,
        ports::TransferMode::Copy => TransferMode::Copy,
        ports::TransferMode::Move => TransferMode::Move,
        other => TransferMode::Unknown(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dtc_provision::bandwidth::MegabitsPerSecond;
    use dtc_provision::site::Site;
    use dtc_provision::standard::cloud_sync;
    use serde_json::{Value, json};

    fn standard() -> CloudSyncSettings {
        let site = Site::new("Contoso Dental", "Main Street", MegabitsPerSecond::new(100).unwrap());
        let bucket = "truenas-a1b2c3d4e5f670718293a4b5c6d7e8f9".parse().unwrap();
        let device = "3c1e5d70-92ab-4f0e-8d47-b6a9c2f1e083".parse().unwrap();
        cloud_sync::spec(&site, &bucket, device, &"pool0".parse().unwrap(), 1).settings
    }

    /// What the appliance would show of a task that was saved like this.
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
        assert_eq!(seen(&task).unwrap(), standard());
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

    /// A task that takes but a part, or makes directories, is no task of the standard: each is seen, and saved by nobody.
    #[test]
    fn c4_what_a_task_takes_alone_is_a_difference() {
        for (name, value) in [("include", json!(["/docs/**"])), ("create_empty_src_dirs", json!(true))] {
            let mut task = shown(&request(&standard(), CloudCredentialId::new(4)).unwrap());
            task[name] = value;
            let found = seen(&serde_json::from_value(task).unwrap()).unwrap();
            assert_ne!(found, standard(), "{name}");
            assert!(request(&found, CloudCredentialId::new(4)).is_err(), "{name}");
        }
    }

    #[test]
    fn c4_a_script_is_a_difference_and_not_shown() {
        let mut task = shown(&request(&standard(), CloudCredentialId::new(4)).unwrap());
        task["pre_script"] = "curl -H secret".into();
        task["post_script"] = "********".into();
        let found = seen(&serde_json::from_value(task).unwrap()).unwrap();
        assert_eq!((found.pre_script, found.post_script), (ports::Script::Present, ports::Script::Present));
        assert!(!format!("{found:?}").contains("secret"));
        assert!(request(&found, CloudCredentialId::new(4)).is_err());
    }
}
