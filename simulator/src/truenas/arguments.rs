//! The extra arguments of a task that reach an rclone on this machine.
//!
//! The appliance takes any from a full administrator and hands them on (TrueNAS middleware 25.10, `plugins/cloud_sync.py`); so does the
//! simulated one's API. There rclone runs on the appliance. Here it runs as whoever started the simulator: an argument that opens a port,
//! names a file or starts a program would let any process on this machine act as its user.

/// Arguments that take a number, a size or a duration.
const WITH_VALUE: [&str; 12] = [
    "--max-delete",
    "--max-delete-size",
    "--max-size",
    "--min-size",
    "--max-age",
    "--min-age",
    "--max-transfer",
    "--checkers",
    "--transfers",
    "--retries",
    "--low-level-retries",
    "--tpslimit",
];
/// Arguments that stand alone.
const ALONE: [&str; 7] = [
    "--checksum",
    "--size-only",
    "--ignore-existing",
    "--ignore-times",
    "--fast-list",
    "--b2-hard-delete",
    "--dry-run",
];

/// Returns the arguments, unless one of them does not belong on this machine.
///
/// # Errors
/// The one that does not, in a sentence.
pub(super) fn allowed(arguments: &[String]) -> Result<&[String], String> {
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let is_allowed = match argument.split_once('=') {
            Some((name, value)) => WITH_VALUE.contains(&name) && is_amount(value),
            None if WITH_VALUE.contains(&argument.as_str()) => {
                rest.next().is_some_and(|value| is_amount(value))
            }
            None => ALONE.contains(&argument.as_str()),
        };
        if !is_allowed {
            return Err(format!("the simulator hands no {argument:?} to the rclone of this machine"));
        }
    }
    Ok(arguments)
}

/// Returns whether a value is a number with a unit, and nothing that could be a path.
fn is_amount(value: &str) -> bool {
    value.starts_with(|c: char| c.is_ascii_digit())
        && value.chars().all(|c| c.is_ascii_alphanumeric() || c == '.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
    }

    #[test]
    fn what_only_changes_the_transfer_is_handed_on() {
        for text in [
            "",
            "--max-delete 0",
            "--max-delete=100 --checksum",
            "--max-age 24h --transfers 4",
            "--min-size 1.5M",
        ] {
            assert_eq!(allowed(&words(text)).unwrap(), words(text), "{text}");
        }
    }

    #[test]
    fn nothing_that_opens_a_port_names_a_file_or_starts_a_program_is() {
        for text in [
            "--rc --rc-no-auth",
            "--rc-addr=127.0.0.1:5572",
            "--log-file=/srv/x",
            "--log-file /srv/x",
            "--config /srv/x",
            "--password-command id",
            "--backup-dir /srv",
            "--compare-dest /srv",
            "--files-from /etc/passwd",
            "--filter-from=/etc/passwd",
            "--cache-dir /srv",
            "--temp-dir /srv",
            "--cpuprofile /srv/x",
            "--b2-endpoint http://192.0.2.1",
            "--dump=headers",
            "-vv",
            "--max-delete",
            "--max-delete --rc",
            "--max-delete=/srv/x",
            "--transfers ../x",
            "--checksum=true",
            "--max-deleted 1",
            "/srv/source",
            "remote:",
            "--",
            "-",
        ] {
            assert!(allowed(&words(text)).is_err(), "{text}");
        }
        assert!(allowed(&[String::new()]).is_err());
    }
}
