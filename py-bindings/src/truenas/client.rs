//! The client: which appliance it is connected to, the handles for what is on it, and calls by name.
#![expect(clippy::needless_pass_by_value, reason = "PyO3 hands arguments over")]

use pyo3::prelude::*;
use serde_json::Value;
use truenas_client::{Client as Nas, Version};

use super::alerts::{AioAlerts, Alerts};
use super::api_keys::{AioApiKeys, ApiKeys};
use super::changes::{AioChanges, AioRowsOf, Changes, RowsOf};
use super::cloud_credentials::{AioCloudCredentials, CloudCredentials};
use super::cloud_syncs::{AioCloudSyncs, CloudSyncs};
use super::datasets::{AioDatasets, Datasets};
use super::failure::Failure;
use super::features::{Support, feature};
use super::files::{AioFilesystem, Filesystem};
use super::groups::{AioGroups, Groups};
use super::interfaces::{AioInterfaces, Interfaces};
use super::jobs::{AioJobs, Jobs};
use super::keychain::{AioKeychain, Keychain};
use super::login::{Login, Waits, config, trust};
use super::member::Member;
use super::method::method;
use super::pools::{AioPools, Pools};
use super::query::Query;
use super::replications::{AioReplications, Replications};
use super::services::{AioServices, Services};
use super::sessions::{AioSessions, Sessions};
use super::shown::Shown;
use super::snapshot_tasks::{AioSnapshotTasks, SnapshotTasks};
use super::snapshots::{AioSnapshots, Snapshots};
use super::snmp::{AioSnmp, Snmp};
use super::ssh::{AioSsh, Ssh};
use super::system::{AioSystem, System};
use super::users::{AioUsers, Users};
use crate::b2::Wait;
use crate::held::Held;
use crate::json::Json;
use crate::listener::Listener;
use crate::rows::Rows;
use crate::rt::{self, Access, Awaitable, Limits, Timeout};
use crate::secret::AnySecret;
use crate::service::Settings;
use crate::twins::closing_twins;
use crate::values::{Many, Nothing};

fn values(params: Option<Vec<Json>>) -> Vec<Value> {
    params.unwrap_or_default().into_iter().map(|param| param.0).collect()
}

fn limits(operation: &'static str, reads: bool, timeout: Option<Timeout>) -> Limits {
    Limits { operation, access: if reads { Access::Read } else { Access::Write }, timeout }
}

closing_twins! {
    /// An appliance, logged in to: made by ``Client.connect``. It keeps its connection, opens it again when it is lost, and may be used by several
    /// threads.
    ///
    /// Every call takes ``timeout=`` in seconds, beside the time-outs of the client. A read that it ends raises ``TransportError``, a write
    /// ``OutcomeUnknown``: up to 25.10 a call goes on when its connection is gone.
    "Client" in "dtc.truenas" and "dtc.truenas.aio", Failure: Client / AioClient(Held<Nas>) {
        both {
            /// The appliance's release, as it was found when connecting: ``TrueNAS 25.10``.
            #[getter]
            fn release(&self) -> PyResult<String> {
                Ok(self.0.ready()?.release().to_string())
            }

            /// The version of the interface that the connection is pinned to, such as ``v25.10.1``; ``None`` before 25.04, which had no versions.
            #[getter]
            fn version(&self) -> PyResult<Option<String>> {
                Ok(self.0.ready()?.version().map(Version::to_string))
            }

            /// Whether the appliance offers a ``Feature``; calling what it does not offer raises ``ApiError`` of the kind ``unsupported``.
            fn supports(&self, feature: &str) -> PyResult<Support> {
                Ok(self.0.ready()?.supports(self::feature(feature)?).shown())
            }

            #[expect(clippy::unused_self, reason = "Python calls it on the client, of which it shows nothing")]
            fn __repr__(&self) -> &'static str {
                "Client(api_key='***')"
            }
        }
        blocking {
            /// Finds out which release the appliance is, connects in the newest way that both know, and logs in.
            ///
            /// ``address`` is a host, or ``wss://host:port``. The log-in is by ``api_key``, best with the name of its ``user``; by ``user`` and
            /// ``password``, with ``one_time_code`` where it is asked for; or by ``token``. The appliance's certificate is one that this machine
            /// trusts, one that ``certificate`` (a PEM text) has signed, or the one of this SHA-256 ``fingerprint``; there is no way to accept any.
            ///
            /// ``attempts`` (4) is how often a call is made that may be repeated; ``backoff`` (0.25 and 16) the first and the longest wait in
            /// between; ``deadline`` (120) the time for a call with everything; ``connect_timeout`` (15), ``idle_timeout`` (120) and ``minimum_rate``
            /// as of ``dtc.b2.Client``; ``on_wait`` is called before every wait. A ``read_only`` client refuses everything but reads before anything
            /// is sent.
            #[staticmethod]
            #[pyo3(signature = (
                address, *, api_key = None, user = None, password = None, one_time_code = None, token = None, fingerprint = None,
                certificate = None, attempts = None, backoff = None, deadline = None, connect_timeout = None, idle_timeout = None,
                minimum_rate = None, on_wait = None, read_only = false, timeout = None
            ))]
            #[allow(clippy::too_many_arguments, reason = "Python passes them by their names")]
            fn connect(
                py: Python<'_>,
                address: String,
                api_key: Option<AnySecret>,
                user: Option<String>,
                password: Option<AnySecret>,
                one_time_code: Option<AnySecret>,
                token: Option<AnySecret>,
                fingerprint: Option<String>,
                certificate: Option<String>,
                attempts: Option<u32>,
                backoff: Option<(Timeout, Timeout)>,
                deadline: Option<Timeout>,
                connect_timeout: Option<Timeout>,
                idle_timeout: Option<Timeout>,
                minimum_rate: Option<u32>,
                on_wait: Option<Listener<Wait>>,
                read_only: bool,
                timeout: Option<Timeout>,
            ) -> PyResult<Self> {
                let login = Login { api_key, user, password, one_time_code, token };
                let trust = trust(fingerprint.as_deref(), certificate)?;
                let settings = Settings { attempts, backoff, deadline, read_only };
                let waits = Waits { connect_timeout, idle_timeout, minimum_rate, on_wait };
                let config = config(&address, &login, trust, settings, waits)?;
                let limits = Limits { operation: "connect", access: Access::Read, timeout };
                let nas = rt::block::<_, Failure, _>(py, &limits, async move { Ok(Nas::connect(config).await?) })?;
                Ok(Self(Held::new("client", nas)))
            }

            /// Calls any method of the middleware by its name on 25.10, and returns its answer as Python has JSON: for what has no types here. A
            /// method that is a job answers with the job's number, which ``jobs.attach`` takes. With ``reads``, it is asked again when its answer is
            /// lost, and a read-only client sends it: only for what changes nothing. Without, it is sent once.
            #[pyo3(signature = (method, params = None, *, reads = false, timeout = None))]
            fn call(
                &self,
                py: Python<'_>,
                method: &str,
                params: Option<Vec<Json>>,
                reads: bool,
                timeout: Option<Timeout>,
            ) -> PyResult<Json> {
                let (nas, method) = (self.0.ready()?, self::method(method, reads)?);
                let params = values(params);
                let limits = limits(method.name(), reads, timeout);
                rt::block(py, &limits, async move { Ok::<_, Failure>(Json(nas.call::<Value>(method, &params).await?)) })
            }

            /// Has the appliance call a method once for each list of parameters, one after the other, and waits for all of them, at most for
            /// ``limit`` seconds. The outcome of each is judged by itself. It is a write, whatever the method is.
            #[pyo3(signature = (method, params, limit, *, timeout = None))]
            fn bulk(
                &self,
                py: Python<'_>,
                method: &str,
                params: Vec<Vec<Json>>,
                limit: Timeout,
                timeout: Option<Timeout>,
            ) -> PyResult<Many<Member>> {
                let (nas, method) = (self.0.ready()?, self::method(method, false)?);
                let params: Vec<_> = params.into_iter().map(|params| values(Some(params))).collect();
                let limits = limits("core.bulk", false, timeout);
                rt::block(py, &limits, async move {
                    let members = nas.bulk::<Value>(method, &params, limit.get()).await?;
                    Ok::<_, Failure>(Many(members.into_iter().map(Member::from).collect()))
                })
            }

            /// Iterates over all rows that a method such as ``pool.query`` finds, however many, a page at a time; by their ``id`` unless the query
            /// says otherwise. The query's limit, 1000 by default, is the length of a page.
            #[pyo3(signature = (method, query = None))]
            fn rows(&self, method: &str, query: Option<Query>) -> PyResult<RowsOf> {
                let (nas, method) = (self.0.ready()?, self::method(method, true)?);
                let rows = nas.rows::<Value>(method, Query::given_or_all(query.as_ref())?);
                Ok(RowsOf(Rows::new(method.name(), rows)))
            }

            /// Iterates, without end, over what happens to the rows of a collection from now on, such as ``pool.snapshottask.query``. It begins with
            /// a change of the kind ``read_anew``, and has it again whenever events may have been missed. Jobs are watched by ``jobs.changes``.
            fn changes(&self, collection: &str) -> PyResult<Changes> {
                let (nas, method) = (self.0.ready()?, self::method(collection, true)?);
                Ok(Changes(Rows::new("core.subscribe", nas.changes(method))))
            }

            /// Alerts: what the appliance wants people to know.
            #[getter]
            fn alerts(&self) -> Alerts {
                Alerts(self.0.clone())
            }

            /// API keys.
            #[getter]
            fn api_keys(&self) -> ApiKeys {
                ApiKeys(self.0.clone())
            }

            /// Credentials by which the appliance logs in to clouds.
            #[getter]
            fn cloud_credentials(&self) -> CloudCredentials {
                CloudCredentials(self.0.clone())
            }

            /// Cloud sync tasks.
            #[getter]
            fn cloud_syncs(&self) -> CloudSyncs {
                CloudSyncs(self.0.clone())
            }

            /// Datasets, their settings, user properties and keys.
            #[getter]
            fn datasets(&self) -> Datasets {
                Datasets(self.0.clone())
            }

            /// Files.
            #[getter]
            fn filesystem(&self) -> Filesystem {
                Filesystem(self.0.clone())
            }

            /// Local groups.
            #[getter]
            fn groups(&self) -> Groups {
                Groups(self.0.clone())
            }

            /// Network interfaces.
            #[getter]
            fn interfaces(&self) -> Interfaces {
                Interfaces(self.0.clone())
            }

            /// Jobs.
            #[getter]
            fn jobs(&self) -> Jobs {
                Jobs(self.0.clone())
            }

            /// SSH key pairs, and connections to other appliances.
            #[getter]
            fn keychain(&self) -> Keychain {
                Keychain(self.0.clone())
            }

            /// Pools.
            #[getter]
            fn pools(&self) -> Pools {
                Pools(self.0.clone())
            }

            /// Replication tasks.
            #[getter]
            fn replications(&self) -> Replications {
                Replications(self.0.clone())
            }

            /// Services such as SNMP and SSH.
            #[getter]
            fn services(&self) -> Services {
                Services(self.0.clone())
            }

            /// Who is logged in, and tokens.
            #[getter]
            fn sessions(&self) -> Sessions {
                Sessions(self.0.clone())
            }

            /// Periodic snapshot tasks.
            #[getter]
            fn snapshot_tasks(&self) -> SnapshotTasks {
                SnapshotTasks(self.0.clone())
            }

            /// Snapshots.
            #[getter]
            fn snapshots(&self) -> Snapshots {
                Snapshots(self.0.clone())
            }

            /// SNMP.
            #[getter]
            fn snmp(&self) -> Snmp {
                Snmp(self.0.clone())
            }

            /// The SSH service.
            #[getter]
            fn ssh(&self) -> Ssh {
                Ssh(self.0.clone())
            }

            /// The appliance itself.
            #[getter]
            fn system(&self) -> System {
                System(self.0.clone())
            }

            /// Local users.
            #[getter]
            fn users(&self) -> Users {
                Users(self.0.clone())
            }
        }
        asyncio {
            /// Finds out which release the appliance is, connects in the newest way that both know, and logs in.
            ///
            /// ``address`` is a host, or ``wss://host:port``. The log-in is by ``api_key``, best with the name of its ``user``; by ``user`` and
            /// ``password``, with ``one_time_code`` where it is asked for; or by ``token``. The appliance's certificate is one that this machine
            /// trusts, one that ``certificate`` (a PEM text) has signed, or the one of this SHA-256 ``fingerprint``; there is no way to accept any.
            ///
            /// ``attempts`` (4) is how often a call is made that may be repeated; ``backoff`` (0.25 and 16) the first and the longest wait in
            /// between; ``deadline`` (120) the time for a call with everything; ``connect_timeout`` (15), ``idle_timeout`` (120) and ``minimum_rate``
            /// as of ``dtc.b2.Client``; ``on_wait`` is called before every wait. A ``read_only`` client refuses everything but reads before anything
            /// is sent.
            #[staticmethod]
            #[pyo3(signature = (
                address, *, api_key = None, user = None, password = None, one_time_code = None, token = None, fingerprint = None,
                certificate = None, attempts = None, backoff = None, deadline = None, connect_timeout = None, idle_timeout = None,
                minimum_rate = None, on_wait = None, read_only = false, timeout = None
            ))]
            #[allow(clippy::too_many_arguments, reason = "Python passes them by their names")]
            fn connect(
                address: String,
                api_key: Option<AnySecret>,
                user: Option<String>,
                password: Option<AnySecret>,
                one_time_code: Option<AnySecret>,
                token: Option<AnySecret>,
                fingerprint: Option<String>,
                certificate: Option<String>,
                attempts: Option<u32>,
                backoff: Option<(Timeout, Timeout)>,
                deadline: Option<Timeout>,
                connect_timeout: Option<Timeout>,
                idle_timeout: Option<Timeout>,
                minimum_rate: Option<u32>,
                on_wait: Option<Listener<Wait>>,
                read_only: bool,
                timeout: Option<Timeout>,
            ) -> PyResult<Awaitable<Self>> {
                let login = Login { api_key, user, password, one_time_code, token };
                let trust = trust(fingerprint.as_deref(), certificate)?;
                let settings = Settings { attempts, backoff, deadline, read_only };
                let waits = Waits { connect_timeout, idle_timeout, minimum_rate, on_wait };
                let config = config(&address, &login, trust, settings, waits)?;
                let limits = Limits { operation: "connect", access: Access::Read, timeout };
                Ok(rt::awaitable(limits, async move {
                    let nas = Nas::connect(config).await?;
                    Ok::<_, Failure>(Self(Held::new("client", nas)))
                }))
            }

            /// Calls any method of the middleware by its name on 25.10, and returns its answer as Python has JSON: for what has no types here. A
            /// method that is a job answers with the job's number, which ``jobs.attach`` takes. With ``reads``, it is asked again when its answer is
            /// lost, and a read-only client sends it: only for what changes nothing. Without, it is sent once.
            #[pyo3(signature = (method, params = None, *, reads = false, timeout = None))]
            fn call(
                &self,
                method: &str,
                params: Option<Vec<Json>>,
                reads: bool,
                timeout: Option<Timeout>,
            ) -> PyResult<Awaitable<Json>> {
                let (nas, method) = (self.0.ready()?, self::method(method, reads)?);
                let params = values(params);
                let limits = limits(method.name(), reads, timeout);
                Ok(rt::awaitable(limits, async move { Ok::<_, Failure>(Json(nas.call::<Value>(method, &params).await?)) }))
            }

            /// Has the appliance call a method once for each list of parameters, one after the other, and waits for all of them, at most for
            /// ``limit`` seconds. The outcome of each is judged by itself. It is a write, whatever the method is.
            #[pyo3(signature = (method, params, limit, *, timeout = None))]
            fn bulk(
                &self,
                method: &str,
                params: Vec<Vec<Json>>,
                limit: Timeout,
                timeout: Option<Timeout>,
            ) -> PyResult<Awaitable<Many<Member>>> {
                let (nas, method) = (self.0.ready()?, self::method(method, false)?);
                let params: Vec<_> = params.into_iter().map(|params| values(Some(params))).collect();
                let limits = limits("core.bulk", false, timeout);
                Ok(rt::awaitable(limits, async move {
                    let members = nas.bulk::<Value>(method, &params, limit.get()).await?;
                    Ok::<_, Failure>(Many(members.into_iter().map(Member::from).collect()))
                }))
            }

            /// Iterates over all rows that a method such as ``pool.query`` finds, however many, a page at a time; by their ``id`` unless the query
            /// says otherwise. The query's limit, 1000 by default, is the length of a page.
            #[pyo3(signature = (method, query = None))]
            fn rows(&self, method: &str, query: Option<Query>) -> PyResult<AioRowsOf> {
                let (nas, method) = (self.0.ready()?, self::method(method, true)?);
                let rows = nas.rows::<Value>(method, Query::given_or_all(query.as_ref())?);
                Ok(AioRowsOf(Rows::new(method.name(), rows)))
            }

            /// Iterates, without end, over what happens to the rows of a collection from now on, such as ``pool.snapshottask.query``. It begins with
            /// a change of the kind ``read_anew``, and has it again whenever events may have been missed. Jobs are watched by ``jobs.changes``.
            fn changes(&self, collection: &str) -> PyResult<AioChanges> {
                let (nas, method) = (self.0.ready()?, self::method(collection, true)?);
                Ok(AioChanges(Rows::new("core.subscribe", nas.changes(method))))
            }

            /// Alerts: what the appliance wants people to know.
            #[getter]
            fn alerts(&self) -> AioAlerts {
                AioAlerts(self.0.clone())
            }

            /// API keys.
            #[getter]
            fn api_keys(&self) -> AioApiKeys {
                AioApiKeys(self.0.clone())
            }

            /// Credentials by which the appliance logs in to clouds.
            #[getter]
            fn cloud_credentials(&self) -> AioCloudCredentials {
                AioCloudCredentials(self.0.clone())
            }

            /// Cloud sync tasks.
            #[getter]
            fn cloud_syncs(&self) -> AioCloudSyncs {
                AioCloudSyncs(self.0.clone())
            }

            /// Datasets, their settings, user properties and keys.
            #[getter]
            fn datasets(&self) -> AioDatasets {
                AioDatasets(self.0.clone())
            }

            /// Files.
            #[getter]
            fn filesystem(&self) -> AioFilesystem {
                AioFilesystem(self.0.clone())
            }

            /// Local groups.
            #[getter]
            fn groups(&self) -> AioGroups {
                AioGroups(self.0.clone())
            }

            /// Network interfaces.
            #[getter]
            fn interfaces(&self) -> AioInterfaces {
                AioInterfaces(self.0.clone())
            }

            /// Jobs.
            #[getter]
            fn jobs(&self) -> AioJobs {
                AioJobs(self.0.clone())
            }

            /// SSH key pairs, and connections to other appliances.
            #[getter]
            fn keychain(&self) -> AioKeychain {
                AioKeychain(self.0.clone())
            }

            /// Pools.
            #[getter]
            fn pools(&self) -> AioPools {
                AioPools(self.0.clone())
            }

            /// Replication tasks.
            #[getter]
            fn replications(&self) -> AioReplications {
                AioReplications(self.0.clone())
            }

            /// Services such as SNMP and SSH.
            #[getter]
            fn services(&self) -> AioServices {
                AioServices(self.0.clone())
            }

            /// Who is logged in, and tokens.
            #[getter]
            fn sessions(&self) -> AioSessions {
                AioSessions(self.0.clone())
            }

            /// Periodic snapshot tasks.
            #[getter]
            fn snapshot_tasks(&self) -> AioSnapshotTasks {
                AioSnapshotTasks(self.0.clone())
            }

            /// Snapshots.
            #[getter]
            fn snapshots(&self) -> AioSnapshots {
                AioSnapshots(self.0.clone())
            }

            /// SNMP.
            #[getter]
            fn snmp(&self) -> AioSnmp {
                AioSnmp(self.0.clone())
            }

            /// The SSH service.
            #[getter]
            fn ssh(&self) -> AioSsh {
                AioSsh(self.0.clone())
            }

            /// The appliance itself.
            #[getter]
            fn system(&self) -> AioSystem {
                AioSystem(self.0.clone())
            }

            /// Local users.
            #[getter]
            fn users(&self) -> AioUsers {
                AioUsers(self.0.clone())
            }
        }

        /// Asks the appliance for a sign of life: that it is there, and that this connection is logged in.
        #[pyo3(signature = (*, timeout = None))]
        Read "core.ping"
        fn ping() -> Nothing = |nas| {
            Ok(nas.ping().await?.shown())
        }

        /// Returns the rows that a method such as ``pool.query`` finds, as Python has JSON.
        #[pyo3(signature = (method, query = None, *, timeout = None))]
        Read "query"
        fn query(method: String, query: Option<Query>) -> Vec<Json> = |nas| {
            let method = self::method(&method, true)?;
            Ok(nas.query::<Value>(method, &Query::given_or_all(query.as_ref())?).await?.shown())
        }

        /// Returns the first row that a method such as ``pool.query`` finds. ``NotFound`` when there is none.
        #[pyo3(signature = (method, query = None, *, timeout = None))]
        Read "query"
        fn first(method: String, query: Option<Query>) -> Json = |nas| {
            let method = self::method(&method, true)?;
            Ok(nas.first::<Value>(method, &Query::given_or_all(query.as_ref())?).await?.shown())
        }

        /// Returns how many rows a method such as ``pool.query`` finds; a query's limit and order do not count.
        #[pyo3(signature = (method, query = None, *, timeout = None))]
        Read "query"
        fn count(method: String, query: Option<Query>) -> u64 = |nas| {
            let method = self::method(&method, true)?;
            Ok(nas.count(method, &Query::given_or_all(query.as_ref())?).await?)
        }
    }
}
