//! Which paths belong in a bucket.

use std::borrow::Cow;

use pyo3::prelude::*;
use rclone_crypt::TrueNasTask;

use super::failure::Failure;
use super::names::{Names, unknown};

/// rclone's filter rules: the first that matches decides, and a path that none matches is included.
///
/// Made from the text of a file for ``--filter-from``, a rule a line.
///
/// >>> filter = Filter("- /Archive/**\n+ *.txt\n- *")
/// >>> filter.includes("docs/Archive/kept.txt"), filter.includes("Archive/old.txt"), filter.includes("a.jpg")
/// (True, False, False)
#[pyclass(frozen, module = "dtc.crypt")]
pub(crate) struct Filter(rclone_crypt::Filter);

#[pymethods]
impl Filter {
    #[new]
    #[pyo3(signature = (rules = ""))]
    fn new(rules: &str) -> PyResult<Self> {
        Ok(Self(rclone_crypt::Filter::parse(rules).map_err(Failure::from)?))
    }

    /// The filter of a TrueNAS task with these excludes; ``root`` is ``"pool"`` for a task at a pool's root dataset,
    /// ``"below"`` for any other.
    ///
    /// >>> Filter.truenas(["/Archive/**"]).includes("Archive/old.txt")
    /// False
    #[staticmethod]
    #[pyo3(signature = (excludes: "list[str] | tuple[str, ...]", *, root = "pool"))]
    fn truenas(excludes: Vec<String>, root: &str) -> PyResult<Self> {
        let task = match root {
            "pool" => TrueNasTask::ScalePoolRoot,
            "below" => TrueNasTask::ScaleBelowPoolRoot,
            other => return Err(unknown("task's root", other, "pool or below")),
        };
        let filter = rclone_crypt::Filter::truenas(task, excludes);
        Ok(Self(filter.map_err(Failure::from)?))
    }

    /// Whether a file with this path, relative to the task's, is copied.
    fn includes(&self, path: &str) -> bool {
        self.0.includes(path)
    }
}

/// Where a task's files lie in a bucket: from a source's path to its object's name, and back.
///
/// >>> mapping = Mapping("/1b4e28ba-2fa1-41d2-883f-0016d3cca427/tank", Names(), Filter.truenas(["/Archive/**"]))
/// >>> mapping.object_of(b"docs/letter.txt")
/// '1b4e28ba-2fa1-41d2-883f-0016d3cca427/tank/docs/letter.txt.bin'
/// >>> mapping.object_of(b"Archive/old.txt") is None
/// True
/// >>> mapping.source_of("1b4e28ba-2fa1-41d2-883f-0016d3cca427/tank/Archive/old.txt.bin")
/// Origin(kind='excluded', path=b'Archive/old.txt')
#[pyclass(frozen, module = "dtc.crypt")]
pub(crate) struct Mapping(rclone_crypt::Mapping);

#[pymethods]
impl Mapping {
    #[new]
    #[pyo3(signature = (folder, names, filter = None))]
    fn new(folder: &str, names: &Names, filter: Option<&Filter>) -> PyResult<Self> {
        let filter = filter.map(|filter| filter.0.clone()).unwrap_or_default();
        Ok(Self(rclone_crypt::Mapping::new(folder, names.again()?, filter)))
    }

    /// The object that holds the file with this path on disk; None for one that the filter leaves out.
    fn object_of(&self, path: &[u8]) -> PyResult<Option<String>> {
        Ok(self.0.object_of(path).map_err(Failure::from)?)
    }

    /// What an object is, by its name.
    fn source_of(&self, object: &str) -> Origin {
        match self.0.source_of(object) {
            rclone_crypt::Origin::Expected(path) => Origin { kind: "expected", path: Some(path) },
            rclone_crypt::Origin::Excluded(path) => Origin { kind: "excluded", path: Some(path) },
            rclone_crypt::Origin::Outside => Origin { kind: "outside", path: None },
            _ => Origin { kind: "foreign", path: None },
        }
    }
}

/// What an object in the bucket is, by its name.
#[pyclass(frozen, eq, hash, module = "dtc.crypt")]
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Origin {
    kind: &'static str,
    path: Option<Vec<u8>>,
}

#[pymethods]
impl Origin {
    /// ``"expected"``: the copy of a file; ``"excluded"``: of one that the filter leaves out now; ``"outside"`` the
    /// task's folder; ``"foreign"``: no name that this remote would write.
    #[getter]
    fn kind(&self) -> &'static str {
        self.kind
    }

    /// The path on disk of the file that it is the copy of.
    #[getter]
    fn path(&self) -> Option<Cow<'_, [u8]>> {
        self.path.as_deref().map(Cow::Borrowed)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let path = self.path().into_pyobject(py)?.repr()?;
        Ok(format!("Origin(kind='{}', path={path})", self.kind))
    }
}
