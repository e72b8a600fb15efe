//! SSH keys as files hold them: making pairs, and reading what somebody hands in.
//!
//! The formats are those of OpenSSH (`PROTOCOL.key`) and of RFC 8017 and RFC 5208; what the middleware asks of a pair is in TrueNAS
//! middleware 25.10, `plugins/keychain.py`, which lets ssh-keygen decide.

use aws_lc_rs::agreement::{self, ECDH_P256};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeySize, PrivateDecryptingKey};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use data_encoding::BASE64;

use crate::random::Random;

const MAGIC: &[u8] = b"openssh-key-v1\0";
/// Characters in a line of an armoured key.
const LINE: usize = 70;
/// Bytes of the modulus of a key of 3072 bits.
const MODULUS: usize = 384;
/// The object identifier of RSA keys, as its bytes in DER.
const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];

/// A private key in OpenSSH's format, and its public half in one line.
#[derive(Debug, Clone)]
pub(super) struct Pair {
    pub(super) private: String,
    pub(super) public: String,
}

/// Why a private key is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// It takes a passphrase to open it.
    Encrypted,
    /// It is no private key.
    Damaged,
}

/// Makes an RSA pair of 3072 bits, drawn anew each time.
pub(super) fn generate(comment: &str) -> Option<Pair> {
    let key = PrivateDecryptingKey::generate(KeySize::Rsa3072).ok()?;
    let der: Pkcs8V1Der<'_> = key.as_der().ok()?;
    let rsa = Rsa::of_pkcs8(der.as_ref())?;
    Some(Pair { private: rsa.armoured(comment), public: format!("{} {comment}\n", rsa.public()) })
}

/// The public half of a private key, without a comment: what `ssh-keygen -y` prints.
pub(super) fn public_of(private: &str) -> Result<String, Unreadable> {
    let (label, content) = unarmoured(private).ok_or(Unreadable::Damaged)?;
    if label == "ENCRYPTED PRIVATE KEY" || private.contains("ENCRYPTED") {
        return Err(Unreadable::Encrypted);
    }
    let found = match label {
        "OPENSSH PRIVATE KEY" => return public_of_openssh(&content),
        "RSA PRIVATE KEY" => Rsa::of_pkcs1(&content),
        "PRIVATE KEY" => Rsa::of_pkcs8(&content),
        _ => None,
    };
    found.map(|rsa| rsa.public()).ok_or(Unreadable::Damaged)
}

/// Whether a line is a public key.
pub(super) fn is_public(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let (Some(kind), Some(key)) = (words.next(), words.next()) else { return false };
    let Ok(key) = BASE64.decode(key.as_bytes()) else { return false };
    Reader(&key).string() == Some(kind.as_bytes())
}

/// A public key without its comment.
pub(super) fn bare(line: &str) -> String {
    line.split_whitespace().take(2).collect::<Vec<_>>().join(" ")
}

/// An appliance's host keys, each in a line: RSA, ECDSA and Ed25519, the same for the same seed.
pub(super) fn host_keys(random: &Random) -> [String; 3] {
    let mut modulus = [0; MODULUS + 1];
    random.fill(&mut modulus[1..]);
    // Of full length, and odd: nobody here has its factors.
    modulus[1] |= 0x80;
    modulus[MODULUS] |= 1;
    let rsa = line("ssh-rsa", &[b"ssh-rsa", &[1, 0, 1], &modulus]);
    let mut secret = [0; 32];
    random.fill(&mut secret);
    secret[0] = 1;
    let point = agreement::PrivateKey::from_private_key(&ECDH_P256, &secret).ok();
    let point = point.and_then(|key| key.compute_public_key().ok());
    let point = point.map(|point| point.as_ref().to_vec()).unwrap_or_default();
    let ecdsa = line("ecdsa-sha2-nistp256", &[b"ecdsa-sha2-nistp256", b"nistp256", &point]);
    random.fill(&mut secret);
    let key = Ed25519KeyPair::from_seed_unchecked(&secret).ok();
    let key = key.map(|key| key.public_key().as_ref().to_vec()).unwrap_or_default();
    [rsa, ecdsa, line("ssh-ed25519", &[b"ssh-ed25519", &key])]
}

fn line(kind: &str, parts: &[&[u8]]) -> String {
    format!("{kind} {}", BASE64.encode(&strings(parts)))
}

/// Each part with its length before it.
fn strings(parts: &[&[u8]]) -> Vec<u8> {
    let mut out = Vec::new();
    for part in parts {
        let length = u32::try_from(part.len()).unwrap_or_default();
        out.extend(length.to_be_bytes());
        out.extend(*part);
    }
    out
}

/// The label of an armoured text and what is in it.
fn unarmoured(text: &str) -> Option<(&str, Vec<u8>)> {
    let (_, rest) = text.trim().split_once("-----BEGIN ")?;
    let (label, rest) = rest.split_once("-----")?;
    let (content, _) = rest.split_once(&format!("-----END {label}-----"))?;
    // The headers of an older encrypted key.
    let lines = content.lines().filter(|line| !line.contains(':'));
    let text: String = lines.flat_map(str::chars).filter(|c| !c.is_whitespace()).collect();
    BASE64.decode(text.as_bytes()).ok().map(|content| (label, content))
}

fn public_of_openssh(content: &[u8]) -> Result<String, Unreadable> {
    let mut reader = Reader(content.strip_prefix(MAGIC).ok_or(Unreadable::Damaged)?);
    let read = (|| {
        let cipher = reader.string()?;
        let (_kdf, _options, count) = (reader.string()?, reader.string()?, reader.number()?);
        Some((cipher, count, reader.string()?, reader.string()?))
    })();
    let (cipher, count, public, private) = read.ok_or(Unreadable::Damaged)?;
    if cipher != b"none" {
        return Err(Unreadable::Encrypted);
    }
    let kind = Reader(public).string().ok_or(Unreadable::Damaged)?;
    let mut private = Reader(private);
    let is_whole = private.number().zip(private.number()).is_some_and(|(one, two)| one == two);
    if count != 1 || !is_whole || private.string() != Some(kind) {
        return Err(Unreadable::Damaged);
    }
    let kind = std::str::from_utf8(kind).map_err(|_| Unreadable::Damaged)?;
    Ok(format!("{kind} {}", BASE64.encode(public)))
}

/// The numbers of an RSA key, as DER and SSH both write them.
struct Rsa<'a> {
    modulus: &'a [u8],
    public_exponent: &'a [u8],
    private_exponent: &'a [u8],
    primes: [&'a [u8]; 2],
    coefficient: &'a [u8],
}

impl<'a> Rsa<'a> {
    fn of_pkcs8(der: &'a [u8]) -> Option<Self> {
        let mut outer = Reader(Reader(der).element(0x30)?);
        outer.element(0x02)?;
        let mut algorithm = Reader(outer.element(0x30)?);
        (algorithm.element(0x06)? == RSA).then_some(())?;
        Self::of_pkcs1(outer.element(0x04)?)
    }

    fn of_pkcs1(der: &'a [u8]) -> Option<Self> {
        let mut numbers = Reader(Reader(der).element(0x30)?);
        let _version = numbers.element(0x02)?;
        let mut next = || numbers.element(0x02);
        let (modulus, public_exponent, private_exponent) = (next()?, next()?, next()?);
        let primes = [next()?, next()?];
        let (_exponent_1, _exponent_2) = (next()?, next()?);
        Some(Self { modulus, public_exponent, private_exponent, primes, coefficient: next()? })
    }

    fn blob(&self) -> Vec<u8> {
        strings(&[b"ssh-rsa", self.public_exponent, self.modulus])
    }

    fn public(&self) -> String {
        format!("ssh-rsa {}", BASE64.encode(&self.blob()))
    }

    fn armoured(&self, comment: &str) -> String {
        let check = 0x1234_5678_u32.to_be_bytes();
        let mut private = [check, check].concat();
        private.extend(strings(&[
            b"ssh-rsa",
            self.modulus,
            self.public_exponent,
            self.private_exponent,
            self.coefficient,
            self.primes[0],
            self.primes[1],
            comment.as_bytes(),
        ]));
        private.extend((1..=8).take((8 - private.len() % 8) % 8));
        let mut content = MAGIC.to_vec();
        content.extend(strings(&[b"none", b"none", b""]));
        content.extend(1_u32.to_be_bytes());
        content.extend(strings(&[&self.blob(), &private]));
        let text = BASE64.encode(&content);
        let lines: Vec<&str> = (0..text.len().div_ceil(LINE))
            .map(|at| &text[at * LINE..text.len().min((at + 1) * LINE)])
            .collect();
        let (begin, end) = ("-----BEGIN OPENSSH PRIVATE KEY-----", "-----END OPENSSH PRIVATE KEY-----");
        format!("{begin}\n{}\n{end}\n", lines.join("\n"))
    }
}

/// What is left to be read of a key's bytes.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<u32> {
        Some(u32::from_be_bytes(self.take(4)?.try_into().ok()?))
    }

    /// What stands after its length, as SSH writes it.
    fn string(&mut self) -> Option<&'a [u8]> {
        let length = self.number()?;
        self.take(usize::try_from(length).ok()?)
    }

    /// The content of an element of DER with this tag.
    fn element(&mut self, tag: u8) -> Option<&'a [u8]> {
        (*self.take(1)?.first()? == tag).then_some(())?;
        let first = usize::from(*self.take(1)?.first()?);
        if first < 0x80 {
            return self.take(first);
        }
        let bytes = self.take(first & 0x7f).filter(|bytes| bytes.len() <= 4)?;
        let length = bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
        self.take(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_that_was_made_fits_itself_and_no_other() {
        let (one, two) = (generate("root@nas01").unwrap(), generate("root@nas01").unwrap());
        assert_eq!(public_of(&one.private).as_deref(), Ok(bare(&one.public).as_str()));
        assert_ne!(public_of(&two.private).as_deref(), Ok(bare(&one.public).as_str()));
        assert!(is_public(&one.public) && one.public.ends_with(" root@nas01\n"));
        assert!(one.private.lines().all(|line| line.len() <= LINE));
    }

    #[test]
    fn what_is_no_key_and_what_is_encrypted_are_distinguished() {
        let pair = generate("x").unwrap();
        let cut = pair.private.replace("b3BlbnNzaC1rZXk", "b3BlbnNzaC1rZXo");
        let encrypted = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----";
        for (text, why) in [
            ("", Unreadable::Damaged),
            ("-----BEGIN OPENSSH PRIVATE KEY-----\n-----END OPENSSH PRIVATE KEY-----", Unreadable::Damaged),
            (&cut, Unreadable::Damaged),
            (encrypted, Unreadable::Encrypted),
            (
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----",
                Unreadable::Encrypted,
            ),
        ] {
            assert_eq!(public_of(text), Err(why), "{text}");
        }
    }

    #[test]
    fn host_keys_are_three_lines_that_are_the_same_for_the_same_seed() {
        let keys = host_keys(&Random::new(7, "ssh"));
        assert!(keys.iter().all(|key| is_public(key)), "{keys:?}");
        assert_eq!(keys, host_keys(&Random::new(7, "ssh")));
        assert_ne!(keys, host_keys(&Random::new(8, "ssh")));
        assert!(keys.join("\n").len() <= 1024, "all three fit into the field for one");
        for wrong in ["", "ssh-rsa", "ssh-rsa AAAA", "ssh-ed25519 AAAAB3NzaC1yc2EAAAAD", "words of no key"] {
            assert!(!is_public(wrong), "{wrong}");
        }
    }
}
