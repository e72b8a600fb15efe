//! Inputs for the properties: identifiers, names, spellings, and edits that spoil them.

use dtc_naming::{DeviceGuid, FolderPath, LocationName, LocationUuid, OrgUuid, PoolName, VaultLabel};
use proptest::prelude::*;

/// The 16 bytes of some RFC 9562 UUID, of any version.
pub(crate) fn uuid_bytes() -> impl Strategy<Value = u128> {
    (any::<u128>(), 1..=8u128).prop_map(|(bits, version)| {
        let versioned = bits & !(0xf << 76) | version << 76;
        versioned & !(0b11 << 62) | 0b10 << 62
    })
}

/// The dashed, lower-case spelling, made without the crate under test.
pub(crate) fn dashed(bits: u128) -> String {
    let digits = format!("{bits:032x}");
    [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]].join("-")
}

pub(crate) fn location() -> impl Strategy<Value = LocationUuid> {
    uuid_bytes().prop_map(|bits| dashed(bits).parse().unwrap())
}

pub(crate) fn organisation() -> impl Strategy<Value = OrgUuid> {
    uuid_bytes().prop_map(|bits| dashed(bits).parse().unwrap())
}

pub(crate) fn device() -> impl Strategy<Value = DeviceGuid> {
    uuid_bytes().prop_map(|bits| dashed(bits).parse().unwrap())
}

/// One of the spellings of N1, in a random mixture of cases.
pub(crate) fn spelled(bits: u128) -> impl Strategy<Value = String> {
    let dashed = dashed(bits);
    let spellings =
        vec![dashed.clone(), dashed.replace('-', ""), format!("{{{dashed}}}"), format!("urn:uuid:{dashed}")];
    (prop::sample::select(spellings), any::<u64>()).prop_map(|(text, upper)| {
        let case = |(at, character): (usize, char)| match upper >> at & 1 {
            1 => character.to_ascii_uppercase(),
            _ => character,
        };
        text.chars().enumerate().map(case).collect()
    })
}

pub(crate) fn pool() -> impl Strategy<Value = PoolName> {
    prop_oneof![4 => "[A-Za-z][A-Za-z0-9_.: -]{0,20}", 1 => "[A-Za-z][A-Za-z0-9_.: -]{0,238}"]
        .prop_filter_map("reserved by ZFS", |text| text.parse().ok())
}

pub(crate) fn folder() -> impl Strategy<Value = FolderPath> {
    (device(), pool()).prop_map(|(device, pool)| FolderPath::compute(device, &pool))
}

pub(crate) fn location_name() -> impl Strategy<Value = LocationName> {
    let piece = prop_oneof![
        any::<String>(),
        "[A-Z][a-z]{1,8}( [A-Z][a-z]{1,8}){0,2}",
        Just(" · Encryption Password".to_owned()),
        Just(" · Encryption Salt".to_owned()),
        Just("TrueNAS Cloud Backup — ".to_owned()),
    ];
    prop::collection::vec(piece, 1..4)
        .prop_filter_map("no name of a location", |pieces| pieces.concat().parse().ok())
}

pub(crate) fn vault_label() -> impl Strategy<Value = VaultLabel> {
    prop_oneof![
        location_name().prop_map(VaultLabel::ApplicationKey),
        location_name().prop_map(VaultLabel::EncryptionPassword),
        location_name().prop_map(VaultLabel::EncryptionSalt),
        Just(VaultLabel::NmsCredentials),
        Just(VaultLabel::NmsPrivacyPassphrase),
    ]
}

/// A slip of the keyboard. Positions are taken modulo the text's length.
#[derive(Debug, Clone)]
pub(crate) enum Edit {
    Delete(usize),
    Insert(usize, char),
    Replace(usize, char),
    Swap(usize),
    FlipCase(usize),
}

impl Edit {
    pub(crate) fn apply(&self, text: &str) -> String {
        let mut characters: Vec<char> = text.chars().collect();
        let length = characters.len();
        match *self {
            Self::Insert(at, character) => characters.insert(at % (length + 1), character),
            _ if length == 0 => {}
            Self::Delete(at) => drop(characters.remove(at % length)),
            Self::Replace(at, character) => characters[at % length] = character,
            Self::Swap(at) => characters.swap(at % length, (at + 1) % length),
            Self::FlipCase(at) => {
                let character = &mut characters[at % length];
                *character = match *character {
                    lower if lower.is_ascii_lowercase() => lower.to_ascii_uppercase(),
                    other => other.to_ascii_lowercase(),
                };
            }
        }
        characters.into_iter().collect()
    }

    pub(crate) fn changes_length(&self) -> bool {
        matches!(self, Self::Delete(_) | Self::Insert(..))
    }
}

/// A character worth trying: one that occurs in names, or any of Unicode.
fn character() -> impl Strategy<Value = char> {
    prop_oneof![
        3 => prop::sample::select("0123456789abcdefABCDEFgz-_./:{} ·—–\u{2011}\u{ff10}\0\n".chars().collect::<Vec<_>>()),
        1 => any::<char>(),
    ]
}

pub(crate) fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        any::<usize>().prop_map(Edit::Delete),
        (any::<usize>(), character()).prop_map(|(at, character)| Edit::Insert(at % 1000, character)),
        (any::<usize>(), character()).prop_map(|(at, character)| Edit::Replace(at, character)),
        (0..1000usize).prop_map(Edit::Swap),
        any::<usize>().prop_map(Edit::FlipCase),
    ]
}

/// Any text at all, control characters included.
pub(crate) fn anything() -> impl Strategy<Value = String> {
    prop::collection::vec(prop_oneof![any::<char>(), character()], 0..120).prop_map(String::from_iter)
}
