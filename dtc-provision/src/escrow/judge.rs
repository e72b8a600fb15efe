//! What a value that was found in the vault is, before it is kept or used (E3a).

use crate::error::Refusal;
use crate::ports::Record;
use crate::proofs::{Escrowable, Escrowed, SecretIdentity, Slot, StoredSecret};
use crate::standard::secrets::{conforms, unusable};

/// The rule that refuses a value that was found.
pub(crate) const RULE: &str = "E3a";

/// What a value that was found is.
pub(super) enum Judged {
    /// It has the form of what is drawn, and is what was written.
    Drawn,
    /// People chose it: kept only where it is shown to be in use.
    ByHand,
    /// It is neither kept nor used.
    Refused(Refusal),
}

/// Judges a record's value by the check that was written with it, and by its form.
pub(super) fn judge<I: SecretIdentity>(record: &Record, slot: Slot, of: &I, held: &StoredSecret) -> Judged {
    let (user_name, value) = held.parts();
    let user_name = user_name.filter(|_| has_user_name(slot));
    if record.check.as_ref().is_some_and(|check| !check.fits(slot, of, user_name, value)) {
        return Judged::Refused(altered(record, slot, of));
    }
    if let Some(why) = unusable(slot, user_name, value) {
        let what = format!(
            "what the vault holds as the {slot} of {of} cannot be one: {why} ({})",
            record.reference.url
        );
        return Judged::Refused(Refusal::precondition(RULE, what, REMAINS));
    }
    if conforms(slot, user_name, value) { Judged::Drawn } else { Judged::ByHand }
}

/// Refuses what is not of the form of what is drawn: half a set is completed only if it is ours.
pub(super) fn drawn<I: SecretIdentity>(
    record: &Record,
    slot: Slot,
    of: &I,
    held: &StoredSecret,
) -> Result<(), Refusal> {
    match judge(record, slot, of, held) {
        Judged::Drawn => Ok(()),
        Judged::ByHand => Err(half_by_hand(record, slot, of)),
        Judged::Refused(refusal) => Err(refusal),
    }
}

/// Whether a slot's user name is part of the secret; beside a password or salt it means nothing.
pub(super) fn has_user_name(slot: Slot) -> bool {
    matches!(slot, Slot::ApplicationKey | Slot::SnmpPassword | Slot::DatasetKey)
}

const REMAINS: &str = "If an earlier version in the vault's history is the right one, restore it; else archive the \
                       record and run again, and a new secret is made. Nothing was changed";

fn altered<I: SecretIdentity>(record: &Record, slot: Slot, of: &I) -> Refusal {
    let what = format!(
        "the vault's {slot} of {of} is not what was written there, or was changed since: it does not fit the check value \
         in the record's notes ({})",
        record.reference.url
    );
    Refusal::precondition(RULE, what, REMAINS)
}

pub(super) fn half_by_hand<I: SecretIdentity>(record: &Record, slot: Slot, of: &I) -> Refusal {
    let what = format!(
        "the vault's {slot} of {of} is not of the form of what is drawn, and the rest of the set is missing, so that \
         nothing shows it to be the right one ({})",
        record.reference.url
    );
    Refusal::precondition(RULE, what, REMAINS)
}

/// Whether any part of an escrowed secret was chosen by people, and not drawn.
pub(crate) fn made_by_hand<T: Escrowable>(secret: &Escrowed<T>) -> bool {
    let mut parts = T::SLOTS.iter().zip(secret.value().parts());
    !parts.all(|(&slot, (user_name, value))| conforms(slot, user_name, value))
}
