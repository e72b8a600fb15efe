//! The bucket and its keys.

use dtc_naming::BucketName;

use super::BucketSeen;
use crate::error::Error;
use crate::ports::Views;

/// The bucket of this name, if it is ours, with the keys of both worlds, in the order of their ids.
pub(crate) async fn observe(views: &Views, name: &BucketName) -> Result<Option<BucketSeen>, Error> {
    let Some(bucket) = views.object_store.bucket(name).await? else { return Ok(None) };
    let mut keys = views.object_store.keys(&bucket).await?;
    keys.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(Some(BucketSeen { bucket, keys }))
}
