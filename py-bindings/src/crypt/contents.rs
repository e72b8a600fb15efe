//! Contents, encrypted and decrypted.
#![expect(clippy::needless_pass_by_value, reason = "PyO3 hands arguments over")]

use std::borrow::Cow;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write};
use std::ops::Range;

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use rclone_crypt::{Decryptor, Encryptor, Nonce, PlainRange};

use super::failure::Failure;
use super::keys::Keys;
use super::streams::{Input, Source, Target};
use crate::errors;

/// Decrypts a stored file, from a path or an object with ``read`` to a path or an object with ``write``, and returns how
/// many bytes came out.
///
/// Each block is handed on only after it was verified. A target that is a path gets its name once everything was, readable by its owner
/// only; ``FileExistsError`` if something is there, since nothing is replaced.
/// The format has no end mark: give ``plain_len``, the length known from elsewhere, to notice a file that was cut
/// between two blocks, or an empty one.
///
/// ``DataAtRisk`` if it does not open.
///
/// >>> import io
/// >>> keys = Keys.derive(password=Secret("correct horse"))
/// >>> stored, plain = io.BytesIO(), io.BytesIO()
/// >>> encrypt(keys, io.BytesIO(b"what the box holds"), stored)
/// 18
/// >>> decrypt(keys, io.BytesIO(stored.getvalue()), plain, plain_len=18)
/// 18
/// >>> plain.getvalue()
/// b'what the box holds'
#[pyfunction]
#[pyo3(signature = (keys, source, target, *, plain_len = None))]
pub(crate) fn decrypt(
    py: Python<'_>,
    keys: &Keys,
    source: Source,
    target: Target,
    plain_len: Option<u64>,
) -> PyResult<u64> {
    let keys = keys.share();
    let decrypted = py.detach(|| {
        let mut content = Decryptor::new(&keys, source.open()?)?;
        if let Some(plain_len) = plain_len {
            content = content.expect_len(plain_len);
        }
        target.write(|out| {
            while let Some(block) = content.next_block()? {
                written(out, block)?;
            }
            Ok(content.verified_len())
        })
    });
    Ok(decrypted?)
}

/// Encrypts from a path or an object with ``read`` to a path or an object with ``write``, and returns how many plain bytes
/// went in.
///
/// A target that is a path gets its name once everything was written, readable by its owner only; ``FileExistsError`` if something is
/// there, since nothing is replaced.
///
/// ``nonce`` is 24 bytes, and random unless given: give one only to encrypt the same content again, to compare it.
#[pyfunction]
#[pyo3(signature = (keys, source, target, *, nonce = None))]
pub(crate) fn encrypt(
    py: Python<'_>,
    keys: &Keys,
    source: Source,
    target: Target,
    nonce: Option<&[u8]>,
) -> PyResult<u64> {
    let (keys, nonce) = (keys.share(), nonce_of(nonce)?);
    let encrypted = py.detach(|| {
        let mut content = Encryptor::new(&keys, nonce, source.open()?);
        target.write(|out| {
            let mut stored_len = 0;
            while let Some(chunk) = content.next_chunk()? {
                written(out, chunk)?;
                stored_len += chunk.len() as u64;
            }
            Ok(rclone_crypt::decrypted_len(stored_len)?)
        })
    });
    Ok(encrypted?)
}

fn written(out: &mut dyn Write, bytes: &[u8]) -> Result<(), Failure> {
    out.write_all(bytes).map_err(Failure::file("the output".as_ref()))
}

fn nonce_of(given: Option<&[u8]>) -> PyResult<Nonce> {
    match given.map(<[u8; 24]>::try_from) {
        None => Ok(Nonce::random().map_err(Failure::from)?),
        Some(Ok(bytes)) => Ok(Nonce::from_bytes(bytes)),
        Some(Err(_)) => Err(errors::not_of_the_format("a nonce has 24 bytes", "nonce", "nonce", "")),
    }
}

/// Decrypts a small object held in memory.
///
/// >>> keys = Keys.derive(password=Secret("correct horse"))
/// >>> from dtc.exceptions import DataAtRisk
/// >>> try:
/// ...     decrypt_bytes(keys, b"anybody can read this without any password")
/// ... except DataAtRisk as error:
/// ...     print(error.kind)
/// bad_magic
#[pyfunction]
#[pyo3(signature = (keys, stored, *, plain_len = None))]
pub(crate) fn decrypt_bytes(
    py: Python<'_>,
    keys: &Keys,
    stored: PyBackedBytes,
    plain_len: Option<u64>,
) -> PyResult<Cow<'static, [u8]>> {
    let keys = keys.share();
    let plain = py.detach(|| rclone_crypt::decrypt_all(&keys, &stored)).map_err(Failure::from)?;
    match plain_len {
        Some(expected) if expected != plain.len() as u64 => {
            let found = plain.len();
            let problem = format!("the file decrypts to {found} bytes where {expected} were expected");
            Err(errors::data_at_risk(&problem, "wrong_length"))
        }
        _ => Ok(plain.into()),
    }
}

/// Encrypts small contents held in memory; ``nonce`` as in :func:`encrypt`.
#[pyfunction]
#[pyo3(signature = (keys, plain, *, nonce = None))]
pub(crate) fn encrypt_bytes(
    py: Python<'_>,
    keys: &Keys,
    plain: PyBackedBytes,
    nonce: Option<&[u8]>,
) -> PyResult<Cow<'static, [u8]>> {
    let (keys, nonce) = (keys.share(), nonce_of(nonce)?);
    Ok(py.detach(|| rclone_crypt::encrypt_all(&keys, nonce, &plain)).into())
}

/// Decrypts ``count`` bytes from ``offset`` on, of a path or of an object with ``seek`` and ``read``; only the blocks that
/// hold them are read, and each is verified.
///
/// >>> import io
/// >>> keys = Keys.derive(password=Secret("correct horse"))
/// >>> stored = encrypt_bytes(keys, bytes(1_000_000) + b"the end")
/// >>> decrypt_range(keys, io.BytesIO(stored), 1_000_000, 3)
/// b'the'
#[pyfunction]
pub(crate) fn decrypt_range(
    py: Python<'_>,
    keys: &Keys,
    source: Source,
    offset: u64,
    count: u64,
) -> PyResult<Cow<'static, [u8]>> {
    let keys = keys.share();
    let plain = py.detach(|| {
        let mut input = source.open()?;
        let stored_len = seek(&mut input, SeekFrom::End(0)).map_err(Failure::file("the source".as_ref()))?;
        let range = PlainRange::new(offset, count, stored_len)?;
        Ok::<_, Failure>(rclone_crypt::decrypt_range(&keys, &range, |bytes| fetch(&mut input, &bytes))?)
    });
    Ok(plain?.into())
}

fn seek(input: &mut Input, to: SeekFrom) -> io::Result<u64> {
    let object = match input {
        Input::File(file, _) => return file.seek(to),
        Input::Object(object) => object,
    };
    let (offset, whence) = match to {
        SeekFrom::Start(offset) => (i64::try_from(offset).unwrap_or(i64::MAX), 0),
        SeekFrom::Current(offset) => (offset, 1),
        SeekFrom::End(offset) => (offset, 2),
    };
    Ok(Python::attach(|py| {
        object.bind(py).call_method1(intern!(py, "seek"), (offset, whence))?.extract::<u64>()
    })?)
}

fn fetch(input: &mut Input, bytes: &Range<u64>) -> io::Result<Vec<u8>> {
    seek(input, SeekFrom::Start(bytes.start))?;
    let mut fetched = Vec::new();
    input.take(bytes.end - bytes.start).read_to_end(&mut fetched)?;
    Ok(fetched)
}
