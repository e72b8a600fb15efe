//! The keys of a crypt remote, derived from password and salt.

use std::fmt;

use safe_text::SecretString;
use zeroize::Zeroizing;

use crate::error::{Error, ErrorKind};

/// The salt that rclone uses for a remote without `password2` (rclone 1.60 to 1.75, a constant of its crypt backend).
const DEFAULT_SALT: [u8; 16] =
    [0xa8, 0x0d, 0xf4, 0x3a, 0x8f, 0xbd, 0x03, 0x08, 0xa7, 0xca, 0xb8, 0x3e, 0x58, 0x1f, 0x86, 0xb1];

/// The encryption password in clear text: a crypt remote's `password` before obscuring.
///
/// It is used byte for byte, without trimming or normalisation, so a trailing newline makes it a different password.
pub struct Password(SecretString);

/// The encryption salt in clear text: a crypt remote's `password2` before obscuring.
///
/// An empty salt means that the remote has none; rclone's built-in salt is then used.
pub struct Salt(SecretString);

impl Password {
    /// Wraps a password in clear text.
    pub fn new(clear: impl Into<String>) -> Self {
        Self(clear.into().into())
    }

    /// Reads the secret.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl Salt {
    /// Wraps a salt in clear text; empty for a remote without one.
    pub fn new(clear: impl Into<String>) -> Self {
        Self(clear.into().into())
    }

    /// The empty salt, for a remote without one.
    pub fn none() -> Self {
        Self::new("")
    }

    /// Reads the secret.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password")
    }
}

impl fmt::Debug for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Salt")
    }
}

/// The keys of one crypt remote: for contents and for names. Zeroed when dropped.
///
/// Derivation is slow by design (about 50 ms and 16 MiB of memory): derive the keys once for each pair of password and salt.
pub struct Keys(Box<Zeroizing<[u8; 80]>>);

impl Keys {
    /// Derives the keys: scrypt with N = 16384, r = 8, p = 1, 80 bytes.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::EmptyPassword`], because rclone would use a key of zeros for it.
    pub fn derive(password: &Password, salt: &Salt) -> Result<Self, Error> {
        if password.expose().is_empty() {
            return Err(ErrorKind::EmptyPassword.into());
        }
        let salt = match salt.expose() {
            "" => DEFAULT_SALT.as_slice(),
            salt => salt.as_bytes(),
        };
        let mut keys = Box::new(Zeroizing::new([0; 80]));
        derive_into(password.expose().as_bytes(), salt, keys.as_mut_slice());
        Ok(Self(keys))
    }

    /// The key of file contents.
    pub(crate) fn data(&self) -> &[u8; 32] {
        self.part::<0, 32>()
    }

    /// The AES-256 key of names.
    pub(crate) fn name(&self) -> &[u8; 32] {
        self.part::<32, 32>()
    }

    /// The tweak of the encryption of names.
    pub(crate) fn tweak(&self) -> &[u8; 16] {
        self.part::<64, 16>()
    }

    #[expect(clippy::expect_used, reason = "the three parts lie inside the 80 bytes")]
    fn part<const FROM: usize, const LEN: usize>(&self) -> &[u8; LEN] {
        self.0[FROM..].first_chunk().expect("80 bytes hold every part")
    }
}

#[expect(clippy::expect_used, reason = "constant parameters and length, which every key proves valid")]
fn derive_into(password: &[u8], salt: &[u8], out: &mut [u8]) {
    let params = scrypt::Params::new(14, 8, 1).expect("rclone's parameters are valid");
    scrypt::scrypt(password, salt, &params, out).expect("80 bytes are a valid output length");
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys")
    }
}
