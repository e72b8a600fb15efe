//! A folder of encrypted files beside its plain source.
#![expect(clippy::needless_pass_by_value, reason = "PyO3 hands arguments over")]

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

use pyo3::Borrowed;
use pyo3::prelude::*;
use rclone_crypt::{Listing, Progress};

#[cfg(feature = "stubs")]
use pyo3::{PyTypeInfo, inspect::PyStaticExpr, type_hint_identifier, type_hint_subscript};

use super::keys::Keys;
use super::names::Names;
use super::proof::Proof;
use super::streams::Signals;
use super::trouble::Trouble;

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
        let listing = py.detach(|| Listing::of(&self.names, &self.folder)).map_err(Trouble::from)?;
        Ok(listing.entries.into_iter().map(Entry).collect())
    }

    /// The files in the folder that are none of this remote's, by their names or their lengths.
    fn foreign(&self, py: Python<'_>) -> PyResult<Vec<PathBuf>> {
        let listing = py.detach(|| Listing::of(&self.names, &self.folder)).map_err(Trouble::from)?;
        Ok(listing.foreign)
    }

    /// Where the file with this plain path lies, relative to the folder.
    fn stored_path(&self, plain: PathBuf) -> PyResult<PathBuf> {
        Ok(self.inner().stored_path(&plain).map_err(Trouble::from)?)
    }

    /// Encrypts what is new or changed in ``source``, by length and modification time. Nothing is ever deleted.
    ///
    /// ``progress`` is called after each file; what it raises stops the work, and so does Ctrl-C.
    #[pyo3(signature = (source, *, progress = None))]
    fn update(&self, py: Python<'_>, source: PathBuf, progress: Option<Callback>) -> PyResult<WriteReport> {
        with_progress(py, progress, |report| self.inner().update_from(&source, report)).map(WriteReport)
    }

    /// Decrypts everything into ``target``.
    #[pyo3(signature = (target, *, progress = None))]
    fn restore(&self, py: Python<'_>, target: PathBuf, progress: Option<Callback>) -> PyResult<WriteReport> {
        with_progress(py, progress, |report| self.inner().restore_to(&target, report)).map(WriteReport)
    }

    /// Decrypts everything and compares it with ``source``; writes nothing.
    #[pyo3(signature = (source, *, progress = None))]
    fn check(&self, py: Python<'_>, source: PathBuf, progress: Option<Callback>) -> PyResult<CheckReport> {
        with_progress(py, progress, |report| self.inner().check(&source, report)).map(CheckReport)
    }

    /// Restores everything into an empty ``scratch`` folder and compares what came back with ``source``.
    #[pyo3(signature = (source, scratch, *, progress = None))]
    fn restore_test(
        &self,
        py: Python<'_>,
        source: PathBuf,
        scratch: PathBuf,
        progress: Option<Callback>,
    ) -> PyResult<RestoreTestReport> {
        with_progress(py, progress, |report| self.inner().restore_test(&source, &scratch, report))
            .map(RestoreTestReport)
    }

    /// Compares one stored file, by its path in the folder, with its source.
    fn prove(&self, py: Python<'_>, stored: PathBuf, source: PathBuf) -> PyResult<Proof> {
        let proven = py.detach(|| self.inner().prove(&stored, &source)).map_err(Trouble::from)?;
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
struct Callback(Py<PyAny>);

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

type Report<'a> = &'a mut dyn FnMut(Progress<'_>) -> ControlFlow<()>;

/// Works with the interpreter released; what Python raises meanwhile stops the work and is raised.
fn with_progress<T: Send>(
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
        None => Ok(done.map_err(Trouble::from)?),
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
pub(crate) struct WriteReport(rclone_crypt::WriteReport);

#[pymethods]
impl WriteReport {
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
        self.0.failed.iter().map(|(path, error)| (path.clone(), error.to_string())).collect()
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
pub(crate) struct RestoreTestReport(rclone_crypt::RestoreTestReport);

#[pymethods]
impl RestoreTestReport {
    /// Whether the catalogue gives back the source, all of it and nothing else.
    #[getter]
    fn passed(&self) -> bool {
        self.0.passed()
    }

    /// How many files came back byte for byte.
    #[getter]
    fn same(&self) -> usize {
        self.0.same
    }

    /// Files that came back with another content.
    #[getter]
    fn different(&self) -> Vec<PathBuf> {
        self.0.different.clone()
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

    fn __repr__(&self) -> String {
        let passed = if self.passed() { "True" } else { "False" };
        format!("RestoreTestReport(passed={passed}, same={})", self.0.same)
    }
}
