//! `dtc copy plan`: what a run would do, told from names, lengths and times.

use clap::Args;
use dtc_provision::copy::{self, CopyPlan, Destination, Engine, EscrowState};

use super::endings::step;
use super::opened::{Job, Opened};
use crate::commands::crypt::findings::{SkippedPath, UnreadPath, finding, listed, reason, skipped};
use crate::commands::crypt::ls::mapping;
use crate::deadline::Deadline;
use crate::document::document;
use crate::events::Phase;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt;
use crate::screen::{CHANGED, Line, QUIET, STRONG, Screen};
use crate::view::{ExactPath, bytes, count, exact, shown};

/// Say what a run would do, and write nothing; the destination is not asked.
#[derive(Debug, Args)]
#[command(
    after_help = "Looks at the job file, the folders, the pair, the programs and, where the job names an organisation, the vault. \
    `dtc copy run --dry-run` asks the programs, and the destination, too. Ends with 0 if a run can begin."
)]
pub(super) struct Arguments {
    #[command(flatten)]
    job: Job,
    /// Print on standard error what each file and directory of the catalogue is stored as, as rclone's --crypt-show-mapping does.
    #[arg(long)]
    mapping: bool,
}

document! {
    /// What `dtc copy plan` prints.
    pub(crate) struct Planned {
        /// The job's name.
        job: String,
        /// What encrypts.
        engine: Engine,
        /// What is encrypted.
        source: ExactPath,
        /// Into which folder.
        catalogue: ExactPath,
        /// Where that is carried; null where it stays.
        to: Option<String>,
        /// How many bytes a second that may take; null without a limit.
        bytes_per_second: Option<u64>,
        /// Files that are new or have changed.
        changed: Vec<ExactPath>,
        /// Their length in bytes.
        bytes: u64,
        /// Those of them that this program encrypts itself, since their names are too long for rclone.
        taken_over: Vec<ExactPath>,
        /// How many files are in the catalogue already as they are.
        unchanged: usize,
        /// Files of the catalogue whose source is gone, by their stored paths. The run deletes them where the job says `delete`.
        stale: Vec<ExactPath>,
        /// Whether the run deletes them.
        delete: bool,
        /// Files that would fail, such as a name that becomes too long.
        failed: Vec<UnreadPath>,
        /// What no copy has.
        skipped: Vec<SkippedPath>,
        /// Files of the catalogue that are none of this remote's.
        foreign: Vec<ExactPath>,
        /// On how many files of the catalogue the pair was tried; it opens them. 0 where there is none.
        tried: usize,
        /// How the pair stands in the vault; null where it is the operator's own to keep.
        escrow: Option<EscrowShown>,
    }
}

document! {
    /// How a pair stands in the vault.
    pub(crate) struct EscrowShown {
        /// The addresses of the records that hold it.
        records: Vec<String>,
        /// The halves that a run would write first.
        missing: Vec<&'static str>,
    }
}

/// Plans.
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
        let escrow = opened.escrowed(screen).await?;
        Ok((opened, plan, escrow))
    };
    let (opened, plan, escrow) = interrupt::until_interrupted(deadline.bound(Box::pin(work))).await?;
    show(screen, &opened, &plan, escrow.as_ref());
    if arguments.mapping && plan.catalogue_exists {
        let (keys, names) = opened.keys()?;
        let mut files = opened.job.catalogue_under(&keys, &names).mapping()?;
        files.sort();
        for line in mapping(&files) {
            screen.note(line.as_str());
        }
    }
    Ok(screen.done(&document(&opened, &plan, escrow.as_ref())))
}

pub(crate) fn show(screen: &Screen, opened: &Opened, plan: &CopyPlan, escrow: Option<&EscrowState>) {
    let (job, update) = (&opened.job, &plan.update);
    for failed in &update.failed {
        finding(screen, CHANGED, "FAIL", &format!("{}: {}", shown(&failed.plain), reason(&failed.error)));
    }
    for path in &update.foreign {
        finding(screen, CHANGED, "?   ", &format!("{}: no file of this remote, left as it is", shown(path)));
    }
    let files = count(update.changed.len(), "file", "files");
    let what = format!(
        "{files}, {}, from {} into {}, by {}",
        bytes(update.bytes),
        shown(&job.source),
        shown(&job.catalogue),
        job.engine
    );
    screen.say(Line::new().styled(STRONG, "1 · Encrypt: ").plain(what));
    screen.say(
        Line::new()
            .styled(QUIET, format!("    {} there already.", count(update.unchanged, "file is", "files are"))),
    );
    if !plan.taken_over.is_empty() {
        let files = count(plan.taken_over.len(), "file", "files");
        let what =
            format!("    {files} of them by this program itself, as the names are too long for rclone:");
        screen.say(Line::new().styled(QUIET, what));
        for path in &plan.taken_over {
            screen.say(Line::new().styled(QUIET, format!("      {}", shown(path))));
        }
    }
    if !update.stale.is_empty() {
        let stale = count(update.stale.len(), "file of the catalogue has", "files of the catalogue have");
        let then = if job.delete { "deleted" } else { "kept, since the job does not say `delete`" };
        screen.say(Line::new().styled(CHANGED, format!("    {stale} no source any more: {then}.")));
    }
    let carried = match &job.to {
        None => "nowhere: the job names no destination".to_owned(),
        Some(to @ Destination::Ssh(_)) => {
            format!("to {to}, by rsync over ssh, which knows the server by the job's host key")
        }
        Some(to @ Destination::Folder(_)) => format!("to {to}, by rsync"),
    };
    let limit = job.limit().map(|limit| format!(", at {limit} at most")).unwrap_or_default();
    screen.say(Line::new().styled(STRONG, "2 · Carry: ").plain(carried + &limit));
    screen.say(Line::new().styled(QUIET, match escrow {
        None => "The pair is yours to keep: without it nobody opens the copy. Name an organisation to have it in the vault.".to_owned(),
        Some(state) if state.missing.is_empty() => "The vault holds the pair.".to_owned(),
        Some(_) => "The vault does not hold the pair yet: a run writes it there first.".to_owned(),
    }));
}

fn document(opened: &Opened, plan: &CopyPlan, escrow: Option<&EscrowState>) -> Planned {
    let (job, update) = (&opened.job, &plan.update);
    let failed = update
        .failed
        .iter()
        .map(|failed| UnreadPath { path: exact(&failed.plain), reason: reason(&failed.error) });
    Planned {
        job: job.name.to_string(),
        engine: job.engine,
        source: exact(&job.source),
        catalogue: exact(&job.catalogue),
        to: job.to.as_ref().map(ToString::to_string),
        bytes_per_second: job.limit().map(dtc_provision::bandwidth::BytesPerSecond::get),
        changed: listed(&update.changed),
        bytes: update.bytes,
        taken_over: listed(&plan.taken_over),
        unchanged: update.unchanged,
        stale: listed(&update.stale),
        delete: job.delete,
        failed: failed.collect(),
        skipped: skipped(&update.skipped),
        foreign: listed(&update.foreign),
        tried: plan.tried,
        escrow: escrow.map(|state| EscrowShown {
            records: state.records.iter().map(|record| record.url.clone()).collect(),
            missing: state.missing.iter().map(|slot| slot.name()).collect(),
        }),
    }
}
