//! A bucket with the history of its versions, which can be cut at any event.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};

use async_trait::async_trait;
use bytes::Bytes;
use dtc_provision::ids::{KeyId, ObjectId};
use dtc_provision::jiff::{SignedDuration, Timestamp};
use dtc_provision::ports::{
    Body, Lock, Object, ObjectVersion, Part, RestoreAccess, StoredSha1, VersionKind, VersionRow, VersionRows,
    VersionStore,
};
use dtc_provision::proofs::Bound;
use dtc_provision::restore::{GetOptions, RestoreSource, SavedRecord, Selection, Tree, get, tree};
use dtc_provision::secret::{ApplicationKeySecret, EncryptionPassword, EncryptionSalt, EncryptionSecrets};
use dtc_provision::{PortError, PortErrorKind};
use futures_util::{StreamExt as _, stream};
use rclone_crypt::{Filter, Keys, Nonce, Password, Salt, encrypt_all};
use sha1::{Digest as _, Sha1};
use tokio::sync::Notify;

pub(super) const BUCKET: &str = "truenas-a1b2c3d4e5f670718293a4b5c6d7e8f9";
pub(super) const GUID: &str = "3c1e5d70-92ab-4f0e-8d47-b6a9c2f1e083";
pub(super) const PASSWORD: &str = "correct horse";
pub(super) const SALT: &str = "battery staple";
/// Bytes that arrive at a time, unless said otherwise.
const PIECE: usize = 60_000;

/// When it all begins.
pub(super) fn start() -> Timestamp {
    "2026-11-01T00:00:00Z".parse().unwrap()
}

pub(super) fn hours(count: i64) -> Timestamp {
    start() + SignedDuration::from_hours(count)
}

/// What everything in the bucket is encrypted with.
pub(super) fn keys() -> &'static Keys {
    static KEYS: OnceLock<Keys> = OnceLock::new();
    KEYS.get_or_init(|| Keys::derive(&Password::new(PASSWORD), &Salt::new(SALT)).unwrap())
}

#[derive(Clone, Default)]
pub(super) struct Store(Arc<Mutex<State>>, Arc<Notify>);

#[derive(Default)]
pub(super) struct State {
    /// How many bytes arrive at a time, if it is another number than usual.
    pub(super) piece: Option<usize>,
    /// How many bytes arrived of versions, but for those of beginnings.
    pub(super) arrived: usize,
    /// How many calls are under way, and how many there were at most.
    pub(super) open: (usize, usize),
    /// What a version is refused by.
    pub(super) refused: BTreeMap<ObjectId, PortErrorKind>,
    /// The versions and their bytes, in the order in which they came.
    pub(super) rows: Vec<(ObjectVersion, Vec<u8>)>,
    /// The ids of versions of which more was fetched than the beginning.
    pub(super) fetched: Vec<ObjectId>,
    /// How many events there were: calls, and pieces that arrived.
    pub(super) events: usize,
    /// The event at which everything stands still.
    pub(super) cut: Option<usize>,
    /// What the key lacks.
    pub(super) lacks: Option<&'static str>,
}

impl Store {
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    /// Uploads content as a file of the pool.
    pub(super) fn upload(&self, path: &str, content: &[u8], at: Timestamp) -> ObjectId {
        let number = u8::try_from(self.state().rows.len() % 256).unwrap();
        let nonce = Nonce::from_bytes([number; 24]);
        let stored = encrypt_all(keys(), nonce, content);
        self.add(path, VersionKind::Content, stored, at)
    }

    pub(super) fn hide(&self, path: &str, at: Timestamp) -> ObjectId {
        self.add(path, VersionKind::Hidden, Vec::new(), at)
    }

    pub(super) fn add(&self, path: &str, kind: VersionKind, stored: Vec<u8>, at: Timestamp) -> ObjectId {
        self.add_object(&format!("{GUID}/pool0/{path}.bin"), kind, stored, at)
    }

    pub(super) fn add_object(
        &self,
        name: &str,
        kind: VersionKind,
        stored: Vec<u8>,
        at: Timestamp,
    ) -> ObjectId {
        let mut state = self.state();
        let id = ObjectId::new(format!("4_z{:06}", state.rows.len()));
        let object = Object {
            id: id.clone(),
            name: name.to_owned(),
            size: stored.len() as u64,
            uploaded: at,
            source_modified: Some(at - SignedDuration::from_hours(1)),
            sha1: Some(StoredSha1::from_bytes(Sha1::digest(&stored).into())),
        };
        state.rows.push((ObjectVersion { object, kind, lock: Lock::Free }, stored));
        id
    }

    /// Takes a version away, as the lifecycle does.
    pub(super) fn delete(&self, id: &ObjectId) {
        self.state().rows.retain(|(version, _)| version.object.id != *id);
    }

    /// Changes the bytes of a version; the bucket knows them by their hash then.
    pub(super) fn change(&self, id: &ObjectId, change: impl FnOnce(&mut Vec<u8>)) {
        let mut state = self.state();
        let (version, stored) = state.rows.iter_mut().find(|(version, _)| version.object.id == *id).unwrap();
        change(stored);
        version.object.size = stored.len() as u64;
        version.object.sha1 = Some(StoredSha1::from_bytes(Sha1::digest(&*stored).into()));
    }

    pub(super) fn source(&self) -> RestoreSource {
        self.source_with(PASSWORD, SALT)
    }

    pub(super) fn source_with(&self, password: &str, salt: &str) -> RestoreSource {
        let record = SavedRecord::new(BUCKET.parse().unwrap(), GUID.parse().unwrap(), KeyId::new("005key"));
        let pair = EncryptionSecrets {
            password: EncryptionPassword::new(password),
            salt: EncryptionSalt::new(salt),
        };
        RestoreSource::from_record(record, ApplicationKeySecret::new("K005"), pair, Arc::new(self.clone()))
    }

    /// All of the pool, a day after the last upload or as of this instant.
    pub(super) async fn tree(&self, at: Option<Timestamp>) -> Tree {
        tree(&self.source(), &all(at)).await.unwrap()
    }

    /// Waits for ever at the event that is cut.
    async fn event(&self) {
        let is_cut = {
            let mut state = self.state();
            state.events += 1;
            state.cut.is_some_and(|cut| state.events > cut)
        };
        if is_cut {
            self.1.notify_one();
            std::future::pending::<()>().await;
        }
    }

    /// How many events there were since, and how many bytes arrived.
    pub(super) fn counted(&self, since: usize) -> (usize, usize) {
        let state = self.state();
        (state.events - since, state.arrived)
    }

    /// Runs a restore until everything stands still at an event, and then gives it up, as whoever presses Ctrl-C does.
    pub(super) async fn cut(&self, event: usize, tree: &Tree, options: &GetOptions) {
        let at = self.state().events + event;
        self.state().cut = Some(at);
        let source = self.source();
        tokio::select! {
            biased;
            () = self.1.notified() => {}
            ended = get(&source, tree, options, &|_| ()) => panic!("it ended before event {event}: {ended:?}"),
        }
        self.state().cut = None;
    }

    fn may(&self, capability: &str) -> Result<(), PortError> {
        if self.state().lacks == Some(capability) {
            return Err(PortError::new(PortErrorKind::Unauthorized, "ask B2", "unauthorized"));
        }
        Ok(())
    }
}

/// A call that is under way.
struct Open(Store);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.state().open.0 -= 1;
    }
}

/// All of the pool.
pub(super) fn all(at: Option<Timestamp>) -> Selection {
    let selection = Selection::new(vec!["pool0".parse().unwrap()], Filter::default(), hours(24 * 20));
    match at {
        Some(at) => selection.at(at),
        None => selection,
    }
}

#[async_trait]
impl VersionStore for Store {
    async fn versions(
        &self,
        access: Bound<'_, RestoreAccess>,
        prefix: &str,
    ) -> Result<VersionRows, PortError> {
        self.event().await;
        assert_eq!((access.spec().backup.bucket.as_str(), access.expose().id.as_str()), (BUCKET, "005key"));
        self.may("listFiles")?;
        let state = self.state();
        let mut rows: Vec<(usize, ObjectVersion)> =
            state.rows.iter().map(|(version, _)| version.clone()).enumerate().collect();
        rows.retain(|(_, version)| version.object.name.starts_with(prefix));
        rows.sort_by(|(a, one), (b, other)| {
            let newest = other.object.uploaded.cmp(&one.object.uploaded).then(b.cmp(a));
            one.object.name.cmp(&other.object.name).then(newest)
        });
        Ok(stream::iter(rows.into_iter().map(|(_, version)| Ok(VersionRow::Version(version)))).boxed())
    }

    async fn fetch_version(
        &self,
        _access: Bound<'_, RestoreAccess>,
        object: &Object,
        part: Part,
    ) -> Result<Body, PortError> {
        self.event().await;
        self.may("readFiles")?;
        let mut state = self.state();
        let found = state.rows.iter().find(|(version, _)| version.object.id == object.id);
        if let Some(kind) = state.refused.get(&object.id) {
            return Err(PortError::new(*kind, "fetch", "it is refused"));
        }
        let Some((_, stored)) = found else {
            return Err(PortError::new(PortErrorKind::NotFound, "fetch", "file_not_present"));
        };
        let within = |position: u64| stored.len().min(usize::try_from(position).unwrap());
        let stored = match part {
            Part::Whole => &stored[..],
            Part::Beginning(len) => &stored[..within(len)],
            Part::Span { from, len } => &stored[within(from)..within(from + len)],
        };
        let piece = state.piece.unwrap_or(PIECE);
        let pieces: Vec<Bytes> = stored.chunks(piece).map(Bytes::copy_from_slice).collect();
        let counts = !matches!(part, Part::Beginning(_));
        if counts {
            state.fetched.push(object.id.clone());
        }
        state.open.0 += 1;
        state.open.1 = state.open.1.max(state.open.0);
        let open = Open(self.clone());
        let arrived = stream::iter(pieces).then(move |piece| {
            let store = open.0.clone();
            async move {
                store.event().await;
                store.state().arrived += if counts { piece.len() } else { 0 };
                Ok(piece)
            }
        });
        Ok(arrived.boxed())
    }
}

/// Every file below a folder, by its path, with its content.
pub(super) fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(current) = folders.pop() {
        for entry in std::fs::read_dir(current).unwrap().map(Result::unwrap) {
            if entry.file_type().unwrap().is_dir() {
                folders.push(entry.path());
            } else {
                let path = entry.path().strip_prefix(folder).unwrap().to_string_lossy().into_owned();
                found.insert(path, std::fs::read(entry.path()).unwrap());
            }
        }
    }
    found
}
