//! A folder of encrypted files beside its plain source.
#![expect(clippy::needless_pass_by_value, reason = "PyO3 hands arguments over")]

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

use pyo3::Borrowed;
use pyo3::prelude::*;
use rclone_crypt::{Filter, Listing, Progress};

#[cfg(feature = "stubs")]
use pyo3::{PyTypeInfo, inspect::PyStaticExpr, type_hint_identifier, type_hint_subscript};

use super::failure::Failure;
use super::keys::Keys;
use super::names::Names;
use super::proof::Proof;
use super::streams::Signals;
use crate::errors;

/// A folder of encrypted files, which rclone reads as a ``crypt`` remote: made, brought up to date, listed, compared with
/// its source, and restored.
///
/// >>> import pathlib, tempfile
/// >>> scratch = pathlib.Path(tempfile.mkdtemp())
/// >>> (scratch / "documents").mkdir()
/// >>> _ = (scratch / "documents" / "letter.txt").write_text("dear client")
/// >>> keys = Keys.derive(password=Secret("correct horse"), salt=Secret("battery staple"))
/// >>> catalogue = Catalogue(keys, Names(), scratch / "catalogue")
/// >>> catalogue.update(scratch / "documents").written
/// 1
/// >>> catalogue.mapping()
/// [Entry('letter.txt', 'letter.txt.bin', 11)]
/// >>> catalogue.restore_test(scratch / "documents", scratch / "restored").passed
/// True
#[pyclass(frozen, module = "dtc.crypt")]
pub(crate) struct Catalogue {
    keys: Arc<rclone_crypt::Keys>,
    names: Arc<rclone_crypt::Names>,
    folder: PathBuf,
}

#[pymethods]
impl Catalogue {
    #[new]
    fn new(keys: &Keys, names: &Names, folder: PathBuf) -> Self {
        Self { keys: keys.share(), names: names.share(), folder }
    }

    /// The catalogue's folder.
    #[getter]
    fn folder(&self) -> PathBuf {
        self.folder.clone()
    }

    /// Which stored path stands for which plain one, as ``rclone ls --crypt-show-mapping`` shows it.
    fn mapping(&self, py: Python<'_>) -> PyResult<Vec<Entry>> {
        let listing = py.detach(|| Listing::of(&self.names, &self.folder)).map_err(Failure::from)?;
        Ok(listing.entries.into_iter().map(Entry).collect())
    }

    /// The files in the folder that are none of this remote's, by their names or their lengths.
    fn foreign(&self, py: Python<'_>) -> PyResult<Vec<PathBuf>> {
        let listing = py.detach(|| Listing::of(&self.names, &self.folder)).map_err(Failure::from)?;
        Ok(listing.foreign)
    }

    /// Where the file with this plain path lies, relative to the folder.
    fn stored_path(&self, plain: PathBuf) -> PyResult<PathBuf> {
        Ok(self.inner().stored_path(&plain).map_err(Failure::from)?)
    }

    /// Encrypts what is new or changed in ``source``, by length and modification time. Nothing is ever deleted.
    ///
    /// ``progress`` is called after each file; what it raises stops the work, and so does Ctrl-C. A file that cannot be
    /// encrypted does not hold up the others: afterwards ``Incomplete`` is raised, with the result as its ``report``.
    #[pyo3(signature = (source, *, progress = None))]
    fn update(&self, py: Python<'_>, source: PathBuf, progress: Option<Callback>) -> PyResult<WriteReport> {
        WriteReport::of(py, with_progress(py, progress, |report| self.inner().update_from(&source, report))?)
    }

    /// Decrypts everything into ``target``. Nothing there is replaced, and no link there is followed; run again, it goes on.
    ///
    /// A file that cannot be restored does not hold up the others. Afterwards ``DataAtRisk`` is raised if something is damaged or
    /// does not open, else ``Incomplete``, with the result as the exception's ``report``.
    #[pyo3(signature = (target, *, progress = None))]
    fn restore(&self, py: Python<'_>, target: PathBuf, progress: Option<Callback>) -> PyResult<WriteReport> {
        WriteReport::of(py, with_progress(py, progress, |report| self.inner().restore_to(&target, report))?)
    }

    /// Decrypts everything and compares it with ``source``; writes nothing.
    #[pyo3(signature = (source, *, progress = None))]
    fn check(&self, py: Python<'_>, source: PathBuf, progress: Option<Callback>) -> PyResult<CheckReport> {
        with_progress(py, progress, |report| self.inner().check(&source, &Filter::default(), report))
            .map(CheckReport)
    }

    /// Restores everything into a ``scratch`` folder and compares what came back with ``source``. What cannot be restored or
    /// compared is in the result, in ``failed`` of ``restored``.
    #[pyo3(signature = (source, scratch, *, progress = None))]
    fn restore_test(
        &self,
        py: Python<'_>,
        source: PathBuf,
        scratch: PathBuf,
        progress: Option<Callback>,
    ) -> PyResult<RestoreTestReport> {
        with_progress(py, progress, |report| self.inner().restore_test(&source, &scratch, report))
            .map(RestoreTestReport::from)
    }

    /// Compares one stored file, by its path in the folder, with its source.
    fn prove(&self, py: Python<'_>, stored: PathBuf, source: PathBuf) -> PyResult<Proof> {
        let proven = py.detach(|| self.inner().prove(&stored, &source)).map_err(Failure::from)?;
        Ok(proven.into())
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let folder = self.folder.as_os_str().into_pyobject(py)?.repr()?;
        Ok(format!("Catalogue(Keys('***'), ..., {folder})"))
    }
}

impl Catalogue {
    fn inner(&self) -> rclone_crypt::Catalogue<'_> {
        rclone_crypt::Catalogue::new(&self.keys, &self.names, &self.folder)
    }
}

/// What is to be called after each file.
pub(crate) struct Callback(Py<PyAny>);

impl FromPyObject<'_, '_> for Callback {
    type Error = PyErr;

    #[cfg(feature = "stubs")]
    const INPUT_TYPE: PyStaticExpr = type_hint_subscript!(
        type_hint_identifier!("collections.abc", "Callable"),
        PyStaticExpr::List { elts: &[Entry::TYPE_HINT] },
        type_hint_identifier!("builtins", "object")
    );

    fn extract(object: Borrowed<'_, '_, PyAny>) -> PyResult<Self> {
        Ok(Self(object.to_owned().unbind()))
    }
}

pub(crate) type Report<'a> = &'a mut dyn FnMut(Progress<'_>) -> ControlFlow<()>;

/// Works with the interpreter released; what Python raises meanwhile stops the work and is raised.
pub(crate) fn with_progress<T: Send>(
    py: Python<'_>,
    callback: Option<Callback>,
    work: impl FnOnce(Report<'_>) -> Result<T, rclone_crypt::Error> + Send,
) -> PyResult<T> {
    let mut raised = None;
    let done = py.detach(|| {
        let mut signals = Signals::new();
        work(&mut |progress| {
            let reported = match (progress, &callback) {
                (Progress::File(entry), Some(Callback(callback))) => {
                    Python::attach(|py| callback.call1(py, (Entry(entry.clone()),)).map(drop))
                }
                _ => Ok(()),
            };
            match reported.and_then(|()| signals.check()) {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    raised = Some(error);
                    ControlFlow::Break(())
                }
            }
        })
    });
    match raised {
        Some(error) => Err(error),
        None => Ok(done.map_err(Failure::from)?),
    }
}

/// A file's two paths, relative to the source and to the catalogue.
#[pyclass(frozen, eq, ord, hash, module = "dtc.crypt")]
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Entry(rclone_crypt::Entry);

#[pymethods]
impl Entry {
    /// The plain path; bytes that are no UTF-8 are shown as U+FFFD.
    #[getter]
    fn plain(&self) -> &str {
        &self.0.plain
    }

    /// The stored path.
    #[getter]
    fn stored(&self) -> &str {
        &self.0.stored
    }

    /// The plain length in bytes.
    #[getter]
    fn plain_len(&self) -> u64 {
        self.0.plain_len
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let shown = |text: &str| text.into_pyobject(py)?.repr();
        Ok(format!("Entry({}, {}, {})", shown(self.plain())?, shown(self.stored())?, self.plain_len()))
    }
}

/// The result of ``Catalogue.update`` and ``Catalogue.restore``.
#[pyclass(frozen, module = "dtc.crypt")]
#[derive(Clone)]
pub(crate) struct WriteReport(Arc<rclone_crypt::WriteReport>);

impl WriteReport {
    /// The result, or the exception that carries it if something failed.
    pub(crate) fn of(py: Python<'_>, report: rclone_crypt::WriteReport) -> PyResult<Self> {
        let report = Self(Arc::new(report));
        if report.0.failed.is_empty() {
            return Ok(report);
        }
        let problem = report.problem();
        let error = if report.0.data_at_risk() {
            errors::data_at_risk(&problem, "not_restored")
        } else {
            errors::incomplete(&problem, "not_written")
        };
        error.value(py).setattr("report", report)?;
        Err(error)
    }

    /// Every failure by its path.
    fn problem(&self) -> String {
        let failed = self.0.failed.iter().map(|failed| {
            let (plain, stored) = (failed.plain.display(), failed.stored.display());
            format!("{plain} (stored as {stored}): {}", reason(&failed.error))
        });
        let failed: Vec<String> = failed.collect();
        format!("{} of the files failed: {}", failed.len(), failed.join("; "))
    }
}

/// An error, and what is beneath it.
fn reason(error: &rclone_crypt::Error) -> String {
    let beneath = std::iter::successors(std::error::Error::source(error), |&cause| cause.source());
    beneath.fold(error.to_string(), |reason, cause| format!("{reason}: {cause}"))
}

fn left_out(skipped: &[rclone_crypt::Skipped]) -> Vec<(PathBuf, &'static str)> {
    skipped.iter().map(|skipped| (skipped.path.clone(), skipped.what)).collect()
}

#[pymethods]
impl WriteReport {
    /// Whether everything was processed: nothing failed, and nothing was left out.
    #[getter]
    fn complete(&self) -> bool {
        self.0.is_complete()
    }

    /// How many files were written.
    #[getter]
    fn written(&self) -> usize {
        self.0.written
    }

    /// How many files were left as they were.
    #[getter]
    fn unchanged(&self) -> usize {
        self.0.unchanged
    }

    /// The plain bytes of the written files.
    #[getter]
    fn plain_bytes(&self) -> u64 {
        self.0.bytes
    }

    /// Files and folders that could not be processed, with why.
    #[getter]
    fn failed(&self) -> Vec<Failed> {
        let failed = |failed: &rclone_crypt::Failed| Failed {
            plain: failed.plain.clone(),
            stored: failed.stored.clone(),
            reason: reason(&failed.error),
            data_at_risk: failed.error.is_content_error(),
        };
        self.0.failed.iter().map(failed).collect()
    }

    /// Links, pipes, sockets and devices, which are left out, with what they are.
    #[getter]
    fn skipped(&self) -> Vec<(PathBuf, &'static str)> {
        left_out(&self.0.skipped)
    }

    /// Restored files whose plain paths this system cannot hold, with the paths that were used instead.
    #[getter]
    fn renamed(&self) -> Vec<(PathBuf, PathBuf)> {
        self.0.renamed.iter().map(|renamed| (renamed.plain.clone(), renamed.written.clone())).collect()
    }

    /// Files in the catalogue that are none of this remote's, left alone.
    #[getter]
    fn foreign(&self) -> Vec<PathBuf> {
        self.0.foreign.clone()
    }

    /// Files in the catalogue without a source any more, left alone.
    #[getter]
    fn stale(&self) -> Vec<PathBuf> {
        self.0.stale.clone()
    }

    fn __repr__(&self) -> String {
        let Self(update) = self;
        format!(
            "WriteReport(written={}, unchanged={}, plain_bytes={})",
            update.written, update.unchanged, update.bytes
        )
    }
}

/// A file that could not be processed.
#[pyclass(frozen, module = "dtc.crypt")]
pub(crate) struct Failed {
    plain: PathBuf,
    stored: PathBuf,
    reason: String,
    data_at_risk: bool,
}

#[pymethods]
impl Failed {
    /// The plain path.
    #[getter]
    fn plain(&self) -> PathBuf {
        self.plain.clone()
    }

    /// The path in the catalogue.
    #[getter]
    fn stored(&self) -> PathBuf {
        self.stored.clone()
    }

    /// Why.
    #[getter]
    fn reason(&self) -> &str {
        &self.reason
    }

    /// Whether the file is damaged or does not open, rather than in the way of something or unreadable.
    #[getter]
    fn data_at_risk(&self) -> bool {
        self.data_at_risk
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let shown = |path: &PathBuf| path.as_os_str().into_pyobject(py)?.repr();
        let reason = self.reason().into_pyobject(py)?.repr()?;
        Ok(format!("Failed({}, {}, {reason})", shown(&self.plain)?, shown(&self.stored)?))
    }
}

/// What comparing a catalogue with its source found.
#[pyclass(frozen, module = "dtc.crypt")]
pub(crate) struct CheckReport(rclone_crypt::CheckReport);

#[pymethods]
impl CheckReport {
    /// Whether the catalogue holds the source, all of it and nothing else.
    #[getter]
    fn passed(&self) -> bool {
        self.0.passed()
    }

    /// How many files are the source's, byte for byte.
    #[getter]
    fn same(&self) -> usize {
        self.0.same
    }

    /// How many files are empty, of which nothing can be proven.
    #[getter]
    fn empty(&self) -> usize {
        self.0.empty
    }

    /// The plain bytes of the files that are the same.
    #[getter]
    fn plain_bytes(&self) -> u64 {
        self.0.bytes
    }

    /// Files that do not open or are not their source, with why.
    #[getter]
    fn failed(&self) -> Vec<(PathBuf, String)> {
        self.0.failed.iter().map(|(path, error)| (path.clone(), reason(error))).collect()
    }

    /// Links, pipes, sockets and devices of the source, which no backup has, with what they are.
    #[getter]
    fn skipped(&self) -> Vec<(PathBuf, &'static str)> {
        left_out(&self.0.skipped)
    }

    /// Files of the source that the catalogue does not hold.
    #[getter]
    fn missing(&self) -> Vec<PathBuf> {
        self.0.missing.clone()
    }

    /// Files of the catalogue that the source does not hold.
    #[getter]
    fn extra(&self) -> Vec<PathBuf> {
        self.0.extra.clone()
    }

    /// Files in the catalogue that are none of this remote's.
    #[getter]
    fn foreign(&self) -> Vec<PathBuf> {
        self.0.foreign.clone()
    }

    fn __repr__(&self) -> String {
        let passed = if self.passed() { "True" } else { "False" };
        format!("CheckReport(passed={passed}, same={}, plain_bytes={})", self.0.same, self.0.bytes)
    }
}

/// What a restore test found.
#[pyclass(frozen, module = "dtc.crypt")]
pub(crate) struct RestoreTestReport {
    passed: bool,
    test: rclone_crypt::RestoreTestReport,
    restored: WriteReport,
}

impl From<rclone_crypt::RestoreTestReport> for RestoreTestReport {
    fn from(mut test: rclone_crypt::RestoreTestReport) -> Self {
        let passed = test.passed();
        let restored = WriteReport(Arc::new(std::mem::take(&mut test.restored)));
        Self { passed, test, restored }
    }
}

#[pymethods]
impl RestoreTestReport {
    /// Whether the catalogue gives back the source, all of it and nothing else.
    #[getter]
    fn passed(&self) -> bool {
        self.passed
    }

    /// What was restored, and what could not be restored or compared.
    #[getter]
    fn restored(&self) -> WriteReport {
        self.restored.clone()
    }

    /// Links, pipes, sockets and devices of the source, which no backup has, with what they are.
    #[getter]
    fn skipped(&self) -> Vec<(PathBuf, &'static str)> {
        left_out(&self.test.skipped)
    }

    /// How many files came back byte for byte.
    #[getter]
    fn same(&self) -> usize {
        self.test.same
    }

    /// Files that came back with another content.
    #[getter]
    fn different(&self) -> Vec<PathBuf> {
        self.test.different.clone()
    }

    /// Files of the source that the catalogue does not hold.
    #[getter]
    fn missing(&self) -> Vec<PathBuf> {
        self.test.missing.clone()
    }

    /// Files of the catalogue that the source does not hold.
    #[getter]
    fn extra(&self) -> Vec<PathBuf> {
        self.test.extra.clone()
    }

    fn __repr__(&self) -> String {
        let passed = if self.passed() { "True" } else { "False" };
        format!("RestoreTestReport(passed={passed}, same={})", self.test.same)
    }
}
