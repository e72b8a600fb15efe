//! Pools.

use truenas_client::pools as there;
use truenas_client::{Client as Nas, PoolId};

use super::failure::Failure;
use super::shown::{Float, Shown, found, words};
use crate::held::Held;
use crate::twins::twins;
use crate::values::{Many, Time};

words!(there::PoolStatus);

found! {
    /// A data pool.
    Pool of there::Pool {
        /// Its row on this appliance.
        id: i64,
        /// Its name, which is also its root dataset's.
        name: String,
        /// Its own identity, which survives export and import.
        guid: String,
        /// Where it is mounted, ``/mnt/{name}``.
        path: String,
        /// How it is.
        status: String,
        /// Whether nothing is wrong with it.
        healthy: bool,
        /// Whether it works, and something about it is to be looked at.
        warning: bool,
        /// What is to be looked at, in a word, such as ``OK`` or ``FEAT_DISABLED``.
        status_code: Option<String> = None,
        /// What is to be looked at, in words.
        status_detail: Option<String> = None,
        /// Whether it has every feature of the appliance's ZFS.
        is_upgraded: Option<bool> = None,
        /// Its size in bytes; none while it is offline.
        size: Option<u64> = None,
        /// Bytes in use; none while it is offline.
        allocated: Option<u64> = None,
        /// Bytes free; none while it is offline.
        free: Option<u64> = None,
        /// Bytes that are being freed; none while it is offline.
        freeing: Option<u64> = None,
        /// How much of what is free is in pieces, in percent.
        fragmentation: Option<u32> = None,
        /// Whether what is freed is trimmed on the devices at once.
        autotrim: Option<bool> = None,
        /// The last check of its content, or its last rebuilding.
        scan: Option<Scan> = None,
        /// What it is made of; none while it is offline.
        topology: Option<Topology> = None,
        /// Bytes that the table of deduplication takes; from 25.04 on.
        dedup_table_size: Option<u64> = None,
        /// The most that it may take, or ``auto``; from 25.04 on.
        dedup_table_quota: Option<String> = None,
        /// Whether every disk encrypts by itself; on 26, where it is known.
        all_sed: Option<bool> = None,
    }
}

found! {
    /// A check of a pool's content, or its rebuilding.
    Scan of there::Scan {
        /// ``SCRUB`` or ``RESILVER``; none while there was neither.
        function: Option<String> = None,
        /// ``SCANNING``, ``FINISHED`` or ``CANCELED``.
        state: Option<String> = None,
        /// When it began.
        started: Option<Time> = None,
        /// When it ended.
        ended: Option<Time> = None,
        /// How far it is, 0 to 100.
        percentage: Option<Float> = None,
        /// How many errors it found.
        errors: Option<u64> = None,
        /// How many bytes there are to look at.
        bytes_to_process: Option<u64> = None,
        /// How many were looked at.
        bytes_processed: Option<u64> = None,
    }
}

found! {
    /// What a pool is made of.
    Topology of there::Topology {
        /// What holds its content.
        data: Vec<Device>,
        /// What holds what is still to be written.
        log: Vec<Device>,
        /// What holds copies for reading.
        cache: Vec<Device>,
        /// What takes the place of a device that fails.
        spare: Vec<Device>,
        /// What holds metadata and small blocks.
        special: Vec<Device>,
        /// What holds the table of deduplication.
        dedup: Vec<Device>,
    }
}

found! {
    /// A device of a pool: a disk, or several together.
    Device of there::Device {
        /// Its name in the pool.
        name: Option<String> = None,
        /// ``DISK``, ``MIRROR``, ``RAIDZ1`` and so on.
        kind: Option<String> = None,
        /// Its own identity.
        guid: Option<String> = None,
        /// How it is.
        status: Option<String> = None,
        /// Which disk it is.
        disk: Option<String> = None,
        /// What it is made of.
        children: Vec<Device>,
    }
}

twins! {
    /// Pools.
    "Pools" in "dtc.truenas" and "dtc.truenas.aio", Failure: Pools / AioPools(Held<Nas>) {
        both {}
        blocking {}
        asyncio {}

        /// Every data pool that the appliance knows, imported or offline.
        ///
        /// Errors by their ``kind``: Those of every reading call.
        #[pyo3(signature = (*, timeout = None))]
        Read "pool.query"
        fn list() -> Many<Pool> = |nas| {
            Ok(nas.pools().list().await?.shown())
        }

        /// One pool.
        ///
        /// Errors by their ``kind``: ``not_found``, and those of every reading call.
        #[pyo3(signature = (id, *, timeout = None))]
        Read "pool.query"
        fn get(id: i64) -> Pool = |nas| {
            Ok(nas.pools().get(PoolId::new(id)).await?.shown())
        }
    }
}
