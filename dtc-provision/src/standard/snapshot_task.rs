//! A pool's periodic snapshot task (Z1).

use dtc_naming::PoolName;

use super::difference::{Compare, Comparison, Difference, Setting, list, yes_no};
use crate::ports::{Snapshot, SnapshotTask, SnapshotTaskSettings};
use crate::schedule::{Schedule, TimeOfDay};

/// How snapshots are named (Z1).
pub const NAMING_SCHEMA: &str = "auto-%Y-%m-%d_%H-%M";
/// How long snapshots are kept: two weeks (Z1).
pub const LIFETIME_HOURS: u32 = 14 * 24;

/// The snapshot task of one pool (Z1).
pub fn settings(pool: &PoolName) -> SnapshotTaskSettings {
    SnapshotTaskSettings {
        dataset: pool.to_string(),
        recursive: true,
        exclude: Vec::new(),
        lifetime_hours: LIFETIME_HOURS,
        schema: NAMING_SCHEMA.to_owned(),
        schedule: Schedule::hourly(),
        begin: TimeOfDay::MIDNIGHT,
        end: TimeOfDay::LAST_MINUTE,
        allow_empty: false,
    }
}

/// Whether a task takes snapshots of a pool's root under the standard's schema. Retention on TrueNAS goes by name, so
/// two such tasks interfere (Z1a).
pub fn is_of_pool(task: &SnapshotTask, pool: &PoolName) -> bool {
    task.settings.dataset == pool.as_str() && task.settings.schema == NAMING_SCHEMA
}

/// Whether a snapshot bears the standard's schema, as far as the schema's fixed part tells (Z2).
pub fn is_by_schema(snapshot: &Snapshot) -> bool {
    let fixed = NAMING_SCHEMA.split('%').next().unwrap_or_default();
    snapshot.name.starts_with(fixed)
}

/// Every setting of a task that differs, whether it is enabled included.
pub fn differences(task: &SnapshotTask, should_be: &SnapshotTaskSettings) -> Vec<Difference> {
    let mut differences = task.settings.differences(should_be);
    if !task.enabled {
        differences.push(Difference::new(Setting::Enabled, "no", "yes"));
    }
    differences
}

impl Compare for SnapshotTaskSettings {
    fn differences(&self, should_be: &Self) -> Vec<Difference> {
        Comparison::default()
            .of(Setting::Dataset, &self.dataset, &should_be.dataset, String::clone)
            .switch(Setting::Recursive, self.recursive, should_be.recursive, yes_no)
            .of(Setting::Exclude, self.exclude.as_slice(), &should_be.exclude, list)
            .of(Setting::Lifetime, &self.lifetime_hours, &should_be.lifetime_hours, |hours| lifetime(*hours))
            .of(Setting::NamingSchema, &self.schema, &should_be.schema, String::clone)
            .of(Setting::Schedule, &self.schedule, &should_be.schedule, Schedule::to_string)
            .of(
                Setting::HoursOfDay,
                &(self.begin, self.end),
                &(should_be.begin, should_be.end),
                |(begin, end)| format!("{begin} to {end}"),
            )
            .switch(Setting::EmptySnapshots, self.allow_empty, should_be.allow_empty, |allowed| {
                if allowed { "kept" } else { "not kept" }
            })
            .end()
    }
}

/// A lifetime in words.
pub(crate) fn lifetime(hours: u32) -> String {
    match (hours / 24, hours % 24) {
        (1, 0) => "1 day".to_owned(),
        (days, 0) => format!("{days} days"),
        _ => format!("{hours} hours"),
    }
}
