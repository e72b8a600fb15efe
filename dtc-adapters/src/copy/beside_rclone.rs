//! What is done for rclone: files with long names, and unfinished files that it left when it was killed.

use std::sync::Arc;

use dtc_provision::copy::{CopyJob, Encryption, is_too_long_for_rclone};
use rclone_crypt::{Catalogue, Keys};

use super::own;
use super::unfinished::cleared;

/// Encrypts the files whose names are too long for rclone, which then finds them done, and deletes its unfinished files.
pub(super) async fn prepare(job: &CopyJob, keys: Arc<Keys>) -> Encryption {
    let job = job.clone();
    own::on_a_thread(move |stopped| {
        let names = job.names_under(&keys);
        let catalogue = Catalogue::new(&keys, &names, &job.catalogue);
        let report =
            match catalogue.update_only(&job.source, &is_too_long_for_rclone, &mut |_| own::until(stopped)) {
                Ok(report) => report,
                Err(error) => return own::interrupted(&error),
            };
        let mut encryption = own::done(&report);
        cleared(&job, &names, report.stale, &mut encryption);
        encryption
    })
    .await
}
