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
    let SnapshotTask { id: _, enabled, settings } = task;
    let mut differences = settings.differences(should_be);
    if !enabled {
        differences.push(Difference::new(Setting::Enabled, "no", "yes"));
    }
    differences
}

impl Compare for SnapshotTaskSettings {
    /// It is taken apart without a rest, so that a setting that is added later cannot be left out.
    fn differences(&self, should_be: &Self) -> Vec<Difference> {
        let Self { dataset, recursive, exclude, lifetime_hours, schema, schedule, begin, end, allow_empty } =
            self;
        let hours = |(begin, end): &(TimeOfDay, TimeOfDay)| format!("{begin} to {end}");
        Comparison::default()
            .of(Setting::Dataset, dataset, &should_be.dataset, String::clone)
            .switch(Setting::Recursive, *recursive, should_be.recursive, yes_no)
            .of(Setting::Exclude, exclude.as_slice(), &should_be.exclude, list)
            .of(Setting::Lifetime, lifetime_hours, &should_be.lifetime_hours, |hours| lifetime(*hours))
            .of(Setting::NamingSchema, schema, &should_be.schema, String::clone)
            .of(Setting::Schedule, schedule, &should_be.schedule, Schedule::to_string)
            .of(Setting::HoursOfDay, &(*begin, *end), &(should_be.begin, should_be.end), hours)
            .switch(Setting::EmptySnapshots, *allow_empty, should_be.allow_empty, |allowed| {
                if allowed { "kept" } else { "not kept" }
            })
            .end()
    }
}

/// What a task does, in one line.
pub(crate) fn words(settings: &SnapshotTaskSettings) -> String {
    let when = if settings.schedule == Schedule::hourly() { "hourly" } else { settings.schedule.as_str() };
    let recursive = if settings.recursive { ", recursive" } else { "" };
    format!("{when}{recursive}, kept {}", lifetime(settings.lifetime_hours))
}

/// A lifetime in words.
pub(crate) fn lifetime(hours: u32) -> String {
    match (hours / 24, hours % 24) {
        (1, 0) => "1 day".to_owned(),
        (days, 0) => format!("{days} days"),
        _ => format!("{hours} hours"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::SnapshotTaskId;
    use crate::standard::difference::tests::{Row, assert_each_is_named};

    fn standard() -> SnapshotTaskSettings {
        settings(&"pool0".parse().unwrap())
    }

    #[test]
    fn z1_each_setting_of_a_task_that_differs_alone_is_named_alone() {
        let rows: [Row<SnapshotTaskSettings>; 9] = [
            (Setting::Dataset, |task| task.dataset.push_str("/documents")),
            (Setting::Recursive, |task| task.recursive = false),
            (Setting::Exclude, |task| task.exclude.push("pool0/documents".to_owned())),
            (Setting::Lifetime, |task| task.lifetime_hours += 1),
            (Setting::NamingSchema, |task| task.schema.push_str("-%Z")),
            (Setting::Schedule, |task| task.schedule = Schedule::daily_at_midnight()),
            (Setting::HoursOfDay, |task| task.begin = TimeOfDay::at_hour(8)),
            (Setting::HoursOfDay, |task| task.end = TimeOfDay::at_hour(18)),
            (Setting::EmptySnapshots, |task| task.allow_empty = true),
        ];
        assert_each_is_named(&standard(), &rows);
        let off = SnapshotTask { id: SnapshotTaskId::new("1"), enabled: false, settings: standard() };
        let [only] = &differences(&off, &standard())[..] else { panic!("one difference") };
        assert_eq!(only.setting, Setting::Enabled);
    }

    #[test]
    fn z1_the_standard_is_said_in_the_words_of_its_differences() {
        assert_eq!(words(&standard()), "hourly, recursive, kept 14 days");
    }
}
