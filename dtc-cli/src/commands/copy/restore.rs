//! `dtc copy restore`: the plain files again, from the catalogue that is here or on the server.

use std::path::PathBuf;

use clap::Args;
use dtc_provision::copy::{self, RunMode, Transfer};
use rclone_crypt::WriteReport;

use super::endings::{show_transfer, step};
use super::opened::{Job, Opened};
use crate::commands::crypt::given;
use crate::commands::crypt::restore::{RestoreResult, document, failure, show};
use crate::commands::crypt::work::watched;
use crate::deadline::Deadline;
use crate::document::document;
use crate::events::Phase;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt;
use crate::screen::{Line, STRONG, Screen};
use crate::view::{bytes, count};

/// Decrypt the catalogue into a folder; where it is gone, fetch it from the destination first.
#[derive(Debug, Args)]
#[command(
    after_help = "Nothing in FOLDER is replaced. A catalogue that is fetched stands in its place afterwards. After an interruption, or what can be put \
    right, such as a full disk, the same command goes on. Ends with 0 if everything came back, with 6 if something does not open, and with 7 if \
    something could not be fetched or restored for another reason."
)]
pub(super) struct Arguments {
    #[command(flatten)]
    job: Job,
    /// The folder to restore into; it is made if it is not there.
    #[arg(long, value_name = "FOLDER")]
    to: PathBuf,
    /// Only say what would be done.
    #[arg(long)]
    dry_run: bool,
}

document! {
    /// What `dtc copy restore` prints.
    pub(crate) struct CopyRestored<'a> {
        /// The job's name.
        job: String,
        /// How the catalogue was fetched; null where it was here.
        fetched: Option<&'a Transfer>,
        /// What was restored.
        #[serde(flatten)]
        restored: RestoreResult,
    }
}

document! {
    /// What `dtc copy restore` prints where it restores nothing: with `--dry-run`, and where the catalogue could not be fetched.
    pub(crate) struct WouldDecrypt<'a> {
        /// The job's name.
        job: String,
        /// Whether nothing was written.
        dry_run: bool,
        /// How the catalogue would be fetched, or was in part; null where it is here.
        fetched: Option<&'a Transfer>,
        /// How many files would be decrypted; null for a catalogue that is not here.
        files: Option<usize>,
        /// How many plain bytes they have; null for a catalogue that is not here.
        bytes: Option<u64>,
    }
}

/// Fetches where that must be, and restores.
pub(super) async fn run(arguments: Arguments, deadline: &Deadline, screen: &Screen) -> Result<Exit, Failure> {
    given::target(&arguments.to)?;
    let mode = if arguments.dry_run { RunMode::Dry } else { RunMode::Real };
    let work = async {
        let opened = arguments.job.open().await?;
        let found = copy::catalogue_of(&opened.job, &opened.runner(None, screen), mode).await?;
        Ok((opened, found.fetched))
    };
    let (opened, fetched) = interrupt::until_interrupted(deadline.bound(Box::pin(work))).await?;
    if let Some(fetched) = &fetched {
        let (heading, missing) = if arguments.dry_run {
            ("Would fetch: ", "would be fetched")
        } else {
            ("Fetched: ", "not fetched yet")
        };
        show_transfer(screen, fetched, heading, missing);
    }
    let failed = fetched.as_ref().and_then(|fetched| fetched.failure.as_ref());
    if arguments.dry_run || failed.is_some() {
        let document = would(&opened, fetched.as_ref(), arguments.dry_run, screen)?;
        return Ok(match failed {
            None => screen.done(&document),
            Some(failure) => screen.ended(&step(failure), &document),
        });
    }
    let report = decrypted(&opened, arguments.to, deadline, screen).await?;
    show(screen, &report);
    let (job, restored) = (opened.job.name.to_string(), document(&report));
    let document = CopyRestored { job, fetched: fetched.as_ref(), restored };
    Ok(match failure(&report) {
        None => screen.done(&document),
        Some(failure) => screen.ended(&failure, &document),
    })
}

fn would<'a>(
    opened: &Opened,
    fetched: Option<&'a Transfer>,
    dry_run: bool,
    screen: &Screen,
) -> Result<WouldDecrypt<'a>, Failure> {
    let (mut files, mut length) = (None, None);
    if fetched.is_none() {
        let (keys, names) = opened.keys()?;
        let (held, plain) = opened.plain_length(&keys, &names)?;
        let what = format!("{}, {}.", count(held, "file", "files"), bytes(plain));
        screen.say(Line::new().styled(STRONG, "Would decrypt: ").plain(what));
        (files, length) = (Some(held), Some(plain));
    }
    Ok(WouldDecrypt { job: opened.job.name.to_string(), dry_run, fetched, files, bytes: length })
}

async fn decrypted(
    opened: &Opened,
    to: PathBuf,
    deadline: &Deadline,
    screen: &Screen,
) -> Result<WriteReport, Failure> {
    let (keys, names) = opened.keys()?;
    let job = opened.job.clone();
    screen.begins(Phase::Listing);
    let (_, plain) = opened.plain_length(&keys, &names)?;
    screen.begins(Phase::Restoring);
    watched(screen, deadline, plain, move |watch| {
        let catalogue = job.catalogue_under(&keys, &names);
        Ok(catalogue.restore_to(&to, &mut |progress| watch.report(progress))?)
    })
    .await
}
