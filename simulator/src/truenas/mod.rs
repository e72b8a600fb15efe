//! The simulated TrueNAS box: release 25.10, JSON-RPC over a WebSocket with TLS, real directories as pools.
//!
//! It checks arguments, roles and tasks as the middleware does, keeps jobs with progress and events, and runs cloud
//! sync tasks for real against the simulated B2: with rclone where there is one, else with an engine of its own
//! ([`Engine`]). The transcript holds every call as it came, secrets included: they are test values.
//!
//! Not simulated: REST and the legacy socket, pulling from a bucket, scripts of tasks, schedules (a snapshot task runs
//! shortly after it is enabled, and when [`Handle::pass_hour`] says that an hour has passed), and the seconds that the
//! middleware makes strangers wait.

#![expect(clippy::unnecessary_wraps, reason = "methods stand in one table, so all answer alike")]

mod auth;
mod b2_access;
mod certificate;
mod cloudsync;
mod cloudsync_rules;
mod credentials;
mod datasets;
mod disk;
mod engine;
mod filesystem;
mod filters;
mod handle;
mod jobs;
mod jsonrpc;
mod lanes;
mod methods;
mod nas;
mod network;
mod pools;
mod query;
mod rclone;
mod refusal;
mod run;
mod schedule;
mod server;
mod services;
mod shape;
mod snapshot_tasks;
mod snapshots;
mod snmp;
mod state;
mod system;

use std::path::PathBuf;
use std::time::Duration;

use serde::Serialize;

pub use handle::{Handle, Job, ServiceState};

use self::certificate::Certificate;
use self::disk::Disk;
use self::nas::Nas;
use crate::error::{Error, ErrorKind};
use crate::simulator::Core;

/// Where it answers and what it accepts.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Address {
    /// `wss://127.0.0.1:…`, to be pinned by `fingerprint`.
    pub url: String,
    /// SHA-256 of the box's certificate: 64 hexadecimal digits, lower case.
    pub fingerprint: String,
    /// An API key that may do everything.
    pub api_key: String,
}

/// How much lies on the box's pools.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum BoxSize {
    /// Some 75 MiB over two pools, one file of 30 MiB among them.
    #[default]
    Full,
    /// The same names with a few bytes each, less than 1 MiB in all: for tests that start many boxes.
    Tiny,
}

/// What runs the cloud sync tasks of the box.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Engine {
    /// The real rclone, this program.
    Rclone(PathBuf),
    /// The simulator's own engine, which shares its code with whoever decrypts by rclone-crypt.
    Own,
}

/// What to simulate.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Names of the data pools (default `pool0` and `pool1`). The first has a volume, `vm-disk`.
    pub pools: Vec<String>,
    /// How much lies on them.
    pub size: BoxSize,
    /// The box's host name.
    pub host_name: String,
    /// Its time zone, an IANA name (default `Etc/UTC`).
    pub time_zone: String,
    /// The address that it says it has.
    pub address: String,
    /// Its hardware address.
    pub mac_address: String,
    /// How long a WebSocket may say nothing to its client before the proxy in front of the middleware drops it
    /// (default 60 seconds, nginx's own). An answer, an event or the pong to a ping starts it anew.
    pub idle_limit: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            pools: vec!["pool0".to_owned(), "pool1".to_owned()],
            size: BoxSize::default(),
            host_name: "nas01".to_owned(),
            time_zone: "Etc/UTC".to_owned(),
            address: "192.0.2.10".to_owned(),
            mac_address: "3c:ec:ef:01:02:03".to_owned(),
            idle_limit: Duration::from_mins(1),
        }
    }
}

/// Makes the pools and the certificate, and answers on a port of its own.
pub(crate) async fn start(core: &Core, settings: Settings, b2_url: &str) -> Result<(Handle, Address), Error> {
    let random = core.random("disk");
    let (pools, size) = (settings.pools.clone(), settings.size);
    let made = tokio::task::spawn_blocking(move || Disk::make(&pools, size, &random)).await;
    let failed = |source: Box<dyn std::error::Error + Send + Sync>| {
        Error::new(ErrorKind::Storage, "cannot make the box's pools").caused_by(source)
    };
    let disk = made.map_err(|e| failed(e.into()))?.map_err(|e| failed(e.into()))?;
    let certificate = Certificate::make()?;
    let (listener, port) = crate::http::listen().await?;
    let fingerprint = certificate.fingerprint().to_owned();
    let nas = Nas::new(core, settings, disk, certificate, b2_url);
    core.tasks.spawn(server::accept(nas.clone(), listener));
    let handle = Handle::new(nas);
    let address = Address { url: format!("wss://{port}"), fingerprint, api_key: handle.api_key() };
    Ok((handle, address))
}
