//! The vectors' format: `vectors.json`, `b2-key-encoding.json` and a folder of objects, as their own texts explain it.
#![expect(clippy::unwrap_used, reason = "a broken vector ends the test")]

use std::path::{Path, PathBuf};

use rclone_crypt::Nonce;
use serde::Deserialize;
use serde::de::DeserializeOwned;

pub(crate) struct Folder {
    path: PathBuf,
    pub(crate) vectors: Vectors,
    pub(crate) object_names: Vec<ObjectName>,
}

#[derive(Deserialize)]
pub(crate) struct Vectors {
    pub(crate) cases: Vec<Case>,
    pub(crate) names: Vec<NameSet>,
    pub(crate) corrupted: Vec<Corrupted>,
    pub(crate) ranges: Vec<Range>,
    pub(crate) obscure: Vec<Obscure>,
    pub(crate) reveal_other: Vec<Reveal>,
}

#[derive(Deserialize)]
pub(crate) struct Case {
    pub(crate) id: String,
    pub(crate) password: String,
    pub(crate) password2: String,
    #[serde(flatten)]
    pub(crate) names: NameOptions,
    pub(crate) plain_path: String,
    pub(crate) encrypted_path: String,
    pub(crate) plain_size: u64,
    pub(crate) plain_sha256: String,
    plain_rule: PlainRule,
    file: String,
    pub(crate) enc_size: u64,
    pub(crate) enc_sha256: String,
    nonce_hex: String,
}

#[derive(Deserialize)]
pub(crate) struct NameOptions {
    pub(crate) filename_encryption: String,
    pub(crate) directory_name_encryption: bool,
    pub(crate) filename_encoding: String,
    pub(crate) suffix: String,
}

/// Plain byte `i` is `a*i + b + c*(i>>8) + d*(i>>16)` modulo 256.
#[derive(Deserialize)]
struct PlainRule {
    a: u64,
    b: u64,
    c: u64,
    d: u64,
}

#[derive(Deserialize)]
pub(crate) struct NameSet {
    pub(crate) id: String,
    pub(crate) password: String,
    pub(crate) password2: String,
    #[serde(flatten)]
    pub(crate) names: NameOptions,
    pub(crate) pairs: Vec<NamePair>,
    #[serde(default)]
    pub(crate) decode_only: Vec<DecodeOnly>,
}

#[derive(Deserialize)]
pub(crate) struct NamePair {
    pub(crate) plain: String,
    pub(crate) encrypted: String,
    pub(crate) decodes_to: Option<String>,
    pub(crate) decode_error: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct DecodeOnly {
    pub(crate) encrypted: String,
    pub(crate) plain: Option<String>,
    pub(crate) error: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Corrupted {
    pub(crate) id: String,
    pub(crate) base: String,
    mutation: Option<Mutation>,
    credentials: Option<Credentials>,
    pub(crate) rclone_cat: Outcome,
    pub(crate) rclone_reported_size: u64,
    pub(crate) detected_by_crypto: bool,
    pub(crate) plain_intact: bool,
}

#[derive(Deserialize)]
struct Credentials {
    password: String,
    password2: String,
}

#[derive(Deserialize)]
pub(crate) struct Outcome {
    pub(crate) error: Option<String>,
    pub(crate) out_len: u64,
    pub(crate) out_sha256: String,
}

#[derive(Deserialize)]
#[serde(tag = "op", rename_all = "snake_case")]
enum Mutation {
    Xor { offset: usize, value: u8 },
    Truncate { length: usize },
    Append { hex: String },
    Prepend { hex: String },
    SwapBlocks { i: usize, j: usize },
    DropBlock { i: usize },
    DupBlock { i: usize },
    ReplaceWithPlain,
    Zero { length: usize },
}

#[derive(Deserialize)]
pub(crate) struct Range {
    pub(crate) base: String,
    pub(crate) offset: u64,
    pub(crate) count: i64,
    pub(crate) out_len: u64,
    pub(crate) out_sha256: String,
    pub(crate) error: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Obscure {
    pub(crate) plain: String,
    iv_hex: String,
    pub(crate) obscured: String,
}

#[derive(Deserialize)]
pub(crate) struct Reveal {
    pub(crate) obscured: String,
    pub(crate) out_hex: Option<String>,
}

#[derive(Deserialize)]
struct ObjectNames {
    pairs: Vec<ObjectName>,
}

#[derive(Deserialize)]
pub(crate) struct ObjectName {
    source_hex: String,
    pub(crate) b2_segment: String,
}

impl Folder {
    /// The folder named by the environment, else this crate's own.
    pub(crate) fn open() -> Self {
        let own = || Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
        let path = std::env::var_os("RCLONE_CRYPT_VECTORS").map_or_else(own, PathBuf::from);
        let object_names: ObjectNames = read(&path.join("b2-key-encoding.json"));
        Self { vectors: read(&path.join("vectors.json")), object_names: object_names.pairs, path }
    }

    pub(crate) fn object(&self, case: &Case) -> Vec<u8> {
        std::fs::read(self.path.join(&case.file)).unwrap()
    }

    pub(crate) fn case(&self, id: &str) -> &Case {
        self.vectors.cases.iter().find(|case| case.id == id).unwrap()
    }
}

fn read<T: DeserializeOwned>(path: &Path) -> T {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

impl Case {
    pub(crate) fn plain(&self) -> Vec<u8> {
        let PlainRule { a, b, c, d } = self.plain_rule;
        (0..self.plain_size).map(|i| (a * i + b + c * (i >> 8) + d * (i >> 16)).to_le_bytes()[0]).collect()
    }

    pub(crate) fn nonce(&self) -> Nonce {
        Nonce::from_bytes(unhex(&self.nonce_hex).try_into().unwrap())
    }
}

impl Corrupted {
    pub(crate) fn secrets<'a>(&'a self, base: &'a Case) -> (&'a str, &'a str) {
        match &self.credentials {
            Some(given) => (&given.password, &given.password2),
            None => (&base.password, &base.password2),
        }
    }

    pub(crate) fn apply(&self, base: &Case, stored: &[u8]) -> Vec<u8> {
        let (header, blocks) = stored.split_at(32);
        let mut blocks: Vec<_> = blocks.chunks(65_552).collect();
        let mut bytes = stored.to_vec();
        match &self.mutation {
            None => return bytes,
            Some(Mutation::Xor { offset, value }) => bytes[*offset] ^= value,
            Some(Mutation::Truncate { length }) => bytes.truncate(*length),
            Some(Mutation::Append { hex }) => bytes.extend(unhex(hex)),
            Some(Mutation::Prepend { hex }) => bytes = [unhex(hex), bytes].concat(),
            Some(Mutation::ReplaceWithPlain) => bytes = base.plain(),
            Some(Mutation::Zero { length }) => bytes = vec![0; *length],
            Some(Mutation::SwapBlocks { i, j }) => blocks.swap(*i, *j),
            Some(Mutation::DropBlock { i }) => drop(blocks.remove(*i)),
            Some(Mutation::DupBlock { i }) => blocks.insert(*i, blocks[*i]),
        }
        match &self.mutation {
            Some(Mutation::SwapBlocks { .. } | Mutation::DropBlock { .. } | Mutation::DupBlock { .. }) => {
                [header, &blocks.concat()].concat()
            }
            _ => bytes,
        }
    }
}

impl Obscure {
    pub(crate) fn iv(&self) -> [u8; 16] {
        unhex(&self.iv_hex).try_into().unwrap()
    }
}

impl ObjectName {
    pub(crate) fn source(&self) -> Vec<u8> {
        unhex(&self.source_hex)
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap()).collect()
}
