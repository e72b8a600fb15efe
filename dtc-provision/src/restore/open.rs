//! One version, fetched and decrypted.

use std::io::Write as _;

use futures_util::StreamExt as _;
use rclone_crypt::{
    DecryptWriter, ErrorKind, KEY_PROOF_RANGE, Keys, Proven, Sample, StoredSha1, decrypted_len, prove_keys,
    sample,
};
use sha1::{Digest as _, Sha1};

use super::attempt::{Attempt, Attempts, Fault, cut};
use super::jobs::{Arriving, Next};
use super::source::RestoreSource;
use super::tree::BackedUp;
use crate::error::{Error, Refusal};
use crate::ports::{Body, Object, Part};

/// How many objects are tried before a pair is called wrong.
const TRIED: usize = 8;

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

/// Fetches a version and decrypts it on the way. Returns its plain length.
pub(super) async fn opened(
    source: &RestoreSource,
    keys: &Keys,
    object: &Object,
    sink: &mut (dyn Sink + Send),
) -> Result<u64, Fault> {
    let mut attempts = Attempts::new(object.sha1);
    loop {
        let attempt = match fetched(source, object, Part::Whole).await {
            Ok(body) => decrypted(keys, object, body, sink, attempts.hashes()).await,
            Err(fault) => Attempt::Failed(fault),
        };
        if let Some(ended) = attempts.ended(attempt) {
            return ended;
        }
    }
}

pub(super) async fn fetched(source: &RestoreSource, object: &Object, part: Part) -> Result<Body, Fault> {
    let access = source.access().map_err(Fault::Other)?;
    source.store().fetch_version(access, object, part).await.map_err(Fault::from)
}

/// The beginning of a version, in memory.
pub(super) async fn beginning(source: &RestoreSource, object: &Object, len: u64) -> Result<Vec<u8>, Fault> {
    let mut body = fetched(source, object, Part::Beginning(len)).await?;
    let mut beginning = Vec::new();
    while let Some(part) = body.next().await {
        beginning.extend_from_slice(&part?);
    }
    Ok(beginning)
}

async fn decrypted(
    keys: &Keys,
    object: &Object,
    mut body: Body,
    sink: &mut (dyn Sink + Send),
    hashes: bool,
) -> Attempt<u64> {
    let mut decrypting = match Decrypting::begin(keys, object.size, hashes, sink) {
        Ok(decrypting) => decrypting,
        Err(error) => return Attempt::Failed(Fault::Unwritten(error)),
    };
    while let Some(part) = body.next().await {
        let part = match part {
            Ok(part) => part,
            Err(error) => return Attempt::Failed(error.into()),
        };
        if let Err(error) = decrypting.push(&part, sink) {
            return Attempt::Failed(Fault::Unwritten(error));
        }
    }
    decrypting.end(sink)
}

/// The same, on a thread of its own.
pub(super) fn decrypted_beside(
    keys: &Keys,
    stored_len: u64,
    arriving: &mut Arriving,
    sink: &mut dyn Sink,
    hashes: bool,
) -> Attempt<u64> {
    let mut decrypting = match Decrypting::begin(keys, stored_len, hashes, sink) {
        Ok(decrypting) => decrypting,
        Err(error) => return Attempt::Failed(Fault::Unwritten(error)),
    };
    loop {
        match arriving.next() {
            Next::Piece(part) => match decrypting.push(&part, sink) {
                Ok(plain) => arriving.took(plain),
                Err(error) => return Attempt::Failed(Fault::Unwritten(error)),
            },
            Next::Cut => return Attempt::Failed(cut()),
            Next::End => {
                let before = decrypting.plain_len;
                let ended = decrypting.end(sink);
                if let Attempt::Done(len) = ended {
                    arriving.took(len.saturating_sub(before));
                }
                return ended;
            }
        }
    }
}

/// A version that is decrypted as it arrives.
struct Decrypting {
    opened: DecryptWriter<Vec<u8>>,
    stored_len: u64,
    arrived: u64,
    plain_len: u64,
    closed: Option<String>,
    hash: Option<Sha1>,
}

impl Decrypting {
    fn begin(keys: &Keys, stored_len: u64, hashes: bool, sink: &mut dyn Sink) -> std::io::Result<Self> {
        sink.begin()?;
        let opened = DecryptWriter::new(keys, Vec::new());
        let hash = hashes.then(Sha1::new);
        Ok(Self { opened, stored_len, arrived: 0, plain_len: 0, closed: None, hash })
    }

    /// Takes what arrives. Returns how many plain bytes were written; an error is the sink's.
    fn push(&mut self, part: &[u8], sink: &mut dyn Sink) -> std::io::Result<u64> {
        self.arrived += part.len() as u64;
        if let Some(hash) = &mut self.hash {
            hash.update(part);
        }
        if self.closed.is_some() {
            return Ok(0);
        }
        self.closed = self.opened.write_all(part).err().map(|error| reason(&error));
        let plain = self.opened.get_mut();
        let len = plain.len() as u64;
        sink.write(plain)?;
        plain.clear();
        self.plain_len += len;
        Ok(len)
    }

    fn end(self, sink: &mut dyn Sink) -> Attempt<u64> {
        let Self { opened, stored_len, arrived, plain_len, closed, hash } = self;
        if arrived != stored_len {
            let reason = format!("{arrived} bytes of it arrive, and it has {stored_len}");
            return Attempt::Failed(Fault::Damaged(reason));
        }
        let hash = hash.map(|hash| StoredSha1::from_bytes(hash.finalize().into()));
        match (closed, opened.finish(decrypted_len(stored_len).ok())) {
            (None, Ok(rest)) => match sink.write(&rest) {
                Ok(()) => Attempt::Done(plain_len + rest.len() as u64),
                Err(error) => Attempt::Failed(Fault::Unwritten(error)),
            },
            (Some(reason), _) => Attempt::Closed(reason, hash),
            (None, Err(error)) => Attempt::Closed(describe(&error), hash),
        }
    }
}

/// Why an object does not open, from what a writer says.
fn reason(error: &std::io::Error) -> String {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<rclone_crypt::Error>());
    inner.map_or_else(|| error.to_string(), describe)
}

pub(super) fn describe(error: &rclone_crypt::Error) -> String {
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
        let Ok(beginning) = beginning(source, object, KEY_PROOF_RANGE.end).await else { continue };
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
