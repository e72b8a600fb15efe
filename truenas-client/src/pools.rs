//! Pools. The boot pool is not among them.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::call::Call;
use crate::operations;
use crate::query::Query;
use crate::{Client, Error, PoolId};

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
}

/// A data pool.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
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
    /// Its size in bytes; none while it is offline.
    #[serde(default)]
    pub size: Option<u64>,
    /// Bytes in use; none while it is offline.
    #[serde(default)]
    pub allocated: Option<u64>,
    /// Bytes free; none while it is offline.
    #[serde(default)]
    pub free: Option<u64>,
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
