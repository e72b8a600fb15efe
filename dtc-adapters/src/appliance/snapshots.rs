//! Periodic snapshot tasks, and the snapshots they take (Z1, Z2).

use async_trait::async_trait;
use dtc_naming::PoolName;
use dtc_provision::PortError;
use dtc_provision::ids::SnapshotTaskId;
use dtc_provision::ports::{Snapshot, SnapshotTask, SnapshotTaskSettings, Snapshots, SnapshotsView};
use truenas_client::snapshot_tasks::{
    CreateSnapshotTask, Lifetime, LifetimeUnit, SnapshotSchedule, SnapshotTask as Found, UpdateSnapshotTask,
};
use truenas_client::snapshots::ListSnapshots;
use truenas_client::{DatasetId, Error};

use super::TrueNas;
use crate::error::{Attempt as _, not_understood, parsed, understood};

const HOURS_PER_DAY: u32 = 24;
const HOURS_PER_WEEK: u32 = 7 * HOURS_PER_DAY;

#[async_trait]
impl SnapshotsView for TrueNas {
    async fn snapshot_tasks(&self) -> Result<Vec<SnapshotTask>, PortError> {
        let found = self
            .client()
            .await?
            .snapshot_tasks()
            .list()
            .await
            .attempting("list the appliance's snapshot tasks")?;
        found.into_iter().map(seen).collect()
    }

    /// Those of all datasets in one request, ten thousand at most, the root's first.
    async fn snapshots(&self, pool: &PoolName) -> Result<Vec<Snapshot>, PortError> {
        let found = self.client().await?.snapshots().list(&ListSnapshots::in_pools([pool.as_str()])).await;
        let found = found.attempting(format_args!("list the snapshots of pool {pool}"))?;
        let snapshot = |found: truenas_client::snapshots::Snapshot| Snapshot {
            dataset: found.dataset.to_string(),
            name: found.name,
        };
        Ok(found.into_iter().map(snapshot).collect())
    }
}

fn seen(found: Found) -> Result<SnapshotTask, PortError> {
    let attempted = format!("read the snapshot task {}", found.id);
    let lifetime_hours = hours(&found.lifetime)
        .ok_or_else(|| not_understood(&attempted, format!("its snapshots live for {:?}", found.lifetime)))?;
    let schedule = &found.schedule;
    Ok(SnapshotTask {
        id: SnapshotTaskId::new(found.id.to_string()),
        enabled: found.enabled,
        settings: SnapshotTaskSettings {
            dataset: found.dataset.to_string(),
            recursive: found.recursive,
            exclude: found.exclude.iter().map(ToString::to_string).collect(),
            lifetime_hours,
            schema: found.naming_schema,
            schedule: understood(&schedule.schedule(), &attempted)?,
            begin: understood(&schedule.begin(), &attempted)?,
            end: understood(&schedule.end(), &attempted)?,
            allow_empty: found.allow_empty,
        },
    })
}

/// A lifetime in hours; months and years, which differ in length, count 30 and 365 days.
fn hours(lifetime: &Lifetime) -> Option<u32> {
    let unit = match lifetime.unit {
        LifetimeUnit::Hour => 1,
        LifetimeUnit::Day => HOURS_PER_DAY,
        LifetimeUnit::Week => HOURS_PER_WEEK,
        LifetimeUnit::Month => 30 * HOURS_PER_DAY,
        LifetimeUnit::Year => 365 * HOURS_PER_DAY,
        _ => return None,
    };
    Some(lifetime.value.saturating_mul(unit))
}

/// Hours in the largest unit that fits them.
fn lifetime(hours: u32) -> Lifetime {
    match hours {
        weeks if weeks.is_multiple_of(HOURS_PER_WEEK) => {
            Lifetime::new(weeks / HOURS_PER_WEEK, LifetimeUnit::Week)
        }
        days if days.is_multiple_of(HOURS_PER_DAY) => Lifetime::new(days / HOURS_PER_DAY, LifetimeUnit::Day),
        hours => Lifetime::new(hours, LifetimeUnit::Hour),
    }
}

fn request(wanted: &SnapshotTaskSettings) -> Result<CreateSnapshotTask, Error> {
    let schedule = SnapshotSchedule::new(wanted.schedule.as_str().parse()?);
    let schedule = schedule.between(wanted.begin.to_string().parse()?, wanted.end.to_string().parse()?);
    let dataset = DatasetId::new(&wanted.dataset);
    let task = CreateSnapshotTask::new(dataset, &wanted.schema, lifetime(wanted.lifetime_hours), schedule)
        .recursive(wanted.recursive.into())
        .exclude(wanted.exclude.iter().map(DatasetId::new))
        .allow_empty(wanted.allow_empty.into());
    Ok(task)
}

#[async_trait]
impl Snapshots for TrueNas {
    async fn put_snapshot_task(
        &self,
        existing: Option<&SnapshotTaskId>,
        settings: &SnapshotTaskSettings,
    ) -> Result<SnapshotTaskId, PortError> {
        let attempted = format!("save the snapshot task of {}", settings.dataset);
        let task = request(settings).attempting(&attempted)?;
        let saved = match existing {
            Some(existing) => {
                let id =
                    parsed(existing.as_str(), "a snapshot task").map(truenas_client::SnapshotTaskId::new)?;
                self.client().await?.snapshot_tasks().update(id, &UpdateSnapshotTask::matching(&task)).await
            }
            None => self.client().await?.snapshot_tasks().create(&task).await,
        };
        Ok(SnapshotTaskId::new(saved.attempting(attempted)?.id.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn standard() -> SnapshotTaskSettings {
        dtc_provision::standard::snapshot_task::settings(&"pool0".parse().unwrap())
    }

    #[test]
    fn z1_what_is_saved_reads_back_equal() {
        let mut task = serde_json::to_value(request(&standard()).unwrap()).unwrap();
        assert_eq!((&task["lifetime_value"], &task["lifetime_unit"]), (&json!(2), &json!("WEEK")));
        assert_eq!(task["enabled"], true);
        task["id"] = 1.into();
        assert_eq!(seen(serde_json::from_value(task).unwrap()).unwrap().settings, standard());
    }

    #[test]
    fn z1_fourteen_days_are_two_weeks() {
        assert_eq!(
            hours(&Lifetime::new(14, LifetimeUnit::Day)),
            hours(&Lifetime::new(2, LifetimeUnit::Week))
        );
        assert_eq!(hours(&Lifetime::new(1, LifetimeUnit::Unknown("ERA".into()))), None);
        for (hours_wanted, unit) in
            [(336, LifetimeUnit::Week), (48, LifetimeUnit::Day), (25, LifetimeUnit::Hour)]
        {
            let chosen = lifetime(hours_wanted);
            assert_eq!((hours(&chosen), chosen.unit), (Some(hours_wanted), unit));
        }
    }
}
