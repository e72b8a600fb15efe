//! What a simulated appliance is like, and where it answers.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::time::Duration;

use serde::{Serialize, Serializer};

use super::release::Release;

/// Where an appliance answers and what it accepts.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Address {
    /// `wss://127.0.0.1:…`, to be pinned by `fingerprint`.
    pub url: String,
    /// Its release, as `13.3`.
    #[serde(serialize_with = "as_text")]
    pub release: Release,
    /// SHA-256 of the appliance's certificate: 64 hexadecimal digits, lower case.
    pub fingerprint: String,
    /// An API key that may do everything.
    pub api_key: String,
    /// An API key that may only read, and to whom secrets show as asterisks.
    pub read_only_api_key: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's own signature")]
fn as_text<S: Serializer>(release: &Release, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(release)
}

/// How much data an appliance's pools hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ApplianceSize {
    /// Some 75 MiB over two pools, one file of 30 MiB among them.
    #[default]
    Full,
    /// The same names with a few bytes each, less than 1 MiB in all: for tests that start many appliances.
    Tiny,
}

/// What runs an appliance's cloud sync tasks.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Engine {
    /// The real rclone, this program.
    Rclone(PathBuf),
    /// The simulator's own engine, which shares its code with a client that decrypts by rclone-crypt.
    Own,
}

/// How clients that speak TLS arrive at the appliance.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Arrival {
    /// Over TLS all the way.
    #[default]
    Tls,
    /// Over a proxy that ends their TLS and speaks HTTP to the appliance.
    PlainProxy,
}

/// What a client meets that speaks HTTP without TLS to the appliance's port.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum PlainHttp {
    /// The connection ends, as at a port for TLS only.
    #[default]
    Refused,
    /// Every request is redirected to HTTPS by 307, as with the setting `ui_httpsredirect`.
    Redirected,
    /// Requests are answered as over TLS.
    Served,
}

/// What an appliance is like when it starts.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Names of the data pools (default `pool0` and `pool1`). The first has a volume, `vm-disk`.
    pub pools: Vec<String>,
    /// How much data they hold.
    pub size: ApplianceSize,
    /// The appliance's host name (default `nas01`).
    pub host_name: String,
    /// Its time zone, an IANA name (default `Etc/UTC`).
    pub time_zone: String,
    /// The IP address that it says it has (default `192.0.2.10`).
    pub address: String,
    /// Its hardware address (default `3c:ec:ef:01:02:03`).
    pub mac_address: String,
    /// How long a WebSocket may send nothing to its client before the proxy in front of the middleware closes it
    /// (default 60 seconds, nginx's own). An answer, an event or the pong to a ping starts the time anew.
    pub idle_limit: Duration,
    /// How the appliance sees its clients arrive (default: over TLS). What a key that arrives in the clear comes to depends
    /// on it, and on `client_address`.
    pub arrival: Arrival,
    /// The address that the appliance sees its clients at (default `127.0.0.1`).
    pub client_address: IpAddr,
    /// What a client meets that speaks without TLS (default: nothing).
    pub plain_http: PlainHttp,
    /// How long after a snapshot task is made it runs once besides its schedule, by the simulation's clock, for whoever
    /// wants to see a snapshot without waiting for the hour (default: it does not, as a real appliance's does not).
    pub first_snapshot: Option<Duration>,
    /// Whether callers wait who are refused at the door, as a real appliance makes them (default: they do not, so that
    /// tests are fast): a login that fails is answered after a second, one call too many before a login after 1 to 10
    /// seconds, by the simulation's clock.
    pub login_penalty: bool,
}

impl Default for Settings {
    /// The first appliance of a location.
    fn default() -> Self {
        Self::numbered(1)
    }
}

impl Settings {
    /// The defaults of the `number`-th appliance of a location, counted from 1: host name, IP address and hardware
    /// address differ from the others' (for the second: `nas02`, `192.0.2.19`, `3c:ec:ef:01:02:04`).
    pub fn numbered(number: u8) -> Self {
        Self {
            pools: vec!["pool0".to_owned(), "pool1".to_owned()],
            size: ApplianceSize::default(),
            host_name: format!("nas{number:02}"),
            time_zone: "Etc/UTC".to_owned(),
            address: format!("192.0.2.{}", number.wrapping_mul(9).wrapping_add(1)),
            mac_address: format!("3c:ec:ef:01:02:{:02x}", number.wrapping_add(2)),
            idle_limit: Duration::from_mins(1),
            arrival: Arrival::default(),
            client_address: IpAddr::V4(Ipv4Addr::LOCALHOST),
            plain_http: PlainHttp::default(),
            first_snapshot: None,
            login_penalty: false,
        }
    }
}
