//! `dtc demo --copy`: a folder, encrypted and carried to a second folder by the real rsync, checked, lost, and fetched again.

use std::fs;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use dtc_adapters::copy::{JobFile, RunLog};
use dtc_adapters::files::write_new;
use dtc_provision::copy::{self, CopyJob, Encryption, Kept, KeptBy, RunMode, Runner as _, Scratch, Transfer};
use rclone_crypt::{Keys, Names};
use simulator::{DEFAULT_ID, Simulator, itglue};

use super::simulated_site::ORGANIZATION;
use crate::commands::copy::endings::{show_encryption, show_transfer, step};
use crate::commands::copy::opened::{Opened, runner};
use crate::commands::copy::{plan, run as copy_run};
use crate::commands::crypt::ls::mapping;
use crate::commands::crypt::restore::{show, show_compared};
use crate::commands::simulator::Simulation;
use crate::document::document;
use crate::events::Phase;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files::unwritten;
use crate::screen::{Line, QUIET, STRONG, Screen};

/// What the source holds.
const FILES: [(&str, usize); 4] = [
    ("accounts/2026.csv", 4000),
    ("letters/march.txt", 900),
    ("letters/notes.txt", 0),
    ("scan.tif", 200_000),
];
/// The demo's own pair, which opens nothing but the demo's own copy.
const PAIR: [(&str, &str); 2] = [("password", "a demo's password"), ("salt", "a demo's salt")];

document! {
    /// What `dtc demo --copy` prints.
    pub(crate) struct Copied<'a> {
        /// The version of the rclone that encrypted; null where this program did.
        rclone: Option<&'a str>,
        /// The first step.
        encryption: &'a Encryption,
        /// The second step, by rsync.
        transfer: Option<&'a Transfer>,
        /// The addresses of the vault's records that hold the pair.
        records: &'a [String],
        /// How many files came back from the catalogue as they are in the source.
        tested: usize,
        /// How the catalogue was fetched after it was lost.
        fetched: Option<&'a Transfer>,
        /// How many files were restored from it.
        restored: usize,
        /// Whether those are what the source held.
        same: bool,
        /// How long it took.
        seconds: f64,
    }
}

/// A copy's folder, the vault that keeps its pair, and what encrypts.
struct Demo {
    folder: tempfile::TempDir,
    simulator: Simulator,
    /// An rclone, and its version.
    rclone: Option<(std::path::PathBuf, String)>,
}

/// Runs the demo, ends its simulators, and removes its files.
pub(super) async fn run(simulation: &Simulation, screen: &Screen) -> Result<Exit, Failure> {
    let began = Instant::now();
    let demo = Demo::start(simulation).await?;
    let ended = Box::pin(demo.show(began, screen)).await;
    demo.simulator.stop().await;
    ended
}

fn unmade(error: std::io::Error) -> Failure {
    Failure::error("cannot make the demo's files").caused_by(error)
}

/// The bytes of a file of the source.
fn content(len: usize) -> Vec<u8> {
    (0..len).map(|at| b"Harbour Dental Group\n"[at % 21]).collect()
}

impl Demo {
    async fn start(simulation: &Simulation) -> Result<Self, Failure> {
        let rclone = simulation.rclone()?;
        let folder = tempfile::Builder::new().prefix("dtc-demo-").tempdir().map_err(unmade)?;
        let tenant = itglue::Settings::default().organization(ORGANIZATION);
        let simulator = simulation.services(None)?.itglue_tenant(DEFAULT_ID, tenant).start().await?;
        Ok(Self { folder, simulator, rclone })
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    /// Makes the source, the server's folder and the job file.
    fn job(&self) -> Result<JobFile, Failure> {
        for (path, len) in FILES {
            let path = self.path("documents").join(path);
            fs::create_dir_all(path.parent().unwrap_or(&path)).map_err(unmade)?;
            fs::write(&path, content(len)).map_err(unmade)?;
        }
        fs::create_dir(self.path("server")).map_err(unmade)?;
        let at = &self.simulator.addresses().itglue;
        for (name, secret) in PAIR.into_iter().chain([("api_key", at.api_key.as_str())]) {
            write_new(&self.path(name), secret).map_err(dtc_adapters::Error::from)?;
        }
        let engine = match &self.rclone {
            Some((program, _)) => format!("programs.rclone = {:?}\n", program.display().to_string()),
            None => "engine = \"own\"\n".to_owned(),
        };
        let file = |name: &str| format!("file:{}", self.path(name).display());
        let text = format!(
            "name = \"Documents\"\nsource = \"documents\"\ncatalogue = \"catalogue\"\nto = {:?}\n{engine}organization = {ORGANIZATION:?}\n\
             host = \"demo\"\n[crypt]\npassword = {:?}\nsalt = {:?}\n[itglue]\nurl = {:?}\napi_key = {:?}\n",
            self.path("server").display().to_string(),
            file("password"),
            file("salt"),
            at.url,
            file("api_key"),
        );
        Ok(JobFile::parse(&text, &self.path("documents.toml"))?)
    }

    fn introduce(&self, screen: &Screen) {
        let title = "A folder, encrypted and carried to a server, without an appliance";
        screen.say(Line::new().styled(STRONG, title).plain(", against a simulated vault"));
        screen.say("");
        let engine = match &self.rclone {
            Some((program, version)) => format!("rclone {version} ({})", program.display()),
            None => "our own engine; no rclone".to_owned(),
        };
        for (name, what) in [
            ("encrypted by", engine),
            ("carried by", format!("rsync, to {}", self.path("server").display())),
            ("IT Glue", self.simulator.addresses().itglue.url.clone()),
        ] {
            screen.say(Line::from("  ").plain(format!("{name:<15}")).styled(QUIET, what));
        }
    }

    async fn show(&self, began: Instant, screen: &Screen) -> Result<Exit, Failure> {
        let file = self.job()?;
        let (job, secrets) = file.open().await?;
        self.introduce(screen);
        screen.heading("1 · Plan: looks at the folders, the programs and the vault, writes nothing");
        let opened = Opened { file, job, secrets };
        let planned = copy::plan(&opened.job, &opened.secrets)?;
        opened.runner(None, screen).check_programs(true).await.map_err(|failure| step(&failure))?;
        plan::show(screen, &opened, &planned, opened.escrowed(screen).await?.as_ref());
        screen.heading("2 · Run: the pair into the vault, then encryption, then rsync");
        let Opened { file, job, secrets } = opened;
        let log = RunLog::open(&file.log).map_err(|error| unwritten("the log", &error))?;
        let kept = copy_run::kept(&file, &job, secrets, screen).await?;
        let report = copy::run(&job, &kept, &runner(&file, &job, Some(&log), screen)).await;
        show_encryption(screen, &report.encryption, false);
        if let Some(transfer) = &report.transfer {
            show_transfer(screen, transfer, "Carried: ", "not there yet");
        }
        if let Some(failure) = copy_run::failure(&report, false) {
            return Err(failure);
        }
        let keys = copy::keys(kept.secrets())?;
        let copied = At { file: &file, job: &job, names: job.names_under(&keys), keys, screen };
        copied.list()?;
        let (tested, held) = copied.check().await?;
        let (fetched, restored) = copied.lose_and_restore(&self.path("restored")).await?;
        let is_same = |(path, len): (&str, usize)| {
            fs::read(self.path("restored").join(path)).is_ok_and(|back| back == content(len))
        };
        let same = restored == FILES.len() && FILES.into_iter().all(is_same);
        let seconds = began.elapsed().as_secs_f64();
        screen.say("");
        screen.say(Line::new().styled(STRONG, format!("Done in {seconds:.1} s.")));
        let records = records(&kept);
        let document = Copied {
            rclone: self.rclone.as_ref().map(|(_, version)| version.as_str()),
            encryption: &report.encryption,
            transfer: report.transfer.as_ref(),
            records: &records,
            tested,
            fetched: fetched.as_ref(),
            restored,
            same,
            seconds,
        };
        if tested == FILES.len() && held && same {
            return Ok(screen.done(&document));
        }
        let failure = Failure::error("a file did not come back, or the destination lacks one");
        Ok(screen.ended(&failure.remedy("report it, with the output of -v"), &document))
    }
}

fn records(kept: &Kept) -> Vec<String> {
    match kept.by() {
        KeptBy::Vault(records) => records.iter().map(|record| record.url.clone()).collect(),
        KeptBy::Operator => Vec::new(),
    }
}

/// A copy that was made.
struct At<'a> {
    file: &'a JobFile,
    job: &'a CopyJob,
    keys: Arc<Keys>,
    names: Names,
    screen: &'a Screen,
}

impl At<'_> {
    /// Shows what each file is stored as.
    fn list(&self) -> Result<(), Failure> {
        self.screen.heading("3 · What the server sees: no name and no byte that is plain");
        let mut files = self.job.catalogue_under(&self.keys, &self.names).mapping()?;
        files.sort();
        for line in mapping(&files) {
            self.screen.say(format!("  {line}"));
        }
        Ok(())
    }

    /// The restore test. How many files came back, and whether the destination holds them all.
    async fn check(&self) -> Result<(usize, bool), Failure> {
        let screen = self.screen;
        screen.heading("4 · Check: decrypted into a scratch folder and compared, byte for byte (Y3)");
        screen.begins(Phase::Restoring);
        let scratch = Scratch::new(Scratch::beside(&self.job.catalogue))?;
        let goes_on = &mut |_: rclone_crypt::Progress<'_>| ControlFlow::Continue(());
        let test = scratch.test(self.job, (&self.keys, &self.names), goes_on)?;
        drop(scratch);
        show_compared(screen, &test, FILES.iter().map(|(_, len)| *len as u64).sum());
        let lacks = runner(self.file, self.job, None, screen).compare().await;
        let held = lacks.failure.is_none() && lacks.files + lacks.removed == 0;
        if held {
            screen.say("The destination holds what the catalogue holds.");
        } else {
            show_transfer(screen, &lacks, "The destination lacks: ", "not there, or different");
        }
        Ok((test.same, held))
    }

    /// Removes all that is here, and restores it from the server.
    async fn lose_and_restore(&self, to: &Path) -> Result<(Option<Transfer>, usize), Failure> {
        let screen = self.screen;
        screen.heading("5 · Source and catalogue are lost; both come back from the server");
        for folder in [&self.job.source, &self.job.catalogue] {
            fs::remove_dir_all(folder)
                .map_err(|error| Failure::error("cannot remove the demo's files").caused_by(error))?;
        }
        let fetching = runner(self.file, self.job, None, screen);
        let fetched = copy::catalogue_of(self.job, &fetching, RunMode::Real).await?.fetched;
        if let Some(fetched) = &fetched {
            show_transfer(screen, fetched, "Fetched: ", "not fetched yet");
        }
        if let Some(failure) = fetched.as_ref().and_then(|fetched| fetched.failure.as_ref()) {
            return Err(step(failure));
        }
        screen.begins(Phase::Restoring);
        let catalogue = self.job.catalogue_under(&self.keys, &self.names);
        let report = catalogue.restore_to(to, &mut |_| ControlFlow::Continue(()))?;
        show(screen, &report);
        Ok((fetched, report.written))
    }
}
