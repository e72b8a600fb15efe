//! `dtc copy run`: encryption, then rsync.

use clap::Args;
use dtc_adapters::connect_copy_vault;
use dtc_adapters::copy::{JobFile, RunLog};
use dtc_provision::copy::{self, CopyJob, Encryption, Kept, KeptBy, RunReport, Transfer};
use dtc_provision::secret::EncryptionSecrets;

use super::endings::{incomplete, show_encryption, show_transfer, step};
use super::opened::{Job, Opened, runner};
use crate::deadline::Deadline;
use crate::document::document;
use crate::events::Phase;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files::unwritten;
use crate::interrupt;
use crate::screen::{CHANGED, Line, QUIET, Screen};
use crate::view::{ExactPath, exact, shown};

/// Encrypt what is new or has changed, then carry the catalogue to its destination.
#[derive(Debug, Args)]
#[command(
    after_help = "rsync begins only if everything was encrypted. After an interruption, or what can be put right, such as a full disk, the same \
    command goes on. What the programs say is appended to the job's log. Ends with 0 if everything is there, with 4 if a program or the server is \
    not, with 5 if the server shows another host key, and with 7 if part of it could not be done."
)]
pub(super) struct Arguments {
    #[command(flatten)]
    job: Job,
    /// Let both programs say what they would do, and write nothing.
    #[arg(long)]
    dry_run: bool,
}

document! {
    /// What `dtc copy run` prints.
    pub(crate) struct Ran<'a> {
        /// The job's name.
        job: String,
        /// Whether nothing was written.
        dry_run: bool,
        /// Whether all was done.
        complete: bool,
        /// The first step.
        encryption: &'a Encryption,
        /// The second step; null where it did not begin.
        transfer: Option<&'a Transfer>,
        /// Whether the second step did not begin, although the job names a destination.
        transfer_withheld: bool,
        /// The addresses of the vault's records that hold the pair; empty where it is the operator's own to keep, and after a dry run.
        records: Vec<String>,
        /// The log; null after a dry run.
        log: Option<ExactPath>,
    }
}

/// Runs both steps, or has them say what they would do.
pub(super) async fn run(
    arguments: &Arguments,
    deadline: &Deadline,
    screen: &Screen,
) -> Result<Exit, Failure> {
    let work = async {
        let opened = arguments.job.open().await?;
        screen.begins(Phase::Listing);
        let plan = copy::plan(&opened.job, &opened.secrets)?;
        opened.runner(None, screen).check_programs(true).await.map_err(|failure| step(&failure))?;
        if arguments.dry_run {
            opened.escrowed(screen).await?;
            let report =
                copy::dry_run(&opened.job, &plan, &opened.secrets, &opened.runner(None, screen)).await;
            return Ok(ended(screen, &opened.job, &report, None, None));
        }
        real(opened, screen).await
    };
    interrupt::until_interrupted(deadline.bound(Box::pin(work))).await
}

async fn real(opened: Opened, screen: &Screen) -> Result<Exit, Failure> {
    let Opened { file, job, secrets } = opened;
    let log = RunLog::open(&file.log).map_err(|error| unwritten("the log", &error))?;
    let kept = kept(&file, &job, secrets, screen).await?;
    let report = copy::run(&job, &kept, &runner(&file, &job, Some(&log), screen)).await;
    if let Some(lost) = log.lost() {
        screen.note(Line::new().styled(CHANGED, "note: ").plain(format!("the log is not whole: {lost}")));
    }
    Ok(ended(screen, &job, &report, Some(&kept), Some(&log)))
}

/// The pair, escrowed where the job names an organisation (E2).
pub(crate) async fn kept(
    file: &JobFile,
    job: &CopyJob,
    secrets: EncryptionSecrets,
    screen: &Screen,
) -> Result<Kept, Failure> {
    let Some(vault) = &file.vault else { return Ok(Kept::by_operator(job, secrets)?) };
    screen.begins(Phase::Applying);
    let vault = connect_copy_vault(vault, screen.waits()).await?;
    Ok(copy::escrow(job, secrets, vault.as_ref()).await?)
}

fn ended(
    screen: &Screen,
    job: &CopyJob,
    report: &RunReport,
    kept: Option<&Kept>,
    log: Option<&RunLog>,
) -> Exit {
    let dry_run = log.is_none();
    show_encryption(screen, &report.encryption, dry_run);
    if let Some(transfer) = &report.transfer {
        let (word, missing) =
            if dry_run { ("Would carry: ", "would be carried") } else { ("Carried: ", "not there yet") };
        show_transfer(screen, transfer, word, missing);
    } else if dry_run && report.transfer_withheld && report.encryption.failure.is_none() {
        screen
            .say(Line::new().styled(QUIET, "rsync was not asked: what it would carry is not encrypted yet."));
    }
    let records = match kept.map(Kept::by) {
        Some(KeptBy::Vault(records)) => records.iter().map(|record| record.url.clone()).collect(),
        Some(KeptBy::Operator) => {
            let yours = "The pair is yours to keep: without it nobody opens the copy.";
            screen.say(Line::new().styled(QUIET, yours));
            Vec::new()
        }
        None => Vec::new(),
    };
    for record in &records {
        screen.say(Line::new().styled(QUIET, format!("The pair is in the vault: {record}")));
    }
    if let Some(log) = log {
        screen.say(Line::new().styled(QUIET, format!("Log: {}", shown(log.path()))));
    }
    let failure = failure(report, dry_run);
    let document = Ran {
        job: job.name.to_string(),
        dry_run,
        complete: failure.is_none() && !dry_run,
        encryption: &report.encryption,
        transfer: report.transfer.as_ref(),
        transfer_withheld: report.transfer_withheld,
        records,
        log: log.map(|log| exact(log.path())),
    };
    match failure {
        None => screen.done(&document),
        Some(failure) => screen.ended(&failure, &document),
    }
}

/// Why a run does not end with 0.
pub(crate) fn failure(report: &RunReport, dry_run: bool) -> Option<Failure> {
    let first = &report.encryption;
    let withheld = |failure: Failure| {
        let mut failure = failure;
        if report.transfer_withheld && !dry_run {
            failure.also =
                vec!["rsync was not started, since not everything was encrypted".to_owned()].into();
        }
        failure
    };
    if let Some(failure) = &first.failure {
        return Some(withheld(step(failure)));
    }
    if !first.failed.is_empty() {
        let failure = incomplete("not everything can be encrypted, as named above");
        return Some(withheld(
            failure.remedy("put right what is named, such as a name that becomes too long, then run again"),
        ));
    }
    let second = report.transfer.as_ref()?.failure.as_ref()?;
    Some(step(second))
}
