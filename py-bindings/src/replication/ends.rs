//! Both ends of one replication, connected.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use dtc_adapters::{
    Connections, SecretReader, SecretSource, SiteReplication, connect_end_views, connect_ends,
};
use dtc_naming::DatasetName;
use dtc_provision::Site;
use dtc_provision::jiff::Timestamp;
use dtc_provision::ports::Waits;
use dtc_provision::replication::{self, EndViews, Given, KeyFile, Passphrases};
use pyo3::prelude::*;

use super::found::{Observed, Plan, Report, UnlockReport};
use crate::errors;
use crate::held::Held;
use crate::listener::Listener;
use crate::provision::applying::{Recipient, Telling, unless_raised};
use crate::provision::consents::{self, RecordedConsent};
use crate::provision::event::Event;
use crate::provision::failure::Failure;
use crate::provision::replicated::Replication;
use crate::provision::services::{self, Bound, bind, read_only as refused};
use crate::provision::site::SiteFile;
use crate::provision::vault::PythonVault;
use crate::rt::{self, Access, Awaitable, Limits, Timeout};
use crate::secret::AnySecret;
use crate::twins::closing_twins;
use crate::values::Time;

/// Which replication: itself, or by its name in the site file.
#[derive(FromPyObject)]
pub(crate) enum AnyReplication {
    Value(Replication),
    Name(String),
}

/// The appliances, to be written or to be read only.
enum Both {
    Ends(replication::Ends),
    Views(EndViews),
}

/// Everything that a replication acts on.
pub(crate) struct Connected {
    site: Site,
    replication: SiteReplication,
    reader: SecretReader,
    services: Bound,
    both: Both,
}

impl Connected {
    fn views(&self) -> EndViews {
        match &self.both {
            Both::Ends(ends) => ends.views(),
            Both::Views(views) => views.clone(),
        }
    }

    fn ends(&self) -> Result<&replication::Ends, Failure> {
        match &self.both {
            Both::Ends(ends) => Ok(ends),
            Both::Views(_) => Err(refused().into()),
        }
    }

    async fn passphrases(&self) -> Result<Passphrases, Failure> {
        Ok(self.replication.read_passphrases(&self.reader).await?)
    }

    async fn observe(&self) -> Result<Observed, Failure> {
        let (wanted, views) = (&self.replication.wanted, self.services.views());
        Ok(Observed(replication::observe(&self.site, wanted, &views, &self.views()).await?))
    }

    async fn plan(&self, seen: Option<Observed>) -> Result<Plan, Failure> {
        let passphrases = self.passphrases().await?;
        let seen = match seen {
            Some(seen) => seen,
            None => self.observe().await?,
        };
        Ok(Plan(replication::plan(&self.replication.wanted, &seen.0, &passphrases)?))
    }

    async fn apply(
        &self,
        plan: Plan,
        given: Vec<RecordedConsent>,
        recipient: Recipient,
    ) -> Result<Report, Failure> {
        let (ports, ends) = (self.services.clone().ports()?, self.ends()?);
        let passphrases = self.passphrases().await?;
        let given = services::consents(given);
        let consents = consents::gather(plan.0.questions(), &given, ports.clock.now())?;
        let given = Given { plan: &plan.0, consents, passphrases };
        let (mut journal, raised) = Telling::new(recipient);
        let wanted = &self.replication.wanted;
        let applied = replication::apply(&self.site, wanted, given, (&ports, ends), &mut journal);
        Ok(unless_raised(raised, applied).await?.into())
    }

    async fn verify(&self, at: Option<Time>) -> Result<Report, Failure> {
        let now = at.map_or_else(|| Ok(Timestamp::now()), consents::timestamp)?;
        let (wanted, views) = (&self.replication.wanted, self.services.views());
        Ok(replication::verify(&self.site, wanted, &views, &self.views(), now).await?.into())
    }

    async fn unlock(&self, key_file: Option<PathBuf>) -> Result<UnlockReport, Failure> {
        let (views, ends) = (self.services.views(), self.ends()?);
        let (wanted, to) = (&self.replication.wanted, ends.to.as_ref());
        let Some(path) = key_file else {
            return Ok(replication::unlock(&self.site, wanted, &views, to).await?.into());
        };
        let text = SecretSource::File(path).read("the key file").await?;
        let keys = KeyFile::parse(&text).map_err(dtc_provision::Error::from)?;
        Ok(replication::unlock_by(wanted, &keys, to).await?.into())
    }
}

closing_twins! {
    /// Both ends of one replication, connected by ``connect``, with the services that it needs: the inventory and the vault.
    ///
    /// Every call takes ``timeout=`` in seconds, after which it raises ``TransportError``, or ``OutcomeUnknown`` where something may have been
    /// written. What goes wrong raises a subclass of :class:`dtc.exceptions.DtcError`.
    "Ends" in "dtc.replication" and "dtc.replication.aio", Failure: Ends / AioEnds(Held<Arc<Connected>>) {
        both {
            /// What is replicated.
            #[getter]
            fn replication(&self) -> PyResult<Replication> {
                Ok(Replication(self.0.ready()?.replication.wanted.clone()))
            }

            fn __repr__(&self) -> String {
                match self.0.ready() {
                    Ok(connected) => format!("<Ends of {:?}>", errors::shown(&connected.replication.wanted.name)),
                    Err(_) => "<Ends, closed>".to_owned(),
                }
            }
        }
        blocking {}
        asyncio {}

        /// Looks at both ends and the vault. Writes nothing.
        #[pyo3(signature = (*, timeout = None))]
        Read "observe"
        fn observe() -> Observed = |at| {
            at.observe().await
        }

        /// Plans from what was ``seen``, or looks first. Writes nothing.
        ///
        /// What R1 to R5 ask for and is not so raises ``Refused``, all of it at once; what else stops it stands in its ``also``.
        #[pyo3(signature = (seen = None, *, timeout = None))]
        Read "plan"
        fn plan(seen: Option<Observed>) -> Plan = |at| {
            at.plan(seen).await
        }

        /// Carries a plan out, follows the run to its end, and proves that the destination opens with the vault's keys. The plan is held against the
        /// world first: a stale one raises ``Refused``, as does a consent that is missing, before anything is written.
        ///
        /// ``on_event`` is called with every :class:`dtc.provision.Event`; what it raises ends the apply and is raised here. Whatever ends it, at
        /// whatever moment: what is done stays done, and a new plan does the rest.
        #[pyo3(signature = (plan, *, consents = Vec::new(), on_event = None, timeout = None))]
        Write "apply"
        fn apply(plan: Plan, consents: Vec<RecordedConsent>, on_event: Option<Listener<Event>>) -> Report = |at| {
            at.apply(plan, consents, on_event.into()).await
        }

        /// Judges the replication by both ends and the vault, as of now or of ``at``. Writes nothing, and unlocks nothing.
        #[pyo3(signature = (*, at = None, timeout = None))]
        Read "verify"
        fn verify(at: Option<Time>) -> Report = |connected| {
            connected.verify(at).await
        }

        /// Opens what has arrived with the keys that the vault holds, down to the datasets that arrived as encryption roots of their own; or with
        /// ``key_file``, a file of keys that was downloaded from either appliance, and then the vault is not asked. On Unix nobody but its owner may
        /// read that file.
        #[pyo3(signature = (*, key_file = None, timeout = None))]
        Write "unlock"
        fn unlock(key_file: Option<PathBuf>) -> UnlockReport = |at| {
            at.unlock(key_file).await
        }
    }
}

/// Keys and passphrases that `connect` is given.
struct Secrets {
    passphrase: Option<AnySecret>,
    key: Option<AnySecret>,
    of_sources: Option<BTreeMap<String, AnySecret>>,
}

/// What `connect` is given, taken out of Python's hands.
struct Settings {
    site: Site,
    replication: SiteReplication,
    connections: Connections,
    waits: Waits,
    vault: Option<PythonVault>,
    read_only: bool,
}

impl Settings {
    fn new(
        file: &SiteFile,
        wanted: Option<AnyReplication>,
        secrets: Secrets,
        read_only: bool,
        (vault, vault_timeout): (Option<&pyo3::Bound<'_, PyAny>>, Option<Timeout>),
    ) -> PyResult<Self> {
        let mut replication = match wanted {
            Some(AnyReplication::Value(wanted)) => file.0.with_passphrases(wanted.0),
            Some(AnyReplication::Name(name)) => {
                file.0.replication(Some(&name)).map_err(Failure::from)?.clone()
            }
            None => file.0.replication(None).map_err(Failure::from)?.clone(),
        };
        let Secrets { passphrase, key, of_sources } = secrets;
        if let Some(secret) = passphrase {
            replication.passphrase = Some(secret.source().map_err(Failure::from)?);
        }
        if let Some(secret) = key {
            replication.key = Some(secret.source().map_err(Failure::from)?);
        }
        if let Some(of_sources) = of_sources {
            let given = of_sources.iter().map(|(root, secret)| {
                let root: DatasetName = root.parse().map_err(|error| errors::validation(&error))?;
                Ok((root, secret.source().map_err(Failure::from)?))
            });
            replication.passphrases = given.collect::<PyResult<_>>()?;
        }
        let (connections, waits, vault) = services::settings(file, None, vault, vault_timeout)?;
        Ok(Self { site: file.0.site.clone(), replication, connections, waits, vault, read_only })
    }

    async fn connect(self) -> Result<Held<Arc<Connected>>, Failure> {
        let Self { site, replication, connections, waits, vault, read_only } = self;
        let (from, to) = (&replication.wanted.from, &replication.wanted.to);
        let both = if read_only {
            Both::Views(connect_end_views(&connections, from, to).await?)
        } else {
            Both::Ends(connect_ends(&connections, from, to).await?)
        };
        let services = bind(&connections, waits, vault, read_only).await?;
        let reader = SecretReader::new(connections.one_password);
        let connected = Connected { site, replication, reader, services, both };
        Ok(Held::new("replication", Arc::new(connected)))
    }
}

fn limits(timeout: Option<Timeout>) -> Limits {
    Limits { operation: "connect", access: Access::Read, timeout }
}

/// Connects to both ends of a replication: one of the site file's by its name, its only one, or one of your own between its appliances.
///
/// ``passphrase`` or ``key`` is the destination's own, the latter 64 hexadecimal digits, and ``passphrases`` are those of sources, by their
/// encryption roots: a :class:`dtc.crypt.Secret` each, or where it is (``"env:NAME"``, ``"file:PATH"``, ``"op://vault/item/field"``). Unless given they are those that the site file names for a
/// replication of this name. They are read when a plan is made or applied.
///
/// ``read_only`` ends are enough to observe, plan and verify. ``vault`` is an object of one's own in the place of IT Glue; see
/// :class:`dtc.provision.Vault`.
#[pyfunction]
#[pyo3(signature = (file, replication = None, *, passphrase = None, key = None, passphrases = None, read_only = false, vault = None, vault_timeout = None, timeout = None))]
#[expect(clippy::too_many_arguments, reason = "Python passes them by their names")]
pub(crate) fn connect(
    py: Python<'_>,
    file: &SiteFile,
    replication: Option<AnyReplication>,
    passphrase: Option<AnySecret>,
    key: Option<AnySecret>,
    passphrases: Option<BTreeMap<String, AnySecret>>,
    read_only: bool,
    vault: Option<&pyo3::Bound<'_, PyAny>>,
    vault_timeout: Option<Timeout>,
    timeout: Option<Timeout>,
) -> PyResult<Ends> {
    let secrets = Secrets { passphrase, key, of_sources: passphrases };
    let settings = Settings::new(file, replication, secrets, read_only, (vault, vault_timeout))?;
    rt::block(py, &limits(timeout), settings.connect()).map(Ends)
}

/// Connects to both ends of a replication, as :func:`dtc.replication.connect` does.
#[pyfunction]
#[pyo3(name = "connect", signature = (file, replication = None, *, passphrase = None, key = None, passphrases = None, read_only = false, vault = None, vault_timeout = None, timeout = None))]
#[expect(clippy::too_many_arguments, reason = "Python passes them by their names")]
pub(crate) fn connect_async(
    file: &SiteFile,
    replication: Option<AnyReplication>,
    passphrase: Option<AnySecret>,
    key: Option<AnySecret>,
    passphrases: Option<BTreeMap<String, AnySecret>>,
    read_only: bool,
    vault: Option<&pyo3::Bound<'_, PyAny>>,
    vault_timeout: Option<Timeout>,
    timeout: Option<Timeout>,
) -> PyResult<Awaitable<AioEnds>> {
    let secrets = Secrets { passphrase, key, of_sources: passphrases };
    let settings = Settings::new(file, replication, secrets, read_only, (vault, vault_timeout))?;
    Ok(rt::awaitable(limits(timeout), async move { settings.connect().await.map(AioEnds) }))
}
