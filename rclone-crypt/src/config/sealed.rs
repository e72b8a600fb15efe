//! An encrypted configuration: `RCLONE_ENCRYPT_V0:`, then base64 of a nonce and a secretbox.
//!
//! Source: `fs/config/crypt.go` of rclone. Tried with a file that rclone 1.75.2 encrypted.

use safe_text::SecretString;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::error::{ConfigProblem, Error, ErrorKind};
use crate::lengths::TAG_LEN;
use crate::radix::BASE64;
use crate::secretbox;

const MARK: &str = "RCLONE_ENCRYPT_V0:";
const NONCE_LEN: usize = 24;

/// The password of an encrypted configuration.
///
/// rclone brings it into Unicode's form NFKC first, which this crate does not: a password that this changes does not open the file.
pub struct ConfigPassword(SecretString);

impl ConfigPassword {
    /// Takes the password in.
    pub fn new(clear: impl Into<SecretString>) -> Self {
        Self(clear.into())
    }

    fn key(&self) -> Zeroizing<[u8; 32]> {
        let mut hash = Sha256::new();
        hash.update(b"[");
        hash.update(self.0.expose_secret().as_bytes());
        hash.update(b"][rclone-config]");
        Zeroizing::new(hash.finalize().into())
    }
}

impl std::fmt::Debug for ConfigPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ConfigPassword")
    }
}

/// What stands behind the mark of an encrypted configuration; `None` for a clear one. Before it there are comments only.
pub(super) fn body(text: &str) -> Option<&str> {
    let mut rest = text;
    while let Some((line, after)) = rest.split_once('\n') {
        match line.trim() {
            MARK => return Some(after),
            comment if comment.is_empty() || comment.starts_with([';', '#']) => rest = after,
            _ => return None,
        }
    }
    None
}

/// The clear text.
pub(super) fn open(body: &str, password: &ConfigPassword) -> Result<Zeroizing<String>, Error> {
    let damaged = || Error::from(ErrorKind::Config(ConfigProblem::Damaged));
    let digits = body.trim().trim_end_matches('=');
    let mut sealed = Zeroizing::new(BASE64.decode(digits).ok_or_else(damaged)?);
    let (nonce, sealed) = sealed.split_first_chunk_mut::<NONCE_LEN>().ok_or_else(damaged)?;
    let (tag, data) = sealed.split_first_chunk_mut::<TAG_LEN>().ok_or_else(damaged)?;
    if !secretbox::open(&password.key(), nonce, tag, data) {
        return Err(ErrorKind::Config(ConfigProblem::WrongPassword).into());
    }
    let clear = std::str::from_utf8(data).map_err(|_| damaged())?;
    Ok(Zeroizing::new(clear.to_owned()))
}
