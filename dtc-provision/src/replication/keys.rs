//! The keys of a replication: of the sources, exported and escrowed; of the destination, drawn or given and escrowed before use (R5).

use dtc_naming::DatasetName;

use super::facts::{Observed, sent};
use super::wanted::{Encryption, Passphrases, Replication};
use crate::error::{Error, Refusal};
use crate::escrow::{self, EscrowContext, NotEscrowed};
use crate::ids::VaultOrganizationId;
use crate::ports::{EndDataset, Opening, Ports, ReplicationEndView, Views};
use crate::proofs::{DatasetOf, Escrowed, Minted};
use crate::secret::{DatasetKey, DatasetKeyFormat, DatasetSecret};

/// Encryption roots of what is sent, each once, at the source.
pub(super) fn source_roots(wanted: &Replication, seen: &Observed) -> Vec<DatasetName> {
    let mut roots: Vec<DatasetName> = sent(wanted, &seen.from)
        .iter()
        .filter_map(|(name, _)| seen.from.dataset(name)?.encryption_root.clone())
        .collect();
    roots.sort();
    roots.dedup();
    roots
}

/// Escrows the keys of the sources: those that the appliance exports, and passphrases that were given and open what they are for. What
/// is left is named: its proof is not checkable.
pub(super) async fn escrow_sources(
    wanted: &Replication,
    seen: &Observed,
    passphrases: &mut Passphrases,
    (from, ports, context): (&dyn ReplicationEndView, &Ports, &EscrowContext),
) -> Result<Sources, Error> {
    let mut sources = Sources::default();
    for root in source_roots(wanted, seen) {
        let of = DatasetOf { device: seen.from.guid(&wanted.from)?, dataset: root.clone() };
        let exported = from.exported_keys(&root).await?;
        let key = exported.into_iter().find(|(name, _)| *name == root).map(|(_, key)| key);
        let given = passphrases.sources.iter().position(|(name, _)| *name == root);
        let minted = match (key, given) {
            (Some(key), _) => key,
            (None, Some(at)) => {
                let (_, secret) = passphrases.sources.remove(at);
                let key = DatasetKey { format: DatasetKeyFormat::Passphrase, secret };
                if !from.opened_by(&root, &key).await? {
                    let what = format!("the passphrase given for {root} on {} does not open it", wanted.from);
                    return Err(Refusal::precondition(
                        "R5",
                        what,
                        "Give the right one; the vault was not changed",
                    )
                    .into());
                }
                Minted::new(key)
            }
            // The vault may have it from before.
            (None, None) if recall(ports, &context.organization, &of).await?.is_some() => {
                sources.escrowed += 1;
                continue;
            }
            (None, None) => {
                sources.unknown.push(root);
                continue;
            }
        };
        escrowed(minted, ports, context, of).await?;
        sources.escrowed += 1;
    }
    Ok(sources)
}

/// What became of keys that were there before.
#[derive(Debug, Default)]
pub(super) struct Sources {
    pub(super) escrowed: usize,
    /// Roots that open with a passphrase which nobody has given.
    pub(super) unknown: Vec<DatasetName>,
}

async fn escrowed(
    minted: Minted<DatasetKey>,
    ports: &Ports,
    context: &EscrowContext,
    of: DatasetOf,
) -> Result<Escrowed<DatasetKey>, Error> {
    escrow::escrow(minted, ports, context, of).await.map_err(|NotEscrowed { why, .. }| why)
}

async fn recall(
    ports: &Ports,
    organization: &VaultOrganizationId,
    of: &DatasetOf,
) -> Result<Option<Escrowed<DatasetKey>>, Error> {
    escrow::recall(ports, organization, of).await
}

/// The destination's own key, in the vault: the one that is there, the one that is given, or a new one; `None` where it gets none.
pub(super) async fn destination(
    wanted: &Replication,
    seen: &Observed,
    given: Option<DatasetSecret>,
    (to, ports, context): (&dyn ReplicationEndView, &Ports, &EscrowContext),
) -> Result<Option<Escrowed<DatasetKey>>, Error> {
    let Some(format) = wanted.own_key() else { return Ok(None) };
    let of = DatasetOf { device: seen.to.guid(&wanted.to)?, dataset: wanted.destination.clone() };
    let given = given.map(|secret| DatasetKey { format, secret });
    if let Some(held) = recall(ports, &context.organization, &of).await? {
        return kept(held, given, wanted).map(Some);
    }
    let destination = &wanted.destination;
    let is_there = seen.to.is_root(destination);
    let minted = match (given, format) {
        (Some(key), _) if is_there && !to.opened_by(destination, &key).await? => {
            let what =
                format!("the {} given for {destination} on {} does not open it", called(format), wanted.to);
            return Err(
                Refusal::precondition("R5", what, "Give the right one; the vault was not changed").into()
            );
        }
        (Some(key), _) => Minted::new(key),
        (None, _) if is_there => made_before(wanted, to).await?,
        (None, DatasetKeyFormat::Passphrase) => drawn_passphrase(ports)?,
        (None, DatasetKeyFormat::Hex) => escrow::complete(ports, &context.organization, &of).await?,
    };
    escrowed(minted, ports, context, of).await.map(Some)
}

/// What a key of this kind is called in a sentence.
fn called(format: DatasetKeyFormat) -> &'static str {
    match format {
        DatasetKeyFormat::Hex => "key",
        DatasetKeyFormat::Passphrase => "passphrase",
    }
}

/// The key that the vault holds, unless another one is given now, or it is of another kind than is wanted.
fn kept(
    held: Escrowed<DatasetKey>,
    given: Option<DatasetKey>,
    wanted: &Replication,
) -> Result<Escrowed<DatasetKey>, Error> {
    let url = held.record().url.clone();
    if wanted.own_key().is_some_and(|format| held.value().format != format) {
        let what = format!(
            "the vault holds a key of {} that is a {}",
            wanted.destination,
            held.value().format.as_str()
        );
        return Err(Refusal::blocked(
            "R5",
            what,
            format!("Archive the record if nothing is encrypted by it ({url})"),
        )
        .into());
    }
    if given.map(Minted::new).is_some_and(|given| !held.is(&given)) {
        let kind = called(held.value().format);
        let what = format!("the vault holds another {kind} of {} than the one given", wanted.destination);
        return Err(Refusal::blocked("R5", what, format!("Give that one, or none ({url})")).into());
    }
    Ok(held)
}

/// The key of a destination that is there and that the vault does not know: exported where the appliance keeps it.
async fn made_before(wanted: &Replication, to: &dyn ReplicationEndView) -> Result<Minted<DatasetKey>, Error> {
    let destination = &wanted.destination;
    let exported = to.exported_keys(destination).await?;
    exported.into_iter().find(|(name, _)| name == destination).map(|(_, key)| key).ok_or_else(|| {
        let what = format!(
            "{destination} on {} is encrypted by itself, the vault holds no key of it, and the appliance exports none",
            wanted.to
        );
        Refusal::precondition("R5", what, "Name another destination, or restore the vault's record").into()
    })
}

/// The encryption root whose key the destination inherits; `None` where it inherits none.
pub(super) fn inherited_root(wanted: &Replication, seen: &Observed) -> Option<DatasetName> {
    let inherits = wanted.encryption == Encryption::Inherit;
    seen.to.nearest(&wanted.destination).filter(|_| inherits)?.encryption_root.clone()
}

/// Escrows the key that the destination inherits, where the appliance exports it. Of a passphrase the vault knows only what it was given.
pub(super) async fn escrow_inherited(
    wanted: &Replication,
    seen: &Observed,
    (to, ports, context): (&dyn ReplicationEndView, &Ports, &EscrowContext),
) -> Result<Sources, Error> {
    let mut sources = Sources::default();
    let Some(root) = inherited_root(wanted, seen) else { return Ok(sources) };
    let of = DatasetOf { device: seen.to.guid(&wanted.to)?, dataset: root.clone() };
    let exported = to.exported_keys(&root).await?.into_iter().find(|(name, _)| *name == root);
    match exported {
        Some((_, key)) => {
            escrowed(key, ports, context, of).await?;
            sources.escrowed = 1;
        }
        None if recall(ports, &context.organization, &of).await?.is_some() => sources.escrowed = 1,
        None => sources.unknown.push(root),
    }
    Ok(sources)
}

/// A passphrase of 64 hexadecimal digits, 256 bits.
fn drawn_passphrase(ports: &Ports) -> Result<Minted<DatasetKey>, Error> {
    let drawn = escrow::draw_hex(ports.entropy.as_ref())?;
    Ok(Minted::new(DatasetKey { format: DatasetKeyFormat::Passphrase, secret: DatasetSecret::new(drawn) }))
}

/// Refuses keys and passphrases that cannot be one before anything is written.
pub(super) fn check_given(wanted: &Replication, passphrases: &Passphrases) -> Result<(), Refusal> {
    let of_sources = passphrases
        .sources
        .iter()
        .map(|(name, secret)| (DatasetKeyFormat::Passphrase, format!("of {name}"), secret));
    let own = passphrases.destination.iter().zip(wanted.own_key());
    let own = own.map(|(secret, format)| (format, "of the destination".to_owned(), secret));
    for (format, whose, secret) in own.chain(of_sources) {
        if let Some(problem) = format.problem_of(secret) {
            let what = format!("the {} {whose} cannot be one: {problem} (encryption_key)", called(format));
            return Err(Refusal::precondition("R5", what, "Give another one"));
        }
    }
    Ok(())
}

/// An encryption root at the destination, and whose key opens it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Root {
    pub(super) root: DatasetName,
    /// `None` where the key is that of a dataset above the destination, which is not this replication's.
    pub(super) of: Option<DatasetOf>,
}

/// Every encryption root that opens something of what has arrived. Children that were sent one by one are roots of their own (raw).
pub(super) fn destination_roots(wanted: &Replication, seen: &Observed) -> Result<Vec<Root>, Refusal> {
    let mut roots: Vec<Root> = Vec::new();
    for (source, target) in sent(wanted, &seen.from) {
        let Some(root) =
            seen.to.dataset(&target).and_then(|found: &EndDataset| found.encryption_root.clone())
        else {
            continue;
        };
        if roots.iter().any(|known| known.root == root) {
            continue;
        }
        let own = matches!(wanted.encryption, Encryption::Key { .. } | Encryption::Passphrase { .. });
        let of = if own && (root == wanted.destination || root.is_below(&wanted.destination)) {
            // Sent one by one, each is a root of its own, with the one key.
            Some(DatasetOf { device: seen.to.guid(&wanted.to)?, dataset: wanted.destination.clone() })
        } else if wanted.encryption == Encryption::Inherit {
            Some(DatasetOf { device: seen.to.guid(&wanted.to)?, dataset: root.clone() })
        } else if root == target && wanted.encryption == Encryption::AsSource {
            // The key is that of the source's root.
            let at_source = seen.from.dataset(&source).and_then(|found| found.encryption_root.clone());
            match at_source {
                Some(dataset) => Some(DatasetOf { device: seen.from.guid(&wanted.from)?, dataset }),
                None => None,
            }
        } else {
            None
        };
        roots.push(Root { root, of });
    }
    Ok(roots)
}

/// What the vault holds for a root.
pub(super) async fn held(
    views: &Views,
    seen: &Observed,
    root: &Root,
) -> Result<Option<(Opening, Escrowed<DatasetKey>)>, Error> {
    let Some(of) = &root.of else { return Ok(None) };
    let found = escrow::recall_from(views.secrets.as_ref(), &seen.organization, of, &seen.records).await?;
    Ok(found.map(|key| (Opening { root: root.root.clone(), of: of.clone() }, key)))
}
