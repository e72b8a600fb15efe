//! What holds for any content, name and damage.
#![expect(clippy::unwrap_used, reason = "a broken property ends the test")]

use std::io::{Read, Write};
use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;
use rclone_crypt::{
    BLOCK_LEN, DecryptWriter, Decryptor, DirectoryNames, EncryptWriter, Encryptor, ErrorKind, Filter, Keys,
    NameEncoding, NameEncryption, Names, Nonce, Password, PlainRange, Salt, b2_name, decrypt_all,
    decrypt_range, decrypted_len, encrypt_all, encrypted_len, local_name, obscure_with_iv, reveal,
};

static KEYS: LazyLock<Keys> =
    LazyLock::new(|| Keys::derive(&Password::new("correct horse"), &Salt::new("battery staple")).unwrap());

/// `DTC_CRYPT_CASES` asks for more than a quick run has.
fn cases(quick: u32) -> ProptestConfig {
    let asked = std::env::var("DTC_CRYPT_CASES").ok().map(|cases| cases.parse().unwrap());
    let regressions = FileFailurePersistence::WithSource("regressions");
    ProptestConfig {
        cases: asked.unwrap_or(quick),
        failure_persistence: Some(Box::new(regressions)),
        ..ProptestConfig::default()
    }
}

fn content() -> impl Strategy<Value = Vec<u8>> {
    let boundary =
        (0_usize..4, 0_usize..40).prop_map(|(blocks, more)| (blocks * 65_536 + more).saturating_sub(20));
    (prop_oneof![boundary, 0..200_000_usize], any::<u8>()).prop_map(|(len, seed)| {
        (0..len).map(|i| (i.wrapping_mul(151) ^ (i >> 7)).to_le_bytes()[0] ^ seed).collect()
    })
}

fn nonce() -> impl Strategy<Value = Nonce> {
    // Long runs of ones make the carries that a random nonce does not.
    (any::<[u8; 24]>(), 0..25_usize).prop_map(|(mut bytes, ones)| {
        bytes[..ones].fill(0xff);
        Nonce::from_bytes(bytes)
    })
}

fn modes() -> Vec<Names> {
    [
        NameEncryption::Standard(NameEncoding::Base32),
        NameEncryption::Standard(NameEncoding::Base64),
        NameEncryption::Standard(NameEncoding::Base32768),
        NameEncryption::Obfuscate,
    ]
    .into_iter()
    .flat_map(|mode| {
        [DirectoryNames::Encrypted, DirectoryNames::Plain].map(|dirs| Names::new(&KEYS, mode.clone(), dirs))
    })
    .chain([Names::off()])
    .collect()
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn contents_come_back(plain in content(), nonce in nonce(), piece in 1..200_000_usize) {
        let stored = encrypt_all(&KEYS, nonce, &plain);
        prop_assert_eq!(stored.len() as u64, encrypted_len(plain.len() as u64));
        prop_assert_eq!(decrypted_len(stored.len() as u64).unwrap(), plain.len() as u64);
        prop_assert_eq!(&decrypt_all(&KEYS, &stored).unwrap(), &plain);

        let mut read = Vec::new();
        Encryptor::new(&KEYS, nonce, &*plain).read_to_end(&mut read).unwrap();
        prop_assert_eq!(&read, &stored);
        let mut writer = EncryptWriter::new(&KEYS, nonce, Vec::new());
        plain.chunks(piece).for_each(|piece| writer.write_all(piece).unwrap());
        prop_assert_eq!(&writer.finish().unwrap(), &stored);

        let mut read = Vec::new();
        Decryptor::new(&KEYS, &*stored).unwrap().expect_len(plain.len() as u64).read_to_end(&mut read).unwrap();
        prop_assert_eq!(&read, &plain);
        let mut writer = DecryptWriter::new(&KEYS, Vec::new());
        stored.chunks(piece).for_each(|piece| writer.write_all(piece).unwrap());
        prop_assert_eq!(&writer.finish(Some(plain.len() as u64)).unwrap(), &plain);
    }

    #[test]
    fn a_range_is_a_slice_of_the_whole(plain in content(), nonce in nonce(), from in 0_f64..1.1, count in 0_u64..150_000) {
        let stored = encrypt_all(&KEYS, nonce, &plain);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place in the file")]
        let offset = (plain.len() as f64 * from) as u64;
        let mut fetched = 0;
        let read = PlainRange::new(offset, count, stored.len() as u64).and_then(|range| {
            decrypt_range(&KEYS, &range, |bytes| {
                fetched += bytes.end - bytes.start;
                Ok(stored[usize::try_from(bytes.start).unwrap()..usize::try_from(bytes.end).unwrap()].to_vec())
            })
        });
        if offset > plain.len() as u64 {
            let beyond = matches!(read.unwrap_err().kind(), ErrorKind::BeyondEnd { .. });
            prop_assert!(beyond);
        } else {
            let end = plain.len().min(usize::try_from(offset + count).unwrap());
            prop_assert_eq!(read.unwrap(), &plain[usize::try_from(offset).unwrap()..end]);
            prop_assert!(fetched <= 32 + (count.div_ceil(65_536) + 1) * BLOCK_LEN as u64, "no block too many");
        }
    }

    #[test]
    fn damage_is_noticed(plain in content(), nonce in nonce(), at in any::<prop::sample::Index>(), bit in 0..8_u8) {
        let stored = encrypt_all(&KEYS, nonce, &plain);
        let mut flipped = stored.clone();
        let place = at.index(stored.len());
        flipped[place] ^= 1_u8 << bit;
        // The nonce of an empty file is the one place where a flipped bit cannot show: nothing is encrypted under it.
        let unnoticeable = plain.is_empty() && place >= 8;
        prop_assert_eq!(decrypt_all(&KEYS, &flipped).is_err(), !unnoticeable, "byte {}", place);

        let cut = &stored[..at.index(stored.len())];
        let at_boundary = cut.len() >= 32 && (cut.len() - 32).is_multiple_of(BLOCK_LEN);
        prop_assert_eq!(decrypt_all(&KEYS, cut).is_err(), !at_boundary, "cut to {}", cut.len());
        let opened = Decryptor::new(&KEYS, cut).map(|file| file.expect_len(plain.len() as u64));
        prop_assert!(opened.map_err(std::io::Error::from).and_then(|mut file| std::io::copy(&mut file, &mut std::io::sink())).is_err());
    }

    #[test]
    fn swapped_blocks_are_noticed(blocks in 2..5_usize, nonce in nonce(), pair in any::<[prop::sample::Index; 2]>()) {
        let stored = encrypt_all(&KEYS, nonce, &vec![7; blocks * 65_536]);
        let [a, b] = pair.map(|index| index.index(blocks));
        let mut order: Vec<_> = stored[32..].chunks(BLOCK_LEN).collect();
        order.swap(a, b);
        let swapped = [&stored[..32], &order.concat()].concat();
        prop_assert_eq!(decrypt_all(&KEYS, &swapped).is_err(), a != b);
    }
}

proptest! {
    #![proptest_config(cases(20_000))]

    #[test]
    fn decoders_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..120), magic in any::<bool>()) {
        let stored = if magic { [b"RCLONE\0\0", &*bytes].concat() } else { bytes.clone() };
        let _ = decrypt_all(&KEYS, &stored);
        let text = String::from_utf8_lossy(&bytes);
        let _ = (reveal(&text), b2_name::decode(&text), local_name::decode(&bytes), Filter::parse(&text));
        for names in modes() {
            let _ = names.decode_bytes(&bytes);
        }
    }
}

proptest! {
    #![proptest_config(cases(2_000))]

    #[test]
    fn names_come_back(path in "[a-z\u{0}-\u{ff}]{0,40}(/\\PC{0,30}){0,3}", raw in raw_name()) {
        // A version marker beside a dot in front is no clean inverse, in rclone neither: those names are not drawn here.
        for names in modes() {
            if let Ok(stored) = names.encode(&path)
                && !path.is_empty() && !path.ends_with('/')
            {
                prop_assert_eq!(&names.decode(&stored).unwrap(), &path, "{:?}", names);
            }
            let segment: Vec<u8> = raw.iter().copied().filter(|byte| *byte != b'/').collect();
            if !segment.is_empty() {
                prop_assert_eq!(names.decode_bytes(&names.encode_bytes(&segment).unwrap()).unwrap(), segment);
            }
        }
        prop_assert_eq!(b2_name::decode(&b2_name::encode(&raw)), canonical(&raw));
        prop_assert_eq!(local_name::decode(&local_name::encode(&raw)), canonical(&raw));
    }

    /// Whatever stands in a name, reading it a second time changes nothing any more, on a disk and in a bucket.
    #[test]
    fn x8_special_names_settle(name in "[\u{201B}\u{2400}\u{2409}\u{240D}\u{2421}\u{FF0E}\u{FF0F}\u{FF3C}\t\r\\\\./ab]{1,8}") {
        let once = local_name::decode(&local_name::encode(name.as_bytes()));
        prop_assert_eq!(&local_name::decode(&local_name::encode(&once)), &once);
        prop_assert_eq!(local_name::encode(&once), local_name::encode(name.as_bytes()));
        prop_assert_eq!(&b2_name::decode(&b2_name::encode(&once)), &once);
        if !name.contains('\u{201B}') && name.split('/').all(|segment| !matches!(segment, "." | "..")) {
            prop_assert_eq!(once, name.into_bytes());
        }
    }

    #[test]
    fn obscured_texts_come_back(text in "\\PC*", iv in any::<[u8; 16]>()) {
        let obscured = obscure_with_iv(&text, iv);
        let revealed = reveal(obscured.expose()).unwrap();
        prop_assert_eq!(revealed.expose(), text);
    }
}

/// Any bytes that hold no U+201B: `x8_special_names_settle` says what becomes of names that do.
fn raw_name() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 1..60)
        .prop_filter("holds a U+201B", |raw| !raw.windows(3).any(|bytes| bytes == "\u{201B}".as_bytes()))
}

/// What rclone makes of a name that it cannot open again: directories' dots and NUL come back as what stands for them, and a U+201B
/// that quotes nothing is doubled (not drawn, see `raw_name`). Every other name comes back as it is.
fn canonical(path: &[u8]) -> Vec<u8> {
    let segments = path.split(|byte| *byte == b'/').map(|segment| match segment {
        b"." => "\u{FF0E}".as_bytes().to_vec(),
        b".." => "\u{FF0E}\u{FF0E}".as_bytes().to_vec(),
        other => other
            .utf8_chunks()
            .flat_map(|chunk| {
                [chunk.valid().replace('\0', "\u{2400}").into_bytes(), chunk.invalid().to_vec()].concat()
            })
            .collect(),
    });
    segments.collect::<Vec<_>>().join(&b'/')
}

/// Which paths no file below a remote has.
#[test]
fn y1_paths_that_name_nothing_are_refused() {
    use rclone_crypt::NameProblem::{self, DotSegment, Empty, EmptySegment};
    let problem = |path: &[u8]| -> Option<NameProblem> {
        match Names::check_path(path).map_err(|error| error.kind().clone()) {
            Ok(()) => None,
            Err(ErrorKind::Name { reason, .. }) => Some(reason),
            Err(other) => unreachable!("{other}"),
        }
    };
    for (path, expected) in [
        ("", Some(Empty)),
        ("/", Some(EmptySegment)),
        ("/a", Some(EmptySegment)),
        ("a/", Some(EmptySegment)),
        ("a//b", Some(EmptySegment)),
        ("//", Some(EmptySegment)),
        (".", Some(DotSegment)),
        ("..", Some(DotSegment)),
        ("../x", Some(DotSegment)),
        ("a/./b", Some(DotSegment)),
        ("a/..", Some(DotSegment)),
        ("a/../../b", Some(DotSegment)),
        ("a", None),
        ("a/b", None),
        ("...", None),
        (".hidden/..x/y..", None),
        ("a\\..\\b", None),
        (" / ", None),
        ("a\nb", None),
    ] {
        assert_eq!(problem(path.as_bytes()), expected, "{path:?}");
    }
    assert_eq!(problem(b"caf\xe9/x"), None);
}
