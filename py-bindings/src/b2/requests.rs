//! Requests with more settings than a call has arguments: what to change of a bucket, what to download, what to copy.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::ops::RangeInclusive;

use b2_client::buckets;
use b2_client::{BucketRef, Revision};
use pyo3::prelude::*;

use super::settings::{
    CorsRule, DefaultRetention, HeaderOverrides, LifecycleRule, Replication, encryption, visibility,
};
use crate::errors;
use crate::values::value_class;

value_class! {
    /// What is to be changed of a bucket: what is ``None`` stays as it is; lists and dictionaries are replaced as a whole.
    ///
    /// >>> change = UpdateBucket(lifecycle_rules=[LifecycleRule(days_from_hiding_to_deleting=30)])
    /// >>> change.visibility is None
    /// True
    UpdateBucket {
        /// Fails with ``Conflict`` unless the bucket has this revision.
        if_revision: Option<u64> = None,
        /// Who may read the files: ``"allPrivate"`` or ``"allPublic"``.
        visibility: Option<String> = None,
        /// User-defined key-value pairs, up to ten.
        info: Option<BTreeMap<String, String>> = None,
        /// Which web pages may access the bucket from a browser.
        cors_rules: Option<Vec<CorsRule>> = None,
        /// When the service hides and deletes files automatically.
        lifecycle_rules: Option<Vec<LifecycleRule>> = None,
        /// The retention of versions uploaded from now on.
        default_retention: Option<DefaultRetention> = None,
        /// Whether to clear the default retention; versions that exist keep theirs.
        clear_default_retention: bool = false,
        /// The default encryption of new files: ``"SSE-B2"``.
        encryption: Option<String> = None,
        /// Whether to reset the default encryption to the service's own.
        reset_encryption: bool = false,
        /// Whether to enable object lock, which cannot be disabled again.
        object_lock: bool = false,
        /// The replication settings.
        replication: Option<Replication> = None,
    }
}

impl UpdateBucket {
    pub(super) fn wire(&self, bucket: BucketRef) -> PyResult<buckets::UpdateBucket> {
        let mut update = buckets::UpdateBucket::new(bucket);
        if let Some(revision) = self.if_revision {
            update = update.if_revision(Revision::new(revision));
        }
        if let Some(name) = &self.visibility {
            update = update.visibility(visibility(name)?);
        }
        if let Some(info) = &self.info {
            update = update.bucket_info(info.clone());
        }
        if let Some(rules) = &self.cors_rules {
            update = update.cors_rules(rules.iter().map(CorsRule::wire).collect::<PyResult<Vec<_>>>()?);
        }
        if let Some(rules) = &self.lifecycle_rules {
            update =
                update.lifecycle_rules(rules.iter().map(LifecycleRule::wire).collect::<PyResult<Vec<_>>>()?);
        }
        if let Some(replication) = &self.replication {
            update = update.replication(replication.wire()?);
        }
        if self.object_lock {
            update = update.object_lock();
        }
        self.protected(update)
    }

    /// Adds retention and encryption, which are set or taken back.
    fn protected(&self, mut update: buckets::UpdateBucket) -> PyResult<buckets::UpdateBucket> {
        let contradiction =
            |what| Err(errors::argument(what, "", "is set and taken back at once", "do one of both"));
        match (&self.default_retention, self.clear_default_retention) {
            (Some(_), true) => return contradiction("default retention"),
            (Some(retention), false) => update = update.default_retention(retention.wire()?),
            (None, true) => update = update.clear_default_retention(),
            (None, false) => {}
        }
        match (&self.encryption, self.reset_encryption) {
            (Some(_), true) => contradiction("encryption"),
            (Some(mode), false) => Ok(update.encryption(encryption(mode)?)),
            (None, true) => Ok(update.reset_encryption()),
            (None, false) => Ok(update),
        }
    }
}

value_class! {
    /// What is to be downloaded: a version by its id, or the newest version of a name; the whole file or a range of it.
    ///
    /// >>> Download.by_name("my-photos", "2026/island.jpg", last=99).last
    /// 99
    Download {
        /// The id of the version.
        id: Option<String> = None,
        /// The bucket's name, with ``name``.
        bucket: Option<String> = None,
        /// The file's name, with ``bucket``.
        name: Option<String> = None,
        /// The first byte, counted from 0.
        first: Option<u64> = None,
        /// The last byte, which is included.
        last: Option<u64> = None,
        /// How many ranges ``save`` downloads at the same time.
        parallel: u32 = 1,
        /// Headers of the answer.
        overrides: Option<HeaderOverrides> = None,
    }

    /// This version. Use it for several downloads of one file, so that all of them read the same version.
    #[staticmethod]
    #[pyo3(signature = (id, *, first = None, last = None, parallel = 1, overrides = None))]
    fn by_id(
        id: String,
        first: Option<u64>,
        last: Option<u64>,
        parallel: u32,
        overrides: Option<HeaderOverrides>,
    ) -> Self {
        Self { id: Some(id), bucket: None, name: None, first, last, parallel, overrides }
    }

    /// The newest version of this name.
    #[staticmethod]
    #[pyo3(signature = (bucket, name, *, first = None, last = None, parallel = 1, overrides = None))]
    fn by_name(
        bucket: String,
        name: String,
        first: Option<u64>,
        last: Option<u64>,
        parallel: u32,
        overrides: Option<HeaderOverrides>,
    ) -> Self {
        Self { id: None, bucket: Some(bucket), name: Some(name), first, last, parallel, overrides }
    }
}

/// A range from a first byte on, or up to a last one.
pub(super) fn range(first: Option<u64>, last: Option<u64>) -> PyResult<Option<RangeInclusive<u64>>> {
    match (first, last) {
        (None, None) => Ok(None),
        (first, last) => {
            let (first, last) = (first.unwrap_or(0), last.unwrap_or(i64::MAX.unsigned_abs()));
            if first > last {
                let given = format!("{first} to {last}");
                return Err(errors::argument("range", &given, "ends before it begins", "exchange them"));
            }
            Ok(Some(first..=last))
        }
    }
}

/// A number of things at the same time.
pub(super) fn parallel(number: u32) -> PyResult<NonZeroUsize> {
    usize::try_from(number).ok().and_then(NonZeroUsize::new).ok_or_else(|| {
        errors::argument("parallel", &number.to_string(), "is no number of things at once", "use 1 or more")
    })
}

value_class! {
    /// A copy of a version, made by the service. Retention and legal hold are not copied: the bucket's default applies.
    CopyFile {
        /// The id of the version to copy.
        source: String,
        /// The name of the copy.
        name: String,
        /// The name of the bucket to copy into; ``None`` for the same one.
        into_bucket: Option<String> = None,
        /// The first byte to copy, counted from 0.
        first: Option<u64> = None,
        /// The last byte to copy, which is included.
        last: Option<u64> = None,
        /// The media type of the copy, together with ``info``, instead of the source's.
        content_type: Option<String> = None,
        /// The file info of the copy, together with ``content_type``, instead of the source's.
        info: Option<BTreeMap<String, String>> = None,
        /// The retention of the copy.
        retention: Option<super::settings::FileRetention> = None,
        /// The legal hold of the copy: ``"on"`` or ``"off"``.
        legal_hold: Option<String> = None,
        /// The encryption of the copy: ``"SSE-B2"``, regardless of the bucket's default.
        encryption: Option<String> = None,
    }
}
