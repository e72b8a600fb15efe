//! Credentials of clouds.

use truenas_client::cloud_credentials as there;
use truenas_client::{Client as Nas, CloudCredentialId};

use super::failure::Failure;
use super::hidden::{Hidden, Redactable};
use super::shown::{Shown, found};
use crate::held::Held;
use crate::twins::twins;
use crate::values::{Many, Nothing, value_class};

value_class! {
    in "dtc.truenas";
    /// Which cloud a credential is for.
    Provider {
        /// ``B2``, or the appliance's name of another one.
        kind: String,
        /// Of B2: the id of the application key; ``None`` when the appliance hides it.
        account: Option<String> = None,
        /// Of B2: the application key, if the appliance shows it.
        key: Redactable = (Redactable::Absent),
    }
}

impl Shown<Provider> for there::Provider {
    fn shown(self) -> Provider {
        match self {
            Self::B2 { account, key, .. } => Provider { kind: "B2".to_owned(), account, key: key.shown() },
            Self::Other(kind) => Provider { kind, account: None, key: Redactable::Absent },
            // A cloud that is added later.
            _ => Provider { kind: String::new(), account: None, key: Redactable::Absent },
        }
    }
}

found! {
    /// A stored credential.
    CloudCredential of there::CloudCredential {
        /// Its number.
        id: i64,
        /// Its name.
        name: String,
        /// Which cloud, and how to log in there.
        provider: Provider,
    }
}

found! {
    /// A bucket that a credential opens.
    CloudBucket of there::CloudBucket {
        /// Its name.
        name: String,
        /// Whether the appliance lets a task use it.
        enabled: bool,
    }
}

found! {
    /// What the appliance found when it tried a credential.
    Verification of there::Verification {
        /// Whether it could log in and list buckets.
        valid: bool,
        /// Why not, in short.
        error: Option<String> = None,
        /// The last lines of what rclone said.
        excerpt: Option<String> = None,
    }
}

twins! {
    /// Credentials by which the appliance logs in to clouds.
    "CloudCredentials" in "dtc.truenas" and "dtc.truenas.aio", Failure: CloudCredentials / AioCloudCredentials(Held<Nas>) {
        both {}
        blocking {}
        asyncio {}

        /// Every stored credential.
        ///
        /// Errors by their ``kind``: Those of every reading call.
        #[pyo3(signature = (*, timeout = None))]
        Read "cloudsync.credentials.query"
        fn list() -> Many<CloudCredential> = |nas| {
            Ok(nas.cloud_credentials().list().await?.shown())
        }

        /// One stored credential.
        ///
        /// Errors by their ``kind``: ``not_found``, and those of every reading call.
        #[pyo3(signature = (id, *, timeout = None))]
        Read "cloudsync.credentials.query"
        fn get(id: i64) -> CloudCredential = |nas| {
            Ok(nas.cloud_credentials().get(CloudCredentialId::new(id)).await?.shown())
        }

        /// The buckets that a stored credential opens.
        ///
        /// Errors by their ``kind``: ``not_found``; ``rejected`` with rclone's words when the cloud refuses the credential; those of every reading
        /// call; ``unauthorized`` for who may only read.
        #[pyo3(signature = (id, *, timeout = None))]
        Read "cloudsync.list_buckets"
        fn list_buckets(id: i64) -> Many<CloudBucket> = |nas| {
            Ok(nas.cloud_credentials().list_buckets(CloudCredentialId::new(id)).await?.shown())
        }

        /// Makes a bucket with a stored credential. Backblaze B2 is not among the clouds that the appliance can do this at.
        ///
        /// Errors by their ``kind``: ``rejected`` when the cloud cannot, or refuses; ``not_found``; ``unsupported`` on CORE; ``outcome_unknown`` when
        /// the answer is lost; ``unauthorized``.
        #[pyo3(signature = (id, name, *, timeout = None))]
        Write "cloudsync.create_bucket"
        fn create_bucket(id: i64, name: String) -> Nothing = |nas| {
            Ok(nas.cloud_credentials().create_bucket(CloudCredentialId::new(id), &name).await?.shown())
        }

        /// Stores a B2 credential. The appliance does not try it: ``verify`` first.
        ///
        /// Errors by their ``kind``: ``invalid_request`` when the key or its id would not survive in rclone's configuration; ``outcome_unknown`` when
        /// the answer is lost: look before creating again; ``validation`` (a name that is taken), ``unauthorized``.
        #[pyo3(signature = (name, account, key, *, timeout = None))]
        Write "cloudsync.credentials.create"
        fn create(name: String, account: String, key: Hidden) -> CloudCredential = |nas| {
            Ok(nas.cloud_credentials().create(&there::B2Credential::new(name, account), &key.given()).await?.shown())
        }

        /// Replaces a stored credential, its name and provider included.
        ///
        /// Errors by their ``kind``: As ``create``, and ``not_found``.
        #[pyo3(signature = (id, name, account, key, *, timeout = None))]
        Write "cloudsync.credentials.update"
        fn update(id: i64, name: String, account: String, key: Hidden) -> CloudCredential = |nas| {
            let found = nas.cloud_credentials().update(
                CloudCredentialId::new(id),
                &there::B2Credential::new(name, account),
                &key.given(),
            ).await?;
            Ok(found.shown())
        }

        /// Has the appliance log in with a key and list buckets, without storing anything. On a dead network this takes most of a minute.
        ///
        /// Errors by their ``kind``: Those of every reading call. A key that B2 refuses is no error but an answer.
        #[pyo3(signature = (account, key, *, timeout = None))]
        Read "cloudsync.credentials.verify"
        fn verify(account: String, key: Hidden) -> Verification = |nas| {
            Ok(nas.cloud_credentials().verify(&account, &key.given()).await?.shown())
        }

        /// Deletes a stored credential; refused while a task uses it.
        ///
        /// Errors by their ``kind``: ``rejected`` while in use; ``not_found``, ``outcome_unknown``, ``unauthorized``.
        #[pyo3(signature = (id, *, timeout = None))]
        Write "cloudsync.credentials.delete"
        fn delete(id: i64) -> Nothing = |nas| {
            Ok(nas.cloud_credentials().delete(CloudCredentialId::new(id)).await?.shown())
        }
    }
}
