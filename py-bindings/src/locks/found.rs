//! Terms, what is locked until when, and what a run has done.

use dtc_provision::locks;
use pyo3::prelude::*;

use crate::errors;
use crate::provision::consents::Question;
use crate::provision::report::name_of;
use crate::values::{Dictionary, Time, value_class};

/// How long current versions stay locked: every one for ``keep_days`` from each run on, by extending locks that end before to ``extend_days`` from
/// then; one run extends versions of at most ``at_most_bytes``.
///
/// >>> LockTerms(at_most_bytes=2 * 10**12)
/// LockTerms(keep_days=14, extend_days=28, at_most_bytes=2000000000000)
/// >>> LockTerms(0, at_most_bytes=1)
/// Traceback (most recent call last):
/// dtc.exceptions.ValidationError: 0 days are no lock to keep
#[pyclass(frozen, eq, hash, from_py_object, module = "dtc.locks")]
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct LockTerms(pub(super) locks::LockTerms);

impl std::hash::Hash for LockTerms {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (self.0.keep_days(), self.0.extend_days(), self.0.at_most_bytes()).hash(state);
    }
}

#[pymethods]
impl LockTerms {
    #[new]
    #[pyo3(signature = (keep_days = 14, extend_days = 28, *, at_most_bytes))]
    fn new(keep_days: u32, extend_days: u32, at_most_bytes: u64) -> PyResult<Self> {
        let terms = locks::LockTerms::new(keep_days, extend_days, at_most_bytes);
        terms.map(Self).map_err(|error| errors::invalid("terms", "", &error))
    }

    /// How long every current version stays locked from each run on, in days.
    #[getter]
    fn keep_days(&self) -> u32 {
        self.0.keep_days()
    }

    /// To how long from now a lock is extended, in days.
    #[getter]
    fn extend_days(&self) -> u32 {
        self.0.extend_days()
    }

    /// The versions of one run have together at most so many bytes.
    #[getter]
    fn at_most_bytes(&self) -> u64 {
        self.0.at_most_bytes()
    }

    fn __repr__(&self) -> String {
        let (keep, extend, bytes) = (self.0.keep_days(), self.0.extend_days(), self.0.at_most_bytes());
        format!("LockTerms(keep_days={keep}, extend_days={extend}, at_most_bytes={bytes})")
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, ())> {
        let (py, terms) = (slf.py(), slf.get().0);
        let fields = vec![
            ("keep_days", crate::values::object(py, terms.keep_days())?),
            ("extend_days", crate::values::object(py, terms.extend_days())?),
            ("at_most_bytes", crate::values::object(py, terms.at_most_bytes())?),
        ];
        crate::values::reduced(&slf.get_type(), &fields)
    }

    /// A lock that ends so many days after what is to be kept is due.
    #[classattr]
    const MARGIN_DAYS: u32 = locks::LockTerms::MARGIN_DAYS;
    /// The longest retention that B2 takes, in days.
    #[classattr]
    const LONGEST_DAYS: u32 = locks::LockTerms::LONGEST_DAYS;
}

value_class! {
    in "dtc.locks";
    /// The locks of the current versions in one folder of the bucket.
    FolderLocks {
        /// The folder, ``{Device GUID}/{pool}``; ``None`` for objects in no such folder, and for the sums over all.
        folder: Option<String>,
        /// How many current versions there are.
        versions: u64,
        /// Their size, in bytes.
        bytes: u64,
        /// How many of them have a lock that is due to be extended.
        due: u64,
        /// The size of those, in bytes.
        due_bytes: u64,
        /// How many could be destroyed now, as far as retention goes.
        unlocked: u64,
        /// Of how many the key may not see the lock.
        not_shown: u64,
        /// When the first lock in compliance mode ends.
        first_end: Option<Time>,
    }
}

value_class! {
    in "dtc.locks";
    /// What extending the locks that are due costs.
    Forecast {
        /// Locks to extend: one call each.
        locks: u64,
        /// The bytes of their versions, which stay stored for as long as they are locked.
        bytes: u64,
        /// Pages to list again, each a call.
        pages: u64,
        /// So many days a file stays stored at most that is deleted today, after a day without any extension.
        deleted_data_days_without: u32,
        /// So many days it stays stored at most with the extension.
        deleted_data_days_with: u32,
    }
}

value_class! {
    in "dtc.locks";
    /// A lock that could not be extended.
    FailedExtension {
        /// The object's name.
        object: String,
        /// Why.
        reason: String,
    }
}

value_class! {
    in "dtc.locks";
    /// How far a look or a run has come.
    Progress {
        /// Current versions that were listed.
        listed: u64,
        /// Locks that were extended.
        extended: u64,
    }
}

value_class! {
    in "dtc.locks";
    /// What a run has done.
    LockReport {
        /// What it comes to: ``"as_it_should_be"``, or ``"incomplete"`` where a lock was left.
        outcome: String,
        /// Current versions that were listed.
        listed: u64,
        /// Locks that were extended.
        extended: u64,
        /// The size of their versions, in bytes.
        bytes: u64,
        /// The earliest end of the locks that were extended.
        until: Option<Time>,
        /// Versions that were gone when their turn came: nothing is left to lock.
        gone: u64,
        /// Locks that are due and were left, since the bytes that were consented to were used up.
        beyond_consent: u64,
        /// Versions of which the key may not see the lock.
        not_shown: u64,
        /// Rows of the listing that are not understood.
        not_understood: u64,
        /// Locks that could not be extended.
        failures: u64,
        /// The first hundred of them.
        failed: Vec<FailedExtension>,
        /// Why the rest was not begun, where it was not.
        stopped: Option<String>,
    }
}

/// Until when the current versions of a bucket are locked.
#[pyclass(frozen, from_py_object, module = "dtc.locks")]
#[derive(Clone)]
pub(crate) struct LockStatus(pub(super) locks::LockStatus);

#[pymethods]
impl LockStatus {
    /// When it was looked.
    #[getter]
    fn now(&self) -> Time {
        Time(self.0.now.as_millisecond())
    }

    /// What is to be kept.
    #[getter]
    fn terms(&self) -> LockTerms {
        LockTerms(self.0.terms)
    }

    /// The bucket's name.
    #[getter]
    fn bucket(&self) -> &str {
        self.0.bucket().name.as_str()
    }

    /// Days of the bucket's default retention of new versions; ``None`` where there is none.
    #[getter]
    fn retention_days(&self) -> Option<u32> {
        self.0.bucket().retention.map(|retention| retention.days)
    }

    /// The locks, folder by folder.
    #[getter]
    fn folders(&self) -> Vec<FolderLocks> {
        self.0.folders.iter().map(FolderLocks::from).collect()
    }

    /// Rows of the listing that are not understood, at most twenty.
    #[getter]
    fn not_understood(&self) -> Vec<String> {
        self.0.not_understood.iter().map(errors::shown).collect()
    }

    /// How many there were.
    #[getter]
    fn not_understood_rows(&self) -> u64 {
        self.0.not_understood_rows
    }

    /// How many pages the listing had.
    #[getter]
    fn pages(&self) -> u64 {
        self.0.pages
    }

    /// The sums over all folders.
    #[getter]
    fn total(&self) -> FolderLocks {
        FolderLocks::from(&self.0.total())
    }

    /// What extending costs.
    #[getter]
    fn forecast(&self) -> Forecast {
        let locks::Forecast {
            locks, bytes, pages, deleted_data_days_without, deleted_data_days_with, ..
        } = self.0.forecast();
        Forecast { locks, bytes, pages, deleted_data_days_without, deleted_data_days_with }
    }

    /// Whether each current version is locked for as long as it is to be kept, and each row was understood.
    #[getter]
    fn is_kept(&self) -> bool {
        self.0.is_kept()
    }

    /// What has to be consented to before a lock is extended; ``None`` where none is due.
    fn question(&self) -> Option<Question> {
        self.0.question().map(Question)
    }

    /// The fields by their names.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Dictionary<'py>> {
        let object = crate::values::object::<Bound<'py, PyAny>>;
        let fields = vec![
            ("bucket", object(py, self.bucket().into_pyobject(py)?.into_any())?),
            ("now", object(py, self.now().into_pyobject(py)?)?),
            ("retention_days", object(py, self.retention_days().into_pyobject(py)?)?),
            ("kept", object(py, self.is_kept().into_pyobject(py)?.to_owned().into_any())?),
            ("folders", object(py, self.folders().into_pyobject(py)?)?),
            ("forecast", object(py, self.forecast().into_pyobject(py)?.into_any())?),
        ];
        crate::values::dictionary(py, &fields)
    }

    fn __repr__(&self) -> String {
        let total = self.0.total();
        format!("<LockStatus of {:?}, {} of {} versions due>", self.bucket(), total.due, total.versions)
    }
}

fn time(at: dtc_provision::jiff::Timestamp) -> Time {
    Time(at.as_millisecond())
}

impl From<&locks::FolderLocks> for FolderLocks {
    fn from(found: &locks::FolderLocks) -> Self {
        Self {
            folder: found.folder.as_ref().map(errors::shown),
            versions: found.versions,
            bytes: found.bytes,
            due: found.due,
            due_bytes: found.due_bytes,
            unlocked: found.unlocked,
            not_shown: found.not_shown,
            first_end: found.first_end.map(time),
        }
    }
}

impl From<locks::LockReport> for LockReport {
    fn from(report: locks::LockReport) -> Self {
        let failed = |failed: &locks::FailedExtension| FailedExtension {
            object: errors::shown(&failed.object),
            reason: errors::shown(&failed.reason),
        };
        Self {
            outcome: name_of(&report.outcome()),
            listed: report.listed,
            extended: report.extended,
            bytes: report.bytes,
            until: report.until.map(time),
            gone: report.gone,
            beyond_consent: report.beyond_consent,
            not_shown: report.not_shown,
            not_understood: report.not_understood,
            failures: report.failures,
            failed: report.failed.iter().map(failed).collect(),
            stopped: report.stopped,
        }
    }
}

impl From<locks::Progress> for Progress {
    fn from(at: locks::Progress) -> Self {
        Self { listed: at.listed, extended: at.extended }
    }
}
