//! Arguments as scripts have them: sites, what is wanted, patterns.

use std::path::PathBuf;

use dtc_naming::DeviceGuid;
use dtc_provision::jiff::Timestamp;
use dtc_provision::restore::{GetOptions, Selection, Wanted};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use rclone_crypt::Filter;

use crate::errors;
use crate::provision::site::SiteFile;
use crate::values::Time;

/// The most files that are fetched at a time.
const MOST_PARALLEL: usize = 64;

/// A site: its file as it was read, the path of one, or the tables that one has.
#[derive(FromPyObject)]
pub(crate) enum AnySite {
    File(Py<SiteFile>),
    Path(PathBuf),
    Tables(Py<PyDict>),
}

impl AnySite {
    pub(super) fn read(self) -> PyResult<dtc_adapters::SiteFile> {
        Ok(match self {
            Self::File(file) => file.get().0.clone(),
            Self::Path(path) => SiteFile::read(path)?.0,
            Self::Tables(tables) => Python::attach(|py| SiteFile::from_dict(tables.bind(py)))?.0,
        })
    }
}

/// One pool, file or folder, or several.
#[derive(FromPyObject)]
pub(crate) enum AnyWanted {
    One(String),
    Several(Vec<String>),
}

/// What is wanted, as `POOL` or `POOL:PATH`.
pub(super) fn wanted(text: &str) -> PyResult<Wanted> {
    text.parse().map_err(|error| errors::invalid("pool or path", text, &error))
}

impl AnyWanted {
    fn parse(&self) -> PyResult<Vec<Wanted>> {
        let texts = match self {
            Self::One(text) => std::slice::from_ref(text),
            Self::Several(texts) => texts,
        };
        if texts.is_empty() {
            return Err(errors::argument("pool or path", "", "is missing", "name what is wanted"));
        }
        texts.iter().map(|text| wanted(text)).collect()
    }
}

/// Which files, as of when.
pub(super) fn selection(
    wanted: &AnyWanted,
    at: Option<Time>,
    include: &[String],
    exclude: &[String],
) -> PyResult<Selection> {
    let refused = |error: rclone_crypt::Error| {
        errors::not_of_the_format_as(&error, "filter", "pattern", &[include, exclude].concat().join(", "))
    };
    let filter = Filter::of_patterns(include, exclude).map_err(refused)?;
    let selection = Selection::new(wanted.parse()?, filter, Timestamp::now());
    Ok(match at {
        Some(at) => selection.at(at.timestamp()?),
        None => selection,
    })
}

/// Where to, and how.
pub(super) fn options(to: PathBuf, parallel: usize, verify: bool) -> PyResult<GetOptions> {
    let mut options = GetOptions::new(to);
    let files = std::num::NonZeroUsize::new(parallel).filter(|files| files.get() <= MOST_PARALLEL);
    options.parallel = files.ok_or_else(|| {
        let remedy = "give a number from 1 to 64";
        errors::argument("number of files at a time", &parallel.to_string(), "is out of range", remedy)
    })?;
    options.verify = verify;
    Ok(options)
}

/// An appliance, by its Device GUID.
pub(super) fn device(text: Option<&str>) -> PyResult<Option<DeviceGuid>> {
    text.map(|text| text.parse().map_err(|error| errors::validation(&error))).transpose()
}
