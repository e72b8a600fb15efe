//! What binds a proof to the certificate that the appliance shows: `tls-server-end-point` of RFC 5929, section 4.

use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};

const SEQUENCE: u8 = 0x30;
const OBJECT_IDENTIFIER: u8 = 0x06;
/// The first optional member of the parameters of RSASSA-PSS, which names the hash (RFC 4055, section 3.1).
const PSS_HASH: u8 = 0xa0;

/// `1.2.840.113549.1.1`, less the last number, which names the algorithm (RFC 8017, appendix C).
const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01];
/// `ecdsa-with-SHA1`, and `1.2.840.10045.4.3`, less the last number (RFC 5758, section 3.2).
const ECDSA_SHA1: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x01];
const ECDSA: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03];
/// `2.16.840.1.101.3.4.2`, less the last number, which names the hash (RFC 5754, section 2).
const SHA2: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02];

enum Hash {
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

/// The certificate's hash, by the hash of its own signature, with SHA-256 in the place of MD5 and SHA-1. None where the signature has no
/// hash of its own (Ed25519), or the certificate cannot be read: such an appliance binds nothing.
pub(crate) fn of_certificate(der: &[u8]) -> Option<Vec<u8>> {
    Some(match hash(der)? {
        Hash::Sha224 => Sha224::digest(der).to_vec(),
        Hash::Sha256 => Sha256::digest(der).to_vec(),
        Hash::Sha384 => Sha384::digest(der).to_vec(),
        Hash::Sha512 => Sha512::digest(der).to_vec(),
    })
}

/// The hash that a certificate was signed with.
fn hash(der: &[u8]) -> Option<Hash> {
    let (certificate, _) = element(der, SEQUENCE)?;
    let (_, after_content) = element(certificate, SEQUENCE)?;
    let (algorithm, _) = element(after_content, SEQUENCE)?;
    let (identifier, parameters) = element(algorithm, OBJECT_IDENTIFIER)?;
    if identifier == ECDSA_SHA1 {
        return Some(Hash::Sha256);
    }
    match identifier.split_last()? {
        (0x0a, RSA) => of_pss(parameters),
        (4 | 5 | 11, RSA) | (2, ECDSA) => Some(Hash::Sha256),
        (12, RSA) | (3, ECDSA) => Some(Hash::Sha384),
        (13, RSA) | (4, ECDSA) => Some(Hash::Sha512),
        (14, RSA) | (1, ECDSA) => Some(Hash::Sha224),
        _ => None,
    }
}

/// Where it names no hash, it is SHA-1.
fn of_pss(parameters: &[u8]) -> Option<Hash> {
    let (members, _) = element(parameters, SEQUENCE)?;
    let Some((named, _)) = element(members, PSS_HASH) else { return Some(Hash::Sha256) };
    let (algorithm, _) = element(named, SEQUENCE)?;
    let (identifier, _) = element(algorithm, OBJECT_IDENTIFIER)?;
    match identifier.split_last()? {
        (1, SHA2) => Some(Hash::Sha256),
        (2, SHA2) => Some(Hash::Sha384),
        (3, SHA2) => Some(Hash::Sha512),
        (4, SHA2) => Some(Hash::Sha224),
        _ => None,
    }
}

/// The content of the element that a DER text begins with, and what follows it; none if it is of another kind.
fn element(der: &[u8], kind: u8) -> Option<(&[u8], &[u8])> {
    let [found, first, rest @ ..] = der else { return None };
    if *found != kind {
        return None;
    }
    let (length, rest) = match first {
        short @ 0..0x80 => (usize::from(*short), rest),
        long => {
            let (digits, rest) = rest.split_at_checked(usize::from(long & 0x7f))?;
            let length = digits
                .iter()
                .try_fold(0_usize, |length, digit| Some(length.checked_mul(256)? + usize::from(*digit)))?;
            (length, rest)
        }
    };
    rest.split_at_checked(length)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rcgen::{CertificateParams, KeyPair, SignatureAlgorithm};

    use super::*;

    fn certificate(algorithm: &'static SignatureAlgorithm) -> Vec<u8> {
        let key = KeyPair::generate_for(algorithm).unwrap();
        let parameters = CertificateParams::new(["nas".to_owned()]).unwrap();
        parameters.self_signed(&key).unwrap().der().to_vec()
    }

    #[test]
    fn the_hash_is_that_of_the_certificates_own_signature() {
        let p256 = certificate(&rcgen::PKCS_ECDSA_P256_SHA256);
        assert_eq!(of_certificate(&p256).unwrap(), Sha256::digest(&p256).to_vec());
        let p384 = certificate(&rcgen::PKCS_ECDSA_P384_SHA384);
        assert_eq!(of_certificate(&p384).unwrap(), Sha384::digest(&p384).to_vec());
        assert_eq!(of_certificate(&certificate(&rcgen::PKCS_ED25519)), None);
    }

    /// A certificate of nothing but its signature's algorithm.
    fn signed_by(algorithm: &[u8]) -> Vec<u8> {
        let wrap =
            |kind: u8, content: &[u8]| [&[kind, u8::try_from(content.len()).unwrap()], content].concat();
        let parts = [wrap(SEQUENCE, &[]), wrap(SEQUENCE, algorithm)].concat();
        wrap(SEQUENCE, &parts)
    }

    #[test]
    fn every_algorithm_has_the_hash_of_the_rfc() {
        let identifier = |start: &[u8], last: u8| {
            [&[OBJECT_IDENTIFIER, u8::try_from(start.len() + 1).unwrap()], start, &[last]].concat()
        };
        let pss = |hash: Option<u8>| {
            let named = hash.map(|last| {
                let hash = identifier(SHA2, last);
                let inner = [&[SEQUENCE, u8::try_from(hash.len()).unwrap()], &hash[..]].concat();
                [&[PSS_HASH, u8::try_from(inner.len()).unwrap()], &inner[..]].concat()
            });
            let members = named.unwrap_or_default();
            [&identifier(RSA, 10)[..], &[SEQUENCE, u8::try_from(members.len()).unwrap()], &members].concat()
        };
        let sha1 = [&[OBJECT_IDENTIFIER, 7], ECDSA_SHA1].concat();
        for (algorithm, length) in [
            (identifier(RSA, 4), Some(32)),
            (identifier(RSA, 5), Some(32)),
            (identifier(RSA, 11), Some(32)),
            (identifier(RSA, 12), Some(48)),
            (identifier(RSA, 13), Some(64)),
            (identifier(RSA, 14), Some(28)),
            (sha1, Some(32)),
            (identifier(ECDSA, 1), Some(28)),
            (identifier(ECDSA, 2), Some(32)),
            (identifier(ECDSA, 3), Some(48)),
            (identifier(ECDSA, 4), Some(64)),
            (pss(Some(1)), Some(32)),
            (pss(Some(2)), Some(48)),
            (pss(Some(3)), Some(64)),
            (pss(None), Some(32)),
            (vec![OBJECT_IDENTIFIER, 3, 0x2b, 0x65, 0x70], None),
        ] {
            let found = of_certificate(&signed_by(&algorithm)).map(|hash| hash.len());
            assert_eq!(found, length, "{algorithm:x?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_no_certificate_binds_nothing(mut bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let _ = of_certificate(&bytes);
            bytes.splice(0..0, [SEQUENCE, 0x84, 0xff, 0xff, 0xff, 0xff]);
            prop_assert_eq!(of_certificate(&bytes), None);
        }
    }
}
