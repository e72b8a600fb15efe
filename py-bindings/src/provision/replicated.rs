//! What the operator wants replicated.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use dtc_adapters::SiteReplication;
use dtc_provision::ports::SentSnapshots;
use dtc_provision::replication::{Encryption, Replication as Wanted};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::failure::Failure;
use super::report::name_of;
use super::tables::{no_secret, tables};
use crate::values::Dictionary;
use crate::{errors, json};

/// One replication between two appliances, or within one. Every choice has the name and the form that it has in a table ``[[replication]]`` of a
/// site file, but for ``from_``; ``None`` leaves it to the standard. It holds no passphrase: those are given to :func:`connect`.
///
/// >>> wanted = Replication(
/// ...     "offsite copy", from_="main", to="offsite", direction="pull", sources=["tank/data"], destination="backup/site/data", keep="90 days"
/// ... )
/// >>> wanted.encryption, wanted.remote_user, wanted.keep
/// ('source', 'root', '90 days')
/// >>> wanted == Replication.from_dict(wanted.to_dict())
/// True
#[pyclass(frozen, eq, from_py_object, module = "dtc.replication")]
#[derive(Clone, PartialEq)]
pub(crate) struct Replication(pub(crate) Wanted);

#[pymethods]
impl Replication {
    #[new]
    #[pyo3(signature = (name, *, from_, to, direction, sources, destination, **choices))]
    #[expect(clippy::too_many_arguments, reason = "Python passes them by their names")]
    fn new(
        py: Python<'_>,
        name: &str,
        from_: &str,
        to: &str,
        direction: &str,
        sources: &Bound<'_, PyAny>,
        destination: &Bound<'_, PyAny>,
        choices: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Self> {
        let table = PyDict::new(py);
        if let Some(choices) = choices {
            table.update(choices.as_mapping())?;
        }
        for (key, text) in [("name", name), ("from", from_), ("to", to), ("direction", direction)] {
            table.set_item(key, text)?;
        }
        table.set_item("sources", sources)?;
        table.set_item("destination", destination)?;
        Self::from_dict(&table)
    }

    /// A table ``[[replication]]`` as a dictionary. Raises ``ValidationError``, whose ``subject`` is the field.
    #[staticmethod]
    fn from_dict(table: &Bound<'_, PyDict>) -> PyResult<Self> {
        let mut secrets = Vec::new();
        let table = tables(table.as_any(), "replication", &mut secrets)?;
        if let Some((at, _)) = secrets.first() {
            return Err(no_secret(at));
        }
        let SiteReplication { wanted, passphrase, key, passphrases, .. } =
            SiteReplication::from_table(&table).map_err(Failure::from)?;
        let is_given =
            [("passphrase", passphrase.is_some() || !passphrases.is_empty()), ("key", key.is_some())];
        if let Some((name, _)) = is_given.into_iter().find(|(_, given)| *given) {
            return Err(errors::argument("replication", name, "is not part of it", "give it to connect"));
        }
        Ok(Self(wanted))
    }

    /// Its name: that of its task, key pair and connection.
    #[getter]
    fn name(&self) -> &str {
        &self.0.name
    }

    /// The appliance that sends, as the site file calls it; ``"main"`` is that of ``[truenas]``.
    #[getter]
    fn from_(&self) -> &str {
        &self.0.from
    }

    /// The appliance that is sent to.
    #[getter]
    fn to(&self) -> &str {
        &self.0.to
    }

    /// Which appliance has the task: ``"push"`` the sending one, ``"pull"`` the receiving one, ``"local"`` the only one.
    #[getter]
    fn direction(&self) -> String {
        name_of(&self.0.way)
    }

    /// What is sent.
    #[getter]
    fn sources(&self) -> Vec<String> {
        self.0.sources.iter().map(ToString::to_string).collect()
    }

    /// Where it goes.
    #[getter]
    fn destination(&self) -> &str {
        self.0.destination.as_str()
    }

    /// Whether the datasets below the sources are sent too.
    #[getter]
    fn recursive(&self) -> bool {
        self.0.recursive
    }

    /// At which address the appliance with the task reaches the other one; ``None`` for the one it is managed at.
    #[getter]
    fn host(&self) -> Option<&str> {
        self.0.host.as_deref()
    }

    /// Who is logged in there.
    #[getter]
    fn remote_user(&self) -> &str {
        &self.0.remote_user
    }

    /// The fingerprint of the host key that the other one has to show; ``None`` if that is asked.
    #[getter]
    fn host_key(&self) -> Option<&str> {
        self.0.host_key.as_deref()
    }

    /// How the snapshots are named that are sent; ``None`` where it is bound to snapshot tasks.
    #[getter]
    fn schema(&self) -> Option<&str> {
        match &self.0.snapshots {
            SentSnapshots::Named(schema) => Some(schema),
            SentSnapshots::OfTasks(_) => None,
        }
    }

    /// The numbers of the sending appliance's periodic snapshot tasks whose snapshots are sent; ``None`` where a naming schema picks them.
    #[getter]
    fn snapshot_tasks(&self) -> Option<Vec<u32>> {
        match &self.0.snapshots {
            SentSnapshots::Named(_) => None,
            SentSnapshots::OfTasks(ids) => {
                Some(ids.iter().filter_map(|id| id.as_str().parse().ok()).collect())
            }
        }
    }

    /// When it runs, as five cron fields; ``None`` by hand, or after each of its snapshot tasks.
    #[getter]
    fn schedule(&self) -> Option<String> {
        self.0.schedule.as_ref().map(ToString::to_string)
    }

    /// How long snapshots are kept at the destination: ``"source"``, ``"forever"``, or such as ``"90 days"``.
    #[getter]
    fn keep(&self) -> String {
        let table = SiteReplication::from(self.0.clone()).table();
        table["keep"].as_str().unwrap_or_default().to_owned()
    }

    /// Whether properties are sent.
    #[getter]
    fn properties(&self) -> bool {
        self.0.properties
    }

    /// How the destination is encrypted: ``"source"`` (as the source is), ``"clear"``, ``"inherit"``, ``"key"`` or ``"passphrase"``.
    #[getter]
    fn encryption(&self) -> String {
        let table = SiteReplication::from(self.0.clone()).table();
        table["encryption"].as_str().unwrap_or_default().to_owned()
    }

    /// Where a key of its own is kept; ``None`` where it gets none.
    #[getter]
    fn key_location(&self) -> Option<&str> {
        match &self.0.encryption {
            Encryption::Key { location } | Encryption::Passphrase { location } => Some(location),
            Encryption::AsSource | Encryption::Clear | Encryption::Inherit => None,
        }
    }

    /// Every choice by its name in a site file, those left to the standard too; ``from_dict`` takes it.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Dictionary<'py>> {
        json::dictionary(py, &SiteReplication::from(self.0.clone()).table())
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let mut shown = Vec::new();
        for (name, value) in self.to_dict(py)?.0 {
            let name: String = name.extract()?;
            match name.as_str() {
                "name" => shown.insert(0, value.repr()?.to_string()),
                "from" => shown.push(format!("from_={}", value.repr()?)),
                _ => shown.push(format!("{name}={}", value.repr()?)),
            }
        }
        Ok(format!("Replication({})", shown.join(", ")))
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        (&self.0.name, &self.0.destination).hash(&mut hasher);
        hasher.finish()
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, (Bound<'py, PyDict>,))> {
        let made = slf.get_type().getattr("from_dict")?;
        Ok((made, (slf.get().to_dict(slf.py())?.0,)))
    }
}
