//! The client: which tenant it is of, and the handles for what is in it.

use halo_client::{ApplicationId, Client as Halo, ClientSecret, Config, ReportId, TicketId};
use pyo3::prelude::*;

use super::actions::{Actions, AioActions};
use super::customers::{AioAssets, AioCustomers, AioSites, Assets, Customers, Sites};
use super::failure::Failure;
use super::found::{Outcome, Status};
use super::tickets::{AioTickets, Tickets};
use crate::held::Held;
use crate::json::Members;
use crate::rt::Timeout;
use crate::secret::AnySecret;
use crate::service::{Settings, configured};
use crate::twins::closing_twins;
use crate::values::Many;

type Handle = Held<Halo>;

closing_twins! {
    /// A client for one tenant of HaloPSA. It logs in at its first call, keeps its connections, and may be used by several threads.
    ///
    /// ``base_url`` is the instance's own, such as ``https://example.halopsa.com``. The application logs in by *client credentials* and acts as an
    /// agent: what that agent may not see is missing from lists without a word. ``tenant`` is named where several share a host, ``scope`` are the
    /// scopes asked for (``all``); with ``discover`` the instance is asked where tokens are issued.
    ///
    /// Every call takes ``timeout=`` in seconds, beside the time-outs of the client. A read that it ends raises ``TransportError``, a write
    /// ``OutcomeUnknown``. ``attempts`` (8), ``backoff`` (1 and 60), ``deadline`` (420) and ``read_only`` as of ``dtc.ninjaone.Client``.
    "Client" in "dtc.halopsa" and "dtc.halopsa.aio", Failure: Client / AioClient(Handle) {
        both {
            #[new]
            #[pyo3(signature = (
                *, base_url, client_id, client_secret, tenant = None, scope = None, discover = false, attempts = None, backoff = None,
                deadline = None, read_only = false
            ))]
            #[allow(clippy::too_many_arguments, reason = "Python passes them by their names")]
            #[expect(clippy::needless_pass_by_value, reason = "PyO3 hands arguments over")]
            fn new(
                base_url: String,
                client_id: String,
                client_secret: AnySecret,
                tenant: Option<String>,
                scope: Option<String>,
                discover: bool,
                attempts: Option<u32>,
                backoff: Option<(Timeout, Timeout)>,
                deadline: Option<Timeout>,
                read_only: bool,
            ) -> PyResult<Self> {
                let secret = ClientSecret::new(client_secret.text());
                let mut config = Config::new(base_url, ApplicationId::new(client_id), secret);
                if let Some(tenant) = tenant {
                    config = config.tenant(tenant);
                }
                if let Some(scope) = scope {
                    config = config.scope(scope);
                }
                if discover {
                    config = config.discover();
                }
                let config = configured!(config, Settings { attempts, backoff, deadline, read_only });
                Ok(Self(Held::new("client", Halo::new(config).map_err(Failure::from)?)))
            }

            #[expect(clippy::unused_self, reason = "Python calls it on the client, of which it shows nothing")]
            fn __repr__(&self) -> &'static str {
                "Client(client_secret='***')"
            }
        }
        blocking {
            /// Tickets.
            #[getter]
            fn tickets(&self) -> Tickets {
                Tickets(self.0.clone())
            }

            /// Actions of tickets.
            #[getter]
            fn actions(&self) -> Actions {
                Actions(self.0.clone())
            }

            /// Customers.
            #[getter]
            fn customers(&self) -> Customers {
                Customers(self.0.clone())
            }

            /// Sites of customers.
            #[getter]
            fn sites(&self) -> Sites {
                Sites(self.0.clone())
            }

            /// Assets.
            #[getter]
            fn assets(&self) -> Assets {
                Assets(self.0.clone())
            }
        }
        asyncio {
            /// Tickets.
            #[getter]
            fn tickets(&self) -> AioTickets {
                AioTickets(self.0.clone())
            }

            /// Actions of tickets.
            #[getter]
            fn actions(&self) -> AioActions {
                AioActions(self.0.clone())
            }

            /// Customers.
            #[getter]
            fn customers(&self) -> AioCustomers {
                AioCustomers(self.0.clone())
            }

            /// Sites of customers.
            #[getter]
            fn sites(&self) -> AioSites {
                AioSites(self.0.clone())
            }

            /// Assets.
            #[getter]
            fn assets(&self) -> AioAssets {
                AioAssets(self.0.clone())
            }
        }

        /// Returns every status that the tenant knows.
        #[pyo3(signature = (*, timeout = None))]
        Read "list_statuses"
        fn statuses() -> Many<Status> = |halo| {
            Ok(Many(halo.statuses().list().await?.into_iter().map(Status::from).collect()))
        }

        /// Returns the kinds of action that the agent may run on this ticket.
        #[pyo3(signature = (ticket, *, timeout = None))]
        Read "list_outcomes"
        fn outcomes(ticket: u64) -> Many<Outcome> = |halo| {
            let found = halo.outcomes().of(TicketId::new(ticket)).await?;
            Ok(Many(found.into_iter().map(Outcome::from).collect()))
        }

        /// Runs a report that is stored in HaloPSA, and returns its rows as Python has JSON: for whatever else is in HaloPSA.
        #[pyo3(signature = (report, *, timeout = None))]
        Read "run_report"
        fn run_report(report: u64) -> Many<Members> = |halo| {
            Ok(Many(halo.reports().run(ReportId::new(report)).await?.into_iter().map(Members).collect()))
        }
    }
}
