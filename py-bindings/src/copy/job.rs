//! A job, and its calls.
#![expect(clippy::needless_pass_by_value, reason = "PyO3 hands arguments over")]

use std::path::{Path, PathBuf};

use dtc_adapters::copy::{CopyRunner, JobFile as File, RunLog};
use dtc_adapters::{Error as AdapterError, ErrorKind, connect_copy_vault, connect_copy_vault_view};
use dtc_provision::copy::{
    self, Checked, CopyJob, CopyPlan, Kept, KeptBy, RunMode, Runner as _, Scratch, StepFailure,
};
use dtc_provision::secret::EncryptionSecrets;
use dtc_provision::{Outcome, Refusal};
use pyo3::IntoPyObjectExt as _;
use pyo3::prelude::*;

use super::found::{Check, Foreseen, Plan, Restore, Run};
use crate::crypt::{Callback, RestoreTestReport, WriteReport, not_pickled, with_progress};
use crate::errors;
use crate::provision::failure::Failure;
use crate::rt::{self, Access, Limits, Timeout};

/// An encrypted copy: what is encrypted, where that is carried, and where its secrets are; what a job file says. It shows no secret.
///
/// Every call reads the secrets from where the file says, takes ``timeout=`` in seconds where it waits for programs, and ends at Ctrl-C.
#[pyclass(frozen, module = "dtc.copy")]
pub(crate) struct JobFile(File);

/// A job with its pair.
type Opened = (CopyJob, EncryptionSecrets);

#[pymethods]
impl JobFile {
    /// Reads a job file. Relative paths in it are taken from its folder.
    #[staticmethod]
    fn read(path: PathBuf) -> PyResult<Self> {
        Ok(Self(File::read(&path).map_err(Failure::from)?))
    }

    /// Takes the text of a job file; ``path`` names it in errors, and its folder is where relative paths are taken from.
    #[staticmethod]
    #[pyo3(signature = (text, path = PathBuf::from("job.toml")))]
    fn parse(text: &str, path: PathBuf) -> PyResult<Self> {
        Ok(Self(File::parse(text, &path).map_err(Failure::from)?))
    }

    /// Where a run's log is appended.
    #[getter]
    fn log(&self) -> PathBuf {
        self.0.log.clone()
    }

    /// Says what a run would do, and writes nothing; the destination is not asked. Raises ``Refused`` or ``DataAtRisk`` where no run can
    /// begin, such as for a pair that opens nothing of the catalogue.
    #[pyo3(signature = (*, timeout = None))]
    fn plan(&self, py: Python<'_>, timeout: Option<Timeout>) -> PyResult<Plan> {
        rt::block(py, &limits("plan", Access::Read, timeout), async {
            let ((job, secrets), plan) = self.planned().await?;
            let escrow = self.escrowed(&job, &secrets).await?;
            Ok::<_, Failure>(Plan::of(&job, plan, escrow))
        })
    }

    /// Encrypts what is new or has changed, then carries the catalogue to its destination. rsync begins only if everything was encrypted.
    ///
    /// What did not end as it should raises ``Incomplete`` or ``Refused``, with the :class:`Run` as the exception's ``report``: what was
    /// written is valid, and the same call goes on. A ``dry_run`` has both programs say what they would do.
    #[pyo3(signature = (*, dry_run = false, timeout = None))]
    fn run(&self, py: Python<'_>, dry_run: bool, timeout: Option<Timeout>) -> PyResult<Run> {
        let access = if dry_run { Access::Read } else { Access::Write };
        let report = rt::block(py, &limits("run", access, timeout), async {
            let ((job, secrets), plan) = self.planned().await?;
            if dry_run { self.foreseen(&job, &secrets, &plan).await } else { self.done(&job, secrets).await }
        })?;
        ended(py, report)
    }

    /// Decrypts the catalogue into a ``scratch`` folder, compares every byte with the source, and removes the folder; then compares the
    /// destination with the catalogue, by length and time, unless ``local``. ``progress`` is called after each file.
    #[pyo3(signature = (*, scratch = None, local = false, progress = None, timeout = None))]
    fn check(
        &self,
        py: Python<'_>,
        scratch: Option<PathBuf>,
        local: bool,
        progress: Option<Callback>,
        timeout: Option<Timeout>,
    ) -> PyResult<Check> {
        let limits = limits("check", Access::Read, timeout);
        let (job, secrets) = rt::block(py, &limits, self.opened())?;
        job.has_catalogue().map_err(Failure::from)?;
        let keys = copy::keys(&secrets).map_err(Failure::from)?;
        let names = job.names_under(&keys);
        let scratch = Scratch::new(scratch.unwrap_or_else(|| Scratch::beside(&job.catalogue)));
        let scratch = scratch.map_err(Failure::from)?;
        let test = with_progress(py, progress, |report| scratch.test(&job, (&keys, &names), report));
        py.detach(|| drop(scratch));
        let test = test?;
        let destination = if local || job.to.is_none() {
            None
        } else {
            let runner = self.runner(&job, None);
            Some(rt::block(py, &limits, async { Ok::<_, Failure>(runner.compare().await) })?)
        };
        let checked = Checked { test, destination };
        Ok(Check {
            outcome: crate::provision::report::name_of(&checked.outcome()),
            test: Py::new(py, RestoreTestReport::from(checked.test))?,
            destination: checked.destination.map(Into::into),
        })
    }

    /// Decrypts the catalogue into a folder, in which nothing is replaced; where the catalogue is gone, it is fetched from the destination
    /// first. Run again, it goes on. ``progress`` is called after each file.
    ///
    /// Afterwards ``DataAtRisk`` is raised if something is damaged or does not open, else ``Incomplete`` if something is missing, with what
    /// was restored as the exception's ``report``.
    #[pyo3(signature = (to, *, progress = None, timeout = None))]
    fn restore(
        &self,
        py: Python<'_>,
        to: PathBuf,
        progress: Option<Callback>,
        timeout: Option<Timeout>,
    ) -> PyResult<Restore> {
        let limits = limits("restore", Access::Write, timeout);
        let ((job, secrets), fetched) = rt::block(py, &limits, self.fetched(RunMode::Real))?;
        let keys = copy::keys(&secrets).map_err(Failure::from)?;
        let names = job.names_under(&keys);
        let report =
            with_progress(py, progress, |report| job.catalogue_under(&keys, &names).restore_to(&to, report))?;
        let restored = Py::new(py, WriteReport::of(py, report)?)?;
        Ok(Restore { fetched: fetched.map(Into::into), restored })
    }

    /// Says what a restore would do, and writes nothing.
    #[pyo3(signature = (*, timeout = None))]
    fn foresee_restore(&self, py: Python<'_>, timeout: Option<Timeout>) -> PyResult<Foreseen> {
        rt::block(py, &limits("restore", Access::Read, timeout), async {
            let ((job, secrets), fetched) = self.fetched(RunMode::Dry).await?;
            if let Some(fetched) = fetched {
                return Ok(Foreseen { fetched: Some(fetched.into()), files: None, plain_bytes: None });
            }
            let keys = copy::keys(&secrets)?;
            let listing = job.catalogue_under(&keys, &job.names_under(&keys)).listing();
            let entries = listing.map_err(|error| unreadable(&error))?.entries;
            let plain_bytes = entries.iter().map(|entry| entry.plain_len).fold(0, u64::saturating_add);
            Ok::<_, Failure>(Foreseen {
                fetched: None,
                files: Some(entries.len()),
                plain_bytes: Some(plain_bytes),
            })
        })
    }

    fn __repr__(&self) -> String {
        format!("<JobFile with the log {:?}>", errors::shown(&self.0.log.display()))
    }

    #[expect(
        clippy::unused_self,
        reason = "Python calls it on what may hold secrets, which it does not give away"
    )]
    fn __reduce__(&self) -> PyResult<(&'static str,)> {
        Err(not_pickled())
    }
}

impl JobFile {
    fn runner<'a>(&'a self, job: &'a CopyJob, log: Option<&'a RunLog>) -> CopyRunner<'a> {
        CopyRunner::new(job, &self.0.programs, log, |_| ())
    }

    async fn opened(&self) -> Result<Opened, Failure> {
        Ok(self.0.open().await?)
    }

    async fn planned(&self) -> Result<(Opened, CopyPlan), Failure> {
        let (job, secrets) = self.opened().await?;
        let plan = copy::plan(&job, &secrets)?;
        self.runner(&job, None).check_programs(true).await.map_err(|failure| refused(&failure))?;
        Ok(((job, secrets), plan))
    }

    async fn escrowed(
        &self,
        job: &CopyJob,
        secrets: &EncryptionSecrets,
    ) -> Result<Option<copy::EscrowState>, Failure> {
        let Some(vault) = &self.0.vault else { return Ok(None) };
        let vault = connect_copy_vault_view(vault, |_| ()).await?;
        Ok(Some(copy::escrowed(job, secrets, vault.as_ref()).await?))
    }

    async fn foreseen(
        &self,
        job: &CopyJob,
        secrets: &EncryptionSecrets,
        plan: &CopyPlan,
    ) -> Result<Run, Failure> {
        self.escrowed(job, secrets).await?;
        let report = copy::dry_run(job, plan, secrets, &self.runner(job, None)).await;
        Ok(Run::of(report, Vec::new(), None))
    }

    async fn done(&self, job: &CopyJob, secrets: EncryptionSecrets) -> Result<Run, Failure> {
        let log = RunLog::open(&self.0.log);
        let log = log.map_err(|error| AdapterError::from(ErrorKind::FileRefused(error)))?;
        let kept = match &self.0.vault {
            None => Kept::by_operator(job, secrets)?,
            Some(vault) => {
                let vault = connect_copy_vault(vault, |_| ()).await?;
                copy::escrow(job, secrets, vault.as_ref()).await?
            }
        };
        let report = copy::run(job, &kept, &self.runner(job, Some(&log))).await;
        let records = match kept.by() {
            KeptBy::Vault(records) => records.iter().map(|record| record.url.clone()).collect(),
            KeptBy::Operator => Vec::new(),
        };
        Ok(Run::of(report, records, Some(Path::to_owned(log.path()))))
    }

    async fn fetched(&self, mode: RunMode) -> Result<(Opened, Option<copy::Transfer>), Failure> {
        let (job, secrets) = self.opened().await?;
        let fetched = copy::catalogue_of(&job, &self.runner(&job, None), mode).await?.fetched;
        if let Some(failure) = fetched.as_ref().and_then(|fetched| fetched.failure.as_ref()) {
            return Err(refused(failure));
        }
        Ok(((job, secrets), fetched))
    }
}

fn limits(operation: &'static str, access: Access, timeout: Option<Timeout>) -> Limits {
    Limits { operation, access, timeout }
}

/// A step that did not end as it should, with what to do.
fn refused(failure: &StepFailure) -> Failure {
    match failure.kind.outcome() {
        Outcome::Blocked => {
            dtc_provision::Error::from(Refusal::blocked("Y2", &failure.reason, &failure.remedy)).into()
        }
        Outcome::Precondition => {
            dtc_provision::Error::from(Refusal::precondition("Y2", &failure.reason, &failure.remedy)).into()
        }
        _ => Failure::Python(errors::incomplete(
            &format!("{}: {}", failure.reason, failure.remedy),
            "not_fetched",
        )),
    }
}

fn unreadable(error: &rclone_crypt::Error) -> Failure {
    let remedy = "Put that right, then restore";
    dtc_provision::Error::from(Refusal::precondition("Y2", errors::chain(error), remedy)).into()
}

/// A run that did all; another is an exception's report.
fn ended(py: Python<'_>, run: Run) -> PyResult<Run> {
    if run.outcome == "as_it_should_be" {
        return Ok(run);
    }
    let failures =
        [run.encryption.failure.as_ref(), run.transfer.as_ref().and_then(|step| step.failure.as_ref())];
    let failure = failures.into_iter().flatten().next();
    let problem = if let Some(failure) = failure {
        format!("{}: {}", failure.reason, failure.remedy)
    } else {
        let paths: Vec<&str> = run.encryption.failed.iter().map(|(path, _)| path.as_str()).collect();
        format!("these files could not be encrypted: {}", errors::shown(&paths.join(", ")))
    };
    let kind = failure.map_or_else(|| "partial".to_owned(), |failure| failure.kind.clone());
    let raised = match run.outcome.as_str() {
        "precondition" | "blocked" => errors::python::Refused::new_err((problem, kind)),
        _ => errors::python::Incomplete::new_err((problem, kind)),
    };
    raised.value(py).setattr("report", run.into_py_any(py)?)?;
    Err(raised)
}
