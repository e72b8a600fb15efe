//! rclone's `obscure` and `reveal`, which passwords in its configuration are encoded with. This is not encryption: the key is public.

use std::fmt;

use ctr::cipher::{KeyIvInit, StreamCipher};
use safe_text::SecretString;
use zeroize::Zeroizing;

use crate::error::{Error, ErrorKind};
use crate::radix::BASE64_URL;

/// The key that is built into rclone, with which anybody can reverse `obscure` (rclone 1.60 to 1.75).
const PUBLIC_KEY: [u8; 32] = [
    0x9c, 0x93, 0x5b, 0x48, 0x73, 0x0a, 0x55, 0x4d, 0x6b, 0xfd, 0x7c, 0x63, 0xc8, 0x86, 0xa9, 0x2b, 0xd3,
    0x90, 0x19, 0x8e, 0xb8, 0x12, 0x8a, 0xfb, 0xf4, 0xde, 0x16, 0x2b, 0x8b, 0x95, 0xf6, 0x38,
];
const IV_LEN: usize = 16;

/// A secret in the form of rclone's configuration: base64url of a random IV and the text encrypted with AES-256-CTR.
///
/// It must be kept as secret as the text itself, because anybody can reveal it.
pub struct Obscured(SecretString);

/// The secret that [`reveal`] found in an obscured text.
pub struct Revealed(SecretString);

impl Obscured {
    /// Returns the obscured text, which consists of letters, digits, `-` and `_`.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl Revealed {
    /// Reads the secret.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for Obscured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Obscured")
    }
}

impl fmt::Debug for Revealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Revealed")
    }
}

/// Obscures a secret for rclone's configuration, as `rclone obscure` does.
///
/// ```
/// let obscured = rclone_crypt::obscure("correct horse")?;
/// assert_eq!(rclone_crypt::reveal(obscured.expose())?.expose(), "correct horse");
/// # Ok::<(), rclone_crypt::Error>(())
/// ```
///
/// # Errors
///
/// [`ErrorKind::NoRandomness`].
pub fn obscure(clear: &str) -> Result<Obscured, Error> {
    let mut iv = [0; IV_LEN];
    getrandom::fill(&mut iv).map_err(|source| Error::with_source(ErrorKind::NoRandomness, source))?;
    Ok(obscure_with_iv(clear, iv))
}

/// Obscures a secret with a given IV, for reproducible results.
pub fn obscure_with_iv(clear: &str, iv: [u8; IV_LEN]) -> Obscured {
    let mut bytes = Zeroizing::new([&iv, clear.as_bytes()].concat());
    apply(&iv, &mut bytes[IV_LEN..]);
    Obscured(BASE64_URL.encode(&bytes).into())
}

/// Reveals an obscured secret, as `rclone reveal` does.
///
/// A clear text of 22 letters or more may be revealed as meaningless characters: see [`looks_obscured`].
///
/// # Errors
///
/// [`ErrorKind::NotObscured`] for characters outside base64url, fewer than 16 bytes, or a result that is not UTF-8.
pub fn reveal(obscured: &str) -> Result<Revealed, Error> {
    let not_obscured = |reason| Error::from(ErrorKind::NotObscured { reason });
    let mut bytes = Zeroizing::new(
        BASE64_URL.decode(obscured).ok_or_else(|| not_obscured("it is not base64url without padding"))?,
    );
    let Some((iv, clear)) = bytes.split_first_chunk_mut::<IV_LEN>() else {
        return Err(not_obscured("it has fewer than 16 bytes"));
    };
    apply(iv, clear);
    match str::from_utf8(clear) {
        Ok(clear) => Ok(Revealed(clear.into())),
        Err(_) => Err(not_obscured("the revealed text is not UTF-8")),
    }
}

/// Whether a text that should be clear text may be an obscured one, because it reveals to printable text.
///
/// This is a heuristic: a short random text of letters and digits can give a false positive. Ask a person before acting on it.
pub fn looks_obscured(clear: &str) -> bool {
    reveal(clear)
        .is_ok_and(|revealed| !revealed.expose().is_empty() && !revealed.expose().contains(char::is_control))
}

fn apply(iv: &[u8; IV_LEN], text: &mut [u8]) {
    ctr::Ctr128BE::<aes::Aes256>::new((&PUBLIC_KEY).into(), iv.into()).apply_keystream(text);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made by `rclone obscure` 1.75.2.
    #[test]
    fn a_value_made_by_rclone() {
        let iv =
            [0x3e, 0x5f, 0x10, 0xb9, 0x96, 0x26, 0x45, 0x63, 0x58, 0x02, 0x3b, 0x7f, 0x47, 0xce, 0x8f, 0xc0];
        assert_eq!(obscure_with_iv("password", iv).expose(), "Pl8QuZYmRWNYAjt_R86PwBRqgQ7uWHoA");
        assert_eq!(reveal("Pl8QuZYmRWNYAjt_R86PwBRqgQ7uWHoA\n").unwrap().expose(), "password");
        assert!(looks_obscured("Pl8QuZYmRWNYAjt_R86PwBRqgQ7uWHoA"));
    }

    #[test]
    fn clear_passwords_are_not_suspected() {
        for clear in ["", "password", "correct horse battery staple", "p%K2{!rM}x:Tq9?c^Zs8<w@L&3n*vB#f"] {
            assert!(!looks_obscured(clear), "{clear}");
        }
    }
}
