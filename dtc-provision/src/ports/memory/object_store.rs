//! Backblaze B2: buckets, keys, and objects that are really encrypted.

use std::collections::BTreeMap;

use async_trait::async_trait;
use dtc_naming::{BucketName, ObjectPrefix};
use futures_util::StreamExt as _;
use rclone_crypt::StoredSha1;
use sha1::{Digest as _, Sha1};

use super::source::body;
use super::{State, World, missing, refused};
use crate::ids::{AccountId, BucketId, KeyId};
use crate::port_error::{PortError, PortErrorKind};
use crate::ports::{
    Account, Body, Bucket, BucketAccess, BucketSettings, BucketSpec, CurrentPage, CurrentVersion, Holdings,
    Key, KeySpec, LockExtension, Object, ObjectPage, ObjectStore, ObjectStoreView, Part, Retained, Retention,
};
use crate::proofs::consent::{ChangeBucketSettings, ComplianceLock, Consent, DeleteOrphanKey};
use crate::proofs::{Bound, Minted};
use crate::secret::{ApplicationKey, ApplicationKeySecret};

/// What B2 refuses on a key that is restricted to a bucket.
const REFUSED_CAPABILITIES: [&str; 2] = ["writeBuckets", "deleteBuckets"];
/// Objects on a page.
const PAGE: usize = 3;

/// Backblaze B2.
#[derive(Clone, Debug)]
pub struct StoreState {
    /// Our account.
    pub account: AccountId,
    /// How many more buckets we have, of no interest here.
    pub other_buckets: usize,
    /// Buckets that other accounts have, by name.
    pub elsewhere: Vec<String>,
    /// Our buckets.
    pub buckets: Vec<BucketState>,
    /// Every live key.
    pub keys: Vec<KeyState>,
    /// How many keys were ever minted.
    pub minted: u32,
    /// Whether it cannot be reached.
    pub away: bool,
    /// Whether it says that it set a retention, and does not.
    pub forgets_retention: bool,
    /// What the provisioning key may do.
    pub capabilities: Vec<&'static str>,
}

/// A bucket.
#[derive(Clone, Debug)]
pub struct BucketState {
    /// The bucket.
    pub bucket: Bucket,
    /// The newest versions in it, by name.
    pub objects: BTreeMap<String, ObjectState>,
}

/// An object.
#[derive(Clone, Debug)]
pub struct ObjectState {
    /// What a listing says of it.
    pub object: Object,
    /// Its retention.
    pub retained: Retained,
    /// Its bytes.
    pub body: Vec<u8>,
    /// How it arrives where it does not arrive whole.
    pub arrival: Arrival,
    /// How many more fetches end in that way; after them it arrives whole.
    pub bad_fetches: u32,
}

impl ObjectState {
    /// Stores other bytes: the listing has their size, and their hash where it holds one, as the store computes them.
    pub fn store(&mut self, change: impl FnOnce(&mut Vec<u8>)) {
        change(&mut self.body);
        self.object.size = self.body.len() as u64;
        self.object.sha1 = self.object.sha1.map(|_| StoredSha1::from_bytes(Sha1::digest(&self.body).into()));
    }
}

/// How an object arrives that does not arrive whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Arrival {
    /// It does.
    #[default]
    Whole,
    /// It is not given out at all.
    Refused(PortErrorKind),
    /// The connection breaks after this many bytes.
    Breaks(usize, PortErrorKind),
    /// It ends after this many bytes, and nothing says that this was not all.
    Short(usize),
    /// One bit of its last byte is another, and its checksum shows it.
    Flipped,
    /// One bit is another, each time elsewhere, and nothing shows it.
    Garbled,
}

impl ObjectState {
    /// An object that arrives whole.
    pub fn new(object: Object, body: Vec<u8>) -> Self {
        Self { object, retained: Retained::Not, body, arrival: Arrival::Whole, bad_fetches: 0 }
    }

    /// What one fetch of it brings.
    pub(super) fn given(&mut self, part: Part) -> Result<Body, PortError> {
        let all = self.body.len();
        let within = |position: u64| usize::try_from(position).unwrap_or(usize::MAX).min(all);
        self.arrive(match part {
            Part::Whole => 0..all,
            Part::Beginning(len) => 0..within(len),
            Part::Span { from, len } => within(from)..within(from.saturating_add(len)),
        })
    }

    /// What one fetch of these bytes of it brings.
    fn arrive(&mut self, wanted: std::ops::Range<usize>) -> Result<Body, PortError> {
        let mut bytes = self.body[wanted].to_vec();
        if self.bad_fetches == 0 {
            return Ok(body(&bytes));
        }
        self.bad_fetches -= 1;
        let ending = match self.arrival {
            Arrival::Whole => None,
            Arrival::Refused(kind) => return Err(PortError::new(kind, "store.fetch", "it is not given out")),
            Arrival::Breaks(after, kind) => {
                bytes.truncate(after);
                Some(PortError::new(kind, "store.fetch", "the connection broke"))
            }
            Arrival::Short(after) => {
                bytes.truncate(after);
                None
            }
            Arrival::Flipped => {
                bytes.last_mut().into_iter().for_each(|last| *last ^= 1);
                Some(PortError::new(PortErrorKind::Damaged, "store.fetch", "its checksum differs"))
            }
            Arrival::Garbled => {
                let at = bytes.len() - 1 - self.bad_fetches as usize % bytes.len().clamp(1, 8);
                bytes[at] ^= 1;
                None
            }
        };
        let ending = futures_util::stream::iter(ending.map(Err));
        Ok(Box::pin(body(&bytes).chain(ending)))
    }
}

/// A key.
#[derive(Clone)]
pub struct KeyState {
    /// The key.
    pub key: Key,
    /// Its secret, in the clear.
    pub secret: String,
}

impl std::fmt::Debug for KeyState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeyState({})", self.key.id)
    }
}

impl StoreState {
    /// The bucket of this name.
    pub fn bucket(&self, name: &str) -> Option<&BucketState> {
        self.buckets.iter().find(|found| found.bucket.name.as_str() == name)
    }

    /// The bucket of this name, to be changed.
    pub fn bucket_mut(&mut self, name: &str) -> Option<&mut BucketState> {
        self.buckets.iter_mut().find(|found| found.bucket.name.as_str() == name)
    }

    /// The live key with this id and secret.
    pub(super) fn login(&self, id: &str, secret: &str) -> Option<&Key> {
        let found = self.keys.iter().find(|found| found.key.id.as_str() == id && found.secret == secret);
        found.map(|found| &found.key)
    }

    /// Whether the provisioning key has these capabilities.
    fn may(&self, attempted: &str, needed: &[&str]) -> Result<(), PortError> {
        match needed.iter().find(|name| !self.capabilities.contains(name)) {
            None => Ok(()),
            Some(name) => {
                let answer = format!("the key lacks {name}");
                Err(PortError::new(PortErrorKind::Unauthorized, attempted, answer))
            }
        }
    }

    /// A bucket at the revision that was seen.
    fn at(&mut self, seen: &Bucket) -> Result<&mut Bucket, PortError> {
        let found = self.bucket_mut(seen.name.as_str()).ok_or_else(|| missing("store", &seen.name))?;
        if found.bucket.revision != seen.revision {
            let answer = format!("revision {} is not {}", found.bucket.revision, seen.revision);
            return Err(PortError::new(PortErrorKind::Conflict, "store.update", answer));
        }
        found.bucket.revision += 1;
        Ok(&mut found.bucket)
    }
}

impl State {
    /// Adds a bucket of ours without default retention, as somebody else would have made it.
    pub fn add_bucket(&mut self, name: BucketName, settings: BucketSettings) -> Bucket {
        let id = BucketId::new(format!("bucket-{}", self.store.buckets.len()));
        let bucket = Bucket { id, name, revision: 2, settings, retention: None };
        self.store.buckets.push(BucketState { bucket: bucket.clone(), objects: BTreeMap::new() });
        bucket
    }

    /// Adds a key of the bucket, as somebody else would have made it; its id.
    pub fn add_key(&mut self, bucket: &Bucket, capabilities: &[&str]) -> KeyId {
        self.store.minted += 1;
        let id = KeyId::new(format!("005key{:04}", self.store.minted));
        let key = Key {
            id: id.clone(),
            name: bucket.name.to_string(),
            capabilities: capabilities.iter().map(|&name| name.to_owned()).collect(),
            buckets: vec![bucket.id.clone()],
        };
        let secret = self.draw_secret();
        self.store.keys.push(KeyState { key, secret });
        id
    }
}

#[async_trait]
impl ObjectStoreView for World {
    async fn holdings(&self, wanted: &BucketName) -> Result<Holdings, PortError> {
        self.read("store.holdings", |state| {
            let store = &state.store;
            let buckets = store.buckets.len() + store.other_buckets;
            let bucket = store.bucket(wanted.as_str()).map(|found| found.bucket.clone());
            Ok(Holdings {
                account: Account {
                    id: store.account.clone(),
                    buckets,
                    capabilities: store.capabilities.iter().map(|&name| name.to_owned()).collect(),
                },
                bucket,
            })
        })
        .await
    }

    async fn bucket(&self, name: &BucketName) -> Result<Option<Bucket>, PortError> {
        self.read("store.bucket", |state| {
            Ok(state.store.bucket(name.as_str()).map(|found| found.bucket.clone()))
        })
        .await
    }

    async fn keys(&self) -> Result<Vec<Key>, PortError> {
        self.read("store.keys", |state| {
            Ok(state.store.keys.iter().rev().map(|found| found.key.clone()).collect())
        })
        .await
    }

    async fn objects(
        &self,
        bucket: &Bucket,
        prefix: &ObjectPrefix,
        from: Option<&str>,
    ) -> Result<ObjectPage, PortError> {
        self.read("store.objects", |state| {
            let found =
                state.store.bucket(bucket.name.as_str()).ok_or_else(|| missing("store", &bucket.name))?;
            let under = prefix.listing();
            let ahead = found.objects.values().map(|found| &found.object);
            let mut ahead = ahead.filter(|object| {
                object.name.starts_with(&under) && from.is_none_or(|from| object.name.as_str() >= from)
            });
            let objects = ahead.by_ref().take(PAGE).cloned().collect();
            let next = ahead.next().map(|object| object.name.clone());
            Ok(ObjectPage { objects, not_understood: Vec::new(), next })
        })
        .await
    }

    async fn current_versions(&self, bucket: &Bucket, from: Option<&str>) -> Result<CurrentPage, PortError> {
        self.read("store.current_versions", |state| {
            let found =
                state.store.bucket(bucket.name.as_str()).ok_or_else(|| missing("store", &bucket.name))?;
            let ahead = found.objects.values();
            let mut ahead = ahead.filter(|held| from.is_none_or(|from| held.object.name.as_str() >= from));
            let of =
                |held: &ObjectState| CurrentVersion { object: held.object.clone(), retained: held.retained };
            let versions = ahead.by_ref().take(PAGE).map(of).collect();
            let next = ahead.next().map(|held| held.object.name.clone());
            Ok(CurrentPage { versions, not_understood: Vec::new(), next })
        })
        .await
    }

    async fn fetch(
        &self,
        access: Bound<'_, BucketAccess>,
        object: &Object,
        part: Part,
    ) -> Result<Body, PortError> {
        self.read("store.fetch", |state| {
            let (bucket, key) = (&access.spec().bucket, access.expose());
            let held = state.store.login(key.id.as_str(), key.secret.expose());
            let Some(held) = held else {
                return Err(PortError::new(
                    PortErrorKind::CredentialsRejected,
                    "store.fetch",
                    "bad_auth_token",
                ));
            };
            if !held.buckets.is_empty() && !held.buckets.contains(&bucket.id) {
                return Err(PortError::new(PortErrorKind::Unauthorized, "store.fetch", "unauthorized"));
            }
            let objects = state.store.bucket_mut(bucket.name.as_str()).map(|found| &mut found.objects);
            let found = objects.and_then(|objects| objects.get_mut(&object.name));
            let found = found.filter(|found| found.object.id == object.id);
            let found = found.ok_or_else(|| missing("store.fetch", &object.name))?;
            found.given(part)
        })
        .await
    }
}

#[async_trait]
impl ObjectStore for World {
    async fn create_bucket(&self, spec: &BucketSpec) -> Result<Bucket, PortError> {
        self.write("store.create_bucket", |state| {
            state.store.may(
                "store.create_bucket",
                &["writeBuckets", "writeBucketEncryption", "writeBucketRetentions"],
            )?;
            let name = spec.name.as_str();
            if state.store.bucket(name).is_some() || state.store.elsewhere.iter().any(|taken| taken == name) {
                let answer = "duplicate_bucket_name";
                return Err(PortError::new(PortErrorKind::Conflict, "store.create_bucket", answer));
            }
            Ok(state.add_bucket(spec.name.clone(), spec.settings.clone()))
        })
        .await
    }

    async fn change_bucket(
        &self,
        bucket: &Bucket,
        settings: &BucketSettings,
        consent: Consent<ChangeBucketSettings>,
    ) -> Result<Bucket, PortError> {
        consent.spend_on(bucket.name.as_str(), &bucket.settings.terms_of_change(settings))?;
        self.write("store.change_bucket", |state| {
            state.store.may("store.change_bucket", &["writeBuckets"])?;
            let found = state.store.at(bucket)?;
            found.settings = settings.clone();
            Ok(found.clone())
        })
        .await
    }

    async fn lock_bucket(
        &self,
        bucket: &Bucket,
        retention: Retention,
        consent: Consent<ComplianceLock>,
    ) -> Result<Bucket, PortError> {
        consent.spend_on(bucket.name.as_str(), &retention.terms())?;
        self.write("store.lock_bucket", |state| {
            state.store.may("store.lock_bucket", &["writeBuckets", "writeBucketRetentions"])?;
            let held = state.store.bucket(bucket.name.as_str());
            if held.is_some_and(|held| !held.bucket.settings.object_lock) {
                return Err(refused("store.lock_bucket", "object lock is off"));
            }
            let forgets = state.store.forgets_retention;
            let found = state.store.at(bucket)?;
            found.retention = Some(retention);
            let answer = found.clone();
            if forgets {
                found.retention = None;
            }
            Ok(answer)
        })
        .await
    }

    async fn extend_lock(&self, bucket: &Bucket, extension: LockExtension) -> Result<(), PortError> {
        let attempted = "store.extend_lock";
        if !extension.is_in(&bucket.name) {
            return Err(refused(attempted, "the consent is to another bucket"));
        }
        self.write(attempted, |state| {
            state.store.may(attempted, &["writeFileRetentions"])?;
            let objects = state.store.bucket_mut(bucket.name.as_str()).map(|found| &mut found.objects);
            let found = objects.and_then(|objects| objects.get_mut(&extension.object().name));
            let found = found.filter(|found| found.object.id == extension.object().id);
            let found = found.ok_or_else(|| missing(attempted, &extension.object().name))?;
            let is_shorter =
                matches!(found.retained, Retained::Compliance(until) if until > extension.until());
            if is_shorter {
                return Err(refused(attempted, "access_denied"));
            }
            found.retained = Retained::Compliance(extension.until());
            Ok(())
        })
        .await
    }

    async fn create_key(&self, bucket: &Bucket, spec: &KeySpec) -> Result<Minted<ApplicationKey>, PortError> {
        self.write("store.create_key", |state| {
            state.store.may("store.create_key", &["writeKeys"])?;
            let names: Vec<&str> = spec.capabilities.iter().map(String::as_str).collect();
            if let Some(name) = names.iter().find(|name| REFUSED_CAPABILITIES.contains(name)) {
                return Err(refused("store.create_key", format!("{name} on a restricted key")));
            }
            let id = state.add_key(bucket, &names);
            let secret = state.store.keys.last().map(|key| key.secret.clone()).unwrap_or_default();
            Ok(Minted::new(ApplicationKey { id, secret: ApplicationKeySecret::new(secret) }))
        })
        .await
    }

    async fn delete_key(&self, key: &KeyId, consent: Consent<DeleteOrphanKey>) -> Result<(), PortError> {
        consent.spend_on(key.as_str(), &[])?;
        self.write("store.delete_key", |state| {
            let before = state.store.keys.len();
            state.store.keys.retain(|found| found.key.id != *key);
            if state.store.keys.len() == before { Err(missing("store.delete_key", key)) } else { Ok(()) }
        })
        .await
    }
}
