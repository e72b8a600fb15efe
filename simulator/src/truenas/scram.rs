//! The server's side of SCRAM-SHA-512, by which 26 lets a client log in with an API key that it never sends
//! (RFC 5802; channel binding `tls-server-end-point` by RFC 5929).
//!
//! The name is the user's, or the user's with a colon and the id of the key; the password is the key without its id.
//! Both are inferred: no source at hand says so.

use data_encoding::BASE64;
use sha2::{Digest as _, Sha512};

use super::users::ApiKey;
use crate::random::Random;

/// Rounds of the key derivation. The real number is larger; a client takes it from the first answer.
const ITERATIONS: u32 = 4_096;
const BLOCK: usize = 128;

/// What was said in the first two messages.
#[derive(Debug, Clone)]
pub(super) struct Exchange {
    pub(super) key: ApiKey,
    header: String,
    first: String,
    answer: String,
    nonce: String,
    salt: Vec<u8>,
}

/// A client's first message, read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ClientFirst {
    header: String,
    bare: String,
    pub(super) user: String,
    /// The id of the key, where the name has one.
    pub(super) key: Option<i64>,
    nonce: String,
}

/// Reads a client's first message; `None` where it is none.
pub(super) fn read_first(message: &str) -> Option<ClientFirst> {
    let (flag, rest) = message.split_once(',')?;
    let (authorised, bare) = rest.split_once(',')?;
    if !matches!(flag, "n" | "y" | "p=tls-server-end-point") || !authorised.is_empty() {
        return None;
    }
    let (name, nonce) = bare.strip_prefix("n=")?.split_once(",r=")?;
    let name = name.replace("=2C", ",").replace("=3D", "=");
    let (user, key) = match name.rsplit_once(':') {
        Some((user, id)) => (user.to_owned(), Some(id.parse().ok()?)),
        None => (name, None),
    };
    if nonce.is_empty() {
        return None;
    }
    let (bare, nonce) = (bare.to_owned(), nonce.to_owned());
    Some(ClientFirst { header: format!("{flag},,"), bare, user, key, nonce })
}

impl Exchange {
    /// Answers a client's first message.
    pub(super) fn begin(first: ClientFirst, key: ApiKey, random: &Random) -> (Self, String) {
        let mut salt = vec![0; 16];
        random.fill(&mut salt);
        let nonce = format!("{}{}", first.nonce, random.alphanumeric(24));
        let answer = format!("r={nonce},s={},i={ITERATIONS}", BASE64.encode(&salt));
        let exchange =
            Self { key, header: first.header, first: first.bare, answer: answer.clone(), nonce, salt };
        (exchange, answer)
    }

    /// Checks a client's final message; returns the answer that proves the server to it.
    pub(super) fn finish(&self, message: &str, end_point: &[u8]) -> Option<String> {
        let (without_proof, proof) = message.rsplit_once(",p=")?;
        let (binding, nonce) = without_proof.strip_prefix("c=")?.split_once(",r=")?;
        let mut bound = self.header.clone().into_bytes();
        if self.header.starts_with("p=") {
            bound.extend_from_slice(end_point);
        }
        if BASE64.decode(binding.as_bytes()).ok()? != bound || nonce != self.nonce {
            return None;
        }
        let password = self.key.text.split_once('-').map_or(self.key.text.as_str(), |(_, rest)| rest);
        let salted = pbkdf2(password.as_bytes(), &self.salt);
        let client_key = hmac(&salted, b"Client Key");
        let stored_key = Sha512::digest(client_key);
        let said = format!("{},{},{without_proof}", self.first, self.answer);
        let signature = hmac(&stored_key, said.as_bytes());
        let expected: Vec<u8> = client_key.iter().zip(signature).map(|(key, sign)| key ^ sign).collect();
        if BASE64.decode(proof.as_bytes()).ok()? != expected {
            return None;
        }
        let server_key = hmac(&salted, b"Server Key");
        Some(format!("v={}", BASE64.encode(&hmac(&server_key, said.as_bytes()))))
    }
}

/// HMAC-SHA-512 (RFC 2104).
fn hmac(key: &[u8], message: &[u8]) -> [u8; 64] {
    let mut block = [0_u8; BLOCK];
    if key.len() > BLOCK {
        block[..64].copy_from_slice(&Sha512::digest(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let inner = Sha512::new().chain_update(block.map(|b| b ^ 0x36)).chain_update(message).finalize();
    Sha512::new().chain_update(block.map(|b| b ^ 0x5c)).chain_update(inner).finalize().into()
}

/// The first block of PBKDF2 (RFC 8018), which is as long as the hash.
fn pbkdf2(password: &[u8], salt: &[u8]) -> [u8; 64] {
    let mut round = hmac(password, &[salt, &[0, 0, 0, 1]].concat());
    let mut sum = round;
    for _ in 1..ITERATIONS {
        round = hmac(password, &round);
        sum.iter_mut().zip(round).for_each(|(sum, bits)| *sum ^= bits);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hmac_is_that_of_rfc_4231() {
        let hex = |bytes: [u8; 64]| data_encoding::HEXLOWER.encode(&bytes);
        // Test cases 2 and 6: a short key, and one that is longer than a block.
        let first = hmac(b"Jefe", b"what do ya want for nothing?");
        assert!(hex(first).starts_with("164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"));
        let second = hmac(&[0xaa; 131], b"Test Using Larger Than Block-Size Key - Hash Key First");
        assert!(hex(second).starts_with("80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352"));
    }

    #[test]
    fn a_first_message_is_read_or_refused() {
        let read = |message| read_first(message).map(|first| (first.user, first.key));
        assert_eq!(read("n,,n=admin,r=abc"), Some(("admin".to_owned(), None)));
        assert_eq!(read("y,,n=ad=2Cmin:7,r=abc"), Some(("ad,min".to_owned(), Some(7))));
        assert_eq!(read("p=tls-server-end-point,,n=admin:1,r=a"), Some(("admin".to_owned(), Some(1))));
        for wrong in ["", "n=admin,r=a", "n,,n=admin,r=", "p=tls-unique,,n=admin,r=a", "n,a=x,n=admin,r=a"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
