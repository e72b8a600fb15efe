//! An account as a test sees and changes it, past the sockets.

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use super::account::Account;
use super::body::Sums;
use super::encryption::DefaultEncryption;
use super::fields::Fields;
use super::file_name;
use super::keys::{CAPABILITIES, Caller, Scope};
use super::lock::Lock;
use super::new_file::NewFile;
use super::operations::{self, Operation};
use super::refusal::{Refusal, Result};
use super::state::Call;
use super::upload::Stored;
use super::version::{Kind, Version, newest_finished};

/// Reads and changes an account past its API; nothing of it is counted or recorded. Clones are
/// the same account.
#[derive(Clone)]
pub struct Handle {
    account: Arc<Account>,
}

const CURSOR_OF_KEYS: [(&str, &str); 1] = [("nextApplicationKeyId", "startApplicationKeyId")];
const CURSOR_OF_VERSIONS: [(&str, &str); 2] =
    [("nextFileName", "startFileName"), ("nextFileId", "startFileId")];

/// B2 refused what was asked of a [`Handle`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the simulated B2 refused: {status} {code}: {message}")]
#[non_exhaustive]
pub struct Refused {
    /// HTTP status.
    pub status: u16,
    /// The service's code.
    pub code: String,
    /// The text beside it.
    pub message: String,
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self { status: refusal.status, code: refusal.code.to_owned(), message: refusal.message }
    }
}

/// How a bucket without default encryption reads back: the service has answered both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "these are the spellings there are")]
pub enum Unencrypted {
    /// `{"mode": null, "algorithm": null}`.
    Null,
    /// `{"mode": "none"}`.
    None,
}

impl Handle {
    pub(super) fn new(account: Arc<Account>) -> Self {
        Self { account }
    }

    /// Returns the id that B2 gave the account.
    pub fn account_id(&self) -> String {
        self.account.state().account_id.clone()
    }

    /// Returns the name of every operation that there is, as faults name it; downloads by name and uploads have one too.
    pub fn operations(&self) -> impl Iterator<Item = &'static str> + use<> {
        operations::names()
    }

    /// Carries out an operation of version 4 with every capability; `accountId` is filled in.
    ///
    /// # Errors
    ///
    /// What the service would refuse its owner.
    pub fn call(&self, operation: &str, request: Value) -> std::result::Result<Value, Refused> {
        self.call_version(4, operation, request)
    }

    /// Like [`call`](Self::call), through a chosen version of the interface.
    ///
    /// # Errors
    ///
    /// What the service would refuse its owner.
    pub fn call_version(
        &self,
        version: u8,
        operation: &str,
        request: Value,
    ) -> std::result::Result<Value, Refused> {
        Ok(self.run(version, operation, request)?)
    }

    fn run(&self, version: u8, name: &str, mut request: Value) -> Result<Value> {
        let operation =
            Operation::find(name).ok_or_else(|| Refusal::not_found(format!("no such operation: {name}")))?;
        if operation.takes("accountId", version) {
            request["accountId"] = Value::from(self.account_id());
        }
        let fields = Fields::from_body(operation, version, request.to_string().as_bytes())?;
        let answer = self.account.run(&Call {
            operation: operation.name,
            caller: owner(version),
            fields,
            now: self.account.clock.now_millis(),
        })?;
        Ok(serde_json::from_slice(answer.bytes()).unwrap_or_default())
    }

    /// Returns a bucket as version 4 shows it to its owner.
    pub fn bucket(&self, name: &str) -> Option<Value> {
        self.buckets().into_iter().find(|bucket| bucket["bucketName"] == name)
    }

    /// Returns all buckets.
    pub fn buckets(&self) -> Vec<Value> {
        let state = self.account.state();
        let owner = owner(4);
        let mut buckets: Vec<_> = state.buckets.values().collect();
        buckets.sort_by(|one, other| one.name.cmp(&other.name));
        buckets.into_iter().map(|bucket| bucket.json(&state.account_id, &owner)).collect()
    }

    /// Returns all keys, without their secrets.
    pub fn keys(&self) -> Vec<Value> {
        self.pages("b2_list_keys", "keys", serde_json::json!({"maxKeyCount": 10_000}), &CURSOR_OF_KEYS)
    }

    /// Returns every version in a bucket, newest first within a name.
    pub fn versions(&self, bucket: &str) -> Vec<Value> {
        let Some(bucket) = self.bucket(bucket) else {
            return Vec::new();
        };
        let request = serde_json::json!({"bucketId": bucket["bucketId"], "maxFileCount": 10_000});
        self.pages("b2_list_file_versions", "files", request, &CURSOR_OF_VERSIONS)
    }

    /// Lists everything, page after page; the cursor's fields are named as in the answer and as in the request.
    fn pages(&self, operation: &str, field: &str, mut request: Value, cursor: &[(&str, &str)]) -> Vec<Value> {
        let mut all = Vec::new();
        while let Ok(mut page) = self.call(operation, request.clone()) {
            if let Value::Array(rows) = page[field].take() {
                all.extend(rows);
            }
            if page[cursor[0].0].is_null() {
                break;
            }
            for (next, start) in cursor {
                request[*start] = page[*next].take();
            }
        }
        all
    }

    /// Changes a bucket's type to one that the interface does not make: `restricted`, `shared`, `snapshot`.
    ///
    /// Returns whether there was such a bucket.
    pub fn set_bucket_type(&self, bucket: &str, kind: &str) -> bool {
        let mut state = self.account.state();
        let id = state.bucket_id(bucket).unwrap_or_default();
        state.buckets.get_mut(&id).map(|bucket| kind.clone_into(&mut bucket.settings.kind)).is_some()
    }

    /// Returns the bytes of a file, as a reader of its name gets them.
    pub fn read(&self, bucket: &str, name: &str) -> Option<Vec<u8>> {
        let body = {
            let state = self.account.state();
            let bucket = state.buckets.values().find(|other| other.name == bucket)?;
            newest_finished(bucket.files.get(name)?)?.body.clone()
        };
        let mut bytes = Vec::new();
        body.read(|chunk| {
            bytes.extend_from_slice(chunk);
            Ok(())
        })
        .ok()?;
        Some(bytes)
    }

    /// Takes a bucket's default encryption away, as if it had been made before SSE-B2 was every bucket's default: it reads as `spelling`.
    ///
    /// Returns whether there was such a bucket.
    pub fn set_unencrypted(&self, bucket: &str, spelling: Unencrypted) -> bool {
        let mut state = self.account.state();
        let id = state.bucket_id(bucket).unwrap_or_default();
        let encryption = match spelling {
            Unencrypted::Null => DefaultEncryption::UnsetNull,
            Unencrypted::None => DefaultEncryption::UnsetNone,
        };
        state.buckets.get_mut(&id).map(|bucket| bucket.settings.encryption = encryption).is_some()
    }

    /// Puts a bucket name in use, as if another account had a bucket of that name.
    pub fn reserve_bucket_name(&self, name: &str) {
        self.account.state().names.claim(name);
    }

    /// Sets the account's limit of buckets (100 at the start).
    pub fn limit_buckets(&self, most: usize) {
        self.account.state().most_buckets = most;
    }

    /// Makes every token that was handed out expire.
    pub fn expire_tokens(&self) {
        let mut state = self.account.state();
        state.tokens.values_mut().for_each(|token| token.expires = 0);
        state.upload_tokens.values_mut().for_each(|token| token.expires = 0);
    }

    /// Puts a file into a bucket as another client would, with the bucket's default retention; returns its id.
    ///
    /// # Errors
    ///
    /// When there is no such bucket or the service does not store such a name.
    pub fn put(&self, bucket: &str, name: &str, bytes: &[u8]) -> std::result::Result<String, Refused> {
        Ok(self.stored(bucket, name, bytes)?)
    }

    fn stored(&self, bucket: &str, name: &str, bytes: &[u8]) -> Result<String> {
        file_name::check(name)?;
        let full = |_| Refusal::new(500, "internal_error", "the simulator cannot store the body");
        let mut writer = self.account.store.writer(bytes.len() as u64).map_err(full)?;
        writer.write(bytes).map_err(full)?;
        let (body, Sums { sha1, md5 }) = writer.finish();
        let mut state = self.account.state();
        let bucket_id = state.bucket_id(bucket).ok_or_else(|| Refusal::bad_bucket_id(bucket))?;
        let new = NewFile::plain(name);
        let stored = Stored { kind: Kind::Upload, sha1, md5, body };
        let id = state.store(&bucket_id, new, stored, self.account.clock.now_millis())?;
        Ok(id.to_string())
    }

    /// Changes the bytes of a stored file behind the service's back: its checksum no longer fits.
    ///
    /// Returns whether there was such a file.
    pub fn corrupt(&self, bucket: &str, name: &str) -> bool {
        let Some(mut bytes) = self.read(bucket, name) else {
            return false;
        };
        let middle = bytes.len() / 2;
        let Some(byte) = bytes.get_mut(middle) else {
            return false;
        };
        *byte ^= 0x55;
        let written = self.account.store.writer(bytes.len() as u64).and_then(|mut writer| {
            writer.write(&bytes)?;
            Ok(writer.finish().0)
        });
        self.change_newest(bucket, name, |version| {
            if let Ok(body) = written {
                version.body = body;
            }
        })
    }

    /// Takes retention and hold off the newest version of a file, as no client could.
    ///
    /// Returns whether there was such a file.
    pub fn unlock(&self, bucket: &str, name: &str) -> bool {
        self.change_newest(bucket, name, |version| version.lock = Lock::default())
    }

    /// Turns a bucket's object lock off, as no client could: as if it had been made without.
    ///
    /// Returns whether there was such a bucket.
    pub fn disable_object_lock(&self, bucket: &str) -> bool {
        let mut state = self.account.state();
        let id = state.bucket_id(bucket).unwrap_or_default();
        let Some(bucket) = state.buckets.get_mut(&id) else {
            return false;
        };
        bucket.settings.lockable = false;
        bucket.settings.retention = None;
        bucket.revision += 1;
        true
    }

    fn change_newest(&self, bucket: &str, name: &str, change: impl FnOnce(&mut Version)) -> bool {
        let mut state = self.account.state();
        let id = state.bucket_id(bucket).unwrap_or_default();
        let versions = state.buckets.get_mut(&id).and_then(|bucket| bucket.files.get_mut(name));
        let newest = versions.and_then(|all| all.iter_mut().find(|version| !version.is_unfinished()));
        newest.map(change).is_some()
    }
}

/// Who may do everything.
fn owner(version: u8) -> Caller {
    let scope = Scope {
        key_id: String::new(),
        capabilities: CAPABILITIES.iter().map(|&capability| capability.to_owned()).collect(),
        buckets: None,
        prefix: None,
    };
    Caller { scope: Arc::new(scope), version }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle").finish_non_exhaustive()
    }
}
