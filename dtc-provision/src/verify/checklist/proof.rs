//! What lies in the bucket, what of it opens, and what was documented.

use super::found::Found;
use super::secrets::{key_is_known, refused_key};
use crate::facts::Unread;
use crate::verify::evidence::Evidence;
use crate::verify::item::ItemId;
use crate::verify::recover::{PoolProof, Proof, Sample};

pub(super) fn archives(evidence: &Evidence<'_>) -> Found {
    let proofs = match evidence.proofs.read() {
        Ok(proofs) => proofs,
        Err(unread) => return Found::unread(unread),
    };
    let excluded: Vec<&String> = proofs.iter().flat_map(|proof| &proof.excluded).collect();
    let unreached: Vec<&str> = proofs.iter().flat_map(|proof| &proof.unreached).map(String::as_str).collect();
    let unlisted: Vec<String> = proofs.iter().filter_map(unlisted).collect();
    let objects = proofs.iter().map(|proof| proof.objects).fold(0, u64::saturating_add);
    match excluded.first() {
        Some(first) => Found::fail(format!("{} objects, first {first}", excluded.len())),
        None if !unlisted.is_empty() => Found::NotCheckable(unlisted.join("; ")),
        None if unreached.is_empty() => Found::pass(format!("{objects} objects")),
        None => Found::pass(format!("{objects} objects; the filters do not reach {}", unreached.join(", "))),
    }
}

/// What was found wrong decides first; then what could not be looked at; what was proven last.
pub(super) fn recoverable(evidence: &Evidence<'_>) -> Found {
    let proofs = evidence.proofs.read();
    let failed: Vec<String> =
        proofs.into_iter().flatten().flat_map(PoolProof::failures).map(sentence).collect();
    if !failed.is_empty() {
        return Found::fail(failed.join("; "));
    }
    if !key_is_known(evidence) {
        return Found::RestsOn(ItemId::KeyScope);
    }
    if evidence.key().is_none() || refused_key(evidence).is_some() {
        return Found::RestsOn(ItemId::KeyEscrowed);
    }
    if evidence.pair().is_none() {
        return Found::RestsOn(ItemId::SecretsEscrowed);
    }
    let proofs = match proofs {
        Ok(proofs) => proofs,
        Err(unread) => return Found::unread(unread),
    };
    let operational = evidence.seen.vault.ok().is_some_and(|vault| vault.operational);
    let gaps: Vec<String> = proofs.iter().flat_map(|proof| gaps(proof, operational)).collect();
    match (gaps.is_empty(), proofs.iter().all(|proof| proof.samples.is_empty())) {
        (true, true) => Found::NotApplicable("the bucket holds no object".to_owned()),
        (true, false) => Found::pass(opened(proofs)),
        (false, true) => Found::NotCheckable(gaps.join("; ")),
        (false, false) => Found::NotCheckable(format!("{}; {}", gaps.join("; "), opened(proofs))),
    }
}

/// How many objects were opened, and what that shows.
fn opened(proofs: &[PoolProof]) -> String {
    let samples = || proofs.iter().flat_map(|proof| &proof.samples);
    let of = |wanted: fn(&Proof) -> bool| samples().filter(|sample| wanted(&sample.proof)).count();
    format!(
        "{} objects opened of {}: {} equal to their sources, {} by B2's hash of their sources, {} by their keys alone",
        of(Proof::opens),
        proofs.iter().map(|proof| proof.with_content).fold(0, u64::saturating_add),
        of(|proof| *proof == Proof::Content),
        of(|proof| *proof == Proof::Hash),
        of(|proof| matches!(proof, Proof::Keys { .. })),
    )
}

/// What of a pool could not be looked at. Of a backup that is called operational, a pool without an object is one of them: either
/// the pool is empty, or its backup is gone, and the bucket does not tell which.
fn gaps(proof: &PoolProof, operational: bool) -> Vec<String> {
    let unfetched = proof.samples.iter().filter(|sample| matches!(sample.proof, Proof::NotCheckable { .. }));
    let mut gaps: Vec<String> = unlisted(proof).into_iter().chain(unfetched.map(sentence)).collect();
    if gaps.is_empty() && operational && proof.objects == 0 {
        gaps.push(format!(
            "{}: the bucket holds no object of it. Its backup is gone, or the pool is empty: then name the other pools as `pools` in the site file",
            proof.pool
        ));
    }
    // An encrypted empty file is opened by any password: only a block that is authentic shows that this one is right.
    if gaps.is_empty() && proof.objects > 0 && !proof.samples.iter().any(|sample| sample.proof.opens()) {
        gaps.push(match proof.with_content {
            0 => format!(
                "{}: its {} objects have no content, and so nothing shows that password and salt open it. Once a file with content is backed up, verify again",
                proof.pool, proof.objects
            ),
            _ => format!("{}: none of its objects was opened", proof.pool),
        });
    }
    gaps
}

fn unlisted(proof: &PoolProof) -> Option<String> {
    proof.unlisted.as_ref().map(|why| format!("{}: its listing is not whole: {why}", proof.pool))
}

fn sentence(sample: &Sample) -> String {
    match &sample.proof {
        Proof::Failed { reason } | Proof::Damaged { reason } | Proof::NotCheckable { reason, .. } => {
            format!("{}: {reason}", sample.object)
        }
        Proof::Content | Proof::Hash | Proof::Keys { .. } => sample.object.clone(),
    }
}

/// Completion is noted in the vault's record and, where the site names one, in the ticket.
pub(super) fn documented(evidence: &Evidence<'_>) -> Found {
    if evidence.seen.vault.ok().is_some_and(|vault| vault.key.is_some() && !vault.operational) {
        return Found::fail("the vault's record does not say that the backup is operational");
    }
    match evidence.seen.ticket.as_ref().map(|noted| noted.read()) {
        None => Found::NotApplicable("the site names no ticket".to_owned()),
        // A ticket that was read, has no note and takes none.
        Some(Err(unread @ Unread::Refused(_))) => Found::fail(format!("the note is missing; {unread}")),
        Some(Err(unread)) => Found::unread(unread),
        Some(Ok(true)) => Found::pass("the note is there"),
        Some(Ok(false)) => Found::fail("the note is missing"),
    }
}
