//! A restore from a record that somebody saved, where neither NinjaOne nor IT Glue is there to be asked.

use std::path::Path;
use std::sync::Arc;

use dtc_provision::restore::{RestoreSource, SavedRecord};
use dtc_provision::secret::{ApplicationKeySecret, EncryptionPassword, EncryptionSalt, EncryptionSecrets};

use crate::b2_clients::B2Clients;
use crate::calls::{Access, Calls};
use crate::connection_error::{Error, ErrorKind};
use crate::connections::Timeouts;
use crate::files::{Guard, Limit, read_text};
use crate::secret_source::{SecretReader, SecretSource};
use crate::vault::{Saved, saved};
use crate::version_store::B2Versions;
use crate::waiting::{Listener, Waiting};

/// Where the secrets are that belong to a saved record.
#[derive(Clone, Debug)]
pub struct SavedSecrets {
    /// The appliance's application key.
    pub application_key: SecretSource,
    /// The encryption password.
    pub password: SecretSource,
    /// The encryption salt.
    pub salt: SecretSource,
}

/// Reads the text of a vault record that was saved by hand: the lines `Bucket Name`, `Device GUID` and `Username` (the key's id). Where the
/// names of the objects are encrypted, `Filename Encryption`, `Filename Encoding`, `Directory Name Encryption` and `Filename Suffix` say how,
/// as rclone's options do.
///
/// # Errors
/// The file cannot be read, or one of the lines is missing or not understood, which is named.
pub fn read_saved_record(path: &Path) -> Result<SavedRecord, Error> {
    let text = read_text(path, Guard::Settings, Limit::SETTINGS).map_err(ErrorKind::FileRefused)?;
    match saved(&text) {
        Saved { device: Some(device), bucket: Some(bucket), key_id: Some(key_id), names: None } => {
            Ok(SavedRecord::new(bucket, device, key_id))
        }
        Saved {
            device: Some(device),
            bucket: Some(bucket),
            key_id: Some(key_id),
            names: Some(Ok(names)),
        } => Ok(SavedRecord::new(bucket, device, key_id).with_names(names)),
        Saved { device, bucket, key_id, names } => {
            let wrong = names.and_then(Result::err);
            let lines = [
                ("Bucket Name", bucket.is_none()),
                ("Device GUID", device.is_none()),
                ("Username", key_id.is_none()),
            ];
            let missing =
                lines.iter().filter(|(_, lacks)| *lacks).map(|(name, _)| *name).chain(wrong).collect();
            Err(ErrorKind::SavedRecordIncomplete { path: path.to_owned(), missing }.into())
        }
    }
}

/// The backup that a saved record is about. B2 is asked at `url`, Backblaze's production realm unless given; nothing is sent before the
/// first call, and nothing can be written.
///
/// # Errors
/// A secret that is missing, or that others can read; all that are missing are named at once.
pub async fn connect_saved(
    record: SavedRecord,
    secrets: SavedSecrets,
    url: Option<String>,
    on_wait: impl Fn(&Waiting) + Send + Sync + 'static,
) -> Result<RestoreSource, Error> {
    let calls = Calls {
        access: Access::ReadOnly,
        backoff: None,
        timeouts: Timeouts::default(),
        listener: Listener::new(on_wait),
    };
    let store = Arc::new(B2Versions::new(B2Clients { url, calls }));
    let (key, pair) = read(&secrets).await?;
    Ok(RestoreSource::from_record(record, key, pair, store))
}

async fn read(secrets: &SavedSecrets) -> Result<(ApplicationKeySecret, EncryptionSecrets), Error> {
    let all = [
        (&secrets.application_key, "the application key of the appliance"),
        (&secrets.password, "the encryption password"),
        (&secrets.salt, "the encryption salt"),
    ];
    let [key, password, salt] = SecretReader::default().read_all(all).await?;
    Ok((
        ApplicationKeySecret::new(key.expose_secret()),
        EncryptionSecrets {
            password: EncryptionPassword::new(password.expose_secret()),
            salt: EncryptionSalt::new(salt.expose_secret()),
        },
    ))
}
