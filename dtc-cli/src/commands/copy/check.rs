//! `dtc copy check`: the restore test (Y3), and whether the destination holds what the catalogue holds.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use dtc_provision::copy::{Runner as _, Scratch, Transfer};
use rclone_crypt::RestoreTestReport;

use super::endings::{differs, show_transfer, step};
use super::opened::{Job, Opened};
use crate::commands::crypt::restore::{Compared, compared_document, failure_of_test, show_compared};
use crate::commands::crypt::work::watched;
use crate::deadline::Deadline;
use crate::document::document;
use crate::events::Phase;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt;
use crate::screen::{CHANGED, Line, Screen};
use crate::view::shown;

/// Decrypt the catalogue into a scratch folder and compare it with the source, byte for byte; compare the destination with the catalogue.
#[derive(Debug, Args)]
#[command(
    after_help = "The scratch folder holds the plain files meanwhile; it is removed afterwards. Ends with 0 if everything came back and is at the \
    destination, with 2 if something differs, with 6 if something does not open, and with 7 if something could not be looked at."
)]
pub(super) struct Arguments {
    #[command(flatten)]
    job: Job,
    /// The scratch folder; it must not be there yet. Without this, one beside the catalogue.
    #[arg(long, value_name = "FOLDER")]
    scratch: Option<PathBuf>,
    /// Leave the destination alone.
    #[arg(long)]
    local: bool,
}

document! {
    /// What `dtc copy check` prints.
    pub(crate) struct CopyChecked<'a> {
        /// The job's name.
        job: String,
        /// What came back.
        #[serde(flatten)]
        test: Compared,
        /// What the destination lacks, or has otherwise; null where it was not looked at.
        destination: Option<&'a Transfer>,
    }
}

/// Tests, and compares.
pub(super) async fn run(arguments: Arguments, deadline: &Deadline, screen: &Screen) -> Result<Exit, Failure> {
    let opened = deadline.bound(arguments.job.open()).await?;
    present(&opened.job.catalogue)?;
    let scratch = scratch(arguments.scratch, &opened.job.catalogue)?;
    let (test, plain) = tested(&opened, &scratch, deadline, screen).await?;
    let destination = match (&opened.job.to, arguments.local) {
        (Some(_), false) => {
            screen.begins(Phase::Checking);
            let looking = async { Ok(opened.runner(None, screen).compare().await) };
            Some(interrupt::until_interrupted(deadline.bound(looking)).await?)
        }
        _ => None,
    };
    show_compared(screen, &test, plain);
    if let Some(destination) = &destination {
        show_transfer(screen, destination, "The destination lacks: ", "not there, or different");
    }
    let document = CopyChecked {
        job: opened.job.name.to_string(),
        test: compared_document(&test, plain),
        destination: destination.as_ref(),
    };
    Ok(match failure(&test, destination.as_ref()) {
        None => screen.done(&document),
        Some(failure) => screen.ended(&failure, &document),
    })
}

/// The worst of both.
fn failure(test: &RestoreTestReport, destination: Option<&Transfer>) -> Option<Failure> {
    let of_test = failure_of_test(test);
    let of_destination = destination.and_then(|destination| match &destination.failure {
        // What could not be looked at is not proven.
        Some(failure) => {
            let mut failure = step(failure);
            if failure.exit != Exit::Blocked {
                failure.exit = Exit::Incomplete;
            }
            Some(failure)
        }
        None if destination.files + destination.removed > 0 => Some(
            differs("the destination does not hold the catalogue as it is here").remedy("run dtc copy run"),
        ),
        None => None,
    });
    let rank = |failure: &Failure| {
        [Exit::DataAtRisk, Exit::Error, Exit::Blocked, Exit::Differs]
            .iter()
            .position(|exit| *exit == failure.exit)
            .unwrap_or(4)
    };
    match (of_test, of_destination) {
        (Some(mut one), Some(mut other)) => {
            if rank(&other) < rank(&one) {
                std::mem::swap(&mut one, &mut other);
            }
            one.also = vec![other.sentence].into();
            Some(one)
        }
        (one, other) => one.or(other),
    }
}

/// The catalogue is here.
pub(super) fn present(catalogue: &Path) -> Result<(), Failure> {
    if catalogue.is_dir() {
        return Ok(());
    }
    let gone = Failure::new(Exit::Precondition, format!("the catalogue {} is not there", shown(catalogue)));
    Err(gone.code("DTC-COPY-CATALOGUE").remedy(
        "mount its disk; dtc copy run makes it, and dtc copy restore fetches it from the destination",
    ))
}

fn scratch(given: Option<PathBuf>, catalogue: &Path) -> Result<PathBuf, Failure> {
    let scratch = given.unwrap_or_else(|| Scratch::beside(catalogue));
    if std::fs::symlink_metadata(&scratch).is_ok() {
        let there = Failure::usage(format!("the scratch folder {} is there already", shown(&scratch)));
        return Err(there
            .code("DTC-CRYPT-PATH")
            .remedy("remove it if an earlier check left it behind, or name another as --scratch"));
    }
    Ok(scratch)
}

/// The restore test, and how many plain bytes it was over.
async fn tested(
    opened: &Opened,
    scratch: &Path,
    deadline: &Deadline,
    screen: &Screen,
) -> Result<(RestoreTestReport, u64), Failure> {
    let (keys, names) = opened.keys()?;
    screen.begins(Phase::Listing);
    let plain = opened.plain_length(&keys, &names)?.1;
    screen.begins(Phase::Restoring);
    let (job, kept) = (opened.job.clone(), Arc::new(Scratch::new(scratch.to_owned())?));
    let folder = Arc::clone(&kept);
    let test = watched(screen, deadline, plain.saturating_mul(2), move |watch| {
        Ok(folder.test(&job, (&keys, &names), &mut |progress| watch.report(progress))?)
    })
    .await;
    drop(kept);
    if scratch.exists() {
        let left = format!("{} could not be removed, and holds plain files", shown(scratch));
        screen.note(Line::new().styled(CHANGED, "note: ").plain(left));
    }
    Ok((test?, plain))
}
