//! The real program, killed by SIGKILL: run again with no file of the first run's, it finishes the job (X3).

use std::fs::File;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use dtc_provision::proofs::consent::{ComplianceLock, ConsentKind as _, Question};
use dtc_tests::{TestBed, is_deep};
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;
use tokio::process::Command;
use tokio::runtime::{Builder, Runtime};

use crate::crash_points::{Asked, Point, Trials, landed};
use crate::end_state::{at_any_instant, at_the_end, written};
use crate::killed_anywhere::third;
use crate::process::{plan_anew, world};

/// One point in so many is tried on the real program, which waits for the appliance as long as on a real one.
const EVERY: u64 = 29;
/// The same, when the tests go deep.
const EVERY_DEEP: u64 = 10;
/// Programs that run side by side; most of their time they wait.
const SIDE_BY_SIDE: usize = 6;
/// No program takes longer.
const LIMIT: Duration = Duration::from_mins(3);

/// What the operator consents to, for the whole day: compliance retention.
fn consent(bed: &TestBed) -> String {
    let plan = plan_anew(bed).expect("a plan");
    let is_lock = |question: &Question| question.act().kind == ComplianceLock::NAME;
    let question = plan.questions().into_iter().find(is_lock).expect("a new bucket is to be locked");
    let subject = question.subject().to_owned();
    let tomorrow = Timestamp::now() + SignedDuration::from_hours(24);
    let consent = question.answer(&subject, tomorrow).expect("the subject answers the question");
    serde_json::to_string(&[consent]).expect("a consent is JSON")
}

/// An operator's desk: the program, the site and the consent, and nothing that a run leaves behind.
struct Desk<'a> {
    program: &'a Path,
    bed: &'a TestBed,
    site: String,
    consent: String,
}

impl Desk<'_> {
    /// A fresh folder with the operator's two files.
    fn folder(&self) -> TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("site.toml"), &self.site).expect("a site file");
        std::fs::write(folder.path().join("consent.json"), &self.consent).expect("a consent file");
        folder
    }

    fn apply(&self, folder: &Path) -> Command {
        let at = self.bed.sim.addresses();
        let mut command = Command::new(self.program);
        command
            .args(["apply", "--consent", "consent.json", "--journal", "journal.jsonl", "--wait", "30s"])
            .current_dir(folder)
            .env("TEST_B2", &at.b2.application_key)
            .env("TEST_BOX", &at.truenas.api_key)
            .env("TEST_NINJA", &at.ninja.client_secret)
            .env("TEST_VAULT", &at.itglue.api_key)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(folder.join("stderr.txt")).expect("a file"))
            .kill_on_drop(true);
        command
    }

    /// Runs it until it ends or the crash point comes; `None` when it was killed.
    async fn run(&self, folder: &Path) -> Result<Option<ExitStatus>, String> {
        let mut child = self.apply(folder).spawn().map_err(|error| error.to_string())?;
        let ended = tokio::select! {
            biased;
            () = self.bed.sim.faults().crashed() => None,
            ended = tokio::time::timeout(LIMIT, child.wait()) => {
                Some(ended.map_err(|_| "it hangs")?.map_err(|error| error.to_string())?)
            }
        };
        if ended.is_none() {
            child.kill().await.map_err(|error| error.to_string())?;
        }
        Ok(ended)
    }

    /// Runs it, and expects it to end well.
    async fn succeed(&self) -> Result<(), String> {
        let folder = self.folder();
        match self.run(folder.path()).await? {
            Some(ended) if ended.success() => Ok(()),
            other => {
                let said = std::fs::read_to_string(folder.path().join("stderr.txt")).unwrap_or_default();
                Err(format!("{other:?}: {said}"))
            }
        }
    }
}

fn try_point(runtime: &Runtime, program: &Path, point: &Point) -> Result<Option<Asked>, String> {
    let bed = runtime.block_on(world());
    let desk = Desk { program, bed: &bed, site: bed.site_file(), consent: consent(&bed) };
    let faults = bed.sim.faults();
    faults.clear();
    point.crash(faults);
    let folder = desk.folder();
    let ended = runtime.block_on(desk.run(folder.path()))?;
    let Some(asked) = point.reached(faults) else {
        let ended = ended.map(|ended| ended.success());
        return if ended == Some(true) { Ok(None) } else { Err(format!("{point}: {ended:?}")) };
    };
    let point = point.describe(&asked);
    landed(faults);
    at_any_instant(&bed).into_result().map_err(|fault| format!("{point}: as it was killed: {fault}"))?;
    let before = written(&bed);
    // Journal and all: whatever the first program left goes with its folder.
    drop(folder);
    faults.clear();
    runtime.block_on(desk.succeed()).map_err(|error| format!("{point}: the second program: {error}"))?;
    let mut wrong = at_the_end(&bed, &before);
    wrong.extend(third(&bed, 1));
    wrong.into_result().map_err(|fault| format!("{point}: at the end: {fault}"))?;
    Ok(Some(asked))
}

#[test]
fn x3_killed_by_the_system_the_program_run_again_finishes() {
    let program = dtc_tests::program();
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let try_point = |point: &Point| try_point(&runtime, &program, point);
    let trials = Trials { how: "sigkill", threads: SIDE_BY_SIDE, try_point: &try_point };
    trials.every(if is_deep() { EVERY_DEEP } else { EVERY });
}
