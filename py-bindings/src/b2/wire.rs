//! Requests as the client takes them, where they name buckets and files.

use b2_client::FileId;
use b2_client::files;
use pyo3::prelude::*;

use super::arguments::{bucket_name, file_name};
use super::requests::{CopyFile, Download, parallel, range};
use super::settings::{encryption, legal_hold};
use crate::errors;

impl Download {
    pub(super) fn wire(&self) -> PyResult<files::Download> {
        let mut download = match (&self.id, &self.bucket, &self.name) {
            (Some(id), None, None) => files::Download::by_id(FileId::new(id.clone())),
            (None, Some(bucket), Some(name)) => {
                files::Download::by_name(bucket_name(bucket)?, file_name(name)?)
            }
            _ => {
                let remedy = "give an id, or a bucket and a name";
                return Err(errors::argument("download", "", "names no file", remedy));
            }
        };
        if let Some(range) = range(self.first, self.last)? {
            download = download.range(range);
        }
        if let Some(overrides) = &self.overrides {
            download = download.overrides(overrides.wire());
        }
        Ok(download.parallel(parallel(self.parallel)?))
    }
}

impl CopyFile {
    pub(super) fn wire(&self) -> PyResult<files::CopyFile> {
        let mut copy = files::CopyFile::new(FileId::new(self.source.clone()), file_name(&self.name)?);
        if let Some(bucket) = &self.into_bucket {
            copy = copy.into_bucket(bucket_name(bucket)?);
        }
        if let Some(range) = range(self.first, self.last)? {
            copy = copy.range(range);
        }
        match (&self.content_type, &self.info) {
            (None, None) => {}
            (Some(media_type), Some(info)) => copy = copy.replace_metadata(media_type, info.clone()),
            _ => {
                let problem = "replaces only one of content type and info";
                return Err(errors::argument("copy", "", problem, "give both, or neither"));
            }
        }
        if let Some(retention) = &self.retention {
            copy = copy.retention(retention.wire()?);
        }
        if let Some(hold) = &self.legal_hold {
            copy = copy.legal_hold(legal_hold(hold)?);
        }
        if let Some(mode) = &self.encryption {
            copy = copy.encryption(encryption(mode)?);
        }
        Ok(copy)
    }
}
