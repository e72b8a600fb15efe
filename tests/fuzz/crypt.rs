//! Encrypted objects, ranges of them, names in every mode, obscured text and filters.

use std::io::Write as _;
use std::ops::Range;
use std::sync::LazyLock;

use rclone_crypt::{
    DecryptWriter, DirectoryNames, Filter, Keys, Mapping, NameEncoding, NameEncryption, Names, Nonce, Origin,
    Password, PlainRange, Proven, Salt, StoredSha1, Suffix, b2_name, decrypt_all, decrypt_range, encrypt_all,
    encrypted_len, local_name, looks_obscured, obscure_with_iv, prove_keys, reveal,
};

use crate::engine::{Input, fuzz};
use crate::http::bounded;
use crate::random::Random;

static KEYS: LazyLock<Keys> =
    LazyLock::new(|| Keys::derive(&Password::new("correct horse"), &Salt::new("battery staple")).unwrap());

/// An object of a few blocks, damaged as the input says: `length, number of damages, then what and where`.
fn damaged(input: &Input<'_>) -> Vec<u8> {
    let mut random = input.random.clone();
    // Several blocks cost a thousand times as much as one that is short.
    let longest = if random.one_in(64) { 200_000 } else { 700 };
    let length = random.below(longest);
    let mut object = encrypt_all(&KEYS, Nonce::from_bytes([7; 24]), &vec![3; length]);
    for _ in 0..random.below(3) {
        let at = random.below(object.len());
        match random.below(4) {
            0 if at < object.len() => object[at] ^= 1 << random.below(8),
            1 => object.truncate(at),
            2 => object.extend(vec![random.byte(); random.below(40)]),
            _ => object.reverse(),
        }
    }
    object
}

/// Every way to read an object says the same of it, and what is read was stored so.
fn object(stored: &[u8], random: &mut Random) {
    let whole = decrypt_all(&KEYS, stored);
    let mut writer = DecryptWriter::new(&KEYS, Vec::new());
    let piece = 1 + random.below(stored.len() + 1);
    let written = stored.chunks(piece).try_for_each(|piece| writer.write_all(piece)).is_ok();
    let finished = writer.finish(None);
    assert_eq!(whole.as_ref().ok(), finished.as_ref().ok().filter(|_| written));
    if let Err(error) = &whole {
        bounded(error);
    }
    if let Ok(plain) = &whole {
        let nonce = rclone_crypt::parse_header(stored).unwrap();
        assert!(encrypt_all(&KEYS, nonce, plain) == stored, "what is read is not what was stored");
        assert_eq!(encrypted_len(plain.len() as u64), stored.len() as u64);
        let proven = prove_keys(&KEYS, stored).unwrap();
        assert_eq!(proven == Proven::Nothing, plain.is_empty());
    }
    range(stored, whole.ok().as_deref(), random);
}

fn range(stored: &[u8], whole: Option<&[u8]>, random: &mut Random) {
    let far = random.one_in(16);
    let offset = if far { random.next() } else { random.below(stored.len() + 2) as u64 };
    let count = if random.one_in(16) { u64::MAX } else { random.below(stored.len() + 2) as u64 };
    let fetch = |bytes: Range<u64>| {
        let index = |at: u64| usize::try_from(at).unwrap().min(stored.len());
        Ok(stored[index(bytes.start)..index(bytes.end)].to_vec())
    };
    let Ok(range) = PlainRange::new(offset, count, stored.len() as u64) else { return };
    let read = decrypt_range(&KEYS, &range, fetch);
    if let Some(whole) = whole {
        let from = usize::try_from(offset).unwrap();
        let to = from.saturating_add(usize::try_from(count).unwrap()).min(whole.len());
        assert_eq!(read.unwrap(), whole[from..to], "the range is not that part of the whole");
    }
}

#[test]
fn v3_stored_bytes_open_whole_or_not_at_all() {
    fuzz("crypt_objects", &["RCLONE\0\0"], |input| {
        let mut random = input.random.clone();
        match input.operation {
            "blocks" => object(&damaged(input), &mut random),
            _ => object(&input.bytes, &mut random),
        }
    });
}

static MODES: LazyLock<Vec<Names>> = LazyLock::new(|| {
    let encryptions = [
        NameEncryption::Off(Suffix::bin()),
        NameEncryption::Off(Suffix::new("none")),
        NameEncryption::Standard(NameEncoding::Base32),
        NameEncryption::Standard(NameEncoding::Base64),
        NameEncryption::Standard(NameEncoding::Base32768),
        NameEncryption::Obfuscate,
    ];
    let both = |encryption: NameEncryption| {
        [DirectoryNames::Encrypted, DirectoryNames::Plain]
            .map(|names| Names::new(&KEYS, encryption.clone(), names))
    };
    encryptions.into_iter().flat_map(both).collect()
});

fn name(input: &Input<'_>) {
    let text = input.text();
    // Not an inverse in rclone either: a name that is all marker and extension.
    let is_odd = |name: &[u8]| name.starts_with(b"-v") || name.windows(3).any(|part| part == b"/-v");
    for names in MODES.iter() {
        match names.decode_bytes(&input.bytes) {
            Ok(plain) => {
                let Ok(again) = names.encode_bytes(&plain) else { continue };
                let same = names.decode_bytes(&again).is_ok_and(|again| again == plain);
                assert!(same || is_odd(&plain), "{names:?} reads back another name");
            }
            Err(error) => bounded(&error),
        }
        if let Ok(stored) = names.encode(&text) {
            let read = names.decode(&stored);
            let same = read.is_err() || read.unwrap() == text;
            assert!(same || is_odd(text.as_bytes()), "{names:?} reads back another name");
        }
        let _ = names.decode_directory(&text);
    }
}

#[test]
fn y1_stored_names_are_read_or_refused() {
    fuzz("crypt_names", &[".bin", "-v2026-01-01-000000-000", "!", "1.", "/"], |input| {
        let text = input.text();
        match input.operation {
            "obscured" => {
                let _ = (reveal(&text), looks_obscured(&text), StoredSha1::parse(&text));
                assert_eq!(reveal(obscure_with_iv(&text, [5; 16]).expose()).unwrap().expose(), text);
            }
            "object" => {
                let stored = b2_name::encode(&input.bytes);
                let mapping = Mapping::new("some/folder", Names::off(), Filter::default());
                // rclone reads a quote in a name as the beginning of something else, and cannot open such a file.
                let standard = local_name::encode(&input.bytes);
                assert_eq!(local_name::encode(&local_name::decode(&standard)), standard);
                if is_path(&input.bytes) && !input.text().contains('\u{201b}') {
                    assert_eq!(local_name::decode(&standard), input.bytes);
                    assert_eq!(b2_name::decode(&stored), input.bytes);
                    let object = mapping.object_of(&input.bytes).unwrap().unwrap();
                    // rclone takes a name that is a version's marker and nothing else for a foreign one.
                    let expected = Origin::Expected(input.bytes.clone());
                    let found = mapping.source_of(&object);
                    assert!(
                        found == expected || (found == Origin::Foreign && input.bytes.starts_with(b"-v")),
                        "{found:?}"
                    );
                }
            }
            _ => name(input),
        }
    });
}

/// Whether a file can have this path.
fn is_path(bytes: &[u8]) -> bool {
    !bytes.is_empty()
        && !bytes.contains(&0)
        && bytes.split(|b| *b == b'/').all(|part| !matches!(part, b"" | b"." | b".."))
}

#[test]
fn c2_filters_are_understood_or_refused() {
    fuzz("crypt_filters", &["**", "{{", "}}", "[[:alpha:]]", "{1000}", "\\", "- ", "+ ", "!"], |input| {
        let text = input.text();
        match Filter::parse(&text) {
            Ok(filter) => {
                for path in [
                    "Archive/a",
                    "some/deep/folder/file.txt",
                    "\u{201b}\u{2400}",
                    &text[..text.floor_char_boundary(200)],
                ] {
                    let _ = filter.includes(path);
                }
            }
            Err(error) => bounded(&error),
        }
    });
}
