//! Proof of recoverability: objects fetched and opened with what the vault gives back, compared with their sources (V3).

use std::sync::OnceLock;

use dtc_naming::{FolderPath, ObjectPrefix, PoolName};
use futures_util::StreamExt;
use rclone_crypt::{BLOCK_LEN, FileCipher, HEADER_LEN, Keys, Names, Password, Salt, b2_name, local_name};
use serde::Serialize;
use sha1::{Digest, Sha1};

use crate::error::{Error, PortError, PortErrorKind};
use crate::escrow::Escrowed;
use crate::ports::{Body, Bucket, Object, Views};
use crate::secret::{ApplicationKey, EncryptionSecrets};

/// Objects larger than this are sampled only where a pool has nothing smaller, so that a proof stays affordable.
const SAMPLE_LIMIT: u64 = 64 << 20;
/// Modification times count as equal within this; file systems and uploaders round differently.
const TIME_TOLERANCE_MS: i64 = 1000;

/// What was proven about one object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "proof", rename_all = "snake_case")]
pub enum Proof {
    /// It opens with the vault's secrets, and is its source, to the byte.
    Content,
    /// It opens with the vault's secrets; its source cannot be held against it, for this reason.
    Opens {
        /// Why not.
        but: String,
    },
    /// It is not what it should be.
    Failed {
        /// What it is.
        reason: String,
    },
}

/// One object that was fetched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sample {
    /// The object's name.
    pub object: String,
    /// The source it was held against.
    pub source: String,
    /// Its size when opened, in bytes; 0 if it did not open.
    pub size: u64,
    /// What was proven.
    #[serde(flatten)]
    pub proof: Proof,
}

/// What a pool's part of the bucket holds, and what of it was opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PoolProof {
    /// The pool.
    pub pool: PoolName,
    /// How many objects stand under its prefix.
    pub objects: u64,
    /// How many of them are not empty, and can be opened and compared.
    pub with_content: u64,
    /// Their size in the bucket, in bytes.
    pub bytes: u64,
    /// Objects in an excluded directory at the top of the pool, which must not be there (V2).
    pub excluded: Vec<String>,
    /// Directories whose names look excluded and that the filters do not reach (V2).
    pub unreached: Vec<String>,
    /// What was fetched: newest, oldest, largest and one from the middle, empty objects never.
    pub samples: Vec<Sample>,
}

impl PoolProof {
    /// The samples that failed.
    pub fn failures(&self) -> impl Iterator<Item = &Sample> {
        self.samples.iter().filter(|sample| matches!(sample.proof, Proof::Failed { .. }))
    }
}

/// What a proof is made with: the bucket, and what the vault gave back.
pub(super) struct Vaulted<'a> {
    pub(super) bucket: &'a Bucket,
    pub(super) key: &'a Escrowed<ApplicationKey>,
    pub(super) secrets: &'a Escrowed<EncryptionSecrets>,
    /// What password and salt derive to: slow on purpose, and done once.
    pub(super) keys: OnceLock<Keys>,
}

impl Vaulted<'_> {
    fn keys(&self) -> Result<&Keys, Error> {
        if let Some(keys) = self.keys.get() {
            return Ok(keys);
        }
        let pair = self.secrets.expose();
        let derived = Keys::derive(&Password::new(pair.password.expose()), &Salt::new(pair.salt.expose()));
        let keys = derived.map_err(|error| {
            let attempted = "derive keys from the vault's password and salt";
            PortError::new(PortErrorKind::NotUnderstood, attempted, error.to_string())
        })?;
        Ok(self.keys.get_or_init(|| keys))
    }
}

/// A pool's objects, listed: counted, judged by name, and a few chosen for opening.
#[derive(Default)]
struct Listing {
    objects: u64,
    with_content: u64,
    bytes: u64,
    excluded: Vec<String>,
    unreached: Vec<String>,
    candidates: Vec<Object>,
}

/// Lists a pool's objects, opens a sample of them, and compares it with its sources.
pub(super) async fn prove(
    views: &Views,
    with: &Vaulted<'_>,
    folder: &FolderPath,
) -> Result<PoolProof, Error> {
    let prefix = folder.object_prefix();
    let listing = list(views, with.bucket, &prefix).await?;
    let mut samples = Vec::new();
    for object in chosen(listing.candidates) {
        samples.push(sample(views, with, &prefix, &object).await?);
    }
    Ok(PoolProof {
        pool: folder.pool().clone(),
        objects: listing.objects,
        with_content: listing.with_content,
        bytes: listing.bytes,
        excluded: listing.excluded,
        unreached: listing.unreached,
        samples,
    })
}

/// A pool's objects by name and number alone, where nothing can be opened.
pub(super) async fn survey(views: &Views, bucket: &Bucket, folder: &FolderPath) -> Result<PoolProof, Error> {
    let listing = list(views, bucket, &folder.object_prefix()).await?;
    Ok(PoolProof {
        pool: folder.pool().clone(),
        objects: listing.objects,
        with_content: listing.with_content,
        bytes: listing.bytes,
        excluded: listing.excluded,
        unreached: listing.unreached,
        samples: Vec::new(),
    })
}

async fn list(views: &Views, bucket: &Bucket, prefix: &ObjectPrefix) -> Result<Listing, Error> {
    let mut listing = Listing::default();
    let mut from: Option<String> = None;
    loop {
        let page = views.object_store.objects(bucket, prefix, from.as_deref()).await?;
        for object in page.objects {
            listing.take(prefix, object);
        }
        match page.next {
            Some(next) if from.as_ref() == Some(&next) => {
                let answer = format!("the listing does not get past {next:?}");
                return Err(PortError::new(PortErrorKind::NotUnderstood, "list the bucket", answer).into());
            }
            Some(next) => from = Some(next),
            None => return Ok(listing),
        }
    }
}

impl Listing {
    fn take(&mut self, prefix: &ObjectPrefix, object: Object) {
        self.objects += 1;
        self.bytes += object.size;
        let relative = prefix.relative(&object.name).unwrap_or_default();
        let mut directories = relative.split('/').rev().skip(1).collect::<Vec<_>>().into_iter().rev();
        match directories.next() {
            Some("Archive" | "archive") => self.excluded.push(object.name.clone()),
            first => {
                let looks = |name: &str| name.eq_ignore_ascii_case("archive");
                if let Some(found) = first.into_iter().chain(directories).find(|name| looks(name)) {
                    let end = relative.find(found).map_or(0, |at| at + found.len());
                    let directory = relative[..end].to_owned();
                    if !self.unreached.contains(&directory) {
                        self.unreached.push(directory);
                    }
                }
            }
        }
        if object.size > HEADER_LEN as u64 {
            self.with_content += 1;
            self.keep(object);
        }
    }

    /// Keeps every object while there are few, then thins out: memory is bounded, and newest, oldest and largest stay.
    fn keep(&mut self, object: Object) {
        const MOST: usize = 4096;
        self.candidates.push(object);
        if self.candidates.len() >= MOST {
            let best = chosen(std::mem::take(&mut self.candidates));
            self.candidates = best;
        }
    }
}

/// Newest, oldest, largest affordable, and one from the middle of the names.
fn chosen(mut candidates: Vec<Object>) -> Vec<Object> {
    if candidates.iter().any(|object| object.size <= SAMPLE_LIMIT) {
        candidates.retain(|object| object.size <= SAMPLE_LIMIT);
    } else {
        candidates.sort_by_key(|object| object.size);
        candidates.truncate(1);
    }
    let newest = candidates.iter().max_by_key(|object| object.uploaded).map(|object| object.name.clone());
    let oldest = candidates.iter().min_by_key(|object| object.uploaded).map(|object| object.name.clone());
    let largest = candidates.iter().max_by_key(|object| object.size).map(|object| object.name.clone());
    let middle = candidates.get(candidates.len() / 2).map(|object| object.name.clone());
    let wanted = [newest, oldest, largest, middle];
    candidates.retain(|object| wanted.iter().flatten().any(|name| *name == object.name));
    candidates
}

async fn sample(
    views: &Views,
    with: &Vaulted<'_>,
    prefix: &ObjectPrefix,
    object: &Object,
) -> Result<Sample, Error> {
    let source = source_path(prefix, &object.name);
    let (size, proof) = match &source {
        Err(reason) => (0, Proof::Failed { reason: reason.clone() }),
        Ok(path) => {
            let opened = match views.object_store.fetch(with.key, with.bucket, object).await {
                Ok(body) => open(with.keys()?, body).await?,
                Err(error) if locks_out(error.kind()) => {
                    Err(format!("the escrowed key does not fetch it: {error}"))
                }
                Err(error) => return Err(error.into()),
            };
            match opened {
                Err(reason) => (0, Proof::Failed { reason }),
                Ok(opened) => (opened.size, compare(views, object, path, &opened).await),
            }
        }
    };
    Ok(Sample { object: object.name.clone(), source: source.unwrap_or_default(), size, proof })
}

/// Whether a service that answers thus would not give the object to whoever has nothing but the vault.
fn locks_out(kind: PortErrorKind) -> bool {
    matches!(kind, PortErrorKind::Unauthorized | PortErrorKind::Refused)
}

/// The source of an object: prefix and `.bin` taken off, characters that B2 could not store put back.
fn source_path(prefix: &ObjectPrefix, object: &str) -> Result<String, String> {
    let relative = prefix.relative(object).ok_or("it lies outside the pool's prefix")?;
    let decoded = Names::off()
        .decode_bytes(&b2_name::decode(relative))
        .map_err(|error| format!("its name is not one that an encrypted object has: {error}"))?;
    let path = String::from_utf8(local_name::decode(&decoded))
        .map_err(|_| "its source's name is not text".to_owned())?;
    Ok(format!("/mnt/{}/{path}", prefix.pool()))
}

/// What came out of an object or a source.
#[derive(PartialEq, Eq)]
struct Content {
    size: u64,
    sha1: [u8; 20],
}

/// Decrypts a body as it arrives; nothing counts before its block is verified.
async fn open(keys: &Keys, mut body: Body) -> Result<Result<Content, String>, Error> {
    let mut cipher: Option<FileCipher> = None;
    let (mut pending, mut block, mut size, mut sha1) = (Vec::new(), 0u64, 0u64, Sha1::new());
    loop {
        let part = body.next().await.transpose()?;
        let last = part.is_none();
        pending.extend_from_slice(&part.unwrap_or_default());
        if cipher.is_none() && (pending.len() >= HEADER_LEN || last) {
            match FileCipher::from_header(keys, &pending[..pending.len().min(HEADER_LEN)]) {
                Ok(found) => cipher = Some(found),
                Err(error) => return Ok(Err(format!("it is not encrypted: {error}"))),
            }
            pending.drain(..HEADER_LEN);
        }
        let Some(cipher) = &cipher else { continue };
        while pending.len() >= BLOCK_LEN || (last && !pending.is_empty()) {
            let mut stored: Vec<u8> = pending.drain(..pending.len().min(BLOCK_LEN)).collect();
            match cipher.open_block(block, &mut stored) {
                Ok(plain) => {
                    size += plain.len() as u64;
                    sha1.update(&*plain);
                }
                Err(error) => return Ok(Err(format!("the escrowed secrets do not open it: {error}"))),
            }
            block += 1;
        }
        if last {
            return Ok(Ok(Content { size, sha1: sha1.finalize().into() }));
        }
    }
}

/// Holds what came out of an object against its source. A source that has changed since is not a failure.
async fn compare(views: &Views, object: &Object, path: &str, opened: &Content) -> Proof {
    let opens = |but: String| Proof::Opens { but };
    let facts = match views.source.stat(path).await {
        Ok(Some(facts)) => facts,
        Ok(None) => return opens("its source is gone since".to_owned()),
        Err(error) => return opens(format!("its source cannot be read: {error}")),
    };
    let moved = object.source_modified.is_some_and(|noted| {
        (noted.as_millisecond() - facts.modified.as_millisecond()).abs() > TIME_TOLERANCE_MS
    });
    if facts.size != opened.size || moved {
        return opens("its source has changed since".to_owned());
    }
    match read(views, path).await {
        Ok(source) if source == *opened => Proof::Content,
        Ok(_) => Proof::Failed { reason: "it opens, and its content is not its source's".to_owned() },
        Err(error) => opens(format!("its source cannot be read: {error}")),
    }
}

async fn read(views: &Views, path: &str) -> Result<Content, PortError> {
    let mut body = views.source.read(path).await?;
    let (mut size, mut sha1) = (0u64, Sha1::new());
    while let Some(part) = body.next().await.transpose()? {
        size += part.len() as u64;
        sha1.update(&part);
    }
    Ok(Content { size, sha1: sha1.finalize().into() })
}
