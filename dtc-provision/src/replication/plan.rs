//! What has to be done so that two appliances replicate.

use serde::Serialize;

use super::facts::{LinkFacts, Observed, pair_name};
use super::keys;
use super::preconditions::{self, chosen};
use super::snapshot_tasks;
use super::wanted::{Encryption, Passphrases, Replication};
use crate::error::{Error, ErrorKind};
use crate::phases::{Finding, Step, StepKind};
use crate::ports::{
    ConnectionSpec, Eligible, EndUser, LastReplication, ReplicationSettings, ReplicationTask, ZFS,
};
use crate::proofs::consent::{Act, GrantReplicationAccess, Question, TrustHostKey};

/// A plan for one replication: data to be shown and compared. It holds no secret.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ReplicationPlan {
    /// The replication's name.
    pub name: String,
    /// What is done, in this order.
    pub steps: Vec<Step>,
    /// What is not as it should be, and that nothing is done about.
    pub findings: Vec<Finding>,
    /// How many snapshots of the sources are taken along.
    pub snapshots: Eligible,
    #[serde(skip)]
    pub(super) acts: Acts,
}

/// What has to be consented to.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Acts {
    pub(super) trust: Option<Act>,
    pub(super) grant: Option<Act>,
}

impl ReplicationPlan {
    /// Whether nothing is to be done.
    pub fn is_empty(&self) -> bool {
        self.steps.iter().all(|step| step.kind == StepKind::Keep)
    }

    /// What a person has to consent to first.
    pub fn questions(&self) -> Vec<Question> {
        let Acts { trust, grant } = &self.acts;
        let trust = trust.iter().map(Question::of::<TrustHostKey>);
        trust.chain(grant.iter().map(Question::of::<GrantReplicationAccess>)).collect()
    }

    /// Refuses to be applied to a world that has changed since.
    ///
    /// # Errors
    /// [`ErrorKind::Stale`].
    pub fn against(&self, now: &Self) -> Result<(), Error> {
        if self == now {
            return Ok(());
        }
        let changed = format!("what the replication {:?} acts on", self.name);
        Err(ErrorKind::Stale { changed }.into())
    }
}

/// Plans: everything that is missing, and what has to be consented to. Nothing is written, and nothing is sent.
///
/// # Errors
/// What R1 to R5 ask for and is not so, all of it at once; another host key than the one that is pinned.
pub fn plan(
    wanted: &Replication,
    seen: &Observed,
    passphrases: &Passphrases,
) -> Result<ReplicationPlan, Error> {
    preconditions::check(wanted, seen)?;
    keys::check_given(wanted, passphrases)?;
    let mut plan = ReplicationPlan {
        name: wanted.name.clone(),
        steps: Vec::new(),
        findings: Vec::new(),
        snapshots: counted(seen),
        acts: Acts::default(),
    };
    if let Some(link) = &seen.link {
        plan.link(wanted, link, &seen.host(wanted));
    }
    plan.own_home(wanted, seen);
    plan.destination(wanted, seen);
    plan.keys(wanted, seen, passphrases)?;
    plan.task(wanted, seen);
    plan.left_open(wanted, seen);
    Ok(plan)
}

fn counted(seen: &Observed) -> Eligible {
    let eligible = seen.pairs.iter().map(|pair| pair.sent.len() as u64).sum();
    Eligible { total: eligible, eligible }
}

/// What a user lacks to be logged in as for a replication.
#[derive(Clone, Debug, Default, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is lacking or not, whatever the others are")]
pub(super) struct Lacks {
    pub(super) home: bool,
    pub(super) key: bool,
    pub(super) sudo: bool,
    pub(super) server: bool,
}

/// Homes that TrueNAS gives to users that have none.
const NO_HOMES: [&str; 3] = ["", "/var/empty", "/nonexistent"];

pub(super) fn lacks(link: &LinkFacts, user: &EndUser) -> Lacks {
    let public = link.key_pair.as_ref().map(|pair| words(&pair.public_key));
    let may_all = user.is_root || user.sudo.iter().any(|command| command == "ALL" || command == ZFS);
    let has_key = public.is_some_and(|public| user.public_keys.iter().any(|known| words(known) == public));
    Lacks {
        home: !user.is_root && (NO_HOMES.contains(&user.home.as_str()) || !user.home.starts_with("/mnt/")),
        key: !has_key,
        sudo: !may_all,
        server: !link.ssh.running || !link.ssh.autostart,
    }
}

/// The kind and the key of a public key's line, without its comment.
fn words(line: &str) -> (String, String) {
    let mut words = line.split_whitespace().map(str::to_owned);
    (words.next().unwrap_or_default(), words.next().unwrap_or_default())
}

impl Lacks {
    fn nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// What the grant says, whatever of it is there already: a consent holds for a run that goes on.
pub(super) fn grant_act(wanted: &Replication) -> Act {
    let (runner, remote) = wanted.names();
    let sudo = if wanted.remote_user == "root" { "" } else { "; run zfs by sudo without a password" };
    let rights =
        format!("log in by SSH with a key, the SSH server of {remote} running and starting with it{sudo}");
    let subject = format!("{}@{remote}", wanted.remote_user);
    Act::of::<GrantReplicationAccess>(subject, [("from", runner.to_owned()), ("rights", rights)])
}

impl ReplicationPlan {
    fn keep_or(&mut self, step: Step, is_there: bool) {
        let kind = if is_there { StepKind::Keep } else { step.kind };
        self.steps.push(Step { kind, ..step });
    }

    fn link(&mut self, wanted: &Replication, link: &LinkFacts, host: &str) {
        let (runner, remote) = wanted.names();
        let pair =
            Step::new("R2", StepKind::Create, format!("SSH key pair {:?} on {runner}", pair_name(wanted)));
        self.keep_or(pair.detail("the private key stays there"), link.key_pair.is_some());
        if let Some(user) = &link.user {
            let lacks = lacks(link, user);
            if !lacks.nothing() {
                let act = grant_act(wanted);
                let mut step =
                    Step::new("R1", StepKind::Change, format!("the user {} on {remote}", user.name));
                let details = [
                    (lacks.home, format!("a home directory, in place of {:?}", user.home)),
                    (lacks.key, "the public key, beside those that are there".to_owned()),
                    (lacks.sudo, format!("{ZFS} by sudo without a password")),
                    (lacks.server, "the SSH server started, and starting with the appliance".to_owned()),
                ];
                for (_, detail) in details.into_iter().filter(|(lacks, _)| *lacks) {
                    step = step.detail(detail);
                }
                self.steps.push(step);
                self.acts.grant = Some(act);
            }
        }
        let step = Step::new("R2", StepKind::Create, format!("SSH connection {:?} on {runner}", wanted.name));
        let step = step.detail(format!("to {}@{host}:{}", wanted.remote_user, link.ssh.port));
        let Some(key) = chosen(wanted, link) else { return };
        // One that is there and leads elsewhere was refused.
        let is_there = link.connection.is_some();
        self.keep_or(step.detail(format!("host key {}", key.fingerprint)), is_there);
        if !is_there && wanted.host_key.is_none() {
            let terms = ConnectionSpec::terms(host, link.ssh.port, remote);
            self.acts.trust = Some(Act::of::<TrustHostKey>(key.fingerprint.clone(), terms));
        }
    }

    /// The instructions want a home on both appliances. The run does not use the one here, so that it stops nothing.
    fn own_home(&mut self, wanted: &Replication, seen: &Observed) {
        let without = seen.own_home.as_deref().filter(|home| wanted.is_remote() && NO_HOMES.contains(home));
        if let Some(home) = without {
            let (runner, _) = wanted.names();
            let what = format!(
                "the user of the API key on {runner} has no home directory (home is {home:?}): give it one under Credentials, Local Users"
            );
            self.findings.push(Finding::new("R1", what));
        }
    }

    fn destination(&mut self, wanted: &Replication, seen: &Observed) {
        for parent in missing_parents(wanted, seen) {
            self.steps.push(Step::new("R1", StepKind::Create, format!("dataset {parent} on {}", wanted.to)));
        }
    }

    fn keys(&mut self, wanted: &Replication, seen: &Observed, given: &Passphrases) -> Result<(), Error> {
        let roots = keys::source_roots(wanted, seen);
        if !roots.is_empty() {
            seen.from.guid(&wanted.from)?;
        }
        for root in roots {
            let step = Step::new("R5", StepKind::Secret, format!("the key of {root} on {}", wanted.from));
            let is_held = seen.holds(true, &root);
            let is_given = given.sources.iter().any(|(name, _)| *name == root);
            let how = if is_given {
                "the passphrase that is given, escrowed"
            } else {
                "exported and escrowed; a passphrase is not exported, and has to be given"
            };
            self.keep_or(step.detail(how), is_held);
        }
        if let Some(root) = keys::inherited_root(wanted, seen) {
            seen.to.guid(&wanted.to)?;
            let step = Step::new("R5", StepKind::Secret, format!("the key of {root} on {}", wanted.to));
            let is_held = seen.holds(false, &root);
            self.keep_or(step.detail("inherited by the destination; exported and escrowed"), is_held);
        }
        let (format, location) = match &wanted.encryption {
            Encryption::Key { location } => ("a key of 64 hexadecimal digits", location),
            Encryption::Passphrase { location } => ("a passphrase", location),
            Encryption::AsSource | Encryption::Clear | Encryption::Inherit => return Ok(()),
        };
        seen.to.guid(&wanted.to)?;
        let step =
            Step::new("R5", StepKind::Secret, format!("the key of {} on {}", wanted.destination, wanted.to));
        let step = step.detail(format!("{format}, escrowed before it is used, kept in {location}"));
        self.keep_or(step, seen.holds(false, &wanted.destination));
        Ok(())
    }

    fn task(&mut self, wanted: &Replication, seen: &Observed) {
        let (runner, _) = wanted.names();
        let step = |kind, detail: String| {
            Step::new("R3", kind, format!("replication task {:?} on {runner}", wanted.name)).detail(detail)
        };
        let connection = seen.link.as_ref().and_then(|link| Some(link.connection.as_ref()?.id.clone()));
        let settings = wanted.settings(connection);
        let count =
            format!("{} snapshots match {}", self.snapshots.eligible, seen.schemas(wanted).join(", "));
        let tasks: Vec<String> = seen.bound_tasks(wanted).map(snapshot_tasks::shown).collect();
        let count = match tasks.as_slice() {
            [] => count,
            tasks => format!("{count}; bound to the snapshot tasks {}", tasks.join("; ")),
        };
        match &seen.task {
            None => self.steps.push(step(StepKind::Create, count)),
            Some(task) => match differs(task, &settings) {
                Some(what) => self.steps.push(step(StepKind::Change, what)),
                None => self.steps.push(step(StepKind::Keep, count)),
            },
        }
        let run = Step::new("R6", StepKind::Run, format!("a first run of {:?}", wanted.name));
        let last = seen.task.as_ref().map_or(&LastReplication::Never, |task| &task.last);
        match last {
            LastReplication::Succeeded(_) if !arrived_nothing(seen) => {
                self.steps.push(Step { kind: StepKind::Keep, ..run });
            }
            LastReplication::Failed(reason) => {
                self.steps.push(run.detail(format!("the last one failed: {reason}")));
            }
            LastReplication::OnHold(reason) => {
                self.findings.push(Finding::new("R6", format!("the task is on hold: {reason}")));
                self.steps.push(run);
            }
            _ => self.steps.push(run),
        }
    }
}

impl ReplicationPlan {
    /// What a proof that was cut off has left.
    fn left_open(&mut self, wanted: &Replication, seen: &Observed) {
        for found in seen.to.marked(&wanted.destination) {
            let what = if found.locked {
                "the mark of a proof that was cut off, taken away; it is locked"
            } else {
                "locked again: a proof that was cut off has left it open"
            };
            let step = Step::new("R6", StepKind::Change, format!("dataset {} on {}", found.name, wanted.to));
            self.steps.push(step.detail(what));
        }
    }
}

fn arrived_nothing(seen: &Observed) -> bool {
    seen.pairs.iter().all(|pair| pair.newest_arrived().is_none())
}

/// What of a task is not as it should be.
pub(super) fn differs(task: &ReplicationTask, settings: &ReplicationSettings) -> Option<String> {
    match &task.settings {
        Err(what) => Some(format!("it is of a form that is not known here: {what}")),
        Ok(held) if held != settings => Some(difference(held, settings)),
        Ok(_) if task.allows_from_scratch => Some("it may destroy what stands at the destination".to_owned()),
        Ok(_) if !task.enabled => Some("it is disabled".to_owned()),
        Ok(_) => None,
    }
}

/// Setting by setting.
fn difference(held: &ReplicationSettings, wanted: &ReplicationSettings) -> String {
    let text = |settings: &ReplicationSettings| serde_json::to_value(settings).unwrap_or_default();
    let (held, wanted) = (text(held), text(wanted));
    let names = wanted.as_object().into_iter().flatten().map(|(name, _)| name);
    let lines = names.filter(|name| held[name.as_str()] != wanted[name.as_str()]);
    let lines = lines
        .map(|name| format!("{name} is {}, and is to be {}", held[name.as_str()], wanted[name.as_str()]));
    lines.collect::<Vec<_>>().join("; ")
}

/// Datasets above the destination that are not there, the uppermost first.
pub(super) fn missing_parents(wanted: &Replication, seen: &Observed) -> Vec<dtc_naming::DatasetName> {
    let above = std::iter::successors(wanted.destination.parent(), dtc_naming::DatasetName::parent);
    let mut missing: Vec<_> = above.take_while(|name| seen.to.dataset(name).is_none()).collect();
    missing.reverse();
    missing
}
