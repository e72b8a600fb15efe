//! Whether a pair that people chose opens what is in the bucket (E3a).

use dtc_naming::{FolderPath, PoolName};
use futures_util::TryStreamExt as _;
use rclone_crypt::{HEADER_LEN, KEY_PROOF_RANGE, Keys, Proven, prove_keys};
use serde::Serialize;

use super::fact::Fact;
use super::held::Held;
use super::store::StoreFacts;
use crate::escrow;
use crate::port_error::PortError;
use crate::ports::{Bucket, BucketAccess, Object, Part, Views};
use crate::proofs::{Bound, Escrowed, SecretIdentity as _};
use crate::secret::EncryptionSecrets;

/// Objects of a pool that are tried: one that is damaged must not speak for all.
const TRIED: usize = 3;

/// Whether a pair opens what is in the bucket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Opening {
    /// It opens an object.
    Opens {
        /// Which.
        object: String,
    },
    /// It opens none of the objects that were tried.
    Closed {
        /// What came of it.
        why: String,
    },
    /// Nothing shows it.
    Unproven {
        /// Why not.
        why: String,
    },
}

/// Tries a pair that people chose on what is in the bucket; `None` where the vault's pair was drawn, or there is none.
pub(super) async fn read(
    views: &Views,
    store: &Fact<StoreFacts>,
    pools: &Fact<Vec<PoolName>>,
    held: &Held,
) -> Option<Opening> {
    let pair = held.encryption.ok()?.as_ref()?;
    if !escrow::made_by_hand(pair) {
        return None;
    }
    let unproven = |why: &str| Some(Opening::Unproven { why: why.to_owned() });
    let Some(bucket) = store.ok().and_then(|store| store.bucket.as_ref()) else {
        return unproven("there is no bucket that could be read");
    };
    let Some(key) = held.key.ok().and_then(Option::as_ref) else {
        return unproven("the vault holds no application key to read the bucket with");
    };
    let access = BucketAccess { bucket: bucket.bucket.clone(), backup: pair.identity().clone() };
    let (Ok(access), Some(pools)) = (key.for_use(&access), pools.ok()) else {
        return unproven("the vault's application key is not for this bucket");
    };
    let device = pair.identity().device();
    let folders: Vec<FolderPath> = pools.iter().map(|pool| FolderPath::compute(device, pool)).collect();
    let tried = tried(views, &bucket.bucket, access, pair, &folders).await;
    Some(tried.unwrap_or_else(|error| Opening::Unproven { why: error.to_string() }))
}

async fn tried(
    views: &Views,
    bucket: &Bucket,
    access: Bound<'_, BucketAccess>,
    pair: &Escrowed<EncryptionSecrets>,
    folders: &[FolderPath],
) -> Result<Opening, PortError> {
    let mut keys = None;
    let mut closed = None;
    for folder in folders {
        let page = views.object_store.objects(bucket, &folder.object_prefix(), None).await?;
        let with_content = page.objects.iter().filter(|object| object.size > HEADER_LEN as u64);
        for object in with_content.take(TRIED) {
            let keys = match &keys {
                Some(keys) => keys,
                None => keys.insert(pair.value().keys()?),
            };
            match opens(views, access, keys, object).await? {
                Ok(()) => return Ok(Opening::Opens { object: object.name.clone() }),
                Err(why) => closed = closed.or(Some(why)),
            }
        }
    }
    Ok(match closed {
        Some(why) => Opening::Closed { why },
        None => Opening::Unproven { why: "nothing with content lies in the bucket".to_owned() },
    })
}

async fn opens(
    views: &Views,
    access: Bound<'_, BucketAccess>,
    keys: &Keys,
    object: &Object,
) -> Result<Result<(), String>, PortError> {
    let body = views.object_store.fetch(access, object, Part::Beginning(KEY_PROOF_RANGE.end)).await?;
    let beginning = body.try_fold(Vec::new(), |mut read, part| {
        read.extend_from_slice(&part);
        std::future::ready(Ok(read))
    });
    Ok(match prove_keys(keys, &beginning.await?) {
        Ok(Proven::Keys { .. }) => Ok(()),
        Ok(_) => Err(format!("{}: B2 gave nothing of it but its header", object.name)),
        Err(error) => Err(format!("{}: {error}", object.name)),
    })
}
