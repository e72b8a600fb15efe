//! From a password and a salt to the keys of a crypt remote.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use crate::error::{Error, ErrorKind};

/// What rclone uses when a remote has no `password2` (rclone 1.60 to 1.75, fixed in its crypt backend).
const DEFAULT_SALT: [u8; 16] =
    [0xa8, 0x0d, 0xf4, 0x3a, 0x8f, 0xbd, 0x03, 0x08, 0xa7, 0xca, 0xb8, 0x3e, 0x58, 0x1f, 0x86, 0xb1];

/// The encryption password in clear: `password` of a crypt remote before obscuring.
///
/// Taken byte for byte: nothing is trimmed or normalised, so a trailing newline makes another password.
pub struct Password(SecretString);

/// The encryption salt in clear: `password2` of a crypt remote before obscuring.
///
/// An empty one means that the remote has none, and stands for rclone's built-in salt.
pub struct Salt(SecretString);

impl Password {
    /// Takes a clear password.
    pub fn new(clear: impl Into<String>) -> Self {
        Self(clear.into().into())
    }

    /// Reads the secret.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl Salt {
    /// Takes a clear salt; empty for a remote without one.
    pub fn new(clear: impl Into<String>) -> Self {
        Self(clear.into().into())
    }

    /// The salt of a remote that has none.
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

/// The keys of one crypt remote: for contents, for names, and the names' tweak. Wiped when dropped.
///
/// Deriving them is slow on purpose (some 50 ms and 16 MiB): do it once for each pair and keep the result.
pub struct Keys(Box<Zeroizing<[u8; 80]>>);

impl Keys {
    /// Derives the keys: scrypt with N = 16384, r = 8, p = 1, 80 bytes.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::EmptyPassword`]: rclone has no key for it but zeros.
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

    /// The tweak under which names are encrypted.
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
