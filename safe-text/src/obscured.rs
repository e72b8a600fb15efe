//! What rclone's `obscure` makes of a secret: another text each time, which anybody can reveal.

use ctr::cipher::{KeyIvInit as _, StreamCipher as _};
use data_encoding::BASE64URL_NOPAD;
use zeroize::Zeroizing;

/// The key that is built into rclone (`fs/config/obscure/obscure.go`, 1.60 to 1.75).
const PUBLIC_KEY: [u8; 32] = [
    0x9c, 0x93, 0x5b, 0x48, 0x73, 0x0a, 0x55, 0x4d, 0x6b, 0xfd, 0x7c, 0x63, 0xc8, 0x86, 0xa9, 0x2b, 0xd3,
    0x90, 0x19, 0x8e, 0xb8, 0x12, 0x8a, 0xfb, 0xf4, 0xde, 0x16, 0x2b, 0x8b, 0x95, 0xf6, 0x38,
];
/// How long the random part is.
const IV: usize = 16;

/// Whether a byte can be part of an obscured text.
pub(crate) fn is_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

/// What an obscured text hides; `None` for a text that is none.
pub(crate) fn reveal(text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let bytes = Zeroizing::new(BASE64URL_NOPAD.decode(text).ok()?);
    let (iv, hidden) = bytes.split_first_chunk::<IV>()?;
    let mut clear = Zeroizing::new(hidden.to_vec());
    ctr::Ctr128BE::<aes::Aes256>::new((&PUBLIC_KEY).into(), iv.into()).apply_keystream(&mut clear);
    Some(clear)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made by `rclone obscure` 1.75.2.
    #[test]
    fn a_value_made_by_rclone_is_revealed() {
        assert_eq!(reveal(b"Pl8QuZYmRWNYAjt_R86PwBRqgQ7uWHoA").unwrap().as_slice(), b"password");
        assert!(reveal(b"Pl8QuZYm").is_none());
    }
}
