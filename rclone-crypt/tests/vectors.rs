//! Every case of a folder of vectors made by rclone: contents, names, corruptions, ranges, obscured texts, object names.
//!
//! The folder is the one that `RCLONE_CRYPT_VECTORS` names, else this crate's own.
#![expect(clippy::unwrap_used, reason = "a broken vector ends the test")]

mod vector_file;

use std::collections::HashMap;

use rclone_crypt::{
    Decryptor, DirectoryNames, ErrorKind, Keys, NameEncoding, NameEncryption, Names, Password, PlainRange,
    Salt, Suffix, b2_name, decrypt_all, decrypted_len, encrypt_all, encrypted_len, obscure_with_iv, reveal,
};
use sha2::{Digest, Sha256};
use vector_file::{Case, Corrupted, Folder, NameOptions, hex};

/// scrypt once for each pair.
#[derive(Default)]
struct KeyRing(HashMap<(String, String), Keys>);

impl KeyRing {
    fn get(&mut self, password: &str, salt: &str) -> &Keys {
        self.0
            .entry((password.to_owned(), salt.to_owned()))
            .or_insert_with(|| Keys::derive(&Password::new(password), &Salt::new(salt)).unwrap())
    }
}

fn names(keys: &Keys, options: &NameOptions) -> Names {
    let encryption = match options.filename_encryption.as_str() {
        "off" => NameEncryption::Off(Suffix::new(&options.suffix)),
        "obfuscate" => NameEncryption::Obfuscate,
        _ => NameEncryption::Standard(match options.filename_encoding.as_str() {
            "base32" => NameEncoding::Base32,
            "base64" => NameEncoding::Base64,
            _ => NameEncoding::Base32768,
        }),
    };
    let directories =
        if options.directory_name_encryption { DirectoryNames::Encrypted } else { DirectoryNames::Plain };
    Names::new(keys, encryption, directories)
}

fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

#[test]
fn contents() {
    let (folder, mut ring) = (Folder::open(), KeyRing::default());
    for case in &folder.vectors.cases {
        let stored = folder.object(case);
        let keys = ring.get(&case.password, &case.password2);
        assert_eq!(
            (stored.len() as u64, sha256(&stored)),
            (case.enc_size, case.enc_sha256.clone()),
            "{}",
            case.id
        );
        let plain = decrypt_all(keys, &stored).unwrap();
        assert_eq!(plain, case.plain(), "{}", case.id);
        assert_eq!(sha256(&plain), case.plain_sha256, "{}", case.id);
        assert_eq!(encrypt_all(keys, case.nonce(), &plain), stored, "{} encrypts to the same bytes", case.id);
        assert_eq!(encrypted_len(case.plain_size), case.enc_size);
        assert_eq!(decrypted_len(case.enc_size).unwrap(), case.plain_size);
        let names = names(keys, &case.names);
        assert_eq!(names.encode(&case.plain_path).unwrap(), case.encrypted_path, "{}", case.id);
        assert_eq!(names.decode(&case.encrypted_path).unwrap(), case.plain_path, "{}", case.id);
    }
    println!("contents: {} objects, both ways, with their paths", folder.vectors.cases.len());
}

#[test]
fn paths() {
    let (folder, mut ring) = (Folder::open(), KeyRing::default());
    let (mut pairs, mut verdicts) = (0, 0);
    for set in &folder.vectors.names {
        let names = names(ring.get(&set.password, &set.password2), &set.names);
        for pair in &set.pairs {
            assert_eq!(names.encode(&pair.plain).unwrap(), pair.encrypted, "{}", set.id);
            let decoded = names.decode(&pair.encrypted);
            if let Some(why) = &pair.decode_error {
                assert!(decoded.is_err(), "{}: {:?}: {why}", set.id, pair.encrypted);
            } else {
                let expected = pair.decodes_to.as_ref().unwrap_or(&pair.plain);
                assert_eq!(&decoded.unwrap(), expected, "{}", set.id);
            }
            pairs += 1;
        }
        for given in &set.decode_only {
            let decoded = names.decode(&given.encrypted);
            match (&given.plain, &given.error) {
                (Some(plain), _) => assert_eq!(&decoded.unwrap(), plain, "{}: {:?}", set.id, given.encrypted),
                (None, why) => {
                    assert!(decoded.is_err(), "{}: {:?} gave {decoded:?}: {why:?}", set.id, given.encrypted);
                }
            }
            verdicts += 1;
        }
    }
    println!(
        "names: {pairs} pairs both ways and {verdicts} verdicts in {} modes",
        folder.vectors.names.len()
    );
}

/// What rclone says for each of our verdicts (rclone 1.60 to 1.75).
fn rclone_says(kind: &ErrorKind) -> &'static str {
    match kind {
        ErrorKind::TooShort { .. } => "file is too short to be encrypted",
        ErrorKind::BadMagic => "not an encrypted file - bad magic string",
        ErrorKind::TruncatedBlock { .. } => "file has truncated block header",
        ErrorKind::FailedBlock { .. } => "failed to authenticate decrypted block - bad password?",
        _ => "something else",
    }
}

#[test]
fn corruptions() {
    let (folder, mut ring) = (Folder::open(), KeyRing::default());
    let mut noticed = 0;
    for corrupted in &folder.vectors.corrupted {
        let base = folder.case(&corrupted.base);
        let stored = corrupted.apply(base, &folder.object(base));
        let (password, salt) = corrupted.secrets(base);
        let (out, verdict) = decrypt_as_far_as_possible(ring.get(password, salt), &stored);
        let expected = &corrupted.rclone_cat;
        assert_eq!(verdict.as_ref().map(rclone_says), expected.error.as_deref(), "{}", corrupted.id);
        assert_eq!(
            (out.len() as u64, sha256(&out)),
            (expected.out_len, expected.out_sha256.clone()),
            "{}",
            corrupted.id
        );
        assert_eq!(verdict.is_some(), corrupted.detected_by_crypto, "{}", corrupted.id);
        assert_eq!(
            decrypted_len(stored.len() as u64).unwrap_or(0),
            corrupted.rclone_reported_size,
            "{}",
            corrupted.id
        );
        notices_a_wrong_length(corrupted, base, ring.get(password, salt), &stored);
        noticed += usize::from(verdict.is_some());
    }
    println!(
        "corruptions: {} cases, {noticed} of them noticed without a length",
        folder.vectors.corrupted.len()
    );
}

fn decrypt_as_far_as_possible(keys: &Keys, stored: &[u8]) -> (Vec<u8>, Option<ErrorKind>) {
    let mut out = Vec::new();
    let mut decryptor = match Decryptor::new(keys, stored) {
        Ok(decryptor) => decryptor,
        Err(e) => return (out, Some(e.kind().clone())),
    };
    loop {
        match decryptor.next_block() {
            Ok(Some(block)) => out.extend_from_slice(block),
            Ok(None) => return (out, None),
            Err(e) => return (out, Some(e.kind().clone())),
        }
    }
}

/// What cryptography alone lets pass, the length known from elsewhere does not.
fn notices_a_wrong_length(corrupted: &Corrupted, base: &Case, keys: &Keys, stored: &[u8]) {
    let Ok(decryptor) = Decryptor::new(keys, stored) else { return };
    let read = std::io::copy(&mut decryptor.expect_len(base.plain_size), &mut std::io::sink());
    assert_eq!(read.is_ok(), corrupted.plain_intact, "{}", corrupted.id);
}

#[test]
fn ranges() {
    let (folder, mut ring) = (Folder::open(), KeyRing::default());
    for range in &folder.vectors.ranges {
        let base = folder.case(&range.base);
        let (stored, plain) = (folder.object(base), base.plain());
        let keys = ring.get(&base.password, &base.password2);
        let count = u64::try_from(range.count).unwrap_or(u64::MAX);
        let what = format!("{} from {} for {}", range.base, range.offset, range.count);
        let out = PlainRange::new(range.offset, count, stored.len() as u64).and_then(|wanted| {
            rclone_crypt::decrypt_range(keys, &wanted, |bytes| {
                Ok(stored[usize::try_from(bytes.start).unwrap()..usize::try_from(bytes.end).unwrap()]
                    .to_vec())
            })
        });
        if range.error.is_some() {
            assert!(matches!(out.unwrap_err().kind(), ErrorKind::BeyondEnd { .. }), "{what}");
        } else {
            let out = out.unwrap();
            assert_eq!((out.len() as u64, sha256(&out)), (range.out_len, range.out_sha256.clone()), "{what}");
            assert_eq!(out, plain[usize::try_from(range.offset).unwrap()..][..out.len()], "{what}");
        }
    }
    println!("ranges: {}", folder.vectors.ranges.len());
}

#[test]
fn obscured_texts() {
    let folder = Folder::open();
    for case in &folder.vectors.obscure {
        assert_eq!(obscure_with_iv(&case.plain, case.iv()).expose(), case.obscured);
        assert_eq!(reveal(&case.obscured).unwrap().expose(), case.plain);
    }
    for case in &folder.vectors.reveal_other {
        let revealed = reveal(&case.obscured);
        match &case.out_hex {
            // `rclone reveal` ends its output with a newline.
            Some(out) => assert_eq!(&hex(format!("{}\n", revealed.unwrap().expose()).as_bytes()), out),
            None => assert!(revealed.is_err(), "{:?} was revealed", case.obscured),
        }
    }
    let (pairs, verdicts) = (folder.vectors.obscure.len(), folder.vectors.reveal_other.len());
    println!("obscured texts: {pairs} both ways, {verdicts} verdicts");
}

#[test]
fn object_names() {
    let pairs = Folder::open().object_names;
    for pair in &pairs {
        assert_eq!(b2_name::encode(&pair.source()), pair.b2_segment);
        assert_eq!(b2_name::decode(&pair.b2_segment), pair.source());
    }
    println!("object names: {} both ways", pairs.len());
}
