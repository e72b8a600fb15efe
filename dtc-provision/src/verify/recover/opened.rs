//! One object, opened with what the vault gives back and held against its source.

use std::io::Write as _;

use futures_util::StreamExt;
use rclone_crypt::{
    DecryptWriter, ErrorKind, HEADER_LEN, KEY_PROOF_RANGE, Keys, MAGIC, Proven, SourceProof, StoredSha1,
    decrypted_len, prove_keys,
};
use sha1::{Digest as _, Sha1};

use super::{FETCH_LIMIT, Layout, Proof, Sample, Vaulted};
use crate::port_error::{PortError, PortErrorKind};
use crate::ports::{Body, FileFacts, Object, Part, Views};

/// Sources up to this length are read for the sake of a hash: the appliance reads and sends all of it.
const HASH_LIMIT: u64 = 4 << 30;
/// How often an object is fetched that did not arrive whole.
const ATTEMPTS: u32 = 3;
/// Modification times count as equal within this; file systems and uploaders round differently.
const TIME_TOLERANCE_MS: i64 = 1000;

/// What is wrong with an object.
type Fault = String;
/// Why a source cannot be held against its object.
type Unread = String;

/// Proves as much of one object as can be. `None` for the encrypted form of an empty file: it arrived whole, any password opens it, and
/// nothing is wrong with it.
pub(super) async fn sample(
    views: &Views,
    with: &Vaulted<'_>,
    layout: &Layout,
    object: &Object,
) -> Option<Sample> {
    let (source, proof) = match layout.source(&object.name) {
        Err(reason) => (String::new(), Proof::Failed { reason }),
        Ok(path) => {
            let proof =
                Sampled { views, with, object, path: path.as_deref().map_err(String::as_str) }.proven().await;
            (path.unwrap_or_default(), proof)
        }
    };
    let size = if proof.opens() { decrypted_len(object.size).unwrap_or_default() } else { 0 };
    if proof.opens() && size == 0 {
        return None;
    }
    Some(Sample { object: object.name.clone(), source, size, proof })
}

/// An object and where its source lies, or why that cannot be said.
#[derive(Clone, Copy)]
struct Sampled<'a> {
    views: &'a Views,
    with: &'a Vaulted<'a>,
    object: &'a Object,
    path: Result<&'a str, &'a str>,
}

/// What one fetch of an object showed.
enum Look {
    /// This much, whatever another fetch would bring.
    Settled(Proof),
    /// It arrived to its end and does not open.
    Closed {
        reason: String,
        /// The hash of what arrived, to be held against what the listing says and what arrives next time.
        arrived: StoredSha1,
    },
    /// It ended early, or its checksum differs.
    Damaged(String),
    /// It could not be fetched to its end.
    Unfetched(PortError),
}

impl From<PortError> for Look {
    fn from(error: PortError) -> Self {
        match error.kind() {
            PortErrorKind::Damaged => Self::Damaged(error.to_string()),
            _ => Self::Unfetched(error),
        }
    }
}

impl Sampled<'_> {
    /// Fetches the object, and again as long as what is wrong may lie in the transfer.
    async fn proven(self) -> Proof {
        let (mut attempt, mut before) = (1, None);
        loop {
            let last = attempt == ATTEMPTS;
            match self.look().await {
                Look::Settled(proof) => return proof,
                // The listing's hash shows, or the same bytes twice do where it has none, that this is what is stored.
                Look::Closed { reason, arrived }
                    if self.listed() == Some(arrived) || before == Some(arrived) =>
                {
                    return Proof::Failed { reason };
                }
                Look::Closed { reason, .. } if last => {
                    let reason = format!("{reason}; and what arrives is another each time");
                    return Proof::Damaged { reason };
                }
                Look::Closed { arrived, .. } => before = Some(arrived),
                Look::Damaged(reason) if last => {
                    return Proof::Damaged { reason: format!("{reason} ({ATTEMPTS} times)") };
                }
                Look::Unfetched(error) if last || error.kind() != PortErrorKind::Unreachable => {
                    return error.into();
                }
                Look::Damaged(_) | Look::Unfetched(_) => before = None,
            }
            attempt += 1;
        }
    }

    /// The hash that what is fetched must have: of what is fetched whole, where the listing holds one. A checksum that comes
    /// with the bytes shows less: whoever changes the one on the way can change the other.
    fn listed(self) -> Option<StoredSha1> {
        self.object.sha1.filter(|_| self.is_fetched_whole())
    }

    fn is_fetched_whole(self) -> bool {
        self.object.size <= FETCH_LIMIT
    }

    async fn look(self) -> Look {
        if self.object.size == HEADER_LEN as u64 {
            return self.header().await.unwrap_or_else(Look::from);
        }
        let keys = match self.with.keys() {
            Ok(keys) => keys,
            Err(error) => return Look::Settled(error.into()),
        };
        let looked =
            if self.is_fetched_whole() { self.whole(keys).await } else { self.beginning(keys).await };
        looked.unwrap_or_else(Look::from)
    }

    /// Decrypts the whole object as it arrives, and compares it with its source, read in step. What does not open is
    /// still read to its end, where the checksum tells whether it arrived as it was sent.
    async fn whole(self, keys: &Keys) -> Result<Look, PortError> {
        let mut body = self.fetch(Part::Whole).await?;
        let mut beside = match self.read_source(u64::MAX).await {
            Ok(source) => Beside::Same { source, ahead: Vec::new() },
            Err(but) => Beside::Unread(but),
        };
        let mut opened = DecryptWriter::new(keys, Vec::new());
        let (mut arrived, mut authenticated, mut fault) = (Arrived::default(), 0, None);
        while let Some(part) = body.next().await.transpose()? {
            arrived.take(&part);
            if fault.is_some() {
                continue;
            }
            fault = opened.write_all(&part).err().map(closed);
            let plain = std::mem::take(opened.get_mut());
            beside.compare(&plain, authenticated).await;
            authenticated += plain.len() as u64;
        }
        if let Err(damage) = arrived.is_whole(self.object.size) {
            return Ok(damage);
        }
        let last = match (fault, opened.finish(decrypted_len(self.object.size).ok())) {
            (None, Ok(last)) => last,
            (None, Err(error)) => return Ok(arrived.closed(closed(error), self.listed())),
            (Some(reason), _) => return Ok(arrived.closed(reason, self.listed())),
        };
        beside.compare(&last, authenticated).await;
        authenticated += last.len() as u64;
        Ok(Look::Settled(match beside.ended(authenticated).await {
            Beside::Same { .. } => Proof::Content,
            Beside::Unread(but) => Proof::Keys { authenticated, but },
            Beside::Differs(at) => {
                let fault = format!("it opens, and its content is not its source's: byte {at} differs");
                self.unless_changed(fault, authenticated).await
            }
        }))
    }

    /// Looks whether an object that is as long as an encrypted empty file is one. It opens under any keys, so that none are needed.
    async fn header(self) -> Result<Look, PortError> {
        let mut body = self.fetch(Part::Whole).await?;
        let (mut arrived, mut header) = (Arrived::default(), Vec::new());
        while let Some(part) = body.next().await.transpose()? {
            arrived.take(&part);
            header.extend_from_slice(&part);
        }
        if let Err(damage) = arrived.is_whole(self.object.size) {
            return Ok(damage);
        }
        if !header.starts_with(&MAGIC) {
            let reason = format!("it is not encrypted: {}", rclone_crypt::Error::from(ErrorKind::BadMagic));
            return Ok(arrived.closed(reason, self.listed()));
        }
        let but = "it has no content".to_owned();
        Ok(Look::Settled(Proof::Keys { authenticated: 0, but }))
    }

    /// Proves the keys by the object's beginning; then, where B2 holds its hash, the rest by the source's.
    async fn beginning(self, keys: &Keys) -> Result<Look, PortError> {
        let mut body = self.fetch(Part::Beginning(KEY_PROOF_RANGE.end)).await?;
        let (mut arrived, mut beginning) = (Arrived::default(), Vec::new());
        while let Some(part) = body.next().await.transpose()? {
            arrived.take(&part);
            beginning.extend_from_slice(&part);
        }
        if let Err(damage) = arrived.is_whole(self.object.size.min(KEY_PROOF_RANGE.end)) {
            return Ok(damage);
        }
        let authenticated = match prove_keys(keys, &beginning) {
            Ok(Proven::Keys { authenticated }) => authenticated,
            Ok(_) => return Ok(Look::Damaged("B2 gave nothing of it but its header".to_owned())),
            Err(error) => return Ok(arrived.closed(closed(error), None)),
        };
        Ok(Look::Settled(self.by_hash(keys, &beginning[..HEADER_LEN], authenticated).await))
    }

    /// What an object's hash shows, of which the beginning opens.
    async fn by_hash(self, keys: &Keys, header: &[u8], authenticated: u64) -> Proof {
        let Some(stored) = self.object.sha1 else {
            let but = "it is too large to fetch, and B2 holds no hash of it".to_owned();
            return Proof::Keys { authenticated, but };
        };
        let source = match self.read_source(HASH_LIMIT).await {
            Ok(source) => source,
            Err(but) => return Proof::Keys { authenticated, but },
        };
        match hashed(keys, header, source, &stored).await {
            Ok(true) => Proof::Hash,
            Ok(false) => {
                let fault =
                    "its beginning opens, and B2's hash of it is not that of its source encrypted again";
                self.unless_changed(fault.to_owned(), authenticated).await
            }
            Err(but) => Proof::Keys { authenticated, but },
        }
    }

    async fn fetch(self, part: Part) -> Result<Body, PortError> {
        self.views.object_store.fetch(self.with.access, self.object, part).await
    }

    /// The source's bytes, if it is what it was at the upload and not longer than this.
    async fn read_source(self, limit: u64) -> Result<Body, Unread> {
        let facts = self.unchanged().await?;
        if facts.size > limit {
            return Err("it is too large to fetch, and its source too large to read".to_owned());
        }
        let source = self.views.source.read(self.path?, &facts).await;
        source.map_err(|error| format!("its source cannot be read: {error}"))
    }

    /// The source's size and time, if neither is another than at the upload.
    async fn unchanged(self) -> Result<FileFacts, Unread> {
        let facts = match self.views.source.stat(self.path?).await {
            Ok(Some(facts)) => facts,
            Ok(None) => return Err("its source is gone since".to_owned()),
            Err(error) => return Err(format!("its source cannot be read: {error}")),
        };
        let moved = self.object.source_modified.is_some_and(|noted| {
            (noted.as_millisecond() - facts.modified.as_millisecond()).abs() > TIME_TOLERANCE_MS
        });
        if moved || decrypted_len(self.object.size).ok() != Some(facts.size) {
            return Err("its source has changed since".to_owned());
        }
        Ok(facts)
    }

    /// A source that was changed while it was read is no fault of the object's.
    async fn unless_changed(self, reason: Fault, authenticated: u64) -> Proof {
        match self.unchanged().await {
            Ok(_) => Proof::Failed { reason },
            Err(but) => Proof::Keys { authenticated, but },
        }
    }
}

/// What has arrived of an object: how much, and which bytes.
#[derive(Default)]
struct Arrived {
    len: u64,
    bytes: Sha1,
}

impl Arrived {
    fn take(&mut self, part: &[u8]) {
        self.len += part.len() as u64;
        self.bytes.update(part);
    }

    /// Whether as much arrived as there is.
    fn is_whole(&self, len: u64) -> Result<(), Look> {
        if self.len == len {
            return Ok(());
        }
        Err(Look::Damaged(format!("{} bytes of it arrive, and it has {len}", self.len)))
    }

    /// What it means that these bytes do not open, where the listing gives them this hash.
    fn closed(self, reason: Fault, listed: Option<StoredSha1>) -> Look {
        let arrived = StoredSha1::from_bytes(self.bytes.finalize().into());
        match listed {
            Some(listed) if listed != arrived => Look::Damaged(format!(
                "what arrives is not what B2 lists (its SHA-1 is another), and {reason}"
            )),
            _ => Look::Closed { reason, arrived },
        }
    }
}

/// A source beside its object.
enum Beside {
    /// The same so far.
    Same {
        source: Body,
        /// What of the source has arrived before its counterpart.
        ahead: Vec<u8>,
    },
    /// Another, from this byte on.
    Differs(u64),
    Unread(Unread),
}

impl Beside {
    /// Holds the object's next plain bytes, which begin at `from`, against the source's.
    async fn compare(&mut self, plain: &[u8], from: u64) {
        let Self::Same { source, ahead } = self else { return };
        while ahead.len() < plain.len() {
            match source.next().await {
                Some(Ok(part)) => ahead.extend_from_slice(&part),
                Some(Err(error)) => {
                    *self = Self::Unread(format!("its source cannot be read: {error}"));
                    return;
                }
                None => break,
            }
        }
        let same = plain.iter().zip(&*ahead).take_while(|(one, other)| one == other).count();
        if same < plain.len() {
            *self = Self::Differs(from + same as u64);
        } else {
            ahead.drain(..same);
        }
    }

    /// After the object's last byte: the source must have none left either.
    async fn ended(mut self, len: u64) -> Self {
        let Self::Same { source, ahead } = &mut self else { return self };
        while ahead.is_empty() {
            match source.next().await {
                Some(Ok(part)) => ahead.extend_from_slice(&part),
                Some(Err(error)) => return Self::Unread(format!("its source cannot be read: {error}")),
                None => return self,
            }
        }
        Self::Differs(len)
    }
}

/// Whether a source, encrypted under an object's nonce, has the hash that B2 holds for the object.
async fn hashed(keys: &Keys, header: &[u8], mut source: Body, stored: &StoredSha1) -> Result<bool, Unread> {
    let mut proof = SourceProof::new(keys, header).map_err(|error| error.to_string())?;
    while let Some(part) = source.next().await {
        proof.push(&part.map_err(|error| format!("its source cannot be read: {error}"))?);
    }
    match proof.finish(stored) {
        Ok(proven) => Ok(matches!(proven, Proven::SameHash { .. })),
        Err(error) if matches!(error.kind(), ErrorKind::Differs { .. }) => Ok(false),
        Err(error) => Err(error.to_string()),
    }
}

/// What it means that an object does not open.
fn closed(error: impl Into<std::io::Error>) -> Fault {
    let error = error.into();
    let verdict = error.get_ref().and_then(|inner| inner.downcast_ref::<rclone_crypt::Error>());
    match verdict.map(rclone_crypt::Error::kind) {
        Some(ErrorKind::TooShort { .. } | ErrorKind::BadMagic) => format!("it is not encrypted: {error}"),
        _ => format!("the escrowed secrets do not open it: {error}"),
    }
}
