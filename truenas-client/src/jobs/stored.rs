use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

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
}

impl StoredJob {
    /// Whether a job of the same number is this one.
    pub(super) fn is(&self, method: &str, started: Option<SystemTime>) -> bool {
        self.method == method && self.started == started
    }
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
    use super::*;

    #[test]
    fn a_stored_job_is_the_same_after_it_was_written() {
        for started in [None, UNIX_EPOCH.checked_add(Duration::from_millis(1_700_000_000_123))] {
            let job = StoredJob { id: JobId::new(4), method: "cloudsync.sync".into(), started };
            let text = serde_json::to_string(&job).unwrap();
            assert_eq!(serde_json::from_str::<StoredJob>(&text).unwrap(), job, "{text}");
            assert!(job.is("cloudsync.sync", started) && !job.is("pool.scrub", started));
            assert!(!job.is("cloudsync.sync", Some(UNIX_EPOCH)));
        }
    }
}
