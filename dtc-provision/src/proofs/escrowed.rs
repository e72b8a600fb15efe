//! A secret before and after the vault holds it.

use std::fmt;
use std::sync::Arc;

use super::slot::Escrowable;
use crate::ids::{KeyId, RecordRef};
use crate::secret::ApplicationKey;

/// A secret that was just made, or that the appliance shows. It can be compared and escrowed, and nothing else.
#[must_use = "a minted secret that is not escrowed is lost"]
pub struct Minted<T>(Arc<T>);

/// A secret that the vault was given and gave back equal, or gave us in the first place.
pub struct Escrowed<T: Escrowable> {
    value: Arc<T>,
    record: RecordRef,
    identity: T::Identity,
}

impl<T: Escrowable> Minted<T> {
    /// Takes in a secret that was just made or read from the appliance.
    pub fn new(secret: T) -> Self {
        Self(Arc::new(secret))
    }

    /// The secret itself, for writing it into the vault.
    pub(crate) fn value(&self) -> &T {
        &self.0
    }

    /// A proof that the vault holds this secret under this identity. Only for code that has read it back.
    pub(crate) fn attested(self, record: RecordRef, identity: T::Identity) -> Escrowed<T> {
        Escrowed { value: self.0, record, identity }
    }
}

impl<T: Escrowable> Escrowed<T> {
    /// The record that stands for it; what tickets and reports cite.
    pub fn record(&self) -> &RecordRef {
        &self.record
    }

    /// Whose it is.
    pub fn identity(&self) -> &T::Identity {
        &self.identity
    }

    /// Whether a secret of the kind is the same one.
    pub fn is(&self, other: &Minted<T>) -> bool {
        self.value.same_as(&other.0)
    }

    /// The secret itself.
    pub(crate) fn value(&self) -> &T {
        &self.value
    }
}

impl Escrowed<ApplicationKey> {
    /// The key's public half.
    pub fn key_id(&self) -> &KeyId {
        &self.value.id
    }
}

impl<T> fmt::Debug for Minted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Minted")
    }
}

impl<T: Escrowable> fmt::Debug for Escrowed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Escrowed")
            .field("record", &self.record)
            .field("identity", &self.identity)
            .finish_non_exhaustive()
    }
}
