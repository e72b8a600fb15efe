//! Proof of recoverability: objects fetched and opened with what the vault gives back, compared with their sources (V3).

mod opened;

use std::sync::{Arc, OnceLock};

use dtc_naming::{FolderPath, ObjectPrefix, PoolName};
use rclone_crypt::{
    Candidate, Filter, HEADER_LEN, Keys, Mapping, Names, Origin, TrueNasTask, b2_name, decrypted_len,
};
use serde::Serialize;

use crate::port_error::{PortError, PortErrorKind};
use crate::ports::{Bucket, BucketAccess, Object, Views};
use crate::proofs::{Bound, Escrowed};
use crate::secret::EncryptionSecrets;
use crate::standard::cloud_sync::EXCLUDE;

/// Objects up to this length are fetched whole; of a larger one only the beginning is, so that a proof stays affordable.
const FETCH_LIMIT: u64 = 64 << 20;
/// Of the objects that are fetched whole, how many: the newest, the oldest, the largest, and one by chance.
const SAMPLES: usize = 4;
/// Of the larger ones, how many where there are smaller ones: the newest.
const LARGE_SAMPLES: usize = 1;
/// Of those that no encrypted object can be, by name or by size, how many beside these.
const ODD_SAMPLES: usize = 4;
/// Of those that are as long as an encrypted empty file, how many: a plain one can be as long.
const EMPTY_SAMPLES: usize = 4;

/// What was proven about one object; what a variant does not say was not shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "proof", rename_all = "snake_case")]
pub enum Proof {
    /// It was fetched whole, opens with the vault's secrets, and is its source, to the byte.
    Content,
    /// Its beginning opens with the vault's secrets, and B2 holds the SHA-1 that its source has when encrypted again under
    /// its nonce. Not shown: that B2 still hands out all of those bytes.
    Hash,
    /// Password and salt are the object's. Not shown: that it is its source, for this reason.
    Keys {
        /// How many of its plain bytes were decrypted and are authentic; `size` of them when it was fetched whole.
        authenticated: u64,
        /// Why its source was not held against it.
        but: String,
    },
    /// It arrived whole and is not what it must be: data is at risk.
    Failed {
        /// What it is.
        reason: String,
    },
    /// It was fetched again and did not arrive whole: it ends early, or its checksum differs. Not shown: what is stored.
    Damaged {
        /// How it arrives.
        reason: String,
    },
    /// It could not be fetched, which shows nothing about it.
    NotCheckable {
        /// Why.
        reason: String,
        /// What kind of failure it was.
        kind: PortErrorKind,
    },
}

impl Proof {
    /// Whether it shows that the object opens with what the vault gives back.
    pub fn opens(&self) -> bool {
        match self {
            Self::Content | Self::Hash | Self::Keys { .. } => true,
            Self::Failed { .. } | Self::Damaged { .. } | Self::NotCheckable { .. } => false,
        }
    }
}

impl From<PortError> for Proof {
    fn from(error: PortError) -> Self {
        Self::NotCheckable { reason: error.to_string(), kind: error.kind() }
    }
}

/// One object that was fetched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Sample {
    /// The object's name.
    pub object: String,
    /// The source it was held against.
    pub source: String,
    /// Its plain size, in bytes; 0 if it did not open.
    pub size: u64,
    /// What was proven.
    #[serde(flatten)]
    pub proof: Proof,
}

/// What a pool's part of the bucket holds, and what of it was opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PoolProof {
    /// The pool.
    pub pool: PoolName,
    /// How many objects stand under its prefix.
    pub objects: u64,
    /// How many of them are longer than an encrypted empty file, and can be opened and compared.
    pub with_content: u64,
    /// Their size in the bucket, in bytes.
    pub bytes: u64,
    /// Objects in an excluded directory at the top of the pool, which must not be there (V2).
    pub excluded: Vec<String>,
    /// Directories whose names look excluded and that the filters do not reach (V2).
    pub unreached: Vec<String>,
    /// What was fetched: newest, oldest, largest and one by chance; of those too large to fetch the beginning of the newest; and
    /// what cannot be an encrypted object by its name or its size. Encrypted empty files are looked at and are not among them: any
    /// password opens them, and so they prove nothing.
    pub samples: Vec<Sample>,
    /// Why its listing is not whole; everything above is then of the part that was read.
    pub unlisted: Option<String>,
}

impl PoolProof {
    /// The samples that are not what they must be, or do not arrive whole.
    pub fn failures(&self) -> impl Iterator<Item = &Sample> {
        self.samples
            .iter()
            .filter(|sample| matches!(sample.proof, Proof::Failed { .. } | Proof::Damaged { .. }))
    }
}

/// What a proof is made with: the bucket, and what the vault gave back.
pub(super) struct Vaulted<'a> {
    pub(super) access: Bound<'a, BucketAccess>,
    pub(super) secrets: &'a Escrowed<EncryptionSecrets>,
    /// What password and salt derive to: slow on purpose, and done once.
    pub(super) keys: OnceLock<Arc<Keys>>,
}

impl Vaulted<'_> {
    fn keys(&self) -> Result<&Keys, PortError> {
        if let Some(keys) = self.keys.get() {
            return Ok(keys);
        }
        let keys = self.secrets.value().keys()?;
        Ok(self.keys.get_or_init(|| keys))
    }
}

/// As long as an encrypted empty file.
const HEADER: u64 = HEADER_LEN as u64;

/// A pool's objects, listed: counted, judged by name, and a few chosen for opening.
#[derive(Default)]
struct Listing {
    objects: u64,
    with_content: u64,
    bytes: u64,
    excluded: Vec<String>,
    unreached: Vec<String>,
    candidates: Vec<Object>,
    /// Some of those that no encrypted object can be, by name or by size.
    odd: Vec<Object>,
    /// Some of those that are as long as an encrypted empty file.
    empty: Vec<Object>,
    /// Why it ended before its end.
    unlisted: Option<PortError>,
}

/// What a pool's listing is judged by, and its objects are traced back by.
struct Layout {
    prefix: ObjectPrefix,
    /// The standard's excludes (V2).
    filter: Filter,
    mapping: Mapping,
}

impl Layout {
    fn new(folder: &FolderPath) -> Result<Self, PortError> {
        let filter = Filter::truenas(TrueNasTask::ScalePoolRoot, EXCLUDE).map_err(|error| {
            let attempted = "read the standard's excludes";
            PortError::new(PortErrorKind::NotUnderstood, attempted, error.to_string())
        })?;
        let mapping = Mapping::new(folder.as_str(), Names::off(), filter.clone());
        Ok(Self { prefix: folder.object_prefix(), filter, mapping })
    }

    /// The path of an object's source on the appliance, or why there is none to ask for; an error where the object is
    /// none of the pool's encrypted ones.
    fn source(&self, object: &str) -> Result<Result<String, String>, String> {
        let path = match self.mapping.source_of(object) {
            Origin::Expected(path) | Origin::Excluded(path) => path,
            Origin::Outside => return Err("it lies outside the pool's prefix".to_owned()),
            _ => return Err("its name is not one that an encrypted object has".to_owned()),
        };
        Ok(match String::from_utf8(path) {
            Ok(path) => Ok(format!("/mnt/{}/{path}", self.prefix.pool())),
            Err(_) => Err("its source's name is not text, and the appliance takes none but text".to_owned()),
        })
    }
}

/// Lists a pool's objects, and where the vault gave what that takes, opens a sample of them and compares it with its
/// sources. Each object is judged by itself, and a listing that ends early by what it held until then.
pub(super) async fn prove(
    views: &Views,
    bucket: &Bucket,
    with: Option<&Vaulted<'_>>,
    folder: &FolderPath,
) -> PoolProof {
    let layout = match Layout::new(folder) {
        Ok(layout) => layout,
        Err(error) => {
            return Listing { unlisted: Some(error), ..Listing::default() }.proof(folder, Vec::new());
        }
    };
    let mut listing = list(views, bucket, &layout).await;
    let mut samples = Vec::new();
    if let Some(with) = with {
        for object in listing.take_sample() {
            samples.extend(opened::sample(views, with, &layout, &object).await);
        }
    }
    listing.proof(folder, samples)
}

async fn list(views: &Views, bucket: &Bucket, layout: &Layout) -> Listing {
    let mut listing = Listing::default();
    let mut from: Option<String> = None;
    loop {
        let page = match views.object_store.objects(bucket, &layout.prefix, from.as_deref()).await {
            Ok(page) => page,
            Err(error) => return Listing { unlisted: Some(error), ..listing },
        };
        for object in page.objects {
            listing.take(layout, object);
        }
        if let Some(first) = page.not_understood.first() {
            let answer =
                format!("{} of its rows are not understood, first {first}", page.not_understood.len());
            listing.unlisted = Some(PortError::new(PortErrorKind::NotUnderstood, "list the bucket", answer));
        }
        match page.next {
            Some(next) if from.as_ref() == Some(&next) => {
                let answer = format!("the listing does not get past {next:?}");
                let error = PortError::new(PortErrorKind::NotUnderstood, "list the bucket", answer);
                return Listing { unlisted: Some(error), ..listing };
            }
            Some(next) => from = Some(next),
            None => return listing,
        }
    }
}

impl Listing {
    fn proof(self, folder: &FolderPath, samples: Vec<Sample>) -> PoolProof {
        PoolProof {
            pool: folder.pool().clone(),
            objects: self.objects,
            with_content: self.with_content,
            bytes: self.bytes,
            excluded: self.excluded,
            unreached: self.unreached,
            samples,
            unlisted: self.unlisted.map(|error| error.to_string()),
        }
    }

    fn take(&mut self, layout: &Layout, object: Object) {
        self.objects = self.objects.saturating_add(1);
        self.bytes = self.bytes.saturating_add(object.size);
        let stored = b2_name::decode(layout.prefix.relative(&object.name).unwrap_or_default());
        // Contents are encrypted and names are not, so the directories are the source's, whatever the object is.
        let path = String::from_utf8_lossy(&stored);
        if !layout.filter.includes(&path) {
            self.excluded.push(object.name.clone());
        } else if let Some(directory) = archive(&path).filter(|found| !self.unreached.contains(found)) {
            self.unreached.push(directory);
        }
        let is_odd = decrypted_len(object.size).is_err() || layout.source(&object.name).is_err();
        if object.size > HEADER {
            self.with_content = self.with_content.saturating_add(1);
        }
        match object.size {
            _ if is_odd => keep(&mut self.odd, object, self.objects),
            HEADER => keep(&mut self.empty, object, self.objects),
            _ => self.keep(object),
        }
    }

    /// The objects to fetch, each once.
    fn take_sample(&mut self) -> Vec<Object> {
        let mut objects = chosen(std::mem::take(&mut self.candidates), self.objects);
        objects.extend(some(&self.odd, ODD_SAMPLES, self.objects));
        objects.extend(some(&self.empty, EMPTY_SAMPLES, self.objects));
        objects
    }

    /// Keeps every object while there are few, then thins out: memory is bounded, and newest, oldest and largest stay.
    fn keep(&mut self, object: Object) {
        self.candidates.push(object);
        if self.candidates.len() >= MOST {
            self.candidates = chosen(std::mem::take(&mut self.candidates), self.objects);
        }
    }
}

/// How many objects of a kind are kept before they are thinned out.
const MOST: usize = 4096;

/// As [`Listing::keep`], of objects of which a few are looked at whatever their size.
fn keep(kept: &mut Vec<Object>, object: Object, seed: u64) {
    kept.push(object);
    if kept.len() >= MOST {
        *kept = some(kept, ODD_SAMPLES.max(EMPTY_SAMPLES), seed);
    }
}

/// A few of these objects, whose sizes do not tell one from another: the newest, the oldest, and others by chance.
fn some(objects: &[Object], count: usize, seed: u64) -> Vec<Object> {
    of_candidates(objects, count, seed, |_| u64::MAX)
}

/// A few of these objects: the newest, the oldest, the largest by this length, then others by chance.
fn of_candidates(objects: &[Object], count: usize, seed: u64, len: fn(&Object) -> u64) -> Vec<Object> {
    let candidate =
        |object: &Object| Candidate { stored_len: len(object), uploaded: object.uploaded.as_millisecond() };
    let candidates: Vec<_> = objects.iter().map(candidate).collect();
    let chosen = rclone_crypt::sample(&candidates, count, seed).chosen;
    chosen.into_iter().filter_map(|(index, _)| objects.get(index).cloned()).collect()
}

/// The first directory on a path whose name looks excluded, in any spelling.
fn archive(path: &str) -> Option<String> {
    let slashes = path.match_indices('/').map(|(slash, _)| &path[..slash]);
    let mut directories =
        slashes.map(|directory| (directory, directory.rsplit('/').next().unwrap_or(directory)));
    directories.find(|(_, name)| name.eq_ignore_ascii_case("archive")).map(|(found, _)| found.to_owned())
}

/// A few of the objects that are fetched whole, and of the others one; if all are large, a few of them.
fn chosen(candidates: Vec<Object>, seed: u64) -> Vec<Object> {
    let (small, large): (Vec<_>, Vec<_>) =
        candidates.into_iter().partition(|object| object.size <= FETCH_LIMIT);
    let large_samples = if small.is_empty() { SAMPLES } else { LARGE_SAMPLES };
    [(small, SAMPLES), (large, large_samples)]
        .into_iter()
        .flat_map(|(objects, count)| of_candidates(&objects, count, seed, |object| object.size))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn x6_sizes_that_no_bucket_can_hold_are_counted_without_a_panic() {
        let folder: FolderPath = "/3f2504e0-4f89-41d3-9a0c-0305e82c3301/pool0".parse().unwrap();
        let layout = Layout::new(&folder).unwrap();
        let mut listing = Listing::default();
        for name in ["a.bin", "b.bin"] {
            let object = Object {
                id: crate::ids::ObjectId::new(name),
                name: layout.prefix.listing() + name,
                size: u64::MAX,
                uploaded: jiff::Timestamp::UNIX_EPOCH,
                source_modified: None,
                sha1: None,
            };
            listing.take(&layout, object);
        }
        assert_eq!((listing.objects, listing.with_content, listing.bytes), (2, 2, u64::MAX));
    }
}
