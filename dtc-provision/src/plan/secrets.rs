//! SNMP, password and salt, the key, the credential (S, E, K, C1).

use super::{CredentialPhase, Finding, KeyPhase, Orphan, SecretsPhase, SnmpPhase};
use crate::consent::{Act, DeleteOrphanKey};
use crate::error::Refusal;
use crate::observe::{Agreement, BucketSeen, Observation};
use crate::ports::{Key, KeySpec};
use crate::site::{KeyProfile, Site};
use crate::standard;

pub(super) fn snmp(seen: &Observation, findings: &mut Vec<Finding>) -> SnmpPhase {
    let escrow = seen.vault.snmp_password.is_none() || seen.vault.snmp_passphrase.is_none();
    let hidden = seen.snmp.secrets == Agreement::Unknowable;
    if hidden {
        findings.push(Finding::new(
            "S2",
            "the box hides its SNMP secrets: whether they are the vault's is unknown",
        ));
    }
    let agreed = seen.snmp.secrets == Agreement::Same || hidden;
    SnmpPhase {
        escrow,
        configure: escrow || !agreed || !seen.snmp.as_the_standard_has_it,
        start: !seen.snmp.service,
    }
}

/// What decrypts a backup that exists is never replaced (E4).
pub(super) fn encryption(seen: &Observation, findings: &mut Vec<Finding>) -> Result<SecretsPhase, Refusal> {
    for pool in &seen.pools {
        let Some(task) = &pool.task else { continue };
        let stop = |what: &str, mend: &str| {
            let what = format!("the task of pool {} ({}) {what}", pool.name, task.id);
            Err(Refusal::data_at_risk("E4", what, mend))
        };
        match task.secrets {
            Agreement::Same | Agreement::Absent => {}
            Agreement::NotEscrowed => {
                return stop(
                    "encrypts with a password that the vault does not know: one disk away from a backup nobody can open",
                    "Escrow the box's password and salt first; nothing was changed",
                );
            }
            Agreement::Different => {
                return stop(
                    "encrypts with another password or salt than the vault's",
                    "Find out which pair opens what is in the bucket; neither was changed",
                );
            }
            Agreement::Unknowable => {
                return stop(
                    "hides its password and salt, so they cannot be held against the vault's",
                    "Log in with a key of a full administrator",
                );
            }
        }
    }
    for label in &seen.vault.misnamed {
        let what = format!(
            "the vault record {label:?} does not bear the location's name, {:?}: it is used as it is",
            seen.location.name
        );
        findings.push(Finding::new("E5", what));
    }
    let phase = match (&seen.vault.password, &seen.vault.salt) {
        (Some(_), Some(_)) => return Ok(SecretsPhase::Keep),
        (None, None) => SecretsPhase::Mint,
        _ => SecretsPhase::Complete,
    };
    match seen.pools.iter().find(|pool| pool.in_bucket) {
        None => Ok(phase),
        Some(pool) => Err(Refusal::data_at_risk(
            "E9",
            format!(
                "the bucket holds a backup of pool {}, and the vault lacks the password, the salt, or both: nobody can open it",
                pool.name
            ),
            "Find the archived records in IT Glue and restore them; nothing is written over that backup",
        )),
    }
}

pub(super) fn key(site: &Site, seen: &Observation, findings: &mut Vec<Finding>) -> (KeyPhase, Vec<Orphan>) {
    let mint = || KeyPhase::Mint {
        spec: KeySpec {
            name: seen.bucket_name.clone(),
            capabilities: site.key_profile.capabilities().iter().map(|&name| name.to_owned()).collect(),
        },
        dropped: match site.key_profile {
            KeyProfile::Procedure => standard::REFUSED_CAPABILITIES.map(str::to_owned).to_vec(),
            KeyProfile::AppendOnly => Vec::new(),
        },
    };
    let Some(bucket) = &seen.bucket else { return (mint(), Vec::new()) };
    let orphans = orphans(seen, bucket);
    strangers(seen, bucket, &orphans, findings);
    let Some((_, id)) = &seen.vault.key else { return (mint(), orphans) };
    match bucket.keys.iter().find(|key| key.id == *id) {
        Some(key) if key.buckets == [bucket.bucket.id.clone()] => {
            profile(site, key, findings);
            let key = id.clone();
            let settled = seen.vault.keys_before_mint.is_none();
            (if settled { KeyPhase::Keep { key } } else { KeyPhase::Settle { key } }, orphans)
        }
        Some(_) => {
            findings
                .push(Finding::new("K1", format!("the escrowed key {id} reaches further than this bucket")));
            (mint(), orphans)
        }
        None => {
            findings.push(Finding::new(
                "K3",
                format!("the escrowed key {id} is gone from B2: a new one is minted"),
            ));
            (mint(), orphans)
        }
    }
}

/// Keys of ours whose secret was lost between mint and escrow: absent from the intent, present afterwards, and
/// referred to by nobody (K3, K4).
fn orphans(seen: &Observation, bucket: &BucketSeen) -> Vec<Orphan> {
    let vault = &seen.vault;
    let lost = |key: &&Key| {
        let after_intent = vault.keys_before_mint.as_ref().is_some_and(|before| !before.contains(&key.id));
        (after_intent || vault.orphans.contains(&key.id))
            && key.name == seen.bucket_name.as_str()
            && key.buckets == [bucket.bucket.id.clone()]
            && !vault.referenced.contains(&key.id)
            && !seen.keys_on_box.contains(&key.id)
    };
    let orphan = |key: &Key| Orphan {
        key: key.id.clone(),
        act: Act::of::<DeleteOrphanKey>(
            key.id.as_str(),
            [("bucket", seen.bucket_name.to_string()), ("account", seen.account.id.to_string())],
        ),
    };
    bucket.keys.iter().filter(lost).map(orphan).collect()
}

/// Keys of the bucket that nobody here knows are reported, and never offered for deletion (K3).
fn strangers(seen: &Observation, bucket: &BucketSeen, orphans: &[Orphan], findings: &mut Vec<Finding>) {
    let known = |key: &&Key| {
        seen.vault.referenced.contains(&key.id)
            || seen.keys_on_box.contains(&key.id)
            || orphans.iter().any(|orphan| orphan.key == key.id)
    };
    for key in bucket.keys.iter().filter(|key| !known(key)) {
        let what =
            format!("the key {} reaches the bucket and no vault record of this client holds it", key.id);
        findings.push(Finding::new("K3", what));
    }
}

/// Says where a key may do other things than its profile has it do (K2).
fn profile(site: &Site, key: &Key, findings: &mut Vec<Finding>) {
    let wanted = site.key_profile.capabilities();
    let more: Vec<&str> =
        key.capabilities.iter().map(String::as_str).filter(|name| !wanted.contains(name)).collect();
    let fewer: Vec<&str> =
        wanted.iter().copied().filter(|name| !key.capabilities.iter().any(|held| held == name)).collect();
    if !more.is_empty() {
        findings.push(Finding::new("K2", format!("the key {} may also {}", key.id, more.join(", "))));
    }
    if !fewer.is_empty() {
        findings.push(Finding::new("K2", format!("the key {} may not {}", key.id, fewer.join(", "))));
    }
}

pub(super) fn credential(seen: &Observation, key: &KeyPhase) -> CredentialPhase {
    let Some(found) = &seen.credential else { return CredentialPhase::Create };
    let id = found.id.clone();
    let escrowed = match key {
        KeyPhase::Keep { key } | KeyPhase::Settle { key } => Some(key),
        KeyPhase::Mint { .. } => None,
    };
    let same_id = escrowed.is_some() && found.key_id.as_ref() == escrowed;
    match found.key {
        Agreement::Same | Agreement::Unknowable if same_id => CredentialPhase::Keep { id },
        _ => CredentialPhase::Replace { id },
    }
}
