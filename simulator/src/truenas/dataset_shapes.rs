//! What datasets are created, changed and unlocked with, in the shapes of each release.

use std::cmp::Ordering;

use serde_json::Value;

use super::release::Release;
use super::shape::{Field, INT, Kind, Rules, Style};

const FIRST: Release = Release::Core13_3;
const SCALE: Release = Release::Scale24_10;

const COLON: &str = "String should match pattern '.*:.*'";
const KEY: Kind = Kind::That(&Kind::Text, |key| key.contains(':'), COLON);
const CHANGE: Kind = Kind::Object(&[
    Field::required("key", KEY),
    Field::optional("value", Kind::LongText),
    Field::optional("remove", Kind::Bool),
]);
const PROPERTY: Kind = Kind::Object(&[Field::required("key", KEY), Field::required("value", Kind::LongText)]);

pub(super) const HEX_KEY: Kind = Kind::ValidBy(&Kind::Text, check_hex_key);
const PASSPHRASE: Kind =
    Kind::That(&Kind::Text, |text| text.chars().count() >= 8, "String should have at least 8 characters");

fn check_hex_key(key: &Value, rules: Rules) -> Result<(), String> {
    let length = key.as_str().unwrap_or_default().chars().count();
    match (length.cmp(&64), rules.style) {
        (Ordering::Equal, _) => Ok(()),
        (_, Style::Lenient) => Err("Should be between 64 and 64".to_owned()),
        (Ordering::Less, Style::Strict) => Err("String should have at least 64 characters".to_owned()),
        (Ordering::Greater, Style::Strict) => Err("String should have at most 64 characters".to_owned()),
    }
}

/// The forms of compression; of CORE's, ON is none when a dataset is made or changed, and INHERIT none when it is made.
const COMPRESSION: &[&str] = &[
    "ON",
    "OFF",
    "LZ4",
    "GZIP",
    "GZIP-1",
    "GZIP-9",
    "ZSTD",
    "ZSTD-FAST",
    "ZLE",
    "LZJB",
    "ZSTD-1",
    "ZSTD-2",
    "ZSTD-3",
    "ZSTD-4",
    "ZSTD-5",
    "ZSTD-6",
    "ZSTD-7",
    "ZSTD-8",
    "ZSTD-9",
    "ZSTD-10",
    "ZSTD-11",
    "ZSTD-12",
    "ZSTD-13",
    "ZSTD-14",
    "ZSTD-15",
    "ZSTD-16",
    "ZSTD-17",
    "ZSTD-18",
    "ZSTD-19",
    "ZSTD-FAST-1",
    "ZSTD-FAST-2",
    "ZSTD-FAST-3",
    "ZSTD-FAST-4",
    "ZSTD-FAST-5",
    "ZSTD-FAST-6",
    "ZSTD-FAST-7",
    "ZSTD-FAST-8",
    "ZSTD-FAST-9",
    "ZSTD-FAST-10",
    "ZSTD-FAST-20",
    "ZSTD-FAST-30",
    "ZSTD-FAST-40",
    "ZSTD-FAST-50",
    "ZSTD-FAST-60",
    "ZSTD-FAST-70",
    "ZSTD-FAST-80",
    "ZSTD-FAST-90",
    "ZSTD-FAST-100",
    "ZSTD-FAST-500",
    "ZSTD-FAST-1000",
    "INHERIT",
];
const CHECKSUM: &[&str] =
    &["INHERIT", "ON", "OFF", "FLETCHER2", "FLETCHER4", "SHA256", "SHA512", "SKEIN", "EDONR", "BLAKE3"];
const ON_OFF: &[&str] = &["INHERIT", "ON", "OFF"];
const SYNC: &[&str] = &["INHERIT", "STANDARD", "ALWAYS", "DISABLED"];
const DEDUPLICATION: &[&str] = &["INHERIT", "ON", "VERIFY", "OFF"];
const BLOCKS: &[&str] = &["512", "512B", "1K", "2K", "4K", "8K", "16K", "32K", "64K", "128K"];
const OLD_BLOCKS: &[&str] = &["512", "1K", "2K", "4K", "8K", "16K", "32K", "64K", "128K"];

/// All of these but the first, which on CORE is no choice when a dataset is made.
const fn own(all: &'static [&'static str]) -> Kind {
    Kind::OneOf(all.split_at(1).1)
}

const INHERIT: Kind = Kind::OneOf(&["INHERIT"]);
const NUMBER: Kind = Kind::Either(&[("int", &INT), ("literal['INHERIT']", &INHERIT)]);
const PERCENT: Kind =
    Kind::Either(&[("constrained-int", &Kind::Int(0, 100)), ("literal['INHERIT']", &INHERIT)]);
/// None, or from 25.10 on at least 1 GiB (TrueNAS middleware 25.10, `api/v25_10_0/pool_dataset.py`).
const QUOTA: Kind = Kind::Valid(&Kind::Any, quota);
const OLD_QUOTA: Kind = Kind::Nullable(&INT);
const LEAST_QUOTA: i64 = 1 << 30;

fn quota(value: &Value) -> Result<(), String> {
    match value.as_i64() {
        Some(0) => Ok(()),
        Some(bytes) if bytes >= LEAST_QUOTA => Ok(()),
        Some(_) => Err(format!("Input should be greater than or equal to {LEAST_QUOTA}")),
        None if value.is_null() => Ok(()),
        None => Err("Input should be a valid integer".to_owned()),
    }
}

/// At least so many rounds of stretching (TrueNAS middleware 25.10 and 26, `api/…/pool_dataset.py`).
fn rounds(value: &Value, least: i64) -> Result<(), String> {
    match value.as_i64() {
        Some(rounds) if rounds >= least => Ok(()),
        _ => Err(format!("Input should be greater than or equal to {least}")),
    }
}
pub(super) const ROUNDS: Kind = Kind::Valid(&INT, |value| rounds(value, 100_000));
pub(super) const ROUNDS_OF_26: Kind = Kind::Valid(&INT, |value| rounds(value, 1_300_000));

const ENCRYPTION: Kind = Kind::Object(&[
    Field::or("generate_key", Kind::Bool, "false"),
    Field::or("pbkdf2iters", ROUNDS, "350000").until(Release::Scale25_10),
    Field::or("pbkdf2iters", ROUNDS_OF_26, "1300000").since(Release::Community26),
    Field::or(
        "algorithm",
        Kind::OneOf(&[
            "AES-128-CCM",
            "AES-192-CCM",
            "AES-256-CCM",
            "AES-128-GCM",
            "AES-192-GCM",
            "AES-256-GCM",
        ]),
        "\"AES-256-GCM\"",
    )
    .until(Release::Scale25_10),
    Field::or("passphrase", Kind::Nullable(&Kind::Filled), "null").until(FIRST),
    Field::or("passphrase", Kind::Nullable(&PASSPHRASE), "null").since(SCALE),
    Field::or("key", Kind::Nullable(&HEX_KEY), "null"),
]);

/// What every dataset takes when it is made.
macro_rules! common {
    ($($more:expr),* $(,)?) => {
        &[
            Field::required("name", Kind::Filled),
            Field::or("encryption", Kind::Bool, "false"),
            Field::or("inherit_encryption", Kind::Bool, "true"),
            Field::or("encryption_options", ENCRYPTION, "{}"),
            Field::or("create_ancestors", Kind::Bool, "false").since(SCALE),
            Field::or("user_properties", Kind::List(&PROPERTY), "[]").since(SCALE),
            Field::optional("comments", Kind::Text),
            Field::optional("managedby", Kind::Filled),
            Field::optional("sync", own(SYNC)).until(FIRST),
            Field::optional("sync", Kind::OneOf(SYNC)).since(SCALE),
            Field::optional("compression", Kind::OneOf(COMPRESSION.split_at(1).1.split_at(49).0)).until(FIRST),
            Field::optional("compression", Kind::OneOf(COMPRESSION)).since(SCALE),
            Field::optional("deduplication", own(DEDUPLICATION)).until(FIRST),
            Field::optional("deduplication", Kind::OneOf(DEDUPLICATION)).since(SCALE),
            Field::optional("checksum", Kind::OneOf(CHECKSUM.split_at(1).1.split_at(7).0)).until(FIRST),
            Field::optional("checksum", Kind::OneOf(CHECKSUM)).since(SCALE),
            Field::optional("readonly", own(ON_OFF)).until(FIRST),
            Field::optional("readonly", Kind::OneOf(ON_OFF)).since(SCALE),
            Field::optional("exec", own(ON_OFF)).until(FIRST),
            Field::optional("exec", Kind::OneOf(ON_OFF)).since(SCALE),
            Field::optional("snapdev", Kind::OneOf(&["HIDDEN", "VISIBLE", "INHERIT"])).since(SCALE),
            Field::optional("snapdir", Kind::OneOf(&["VISIBLE", "HIDDEN"])).until(FIRST),
            Field::optional("snapdir", Kind::OneOf(&["VISIBLE", "HIDDEN", "INHERIT"])).since(SCALE).until(SCALE),
            Field::optional("snapdir", Kind::OneOf(&["DISABLED", "VISIBLE", "HIDDEN", "INHERIT"]))
                .since(Release::Scale25_04),
            Field::optional("copies", INT).until(FIRST),
            Field::optional("copies", NUMBER).since(SCALE),
            Field::optional("reservation", INT),
            Field::optional("refreservation", INT),
            Field::optional("special_small_block_size", NUMBER),
            Field::optional("quota_warning", PERCENT),
            Field::optional("quota_critical", PERCENT),
            Field::optional("refquota_warning", PERCENT),
            Field::optional("refquota_critical", PERCENT),
            Field::or("share_type", Kind::OneOf(&["GENERIC", "SMB"]), "\"GENERIC\"").until(FIRST),
            Field::or("share_type", Kind::OneOf(&["GENERIC", "MULTIPROTOCOL", "NFS", "SMB", "APPS"]), "\"GENERIC\"")
                .since(SCALE),
            $($more),*
        ]
    };
}

/// What only a file system takes when it is made, from 24.10 on.
macro_rules! of_file_systems {
    ($quota:expr) => {
        common!(
            Field::or("type", Kind::OneOf(&["FILESYSTEM"]), "\"FILESYSTEM\""),
            Field::optional("quota", $quota),
            Field::optional("refquota", $quota),
            Field::optional("recordsize", Kind::Text),
            Field::optional("atime", Kind::OneOf(ON_OFF)),
            Field::optional("aclmode", Kind::OneOf(&["PASSTHROUGH", "RESTRICTED", "DISCARD", "INHERIT"])),
            Field::optional("acltype", Kind::OneOf(&["OFF", "NFSV4", "POSIX", "INHERIT"])),
            Field::optional("casesensitivity", Kind::OneOf(&["SENSITIVE", "INSENSITIVE", "INHERIT"])),
        )
    };
}

const FILE_SYSTEM: Kind = Kind::Object(of_file_systems!(QUOTA));
const VOLUME: Kind = Kind::Object(common!(
    Field::required("type", Kind::OneOf(&["VOLUME"])),
    Field::required("volsize", INT),
    Field::optional("volblocksize", Kind::OneOf(BLOCKS)),
    Field::optional("sparse", Kind::Bool),
    Field::optional("force_size", Kind::Bool),
));
/// From 25.10 on: one or the other, and a value that is neither is blamed for both.
pub(super) const CREATE: Kind =
    Kind::Either(&[("PoolDatasetCreateFilesystem", &FILE_SYSTEM), ("PoolDatasetCreateVolume", &VOLUME)]);
/// Before: one shape for both, of which code looks into the differences.
pub(super) const OLD_CREATE: Kind = Kind::Object(common!(
    Field::or("type", Kind::OneOf(&["FILESYSTEM", "VOLUME"]), "\"FILESYSTEM\""),
    Field::optional("volsize", INT),
    Field::optional("volblocksize", Kind::OneOf(OLD_BLOCKS)).until(FIRST),
    Field::optional("volblocksize", Kind::OneOf(BLOCKS)).since(SCALE),
    Field::optional("sparse", Kind::Bool),
    Field::optional("force_size", Kind::Bool),
    Field::optional("quota", OLD_QUOTA),
    Field::optional("refquota", OLD_QUOTA),
    Field::optional("recordsize", Kind::Text),
    Field::optional("atime", own(ON_OFF)).until(FIRST),
    Field::optional("atime", Kind::OneOf(ON_OFF)).since(SCALE),
    Field::optional("aclmode", Kind::OneOf(&["PASSTHROUGH", "RESTRICTED"])).until(FIRST),
    Field::optional("aclmode", Kind::OneOf(&["PASSTHROUGH", "RESTRICTED", "DISCARD", "INHERIT"]))
        .since(SCALE),
    Field::optional("acltype", Kind::OneOf(&["NOACL", "NFS4ACL", "POSIXACL"])).until(FIRST),
    Field::optional("acltype", Kind::OneOf(&["OFF", "NFSV4", "POSIX", "INHERIT"])).since(SCALE),
    Field::optional("casesensitivity", Kind::OneOf(&["SENSITIVE", "INSENSITIVE", "MIXED"])).until(FIRST),
    Field::optional("casesensitivity", Kind::OneOf(&["SENSITIVE", "INSENSITIVE", "INHERIT"])).since(SCALE),
    Field::optional("xattr", Kind::OneOf(&["ON", "SA"])).until(FIRST),
));

pub(super) const UPDATE: Kind = Kind::Partial(&[
    Field::optional("user_properties", Kind::List(&PROPERTY)).since(SCALE),
    Field::optional("user_properties_update", Kind::List(&CHANGE)).since(SCALE),
    Field::optional("create_ancestors", Kind::Bool).since(SCALE),
    Field::optional("comments", Kind::Text),
    Field::optional("managedby", Kind::Filled),
    Field::optional("sync", Kind::OneOf(SYNC)),
    Field::optional("compression", Kind::OneOf(COMPRESSION.split_at(1).1)).until(FIRST),
    Field::optional("compression", Kind::OneOf(COMPRESSION)).since(SCALE),
    Field::optional("deduplication", Kind::OneOf(DEDUPLICATION)),
    Field::optional("checksum", Kind::OneOf(CHECKSUM.split_at(8).0)).until(FIRST),
    Field::optional("checksum", Kind::OneOf(CHECKSUM)).since(SCALE),
    Field::optional("readonly", Kind::OneOf(ON_OFF)),
    Field::optional("exec", Kind::OneOf(ON_OFF)),
    Field::optional("atime", Kind::OneOf(ON_OFF)),
    Field::optional("snapdev", Kind::OneOf(&["HIDDEN", "VISIBLE", "INHERIT"])).since(SCALE),
    Field::optional("snapdir", Kind::OneOf(&["VISIBLE", "HIDDEN", "INHERIT"])).until(SCALE),
    Field::optional("snapdir", Kind::OneOf(&["DISABLED", "VISIBLE", "HIDDEN", "INHERIT"]))
        .since(Release::Scale25_04),
    Field::optional("copies", INT).until(FIRST),
    Field::optional("copies", NUMBER).since(SCALE),
    Field::optional("quota", OLD_QUOTA).until(Release::Scale25_04),
    Field::optional("quota", QUOTA).since(Release::Scale25_10),
    Field::optional("refquota", OLD_QUOTA).until(Release::Scale25_04),
    Field::optional("refquota", QUOTA).since(Release::Scale25_10),
    Field::optional("quota_warning", PERCENT),
    Field::optional("quota_critical", PERCENT),
    Field::optional("refquota_warning", PERCENT),
    Field::optional("refquota_critical", PERCENT),
    Field::optional("reservation", INT),
    Field::optional("refreservation", INT),
    Field::optional("special_small_block_size", NUMBER),
    Field::optional("recordsize", Kind::Text),
    Field::optional("volsize", INT),
    Field::optional("force_size", Kind::Bool),
    Field::optional("aclmode", Kind::OneOf(&["PASSTHROUGH", "RESTRICTED"])).until(FIRST),
    Field::optional("aclmode", Kind::OneOf(&["PASSTHROUGH", "RESTRICTED", "DISCARD", "INHERIT"]))
        .since(SCALE),
    Field::optional("acltype", Kind::OneOf(&["NOACL", "NFS4ACL", "POSIXACL"])).until(FIRST),
    Field::optional("acltype", Kind::OneOf(&["OFF", "NFSV4", "POSIX", "INHERIT"])).since(SCALE),
    Field::optional("xattr", Kind::OneOf(&["ON", "SA"])).until(FIRST),
]);

/// A dataset with what unlocks it.
const WITH_KEY: Kind = Kind::Object(&[
    Field::or("force", Kind::Bool, "false").since(SCALE),
    Field::required("name", Kind::Filled),
    Field::optional("key", HEX_KEY),
    Field::optional("passphrase", Kind::Filled),
]);
const WITH_KEY_FOR_CHILDREN: Kind = Kind::Object(&[
    Field::or("force", Kind::Bool, "false").since(SCALE),
    Field::required("name", Kind::Filled),
    Field::optional("key", HEX_KEY),
    Field::optional("passphrase", Kind::Filled),
    Field::or("recursive", Kind::Bool, "false").since(SCALE),
]);
pub(super) const SUMMARY: Kind = Kind::Object(&[
    Field::or("key_file", Kind::Bool, "false"),
    Field::or("force", Kind::Bool, "false").since(SCALE),
    Field::or("datasets", Kind::List(&WITH_KEY), "[]"),
]);
pub(super) const UNLOCK: Kind = Kind::Object(&[
    Field::or("force", Kind::Bool, "false").since(SCALE),
    Field::or("key_file", Kind::Bool, "false"),
    Field::or("recursive", Kind::Bool, "false"),
    Field::or("toggle_attachments", Kind::Bool, "true"),
    Field::or("datasets", Kind::List(&WITH_KEY_FOR_CHILDREN), "[]"),
]);
pub(super) const CHANGE_KEY: Kind = Kind::Object(&[
    Field::or("generate_key", Kind::Bool, "false"),
    Field::or("key_file", Kind::Bool, "false"),
    Field::or("pbkdf2iters", ROUNDS, "350000").until(Release::Scale25_10),
    Field::or("pbkdf2iters", ROUNDS_OF_26, "1300000").since(Release::Community26),
    Field::or("passphrase", Kind::Nullable(&Kind::LongText), "null").since(SCALE).until(Release::Scale25_04),
    Field::or("passphrase", Kind::Nullable(&Kind::Filled), "null").until(FIRST),
    Field::or("passphrase", Kind::Nullable(&Kind::Filled), "null").since(Release::Scale25_10),
    Field::or("key", Kind::Nullable(&HEX_KEY), "null"),
]);
