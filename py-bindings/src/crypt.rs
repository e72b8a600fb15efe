//! `dtc.crypt`: the face of `rclone_crypt`.

mod catalogue;
mod contents;
mod failure;
mod filter;
mod keys;
mod names;
mod proof;
mod secret;
mod streams;

use pyo3::prelude::*;

pub(crate) use catalogue::{Callback, RestoreTestReport, WriteReport, with_progress};
pub(crate) use secret::{Secret, not_pickled};

/// rclone's encrypted format, both ways: contents, names, proofs that a backup opens, and catalogues.
#[pymodule(name = "crypt", submodule)]
pub(crate) mod module {
    #[pymodule_export]
    use super::catalogue::{Catalogue, CheckReport, Entry, Failed, RestoreTestReport, WriteReport};
    #[pymodule_export]
    use super::contents::{decrypt, decrypt_bytes, decrypt_range, encrypt, encrypt_bytes};
    #[pymodule_export]
    use super::filter::{Filter, Mapping, Origin};
    #[pymodule_export]
    use super::keys::Keys;
    #[pymodule_export]
    use super::names::{Names, object_name, stored_path};
    #[pymodule_export]
    use super::proof::{Proof, prove_content, prove_hash, prove_keys};
    #[pymodule_export]
    use super::secret::{Secret, looks_obscured, obscure, reveal};

    /// How many of an object's first stored bytes :func:`prove_keys` takes.
    #[pymodule_export]
    const KEY_PROOF_LEN: u64 = rclone_crypt::KEY_PROOF_RANGE.end;
}
