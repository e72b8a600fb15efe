//! The application key and the encryption pair: what the vault holds, and whether it is what is used.

use super::found::{Found, of_pools};
use super::store::of_bucket;
use crate::facts::{Agreement, CredentialFacts, Opening, ROLE_TO_SEE_SECRETS, TaskFacts, Unread};
use crate::port_error::PortErrorKind;
use crate::ports::Key;
use crate::proofs::Escrowed;
use crate::secret::{ApplicationKey, EncryptionSecrets};
use crate::standard::{self, Setting};
use crate::verify::evidence::Evidence;
use crate::verify::item::ItemId;
use crate::verify::recover::Proof;

pub(super) fn key_scope(evidence: &Evidence<'_>) -> Found {
    let Some(key) = evidence.key() else { return Found::RestsOn(ItemId::KeyEscrowed) };
    of_bucket(evidence, |seen| match seen.keys.read().map(|keys| key_of(keys, key)) {
        Err(unread) => Found::unread(unread),
        Ok(Some(found)) => {
            let differences = standard::key::differences(found, &seen.bucket.id);
            let reach = standard::key::reach(&found.buckets, &seen.bucket.id);
            match differences.iter().find(|differs| differs.setting == Setting::KeyCapabilities) {
                Some(_) => {
                    let lacking = standard::key::lacking(&found.capabilities).join(", ");
                    Found::fail(format!("{} may not {lacking}, and so backs up nothing", found.id))
                }
                None => Found::judged(
                    differences.is_empty(),
                    format!("{} reaches {reach}; {}", found.id, destroys(&found.capabilities)),
                ),
            }
        }
        Ok(None) => Found::fail(format!("B2 does not know the key {}", key.key_id())),
    })
}

fn key_of<'a>(keys: &'a [Key], held: &Escrowed<ApplicationKey>) -> Option<&'a Key> {
    keys.iter().find(|found| found.id == *held.key_id())
}

/// What a key could destroy, and from when (K2).
fn destroys(capabilities: &[String]) -> String {
    if capabilities.iter().any(|held| held == "deleteFiles") {
        let day = standard::retention::DAYS + 1;
        return format!(
            "with deleteFiles, whoever holds it destroys versions from day {day} after their upload"
        );
    }
    let days = standard::bucket::HIDING_TO_DELETING_DAYS;
    format!("append-only: what whoever holds it hides stays {days} days")
}

pub(super) fn key_escrowed(evidence: &Evidence<'_>) -> Found {
    if let Err(unread) = evidence.held.key.read() {
        return unfit(unread);
    }
    let Some(key) = evidence.key() else { return Found::fail("the vault has no such record") };
    if let Some(why) = refused_key(evidence) {
        return Found::fail(format!("B2 does not accept the key that the vault holds: {why}"));
    }
    if let Err(unread) = evidence.seen.credentials.read() {
        return Found::unread(unread);
    }
    let Some(ours) = evidence.credential() else {
        let what = "the appliance has no cloud credential of the bucket's name that holds the vault's key";
        return Found::fail(what);
    };
    let judged = is_key(key, ours);
    let of_another = |task: &&&TaskFacts| task.credential != ours.id;
    match (judged, evidence.tasks().iter().find(of_another)) {
        (Found::Fail(why), _) => Found::Fail(why),
        (_, None) if unsettled(evidence) => Found::fail(
            "the intent noted before the key's mint still stands in the vault's record, as a run leaves it that is cut off",
        ),
        (_, Some(task)) => Found::fail(format!(
            "the task {} uses the credential {}, and not {}, which bears the bucket's name",
            task.id, task.credential, ours.id
        )),
        (judged, None) => judged,
    }
}

/// Whether the account of mints says that one is under way (K3), while the key is there.
fn unsettled(evidence: &Evidence<'_>) -> bool {
    evidence.seen.vault.ok().is_some_and(|vault| vault.mints.keys_before_mint.is_some())
}

/// Whether a credential of the appliance is the vault's key. The id alone decides where the key itself is not shown; an appliance that
/// hides both has said nothing.
fn is_key(key: &Escrowed<ApplicationKey>, used: &CredentialFacts) -> Found {
    let record = &key.record().url;
    let same = match (used.key, &used.key_id) {
        (Agreement::Same, _) => true,
        (Agreement::Different | Agreement::NotEscrowed, _) => false,
        (Agreement::Unknowable | Agreement::Unread, None) => {
            return Found::NotCheckable(format!(
                "the appliance hides the key of the credential {} from this API key: {ROLE_TO_SEE_SECRETS}",
                used.id
            ));
        }
        (Agreement::Unknowable | Agreement::Unread | Agreement::Absent, id) => {
            id.as_ref() == Some(key.key_id())
        }
    };
    Found::judged(
        same,
        if same { record.clone() } else { format!("{record} is not the key the appliance uses") },
    )
}

pub(super) fn pair_escrowed(evidence: &Evidence<'_>) -> Found {
    if let Err(unread) = evidence.held.encryption.read() {
        return unfit(unread);
    }
    let Some(pair) = evidence.pair() else {
        return Found::fail("the vault lacks the password, the salt, or both");
    };
    if let Err(unread) = evidence.seen.tasks.read() {
        return Found::unread(unread);
    }
    let used = of_pools(evidence, |pool| match evidence.tasks_of(&pool.name) {
        Err(unread) => Found::unread(unread),
        Ok(tasks) => {
            let judged = tasks.iter().map(|task| task_uses(pair, task));
            judged.max_by_key(Found::weight).unwrap_or_else(|| Found::pass(pair.record().url.clone()))
        }
    });
    match used {
        Found::Pass(_) | Found::NotApplicable(_) => chosen(evidence, used),
        worse => worse,
    }
}

/// Whether a task encrypts with the vault's pair.
fn task_uses(pair: &Escrowed<EncryptionSecrets>, task: &TaskFacts) -> Found {
    let id = &task.id;
    match task.secrets {
        Agreement::Same => Found::pass(pair.record().url.clone()),
        Agreement::Absent if task.settings.encryption => {
            Found::fail(format!("the task {id} has no password and no salt"))
        }
        Agreement::Absent => Found::RestsOn(ItemId::TaskEncryption),
        Agreement::Different | Agreement::NotEscrowed => {
            Found::fail(format!("the task {id} uses another pair"))
        }
        Agreement::Unknowable => Found::NotCheckable(format!(
            "the appliance hides the password and salt of the task {id} from this API key: {ROLE_TO_SEE_SECRETS}"
        )),
        Agreement::Unread => {
            Found::NotCheckable(format!("the vault's record of the pair of the task {id} could not be read"))
        }
    }
}

/// A secret that was found and is not fit for use is not escrowed (E3a).
fn unfit(unread: &Unread) -> Found {
    if unread.is_unfit() { Found::fail(unread.to_string()) } else { Found::unread(unread) }
}

/// A pair that people chose has to open what is in the bucket (E3a); one that was drawn is judged by its use.
fn chosen(evidence: &Evidence<'_>, used: Found) -> Found {
    let by_hand = evidence.seen.vault.ok().and_then(|vault| vault.pair_by_hand.as_ref());
    let said = |said: &str| format!("{}; people chose it: {said}", used.verdict().1);
    match by_hand {
        None => used,
        Some(Opening::Opens { object }) => Found::pass(said(&format!("it opens {object}"))),
        Some(Opening::Closed { why }) => Found::fail(said(why)),
        Some(Opening::Unproven { why }) => Found::NotCheckable(said(why)),
    }
}

/// Whether B2 still has the escrowed key, as far as can be read.
pub(super) fn key_is_known(evidence: &Evidence<'_>) -> bool {
    let bucket = evidence.seen.store.ok().and_then(|store| store.bucket.as_ref());
    match (evidence.key(), bucket) {
        (Some(key), Some(seen)) => seen.keys.ok().is_none_or(|keys| key_of(keys, key).is_some()),
        _ => true,
    }
}

/// Why B2 does not take the key that the vault gave back, where it does not; a key that B2 does not know at all is another
/// item's failure.
pub(super) fn refused_key<'a>(evidence: &'a Evidence<'_>) -> Option<&'a str> {
    if !key_is_known(evidence) {
        return None;
    }
    let mut samples = evidence.proofs.ok()?.iter().flat_map(|proof| &proof.samples);
    samples.find_map(|sample| match &sample.proof {
        Proof::NotCheckable { reason, kind: PortErrorKind::CredentialsRejected } => Some(reason.as_str()),
        _ => None,
    })
}
