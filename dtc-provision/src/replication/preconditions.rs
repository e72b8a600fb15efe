//! What has to be so before anything is written (R1, R4, R5), each named where it fails.

use dtc_naming::DatasetName;

use super::facts::{EndFacts, LinkFacts, Observed, PairFacts, pair_name, sent, wrong_machine};
use super::snapshot_tasks;
use super::wanted::{Encryption, IN_DATABASE, Replication};
use crate::error::{Error, Refusal};
use crate::ports::{DatasetKind, EndDataset, EndHostKey, Way};

/// The role that a task which fetches takes.
const PULL_ROLE: &str = "REPLICATION_TASK_WRITE_PULL";
const FULL_ROLE: &str = "FULL_ADMIN";

/// Fails with everything that is missing, at once.
pub(super) fn check(wanted: &Replication, seen: &Observed) -> Result<(), Error> {
    if let Some(link) = &seen.link {
        host_key(wanted, link)?;
    }
    let mut missing = Vec::new();
    missing.extend(sources(wanted, &seen.from));
    missing.extend(snapshot_tasks::check(wanted, seen));
    missing.extend(destination(wanted, seen));
    missing.extend(encryption(wanted, seen));
    missing.extend(seen.link.as_ref().and_then(|link| remote_user(wanted, link)));
    missing.extend(seen.link.as_ref().and_then(|link| connection(wanted, seen, link)));
    missing.extend(rights(wanted, seen));
    let mut missing = missing.into_iter();
    match missing.next() {
        None => Ok(()),
        Some(first) => Err(Error::from(first).with_also(missing.map(|other| other.to_string()).collect())),
    }
}

/// Whether a dataset is sent as it is stored, for which no key is needed.
pub(super) fn is_raw(wanted: &Replication, dataset: &EndDataset) -> bool {
    dataset.encryption_root.is_some() && wanted.properties && wanted.encryption == Encryption::AsSource
}

fn sources(wanted: &Replication, from: &EndFacts) -> Vec<Refusal> {
    let mut missing = Vec::new();
    let called = &wanted.from;
    for source in wanted.sources.iter().filter(|source| from.dataset(source).is_none()) {
        missing.push(Refusal::precondition(
            "R1",
            format!("{called} has no dataset {source} (source_datasets)"),
            "Correct the replication's sources",
        ));
    }
    for (name, _) in sent(wanted, from) {
        let Some(dataset) = from.dataset(&name) else { continue };
        let raw = is_raw(wanted, dataset);
        if dataset.locked && !raw {
            missing.push(Refusal::precondition(
                "R1",
                format!("the source {name} on {called} is locked, and it is not sent raw"),
                "Unlock it (Datasets, Unlock; pool.dataset.unlock), or send it raw: with its properties and no further encryption",
            ));
        } else if dataset.kind == DatasetKind::Filesystem && !dataset.mounted && !dataset.locked {
            missing.push(Refusal::precondition(
                "R1",
                format!("the source {name} on {called} is not mounted"),
                "Mount it, or leave it out",
            ));
        }
    }
    missing
}

/// Within one appliance, a destination that is the source, or that a recursive source would send along with itself.
fn onto_itself(wanted: &Replication) -> Option<Refusal> {
    let destination = &wanted.destination;
    let holds = |source: &&DatasetName| {
        destination == *source
            || (wanted.recursive && destination.is_below(source))
            || source.is_below(destination)
    };
    let source = wanted.sources.iter().filter(|_| wanted.way == Way::Local).find(holds)?;
    Some(Refusal::precondition(
        "R1",
        format!("{destination} on {} is, holds, or is below the source {source} (target_dataset)", wanted.to),
        "Name a destination outside of what is sent",
    ))
}

fn destination(wanted: &Replication, seen: &Observed) -> Vec<Refusal> {
    let mut missing = Vec::new();
    let (to, called) = (&seen.to, &wanted.to);
    let pool: Option<DatasetName> = wanted.destination.pool().as_str().parse().ok();
    if pool.is_none_or(|pool| to.dataset(&pool).is_none()) {
        missing.push(Refusal::precondition(
            "R1",
            format!("{called} has no pool {} for {}", wanted.destination.pool(), wanted.destination),
            "Correct the replication's destination, or import the pool",
        ));
        return missing;
    }
    missing.extend(volume(wanted, seen));
    missing.extend(onto_itself(wanted));
    let schemas = seen.schemas(wanted);
    for pair in &seen.pairs {
        missing.extend(without_snapshot(wanted, seen, pair));
        let foreign = pair.foreign(&schemas);
        let has_base = pair.newest_arrived().is_some();
        let stands = pair.arrived.as_ref().is_some_and(|held| !held.is_empty());
        if !foreign.is_empty() || (stands && !has_base) {
            let shown: Vec<&str> = foreign.iter().take(5).copied().collect();
            missing.push(Refusal::blocked(
                "R3",
                format!(
                    "{} on {called} holds snapshots that {} does not have, and a run from scratch would destroy them: {}",
                    pair.target,
                    pair.source,
                    if shown.is_empty() { "none in common".to_owned() } else { shown.join(", ") }
                ),
                format!("Name another destination, such as {}-2; nothing is ever destroyed", wanted.destination),
            ));
        }
    }
    if seen.pairs.iter().any(|pair| wanted.sources.contains(&pair.source) && pair.sent.is_empty()) {
        missing.push(Refusal::precondition(
            "R3",
            format!("a source on {} has no snapshot that {} names", wanted.from, schemas.join(" or ")),
            "Take one, or let a periodic snapshot task take them; then plan again",
        ));
    }
    missing
}

/// Without a snapshot, what is there has come there some other way; the run would refuse it.
fn without_snapshot(wanted: &Replication, seen: &Observed, pair: &PairFacts) -> Option<Refusal> {
    let (target, called) = (&pair.target, &wanted.to);
    if !pair.arrived.as_ref().is_some_and(Vec::is_empty) {
        return None;
    }
    if let Some(file) = &pair.stray {
        return Some(Refusal::blocked(
            "R3",
            format!(
                "{target} on {called} holds files and no snapshot, such as {file}, and a run from scratch would destroy them"
            ),
            format!("Name another destination, such as {}-2; nothing is ever destroyed", wanted.destination),
        ));
    }
    if seen.to.is_root(target) {
        return Some(Refusal::blocked(
            "R5",
            format!("{target} on {called} is there, is encrypted by itself, and has no snapshot"),
            "Name another destination, or delete it if nothing is in it",
        ));
    }
    let is_sent_raw = seen.from.dataset(&pair.source).is_some_and(|source| is_raw(wanted, source));
    is_sent_raw.then(|| {
        Refusal::blocked(
            "R4",
            format!(
                "{target} on {called} is there, and {} is sent raw, which takes the place of no dataset",
                pair.source
            ),
            format!(
                "Name one below it that does not exist yet, such as {}/{}",
                wanted.destination,
                last(&pair.source)
            ),
        )
    })
}

fn last(name: &DatasetName) -> &str {
    name.as_str().rsplit('/').next().unwrap_or_default()
}

/// A zvol takes in nothing but what was sent from a zvol before.
fn volume(wanted: &Replication, seen: &Observed) -> Option<Refusal> {
    let (to, called) = (&seen.to, &wanted.to);
    let is_volume = |end: &EndFacts, name: &DatasetName| {
        end.dataset(name).is_some_and(|found| found.kind == DatasetKind::Volume)
    };
    let mut above = std::iter::successors(wanted.destination.parent(), DatasetName::parent);
    let between = above.find(|name| is_volume(to, name));
    let is_misfit = |(source, target): &(DatasetName, DatasetName)| {
        to.dataset(target).is_some() && is_volume(to, target) != is_volume(&seen.from, source)
    };
    let misfit = sent(wanted, &seen.from).into_iter().find(is_misfit);
    if let Some((source, target)) = misfit.as_ref().filter(|(_, target)| !is_volume(to, target)) {
        let what = format!("{target} on {called} is no zvol, and {source} is one");
        return Some(Refusal::precondition("R1", what, "Name another destination"));
    }
    let name = between.or(misfit.map(|(_, target)| target))?;
    let what =
        format!("{name} on {called} is a zvol: no file system is received into it, and nothing below it");
    Some(Refusal::precondition("R1", what, "Name another destination"))
}

fn encryption(wanted: &Replication, seen: &Observed) -> Vec<Refusal> {
    let is_sent_encrypted = sent(wanted, &seen.from)
        .iter()
        .any(|(name, _)| seen.from.dataset(name).is_some_and(|found| found.encryption_root.is_some()));
    let mut missing = Vec::new();
    let layered = !matches!(wanted.encryption, Encryption::AsSource | Encryption::Clear);
    if is_sent_encrypted && wanted.properties && layered {
        missing.push(Refusal::precondition(
            "R4",
            "a source is encrypted, its properties are sent, and the destination is to be encrypted besides (properties, encryption): \
             TrueNAS would save that, and fail in the run"
                .to_owned(),
            "Set encryption = \"source\", which sends it raw, or properties = false",
        ));
    }
    if is_sent_encrypted && wanted.properties && wanted.encryption == Encryption::Clear {
        missing.push(Refusal::precondition(
            "R4",
            "a source is encrypted and is to be stored in clear, and its properties are sent, its encryption among them (properties)"
                .to_owned(),
            "Set properties = false",
        ));
    }
    if is_sent_encrypted && !wanted.properties && wanted.encryption == Encryption::AsSource {
        missing.push(Refusal::precondition(
            "R4",
            "a source is encrypted, and without its properties it is stored in clear (properties)".to_owned(),
            "Set properties = true, or encryption = \"clear\" if that is wanted",
        ));
    }
    missing.extend(place(wanted, seen, is_sent_encrypted));
    missing.extend(location(wanted));
    missing
}

/// What stands at the destination has to suit how it is to be encrypted.
fn place(wanted: &Replication, seen: &Observed, is_sent_encrypted: bool) -> Option<Refusal> {
    let (to, called) = (&seen.to, &wanted.to);
    let layered = !matches!(wanted.encryption, Encryption::AsSource | Encryption::Clear);
    let existing = to.dataset(&wanted.destination);
    let nearest = to.nearest(&wanted.destination)?;
    let is_encrypted = nearest.encryption_root.is_some();
    if existing.is_some() && layered && !is_encrypted {
        return Some(Refusal::precondition(
            "R5",
            format!("{} on {called} exists and is not encrypted (encryption)", wanted.destination),
            "Name another destination, or set encryption = \"source\"",
        ));
    }
    if wanted.encryption == Encryption::Inherit && !is_encrypted {
        return Some(Refusal::precondition(
            "R5",
            format!(
                "{} on {called}, above the destination, is not encrypted (encryption_inherit)",
                nearest.name
            ),
            "Name a destination below an encrypted dataset, or give it a key of its own",
        ));
    }
    let is_clear = !(layered || is_sent_encrypted && wanted.properties);
    if existing.is_none() && is_encrypted && is_clear {
        return Some(Refusal::precondition(
            "R5",
            format!(
                "{} on {called}, above the destination, is encrypted, and what is sent is not (encryption)",
                nearest.name
            ),
            "Set encryption = \"inherit\", or give the destination a key of its own",
        ));
    }
    None
}

/// A key in the other appliance's database takes root there: it arrives only after the data.
fn location(wanted: &Replication) -> Option<Refusal> {
    let Encryption::Key { location } = &wanted.encryption else { return None };
    let is_refused = location == IN_DATABASE && wanted.way == Way::Push && wanted.remote_user != "root";
    is_refused.then(|| {
        Refusal::precondition(
            "R5",
            format!(
                "the key of the destination would be put into the database of {} by {}, who may not: the run would fail after the \
                 data arrived (encryption_key_location)",
                wanted.to, wanted.remote_user
            ),
            format!("Set key_location = \"/mnt/{}/.keys/{}.key\"", wanted.destination.pool(), key_file(wanted)),
        )
    })
}

fn key_file(wanted: &Replication) -> String {
    let keep = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    wanted.name.chars().map(keep).collect()
}

/// The user that is logged in as has to be there; what it lacks beyond that is mended by the plan.
fn remote_user(wanted: &Replication, link: &LinkFacts) -> Option<Refusal> {
    let (_, remote) = wanted.names();
    let user = &wanted.remote_user;
    match &link.user {
        None => Some(Refusal::precondition(
            "R1",
            format!("{remote} has no user {user} (username)"),
            "Create it (Credentials, Local Users), or name another one as remote_user",
        )),
        Some(found) if found.locked => Some(Refusal::precondition(
            "R1",
            format!("the user {user} on {remote} is locked (locked)"),
            "Unlock it (Credentials, Local Users, Edit)",
        )),
        Some(_) if link.ssh.host_keys.is_empty() => Some(Refusal::precondition(
            "R2",
            format!("the SSH server of {remote} has no host key yet, so that none can be shown"),
            "Start it once (System, Services, SSH), and plan again",
        )),
        Some(_) => None,
    }
}

/// One of the replication's name that is there leads where it has to.
fn connection(wanted: &Replication, seen: &Observed, link: &LinkFacts) -> Option<Refusal> {
    let held = link.connection.as_ref().filter(|_| !fits(wanted, seen, link))?;
    let what = format!(
        "the SSH connection {:?} on {} is there already, and leads to {}@{}:{} or has another key pair than {:?}",
        wanted.name,
        wanted.names().0,
        held.user,
        held.host,
        held.port,
        pair_name(wanted)
    );
    Some(Refusal::blocked("R2", what, "Rename it or the replication, or delete it"))
}

/// Whether the connection that is there is the one that is wanted.
fn fits(wanted: &Replication, seen: &Observed, link: &LinkFacts) -> bool {
    link.connection.as_ref().is_some_and(|held| {
        held.host == seen.host(wanted)
            && held.port == link.ssh.port
            && held.user == wanted.remote_user
            && link.key_pair.as_ref().is_some_and(|pair| pair.id == held.key_pair)
    })
}

fn rights(wanted: &Replication, seen: &Observed) -> Option<Refusal> {
    let roles = seen.may_write.as_ref().filter(|_| wanted.way == Way::Pull)?;
    let has = |role: &str| roles.iter().any(|held| held == role);
    (!has(PULL_ROLE) && !has(FULL_ROLE)).then(|| {
        Refusal::precondition(
            "R1",
            format!(
                "the API key of {} may not make a task that fetches: it lacks the role {PULL_ROLE}",
                wanted.to
            ),
            "Give its user the role (Credentials, Groups, Privileges)",
        )
    })
}

/// The host key that a new connection is to have, of those that the appliance says that it has.
pub(super) fn chosen<'a>(wanted: &Replication, link: &'a LinkFacts) -> Option<&'a EndHostKey> {
    if let Some(pinned) = &wanted.host_key {
        return link.ssh.host_keys.iter().find(|key| key.fingerprint == *pinned);
    }
    let kinds = ["ssh-ed25519", "ecdsa", "ssh-rsa"];
    let of = |kind: &&str| link.ssh.host_keys.iter().find(|key| key.line.starts_with(*kind));
    kinds.iter().find_map(of).or(link.ssh.host_keys.first())
}

/// A pinned key, and that of a connection that is there, is one that the other appliance has.
fn host_key(wanted: &Replication, link: &LinkFacts) -> Result<(), Error> {
    let own: Vec<&str> = link.ssh.host_keys.iter().map(|key| key.fingerprint.as_str()).collect();
    let (_, remote) = wanted.names();
    let differs = |known: &str, what: &str| {
        let attempted = format!("connect to {remote}");
        let answer =
            format!("{what} the host key {known}, and {remote} has {}; nothing was sent", own.join(", "));
        Err(wrong_machine(attempted, answer))
    };
    if let Some(pinned) = wanted.host_key.as_deref().filter(|pinned| !own.is_empty() && !own.contains(pinned))
    {
        return differs(pinned, "the site file pins");
    }
    let known = link.connection.iter().flat_map(|connection| &connection.host_keys);
    match known.into_iter().find(|key| !own.is_empty() && !own.contains(&key.fingerprint.as_str())) {
        Some(key) => differs(&key.fingerprint, "its connection pins"),
        None => Ok(()),
    }
}
