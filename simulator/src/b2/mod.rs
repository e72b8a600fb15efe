//! The simulated Backblaze B2: its native interface, versions 1 to 4, with any number of accounts behind one address.
//!
//! The key that a client shows decides the account. An account's keys reach its own buckets only; bucket names are
//! unique over all accounts. Replication between accounts is not simulated.

mod account;
mod answer;
mod authorize;
mod body;
mod bucket;
mod copy;
mod download;
mod encryption;
mod endpoint;
mod fields;
mod file_name;
mod handle;
mod keys;
mod large;
mod lifecycle;
mod listing;
mod lock;
mod names;
mod new_file;
mod notifications;
mod operations;
mod receive;
mod refusal;
mod replication;
mod settings;
mod state;
mod upload;
mod version;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde::Serialize;

pub use self::handle::{Handle, Refused, Unencrypted};

use self::account::Account;
use self::body::Store;
use self::endpoint::Endpoint;
use self::keys::{CAPABILITIES, Key, Scope};
use self::names::BucketNames;
use self::state::State;
use crate::core::{Core, Started};
use crate::error::Error;
use crate::http;
use crate::instances::{Divided, Instances};
use crate::request::Access;

/// Where B2 answers, and a key of one account.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Address {
    /// The URL to authorise at, the same for every account.
    pub url: String,
    /// Id of a key that may do everything in its account.
    pub key_id: String,
    /// The key itself.
    pub application_key: String,
}

/// The operations that change what an account holds, or would if they were granted.
pub fn changing() -> impl Iterator<Item = &'static str> {
    operations::names().filter(|name| operations::access(name) == Access::Write)
}

/// What an account is like.
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
    pub fn bucket_limit(mut self, most: usize) -> Self {
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

    /// Sets how many requests that list buckets do not show a bucket that was just made (default 0).
    pub fn new_buckets_unseen(mut self, requests: u32) -> Self {
        self.unseen = requests;
        self
    }
}

/// Opens B2's port and makes the accounts.
pub(crate) async fn start(
    core: &Core,
    wanted: Divided<Settings>,
) -> Result<Instances<Handle, Address>, Error> {
    let (listener, address) = http::listen().await?;
    let url = format!("http://{address}");
    let names = BucketNames::default();
    let open = |(id, settings)| open_account(core, id, &settings, &url, &names);
    let (first_account, first) = open(wanted.first)?;
    let opened = wanted.others.into_iter().map(open).collect::<Result<Vec<_>, _>>()?;
    let (other_accounts, others) = opened.into_iter().unzip();
    let endpoint = Arc::new(Endpoint::new(first_account, other_accounts));
    let router = endpoint.router();
    http::serve(core, listener, endpoint, router);
    Ok(Instances { first, others })
}

fn open_account(
    core: &Core,
    id: Arc<str>,
    settings: &Settings,
    url: &str,
    names: &BucketNames,
) -> Result<(Arc<Account>, Started<Handle, Address>), Error> {
    let identities = core.random("b2 identities", &id);
    let mut state = State {
        url: url.to_owned(),
        account_id: identities.hex(12),
        random: core.random("b2 tokens", &id),
        identities,
        keys: BTreeMap::new(),
        tokens: HashMap::new(),
        upload_tokens: HashMap::new(),
        download_tokens: HashMap::new(),
        buckets: BTreeMap::new(),
        names: names.clone(),
        places: HashMap::new(),
        most_buckets: settings.most_buckets,
        minimum_part: settings.minimum_part,
        recommended_part: settings.recommended_part,
        next_key: 0,
        next_file: 0,
        settled: core.clock.now_millis(),
        replicating: Vec::new(),
        short_pages: settings.short_pages.then(|| core.random("b2 pages", &id)),
        unseen: settings.unseen,
    };
    let key = owner(&mut state);
    let address = Address {
        url: url.to_owned(),
        key_id: key.scope.key_id.clone(),
        application_key: key.secret.clone(),
    };
    state.keys.insert(key.scope.key_id.clone(), key);
    let store = Store::new(settings.memory, settings.md5)?;
    let account = Arc::new(Account::new(Arc::clone(&id), state, store, core.clock.clone()));
    let handle = Handle::new(Arc::clone(&account));
    Ok((account, Started { id, handle, address }))
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
