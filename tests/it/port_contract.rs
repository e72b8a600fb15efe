//! One contract, two implementations: the memory ports, and the adapters over the simulator, do the same.
//!
//! Each test is a function over an [`Outside`](outside::Outside): the ports, and what others do to the world behind
//! them. [`contract!`] runs it against both.

/// Runs each of these functions against the memory ports and against the adapters over the simulator.
macro_rules! contract {
    ($($name:ident),+ $(,)?) => {
        mod in_memory {
            $(#[tokio::test] async fn $name() {
                super::$name(&crate::port_contract::in_memory::InMemory::new()).await;
            })+
        }
        mod over_the_simulator {
            $(#[tokio::test(flavor = "multi_thread")] async fn $name() {
                super::$name(&crate::port_contract::simulated::Simulated::new().await).await;
            })+
        }
    };
}

mod bucket_contents;
mod buckets;
mod cloud_credentials;
mod cloud_syncs;
mod datasets;
mod files_and_tickets;
mod in_memory;
mod inventory;
mod keys;
mod outside;
mod simulated;
mod snapshots;
mod snmp;
mod system;
mod vault;

use dtc_naming::{BucketName, DeviceGuid, PoolName};
use dtc_provision::ids::{RecordId, RecordRef};
use dtc_provision::ports::memory::{consent_to, escrowed};
use dtc_provision::ports::{Bucket, BucketSpec, KeySpec, Ports};
use dtc_provision::proofs::consent::{Consent, ConsentKind, Term};
use dtc_provision::proofs::{Backup, Escrowable, Escrowed, Minted};
use dtc_provision::secret::ApplicationKey;
use dtc_provision::{PortError, PortErrorKind, standard};

/// The bucket of the location in both worlds.
fn bucket_name() -> BucketName {
    "truenas-a1b2c3d4e5f670718293a4b5c6d7e8f9".parse().unwrap()
}

/// A bucket that neither world has.
fn other_bucket_name() -> BucketName {
    "truenas-b1b2c3d4e5f640718293a4b5c6d7e8f9".parse().unwrap()
}

fn device() -> DeviceGuid {
    "3c1e5d70-92ab-4f0e-8d47-b6a9c2f1e084".parse().unwrap()
}

fn other_device() -> DeviceGuid {
    "4c1e5d70-92ab-4f0e-8d47-b6a9c2f1e085".parse().unwrap()
}

/// A pool of both worlds; it has a child dataset `docs`.
fn pool() -> PoolName {
    "pool0".parse().unwrap()
}

fn backup() -> Backup {
    Backup { bucket: bucket_name(), device: device() }
}

fn consent<K: ConsentKind>(subject: &impl ToString, terms: impl IntoIterator<Item = Term>) -> Consent<K> {
    consent_to(&subject.to_string(), terms).unwrap()
}

/// A secret that counts as escrowed.
fn held<T: Escrowable>(secret: T, identity: T::Identity) -> Escrowed<T> {
    attested(Minted::new(secret), identity)
}

fn attested<T: Escrowable>(secret: Minted<T>, identity: T::Identity) -> Escrowed<T> {
    let url = "https://vault.example/passwords/1".to_owned();
    escrowed(secret, identity, RecordRef { id: RecordId::new("1"), url })
}

/// Makes the location's bucket.
async fn make_bucket(ports: &Ports) -> Bucket {
    let spec = BucketSpec { name: bucket_name(), settings: standard::bucket::settings() };
    ports.object_store.create_bucket(&spec).await.unwrap()
}

fn key_spec() -> KeySpec {
    let capabilities = standard::key::APPEND_ONLY_CAPABILITIES.map(str::to_owned).to_vec();
    KeySpec { name: bucket_name(), capabilities }
}

/// Mints a key of the bucket.
async fn make_key(ports: &Ports, bucket: &Bucket) -> Escrowed<ApplicationKey> {
    attested(ports.object_store.create_key(bucket, &key_spec()).await.unwrap(), backup())
}

/// Why a call failed.
#[track_caller]
fn kind<T>(result: Result<T, PortError>) -> PortErrorKind {
    match result {
        Ok(_) => panic!("the call succeeded"),
        Err(error) => error.kind(),
    }
}
