//! A record is known by its identity, never by its label (E5).

use crate::error::Refusal;
use crate::ids::KeyId;
use crate::ports::{Record, RecordIdentity};
use crate::proofs::{SecretIdentity, Slot};

/// The identity of the record that holds this part of somebody's secret.
pub(crate) fn identity<I: SecretIdentity>(slot: Slot, of: &I) -> RecordIdentity {
    let bucket = of.bucket().filter(|_| slot.is_of_a_bucket()).cloned();
    let dataset = of.dataset().filter(|_| slot.is_of_a_dataset()).cloned();
    RecordIdentity { slot, device: of.device(), bucket, dataset }
}

/// The record that fills a slot, if there is one.
///
/// # Errors
/// Two do, and choosing would be guessing: the refusal names both.
pub(crate) fn find<'a, I: SecretIdentity>(
    records: &'a [Record],
    slot: Slot,
    of: &I,
) -> Result<Option<&'a Record>, Refusal> {
    let wanted = identity(slot, of);
    let mut found = records.iter().filter(|record| record.is(&wanted));
    match (found.next(), found.next()) {
        (first, None) => Ok(first),
        (Some(first), Some(second)) => Err(Refusal::data_at_risk(
            "E5",
            format!(
                "two vault records hold the {slot} of {}: {} and {}",
                of.device(),
                first.reference.url,
                second.reference.url
            ),
            "Compare them with what the appliance uses and archive the wrong one",
        )),
        (None, Some(_)) => Ok(None),
    }
}

/// Every application key that a record of this bucket holds, whoever's: none of them is ever deleted (K4).
pub(crate) fn escrowed_keys(records: &[Record], bucket: &str) -> Vec<KeyId> {
    let of_bucket = |record: &&Record| {
        record.slot == Slot::ApplicationKey
            && record.bucket.as_ref().is_some_and(|name| name.as_str() == bucket)
    };
    let mut keys: Vec<KeyId> = records
        .iter()
        .filter(of_bucket)
        .filter_map(|record| record.user_name.clone())
        .map(KeyId::new)
        .collect();
    keys.sort();
    keys
}
