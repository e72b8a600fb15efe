//! The client: which tenant it is of, and the handles for organisations, locations and devices.

use futures_util::TryStreamExt as _;
use ninja_client::{ApiOperation, Ask, Client as Ninja, ClientId, ClientSecret, Config, Region};
use pyo3::prelude::*;
use serde_json::Value;

use super::devices::{AioDevices, Devices};
use super::failure::Failure;
use super::fields::{FieldHolder, Written, name, owner, patch, scopes};
use super::locations::{AioLocations, Locations};
use super::organizations::{AioOrganizations, Organizations};
use crate::errors;
use crate::held::Held;
use crate::json::{Json, Members};
use crate::rt::{self, Access, Awaitable, Limits, Timeout};
use crate::secret::AnySecret;
use crate::service::{Settings, configured};
use crate::twins::closing_twins;

type Handle = Held<Ninja>;

fn connected(
    id: String,
    secret: &AnySecret,
    region: Option<&str>,
    base_url: Option<String>,
    settings: Settings,
) -> PyResult<Handle> {
    let region = region.map_or(Ok(Region::Us), str::parse).map_err(Failure::from)?;
    let mut config = Config::new(region, ClientId::new(id), ClientSecret::new(secret.text()));
    if let Some(url) = base_url {
        config = config.base_url(url);
    }
    let client = Ninja::new(configured!(config, settings)).map_err(Failure::from)?;
    Ok(Held::new("client", client))
}

/// What fills in a place of a path.
#[derive(FromPyObject)]
pub(crate) enum PathPart {
    Number(i64),
    Text(String),
}

/// A call of any operation.
struct Asked {
    operation: ApiOperation,
    path: Vec<PathPart>,
    query: Members,
    body: Option<Json>,
    is_answered: bool,
}

impl Asked {
    fn of(
        operation: &str,
        path: Vec<PathPart>,
        query: Members,
        body: Option<Json>,
        is_answered: bool,
    ) -> PyResult<Self> {
        let found = ninja_client::operations::all().find(|known| known.name() == operation);
        let operation = found.ok_or_else(|| {
            errors::argument("operation", operation, "is unknown", "use a name that operations() lists")
        })?;
        Ok(Self { operation, path, query, body, is_answered })
    }

    fn limits(&self, timeout: Option<Timeout>) -> Limits {
        let access = if self.operation.is_read() { Access::Read } else { Access::Write };
        Limits { operation: self.operation.name(), access, timeout }
    }

    async fn send(self, ninja: Ninja) -> Result<Json, Failure> {
        let mut ask = ninja.call(self.operation);
        for part in self.path {
            ask = match part {
                PathPart::Number(number) => ask.at(number),
                PathPart::Text(text) => ask.at(text),
            };
        }
        for (name, value) in self.query.0 {
            ask = parameter(ask, name, &value)?;
        }
        if let Some(Json(body)) = &self.body {
            ask = ask.json(body);
        }
        if self.is_answered {
            return Ok(Json(ask.send::<Value>().await?));
        }
        ask.done().await?;
        Ok(Json(Value::Null))
    }
}

fn parameter(ask: Ask, name: String, value: &Value) -> PyResult<Ask> {
    Ok(match value {
        Value::String(text) => ask.query(name, text),
        Value::Number(_) | Value::Bool(_) => ask.query(name, value),
        _ => {
            let remedy = "give a text, a number or a truth value";
            return Err(errors::argument("query parameter", &name, "has no such value", remedy));
        }
    })
}

closing_twins! {
    /// A client for one tenant of NinjaOne. It logs in at its first call, keeps its connections, and may be used by several threads.
    ///
    /// The application is one for *API Services (machine-to-machine)* with the scopes ``monitoring``, and ``management`` for writes. ``region`` is
    /// ``"us"``, ``"us2"``, ``"eu"``, ``"oc"``, ``"ca"``, ``"fed"``, ``"jp"`` or the instance's host; ``base_url`` another address instead.
    ///
    /// Every call takes ``timeout=`` in seconds, beside the time-outs of the client. A read that it ends raises ``TransportError``, a write
    /// ``OutcomeUnknown``. ``attempts`` (6) is how often a call is made that may be repeated; ``backoff`` (1 and 64) the first and the longest wait in
    /// between; ``deadline`` (300) the time for a call with everything; a ``read_only`` client refuses everything but reads before anything is sent.
    "Client" in "dtc.ninjaone" and "dtc.ninjaone.aio", Failure: Client / AioClient(Handle) {
        both {
            #[new]
            #[pyo3(signature = (
                *, client_id, client_secret, region = None, base_url = None, attempts = None, backoff = None, deadline = None,
                read_only = false
            ))]
            #[allow(clippy::too_many_arguments, reason = "Python passes them by their names")]
            #[expect(clippy::needless_pass_by_value, reason = "PyO3 hands arguments over")]
            fn new(
                client_id: String,
                client_secret: AnySecret,
                region: Option<String>,
                base_url: Option<String>,
                attempts: Option<u32>,
                backoff: Option<(Timeout, Timeout)>,
                deadline: Option<Timeout>,
                read_only: bool,
            ) -> PyResult<Self> {
                let settings = Settings { attempts, backoff, deadline, read_only };
                connected(client_id, &client_secret, region.as_deref(), base_url, settings).map(Self)
            }

            #[expect(clippy::unused_self, reason = "Python calls it on the client, of which it shows nothing")]
            fn __repr__(&self) -> &'static str {
                "Client(client_secret='***')"
            }
        }
        blocking {
            /// Organisations.
            #[getter]
            fn organizations(&self) -> Organizations {
                Organizations(self.0.clone())
            }

            /// Locations.
            #[getter]
            fn locations(&self) -> Locations {
                Locations(self.0.clone())
            }

            /// Devices.
            #[getter]
            fn devices(&self) -> Devices {
                Devices(self.0.clone())
            }

            /// Sends any operation that ``operations()`` lists, by its name, and returns its answer as Python has JSON. ``path`` fills in the braces of
            /// the operation's path from left to right, ``query`` adds parameters that it has, and ``body`` is sent as JSON. Without ``answer``,
            /// an answer of success is not read: for operations that answer nothing.
            #[pyo3(signature = (
                operation, path = Vec::new(), *, query = Members::default(), body = None, answer = true, timeout = None
            ))]
            #[allow(clippy::too_many_arguments, reason = "Python passes them by their names")]
            fn call(
                &self,
                py: Python<'_>,
                operation: &str,
                path: Vec<PathPart>,
                query: Members,
                body: Option<Json>,
                answer: bool,
                timeout: Option<Timeout>,
            ) -> PyResult<Json> {
                let asked = Asked::of(operation, path, query, body, answer)?;
                let ninja = self.0.ready()?;
                rt::block(py, &asked.limits(timeout), asked.send(ninja))
            }
        }
        asyncio {
            /// Organisations.
            #[getter]
            fn organizations(&self) -> AioOrganizations {
                AioOrganizations(self.0.clone())
            }

            /// Locations.
            #[getter]
            fn locations(&self) -> AioLocations {
                AioLocations(self.0.clone())
            }

            /// Devices.
            #[getter]
            fn devices(&self) -> AioDevices {
                AioDevices(self.0.clone())
            }

            /// Sends any operation that ``operations()`` lists, by its name, and returns its answer as Python has JSON. ``path`` fills in the braces of
            /// the operation's path from left to right, ``query`` adds parameters that it has, and ``body`` is sent as JSON. Without ``answer``,
            /// an answer of success is not read: for operations that answer nothing.
            #[pyo3(signature = (
                operation, path = Vec::new(), *, query = Members::default(), body = None, answer = true, timeout = None
            ))]
            #[allow(clippy::too_many_arguments, reason = "Python passes them by their names")]
            fn call(
                &self,
                operation: &str,
                path: Vec<PathPart>,
                query: Members,
                body: Option<Json>,
                answer: bool,
                timeout: Option<Timeout>,
            ) -> PyResult<Awaitable<Json>> {
                let asked = Asked::of(operation, path, query, body, answer)?;
                let ninja = self.0.ready()?;
                Ok(rt::awaitable(asked.limits(timeout), asked.send(ninja)))
            }
        }

        /// Sets custom fields of an organisation, of a location (both ids) or of a device, and reads them back; a field that has the wanted value is
        /// not sent, and ``None`` empties one. The fields' definitions are looked at first: a field that the API may not read or write, or a text
        /// that is too long, is refused before anything is sent.
        #[pyo3(signature = (fields, *, organization = None, location = None, device = None, timeout = None))]
        Write "write custom fields"
        fn write_fields(
            fields: Members,
            organization: Option<i32>,
            location: Option<i32>,
            device: Option<i32>,
        ) -> Written = |ninja| {
            let owner = owner(organization, location, device)?;
            let patch = patch(fields)?;
            Ok(ninja.checked_fields().await?.set(owner, &patch).await?.into())
        }

        /// Returns every organisation, location and device that has a value of these fields, with the values: how to find who holds one without asking
        /// each. ``scopes`` are ``"organization"``, ``"location"`` and ``"device"``. It is not documented how soon it shows a value that was just set.
        #[pyo3(signature = (scopes, fields, *, timeout = None))]
        Read "report_custom_fields"
        fn report_fields(scopes: Vec<String>, fields: Vec<String>) -> Vec<FieldHolder> = |ninja| {
            let scopes = self::scopes(&scopes)?;
            let fields = fields.iter().map(|field| name(field)).collect::<Result<Vec<_>, _>>()?;
            let rows: Vec<_> = ninja.custom_fields().report(&scopes, &fields).try_collect().await?;
            Ok(rows.into_iter().map(FieldHolder::from).collect())
        }
    }
}
