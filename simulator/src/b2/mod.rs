//! The simulated Backblaze B2: its native interface, versions 1 to 4.

mod answer;
mod authorize;
mod body;
mod bucket;
mod copy;
mod download;
mod encryption;
mod fields;
mod file_name;
mod handle;
mod keys;
mod large;
mod lifecycle;
mod listing;
mod lock;
mod notifications;
mod operations;
mod receive;
mod refusal;
mod replication;
mod service;
mod settings;
mod state;
mod upload;
mod version;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};

use serde::Serialize;

pub use handle::{Handle, Refused};

use crate::error::Error;
use crate::http;
use crate::simulator::Core;
use body::Store;
use keys::{CAPABILITIES, Key, Scope};
use service::B2;
use state::State;

/// Where it answers and what it accepts.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Address {
    /// The URL to authorise at.
    pub url: String,
    /// Id of a key that may do everything.
    pub key_id: String,
    /// The key itself.
    pub application_key: String,
}

/// What to simulate.
#[derive(Debug, Clone)]
pub struct Settings {
    most_buckets: usize,
    minimum_part: u64,
    recommended_part: u64,
    memory: u64,
    md5: bool,
    short_pages: bool,
    unseen: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            most_buckets: 100,
            minimum_part: 5_000_000,
            recommended_part: 100_000_000,
            memory: 1 << 30,
            md5: true,
            short_pages: false,
            unseen: 0,
        }
    }
}

impl Settings {
    /// Sets how many buckets the account may have (default 100).
    pub fn most_buckets(mut self, most: usize) -> Self {
        self.most_buckets = most;
        self
    }

    /// Sets the account's part sizes in bytes: the smallest (default 5 MB) and the recommended (default 100 MB).
    pub fn part_sizes(mut self, minimum: u64, recommended: u64) -> Self {
        self.minimum_part = minimum;
        self.recommended_part = recommended;
        self
    }

    /// Sets how many bytes of files stay in memory (default 1 GiB); the rest goes to temporary files.
    pub fn memory(mut self, bytes: u64) -> Self {
        self.memory = bytes;
        self
    }

    /// Answers `contentMd5: null` for every file and part, as the service has done: that spares computing it.
    pub fn without_md5(mut self) -> Self {
        self.md5 = false;
        self
    }

    /// Cuts the pages of listings short at random, by the seed; some are empty and have a cursor all the same.
    pub fn short_pages(mut self) -> Self {
        self.short_pages = true;
        self
    }

    /// Lets this many requests that list buckets miss a bucket that was just made (default 0).
    pub fn new_buckets_unseen(mut self, requests: u32) -> Self {
        self.unseen = requests;
        self
    }
}

pub(crate) async fn start(core: &Core, settings: Settings) -> Result<(Handle, Address), Error> {
    let (listener, address) = http::listen().await?;
    let url = format!("http://{address}");
    let identities = core.random("b2 identities");
    let mut state = State {
        url: url.clone(),
        account_id: identities.hex(12),
        random: core.random("b2 tokens"),
        identities,
        keys: BTreeMap::new(),
        tokens: HashMap::new(),
        upload_tokens: HashMap::new(),
        download_tokens: HashMap::new(),
        buckets: BTreeMap::new(),
        taken: HashSet::new(),
        places: HashMap::new(),
        most_buckets: settings.most_buckets,
        minimum_part: settings.minimum_part,
        recommended_part: settings.recommended_part,
        next_key: 0,
        next_file: 0,
        settled: core.clock.now_millis(),
        replicating: Vec::new(),
        short_pages: settings.short_pages.then(|| core.random("b2 pages")),
        unseen: settings.unseen,
    };
    let key = owner(&mut state);
    let address = Address { url, key_id: key.scope.key_id.clone(), application_key: key.secret.clone() };
    state.keys.insert(key.scope.key_id.clone(), key);
    let b2 = Arc::new(B2 {
        state: Mutex::new(state),
        store: Store::new(settings.memory, settings.md5)?,
        clock: core.clock.clone(),
        answers: AtomicU64::new(0),
    });
    http::serve(core, listener, Arc::clone(&b2), b2.router());
    Ok((Handle { b2 }, address))
}

/// Makes the account's first key, which may do everything.
fn owner(state: &mut State) -> Key {
    Key {
        scope: Arc::new(Scope {
            key_id: state.new_key_id(),
            capabilities: CAPABILITIES.iter().map(|&capability| capability.to_owned()).collect(),
            buckets: None,
            prefix: None,
        }),
        name: "owner".to_owned(),
        secret: state.new_secret(),
        expires: None,
        v4_only: false,
    }
}
