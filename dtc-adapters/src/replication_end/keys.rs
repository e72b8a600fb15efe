//! Keys of encrypted datasets: exported, tried, and put to use.

use std::time::Duration;

use dtc_naming::DatasetName;
use dtc_provision::PortError;
use dtc_provision::ports::{KeyCheck, Opening, Unlocked};
use dtc_provision::proofs::{Bound, Minted};
use dtc_provision::secret::{DatasetKey, DatasetKeyFormat, DatasetSecret};
use truenas_client::datasets::{self as wire, KeyFormat, KeyOf, Passphrase, UnlockDatasets};
use truenas_client::{Client, Switch};

use super::id;
use crate::error::{Attempt as _, understood};

/// Deriving a passphrase's key takes seconds, and mounting many datasets takes minutes.
const LIMIT: Duration = Duration::from_mins(10);

fn key_of(root: &DatasetName, key: &DatasetKey) -> KeyOf {
    let (root, secret) = (id(root), key.secret.expose());
    match key.format {
        DatasetKeyFormat::Hex => KeyOf::key(root, wire::DatasetKey::new(secret)),
        DatasetKeyFormat::Passphrase => KeyOf::passphrase(root, Passphrase::new(secret)),
    }
}

/// Keys of the vault, each for its root.
pub(super) fn of_vault(keys: &[Bound<'_, Opening>]) -> Vec<KeyOf> {
    keys.iter().map(|key| key_of(&key.spec().root, key.expose())).collect()
}

/// Keys that a person has.
pub(super) fn given(keys: &[(DatasetName, DatasetKey)]) -> Vec<KeyOf> {
    keys.iter().map(|(root, key)| key_of(root, key)).collect()
}

pub(super) async fn check(
    client: &Client,
    dataset: &DatasetName,
    keys: &[Bound<'_, Opening>],
) -> Result<Vec<KeyCheck>, PortError> {
    let attempted = format!("try keys on {dataset} without unlocking it");
    let keys = of_vault(keys);
    let found = client.datasets().encryption_summary(&id(dataset), &keys, LIMIT).await;
    let check = |found: wire::EncryptionSummary| {
        Ok(KeyCheck {
            root: understood(&found.dataset, &attempted)?,
            format: match found.key_format {
                KeyFormat::Hex => Some(DatasetKeyFormat::Hex),
                KeyFormat::Passphrase => Some(DatasetKeyFormat::Passphrase),
                _ => None,
            },
            opens: found.valid_key,
            locked: found.locked,
        })
    };
    found.attempting(&attempted)?.into_iter().map(check).collect()
}

pub(super) async fn opened_by(
    client: &Client,
    root: &DatasetName,
    key: &DatasetKey,
) -> Result<bool, PortError> {
    let found = client.datasets().encryption_summary(&id(root), &[key_of(root, key)], LIMIT).await;
    let found = found.attempting(format_args!("try a key of {root} without unlocking it"))?;
    Ok(found.iter().any(|found| found.dataset == id(root) && found.valid_key))
}

/// A job that succeeds may hold datasets that stayed locked.
pub(super) async fn unlock(
    client: &Client,
    dataset: &DatasetName,
    keys: Vec<KeyOf>,
) -> Result<Unlocked, PortError> {
    let attempted = format!("unlock {dataset}");
    let how = keys.into_iter().fold(UnlockDatasets::new().recursive(), UnlockDatasets::with);
    let job = client.datasets().unlock(&id(dataset), &how).await.attempting(&attempted)?;
    let done = job.wait(LIMIT).await.attempting(attempted)?;
    let mut failed = std::collections::BTreeMap::new();
    for (name, why) in &done.failed {
        for skipped in &why.skipped {
            failed.insert(skipped.to_string(), format!("{name} above it stayed locked"));
        }
        let why = why.error.clone().unwrap_or_else(|| "the appliance does not say why".to_owned());
        failed.insert(name.to_string(), why);
    }
    Ok(Unlocked { unlocked: done.unlocked.iter().map(ToString::to_string).collect(), failed })
}

/// Whoever uses its files now keeps it open: nothing is forced.
pub(super) async fn lock(client: &Client, dataset: &DatasetName) -> Result<(), PortError> {
    let attempted = format!("lock {dataset}");
    let job = client.datasets().lock(&id(dataset), Switch::Off).await.attempting(&attempted)?;
    job.wait(LIMIT).await.attempting(attempted).map(drop)
}

/// The appliance keeps keys of 64 digits alone, and exports those.
pub(super) async fn exported(
    client: &Client,
    dataset: &DatasetName,
) -> Result<Vec<(DatasetName, Minted<DatasetKey>)>, PortError> {
    let attempted = format!("export the keys of {dataset}");
    let keys = client.datasets().export_keys(&id(dataset), LIMIT).await.attempting(&attempted)?;
    let read = keys.iter().map(|(root, key)| {
        let secret = DatasetSecret::new(key.expose());
        let key = DatasetKey { format: DatasetKeyFormat::Hex, secret };
        Ok((understood(root, &attempted)?, Minted::new(key)))
    });
    read.collect()
}
