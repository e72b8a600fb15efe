//! What changes on an appliance, as it happens.

use pyo3::prelude::*;
use serde_json::Value;
use truenas_client::{ChangeKind, Seen};

use super::failure::Failure;
use crate::json::{Json, Members};
use crate::rows::listings;

/// What happened to a row, or that what is known of the rows is to be read anew, since events may have been missed. Its fields can hold secrets: they
/// are not shown, and it is not pickled.
#[pyclass(frozen, module = "dtc.truenas")]
pub(crate) struct Change(Seen);

#[pymethods]
impl Change {
    /// ``added``, ``changed`` or ``removed``; ``read_anew`` where events may have been missed, as at the beginning.
    #[getter]
    fn kind(&self) -> &'static str {
        match &self.0 {
            Seen::Change(change) => match change.kind {
                ChangeKind::Added => "added",
                ChangeKind::Changed => "changed",
                ChangeKind::Removed => "removed",
                // A kind that is added later: whoever reads anew misses nothing.
                _ => "read_anew",
            },
            _ => "read_anew",
        }
    }

    /// The row's id, a number or a text.
    #[getter]
    fn id(&self) -> Json {
        match &self.0 {
            Seen::Change(change) => Json(change.id.clone()),
            _ => Json(Value::Null),
        }
    }

    /// The row, or only what changed of it; ``None`` of one that is gone.
    #[getter]
    fn fields(&self) -> Option<Members> {
        match &self.0 {
            Seen::Change(change) => change.fields.clone().map(Members),
            _ => None,
        }
    }

    /// Returns a row that is known from before with what changed in it; members that the event does not hold stay.
    fn put_into(&self, row: Members) -> Members {
        let mut row = row;
        if let Seen::Change(change) = &self.0 {
            change.put_into(&mut row.0);
        }
        row
    }

    fn __repr__(&self) -> String {
        match &self.0 {
            Seen::Change(change) => {
                let names: Vec<&str> =
                    change.fields.iter().flat_map(|all| all.keys()).map(String::as_str).collect();
                format!("Change(kind='{}', id={}, fields=[{}])", self.kind(), change.id, names.join(", "))
            }
            _ => "Change(kind='read_anew')".to_owned(),
        }
    }

    #[expect(clippy::unused_self, reason = "Python calls it on the change, which it does not give away")]
    fn __reduce__(&self) -> PyResult<(&'static str,)> {
        Err(crate::crypt::not_pickled())
    }
}

impl From<Seen> for Change {
    fn from(seen: Seen) -> Self {
        Self(seen)
    }
}

listings! {
    in "dtc.truenas" and "dtc.truenas.aio", Failure;
    /// What happens to the rows of a collection, without end.
    "Changes": Changes / AioChanges of Seen => Change;
    /// Rows of a query, page after page as they are asked for.
    "Rows": RowsOf / AioRowsOf of Value => Json;
}
