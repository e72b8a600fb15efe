//! The Salsa20 key stream, computed by the fastest available implementation.

use salsa20::cipher::{KeyIvInit, StreamCipher, StreamCipherSeek};

/// XORs the key stream of `key` and `nonce`, from its 64-byte block `counter` on, onto `data`.
pub(crate) fn apply(key: &[u8; 32], nonce: [u8; 8], counter: u32, data: &mut [u8]) {
    #[cfg(all(feature = "simd", target_arch = "x86_64"))]
    if crate::simd::apply(key, nonce, counter, data) {
        return;
    }
    scalar(key, nonce, counter, data);
}

/// The implementation of the `salsa20` crate, which the vectorised one is tested against.
pub(crate) fn scalar(key: &[u8; 32], nonce: [u8; 8], counter: u32, data: &mut [u8]) {
    let mut cipher = salsa20::Salsa20::new(key.into(), (&nonce).into());
    cipher.seek(u64::from(counter) * 64);
    cipher.apply_keystream(data);
}
