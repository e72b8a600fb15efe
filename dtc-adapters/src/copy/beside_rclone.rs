//! What is done for rclone: files with long names, and half files that it left when it was killed.
//!
//! rclone 1.65 and newer write a file as `NAME.DIGITS` with an ending of our choice, encrypted like any other name, and rename it when it is
//! whole. That takes names that have room for it. Of longer ones, 1.65 makes names that no disk can hold; newer versions cut them, and 1.70
//! then writes files into one whose names differ only at the end, if they have the same length and time (found by trying 1.65.2, 1.70.2 and
//! 1.75.2). Without such a name (`--inplace`) half a file would stand under its own, and may be taken for a whole one.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use dtc_provision::copy::{CopyJob, Encryption, FailedPath};
use rclone_crypt::{Catalogue, Keys, Names};

use super::own;

/// What the names of rclone's half files end with.
pub(super) const ENDING: &str = ".dtc-copy";
/// How many digits and letters stand before it at most.
const DIGITS: usize = 8;
/// The longest name of a file, in bytes, that has room for all that, however names are encrypted. rclone cuts longer ones, too.
const LONGEST: usize = 100;

/// Encrypts the files whose names are too long for rclone, which then finds them done, and deletes its half files.
pub(super) async fn prepare(job: &CopyJob, keys: Arc<Keys>) -> Encryption {
    let job = job.clone();
    own::on_a_thread(move |stopped| {
        let names = job.names_under(&keys);
        let catalogue = Catalogue::new(&keys, &names, &job.catalogue);
        let report = match catalogue.update_only(&job.source, &is_long, &mut |_| own::until(stopped)) {
            Ok(report) => report,
            Err(error) => return own::interrupted(&error),
        };
        let mut encryption = own::done(&report);
        for half in report.stale.iter().filter(|path| is_half(&names, path)) {
            if let Err(error) = fs::remove_file(job.catalogue.join(half)) {
                let why = format!("rclone left it half written, and it cannot be deleted: {error}");
                encryption.failed.push(FailedPath::new(half.to_string_lossy(), why));
            }
        }
        encryption
    })
    .await
}

/// Whether the file's own name is too long for rclone.
fn is_long(path: &[u8]) -> bool {
    path.rsplit(|byte| *byte == b'/').next().is_some_and(|name| name.len() > LONGEST)
}

/// Whether it is the stored path of a half file.
fn is_half(names: &Names, stored: &Path) -> bool {
    stored.to_str().and_then(|stored| names.decode(stored).ok()).is_some_and(|plain| is_half_name(&plain))
}

fn is_half_name(plain: &str) -> bool {
    let parts = plain.strip_suffix(ENDING).and_then(|rest| rest.rsplit_once('.'));
    parts.is_some_and(|(name, digits)| {
        !name.is_empty()
            && (1..=DIGITS).contains(&digits.len())
            && digits.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names as rclone 1.65.2, 1.68.1 and 1.75.2 made them.
    #[test]
    fn x3_rclones_half_files_are_known_by_their_names() {
        for half in ["a.vowusen7.dtc-copy", "deep/b.txt.9a86ed31.dtc-copy", "c.1c87ca9.dtc-copy"] {
            assert!(is_half_name(half), "{half}");
        }
        for whole in
            ["a.dtc-copy", "a.12345678.partial", "a.123456789.dtc-copy", ".12345678.dtc-copy", "a.txt"]
        {
            assert!(!is_half_name(whole), "{whole}");
        }
    }

    #[test]
    fn y2_a_name_is_long_by_itself_and_not_by_its_path() {
        let folder = "f".repeat(143);
        assert!(!is_long(format!("{folder}/{}", "n".repeat(LONGEST)).as_bytes()));
        assert!(is_long(format!("a/{}", "n".repeat(LONGEST + 1)).as_bytes()));
    }
}
