//! One object, opened with what the vault gives back and held against its source.

use std::io::Write as _;

use futures_util::StreamExt;
use rclone_crypt::{
    DecryptWriter, ErrorKind, HEADER_LEN, KEY_PROOF_RANGE, Keys, Proven, SourceProof, StoredSha1,
    decrypted_len, prove_keys,
};

use super::{FETCH_LIMIT, Layout, Proof, Sample, Vaulted};
use crate::error::Error;
use crate::port_error::PortErrorKind;
use crate::ports::{Body, FileFacts, Object, Part, Views};

/// Sources up to this length are read for the sake of a hash: the appliance reads and sends all of it.
const HASH_LIMIT: u64 = 4 << 30;
/// Modification times count as equal within this; file systems and uploaders round differently.
const TIME_TOLERANCE_MS: i64 = 1000;

/// What is wrong with an object.
type Fault = String;
/// Why a source cannot be held against its object.
type Unread = String;

/// Proves as much of one object as can be.
pub(super) async fn sample(
    views: &Views,
    with: &Vaulted<'_>,
    layout: &Layout,
    object: &Object,
) -> Result<Sample, Error> {
    let (source, proof) = match layout.source(&object.name) {
        Err(fault) => (String::new(), Err(fault)),
        Ok(path) => {
            let of = Sampled { views, with, object, path: &path };
            let proof = if object.size <= FETCH_LIMIT { of.whole().await? } else { of.beginning().await? };
            (path, proof)
        }
    };
    let size = if proof.is_ok() { decrypted_len(object.size).unwrap_or_default() } else { 0 };
    let proof = proof.unwrap_or_else(|reason| Proof::Failed { reason });
    Ok(Sample { object: object.name.clone(), source, size, proof })
}

/// An object and where its source lies.
#[derive(Clone, Copy)]
struct Sampled<'a> {
    views: &'a Views,
    with: &'a Vaulted<'a>,
    object: &'a Object,
    path: &'a str,
}

impl Sampled<'_> {
    /// Decrypts the whole object as it arrives, and compares it with its source, read in step.
    async fn whole(self) -> Result<Result<Proof, Fault>, Error> {
        let mut body = match self.fetch(Part::Whole).await? {
            Ok(body) => body,
            Err(fault) => return Ok(Err(fault)),
        };
        let mut beside = match self.read_source(u64::MAX).await {
            Ok(source) => Beside::Same { source, ahead: Vec::new() },
            Err(but) => Beside::Unread(but),
        };
        let mut opened = DecryptWriter::new(self.with.keys()?, Vec::new());
        let mut authenticated = 0;
        while let Some(part) = body.next().await.transpose()? {
            if let Err(error) = opened.write_all(&part) {
                return Ok(Err(closed(error)));
            }
            let plain = std::mem::take(opened.get_mut());
            beside.compare(&plain, authenticated).await;
            authenticated += plain.len() as u64;
        }
        let last = match opened.finish(decrypted_len(self.object.size).ok()) {
            Ok(last) => last,
            Err(error) => return Ok(Err(closed(error))),
        };
        beside.compare(&last, authenticated).await;
        authenticated += last.len() as u64;
        Ok(match beside.ended(authenticated).await {
            Beside::Same { .. } => Ok(Proof::Content),
            Beside::Unread(but) => Ok(Proof::Keys { authenticated, but }),
            Beside::Differs(at) => {
                let fault = format!("it opens, and its content is not its source's: byte {at} differs");
                self.unless_changed(fault, authenticated).await
            }
        })
    }

    /// Proves the keys by the object's beginning; then, where B2 holds its hash, the rest by the source's.
    async fn beginning(self) -> Result<Result<Proof, Fault>, Error> {
        let mut body = match self.fetch(Part::Beginning(KEY_PROOF_RANGE.end)).await? {
            Ok(body) => body,
            Err(fault) => return Ok(Err(fault)),
        };
        let mut beginning = Vec::new();
        while let Some(part) = body.next().await.transpose()? {
            beginning.extend_from_slice(&part);
        }
        let keys = self.with.keys()?;
        let authenticated = match prove_keys(keys, &beginning) {
            Ok(Proven::Keys { authenticated }) => authenticated,
            Ok(_) => return Ok(Err("B2 gave nothing of it but its header".to_owned())),
            Err(error) => return Ok(Err(closed(error))),
        };
        let but = |but: Unread| Ok(Ok(Proof::Keys { authenticated, but }));
        let Some(stored) = self.object.sha1 else {
            return but("it is too large to fetch, and B2 holds no hash of it".to_owned());
        };
        let source = match self.read_source(HASH_LIMIT).await {
            Ok(source) => source,
            Err(reason) => return but(reason),
        };
        Ok(match hashed(keys, &beginning[..HEADER_LEN], source, &stored).await {
            Ok(true) => Ok(Proof::Hash),
            Ok(false) => {
                let fault =
                    "its beginning opens, and B2's hash of it is not that of its source encrypted again";
                self.unless_changed(fault.to_owned(), authenticated).await
            }
            Err(unread) => return but(unread),
        })
    }

    /// The object's bytes; a fault where whoever has nothing but the vault would not get them.
    async fn fetch(self, part: Part) -> Result<Result<Body, Fault>, Error> {
        match self.views.object_store.fetch(self.with.access, self.object, part).await {
            Ok(body) => Ok(Ok(body)),
            Err(error) if matches!(error.kind(), PortErrorKind::Unauthorized | PortErrorKind::Refused) => {
                Ok(Err(format!("the escrowed key does not fetch it: {error}")))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The source's bytes, if it is what it was at the upload and not longer than this.
    async fn read_source(self, limit: u64) -> Result<Body, Unread> {
        let facts = self.unchanged().await?;
        if facts.size > limit {
            return Err("it is too large to fetch, and its source too large to read".to_owned());
        }
        let source = self.views.source.read(self.path, &facts).await;
        source.map_err(|error| format!("its source cannot be read: {error}"))
    }

    /// The source's size and time, if neither is another than at the upload.
    async fn unchanged(self) -> Result<FileFacts, Unread> {
        let facts = match self.views.source.stat(self.path).await {
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
    async fn unless_changed(self, fault: Fault, authenticated: u64) -> Result<Proof, Fault> {
        match self.unchanged().await {
            Ok(_) => Err(fault),
            Err(but) => Ok(Proof::Keys { authenticated, but }),
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
