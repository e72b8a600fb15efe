//! Names as an encrypted remote stores them.

use std::borrow::Cow;
use std::sync::Arc;

use pyo3::prelude::*;
use rclone_crypt::{DirectoryNames, NameEncoding, NameEncryption, Suffix, b2_name};

use super::failure::Failure;
use super::keys::Keys;
use crate::errors;

/// How a remote turns a plain path into a stored one, and back. Paths are relative to it, with ``/`` between names.
///
/// Without arguments, what TrueNAS writes: names stay plain, and each file's gets ``.bin``.
///
/// >>> names = Names()
/// >>> names.encode("photos/image.bin"), names.decode("photos/image.bin.bin")
/// ('photos/image.bin.bin', 'photos/image.bin')
/// >>> keys = Keys.derive(password=Secret("correct horse"))
/// >>> Names(keys, encryption="standard").encode("photos/image.bin")
/// 'ckovk5galm7ppattm3tm048sj4/ovekpmotj688rrrntdc7h47gn0'
#[pyclass(frozen, module = "dtc.crypt")]
pub(crate) struct Names {
    inner: Arc<rclone_crypt::Names>,
    keys: Option<Arc<rclone_crypt::Keys>>,
    encryption: NameEncryption,
    directories: DirectoryNames,
}

#[pymethods]
impl Names {
    /// The names of a remote: rclone's ``filename_encryption`` (``"off"``, ``"standard"``, ``"obfuscate"``),
    /// ``filename_encoding`` (``"base32"``, ``"base64"``, ``"base32768"``), ``suffix`` (of mode *off*), and whether
    /// ``directories`` are ``"encrypted"`` or ``"plain"``.
    #[new]
    #[pyo3(signature = (keys = None, *, encryption = "off", encoding = "base32", suffix = ".bin", directories = "encrypted"))]
    fn new(
        keys: Option<&Keys>,
        encryption: &str,
        encoding: &str,
        suffix: &str,
        directories: &str,
    ) -> PyResult<Self> {
        let encoding = match encoding {
            "base32" => NameEncoding::Base32,
            "base64" => NameEncoding::Base64,
            "base32768" => NameEncoding::Base32768,
            other => return Err(unknown("name encoding", other, "base32, base64 or base32768")),
        };
        let encryption = match encryption {
            "off" => NameEncryption::Off(Suffix::new(suffix)),
            "standard" => NameEncryption::Standard(encoding),
            "obfuscate" => NameEncryption::Obfuscate,
            other => return Err(unknown("name encryption", other, "off, standard or obfuscate")),
        };
        let directories = match directories {
            "encrypted" => DirectoryNames::Encrypted,
            "plain" => DirectoryNames::Plain,
            other => return Err(unknown("kind of directory names", other, "encrypted or plain")),
        };
        let keys = keys.map(Keys::share);
        let names = Self::make(keys.as_deref(), &encryption, directories)?;
        Ok(Self { inner: Arc::new(names), keys, encryption, directories })
    }

    /// The stored path of a file.
    fn encode(&self, path: &str) -> PyResult<String> {
        Ok(self.inner.encode(path).map_err(Failure::from)?)
    }

    /// The plain path of a stored file; ``ValidationError`` for one that rclone would skip.
    fn decode(&self, stored: &str) -> PyResult<String> {
        Ok(self.inner.decode(stored).map_err(Failure::from)?)
    }

    /// The stored path of a directory.
    fn encode_directory(&self, path: &str) -> PyResult<String> {
        Ok(self.inner.encode_directory(path).map_err(Failure::from)?)
    }

    /// The plain path of a stored directory.
    fn decode_directory(&self, stored: &str) -> PyResult<String> {
        Ok(self.inner.decode_directory(stored).map_err(Failure::from)?)
    }

    /// The stored path of a file whose name need not be UTF-8.
    fn encode_bytes(&self, path: &[u8]) -> PyResult<Cow<'_, [u8]>> {
        Ok(self.inner.encode_bytes(path).map_err(Failure::from)?.into())
    }

    /// The plain path of a stored file, which need not be UTF-8.
    fn decode_bytes(&self, stored: &[u8]) -> PyResult<Cow<'_, [u8]>> {
        Ok(self.inner.decode_bytes(stored).map_err(Failure::from)?.into())
    }

    fn __repr__(&self) -> String {
        let how = match &self.encryption {
            NameEncryption::Off(suffix) => {
                return format!("Names(encryption='off', suffix={:?})", suffix.as_str());
            }
            NameEncryption::Standard(NameEncoding::Base64) => "encryption='standard', encoding='base64'",
            NameEncryption::Standard(NameEncoding::Base32768) => {
                "encryption='standard', encoding='base32768'"
            }
            NameEncryption::Standard(_) => "encryption='standard', encoding='base32'",
            _ => "encryption='obfuscate'",
        };
        let directories = match self.directories {
            DirectoryNames::Encrypted => "encrypted",
            _ => "plain",
        };
        format!("Names(Keys('***'), {how}, directories='{directories}')")
    }
}

impl Names {
    pub(super) fn share(&self) -> Arc<rclone_crypt::Names> {
        Arc::clone(&self.inner)
    }

    /// The same names once more, for what keeps its own.
    pub(super) fn again(&self) -> PyResult<rclone_crypt::Names> {
        Self::make(self.keys.as_deref(), &self.encryption, self.directories)
    }

    fn make(
        keys: Option<&rclone_crypt::Keys>,
        encryption: &NameEncryption,
        directories: DirectoryNames,
    ) -> PyResult<rclone_crypt::Names> {
        match (keys, encryption) {
            (_, NameEncryption::Off(suffix)) => Ok(rclone_crypt::Names::off_with(suffix.clone())),
            (Some(keys), _) => Ok(rclone_crypt::Names::new(keys, encryption.clone(), directories)),
            (None, _) => {
                Err(errors::not_of_the_format("encrypted names take keys", "keys_missing", "names", ""))
            }
        }
    }
}

pub(super) fn unknown(subject: &'static str, input: &str, known: &str) -> PyErr {
    errors::not_of_the_format(
        &format!("{input:?} is no {subject}; known: {known}"),
        "unknown",
        subject,
        input,
    )
}

/// The name that rclone gives to a stored path in B2, where some characters may not stand.
///
/// >>> object_name(b"a\\b/tab\tc.bin") == "a\N{FULLWIDTH REVERSE SOLIDUS}b/tab\N{SYMBOL FOR HORIZONTAL TABULATION}c.bin"
/// True
#[pyfunction]
pub(crate) fn object_name(stored_path: &[u8]) -> String {
    b2_name::encode(stored_path)
}

/// The stored path behind an object's name in B2.
///
/// >>> stored_path(object_name(b"a\\b/tab\tc.bin"))
/// b'a\\b/tab\tc.bin'
#[pyfunction]
pub(crate) fn stored_path(object_name: &str) -> Cow<'static, [u8]> {
    b2_name::decode(object_name).into()
}
