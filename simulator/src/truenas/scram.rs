//! The server's side of SCRAM-SHA-512, by which 26 lets a client log in with an API key that it never sends
//! (RFC 5802; channel binding `tls-server-end-point` by RFC 5929).
//!
//! The name is the user's, or the user's with a colon and the id of the key; the password is the key without its id. The
//! name's form is inferred: no source at hand says so. Salt and rounds are the key's own, the same at each login.

use std::num::NonZeroU32;

use aws_lc_rs::{digest, hmac, pbkdf2};
use data_encoding::BASE64;

use super::api_keys::ApiKey;
use crate::random::Random;

/// Rounds of the key derivation (TrueNAS middleware 26, `utils/crypto.py`).
pub(super) const ITERATIONS: u32 = 500_000;

/// What the appliance keeps of a key, by the formulas of RFC 5802.
#[derive(Debug, Clone)]
pub(super) struct Stored {
    of_client: Vec<u8>,
    /// The hash of the client's, which is what the appliance checks a proof with.
    kept: Vec<u8>,
    of_server: Vec<u8>,
}

impl Stored {
    /// Computes it, which takes a good part of a second.
    pub(super) fn of(secret: &str, salt: &[u8]) -> Self {
        let rounds = NonZeroU32::new(ITERATIONS).unwrap_or(NonZeroU32::MIN);
        let mut salted = [0; digest::SHA512_OUTPUT_LEN];
        pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA512, rounds, salt, secret.as_bytes(), &mut salted);
        let client = mac(&salted, b"Client Key");
        let kept = hash(&client);
        Self { of_client: client, kept, of_server: mac(&salted, b"Server Key") }
    }

    pub(super) fn client_key(&self) -> String {
        base64(&self.of_client)
    }

    pub(super) fn stored_key(&self) -> String {
        base64(&self.kept)
    }

    pub(super) fn server_key(&self) -> String {
        base64(&self.of_server)
    }
}

pub(super) fn base64(bytes: &[u8]) -> String {
    BASE64.encode(bytes)
}

fn mac(key: &[u8], message: &[u8]) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA512, key), message).as_ref().to_vec()
}

fn hash(bytes: &[u8]) -> Vec<u8> {
    digest::digest(&digest::SHA512, bytes).as_ref().to_vec()
}

/// What was said in the first two messages.
#[derive(Debug, Clone)]
pub(super) struct Exchange {
    pub(super) key: ApiKey,
    header: String,
    first: String,
    answer: String,
    nonce: String,
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
        let nonce = format!("{}{}", first.nonce, random.alphanumeric(24));
        let answer = format!("r={nonce},s={},i={ITERATIONS}", BASE64.encode(&key.salt));
        let exchange = Self { key, header: first.header, first: first.bare, answer: answer.clone(), nonce };
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
        let keys = self.key.stored();
        let said = format!("{},{},{without_proof}", self.first, self.answer);
        // What the client can only send who knows the key, undone with what is kept of it.
        let signature = mac(&keys.kept, said.as_bytes());
        let proof = BASE64.decode(proof.as_bytes()).ok()?;
        let client: Vec<u8> = proof.iter().zip(&signature).map(|(proof, sign)| proof ^ sign).collect();
        if proof.len() != signature.len() || hash(&client) != keys.kept {
            return None;
        }
        Some(format!("v={}", base64(&mac(&keys.of_server, said.as_bytes()))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
