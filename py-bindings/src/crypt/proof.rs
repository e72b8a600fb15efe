//! Proofs that an object opens, and is its source.
#![expect(clippy::needless_pass_by_value, reason = "PyO3 hands arguments over")]

use std::io::Read as _;

use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::PyType;
use rclone_crypt::{Proven, SourceProof, StoredSha1};

use super::failure::Failure;
use super::keys::Keys;
use super::streams::Source;
use crate::errors;

/// How much of a source is read at a time.
const PIECE: usize = 1 << 16;

/// What was shown about one object; what it does not say was not shown.
///
/// ``kind`` is one of
///
/// - ``"nothing"``: the object is empty, and opens under any password;
/// - ``"keys"``: password and salt are the object's, since ``plain_bytes`` of it are authentic; not the rest of it;
/// - ``"hash"``: the store's SHA-1 is that of the source, ``plain_bytes`` long, encrypted under these keys; not that the
///   store still hands out those bytes;
/// - ``"content"``: the whole object was decrypted and is the source, ``plain_bytes`` long.
#[pyclass(frozen, eq, hash, module = "dtc.crypt")]
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Proof {
    kind: &'static str,
    plain_bytes: u64,
}

#[pymethods]
impl Proof {
    #[new]
    fn new(kind: &str, plain_bytes: u64) -> PyResult<Self> {
        let known = ["nothing", "keys", "hash", "content"].into_iter().find(|known| *known == kind);
        let kind = known.ok_or_else(|| {
            errors::not_of_the_format(
                &format!("{kind:?} is no kind of proof"),
                "unknown",
                "kind of proof",
                kind,
            )
        })?;
        Ok(Self { kind, plain_bytes })
    }

    /// What was shown: ``"nothing"``, ``"keys"``, ``"hash"`` or ``"content"``.
    #[getter]
    fn kind(&self) -> &'static str {
        self.kind
    }

    /// Of how many plain bytes.
    #[getter]
    fn plain_bytes(&self) -> u64 {
        self.plain_bytes
    }

    fn __repr__(&self) -> String {
        format!("Proof('{}', {})", self.kind, self.plain_bytes)
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> (Bound<'py, PyType>, (&'static str, u64)) {
        (slf.get_type(), (slf.get().kind, slf.get().plain_bytes))
    }
}

impl From<Proven> for Proof {
    fn from(proven: Proven) -> Self {
        let (kind, plain_bytes) = match proven {
            Proven::Keys { authenticated } => ("keys", authenticated),
            Proven::SameHash { plain_len } => ("hash", plain_len),
            Proven::SameContent { plain_len } => ("content", plain_len),
            _ => ("nothing", 0),
        };
        Self { kind, plain_bytes }
    }
}

/// Shows that the keys are an object's, by its first ``KEY_PROOF_LEN`` bytes, or all of a smaller one.
///
/// ``DataAtRisk`` of the kind ``"failed_block"`` for every object of a bucket means another password or salt, for some of
/// them damage.
///
/// >>> keys = Keys.derive(password=Secret("correct horse"))
/// >>> stored = encrypt_bytes(keys, bytes(200_000))
/// >>> prove_keys(keys, stored[:KEY_PROOF_LEN])
/// Proof('keys', 65536)
#[pyfunction]
pub(crate) fn prove_keys(py: Python<'_>, keys: &Keys, beginning: PyBackedBytes) -> PyResult<Proof> {
    let keys = keys.share();
    let proven = py.detach(|| rclone_crypt::prove_keys(&keys, &beginning)).map_err(Failure::from)?;
    Ok(proven.into())
}

/// Compares a store's SHA-1 of an object with its source, which is encrypted again under the object's nonce: the full proof
/// at the price of the object's first 32 bytes, ``header``.
///
/// ``sha1`` is B2's ``contentSha1``, or of a file of several parts its file info ``large_file_sha1``; ``source`` a path or
/// an object with ``read``.
///
/// >>> import hashlib, io
/// >>> keys = Keys.derive(password=Secret("correct horse"))
/// >>> stored = encrypt_bytes(keys, b"what the box holds")
/// >>> prove_hash(keys, stored[:32], io.BytesIO(b"what the box holds"), hashlib.sha1(stored).hexdigest())
/// Proof('hash', 18)
#[pyfunction]
pub(crate) fn prove_hash(
    py: Python<'_>,
    keys: &Keys,
    header: PyBackedBytes,
    source: Source,
    sha1: &str,
) -> PyResult<Proof> {
    let stored = StoredSha1::parse(sha1).ok_or_else(|| {
        errors::not_of_the_format("a SHA-1 has 40 hexadecimal digits", "sha1", "SHA-1", sha1)
    })?;
    let keys = keys.share();
    let proven = py.detach(|| {
        let mut proof = SourceProof::new(&keys, &header)?;
        let (mut source, mut piece) = (source.open()?, vec![0; PIECE]);
        loop {
            match source.read(&mut piece).map_err(Failure::file("the source".as_ref()))? {
                0 => return Ok::<_, Failure>(proof.finish(&stored)?),
                len => proof.push(&piece[..len]),
            }
        }
    });
    Ok(proven?.into())
}

/// Decrypts a whole object and compares it with its source, byte for byte; each is a path or an object with ``read``.
///
/// ``DataAtRisk`` of the kind ``"differs"`` names the first byte that is not the same.
///
/// >>> import io
/// >>> keys = Keys.derive(password=Secret("correct horse"))
/// >>> stored = encrypt_bytes(keys, b"what the box holds")
/// >>> prove_content(keys, io.BytesIO(stored), io.BytesIO(b"what the box holds"))
/// Proof('content', 18)
#[pyfunction]
pub(crate) fn prove_content(py: Python<'_>, keys: &Keys, stored: Source, source: Source) -> PyResult<Proof> {
    let keys = keys.share();
    let proven =
        py.detach(|| Ok::<_, Failure>(rclone_crypt::prove_content(&keys, stored.open()?, source.open()?)?));
    Ok(proven?.into())
}
