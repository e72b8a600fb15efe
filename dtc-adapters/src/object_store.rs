//! Backblaze B2.

pub(crate) mod convert;

use std::collections::BTreeSet;
use std::pin::pin;

use async_trait::async_trait;
use b2_client::buckets::{CreateBucket, Encryption, ListBuckets, UpdateBucket};
use b2_client::files::{Action, FileRetention, FileVersion, Governance, ListFiles};
use b2_client::keys::{CreateKey, KeyCompat};
use b2_client::{Capability, Client, ErrorKind, FileId, FileName, KeyName, Revision, UnixMillis};
use dtc_naming::{BucketName, ObjectPrefix};
use dtc_provision::ids::{AccountId, KeyId};
use dtc_provision::ports::{
    Account, Body, Bucket, BucketAccess, BucketSettings, BucketSpec, CurrentPage, Holdings, Key, KeySpec,
    LockExtension, Object, ObjectPage, ObjectStore, ObjectStoreView, Part, Retention,
};
use dtc_provision::proofs::consent::{ChangeBucketSettings, ComplianceLock, Consent, DeleteOrphanKey};
use dtc_provision::proofs::{Bound, Minted};
use dtc_provision::secret::{ApplicationKey, ApplicationKeySecret};
use dtc_provision::{PortError, PortErrorKind};
use futures_util::{StreamExt as _, TryStreamExt as _};

use crate::b2_clients::B2Clients;
use crate::error::{Attempt as _, ClientError as _, failed, not_understood, refused};
use crate::escrowed_clients::EscrowedClients;

/// Takes a row of a listing of names, which shows the newest version of each that is not hidden.
fn take(page: &mut ObjectPage, row: &FileVersion) {
    match &row.action {
        Action::Upload | Action::Copy => match convert::object(row) {
            Ok(object) => page.objects.push(object),
            Err(error) => page.not_understood.push(error.to_string()),
        },
        // No object: it has no content yet, or none any more.
        Action::Start | Action::Hide => {}
        other => page.not_understood.push(format!("{}: B2 calls it {other:?}", row.name.as_str())),
    }
}

/// Entries of one page: what a listing is billed by.
const PAGE: usize = 1000;

/// B2 with the provisioning key, and with keys that are read back from the vault.
pub(crate) struct B2Store {
    pub(crate) client: Client,
    escrowed: EscrowedClients,
}

impl B2Store {
    /// B2 with this client of the provisioning key; `clients` makes those for other keys.
    pub(crate) fn new(client: Client, clients: B2Clients) -> Self {
        Self { client, escrowed: EscrowedClients::new(clients) }
    }
}

fn bucket_id(bucket: &Bucket) -> b2_client::BucketId {
    b2_client::BucketId::new(bucket.id.as_str())
}

fn name(bucket: &BucketName) -> Result<b2_client::BucketName, PortError> {
    let name = b2_client::BucketName::new(bucket.as_str()).map_err(b2_client::Error::from);
    name.attempting(format_args!("name the bucket {bucket}"))
}

#[async_trait]
impl ObjectStoreView for B2Store {
    /// One login, and one list of all buckets.
    async fn holdings(&self, wanted: &BucketName) -> Result<Holdings, PortError> {
        let account = self.client.account().await.attempting("log in to Backblaze B2")?;
        let buckets = self.client.buckets().list(&ListBuckets::new()).await;
        let buckets = buckets.attempting("list the account's buckets")?;
        let bucket = buckets.iter().find(|bucket| bucket.name.as_str() == wanted.as_str());
        Ok(Holdings {
            account: Account {
                id: AccountId::new(account.id.as_str()),
                buckets: buckets.len(),
                capabilities: account.capabilities.iter().map(ToString::to_string).collect(),
            },
            bucket: bucket.map(convert::bucket).transpose()?,
        })
    }

    async fn bucket(&self, wanted: &BucketName) -> Result<Option<Bucket>, PortError> {
        let found = self.client.buckets().get(&name(wanted)?).await;
        let found = found.attempting(format_args!("look for the bucket {wanted}"))?;
        found.map(|bucket| convert::bucket(&bucket)).transpose()
    }

    async fn keys(&self) -> Result<Vec<Key>, PortError> {
        let keys = self.client.keys().list().map_ok(convert::key).try_collect().await;
        keys.attempting("list the account's keys")
    }

    /// Names are unique in a listing, so a page that begins with the last name of the one before repeats only that.
    async fn objects(
        &self,
        bucket: &Bucket,
        prefix: &ObjectPrefix,
        from: Option<&str>,
    ) -> Result<ObjectPage, PortError> {
        let attempted = || format!("list the bucket {} under {prefix}", bucket.name);
        let request = ListFiles::new(bucket_id(bucket)).prefix(prefix.listing());
        let request = match from {
            Some(from) => request.start_at(from),
            None => request,
        };
        let mut rows = pin!(self.client.files().list_names(&request).take(PAGE));
        let (mut page, mut read, mut last) = (ObjectPage::default(), 0, None);
        while let Some(row) = rows.next().await {
            read += 1;
            match row {
                Ok(row) => {
                    let name = row.name.as_str().to_owned();
                    if Some(name.as_str()) != from {
                        take(&mut page, &row);
                    }
                    last = Some(name);
                }
                Err(error) if matches!(error.kind(), ErrorKind::NotUnderstood) => {
                    page.not_understood.push(error.to_string());
                }
                Err(error) if error.port_kind() == PortErrorKind::Unauthorized => {
                    let attempted = attempted();
                    return Err(failed(format!("{attempted}, which takes the capability listFiles"), error));
                }
                Err(error) => return Err(failed(attempted(), error)),
            }
        }
        page.next = last.filter(|_| read == PAGE);
        Ok(page)
    }

    /// Names are unique here too, as in [`objects`](Self::objects).
    async fn current_versions(&self, bucket: &Bucket, from: Option<&str>) -> Result<CurrentPage, PortError> {
        let attempted = format!("list the current versions in the bucket {}", bucket.name);
        let request = from.into_iter().fold(ListFiles::new(bucket_id(bucket)), ListFiles::start_at);
        let mut rows = pin!(self.client.files().list_names(&request).take(PAGE));
        let (mut page, mut read, mut last) = (CurrentPage::default(), 0, None);
        while let Some(row) = rows.next().await {
            read += 1;
            match row {
                Ok(row) => {
                    let name = row.name.as_str().to_owned();
                    if Some(name.as_str()) != from {
                        match convert::current(&row) {
                            Ok(version) => page.versions.extend(version),
                            Err(error) => page.not_understood.push(error.to_string()),
                        }
                    }
                    last = Some(name);
                }
                Err(error) if matches!(error.kind(), ErrorKind::NotUnderstood) => {
                    page.not_understood.push(error.to_string());
                }
                Err(error) => return Err(failed(attempted, error)),
            }
        }
        page.next = last.filter(|_| read == PAGE);
        Ok(page)
    }

    async fn fetch(
        &self,
        access: Bound<'_, BucketAccess>,
        object: &Object,
        part: Part,
    ) -> Result<Body, PortError> {
        let bucket = &access.spec().bucket.name;
        let attempted = format!("fetch {} from {bucket} with the escrowed key", object.name);
        let client = self.escrowed.client(access.expose())?;
        let content =
            client.files().download(&convert::download(object, part)).await.attempting(&attempted)?;
        Ok(content.into_stream().map(move |piece| piece.attempting(&attempted)).boxed())
    }
}

#[async_trait]
impl ObjectStore for B2Store {
    async fn create_bucket(&self, spec: &BucketSpec) -> Result<Bucket, PortError> {
        let settings = &spec.settings;
        let attempted = format!("create the bucket {}", spec.name);
        let request = CreateBucket::new(name(&spec.name)?, convert::visibility(settings))
            .lifecycle_rules(convert::lifecycle(settings, &attempted)?);
        let request = if settings.sse_b2 { request.encryption(Encryption::SseB2) } else { request };
        let request = if settings.object_lock { request.object_lock() } else { request };
        let created = self.client.buckets().create(&request).await;
        convert::bucket(&created.attempting(attempted)?)
    }

    async fn change_bucket(
        &self,
        bucket: &Bucket,
        settings: &BucketSettings,
        consent: Consent<ChangeBucketSettings>,
    ) -> Result<Bucket, PortError> {
        consent.spend_on(bucket.name.as_str(), &bucket.settings.terms_of_change(settings))?;
        let request = UpdateBucket::new(bucket_id(bucket)).if_revision(Revision::new(bucket.revision));
        let attempted = format!("change the bucket {}", bucket.name);
        let request = convert::changes(request, &bucket.settings, settings, &attempted)?;
        let updated = self.client.buckets().update(&request).await;
        convert::bucket(&updated.attempting(attempted)?)
    }

    async fn lock_bucket(
        &self,
        bucket: &Bucket,
        retention: Retention,
        consent: Consent<ComplianceLock>,
    ) -> Result<Bucket, PortError> {
        consent.spend_on(bucket.name.as_str(), &retention.terms())?;
        let request = UpdateBucket::new(bucket_id(bucket))
            .if_revision(Revision::new(bucket.revision))
            .default_retention(convert::default_retention(retention));
        let updated = self.client.buckets().update(&request).await;
        convert::bucket(&updated.attempting(format_args!("set the retention of the bucket {}", bucket.name))?)
    }

    async fn extend_lock(&self, bucket: &Bucket, extension: LockExtension) -> Result<(), PortError> {
        let object = extension.object();
        let attempted = format!("extend the lock of {} in the bucket {}", object.name, bucket.name);
        if !extension.is_in(&bucket.name) {
            return Err(refused(attempted, "the consent is to another bucket; nothing was sent"));
        }
        let name = FileName::new(&object.name).map_err(b2_client::Error::from).attempting(&attempted)?;
        let wanted = FileRetention::compliance(UnixMillis::new(extension.until().as_millisecond()));
        let id = FileId::new(object.id.as_str());
        let made = self.client.files().update_retention(&name, &id, &wanted, Governance::Respect).await;
        let made = made.attempting(&attempted)?;
        if made != wanted {
            return Err(not_understood(attempted, format!("B2 says that its retention is {made:?} now")));
        }
        Ok(())
    }

    async fn create_key(&self, bucket: &Bucket, spec: &KeySpec) -> Result<Minted<ApplicationKey>, PortError> {
        let attempted = format!("mint a key for the bucket {}", bucket.name);
        let name = KeyName::new(spec.name.as_str()).map_err(b2_client::Error::from).attempting(&attempted)?;
        let capabilities = spec.capabilities.iter().map(|name| Capability::from_name(name));
        let request =
            CreateKey::new(name, capabilities).in_bucket(bucket_id(bucket)).compat(KeyCompat::V3SingleBucket);
        let made = self.client.keys().create(&request).await.map_err(|error| {
            let made_and_lost = *error.kind() == b2_client::ErrorKind::NotUnderstood;
            match failed(&attempted, error) {
                lost if made_and_lost => {
                    let answer = "a key was made and its secret could not be read";
                    PortError::new(PortErrorKind::OutcomeUnknown, &attempted, answer).caused_by(lost)
                }
                error => error,
            }
        })?;
        let id = made.key.id.as_str().to_owned();
        let key = convert::key(made.key);
        let asked: BTreeSet<&String> = spec.capabilities.iter().collect();
        if key.capabilities.iter().collect::<BTreeSet<_>>() != asked || key.buckets != [bucket.id.clone()] {
            let answer = format!(
                "the key {id} was made differently than asked and is not used: it may {} in the buckets {:?}",
                key.capabilities.join(", "),
                key.buckets
            );
            return Err(refused(attempted, answer));
        }
        let secret = ApplicationKeySecret::new(made.secret.expose());
        Ok(Minted::new(ApplicationKey { id: KeyId::new(id), secret }))
    }

    async fn delete_key(&self, key: &KeyId, consent: Consent<DeleteOrphanKey>) -> Result<(), PortError> {
        consent.spend_on(key.as_str(), &[])?;
        let deleted = self.client.keys().delete(&b2_client::KeyId::new(key.as_str())).await;
        deleted.attempting(format_args!("delete the key {key}"))
    }
}
