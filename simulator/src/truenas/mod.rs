//! The simulated TrueNAS appliances: the legacy socket and JSON-RPC, with TLS, and real directories as pools.
//!
//! An appliance is of one [`Release`] and checks arguments, roles and tasks as that release's middleware does, keeps
//! jobs with progress and events, and runs cloud sync tasks for real against the simulated B2: with rclone where there
//! is one, else with an engine of the simulator's own ([`Engine`]). The transcript holds every call as it came, secrets
//! included: they are test values.
//!
//! Snapshot tasks run when their schedules say so, by the simulation's clock: one that was due several times while the
//! clock was advanced runs once, for the last of these moments.
//!
//! Not simulated: REST, scripts of tasks, schedules of other tasks, and that a snapshot belongs to a task by the minute of
//! its schedule, too (here by its dataset and name).

#![expect(clippy::unnecessary_wraps, reason = "methods stand in one table, so all answer alike")]

mod account_rules;
mod accounts;
mod alerts;
mod api_keys;
mod arguments;
mod auth;
mod b2_access;
mod bulk;
mod call;
mod certificate;
mod cloudsync;
mod cloudsync_more;
mod cloudsync_rules;
mod conditions;
mod control_directory;
mod credentials;
mod dataset_create;
mod dataset_details;
mod dataset_export;
mod dataset_keys;
mod dataset_settings;
mod dataset_shapes;
mod dataset_summary;
mod datasets;
mod derived;
mod disk;
mod downloads;
mod engine;
mod events;
mod factory;
mod file_systems;
mod filesystem;
mod filters;
mod groups;
mod handle;
mod job_methods;
mod jobs;
mod jsonrpc;
mod keychain;
mod keychain_setup;
mod legacy;
mod login;
mod methods;
mod nas;
mod neighbours;
mod network;
mod plan;
mod pools;
mod pull;
mod query;
mod rclone;
mod refusal;
mod release;
mod replication;
mod replication_rules;
mod replication_run;
mod replication_views;
mod retention;
mod roles;
mod run;
mod scalar;
mod schedule;
mod schedules;
mod scram;
mod secret_arguments;
mod server;
mod services;
mod session;
mod sessions;
mod settings;
mod shape;
mod snapshot_changes;
mod snapshot_contents;
mod snapshot_tasks;
mod snapshots;
mod snmp;
mod socket;
mod ssh;
mod ssh_keys;
mod state;
mod system;
mod task_locks;
mod uploads;
mod user_properties;
mod users;

use std::sync::Arc;

pub use self::handle::{Handle, Job, ServiceState};
pub(crate) use self::neighbours::Neighbourhood;
pub use self::release::Release;
pub use self::settings::{Address, ApplianceSize, Arrival, Engine, PlainHttp, Settings};

use self::certificate::Certificate;
use self::disk::Disk;
use self::nas::Nas;
use crate::core::{Core, Started};
use crate::error::{Error, ErrorKind};

/// The methods of a release that change something on the appliance, or would if they were granted.
pub fn changing(release: Release) -> impl Iterator<Item = &'static str> {
    methods::changing(release)
}

/// Makes the pools and the certificate, and answers on a port of its own.
pub(crate) async fn start(
    core: &Core,
    id: Arc<str>,
    release: Release,
    settings: Settings,
    b2_url: &str,
    neighbourhood: &Neighbourhood,
) -> Result<Started<Handle, Address>, Error> {
    let random = core.random("disk", &id);
    let (pools, size) = (settings.pools.clone(), settings.size);
    let made = tokio::task::spawn_blocking(move || Disk::make(&pools, size, &random)).await;
    let failed = |source: Box<dyn std::error::Error + Send + Sync>| {
        Error::new(ErrorKind::Storage, format!("cannot make the pools of the appliance {id}"))
            .caused_by(source)
    };
    let disk = made.map_err(|e| failed(e.into()))?.map_err(|e| failed(e.into()))?;
    let certificate = Certificate::make()?;
    let (listener, port) = crate::http::listen().await?;
    let fingerprint = certificate.fingerprint().to_owned();
    let nas = Nas::new(core, Arc::clone(&id), release, settings, disk, certificate, b2_url);
    neighbourhood.join(&nas, port.port());
    core.tasks.spawn(server::accept(nas.clone(), listener));
    core.tasks.spawn(schedules::follow(nas.clone()));
    let handle = Handle::new(nas);
    let (api_key, read_only_api_key) = (handle.api_key(), handle.read_only_api_key());
    let address = Address { url: format!("wss://{port}"), release, fingerprint, api_key, read_only_api_key };
    Ok(Started { id, handle, address })
}
