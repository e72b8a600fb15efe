//! Every operation of B2, through our client, against the simulated service. Each test is called after its operation.

mod account;
mod buckets;
mod copies;
mod files;
mod large_files;
mod locks;
mod named;
mod pages;
mod today;
mod versions;

use std::time::Duration;

use b2_client::buckets::{Bucket, CreateBucket, Visibility};
use b2_client::files::{FileVersion, Source, UploadFile};
use b2_client::{ApplicationKey, BucketName, Client, Config, FileId, FileName, KeyId};
use dtc_tests::recorded;
use simulator::{DEFAULT_ID, Simulator, b2};

/// The smallest part, which is here also the recommended one.
const PART: usize = 5_000_000;

/// A simulated B2, and our client in the hands of its owner.
struct World {
    sim: Simulator,
    client: Client,
}

impl World {
    async fn new() -> Self {
        Self::of(b2::Settings::default()).await
    }

    async fn of(settings: b2::Settings) -> Self {
        let settings = settings.part_sizes(PART as u64, PART as u64);
        let sim = recorded(Simulator::builder().b2_account(DEFAULT_ID, settings)).start().await.unwrap();
        let owner = sim.addresses().b2.clone();
        let client = client(&sim, KeyId::new(owner.key_id), ApplicationKey::new(owner.application_key));
        Self { sim, client }
    }

    /// A world with a bucket that can be locked.
    async fn with_bucket() -> (Self, Bucket) {
        Self::with_bucket_of(b2::Settings::default()).await
    }

    async fn with_bucket_of(settings: b2::Settings) -> (Self, Bucket) {
        let world = Self::of(settings).await;
        let request = CreateBucket::new(BucketName::new("some-bucket").unwrap(), Visibility::Private);
        let bucket = world.client.buckets().create(&request.object_lock()).await.unwrap();
        (world, bucket)
    }

    async fn upload(&self, bucket: &Bucket, name: &str, content: &[u8]) -> FileVersion {
        let request = UploadFile::new(bucket.id.clone(), file(name));
        self.client.files().upload(&request, Source::bytes(content.to_vec())).await.unwrap()
    }

    /// How often an operation was granted so far.
    fn granted(&self, operation: &str) -> usize {
        let lines = self.sim.transcript().lines().into_iter();
        lines.filter(|line| line.operation == operation && line.json()["status"].as_u64() < Some(300)).count()
    }
}

fn client(sim: &Simulator, id: KeyId, key: ApplicationKey) -> Client {
    let config = Config::new(id, key).realm(sim.addresses().b2.url.clone());
    Client::new(config.backoff(Duration::from_millis(1), Duration::from_millis(20))).unwrap()
}

fn file(name: &str) -> FileName {
    FileName::new(name).unwrap()
}

fn id(version: &FileVersion) -> FileId {
    version.id.clone()
}
