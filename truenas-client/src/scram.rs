//! Logging in by proof of an API key, without sending it: SCRAM-SHA-512 (RFC 5802) as TrueNAS 26 speaks it
//! (TrueNAS middleware 26, its page "SCRAM Authentication for API Keys").

use std::num::NonZeroU32;

use aws_lc_rs::{constant_time, digest, hmac, pbkdf2, rand};
use data_encoding::BASE64;
use zeroize::Zeroizing;

use crate::error::ErrorKind;

/// The appliance takes a nonce of this length only.
const NONCE: usize = 32;
/// The appliance's own bounds. Fewer would make a stolen exchange cheap to search, more would keep this machine busy.
const ITERATIONS: std::ops::RangeInclusive<u32> = 50_000..=5_000_000;
const HASH: usize = 64;

type Salted = Zeroizing<[u8; HASH]>;

/// What took half a second to compute: kept, so that logging in again takes none.
pub(crate) struct Stretched {
    salt: Vec<u8>,
    iterations: NonZeroU32,
    salted: Salted,
}

/// One exchange, from the client's side.
pub(crate) struct Scram {
    nonce: String,
    /// `n,,`, or `p=tls-server-end-point,,` and the certificate's hash.
    channel: Vec<u8>,
    header: &'static str,
    /// The first message without the header.
    first: String,
}

/// What the appliance asks the client to compute.
pub(crate) struct Challenge {
    pub(crate) salt: Vec<u8>,
    pub(crate) iterations: NonZeroU32,
    nonce: String,
    text: String,
}

impl Scram {
    /// Begins an exchange for the key with this number. With a binding, somebody who shows another certificate cannot pass it on.
    pub(crate) fn new(user: &str, key_number: &str, binding: Option<&[u8]>) -> Result<Self, ErrorKind> {
        let mut nonce = [0; NONCE];
        rand::fill(&mut nonce)
            .map_err(|_| ErrorKind::InvalidRequest { reason: "this machine gives no random numbers" })?;
        Ok(Self::with_nonce(user, key_number, binding, BASE64.encode(&nonce)))
    }

    fn with_nonce(user: &str, key_number: &str, binding: Option<&[u8]>, nonce: String) -> Self {
        let header = if binding.is_some() { "p=tls-server-end-point,," } else { "n,," };
        let user = user.replace('=', "=3D").replace(',', "=2C");
        let first = format!("n={user}:{key_number},r={nonce}");
        let channel = [header.as_bytes(), binding.unwrap_or_default()].concat();
        Self { nonce, channel, header, first }
    }

    /// The client's first message.
    pub(crate) fn opening(&self) -> String {
        format!("{}{}", self.header, self.first)
    }

    /// Reads the appliance's first message. None when it is not one, or not the answer to ours.
    pub(crate) fn challenge(&self, text: &str) -> Option<Challenge> {
        let nonce = member(text, "r")?;
        let salt = BASE64.decode(member(text, "s")?.as_bytes()).ok().filter(|salt| !salt.is_empty())?;
        let iterations: u32 = member(text, "i")?.parse().ok().filter(|count| ITERATIONS.contains(count))?;
        let iterations = NonZeroU32::new(iterations)?;
        self.is_continued_by(nonce).then(|| Challenge {
            salt,
            iterations,
            nonce: nonce.to_owned(),
            text: text.to_owned(),
        })
    }

    /// Whether a nonce is ours with the appliance's behind it: as text, or as the bytes that both encode.
    fn is_continued_by(&self, nonce: &str) -> bool {
        let decoded = |text: &str| BASE64.decode(text.as_bytes()).unwrap_or_default();
        let (ours, both) = (decoded(&self.nonce), decoded(nonce));
        let as_text = nonce.len() > self.nonce.len() && nonce.starts_with(&self.nonce);
        as_text || (both.len() > ours.len() && both.starts_with(&ours))
    }

    /// The client's last message, and what the appliance has to answer to it.
    pub(crate) fn proof(&self, challenge: &Challenge, salted: &[u8; HASH]) -> (String, Vec<u8>) {
        let last = format!("c={},r={}", BASE64.encode(&self.channel), challenge.nonce);
        let exchange = format!("{},{},{last}", self.first, challenge.text);
        let client_key = mac(salted, b"Client Key");
        let stored_key = digest::digest(&digest::SHA512, client_key.as_ref());
        let signature = mac(stored_key.as_ref(), exchange.as_bytes());
        let proof: Vec<u8> =
            client_key.as_ref().iter().zip(signature.as_ref()).map(|(key, mask)| key ^ mask).collect();
        let server_key = mac(salted, b"Server Key");
        let expected = mac(server_key.as_ref(), exchange.as_bytes());
        (format!("{last},p={}", BASE64.encode(&proof)), expected.as_ref().to_vec())
    }
}

/// Whether the appliance's last message proves that it knows the key.
pub(crate) fn is_proven(text: &str, expected: &[u8]) -> bool {
    let signature = member(text, "v").and_then(|value| BASE64.decode(value.as_bytes()).ok());
    signature.is_some_and(|found| constant_time::verify_slices_are_equal(&found, expected).is_ok())
}

impl Stretched {
    /// Stretches a key, which takes most of a second.
    pub(crate) fn of(key: &str, challenge: &Challenge) -> Self {
        let mut salted = Zeroizing::new([0; HASH]);
        let Challenge { salt, iterations, .. } = challenge;
        pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA512, *iterations, salt, key.as_bytes(), &mut *salted);
        Self { salt: salt.clone(), iterations: *iterations, salted }
    }

    /// What was computed for the same salt before.
    pub(crate) fn for_challenge(&self, challenge: &Challenge) -> Option<Salted> {
        let same = self.salt == challenge.salt && self.iterations == challenge.iterations;
        same.then(|| self.salted.clone())
    }
}

fn mac(key: &[u8], text: &[u8]) -> hmac::Tag {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA512, key), text)
}

/// A member of a message such as `r=…,s=…,i=…`.
fn member<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.split(',')
        .find_map(|part| part.split_once('=').filter(|(found, _)| *found == name))
        .map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Computed with Python's `hashlib.pbkdf2_hmac` and `hmac` by the formulas of RFC 5802, section 3.
    #[test]
    fn a_proof_is_what_the_rfc_computes() {
        let nonce = BASE64.encode(&[7; NONCE]);
        let scram = Scram::with_nonce("root", "1", None, nonce.clone());
        assert_eq!(scram.opening(), format!("n,,n=root:1,r={nonce}"));
        let text = format!("r={nonce}c2VydmVy,s={},i=50000", BASE64.encode(&[9; 16]));
        let challenge = scram.challenge(&text).unwrap();
        let stretched = Stretched::of("the-secret-half-of-the-key", &challenge);
        let salted = stretched.for_challenge(&challenge).unwrap();
        let (last, expected) = scram.proof(&challenge, &salted);
        assert_eq!(last, format!("c=biws,r={nonce}c2VydmVy,p={PROOF}"));
        assert_eq!(BASE64.encode(&expected), SIGNATURE);
        assert!(is_proven(&format!("v={SIGNATURE}"), &expected));
        assert!(!is_proven(&format!("v={PROOF}"), &expected) && !is_proven("e=other-error", &expected));

        let bound = Scram::with_nonce("root", "1", Some(&[3; 32]), nonce.clone());
        assert_eq!(bound.opening(), format!("p=tls-server-end-point,,n=root:1,r={nonce}"));
        let (last, _) = bound.proof(&challenge, &salted);
        let channel = BASE64.encode(&[b"p=tls-server-end-point,,".as_slice(), &[3; 32]].concat());
        assert_eq!(last, format!("c={channel},r={nonce}c2VydmVy,p={BOUND_PROOF}"));
    }

    const PROOF: &str =
        "dDZ/8R0OYzvVZGH3kSteli+sJkV7Tpu3d5d0tVTwgNNvcQGhHpKYrqH3HtVnvgU3QHvMcc8NEtIYoJVcF13e5g==";
    const SIGNATURE: &str =
        "RmmV8MavhB9uadfBDUY8g8uUxm6+L4XNk+lxe7mYMUKo/yoT01Zoff8eeBKd81vyqj0FuuWy0LJ4JNJIgzf+Dg==";
    const BOUND_PROOF: &str =
        "SZNJfLRbsL2b4IL5mej1I/azeEslGjXLe7prcAOu8LPqdu31d5MoWAYQreST3Pd4NVnzmDKKojYae3Q86U7E1g==";

    #[test]
    fn a_challenge_that_is_not_the_answer_to_ours_is_refused() {
        let nonce = BASE64.encode(&[7; NONCE]);
        let joined = BASE64.encode(&[[7; NONCE], [8; NONCE]].concat());
        let scram = Scram::with_nonce("root", "1", None, nonce.clone());
        let salt = BASE64.encode(&[9; 16]);
        for (text, taken) in [
            (format!("r={nonce}abcd,s={salt},i=500000"), true),
            (format!("r={joined},s={salt},i=500000"), true),
            (format!("r={nonce},s={salt},i=500000"), false),
            (format!("r=abcd,s={salt},i=500000"), false),
            (format!("r={nonce}abcd,s={salt},i=49999"), false),
            (format!("r={nonce}abcd,s={salt},i=5000001"), false),
            (format!("r={nonce}abcd,s={salt},i=x"), false),
            (format!("r={nonce}abcd,s=,i=500000"), false),
            (format!("r={nonce}abcd,s=%,i=500000"), false),
            (format!("s={salt},i=500000"), false),
            (String::new(), false),
        ] {
            assert_eq!(scram.challenge(&text).is_some(), taken, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_name_cannot_become_a_member_of_the_message(user in "[ -~]{1,20}") {
            let opening = Scram::with_nonce(&user, "1", None, "abc".into()).opening();
            let own = opening.strip_prefix("n,,").unwrap();
            prop_assert_eq!(own.matches(',').count(), 1, "{}", own);
        }

        #[test]
        fn no_text_is_proof_by_chance(text in ".{0,80}") {
            prop_assert!(!is_proven(&text, &[1; HASH]));
        }
    }
}
