//! Passwords: records with one masked value each, and notes.

use itglue_client::{
    Client as ItGlue, CreatePassword, OrganizationId, PasswordCategoryId, PasswordFilter, PasswordId,
    PasswordValue, RecordIdentity, UpdatePassword, UpsertOutcome,
};
use pyo3::prelude::*;

use super::failure::Failure;
use crate::crypt::{Secret, not_pickled};
use crate::held::Held;
use crate::rows::{Rows, listings};
use crate::secret::AnySecret;
use crate::twins::twins;
use crate::values::{object, value_class};

type Handle = Held<ItGlue>;

value_class! {
    in "dtc.itglue";
    /// A record without its value.
    Password {
        /// Its id.
        id: u64,
        /// The id of the organisation that it belongs to.
        organization_id: u64,
        /// Its label; not unique.
        name: String,
        /// The user name beside the value.
        username: Option<String> = None,
        /// The address that the value is for.
        url: Option<String> = None,
        /// Its notes; ``None`` where the answer did not say: ``Passwords.get`` says.
        notes: Option<String> = None,
        /// The id of what it is filed under.
        category_id: Option<u64> = None,
        /// The id of the configuration that it is embedded in; ``None`` for a general password, and for one embedded in something else.
        configuration_id: Option<u64> = None,
        /// Whether only some people may see it.
        restricted: bool = false,
        /// Whether it is archived.
        archived: bool = false,
        /// When it was created, as IT Glue writes it.
        created_at: Option<String> = None,
        /// When it was last changed, as IT Glue writes it.
        updated_at: Option<String> = None,
        /// When its value was last changed, as IT Glue writes it.
        value_updated_at: Option<String> = None,
        /// The page that shows it to people; it may be shown in tickets and reports.
        page: Option<String> = None,
    }
}

impl From<itglue_client::Password> for Password {
    fn from(found: itglue_client::Password) -> Self {
        Self {
            id: found.id.get(),
            organization_id: found.organization_id.get(),
            name: found.name,
            username: found.username,
            url: found.url,
            notes: found.notes.text().map(str::to_owned),
            category_id: found.category_id.map(PasswordCategoryId::get),
            configuration_id: found.configuration_id.map(itglue_client::ConfigurationId::get),
            restricted: found.restricted,
            archived: found.archived,
            created_at: found.created_at,
            updated_at: found.updated_at,
            value_updated_at: found.value_updated_at,
            page: found.page,
        }
    }
}

value_class! {
    in "dtc.itglue";
    /// A record that was shown to hold what was asked for.
    Upserted {
        /// The record as it was read at last.
        record: Password,
        /// What was done: ``"unchanged"``, ``"created"``, ``"updated"``.
        outcome: String,
        /// Whether it is embedded where the request says, or nowhere where it does not say.
        is_placed_as_asked: bool,
    }
}

impl From<itglue_client::Upserted> for Upserted {
    fn from(upserted: itglue_client::Upserted) -> Self {
        let outcome = match upserted.outcome {
            UpsertOutcome::Created => "created",
            UpsertOutcome::Updated => "updated",
            _ => "unchanged",
        };
        Self {
            record: upserted.record.into(),
            outcome: outcome.to_owned(),
            is_placed_as_asked: upserted.is_placed_as_asked,
        }
    }
}

/// A record with its value, which is not shown and not pickled.
#[pyclass(frozen, get_all, module = "dtc.itglue")]
pub(crate) struct Revealed {
    /// The record.
    record: Password,
    /// Its value.
    value: Py<Secret>,
}

#[pymethods]
impl Revealed {
    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(format!("Revealed(record={}, value=Secret('***'))", object(py, self.record.clone())?.repr()?))
    }

    #[expect(
        clippy::unused_self,
        reason = "Python calls it on the record, whose value it does not give away"
    )]
    fn __reduce__(&self) -> PyResult<(&'static str,)> {
        Err(not_pickled())
    }
}

impl Revealed {
    fn of(revealed: itglue_client::Revealed) -> PyResult<Self> {
        let value = Python::attach(|py| Py::new(py, Secret::of(revealed.value.expose())))?;
        Ok(Self { record: revealed.record.into(), value })
    }
}

listings! {
    in "dtc.itglue" and "dtc.itglue.aio", Failure;
    /// Passwords without their values, page after page as they are asked for. A row that cannot be read is raised in its place.
    "ListedPasswords": ListedPasswords / AioListedPasswords of itglue_client::Password => Password;
}

/// Which passwords, as keywords name them.
fn filter(name: Option<String>, category: Option<u64>, archived: Option<bool>) -> PasswordFilter {
    let mut filter = PasswordFilter::new();
    if let Some(name) = name {
        filter = filter.name(name);
    }
    if let Some(id) = category {
        filter = filter.category(PasswordCategoryId::new(id));
    }
    match archived {
        Some(archived) => filter.archived(archived),
        None => filter,
    }
}

/// What a record is to say beside its label and its value.
struct Texts {
    username: Option<String>,
    url: Option<String>,
    notes: Option<String>,
    category: Option<u64>,
    restricted: Option<bool>,
}

impl Texts {
    fn create(self, organization: u64, name: String, configuration: Option<u64>) -> CreatePassword {
        let mut request = CreatePassword::new(OrganizationId::new(organization), name);
        if let Some(text) = self.username {
            request = request.username(text);
        }
        if let Some(text) = self.url {
            request = request.url(text);
        }
        if let Some(text) = self.notes {
            request = request.notes(text);
        }
        if let Some(id) = self.category {
            request = request.category(PasswordCategoryId::new(id));
        }
        if let Some(restricted) = self.restricted {
            request = request.restricted(restricted);
        }
        match configuration {
            Some(id) => request.embedded_in(itglue_client::ConfigurationId::new(id)),
            None => request,
        }
    }

    fn update(self, name: Option<String>) -> UpdatePassword {
        let mut request = UpdatePassword::new();
        if let Some(text) = name {
            request = request.name(text);
        }
        if let Some(text) = self.username {
            request = request.username(text);
        }
        if let Some(text) = self.url {
            request = request.url(text);
        }
        if let Some(text) = self.notes {
            request = request.notes(text);
        }
        if let Some(id) = self.category {
            request = request.category(PasswordCategoryId::new(id));
        }
        match self.restricted {
            Some(restricted) => request.restricted(restricted),
            None => request,
        }
    }
}

fn value(secret: &AnySecret) -> PasswordValue {
    PasswordValue::new(secret.text())
}

twins! {
    /// Passwords: records with one masked value each, and notes. Nothing is ever deleted.
    "Passwords" in "dtc.itglue" and "dtc.itglue.aio", Failure: Passwords / AioPasswords(Handle) {
        both {}
        blocking {
            /// Lists the passwords of an organisation without values, archived ones too unless ``archived`` says otherwise.
            #[pyo3(signature = (organization, *, name = None, category = None, archived = None))]
            fn list(
                &self,
                organization: u64,
                name: Option<String>,
                category: Option<u64>,
                archived: Option<bool>,
            ) -> PyResult<ListedPasswords> {
                let filter = filter(name, category, archived);
                let rows = self.0.ready()?.passwords().list_matching(OrganizationId::new(organization), &filter);
                Ok(ListedPasswords(Rows::new("list_passwords", rows)))
            }
        }
        asyncio {
            /// Lists the passwords of an organisation without values, archived ones too unless ``archived`` says otherwise.
            #[pyo3(signature = (organization, *, name = None, category = None, archived = None))]
            fn list(
                &self,
                organization: u64,
                name: Option<String>,
                category: Option<u64>,
                archived: Option<bool>,
            ) -> PyResult<AioListedPasswords> {
                let filter = filter(name, category, archived);
                let rows = self.0.ready()?.passwords().list_matching(OrganizationId::new(organization), &filter);
                Ok(AioListedPasswords(Rows::new("list_passwords", rows)))
            }
        }

        /// Returns the record of this id without its value. ``NotFound`` when there is none, or it is none of ``organization``.
        #[pyo3(signature = (id, *, organization = None, timeout = None))]
        Read "get_password"
        fn get(id: u64, organization: Option<u64>) -> Password = |itglue| {
            let (passwords, id) = (itglue.passwords(), PasswordId::new(id));
            Ok(match organization {
                Some(organization) => passwords.get_in(OrganizationId::new(organization), id).await?.into(),
                None => passwords.get(id).await?.into(),
            })
        }

        /// Returns the record with its value. ``AuthError`` when the API key is not shown values, ``NotFound`` when there is no such record, it is none
        /// of ``organization``, or it has no value.
        #[pyo3(signature = (id, *, organization = None, timeout = None))]
        Read "reveal_password"
        fn reveal(id: u64, organization: Option<u64>) -> Revealed = |itglue| {
            let (passwords, id) = (itglue.passwords(), PasswordId::new(id));
            let revealed = match organization {
                Some(organization) => passwords.reveal_in(OrganizationId::new(organization), id).await?,
                None => passwords.reveal(id).await?,
            };
            Ok(Revealed::of(revealed)?)
        }

        /// Creates a record. Sent at most once: ``OutcomeUnknown`` where its answer is lost; look for it then, or use ``upsert_with_proof``.
        #[pyo3(signature = (
            organization, name, value, *, username = None, url = None, notes = None, category = None, restricted = None,
            configuration = None, timeout = None
        ))]
        Write "create_password"
        fn create(
            organization: u64,
            name: String,
            value: AnySecret,
            username: Option<String>,
            url: Option<String>,
            notes: Option<String>,
            category: Option<u64>,
            restricted: Option<bool>,
            configuration: Option<u64>,
        ) -> Password = |itglue| {
            let texts = Texts { username, url, notes, category, restricted };
            let request = texts.create(organization, name, configuration);
            Ok(itglue.passwords().create(&request, &self::value(&value)).await?.into())
        }

        /// Has one record with these lines in its notes hold this value and what is named, and proves it: it is looked for first, created or
        /// brought up to date where it must be, and read back with its value. ``identity`` are lines that no other record has, by their names.
        ///
        /// ``Conflict`` when several records have the identity; ``DataAtRisk`` when what was written does not read back: keep the value.
        #[pyo3(signature = (
            organization, name, value, identity, *, username = None, url = None, notes = None, category = None, restricted = None,
            configuration = None, timeout = None
        ))]
        Write "upsert_with_proof"
        fn upsert_with_proof(
            organization: u64,
            name: String,
            value: AnySecret,
            identity: std::collections::BTreeMap<String, String>,
            username: Option<String>,
            url: Option<String>,
            notes: Option<String>,
            category: Option<u64>,
            restricted: Option<bool>,
            configuration: Option<u64>,
        ) -> Upserted = |itglue| {
            let texts = Texts { username, url, notes, category, restricted };
            let request = texts.create(organization, name, configuration);
            let identity = RecordIdentity::new(identity)?;
            Ok(itglue.passwords().upsert_with_proof(&identity, &request, &self::value(&value)).await?.into())
        }

        /// Changes what is named of a record, and nothing else; a ``value`` replaces the old one. IT Glue keeps the version before.
        #[pyo3(signature = (
            id, *, name = None, value = None, username = None, url = None, notes = None, category = None, restricted = None, timeout = None
        ))]
        Write "update_password"
        fn update(
            id: u64,
            name: Option<String>,
            value: Option<AnySecret>,
            username: Option<String>,
            url: Option<String>,
            notes: Option<String>,
            category: Option<u64>,
            restricted: Option<bool>,
        ) -> Password = |itglue| {
            let request = Texts { username, url, notes, category, restricted }.update(name);
            let (passwords, id) = (itglue.passwords(), PasswordId::new(id));
            Ok(match value {
                Some(value) => passwords.replace_value(id, &request, &self::value(&value)).await?.into(),
                None => passwords.update(id, &request).await?.into(),
            })
        }

        /// Archives a record.
        #[pyo3(signature = (id, *, timeout = None))]
        Write "update_password"
        fn archive(id: u64) -> Password = |itglue| {
            Ok(itglue.passwords().archive(PasswordId::new(id)).await?.into())
        }
    }
}
