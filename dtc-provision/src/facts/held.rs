//! What the vault holds of the appliance's secrets, and whether the appliance holds the same.

use serde::Serialize;

use super::fact::{Fact, Unread};
use super::identity::Identity;
use super::place::Place;
use crate::escrow;
use crate::ports::{CloudSync, Record, Redactable, VaultOrganization, Views};
use crate::proofs::{Backup, Escrowable, Escrowed};
use crate::secret::{ApplicationKey, EncryptionSecrets, SnmpSecrets};

/// What the user of the appliance's API key lacks when secrets read as `********` (TrueNAS 25.04 and later show them to
/// full administrators and to holders of the service's write role).
pub(crate) const ROLE_TO_SEE_SECRETS: &str =
    "its user lacks the role CLOUD_SYNC_WRITE; give it that role, or use the key of a full administrator";

/// Whether the appliance and the vault hold the same secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Agreement {
    /// They do.
    Same,
    /// Both hold one, and they differ.
    Different,
    /// The appliance hides its own.
    Unknowable,
    /// The appliance has one and the vault has none.
    NotEscrowed,
    /// The appliance has none.
    Absent,
    /// What the vault holds could not be read.
    Unread,
}

/// The client's organisation in the vault, and every record of ours in it.
pub(crate) struct Records {
    pub(crate) organization: VaultOrganization,
    pub(crate) records: Vec<Record>,
}

/// What the vault holds of this appliance, for comparing with what the appliance holds and for proving that objects open.
/// It never leaves this crate.
#[derive(Debug)]
pub(crate) struct Held {
    pub(crate) key: Fact<Option<Escrowed<ApplicationKey>>>,
    pub(crate) encryption: Fact<Option<Escrowed<EncryptionSecrets>>>,
    pub(super) snmp: Fact<Option<Escrowed<SnmpSecrets>>>,
}

impl Held {
    /// Reads the appliance's secrets back, all at the same time.
    pub(super) async fn recall(
        views: &Views,
        records: &Fact<Records>,
        place: &Fact<Place>,
        identity: &Fact<Identity>,
    ) -> Self {
        let guid = identity.needed("the Device GUID").map(Identity::guid);
        let backup = guid.clone().and_then(|guid| {
            let place = place.needed("the client and its location")?;
            Ok(guid.map(|device| Backup { bucket: place.bucket_name.clone(), device }))
        });
        let (key, encryption, snmp) = futures_util::future::join3(
            recalled(views, records, backup.clone()),
            recalled(views, records, backup),
            recalled(views, records, guid),
        )
        .await;
        Self { key: key.into(), encryption: encryption.into(), snmp: snmp.into() }
    }

    pub(super) fn key(&self, shown: &Redactable<ApplicationKey>) -> Agreement {
        compared(shown, &self.key)
    }

    pub(super) fn snmp(&self, shown: &Redactable<SnmpSecrets>) -> Agreement {
        compared(shown, &self.snmp)
    }

    /// Whether a task's secrets are the vault's: those of the folder it writes to, which may be another appliance's or
    /// an earlier GUID's.
    pub(super) async fn encryption(
        &self,
        views: &Views,
        records: &Fact<Records>,
        task: &CloudSync,
    ) -> Agreement {
        let target = task.settings.target.backup();
        let ours = self.encryption.ok().map(|held| held.as_ref().map(Escrowed::identity));
        if target.is_none() || ours.is_none() || ours.flatten() == target.as_ref() {
            return compared(&task.secrets, &self.encryption);
        }
        let other = recalled::<EncryptionSecrets>(views, records, Ok(target)).await;
        compared(&task.secrets, &other.into())
    }
}

async fn recalled<T: Escrowable>(
    views: &Views,
    records: &Fact<Records>,
    identity: Result<Option<T::Identity>, Unread>,
) -> Result<Option<Escrowed<T>>, Unread> {
    let Records { organization, records } = records.read().map_err(Clone::clone)?;
    let Some(identity) = identity? else { return Ok(None) };
    escrow::recall_from(views.secrets.as_ref(), &organization.id, &identity, records)
        .await
        .map_err(|error| Unread::from_error(&error))
}

fn compared<T: Escrowable>(shown: &Redactable<T>, held: &Fact<Option<Escrowed<T>>>) -> Agreement {
    match held.read() {
        Ok(held) => agreement(shown, held.as_ref()),
        // What is not fit for use is as good as not escrowed.
        Err(why) if why.is_unfit() => agreement(shown, None),
        Err(_) => Agreement::Unread,
    }
}

fn agreement<T: Escrowable>(shown: &Redactable<T>, held: Option<&Escrowed<T>>) -> Agreement {
    match (shown, held) {
        (Redactable::Absent, _) => Agreement::Absent,
        (_, None) => Agreement::NotEscrowed,
        (Redactable::Redacted, Some(_)) => Agreement::Unknowable,
        (Redactable::Clear(shown), Some(held)) if held.is(shown) => Agreement::Same,
        (Redactable::Clear(_), Some(_)) => Agreement::Different,
    }
}
