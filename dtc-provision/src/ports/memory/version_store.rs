//! Backblaze B2 with an appliance's own key. Of each object there is one version, the newest.

use async_trait::async_trait;
use futures_util::{StreamExt as _, stream};

use super::{World, missing};
use crate::port_error::{PortError, PortErrorKind};
use crate::ports::memory::StoreState;
use crate::ports::{
    Body, Lock, Object, ObjectVersion, Part, RestoreAccess, VersionKind, VersionRow, VersionRows,
    VersionStore,
};
use crate::proofs::Bound;

/// What a key needs, by call.
const LISTING: &str = "listFiles";
const READING: &str = "readFiles";

/// The bucket that is read, if the key that is handed over reaches it and has the capability.
fn reached(state: &StoreState, access: Bound<'_, RestoreAccess>, needed: &str) -> Result<String, PortError> {
    let (name, key) = (&access.spec().backup.bucket, access.expose());
    let attempted = format!("read the bucket {name}");
    let Some(held) = state.login(key.id.as_str(), key.secret.expose()) else {
        return Err(PortError::new(PortErrorKind::CredentialsRejected, attempted, "bad_auth_token"));
    };
    let bucket = state.bucket(name.as_str()).ok_or_else(|| missing(&attempted, name))?;
    let is_reached = held.buckets.is_empty() || held.buckets.contains(&bucket.bucket.id);
    if !is_reached || !held.capabilities.iter().any(|capability| capability == needed) {
        return Err(PortError::new(
            PortErrorKind::Unauthorized,
            attempted,
            format!("unauthorized, it takes {needed}"),
        ));
    }
    Ok(name.to_string())
}

#[async_trait]
impl VersionStore for World {
    async fn versions(
        &self,
        access: Bound<'_, RestoreAccess>,
        prefix: &str,
    ) -> Result<VersionRows, PortError> {
        self.read("store.versions", |state| {
            let bucket = reached(&state.store, access, LISTING)?;
            let objects = state.store.bucket(&bucket).map(|found| &found.objects).into_iter().flatten();
            let objects = objects.map(|(_, held)| held.object.clone());
            let rows: Vec<Result<VersionRow, PortError>> = objects
                .filter(|object| object.name.starts_with(prefix))
                .map(|object| ObjectVersion { object, kind: VersionKind::Content, lock: Lock::Free })
                .map(|version| Ok(VersionRow::Version(version)))
                .collect();
            Ok(stream::iter(rows).boxed())
        })
        .await
    }

    async fn fetch_version(
        &self,
        access: Bound<'_, RestoreAccess>,
        object: &Object,
        part: Part,
    ) -> Result<Body, PortError> {
        self.read("store.fetch_version", |state| {
            let bucket = reached(&state.store, access, READING)?;
            let objects = state.store.bucket_mut(&bucket).map(|found| &mut found.objects);
            let found = objects.and_then(|objects| objects.get_mut(&object.name));
            let found = found.filter(|found| found.object.id == object.id);
            found.ok_or_else(|| missing("store.fetch_version", &object.name))?.given(part)
        })
        .await
    }
}
