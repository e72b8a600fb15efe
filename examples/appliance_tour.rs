//! One program, five releases of TrueNAS: what each offers, and the same work on all of them.
//!
//! `cargo run --release -p dtc-examples --example appliance_tour`

#![expect(clippy::print_stdout, reason = "a program talks to whoever runs it")]

use std::error::Error;
use std::time::Duration;

use simulator::Simulator;
use simulator::truenas::{Address, ApplianceSize, Release, Settings};
use truenas_client::datasets::{CreateDataset, KeyOf, NewKey, Passphrase, UnlockDatasets};
use truenas_client::filesystem::{PutOptions, UploadContent};
use truenas_client::snapshots::{CreateSnapshot, ListSnapshots};
use truenas_client::{
    ApiKey, Client, Config, Credentials, DatasetId, ErrorKind, Feature, Support, Switch, Trust,
};

/// How long a job of this tour may take.
const LIMIT: Duration = Duration::from_secs(30);
const PASSPHRASE: &str = "correct horse battery staple";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    for (number, release) in (1..).zip(Release::ALL) {
        let mut settings = Settings::numbered(number);
        settings.size = ApplianceSize::Tiny;
        let services = Simulator::builder().truenas("nas", release, settings).start().await?;
        let address = services.addresses().appliance("nas").ok_or("no appliance")?.clone();
        let nas = connect(&address).await?;
        introduce(&nas).await?;
        let vault = encrypted_dataset(&nas).await?;
        snapshots(&nas, &vault).await?;
        lock_and_unlock(&nas, &vault).await?;
        services.stop().await;
    }
    Ok(())
}

/// The address, the pinned certificate and the key are all there is to say; which release it is the client finds out.
async fn connect(at: &Address) -> Result<Client, Box<dyn Error>> {
    let key = Credentials::api_key(ApiKey::new(at.api_key.as_str()));
    let config = Config::new(at.url.parse()?, key).trust(Trust::Fingerprint(at.fingerprint.parse()?));
    Ok(Client::connect(config).await?)
}

async fn introduce(nas: &Client) -> Result<(), Box<dyn Error>> {
    let info = nas.system().info().await?;
    let version = nas.version().map_or_else(|| "the legacy socket".to_owned(), ToString::to_string);
    println!("\n{} ({}), spoken to by {version}", info.hostname, nas.release());
    for pool in nas.pools().list().await? {
        println!("  pool {}: {}", pool.name, pool.status);
    }
    // Asked beforehand, or met as an error when it is called: the way out is the same.
    for feature in [Feature::SnapshotHolds, Feature::RenamedSnapshots, Feature::MakeDirectory] {
        if let Support::No { instead } = nas.supports(feature) {
            println!("  {feature:?} is missing: {instead}");
        }
    }
    Ok(())
}

/// A dataset under a passphrase, and a file in it.
async fn encrypted_dataset(nas: &Client) -> Result<DatasetId, Box<dyn Error>> {
    let id = DatasetId::new("pool0/vault");
    let new =
        CreateDataset::file_system(id.clone()).encrypted(NewKey::Passphrase(Passphrase::new(PASSPHRASE)));
    let made = nas.datasets().create(&new).await?;
    println!("  {} is encrypted: {}, locked: {}", made.id, made.encrypted, made.locked);
    let text = UploadContent::bytes("kept in a safe place\n");
    nas.filesystem().put("/mnt/pool0/vault/note.txt", text, PutOptions::new()).await?.wait(LIMIT).await?;
    let note = nas.filesystem().stat("/mnt/pool0/vault/note.txt").await?;
    println!("  {} has {} bytes", note.realpath, note.size);
    Ok(id)
}

/// A snapshot, held where the release can hold one.
async fn snapshots(nas: &Client, dataset: &DatasetId) -> Result<(), Box<dyn Error>> {
    let taken = nas.snapshots().create(&CreateSnapshot::named(dataset.clone(), "before-the-move")).await?;
    match nas.snapshots().hold(&taken, Switch::Off).await {
        Ok(()) => println!("  {} is held by {:?}", taken.id(), nas.snapshots().holds(&taken).await?),
        Err(error) if matches!(error.kind(), ErrorKind::Unsupported { .. }) => println!("  {error}"),
        Err(error) => return Err(error.into()),
    }
    let listed = nas.snapshots().list(&ListSnapshots::new(dataset.clone())).await?;
    println!("  snapshots of {dataset}: {}", listed.len());
    Ok(())
}

/// Locking and unlocking are jobs; a job of unlocking that succeeded may hold failures.
async fn lock_and_unlock(nas: &Client, dataset: &DatasetId) -> Result<(), Box<dyn Error>> {
    nas.datasets().lock(dataset, Switch::Off).await?.wait(LIMIT).await?;
    println!("  locked: {}", nas.datasets().get(dataset).await?.locked);
    let with = |passphrase| UnlockDatasets::new().with(KeyOf::passphrase(dataset.clone(), passphrase));
    let wrong = with(Passphrase::new("a wrong passphrase"));
    let unlocked = nas.datasets().unlock(dataset, &wrong).await?.wait(LIMIT).await?;
    println!("  with a wrong passphrase everything is unlocked: {}", unlocked.is_complete());
    let right = with(Passphrase::new(PASSPHRASE));
    let unlocked = nas.datasets().unlock(dataset, &right).await?.wait(LIMIT).await?;
    println!("  with the right one: {}", unlocked.is_complete());
    Ok(())
}
