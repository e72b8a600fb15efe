//! What lies in the bucket, what of it opens, and what was documented.

use super::ItemId;
use super::found::Found;
use super::secrets::key_is_known;
use crate::verify::evidence::Evidence;
use crate::verify::recover::{PoolProof, Proof, Sample};

pub(super) fn archives(evidence: &Evidence<'_>) -> Found {
    let proofs = match evidence.proofs.read() {
        Ok(proofs) => proofs,
        Err(unread) => return Found::unread(unread),
    };
    let excluded: Vec<&String> = proofs.iter().flat_map(|proof| &proof.excluded).collect();
    let unreached: Vec<&str> = proofs.iter().flat_map(|proof| &proof.unreached).map(String::as_str).collect();
    let objects: u64 = proofs.iter().map(|proof| proof.objects).sum();
    match excluded.first() {
        Some(first) => Found::fail(format!("{} objects, first {first}", excluded.len())),
        None if unreached.is_empty() => Found::pass(format!("{objects} objects")),
        None => Found::pass(format!("{objects} objects; the filters do not reach {}", unreached.join(", "))),
    }
}

pub(super) fn recoverable(evidence: &Evidence<'_>) -> Found {
    if evidence.key().is_none() {
        return Found::RestsOn(ItemId::KeyEscrowed);
    }
    if evidence.pair().is_none() {
        return Found::RestsOn(ItemId::SecretsEscrowed);
    }
    if !key_is_known(evidence) {
        return Found::RestsOn(ItemId::KeyScope);
    }
    let proofs = match evidence.proofs.read() {
        Ok(proofs) => proofs,
        Err(unread) => return Found::unread(unread),
    };
    let failed: Vec<String> = proofs.iter().flat_map(PoolProof::failures).map(failure).collect();
    if !failed.is_empty() {
        return Found::fail(failed.join("; "));
    }
    let samples: Vec<&Sample> = proofs.iter().flat_map(|proof| &proof.samples).collect();
    if samples.is_empty() {
        return Found::NotCheckable("the bucket holds no object with content".to_owned());
    }
    let of = |wanted: fn(&Proof) -> bool| samples.iter().filter(|sample| wanted(&sample.proof)).count();
    Found::pass(format!(
        "{} objects opened of {}: {} equal to their sources, {} by B2's hash of their sources, {} by their keys alone",
        samples.len(),
        proofs.iter().map(|proof| proof.with_content).sum::<u64>(),
        of(|proof| *proof == Proof::Content),
        of(|proof| *proof == Proof::Hash),
        of(|proof| matches!(proof, Proof::Keys { .. })),
    ))
}

fn failure(sample: &Sample) -> String {
    match &sample.proof {
        Proof::Failed { reason } => format!("{}: {reason}", sample.object),
        _ => sample.object.clone(),
    }
}

pub(super) fn ticket(evidence: &Evidence<'_>) -> Found {
    match evidence.seen.ticket.as_ref().map(|noted| noted.read()) {
        None => Found::NotCheckable("the site names no ticket".to_owned()),
        Some(Err(unread)) => Found::unread(unread),
        Some(Ok(true)) => Found::pass("the note is there"),
        Some(Ok(false)) => Found::fail("the note is missing"),
    }
}
