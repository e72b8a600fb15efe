//! Large versions, fetched in spans over several connections. A later run goes on where one was killed.
//!
//! What is written stands in a file with a mark of its version. Its journal holds a line for each unit that was written: the unit's number, and the
//! SHA-256 of the authentication tags of its blocks. A run that goes on encrypts what is on disk again, and fetches what has other tags.
//! So nobody can put content there without the pair.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::SystemTime;

use futures_util::{StreamExt as _, stream};
use rclone_crypt::{
    BLOCK_DATA_LEN, BLOCK_LEN, Destination, FileCipher, HEADER_LEN, Partial, PresentId, StoredSha1, TAG_LEN,
};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

use super::attempt::{Attempt, Attempts, Fault, cut};
use super::fetching::Fetching;
use super::jobs::{Arriving, Next};
use super::open::{beginning, describe, fetched};
use super::tree::BackedUp;
use crate::ports::{Object, Part};

const DATA: u64 = BLOCK_DATA_LEN as u64;
const BLOCK: u64 = BLOCK_LEN as u64;
/// How many blocks have one line in the journal: 4 MiB.
const UNIT: u64 = 64;
/// How many units are fetched by one request at most.
const SPAN: u64 = 16;
/// Versions with more units than this are fetched here.
const FEW: u64 = 2;

/// Whether a version is fetched in spans.
pub(super) fn is_large(file: &BackedUp) -> bool {
    file.len().is_some_and(|len| len > FEW * UNIT * DATA)
}

/// What a later run finds the beginning of a file by: its version, and where it goes.
pub(super) fn mark(file: &BackedUp, path: &[u8]) -> u64 {
    let hash = Sha256::new().chain_update(file.object.id.as_str()).chain_update([0]).chain_update(path);
    hash.finalize().first_chunk().copied().map_or(0, u64::from_be_bytes)
}

/// Fetches a version in spans, and gives it its path.
pub(super) async fn large(
    fetching: &Fetching<'_>,
    file: &BackedUp,
    path: &[u8],
) -> Result<(u64, PresentId), Fault> {
    let len = file.len().unwrap_or_default();
    let cipher = Arc::new(cipher(fetching, &file.object).await?);
    let (partial, units) = begun(fetching, file, path, &cipher, len).await?;
    let of_units = |units: &BTreeSet<u64>| units.iter().map(|unit| len_of(*unit, len)).sum();
    (fetching.received)(of_units(&units.there));
    let large = Large {
        fetching,
        object: &file.object,
        cipher,
        partial: Arc::new(partial),
        blocks: len.div_ceil(DATA),
        failed: AtomicBool::new(false),
    };
    let spans = stream::iter(units.missing(fetching.parallel.get() as u64)).map(|span| large.span(span));
    let ended: Vec<Result<(), Fault>> = spans.buffer_unordered(fetching.parallel.get()).collect().await;
    let fault = ended.into_iter().filter_map(Result::err).min_by_key(rank);
    let Some(partial) = Arc::into_inner(large.partial) else {
        return Err(Fault::Unwritten(std::io::Error::other("it is still being written")));
    };
    let destinations = fetching.destinations.clone();
    let modified = SystemTime::from(file.modified());
    let end = move || match fault {
        None => {
            let kept = destinations.with(|destination| destination.keep_partial(partial, Some(modified)));
            kept.map(|id| (len, id)).map_err(|error| Fault::Unwritten(error.into()))
        }
        Some(fault) => {
            // What does not open now will not open later.
            if matches!(fault, Fault::Closed(_) | Fault::Damaged(_)) {
                let _ = destinations.with(|destination| {
                    destination.discard_partial(partial);
                    Ok::<(), rclone_crypt::Error>(())
                });
            }
            Err(fault)
        }
    };
    fetching.jobs.run(end).await.map_err(Fault::Unwritten)?
}

/// Which of several faults says most.
fn rank(fault: &Fault) -> u8 {
    match fault {
        Fault::Closed(_) => 0,
        Fault::Damaged(_) => 1,
        Fault::Other(_) => 2,
        Fault::Unwritten(_) => 3,
        Fault::Unfetched(_) => 4,
        Fault::Stopped => 5,
    }
}

/// The plain length of a unit of a file.
fn len_of(unit: u64, len: u64) -> u64 {
    let begin = unit.saturating_mul(UNIT * DATA);
    len.saturating_sub(begin).min(UNIT * DATA)
}

/// How many units a file of this plain length has.
fn count_of(len: u64) -> u64 {
    len.div_ceil(UNIT * DATA)
}

/// The unit that a line of a journal is about, and the hash of its tags.
fn noted(note: &str, count: u64) -> Option<(u64, &str)> {
    let (unit, tags) = note.split_once(' ')?;
    unit.parse().ok().filter(|unit| *unit < count).map(|unit| (unit, tags))
}

/// How many plain bytes of a version an earlier run has written, as its journal says, and how many were fetched for them.
pub(super) fn written_before(destination: &mut Destination, file: &BackedUp, path: &[u8]) -> (u64, u64) {
    if !is_large(file) {
        return (0, 0);
    }
    let len = file.len().unwrap_or_default();
    // What cannot be read is not gone on with either, and is named then.
    let notes = destination.notes_of(path, mark(file, path)).unwrap_or_default();
    let units = notes.iter().filter_map(|note| noted(note, count_of(len)));
    let units: BTreeSet<u64> = units.map(|(unit, _)| unit).collect();
    let plain: u64 = units.iter().map(|unit| len_of(*unit, len)).sum();
    // Only the last block of the last unit can be shorter than the others.
    (plain, plain + plain.div_ceil(DATA) * TAG_LEN as u64)
}

/// The cipher of a version, from its header.
async fn cipher(fetching: &Fetching<'_>, object: &Object) -> Result<FileCipher, Fault> {
    let mut attempts = Attempts::new(None);
    loop {
        let connection = fetching.connection().await;
        let attempt = match beginning(fetching.source, object, HEADER_LEN as u64).await {
            Ok(header) if header.len() < HEADER_LEN => {
                Attempt::Failed(Fault::Damaged(format!("{} bytes of it arrive", header.len())))
            }
            Ok(header) => match FileCipher::from_header(&fetching.keys, &header) {
                Ok(cipher) => Attempt::Done(cipher),
                Err(error) => {
                    let hash = StoredSha1::from_bytes(Sha1::digest(&header).into());
                    Attempt::Closed(describe(&error), Some(hash))
                }
            },
            Err(fault) => Attempt::Failed(fault),
        };
        drop(connection);
        if let Some(ended) = attempts.ended(attempt) {
            return ended;
        }
    }
}

/// The units of a file.
struct Units {
    /// Those that an earlier run has written.
    there: BTreeSet<u64>,
    count: u64,
}

impl Units {
    /// The units that are missing, in spans of one request each: as many spans as there may be at a time, where they do not become too long.
    fn missing(&self, at_a_time: u64) -> Vec<Range<u64>> {
        let missing = self.count - self.there.len() as u64;
        let longest = missing.div_ceil(at_a_time.max(1)).clamp(1, SPAN);
        let mut spans: Vec<Range<u64>> = Vec::new();
        for unit in (0..self.count).filter(|unit| !self.there.contains(unit)) {
            match spans.last_mut() {
                Some(span) if span.end == unit && span.end - span.start < longest => span.end += 1,
                _ => spans.push(unit..unit + 1),
            }
        }
        spans
    }
}

/// Begins a file, or goes on with it. What is there is trusted as far as it has the tags that the journal says.
async fn begun(
    fetching: &Fetching<'_>,
    file: &BackedUp,
    path: &[u8],
    cipher: &Arc<FileCipher>,
    len: u64,
) -> Result<(Partial, Units), Fault> {
    let (destinations, cipher) = (fetching.destinations.clone(), cipher.clone());
    let (path, mark) = (path.to_vec(), mark(file, path));
    let begin = move || {
        let partial = destinations.with(|destination| destination.go_on(&path, mark))?;
        let mut units = Units { there: BTreeSet::new(), count: count_of(len) };
        for note in partial.notes()? {
            let Some((unit, tags)) = noted(&note, units.count) else { continue };
            if !units.there.contains(&unit)
                && tags_on_disk(&partial, &cipher, unit, len).is_ok_and(|there| there == tags)
            {
                units.there.insert(unit);
            }
        }
        Ok((partial, units))
    };
    fetching.jobs.run(begin).await.flatten().map_err(Fault::Unwritten)
}

/// The hash of the tags that a unit on disk has.
fn tags_on_disk(partial: &Partial, cipher: &FileCipher, unit: u64, len: u64) -> std::io::Result<String> {
    let mut tags = Sha256::new();
    let (begin, mut left) = (unit * UNIT, len_of(unit, len));
    let mut buffer = vec![0; BLOCK_LEN];
    for block in begin..begin + UNIT {
        let plain = usize::try_from(left.min(DATA)).unwrap_or(BLOCK_DATA_LEN);
        if plain == 0 {
            break;
        }
        partial.read_at(&mut buffer[TAG_LEN..TAG_LEN + plain], block * DATA)?;
        cipher.seal_block(block, &mut buffer[..TAG_LEN + plain]).map_err(std::io::Error::other)?;
        tags.update(&buffer[..TAG_LEN]);
        left -= plain as u64;
    }
    Ok(hex(tags))
}

fn hex(hash: Sha256) -> String {
    hash.finalize().iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// A large version that is being fetched.
struct Large<'a> {
    fetching: &'a Fetching<'a>,
    object: &'a Object,
    cipher: Arc<FileCipher>,
    partial: Arc<Partial>,
    /// How many blocks it has.
    blocks: u64,
    /// Whether a span failed: the others end where they are.
    failed: AtomicBool,
}

impl Large<'_> {
    async fn span(&self, units: Range<u64>) -> Result<(), Fault> {
        let done = self.units(units).await;
        if done.is_err() {
            self.failed.store(true, Ordering::Relaxed);
        }
        done
    }

    /// Fetches units, by as many requests as it takes.
    async fn units(&self, units: Range<u64>) -> Result<(), Fault> {
        let mut attempts = Attempts::new(None);
        let reached = Arc::new(AtomicU64::new(units.start));
        let mut next = units.start;
        loop {
            let connection = self.fetching.connection().await;
            if self.fetching.is_stopped() || self.failed.load(Ordering::Relaxed) {
                return Err(Fault::Stopped);
            }
            let blocks = next * UNIT..(units.end * UNIT).min(self.blocks);
            let from = HEADER_LEN as u64 + blocks.start * BLOCK;
            let len = (blocks.end * BLOCK).min(self.object.size - HEADER_LEN as u64) - blocks.start * BLOCK;
            let attempt = match fetched(self.fetching.source, self.object, Part::Span { from, len }).await {
                Ok(body) => {
                    let mut writing = Span {
                        cipher: self.cipher.clone(),
                        partial: self.partial.clone(),
                        next: blocks.start,
                        end: blocks.end,
                        missing: len,
                        block: Vec::with_capacity(BLOCK_LEN),
                        hash: attempts.hashes().then(Sha1::new),
                        tags: Sha256::new(),
                        reached: reached.clone(),
                    };
                    let received = self.fetching.received;
                    self.fetching.jobs.pour(body, received, move |arriving| writing.written(arriving)).await
                }
                Err(fault) => Attempt::Failed(fault),
            };
            drop(connection);
            let before = std::mem::replace(&mut next, reached.load(Ordering::Relaxed));
            if next > before && !matches!(attempt, Attempt::Done(())) {
                // Other bytes are fetched from here on.
                attempts = Attempts::new(None);
            }
            if let Some(ended) = attempts.ended(attempt) {
                return ended;
            }
        }
    }
}

/// Blocks that are decrypted and written as they arrive.
struct Span {
    cipher: Arc<FileCipher>,
    partial: Arc<Partial>,
    /// The block that comes next, and the one behind the last.
    next: u64,
    end: u64,
    /// How many bytes have not arrived.
    missing: u64,
    block: Vec<u8>,
    hash: Option<Sha1>,
    /// The tags of the unit.
    tags: Sha256,
    /// The unit behind the last one that is complete.
    reached: Arc<AtomicU64>,
}

impl Span {
    fn written(&mut self, arriving: &mut Arriving) -> Attempt<()> {
        loop {
            match arriving.next() {
                Next::Piece(piece) => {
                    let mut rest = &piece[..];
                    while !rest.is_empty() {
                        let (now, later) = rest.split_at(rest.len().min(BLOCK_LEN - self.block.len()));
                        self.block.extend_from_slice(now);
                        rest = later;
                        let Some(missing) = self.missing.checked_sub(now.len() as u64) else {
                            return Attempt::Failed(Fault::Damaged(
                                "more of it arrives than there is".to_owned(),
                            ));
                        };
                        self.missing = missing;
                        if self.block.len() < BLOCK_LEN && missing > 0 {
                            continue;
                        }
                        match self.whole_block() {
                            Ok(plain) => arriving.took(plain),
                            Err(ended) => return ended,
                        }
                    }
                }
                Next::Cut => return Attempt::Failed(cut()),
                Next::End if self.missing > 0 => {
                    let reason = format!("{} bytes of a span do not arrive", self.missing);
                    return Attempt::Failed(Fault::Damaged(reason));
                }
                Next::End => return Attempt::Done(()),
            }
        }
    }

    /// Opens and writes a block. Returns its plain length.
    fn whole_block(&mut self) -> Result<u64, Attempt<()>> {
        if let Some(hash) = &mut self.hash {
            hash.update(&self.block);
        }
        self.tags.update(&self.block[..TAG_LEN.min(self.block.len())]);
        let plain = match self.cipher.open_block(self.next, &mut self.block) {
            Ok(plain) => plain,
            Err(error) => {
                let hash = self.hash.take().map(|hash| StoredSha1::from_bytes(hash.finalize().into()));
                return Err(Attempt::Closed(describe(&error), hash));
            }
        };
        let len = plain.len() as u64;
        let written = self.partial.write_at(plain, self.next * DATA);
        written.map_err(|error| Attempt::Failed(Fault::Unwritten(error)))?;
        self.block.clear();
        self.next += 1;
        if self.next.is_multiple_of(UNIT) || self.next == self.end {
            let unit = (self.next - 1) / UNIT;
            // Without its line, the unit is fetched again after a kill.
            let _ = self.partial.note(&format!("{unit} {}", hex(std::mem::take(&mut self.tags))));
            self.reached.store(unit + 1, Ordering::Relaxed);
        }
        Ok(len)
    }
}
