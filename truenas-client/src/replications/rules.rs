//! What a replication must be like. The appliance holds most of it, too; here nothing is sent that cannot succeed
//! (TrueNAS middleware 13.3 to 26, `plugins/replication.py`).

use serde_json::Value;

use super::Direction;
use super::request::{CreateReplication, DestinationKey, Retention, Transport};
use crate::snapshot_tasks::naming_schema;
use crate::{DatasetId, ErrorKind};

type Verdict = Result<(), &'static str>;

/// Refuses what breaks a rule.
pub(super) fn check(task: &CreateReplication, key: Option<&DestinationKey>) -> Verdict {
    check_names(task)?;
    check_snapshots(task)?;
    check_transport(task)?;
    check_datasets(task)?;
    if task.is.replicate {
        check_replicate(task)?;
    }
    check_retention(task)?;
    let wants_two_keys = key.is_some() && task.is.inherits_encryption;
    refuse(wants_two_keys, "a target has a key of its own or its parent's encryption, not both")
}

fn refuse(is_wrong: bool, reason: &'static str) -> Verdict {
    if is_wrong { Err(reason) } else { Ok(()) }
}

fn check_names(task: &CreateReplication) -> Verdict {
    refuse(task.retries == 0, "a run is tried once at least")?;
    refuse(task.properties_exclude.iter().any(String::is_empty), "a property that is not sent has a name")?;
    refuse(task.target.as_str().is_empty(), "a replication has a target")
}

fn check_snapshots(task: &CreateReplication) -> Verdict {
    let has_regex = task.name_regex.is_some();
    let has_schemas = !task.naming_schema.is_empty() || !task.also_include.is_empty();
    let is_bound = !task.snapshot_tasks.is_empty();
    for schema in task.naming_schema.iter().chain(&task.also_include) {
        if let Err(ErrorKind::InvalidRequest { reason }) = naming_schema::check(schema) {
            return Err(reason);
        }
    }
    refuse(
        has_regex && (has_schemas || is_bound),
        "snapshots are picked by a regular expression, or by schemas and snapshot tasks, not by both",
    )?;
    if task.direction == Direction::Push {
        refuse(!task.naming_schema.is_empty(), "what is sent is named by snapshot tasks or further schemas")?;
        refuse(
            !is_bound && task.also_include.is_empty() && !has_regex,
            "what is sent has to be said: snapshot tasks, further schemas, or a regular expression",
        )?;
        refuse(
            task.is.auto && !is_bound && task.schedule.is_none(),
            "a task that runs by itself has a schedule or snapshot tasks",
        )?;
    } else {
        refuse(
            task.naming_schema.is_empty() && !has_regex,
            "what is fetched has to be said: a naming schema, or a regular expression",
        )?;
        refuse(
            is_bound || !task.also_include.is_empty(),
            "what is fetched is not named by this appliance's snapshot tasks or further schemas",
        )?;
        refuse(task.is.hold_pending_snapshots, "snapshots can be held back only where they are sent from")?;
        refuse(task.is.auto && task.schedule.is_none(), "a task that runs by itself has a schedule")?;
    }
    refuse(!task.is.auto && task.schedule.is_some(), "only a task that runs by itself has a schedule")?;
    refuse(
        task.is.only_matching_schedule && task.schedule.is_none(),
        "snapshots can match a schedule only where there is one",
    )
}

fn check_transport(task: &CreateReplication) -> Verdict {
    let has_limits = task.compression.is_some() || task.speed_limit.is_some();
    let is_ssh = matches!(task.transport, Transport::Ssh(_));
    refuse(has_limits && !is_ssh, "compression and a speed limit are for SSH alone")?;
    refuse(task.speed_limit == Some(0), "a speed limit is one byte per second at least")?;
    if let Transport::SshNetcat(_, netcat) = &task.transport
        && let Some((first, last)) = netcat.ports
    {
        refuse(first == 0 || first > last, "ports go from the first to the last, from 1 on")?;
    }
    Ok(())
}

fn check_datasets(task: &CreateReplication) -> Verdict {
    refuse(task.sources.is_empty(), "a replication has a source at least")?;
    let is_child = |child: &DatasetId| {
        task.sources.iter().any(|source| {
            child.as_str().strip_prefix(source.as_str()).is_some_and(|rest| rest.starts_with('/'))
        })
    };
    refuse(
        !task.is.recursive && !task.exclude.is_empty(),
        "children are left out only where children are sent",
    )?;
    refuse(!task.exclude.iter().all(is_child), "what is left out is a child of a source")
}

fn check_replicate(task: &CreateReplication) -> Verdict {
    let is_whole = task.is.recursive && task.is.properties && task.exclude.is_empty();
    refuse(!is_whole, "a target becomes equal only with all children and properties")?;
    refuse(task.retention != Retention::LikeSource, "a target becomes equal only with the source's retention")
}

fn check_retention(task: &CreateReplication) -> Verdict {
    let is_custom = matches!(task.retention, Retention::For(_));
    refuse(
        !is_custom && !task.lifetimes.is_empty(),
        "lifetimes are given only where snapshots are kept for a time of their own",
    )?;
    refuse(
        is_custom && task.name_regex.is_some(),
        "snapshots that are picked by a regular expression have no time of their own to be kept for",
    )?;
    let is_nothing = match &task.retention {
        Retention::For(lifetime) => lifetime.value == 0,
        _ => false,
    };
    let is_nothing = is_nothing || task.lifetimes.iter().any(|it| it.lifetime.value == 0);
    refuse(is_nothing, "a snapshot is kept for one unit of time at least")
}

/// Of a change only what can be seen without the task.
pub(super) fn check_changes(body: &Value) -> Verdict {
    refuse(body["lifetime_value"] == 0, "a snapshot is kept for one unit of time at least")?;
    refuse(body["speed_limit"] == 0, "a speed limit is one byte per second at least")?;
    refuse(body["name"] == "", "a task has a name")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::replications::{
        Compression, EncryptionKey, KeyLocation, KeyedLifetime, Netcat, NetcatSide, ReadOnly, Side,
    };
    use crate::snapshot_tasks::{Lifetime, LifetimeUnit, SnapshotSchedule};
    use crate::{SnapshotTaskId, SshConnectionId, Switch};

    fn id(name: &str) -> DatasetId {
        DatasetId::new(name)
    }

    fn ssh() -> Transport {
        Transport::Ssh(SshConnectionId::new(4))
    }

    fn task(direction: Direction, transport: Transport) -> CreateReplication {
        CreateReplication::new(
            "x",
            direction,
            transport,
            [id("tank/data")],
            id("backup/data"),
            Retention::Forever,
        )
    }

    fn push() -> CreateReplication {
        task(Direction::Push, Transport::Local).also_include(["auto-%Y-%m-%d_%H-%M"])
    }

    fn pull() -> CreateReplication {
        task(Direction::Pull, ssh()).naming_schema(["auto-%Y-%m-%d_%H-%M"])
    }

    fn nightly() -> SnapshotSchedule {
        SnapshotSchedule::new("0 0 * * *".parse().unwrap())
    }

    fn days(count: u32) -> Lifetime {
        Lifetime::new(count, LifetimeUnit::Day)
    }

    #[test]
    fn what_the_appliance_takes_is_taken() {
        let on = Switch::On;
        for right in [
            push(),
            pull(),
            task(Direction::Push, ssh()).snapshot_tasks([SnapshotTaskId::new(1)]).auto(on),
            push().schedule(nightly()).auto(on).only_matching_schedule(on),
            pull().schedule(nightly()).auto(on),
            task(Direction::Pull, ssh()).name_regex("auto-.*"),
            pull().recursive(on).exclude([id("tank/data/scratch")]),
            pull().compression(Compression::Lz4).speed_limit(1),
            CreateReplication { retention: Retention::For(days(1)), ..pull() }
                .lifetimes([KeyedLifetime::new("0 0 1 * *".parse().unwrap(), days(365))]),
            CreateReplication { retention: Retention::LikeSource, ..push() }.recursive(on).replicate(on),
            push().inherits_encryption(on).readonly(ReadOnly::Require),
        ] {
            assert_eq!(check(&right, None), Ok(()), "{right:?}");
        }
    }

    #[test]
    fn what_the_appliance_would_refuse_is_not_sent() {
        let (on, off) = (Switch::On, Switch::Off);
        let netcat = |first, last| {
            Transport::SshNetcat(SshConnectionId::new(4), Netcat::new(NetcatSide::Local).ports(first, last))
        };
        let custom = |count| Retention::For(days(count));
        let of_the_way = [
            task(Direction::Push, Transport::Local),
            push().naming_schema(["x"]),
            push().auto(on),
            task(Direction::Pull, ssh()),
            pull().also_include(["x"]),
            pull().snapshot_tasks([SnapshotTaskId::new(1)]),
            pull().hold_pending_snapshots(on),
            pull().auto(on),
            pull().schedule(nightly()),
            pull().only_matching_schedule(on),
            pull().name_regex("x"),
            push().name_regex("x"),
            CreateReplication { retention: custom(1), ..task(Direction::Pull, ssh()).name_regex("x") },
            push().compression(Compression::Lz4),
            push().speed_limit(1),
            pull().speed_limit(0),
        ];
        let of_datasets_and_time = [
            CreateReplication { transport: netcat(1, 2), ..pull() }.compression(Compression::Pigz),
            CreateReplication { transport: netcat(2, 1), ..pull() },
            CreateReplication { transport: netcat(0, 1), ..pull() },
            CreateReplication { sources: Vec::new(), ..pull() },
            pull().exclude([id("tank/data/scratch")]),
            pull().recursive(on).exclude([id("tank/data")]),
            pull().recursive(on).exclude([id("tank/database")]),
            push().replicate(on),
            CreateReplication { retention: Retention::LikeSource, ..push() }.replicate(on),
            CreateReplication { retention: Retention::LikeSource, ..push() }
                .recursive(on)
                .replicate(on)
                .properties(off),
            push().recursive(on).replicate(on),
            CreateReplication { retention: custom(0), ..pull() },
            pull().lifetimes([KeyedLifetime::new("0 0 1 * *".parse().unwrap(), days(1))]),
            CreateReplication { retention: custom(1), ..pull() }
                .lifetimes([KeyedLifetime::new("0 0 1 * *".parse().unwrap(), days(0))]),
            pull().retries(0),
            pull().properties_exclude([""]),
        ];
        for wrong in of_the_way.into_iter().chain(of_datasets_and_time) {
            assert!(check(&wrong, None).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_key_is_of_full_length_and_the_only_one() {
        let hex = |key: &str| DestinationKey::hex(EncryptionKey::new(key), KeyLocation::TrueNas);
        let passphrase =
            |key: &str| DestinationKey::passphrase(EncryptionKey::new(key), KeyLocation::TrueNas);
        let key = hex(&"0a".repeat(32)).unwrap();
        assert_eq!(check(&push(), Some(&key)), Ok(()));
        assert!(check(&push().inherits_encryption(Switch::On), Some(&key)).is_err());
        for wrong in ["", &"0a".repeat(31), &"0a".repeat(33), &"0g".repeat(32)] {
            assert!(hex(wrong).is_err(), "{wrong}");
        }
        assert!(passphrase("eight ch").is_ok() && passphrase("seven c").is_err());
    }

    #[test]
    fn a_side_is_named_by_transport_and_connection() {
        assert_eq!(Side::Local.params(), [serde_json::json!("LOCAL"), Value::Null]);
        assert_eq!(
            Side::Ssh(SshConnectionId::new(4)).params(),
            [serde_json::json!("SSH"), serde_json::json!(4)]
        );
    }
}
