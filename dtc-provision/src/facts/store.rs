//! The account, the bucket, its keys, and whether anything lies in it.

use dtc_naming::{FolderPath, PoolName};
use futures_util::future::try_join_all;
use serde::Serialize;

use super::fact::{Fact, Unread};
use super::identity::Identity;
use super::place::Place;
use crate::ports::{Account, Bucket, Key, Views};

/// The account and the bucket.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct StoreFacts {
    /// The account.
    pub account: Account,
    /// The bucket, if it exists and is ours.
    pub bucket: Option<BucketFacts>,
}

/// The bucket and its keys.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct BucketFacts {
    /// The bucket.
    pub bucket: Bucket,
    /// Its keys, of both worlds (K2a), in the order of their ids.
    pub keys: Fact<Vec<Key>>,
}

impl StoreFacts {
    /// Why the keys of the bucket could not be listed; then no plan can be made.
    pub(crate) fn keys_unread(&self) -> Option<&Unread> {
        self.bucket.as_ref()?.keys.unread()
    }
}

impl BucketFacts {
    /// Its keys, where they were listed.
    pub(crate) fn listed_keys(&self) -> &[Key] {
        self.keys.ok().map_or(&[], Vec::as_slice)
    }
}

/// The account, the bucket of the location's name, and the keys that reach it or bear its name.
pub(super) async fn read(views: &Views, place: &Fact<Place>) -> Result<StoreFacts, Unread> {
    let name = &place.needed("the client and its location")?.bucket_name;
    let (holdings, keys) =
        futures_util::future::join(views.object_store.holdings(name), views.object_store.keys()).await;
    let holdings = holdings?;
    let Some(bucket) = holdings.bucket else {
        return Ok(StoreFacts { account: holdings.account, bucket: None });
    };
    let of_bucket = |key: &Key| key.buckets.contains(&bucket.id) || key.name == bucket.name.as_str();
    let keys = keys.map(|keys| {
        let mut keys: Vec<Key> = keys.into_iter().filter(of_bucket).collect();
        keys.sort_by(|a, b| a.id.cmp(&b.id));
        keys
    });
    let keys = keys.into();
    Ok(StoreFacts { account: holdings.account, bucket: Some(BucketFacts { bucket, keys }) })
}

/// The pools of which anything stands in the bucket, under the GUID that holds.
pub(super) async fn in_bucket(
    views: &Views,
    store: &Fact<StoreFacts>,
    identity: &Fact<Identity>,
    backed_up: &Fact<Vec<PoolName>>,
) -> Result<Vec<PoolName>, Unread> {
    let bucket = &store.needed("the bucket")?.bucket;
    let guid = identity.needed("the Device GUID")?.guid();
    let pools = backed_up.needed("the appliance's pools")?;
    let (Some(found), Some(guid)) = (bucket, guid) else { return Ok(Vec::new()) };
    let listings = pools.iter().map(|pool| async move {
        let prefix = FolderPath::compute(guid, pool).object_prefix();
        let page = views.object_store.objects(&found.bucket, &prefix, None).await?;
        Ok::<_, Unread>((!page.objects.is_empty()).then(|| pool.clone()))
    });
    Ok(try_join_all(listings).await?.into_iter().flatten().collect())
}
