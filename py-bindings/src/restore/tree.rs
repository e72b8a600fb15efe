//! The files of a backup as they stood at an instant.

use std::sync::Arc;

use dtc_provision::restore::{self, Moment};
use pyo3::prelude::*;

use crate::errors;
use crate::values::{Time, value_class};

value_class! {
    in "dtc.restore";
    /// A file of a backup.
    BackedUp {
        /// The pool.
        pool: String,
        /// The path in the pool; what is not UTF-8 is replaced.
        path: String,
        /// The path's bytes, as on the appliance.
        raw_path: Vec<u8>,
        /// The plain size in bytes; ``None`` where no encrypted file is as long as the object.
        size: Option<u64>,
        /// When the file was modified.
        modified: Time,
        /// When it was uploaded.
        uploaded: Time,
        /// The object's name.
        object: String,
        /// The id of the object's version.
        version: String,
    }
}

impl From<&restore::BackedUp> for BackedUp {
    fn from(file: &restore::BackedUp) -> Self {
        Self {
            pool: file.pool.to_string(),
            path: file.shown(),
            raw_path: file.path.clone(),
            size: file.len(),
            modified: file.modified().into(),
            uploaded: file.object.uploaded.into(),
            object: file.object.name.clone(),
            version: file.object.id.as_str().to_owned(),
        }
    }
}

/// The files of a backup as they stood at an instant: what ``RestoreSource.ls`` and ``find`` list, and ``get`` restores.
#[pyclass(frozen, module = "dtc.restore")]
pub(crate) struct Tree(Arc<restore::Tree>);

#[pymethods]
impl Tree {
    /// The files, pool by pool, in byte order of their objects' names. Each access makes a new list.
    #[getter]
    fn files(&self) -> Vec<BackedUp> {
        self.0.files.iter().map(BackedUp::from).collect()
    }

    /// Objects that are none of the backup's, by their names.
    #[getter]
    fn foreign(&self) -> Vec<String> {
        self.0.foreign.clone()
    }

    /// Rows of the listing that were not understood, a line each.
    #[getter]
    fn not_understood(&self) -> Vec<String> {
        self.0.not_understood.clone()
    }

    /// Of what was wanted, that under which nothing stood, whatever the patterns.
    #[getter]
    fn absent(&self) -> Vec<String> {
        self.0.absent.iter().map(ToString::to_string).collect()
    }

    /// How many versions were looked at, hide markers and unfinished large files among them.
    #[getter]
    fn versions(&self) -> u64 {
        self.0.seen.versions
    }

    /// How many large uploads are not finished.
    #[getter]
    fn unfinished(&self) -> u64 {
        self.0.seen.unfinished
    }

    /// When the first version with content was uploaded that was looked at.
    #[getter]
    fn first(&self) -> Option<Time> {
        self.0.seen.first.map(Time::from)
    }

    /// When the last version with content was uploaded that was looked at.
    #[getter]
    fn last(&self) -> Option<Time> {
        self.0.seen.last.map(Time::from)
    }

    /// How many objects have only versions that are younger than the instant: they were new, or what stood before them is deleted.
    #[getter]
    fn younger(&self) -> u64 {
        self.0.seen.younger
    }

    /// The plain size of all files in bytes.
    #[getter]
    fn bytes(&self) -> u64 {
        self.0.bytes()
    }

    /// The instant; ``None`` for the tree as it stands.
    #[getter]
    fn at(&self) -> Option<Time> {
        self.0.at.map(Time::from)
    }

    /// Where files may be missing because the instant was so long ago that the bucket has deleted what was replaced since: from when on
    /// everything is there.
    #[getter]
    fn complete_since(&self) -> Option<Time> {
        match self.0.moment {
            Moment::MayLack { complete_since } => Some(complete_since.into()),
            _ => None,
        }
    }

    /// Whether all that stood at the instant is among the files, and something of all that was wanted did.
    #[getter]
    fn is_whole(&self) -> bool {
        self.0.is_whole()
    }

    fn __len__(&self) -> usize {
        self.0.files.len()
    }

    fn __repr__(&self) -> String {
        let whole = if self.0.is_whole() { "whole" } else { "not whole" };
        format!("<Tree of {} files, {} bytes, {whole}>", self.0.files.len(), self.0.bytes())
    }
}

impl Tree {
    /// A tree, or what is wrong with its instant.
    pub(super) fn of(tree: restore::Tree) -> PyResult<Self> {
        let Moment::BeforeFirst { first } = tree.moment else { return Ok(Self(Arc::new(tree))) };
        let at = tree.at.map(|at| at.to_string()).unwrap_or_default();
        let message = format!(
            "at {at} (UTC) nothing was in the bucket that is still there; the earliest moment is {first}"
        );
        let remedy = format!("give {first}, or a later moment");
        Err(errors::explained(errors::invalid("moment", &at, &message), "DTC-RESTORE-MOMENT", Some(&remedy)))
    }

    pub(super) fn share(&self) -> Arc<restore::Tree> {
        Arc::clone(&self.0)
    }
}
