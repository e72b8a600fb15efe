//! The middleware's spelling of moments: `{"$date": milliseconds}`.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

#[derive(Deserialize)]
struct Date {
    #[serde(rename = "$date")]
    milliseconds: i64,
}

/// Writes a moment, in whole seconds: some releases count milliseconds twice.
pub(crate) fn date(moment: SystemTime) -> Value {
    let since = moment.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    json!({"$date": since.saturating_mul(1000)})
}

/// Reads a moment that may be null or left out.
pub(crate) fn moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SystemTime>, D::Error> {
    let date = Option::<Date>::deserialize(deserializer)?;
    Ok(date.and_then(|d| {
        let distance = Duration::from_millis(d.milliseconds.unsigned_abs());
        if d.milliseconds < 0 { UNIX_EPOCH.checked_sub(distance) } else { UNIX_EPOCH.checked_add(distance) }
    }))
}

/// Reads a moment given as seconds with a fraction, as `filesystem.stat` gives it.
pub(crate) fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SystemTime>, D::Error> {
    let seconds = Option::<f64>::deserialize(deserializer)?;
    Ok(seconds.and_then(|s| Duration::try_from_secs_f64(s).ok()).and_then(|d| UNIX_EPOCH.checked_add(d)))
}

/// A moment of whole seconds since 1970.
pub(crate) fn of_seconds(seconds: u64) -> Option<SystemTime> {
    UNIX_EPOCH.checked_add(Duration::from_secs(seconds))
}
