use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::Entry;
use crate::JobId;

/// What finds a job again after this program has ended. The appliance begins to count anew when it restarts, so a number alone may be
/// another job's by then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct StoredJob {
    /// Its number.
    pub id: JobId,
    /// The method that it carries out.
    pub method: String,
    /// When it was made; whole milliseconds.
    #[serde(serialize_with = "write", deserialize_with = "read")]
    pub started: Option<SystemTime>,
    /// What it works on, the first of its arguments: the number of a task, or the name of a dataset where this program started the job. Other
    /// arguments are not kept: they can hold secrets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<Value>,
}

impl StoredJob {
    /// Whether a job of the same number is this one.
    pub(super) fn is(&self, entry: &Entry) -> bool {
        let is_same_task = match (&self.task, &entry.first_argument) {
            (Some(task), Some(argument)) => task == argument,
            _ => true,
        };
        self.method == entry.method && self.started == entry.time_started && is_same_task
    }
}

impl Entry {
    /// What finds it again.
    pub(super) fn seen(&self, id: JobId) -> StoredJob {
        // A text may be a secret.
        let task = self.first_argument.clone().filter(Value::is_number);
        StoredJob { id, method: self.method.clone(), started: self.time_started, task }
    }
}

/// Of a job's arguments, which can hold secrets, at most the first is kept, where it is a number or a text.
pub(super) fn first<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    let Value::Array(mut all) = Value::deserialize(deserializer)? else { return Ok(None) };
    let first = all.first_mut().map(Value::take).filter(|first| first.is_number() || first.is_string());
    all.iter_mut().for_each(crate::call::overwrite);
    Ok(first)
}

/// Milliseconds since 1970.
#[expect(clippy::ref_option, reason = "the signature that serde wants")]
fn write<S: Serializer>(moment: &Option<SystemTime>, serializer: S) -> Result<S::Ok, S::Error> {
    let since = moment.and_then(|moment| moment.duration_since(UNIX_EPOCH).ok());
    since.and_then(|since| u64::try_from(since.as_millis()).ok()).serialize(serializer)
}

fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SystemTime>, D::Error> {
    let milliseconds = Option::<u64>::deserialize(deserializer)?;
    Ok(milliseconds.and_then(|it| UNIX_EPOCH.checked_add(Duration::from_millis(it))))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn entry(method: &str, started: Option<u64>, arguments: &Value) -> Entry {
        let started = started.map(|milliseconds| json!({"$date": milliseconds}));
        let entry = json!({"id": 4, "state": "RUNNING", "method": method, "time_started": started, "arguments": arguments});
        serde_json::from_value(entry).unwrap()
    }

    #[test]
    fn a_stored_job_is_the_same_after_it_was_written() {
        let at = 1_700_000_000_123;
        for (started, arguments) in [(None, json!([])), (Some(at), json!([7, {"dry_run": false}]))] {
            let job = entry("cloudsync.sync", started, &arguments).seen(JobId::new(4));
            let text = serde_json::to_string(&job).unwrap();
            assert_eq!(serde_json::from_str::<StoredJob>(&text).unwrap(), job, "{text}");
            assert!(job.is(&entry("cloudsync.sync", started, &arguments)));
            assert!(!job.is(&entry("pool.scrub", started, &arguments)));
            assert!(!job.is(&entry("cloudsync.sync", Some(0), &arguments)));
        }
        let of_task = entry("cloudsync.sync", Some(at), &json!([7])).seen(JobId::new(4));
        assert!(!of_task.is(&entry("cloudsync.sync", Some(at), &json!([8]))));
        assert!(of_task.is(&entry("cloudsync.sync", Some(at), &json!([7, {}]))), "defaults are filled in");
    }

    /// What earlier versions of this crate stored has no task.
    #[test]
    fn what_was_stored_without_a_task_is_read() {
        let stored: StoredJob =
            serde_json::from_value(json!({"id": 4, "method": "cloudsync.sync", "started": 5})).unwrap();
        assert!(stored.is(&entry("cloudsync.sync", Some(5), &json!([7]))));
    }

    #[test]
    fn e8_no_argument_that_may_be_a_secret_is_stored() {
        for arguments in
            [json!(["hunter2", 7]), json!([{"password": "hunter2"}]), json!(null), json!("hunter2")]
        {
            let job = entry("x.y", Some(5), &arguments).seen(JobId::new(4));
            assert_eq!(job.task, None, "{arguments}");
        }
    }
}
