//! What the operator wants, and where the services answer.

use std::path::{Path, PathBuf};

use dtc_adapters::connections::{Inventory, Tickets, Vault};
use dtc_adapters::{Connections, SecretSource, SiteReplication};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use serde_json::Value;

use super::failure::Failure;
use super::replicated::Replication;
use super::tables::{no_secret, tables};
use crate::crypt::not_pickled;
use crate::json;
use crate::values::Dictionary;

/// One appliance's place in the world, and the few choices the standard leaves open. Every choice has the name and the form that it has in
/// the table ``[site]`` of a site file; ``None`` leaves it to the standard.
///
/// >>> site = Site("Contoso Dental", "Main Street", 100, pools=["tank"])
/// >>> site
/// Site(organization='Contoso Dental', location='Main Street', uplink_mbit=100, pools=['tank'])
/// >>> site == Site.from_dict(site.to_dict())
/// True
#[pyclass(frozen, eq, from_py_object, module = "dtc.provision")]
#[derive(Clone, PartialEq)]
pub(crate) struct Site(pub(crate) dtc_provision::Site);

#[pymethods]
impl Site {
    #[new]
    #[pyo3(signature = (organization, location, uplink_mbit, **choices))]
    fn new(
        py: Python<'_>,
        organization: &str,
        location: &str,
        uplink_mbit: &Bound<'_, PyAny>,
        choices: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Self> {
        let table = PyDict::new(py);
        if let Some(choices) = choices {
            table.update(choices.as_mapping())?;
        }
        table.set_item("organization", organization)?;
        table.set_item("location", location)?;
        table.set_item("uplink_mbit", uplink_mbit)?;
        Self::of(table.as_any())
    }

    /// The table ``[site]`` as a dictionary. Raises ``ValidationError``, whose ``subject`` is the field.
    #[staticmethod]
    fn from_dict(table: &Bound<'_, PyDict>) -> PyResult<Self> {
        Self::of(table.as_any())
    }

    /// The table ``[site]`` of a site file.
    #[staticmethod]
    fn read(path: PathBuf) -> PyResult<Self> {
        Ok(SiteFile::read(path)?.site())
    }

    /// The client, by its name or its id in NinjaOne.
    #[getter]
    fn organization(&self) -> &str {
        &self.0.organization
    }

    /// The location, by its name or its id in NinjaOne.
    #[getter]
    fn location(&self) -> &str {
        &self.0.location
    }

    /// The client's uplink, in Mbit/s.
    #[getter]
    fn uplink_mbit(&self) -> u32 {
        self.0.uplink_mbit.get()
    }

    /// Every choice by its name, those left to the standard too; ``from_dict`` takes it.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Dictionary<'py>> {
        json::dictionary(py, &self.0)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let plain = dtc_provision::Site::new("", "", self.0.uplink_mbit);
        let (ours, standard) = (json::dictionary(py, &self.0)?.0, json::dictionary(py, &plain)?.0);
        let mut shown = Vec::new();
        for (name, value) in ours {
            let name: String = name.extract()?;
            let always = ["organization", "location", "uplink_mbit"].contains(&name.as_str());
            if always || !standard.get_item(&name)?.is_some_and(|other| other.eq(&value).unwrap_or(false)) {
                shown.push(format!("{name}={}", value.repr()?));
            }
        }
        Ok(format!("Site({})", shown.join(", ")))
    }

    fn __hash__(&self) -> u64 {
        use std::hash::{DefaultHasher, Hash as _, Hasher as _};
        let mut hasher = DefaultHasher::new();
        (&self.0.organization, &self.0.location).hash(&mut hasher);
        hasher.finish()
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, (Bound<'py, PyDict>,))> {
        let made = slf.get_type().getattr("from_dict")?;
        Ok((made, (slf.get().to_dict(slf.py())?.0,)))
    }
}

impl Site {
    fn of(table: &Bound<'_, PyAny>) -> PyResult<Self> {
        let mut secrets = Vec::new();
        let table = tables(table, "site", &mut secrets)?;
        if let Some((at, _)) = secrets.first() {
            return Err(no_secret(at));
        }
        Ok(Self(dtc_adapters::SiteFile::site_from_table(&table).map_err(Failure::from)?))
    }
}

/// A site, where the services answer, and where their secrets are: what a site file says. It shows and pickles no secret.
///
/// Secrets are references as in a site file (``"env:NAME"``, ``"file:PATH"``, ``"op://vault/item/field"``), or values of
/// :class:`dtc.crypt.Secret`. A text that is no reference is refused, and not repeated.
#[pyclass(frozen, module = "dtc.provision")]
pub(crate) struct SiteFile(pub(crate) dtc_adapters::SiteFile);

#[pymethods]
impl SiteFile {
    /// Reads a site file. Relative paths in it are taken from its folder.
    #[staticmethod]
    #[expect(clippy::needless_pass_by_value, reason = "PyO3 hands arguments over")]
    pub(crate) fn read(path: PathBuf) -> PyResult<Self> {
        Ok(Self(dtc_adapters::SiteFile::read(&path).map_err(Failure::from)?))
    }

    /// Takes the text of a site file; ``path`` names it in errors, and its folder is where relative paths are taken from.
    #[staticmethod]
    #[pyo3(signature = (text, path = PathBuf::from("site.toml")))]
    #[expect(clippy::needless_pass_by_value, reason = "PyO3 hands arguments over")]
    fn parse(text: &str, path: PathBuf) -> PyResult<Self> {
        Ok(Self(dtc_adapters::SiteFile::parse(text, &path).map_err(Failure::from)?))
    }

    /// Takes the tables of a site file as dictionaries: ``site``, ``b2``, ``truenas``, ``ninjaone``, ``itglue``, and where they differ from
    /// the defaults ``tickets``, ``waits``, ``backoff`` and ``timeouts``; ``appliance`` and ``replication`` are lists of them. Relative paths are taken from the working directory.
    #[staticmethod]
    pub(crate) fn from_dict(tables: &Bound<'_, PyDict>) -> PyResult<Self> {
        let mut secrets = Vec::new();
        let tables = super::tables::tables(tables.as_any(), "", &mut secrets)?;
        let mut file = dtc_adapters::SiteFile::from_tables(&tables, Path::new("")).map_err(Failure::from)?;
        for (at, secret) in secrets {
            put(&mut file, &tables, &at, secret.get().expose())?;
        }
        Ok(Self(file))
    }

    /// What is wanted.
    #[getter]
    fn site(&self) -> Site {
        Site(self.0.site.clone())
    }

    /// What is replicated between appliances: the tables ``[[replication]]``, without their passphrases.
    #[getter]
    fn replications(&self) -> Vec<Replication> {
        self.0.replications.iter().map(|found| Replication(found.wanted.clone())).collect()
    }

    fn __repr__(&self) -> String {
        let site = &self.0.site;
        format!("<SiteFile of {:?} / {:?}>", site.organization, site.location)
    }

    #[expect(
        clippy::unused_self,
        reason = "Python calls it on what may hold secrets, which it does not give away"
    )]
    fn __reduce__(&self) -> PyResult<(&'static str,)> {
        Err(not_pickled())
    }

    /// A commented site file to fill in, with every key there is.
    #[classattr]
    const TEMPLATE: &'static str = dtc_adapters::SiteFile::TEMPLATE;
}

/// Puts a secret that was given as an object into its place.
fn put(file: &mut dtc_adapters::SiteFile, tables: &Value, at: &str, secret: &str) -> PyResult<()> {
    let given = SecretSource::value(secret.to_owned());
    let place = match at.split_once('[') {
        Some(("appliance", rest)) => of_appliance(&mut file.connections, tables, rest),
        Some(("replication", rest)) => of_replication(&mut file.replications, rest),
        _ => of_service(&mut file.connections, at),
    };
    *place.ok_or_else(|| no_secret(at))? = given;
    Ok(())
}

fn of_service<'a>(connections: &'a mut Connections, at: &str) -> Option<&'a mut SecretSource> {
    Some(match (at, &mut connections.inventory, &mut connections.vault, &mut connections.tickets) {
        ("b2.application_key", ..) => &mut connections.object_store.application_key,
        ("truenas.api_key", ..) => &mut connections.appliance.api_key,
        ("ninjaone.client_secret", Inventory::NinjaOne(ninja), ..) => &mut ninja.client_secret,
        ("itglue.api_key", _, Vault::ItGlue(itglue), _) => &mut itglue.api_key,
        ("tickets.halo.client_secret", _, _, Tickets::Halo(halo)) => &mut halo.client_secret,
        _ => return None,
    })
}

/// Appliances are kept by their names, which the table says.
fn of_appliance<'a>(
    connections: &'a mut Connections,
    tables: &Value,
    rest: &str,
) -> Option<&'a mut SecretSource> {
    let index: usize = rest.strip_suffix("].api_key")?.parse().ok()?;
    let name = tables["appliance"][index]["name"].as_str()?;
    Some(&mut connections.others.get_mut(name)?.api_key)
}

fn of_replication<'a>(all: &'a mut [SiteReplication], rest: &str) -> Option<&'a mut SecretSource> {
    let (index, field) = rest.split_once("].")?;
    let found = all.get_mut(index.parse::<usize>().ok()?)?;
    match field.strip_prefix("passphrases.") {
        Some(root) => found.passphrases.iter_mut().find(|(name, _)| name.as_str() == root).map(|(_, it)| it),
        None if field == "passphrase" => found.passphrase.as_mut(),
        None => None,
    }
}
