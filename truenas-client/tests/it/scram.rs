//! The appliance's side of a proof, by the formulas of RFC 5802, section 3, with the names and bounds of TrueNAS 26.

use aws_lc_rs::{digest, hmac, pbkdf2};
use data_encoding::BASE64;
use serde_json::{Value, json};

use crate::nas::Say;

const ITERATIONS: u32 = 50_000;
const SALT: [u8; 16] = [9; 16];

/// What an appliance of 26 keeps of a key.
pub(crate) struct Keys {
    pub(crate) salted: [u8; 64],
    /// The binding that it checks, where that is not its own certificate's.
    pub(crate) certificate: Option<Vec<u8>>,
    /// Whether it proves that it knows the key.
    pub(crate) proves: bool,
}

impl Keys {
    pub(crate) fn of(key: &str) -> Self {
        let secret = key.split_once('-').unwrap().1;
        let mut salted = [0; 64];
        pbkdf2::derive(
            pbkdf2::PBKDF2_HMAC_SHA512,
            ITERATIONS.try_into().unwrap(),
            &SALT,
            secret.as_bytes(),
            &mut salted,
        );
        Self { salted, certificate: None, proves: true }
    }
}

fn mac(key: &[u8], text: &[u8]) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA512, key), text).as_ref().to_vec()
}

fn said(kind: &str, text: &str) -> Say {
    Say::Result(
        json!({"response_type": "SCRAM_RESPONSE", "scram_type": kind, "rfc_str": text, "user_info": null}),
    )
}

/// What the appliance answers to `auth.login_ex`, given everything that it was asked before.
pub(crate) fn answers(keys: &Keys, certificate: &[u8], params: &Value, before: &[Value]) -> Say {
    let login = &params[0];
    assert_eq!(login["mechanism"], "SCRAM");
    let text = login["rfc_str"].as_str().unwrap();
    let bare = |text: &str| text.split_once(",,").unwrap().1.to_owned();
    let challenge = |first: &str| {
        let nonce = bare(first).split_once(",r=").unwrap().1.to_owned();
        format!("r={nonce}c2VydmVy,s={},i={ITERATIONS}", BASE64.encode(&SALT))
    };
    if login["scram_type"] == "CLIENT_FIRST_MESSAGE" {
        return said("SERVER_FIRST_RESPONSE", &challenge(text));
    }
    let first = before.last().unwrap()[0]["rfc_str"].as_str().unwrap().to_owned();
    let (last, proof) = text.split_once(",p=").unwrap();
    // The certificate of the test is signed by ECDSA with SHA-256.
    let own = digest::digest(&digest::SHA256, certificate).as_ref().to_vec();
    let binding = keys.certificate.as_ref().unwrap_or(&own);
    let channel = BASE64.encode(&[b"p=tls-server-end-point,,".as_slice(), binding].concat());
    let exchange = format!("{},{},{last}", bare(&first), challenge(&first));
    let client_key = mac(&keys.salted, b"Client Key");
    let stored_key = digest::digest(&digest::SHA512, &client_key);
    let signature = mac(stored_key.as_ref(), exchange.as_bytes());
    let shown: Vec<u8> =
        BASE64.decode(proof.as_bytes()).unwrap().iter().zip(&signature).map(|(a, b)| a ^ b).collect();
    if keys.proves && (shown != client_key || !last.starts_with(&format!("c={channel},"))) {
        return Say::Result(json!({"response_type": "AUTH_ERR"}));
    }
    let server_key = if keys.proves { mac(&keys.salted, b"Server Key") } else { vec![1; 64] };
    said("SERVER_FINAL_RESPONSE", &format!("v={}", BASE64.encode(&mac(&server_key, exchange.as_bytes()))))
}
