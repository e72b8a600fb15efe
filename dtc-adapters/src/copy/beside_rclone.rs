//! What is done for rclone: files with long names, and unfinished files that it left when it was killed.
//!
//! rclone 1.65 and newer write a file as `NAME.DIGITS` with an ending of our choice, encrypted like any other name, and rename it when it is
//! whole. That takes names that have room for it. Of longer ones, 1.65 makes names that no disk can hold; newer versions cut them, and 1.70
//! then writes files into one whose names differ only at the end, if they have the same length and time (found by trying 1.65.2, 1.70.2 and
//! 1.75.2). Without such a name (`--inplace`) half a file would stand under its own, and may be taken for a whole one.

use std::sync::Arc;

use dtc_provision::copy::{CopyJob, Encryption};
use rclone_crypt::{Catalogue, Keys};

use super::own;
use super::unfinished::cleared;

/// The longest name of a file, in bytes, that has room for all that, however names are encrypted. rclone cuts longer ones, too.
const LONGEST: usize = 100;

/// Encrypts the files whose names are too long for rclone, which then finds them done, and deletes its unfinished files.
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
        cleared(&job, &names, report.stale, &mut encryption);
        encryption
    })
    .await
}

/// Whether the file's own name is too long for rclone.
fn is_long(path: &[u8]) -> bool {
    path.rsplit(|byte| *byte == b'/').next().is_some_and(|name| name.len() > LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn y2_a_name_is_long_by_itself_and_not_by_its_path() {
        let folder = "f".repeat(143);
        assert!(!is_long(format!("{folder}/{}", "n".repeat(LONGEST)).as_bytes()));
        assert!(is_long(format!("a/{}", "n".repeat(LONGEST + 1)).as_bytes()));
    }
}
