//! What a cloud sync must be like. The appliance compares times as texts, and looks at the size of parts and the path late
//! (TrueNAS middleware 25.10, `plugins/cloud_sync.py` and `rclone/remote/b2.py`).

use serde_json::Value;

/// B2 takes no smaller parts, in MiB.
const LEAST_CHUNK: u64 = 5;

/// Refuses a task, or what changes about one, that breaks a rule.
pub(super) fn check(body: &Value) -> Result<(), &'static str> {
    if let Some(slots) = body["bwlimit"].as_array() {
        check_times(slots)?;
    }
    if body["attributes"]["chunk_size"].as_u64().is_some_and(|size| size < LEAST_CHUNK) {
        return Err("an upload's parts are of 5 MiB or more");
    }
    if body["path"].as_str().is_some_and(|path| !is_in_a_pool(path)) {
        return Err("a cloud sync has a directory of a pool: /mnt/POOL, or one below it");
    }
    if body["exclude"].as_array().is_some_and(|filters| filters.iter().any(|filter| filter == "")) {
        return Err("a filter is not empty");
    }
    if body["transfers"] == 0 {
        return Err("a cloud sync sends one file at once at least");
    }
    Ok(())
}

/// Times that the appliance would compare as texts: strictly rising, with two digits for the hour.
fn check_times(slots: &[Value]) -> Result<(), &'static str> {
    let times: Vec<&str> = slots.iter().filter_map(|slot| slot["time"].as_str()).collect();
    let is_padded = |time: &&str| time.len() == 5 && time.as_bytes()[2] == b':';
    if !times.iter().all(is_padded) || !times.windows(2).all(|pair| pair[0] < pair[1]) {
        return Err("times of bandwidth limits rise strictly, from 00:00 to 23:59");
    }
    if slots.iter().any(|slot| slot["bandwidth"] == 0) {
        return Err("a bandwidth limit is one byte per second at least, or none");
    }
    Ok(())
}

fn is_in_a_pool(path: &str) -> bool {
    let Some(below) = path.strip_prefix("/mnt/") else { return false };
    let mut parts = below.trim_end_matches('/').split('/');
    parts.all(|part| !matches!(part, "" | "." | ".." | ".zfs"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_task_that_the_appliance_takes_passes() {
        for right in [
            json!({}),
            json!({"bwlimit": []}),
            json!({"bwlimit": [{"time": "08:00", "bandwidth": 1}, {"time": "10:00", "bandwidth": null}]}),
            json!({"attributes": {"chunk_size": 5}, "path": "/mnt/tank", "transfers": 1, "exclude": ["/a"]}),
            json!({"path": "/mnt/tank/a b/ü/", "transfers": null}),
        ] {
            assert_eq!(check(&right), Ok(()), "{right}");
        }
    }

    /// The appliance takes "8:00", and compares it with "10:00" as a text.
    #[test]
    fn times_out_of_order_or_without_a_leading_zero_are_refused() {
        let slots = |times: &[&str]| {
            let slots = times.iter().map(|time| json!({"time": time, "bandwidth": 1}));
            json!({"bwlimit": slots.collect::<Vec<_>>()})
        };
        for wrong in [&["10:00", "08:00"][..], &["08:00", "08:00"], &["8:00", "9:00"], &["8:00", "10:00"]] {
            assert!(check(&slots(wrong)).is_err(), "{wrong:?}");
        }
        assert!(check(&json!({"bwlimit": [{"time": "08:00", "bandwidth": 0}]})).is_err());
    }

    #[test]
    fn small_parts_paths_outside_the_pools_and_empty_filters_are_refused() {
        for wrong in [
            json!({"attributes": {"chunk_size": 4}}),
            json!({"attributes": {"chunk_size": 0}}),
            json!({"exclude": ["/a", ""]}),
            json!({"transfers": 0}),
        ] {
            assert!(check(&wrong).is_err(), "{wrong}");
        }
        for path in [
            "",
            "/",
            "/mnt",
            "/mnt/",
            "tank",
            "/etc",
            "/mnt/tank/../etc",
            "/mnt//tank",
            "/mnt/tank/.zfs/x",
            "/mntx/a",
        ] {
            assert!(check(&json!({"path": path})).is_err(), "{path}");
        }
    }
}
