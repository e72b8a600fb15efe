//! One version, fetched and decrypted.

use std::io::Write as _;

use futures_util::StreamExt as _;
use rclone_crypt::{
    DecryptWriter, ErrorKind, KEY_PROOF_RANGE, Keys, Proven, Sample, StoredSha1, decrypted_len, prove_keys,
    sample,
};
use sha1::{Digest as _, Sha1};

use super::source::RestoreSource;
use super::tree::BackedUp;
use crate::error::{Error, Refusal};
use crate::port_error::{PortError, PortErrorKind};
use crate::ports::{Body, Object, Part};

/// How often a version is fetched that did not arrive whole.
const ATTEMPTS: u32 = 3;
/// How many objects are tried before a pair is called wrong.
const TRIED: usize = 8;

/// Why a version did not come out.
#[derive(Debug)]
pub(super) enum Fault {
    /// It arrives whole and does not open: data is at risk.
    Closed(String),
    /// It does not arrive whole.
    Damaged(String),
    /// It could not be fetched.
    Unfetched(PortError),
    /// Its content could not be written.
    Unwritten(std::io::Error),
    /// There was a failure beside the work.
    Other(Error),
}

/// What one fetch came to.
enum Attempt {
    Done(u64),
    /// It arrived to its end and does not open; the hash of what arrived, where it was made.
    Closed(String, Option<StoredSha1>),
    Failed(Fault),
}

/// Where plain bytes go, each block after it was authenticated. What was begun is begun anew where a fetch is.
pub(super) trait Sink {
    /// Begins, and forgets what was written before.
    fn begin(&mut self) -> std::io::Result<()>;
    /// Takes the next bytes.
    fn write(&mut self, plain: &[u8]) -> std::io::Result<()>;
}

/// Nowhere: what is opened to see whether it opens.
pub(super) struct Nowhere;

impl Sink for Nowhere {
    fn begin(&mut self) -> std::io::Result<()> {
        Ok(())
    }

    fn write(&mut self, _plain: &[u8]) -> std::io::Result<()> {
        Ok(())
    }
}

/// Fetches a version and decrypts it on the way, again as long as what is wrong may lie in the transfer. Returns its plain length.
pub(super) async fn opened(
    source: &RestoreSource,
    keys: &Keys,
    object: &Object,
    sink: &mut (dyn Sink + Send),
) -> Result<u64, Fault> {
    let mut before: Option<StoredSha1> = None;
    let mut hashes = false;
    for attempt in 1..=ATTEMPTS {
        let last = attempt == ATTEMPTS;
        match once(source, keys, object, sink, hashes).await {
            Attempt::Done(len) => return Ok(len),
            // The listing's hash shows, or the same bytes twice do, that this is what is stored.
            Attempt::Closed(reason, Some(arrived))
                if object.sha1 == Some(arrived) || before == Some(arrived) =>
            {
                return Err(Fault::Closed(reason));
            }
            Attempt::Closed(reason, _) if last => {
                return Err(Fault::Damaged(format!("{reason}; and what arrives is another each time")));
            }
            Attempt::Closed(_, arrived) => (before, hashes) = (arrived, true),
            Attempt::Failed(Fault::Damaged(reason)) if last => {
                return Err(Fault::Damaged(format!("{reason} ({ATTEMPTS} times)")));
            }
            Attempt::Failed(Fault::Damaged(_)) => before = None,
            Attempt::Failed(Fault::Unfetched(error))
                if !last && error.kind() == PortErrorKind::Unreachable => {}
            Attempt::Failed(fault) => return Err(fault),
        }
    }
    Err(Fault::Damaged("it does not arrive".to_owned()))
}

async fn once(
    source: &RestoreSource,
    keys: &Keys,
    object: &Object,
    sink: &mut (dyn Sink + Send),
    hashes: bool,
) -> Attempt {
    match fetched(source, object, Part::Whole).await {
        Ok(body) => decrypted(keys, object, body, sink, hashes).await,
        Err(fault) => Attempt::Failed(fault),
    }
}

pub(super) async fn fetched(source: &RestoreSource, object: &Object, part: Part) -> Result<Body, Fault> {
    let access = source.access().map_err(Fault::Other)?;
    source.store().fetch_version(access, object, part).await.map_err(Fault::from)
}

impl From<PortError> for Fault {
    fn from(error: PortError) -> Self {
        match error.kind() {
            PortErrorKind::Damaged => Self::Damaged(error.to_string()),
            _ => Self::Unfetched(error),
        }
    }
}

async fn decrypted(
    keys: &Keys,
    object: &Object,
    mut body: Body,
    sink: &mut (dyn Sink + Send),
    hashes: bool,
) -> Attempt {
    if let Err(error) = sink.begin() {
        return Attempt::Failed(Fault::Unwritten(error));
    }
    let mut opened = DecryptWriter::new(keys, Vec::new());
    let (mut arrived, mut plain_len, mut closed) = (0, 0, None);
    let mut hash = hashes.then(Sha1::new);
    while let Some(part) = body.next().await {
        let part = match part {
            Ok(part) => part,
            Err(error) => return Attempt::Failed(error.into()),
        };
        arrived += part.len() as u64;
        if let Some(hash) = &mut hash {
            hash.update(&part);
        }
        if closed.is_some() {
            continue;
        }
        closed = opened.write_all(&part).err().map(|error| reason(&error));
        let plain = opened.get_mut();
        plain_len += plain.len() as u64;
        if let Err(error) = sink.write(plain) {
            return Attempt::Failed(Fault::Unwritten(error));
        }
        plain.clear();
    }
    if arrived != object.size {
        let reason = format!("{arrived} bytes of it arrive, and it has {}", object.size);
        return Attempt::Failed(Fault::Damaged(reason));
    }
    let hash = hash.map(|hash| StoredSha1::from_bytes(hash.finalize().into()));
    match (closed, opened.finish(decrypted_len(object.size).ok())) {
        (None, Ok(rest)) => match sink.write(&rest) {
            Ok(()) => Attempt::Done(plain_len + rest.len() as u64),
            Err(error) => Attempt::Failed(Fault::Unwritten(error)),
        },
        (Some(reason), _) => Attempt::Closed(reason, hash),
        (None, Err(error)) => Attempt::Closed(describe(&error), hash),
    }
}

/// Why an object does not open, from what a writer says.
fn reason(error: &std::io::Error) -> String {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<rclone_crypt::Error>());
    inner.map_or_else(|| error.to_string(), describe)
}

fn describe(error: &rclone_crypt::Error) -> String {
    match error.kind() {
        ErrorKind::TooShort { .. } | ErrorKind::BadMagic => format!("it is not encrypted: {error}"),
        _ => format!("it does not open: {error}"),
    }
}

/// Shows that the pair opens what is in the bucket, before anything is written: one object that does is enough.
///
/// # Errors
/// None of those that were tried does. Where the pair was written down with a common mistake, that is said.
pub(super) async fn prove_pair(source: &RestoreSource, keys: &Keys, files: &[BackedUp]) -> Result<(), Error> {
    let Sample { chosen, .. } = sample(&candidates(files), TRIED, 0);
    let mut closed: Vec<(String, Vec<u8>)> = Vec::new();
    for (number, _) in chosen {
        let object = &files[number].object;
        let Ok(beginning) = beginning(source, object).await else { continue };
        match prove_keys(keys, &beginning) {
            Ok(Proven::Keys { .. }) => return Ok(()),
            Err(error) if matches!(error.kind(), ErrorKind::FailedBlock { .. }) => {
                closed.push((object.name.clone(), beginning));
            }
            // It is plain, or damaged: it says nothing about the pair.
            _ => {}
        }
    }
    let Some((first, _)) = closed.first() else { return Ok(()) };
    let opens = |keys: &Keys| {
        closed.iter().any(|(_, beginning)| matches!(prove_keys(keys, beginning), Ok(Proven::Keys { .. })))
    };
    let mistake = source.mistakes().into_iter().find(|(_, keys)| opens(keys)).map(|(what, _)| what);
    let (record, count) = (&source.pair_record().url, closed.len());
    Err(match mistake {
        Some(what) => Refusal::precondition(
            "E3a",
            format!("nothing opens with this pair as it stands: {what}; nothing was written"),
            format!("Correct what is given, or the record it comes from: {record}"),
        ),
        None => Refusal::data_at_risk(
            "E4",
            format!("nothing opens with this pair: {count} objects were tried, the first {first}; nothing was written"),
            format!("Look at the record, {record}, and its earlier versions; without the pair of that time nobody can open this backup"),
        ),
    }
    .into())
}

fn candidates(files: &[BackedUp]) -> Vec<rclone_crypt::Candidate> {
    let of = |file: &BackedUp| rclone_crypt::Candidate {
        stored_len: file.object.size,
        uploaded: file.object.uploaded.as_millisecond(),
    };
    files.iter().map(of).collect()
}

async fn beginning(source: &RestoreSource, object: &Object) -> Result<Vec<u8>, Fault> {
    let mut body = fetched(source, object, Part::Beginning(KEY_PROOF_RANGE.end)).await?;
    let mut beginning = Vec::new();
    while let Some(part) = body.next().await {
        beginning.extend_from_slice(&part?);
    }
    Ok(beginning)
}
