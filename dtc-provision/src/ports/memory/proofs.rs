//! Proofs without what they prove, so that a port can be tested on its own. No shipped crate can make them.

use jiff::Timestamp;

use crate::ids::RecordRef;
use crate::proofs::consent::{Act, Answer, Consent, ConsentKind, Consents, Question, Term};
use crate::proofs::{Escrowable, Escrowed, Minted};

/// A consent that nobody was asked for; `None` when the subject is not what a person could type.
pub fn consent_to<K: ConsentKind>(
    subject: &str,
    terms: impl IntoIterator<Item = Term>,
) -> Option<Consent<K>> {
    let act = Act::of::<K>(subject, terms);
    let at = Timestamp::UNIX_EPOCH;
    let typed = |_: &Question| Answer::Typed(subject.to_owned());
    Consents::gather([Question::of::<K>(&act)], at, at, typed).ok()?.take(&act, at)
}

/// A secret that counts as escrowed under this identity without having been in the vault.
pub fn escrowed<T: Escrowable>(secret: Minted<T>, identity: T::Identity, record: RecordRef) -> Escrowed<T> {
    secret.attested(record, identity)
}
