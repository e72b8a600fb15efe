//! Pools. The boot pool is not among them.

use std::fmt;
use std::time::SystemTime;

use serde::{Deserialize, Deserializer, Serialize};

use crate::call::Call;
use crate::operations;
use crate::query::Query;
use crate::{Client, Error, ErrorKind, PoolId};

impl Client {
    /// The appliance's data pools.
    pub fn pools(&self) -> Pools<'_> {
        Pools { client: self }
    }
}

/// Calls about pools.
#[derive(Clone, Copy, Debug)]
pub struct Pools<'a> {
    client: &'a Client,
}

impl Pools<'_> {
    /// Every data pool that the appliance knows, imported or offline.
    ///
    /// # Errors
    /// Those of every reading call.
    pub async fn list(&self) -> Result<Vec<Pool>, Error> {
        self.client.carry_out(Call::new(operations::POOL_QUERY, Query::new().params())).await
    }

    /// One pool.
    ///
    /// # Errors
    /// `NotFound`, and those of every reading call.
    pub async fn get(&self, id: PoolId) -> Result<Pool, Error> {
        let query = Query::new().equals("id", id.get());
        let found: Vec<Pool> =
            self.client.carry_out(Call::new(operations::POOL_QUERY, query.params())).await?;
        let missing = || Error::new(operations::POOL_QUERY.name(), format!("pool {id}"), ErrorKind::NotFound);
        found.into_iter().next().ok_or_else(missing)
    }
}

/// A data pool.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Pool {
    /// Its row on this appliance.
    pub id: PoolId,
    /// Its name, which is also its root dataset's.
    pub name: String,
    /// Its own identity, which survives export and import.
    pub guid: String,
    /// Where it is mounted, `/mnt/{name}`.
    pub path: String,
    /// How it is.
    pub status: PoolStatus,
    /// Whether nothing is wrong with it.
    pub healthy: bool,
    /// Whether it works, and something about it is to be looked at.
    #[serde(default)]
    pub warning: bool,
    /// What is to be looked at, in a word, such as `OK` or `FEAT_DISABLED`.
    #[serde(default)]
    pub status_code: Option<String>,
    /// What is to be looked at, in words.
    #[serde(default)]
    pub status_detail: Option<String>,
    /// Whether it has every feature of the appliance's ZFS.
    #[serde(default)]
    pub is_upgraded: Option<bool>,
    /// Its size in bytes; none while it is offline.
    #[serde(default)]
    pub size: Option<u64>,
    /// Bytes in use; none while it is offline.
    #[serde(default)]
    pub allocated: Option<u64>,
    /// Bytes free; none while it is offline.
    #[serde(default)]
    pub free: Option<u64>,
    /// Bytes that are being freed; none while it is offline.
    #[serde(default)]
    pub freeing: Option<u64>,
    /// How much of what is free is in pieces, in percent.
    #[serde(default, deserialize_with = "percent")]
    pub fragmentation: Option<u32>,
    /// Whether what is freed is trimmed on the devices at once.
    #[serde(default, deserialize_with = "on")]
    pub autotrim: Option<bool>,
    /// The last check of its content, or its last rebuilding.
    #[serde(default, deserialize_with = "scan")]
    pub scan: Option<Scan>,
    /// What it is made of; none while it is offline.
    #[serde(default)]
    pub topology: Option<Topology>,
    /// Bytes that the table of deduplication takes; from 25.04 on.
    #[serde(default)]
    pub dedup_table_size: Option<u64>,
    /// The most that it may take, or `auto`; from 25.04 on.
    #[serde(default)]
    pub dedup_table_quota: Option<String>,
    /// Whether every disk encrypts by itself; on 26, where it is known.
    #[serde(default)]
    pub all_sed: Option<bool>,
}

/// A check of a pool's content, or its rebuilding.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Scan {
    /// `SCRUB` or `RESILVER`; none while there was neither.
    #[serde(default)]
    pub function: Option<String>,
    /// `SCANNING`, `FINISHED` or `CANCELED`.
    #[serde(default)]
    pub state: Option<String>,
    /// When it began.
    #[serde(default, rename = "start_time", deserialize_with = "crate::ejson::moment")]
    pub started: Option<SystemTime>,
    /// When it ended.
    #[serde(default, rename = "end_time", deserialize_with = "crate::ejson::moment")]
    pub ended: Option<SystemTime>,
    /// How far it is, 0 to 100.
    #[serde(default)]
    pub percentage: Option<f64>,
    /// How many errors it found.
    #[serde(default)]
    pub errors: Option<u64>,
    /// How many bytes there are to look at.
    #[serde(default)]
    pub bytes_to_process: Option<u64>,
    /// How many were looked at.
    #[serde(default)]
    pub bytes_processed: Option<u64>,
}

/// What a pool is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Topology {
    /// What holds its content.
    pub data: Vec<Device>,
    /// What holds what is still to be written.
    pub log: Vec<Device>,
    /// What holds copies for reading.
    pub cache: Vec<Device>,
    /// What takes the place of a device that fails.
    pub spare: Vec<Device>,
    /// What holds metadata and small blocks.
    pub special: Vec<Device>,
    /// What holds the table of deduplication.
    pub dedup: Vec<Device>,
}

/// A device of a pool: a disk, or several together.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Device {
    /// Its name in the pool.
    #[serde(default)]
    pub name: Option<String>,
    /// `DISK`, `MIRROR`, `RAIDZ1` and so on.
    #[serde(rename = "type", default)]
    pub kind: Option<String>,
    /// Its own identity.
    #[serde(default)]
    pub guid: Option<String>,
    /// How it is.
    #[serde(default)]
    pub status: Option<PoolStatus>,
    /// Which disk it is.
    #[serde(default)]
    pub disk: Option<String>,
    /// What it is made of.
    #[serde(default)]
    pub children: Vec<Device>,
}

/// How a pool is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[non_exhaustive]
pub enum PoolStatus {
    /// All of it is there.
    Online,
    /// It works, with a device missing or failing.
    Degraded,
    /// It does not work: too much is missing.
    Faulted,
    /// It is not imported, or its encryption is locked.
    Offline,
    /// A status of a newer release.
    #[serde(untagged)]
    Unknown(String),
}

impl fmt::Display for PoolStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Online => "ONLINE",
            Self::Degraded => "DEGRADED",
            Self::Faulted => "FAULTED",
            Self::Offline => "OFFLINE",
            Self::Unknown(text) => text,
        })
    }
}

/// A number as text, which older releases write with a sign for percent.
fn percent<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u32>, D::Error> {
    let text = Option::<String>::deserialize(from)?;
    Ok(text.and_then(|text| text.trim_end_matches('%').parse().ok()))
}

/// `{"value": "on", …}`; an offline pool has none.
fn on<'de, D: Deserializer<'de>>(from: D) -> Result<Option<bool>, D::Error> {
    #[derive(Deserialize)]
    struct Wire {
        #[serde(default)]
        value: Option<String>,
    }
    let wire = Option::<Wire>::deserialize(from)?;
    Ok(wire.and_then(|wire| wire.value).map(|value| value.eq_ignore_ascii_case("on")))
}

/// A pool that was never checked has an empty one, or one whose members are all null.
fn scan<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Scan>, D::Error> {
    let scan = Option::<Scan>::deserialize(from)?;
    Ok(scan.filter(|scan| scan.function.is_some()))
}
