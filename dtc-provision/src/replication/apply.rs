//! Everything that is missing, done in order: access, connection, keys into the vault, task, run, proof.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use dtc_naming::DatasetName;

use super::facts::{LinkFacts, Observed, PairFacts, observe, pair_name};
use super::keys;
use super::plan::{ReplicationPlan, differs, grant_act, lacks, missing_parents, plan};
use super::preconditions::chosen;
use super::verify::{ReplicationReport, judged};
use super::wanted::{EndViews, Ends, Passphrases, Replication};
use crate::error::{Error, ErrorKind, Refusal};
use crate::escrow::{self, EscrowContext};
use crate::ids::{JobId, ReplicationId};
use crate::journal::{Entry, Journal};
use crate::port_error::{PortError, PortErrorKind};
use crate::ports::{
    AccessGrant, ConnectionSpec, DestinationKey, EndConnection, EndKeyPair, EndUser, HostKeyTrust,
    JobProgress, JobState, LastReplication, Ports, ReplicationEnd, ReplicationEndView, ReplicationSettings,
    ReplicationTask, System, Views,
};
use crate::proofs::consent::{Consents, GrantReplicationAccess, TrustHostKey};
use crate::proofs::{DatasetOf, Escrowed};
use crate::secret::{DatasetKey, DatasetKeyFormat};
use crate::site::Site;

/// How often a job is asked for that nobody knows any more, before it is given up.
const LOST: u32 = 3;

/// What an apply was given, beside what it acts on.
#[derive(Debug)]
pub struct Given<'a> {
    /// The plan that was consented to.
    pub plan: &'a ReplicationPlan,
    /// The consents.
    pub consents: Consents,
    /// Passphrases that people chose.
    pub passphrases: Passphrases,
}

/// Carries out a plan: all of it again where it was killed, each thing once. What is done stays done.
///
/// # Errors
/// The world has changed since the plan; a consent is missing; the vault does not give a key back, and then it was not used; something reads back
/// as something else; the run fails, with the appliance's reason.
pub async fn apply(
    site: &Site,
    wanted: &Replication,
    given: Given<'_>,
    (ports, ends): (&Ports, &Ends),
    journal: &mut dyn Journal,
) -> Result<ReplicationReport, Error> {
    let views = (ports.views(), ends.views());
    let seen = observe(site, wanted, &views.0, &views.1).await?;
    let Given { plan: consented, consents, mut passphrases } = given;
    consented.against(&plan(wanted, &seen, &passphrases)?)?;
    all_given(consented, &consents, ports.clock.now())?;
    let mut work = Work { wanted, ports, ends, seen: &seen, consents, journal: Mutex::new(journal) };
    let connection = match &seen.link {
        Some(link) => Some(work.link(link).await?),
        None => None,
    };
    work.parents().await?;
    let mut unknown = work.source_keys(&mut passphrases).await?;
    unknown.extend(work.inherited_key().await?);
    let key = work.destination_key(passphrases.destination.take()).await?;
    let settings = wanted.settings(connection.map(|connection| connection.id));
    let task = work.task(&settings, key.as_ref()).await?;
    work.run(&task).await?;
    let mut report = work.prove(site, (&views.0, &views.1)).await?;
    report.unknown_keys = unknown;
    Ok(report)
}

/// One apply.
struct Work<'a> {
    wanted: &'a Replication,
    ports: &'a Ports,
    ends: &'a Ends,
    seen: &'a Observed,
    consents: Consents,
    /// Never locked: it lets an apply be given to a task, though a journal cannot be shared.
    journal: Mutex<&'a mut dyn Journal>,
}

impl Work<'_> {
    fn record(&mut self, entry: &Entry) {
        let journal = self.journal.get_mut().unwrap_or_else(PoisonError::into_inner);
        journal.record(self.ports.clock.now(), entry);
    }

    fn note(&mut self, step: &str) {
        self.record(&Entry::Started { step: step.to_owned() });
    }

    fn done(&mut self, step: &str, result: impl Into<String>) {
        self.record(&Entry::Done { step: step.to_owned(), result: result.into() });
    }

    fn unchanged(&mut self, step: &str) {
        self.record(&Entry::Unchanged { step: step.to_owned() });
    }

    fn runner(&self) -> &dyn ReplicationEnd {
        self.ends.runner(self.wanted.way)
    }

    /// Key pair, access, connection; at the end the connection works.
    async fn link(&mut self, link: &LinkFacts) -> Result<EndConnection, Error> {
        let pair = self.key_pair(link).await?;
        let Some(user) = &link.user else {
            return Err(ErrorKind::Stale { changed: "the remote user".to_owned() }.into());
        };
        self.access(link, user, &pair).await?;
        let connection = self.connection(link, &pair).await?;
        self.note("try the connection");
        let reached = self.runner().reached(&connection.id).await?;
        self.done("try the connection", format!("{} datasets show", reached.len()));
        Ok(connection)
    }

    async fn key_pair(&mut self, link: &LinkFacts) -> Result<EndKeyPair, Error> {
        const STEP: &str = "make the SSH key pair";
        if let Some(pair) = &link.key_pair {
            self.unchanged(STEP);
            return Ok(pair.clone());
        }
        self.note(STEP);
        let name = pair_name(self.wanted);
        let made = match self.runner().create_key_pair(&name).await {
            // Names are unique: if it is there, it was made.
            Err(error) if error.kind() == PortErrorKind::OutcomeUnknown => {
                self.runner().key_pair(&name).await?.ok_or(error)?
            }
            made => made?,
        };
        self.done(STEP, name);
        Ok(made)
    }

    async fn access(&mut self, link: &LinkFacts, user: &EndUser, pair: &EndKeyPair) -> Result<(), Error> {
        const STEP: &str = "let it log in";
        let with_pair = LinkFacts { key_pair: Some(pair.clone()), ..link.clone() };
        let lacks = lacks(&with_pair, user);
        if lacks == super::plan::Lacks::default() {
            self.unchanged(STEP);
            return Ok(());
        }
        self.note(STEP);
        let act = grant_act(self.wanted);
        let consent = self.consents.take::<GrantReplicationAccess>(&act, self.ports.clock.now());
        let consent = consent.ok_or_else(|| missing::<GrantReplicationAccess>(&act))?;
        let within = format!("/mnt/{}", self.home_pool());
        let grant = AccessGrant {
            user: user.clone(),
            public_key: pair.public_key.clone(),
            home_within: lacks.home.then_some(within),
            sudo: lacks.sudo,
        };
        self.ends.remote(self.wanted.way).grant_access(&grant, &act.subject, consent).await?;
        self.done(STEP, act.subject);
        Ok(())
    }

    /// The pool on which the remote user's home is made, if it has none.
    fn home_pool(&self) -> String {
        use crate::ports::Way;
        match self.wanted.way {
            Way::Pull => {
                self.wanted.sources.first().map_or_else(String::new, |source| source.pool().to_string())
            }
            Way::Push | Way::Local => self.wanted.destination.pool().to_string(),
        }
    }

    async fn connection(&mut self, link: &LinkFacts, pair: &EndKeyPair) -> Result<EndConnection, Error> {
        const STEP: &str = "make the SSH connection";
        let (host, port) = (self.seen.host(self.wanted), link.ssh.port);
        // One that leads elsewhere was refused before anything was written.
        if let Some(held) = &link.connection {
            self.unchanged(STEP);
            return Ok(held.clone());
        }
        self.note(STEP);
        let host_key = chosen(self.wanted, link).ok_or_else(|| {
            Refusal::precondition(
                "R2",
                "the other appliance has no host key".to_owned(),
                "Start its SSH server once",
            )
        })?;
        let scanned = self.runner().scan_host_keys(&host, port).await?;
        if !scanned.iter().any(|key| key.fingerprint == host_key.fingerprint) {
            let shown: Vec<&str> = scanned.iter().map(|key| key.fingerprint.as_str()).collect();
            let answer = format!(
                "it shows {}, and the appliance itself says {}; nothing was sent",
                shown.join(", "),
                host_key.fingerprint
            );
            return Err(super::facts::wrong_machine(format!("connect to {host}:{port}"), answer));
        }
        let spec = ConnectionSpec {
            name: self.wanted.name.clone(),
            host,
            port,
            user: self.wanted.remote_user.clone(),
            key_pair: pair.id.clone(),
            host_key: host_key.clone(),
        };
        let trust = self.trust(&spec)?;
        let made = match self.runner().create_connection(&spec, trust).await {
            Err(error) if error.kind() == PortErrorKind::OutcomeUnknown => {
                self.runner().connection(&spec.name).await?.ok_or(error)?
            }
            made => made?,
        };
        self.done(STEP, format!("{}@{}:{}, {}", spec.user, spec.host, spec.port, spec.host_key.fingerprint));
        Ok(made)
    }

    fn trust(&mut self, spec: &ConnectionSpec) -> Result<HostKeyTrust, Error> {
        use crate::proofs::consent::Act;
        if let Some(pinned) = &self.wanted.host_key {
            return Ok(HostKeyTrust::Pinned(pinned.clone()));
        }
        let appliance = self.wanted.names().1.to_owned();
        let terms = ConnectionSpec::terms(&spec.host, spec.port, &appliance);
        let act = Act::of::<TrustHostKey>(spec.host_key.fingerprint.clone(), terms);
        let consent = self.consents.take::<TrustHostKey>(&act, self.ports.clock.now());
        let consent = consent.ok_or_else(|| missing::<TrustHostKey>(&act))?;
        Ok(HostKeyTrust::Consented { consent, appliance })
    }

    async fn parents(&mut self) -> Result<(), Error> {
        for parent in missing_parents(self.wanted, self.seen) {
            let step = format!("make the dataset {parent}");
            self.note(&step);
            match self.ends.to.create_dataset(&parent).await {
                Err(error) if error.kind() == PortErrorKind::OutcomeUnknown => {
                    let datasets = self.ends.to.end_datasets().await?;
                    if !datasets.iter().any(|found| found.name == parent) {
                        return Err(error.into());
                    }
                }
                made => made?,
            }
            self.done(&step, parent.as_str());
        }
        Ok(())
    }

    fn context(&self, system: &System) -> Result<EscrowContext, Refusal> {
        let known_by = [system.host_name.as_str(), system.management_address.as_str()];
        let created = self.ports.clock.now();
        Ok(EscrowContext {
            organization: self.seen.organization.clone(),
            record: escrow::record_context(&self.seen.place.location_name, known_by, created, None)?,
        })
    }

    async fn source_keys(&mut self, passphrases: &mut Passphrases) -> Result<Vec<String>, Error> {
        const STEP: &str = "escrow the keys of the sources";
        if keys::source_roots(self.wanted, self.seen).is_empty() {
            return Ok(Vec::new());
        }
        self.note(STEP);
        let context = self.context(&self.seen.from.system)?;
        let sources = keys::escrow_sources(
            self.wanted,
            self.seen,
            passphrases,
            (self.ends.from.as_ref(), self.ports, &context),
        )
        .await?;
        self.done(STEP, format!("{} in the vault, {} unknown", sources.escrowed, sources.unknown.len()));
        Ok(sources.unknown.iter().map(ToString::to_string).collect())
    }

    async fn inherited_key(&mut self) -> Result<Vec<String>, Error> {
        const STEP: &str = "escrow the key that the destination inherits";
        if keys::inherited_root(self.wanted, self.seen).is_none() {
            return Ok(Vec::new());
        }
        self.note(STEP);
        let context = self.context(&self.seen.to.system)?;
        let given = (self.ends.to.as_ref() as &dyn ReplicationEndView, self.ports, &context);
        let inherited = keys::escrow_inherited(self.wanted, self.seen, given).await?;
        self.done(STEP, format!("{} in the vault, {} unknown", inherited.escrowed, inherited.unknown.len()));
        Ok(inherited.unknown.iter().map(ToString::to_string).collect())
    }

    async fn destination_key(
        &mut self,
        given: Option<crate::secret::DatasetSecret>,
    ) -> Result<Option<Escrowed<DatasetKey>>, Error> {
        const STEP: &str = "escrow the key of the destination";
        let context = self.context(&self.seen.to.system)?;
        let key =
            keys::destination(self.wanted, self.seen, given, (self.ends.to.as_ref(), self.ports, &context))
                .await?;
        if let Some(key) = &key {
            self.done(STEP, key.record().url.clone());
        }
        Ok(key)
    }

    /// Saves the task disabled, reads it back, enables it.
    async fn task(
        &mut self,
        settings: &ReplicationSettings,
        key: Option<&Escrowed<DatasetKey>>,
    ) -> Result<ReplicationId, Error> {
        const STEP: &str = "save the replication task";
        let held = self.runner().replication(&settings.name).await?;
        // Which key a task has does not show: until it has been used, the task is given the one from the vault.
        let knows_key = key.is_none() || self.seen.to.is_root(&self.wanted.destination);
        if let Some(task) = held.as_ref().filter(|task| knows_key && differs(task, settings).is_none()) {
            self.unchanged(STEP);
            return Ok(task.id.clone());
        }
        self.note(STEP);
        let eligible = self.runner().eligible(settings, &self.seen.schemas(self.wanted)).await?;
        self.stop_at_unmatched(settings).await?;
        // One that is as it should be and disabled was saved by a run that was killed.
        let is_saved = |task: &&ReplicationTask| {
            !task.enabled && !task.allows_from_scratch && task.settings.as_ref() == Ok(settings)
        };
        let id = match held.as_ref().filter(|task| knows_key && is_saved(task)) {
            Some(task) => task.id.clone(),
            None => self.put(held.as_ref().map(|task| &task.id), settings, key).await?,
        };
        let now = self.runner().replication(&settings.name).await?;
        let is_so = now.as_ref().is_some_and(|task| is_saved(&task));
        if !is_so {
            let difference = now.as_ref().and_then(|task| differs(task, settings));
            let difference =
                difference.unwrap_or_else(|| "it is not there, or is enabled already".to_owned());
            return Err(ErrorKind::ReadBack {
                what: format!("the replication task {:?}", settings.name),
                difference,
            }
            .into());
        }
        self.runner().enable_replication(&id).await?;
        self.done(STEP, format!("{} of {} snapshots are taken along", eligible.eligible, eligible.total));
        Ok(id)
    }

    async fn put(
        &self,
        existing: Option<&ReplicationId>,
        settings: &ReplicationSettings,
        key: Option<&Escrowed<DatasetKey>>,
    ) -> Result<ReplicationId, Error> {
        let spec = key
            .map(|key| DestinationKey { settings: settings.clone(), of: DatasetOf::clone(key.identity()) });
        let bound = match (&spec, key) {
            (Some(spec), Some(key)) => Some(key.for_use(spec)?),
            _ => None,
        };
        match self.runner().put_replication(existing, settings, bound).await {
            Err(error) if error.kind() == PortErrorKind::OutcomeUnknown => {
                let found = self.runner().replication(&settings.name).await?;
                Ok(found.ok_or(error)?.id)
            }
            saved => Ok(saved?),
        }
    }

    async fn stop_at_unmatched(&self, settings: &ReplicationSettings) -> Result<(), Error> {
        let unmatched = self.runner().unmatched(settings).await?;
        let in_way: Vec<&String> =
            unmatched.iter().filter(|(_, names)| !names.is_empty()).map(|(dataset, _)| dataset).collect();
        // What retention keeps longer at the destination is no reason: a common snapshot is what counts.
        if in_way.is_empty() || self.has_base() {
            return Ok(());
        }
        let what = format!("at the destination stand snapshots that the source does not have, in {in_way:?}");
        Err(Refusal::blocked("R3", what, "Name another destination; nothing is ever destroyed").into())
    }

    /// Whether what stands at the destination goes back to snapshots of the source.
    fn has_base(&self) -> bool {
        let has_base = |pair: &PairFacts| pair.newest_arrived().is_some();
        let stands = |pair: &PairFacts| pair.arrived.as_ref().is_some_and(|held| !held.is_empty());
        let pairs = &self.seen.pairs;
        pairs.iter().any(has_base) && pairs.iter().all(|pair| has_base(pair) || !stands(pair))
    }

    /// Whether of every dataset that has a snapshot, one has arrived.
    fn has_arrived(&self) -> bool {
        let mut sent = self.seen.pairs.iter().filter(|pair| pair.newest().is_some()).peekable();
        sent.peek().is_some() && sent.all(|pair| pair.newest_arrived().is_some())
    }

    /// Runs the task unless it has run well since it was saved, and follows it to its end.
    async fn run(&mut self, id: &ReplicationId) -> Result<(), Error> {
        const STEP: &str = "replicate";
        let task = self.runner().replication(&self.wanted.name).await?;
        let has_arrived = self.has_arrived();
        let job = match task.map(|task| task.last) {
            Some(LastReplication::Succeeded(_)) if has_arrived => {
                self.unchanged(STEP);
                return Ok(());
            }
            Some(LastReplication::Running(Some(job))) => job,
            _ => self.start(id).await?,
        };
        self.note(STEP);
        self.follow(&job).await?;
        self.done(STEP, "every snapshot that matches has arrived");
        Ok(())
    }

    /// Opens what is locked by a passphrase with what the vault holds, compares, and locks it again (R6). A root that a key of digits opens
    /// stays as it is: the appliance would keep the key, and does not lock it again; its key is tried without opening it.
    async fn prove(&mut self, site: &Site, views: (&Views, &EndViews)) -> Result<ReplicationReport, Error> {
        const STEP: &str = "prove that the destination opens";
        self.note(STEP);
        let seen = observe(site, self.wanted, views.0, views.1).await?;
        // What a proof that was cut off has left open is locked again with the rest.
        let marked = seen.to.marked(&self.wanted.destination);
        let mut opened: Vec<DatasetName> = marked.into_iter().map(|found| found.name.clone()).collect();
        let report = match self.open(views.0, &seen, &mut opened).await {
            Ok(()) => judged(site, self.wanted, views, (self.ports.clock.now(), &opened)).await,
            Err(error) => Err(error),
        };
        let locked = self.lock_again(&opened).await;
        let report = match (report, locked) {
            (Ok(report), Ok(())) => report,
            (Ok(_), Err(open)) => return Err(open),
            (Err(error), Ok(())) => return Err(error),
            (Err(error), Err(open)) => return Err(error.with_also(vec![open.to_string()])),
        };
        self.done(STEP, format!("{:?}", report.outcome()));
        Ok(report)
    }

    /// Opens with the vault's passphrases what is locked, from the top. The uppermost roots are marked first: whatever ends this, the next run knows what to lock.
    async fn open(&self, views: &Views, seen: &Observed, opened: &mut Vec<DatasetName>) -> Result<(), Error> {
        let mut roots = keys::destination_roots(self.wanted, seen)?;
        roots.sort_by(|one, other| one.root.cmp(&other.root));
        for root in roots {
            // What opens one may have opened another below it.
            if !self.is_locked(&root.root).await? {
                continue;
            }
            let Some((opening, key)) = keys::held(views, seen, &root).await? else { continue };
            if key.value().format == DatasetKeyFormat::Passphrase {
                // The appliance locks what is below a root with it: one mark stands for all.
                let is_marked = |top: &DatasetName| *top == root.root || root.root.is_below(top);
                if !opened.iter().any(is_marked) {
                    opened.push(root.root.clone());
                    self.ends.to.mark_opened(&root.root, true).await?;
                }
                // One that stays locked is named by the verification.
                self.ends.to.unlock(&root.root, &[key.for_use(&opening)?]).await?;
            }
        }
        Ok(())
    }

    async fn is_locked(&self, root: &DatasetName) -> Result<bool, PortError> {
        let now = self.ends.to.end_datasets().await?;
        Ok(now.iter().any(|found| found.name == *root && found.locked))
    }

    /// Locks what was opened, the deepest first, and takes the marks away. One that stays open does not keep the others open; its mark stays.
    async fn lock_again(&self, opened: &[DatasetName]) -> Result<(), Error> {
        let mut failed = Ok(());
        for root in opened.iter().rev() {
            let locked = self.lock_one(root).await;
            failed = failed.and(locked);
        }
        failed.map_err(Error::from)
    }

    async fn lock_one(&self, root: &DatasetName) -> Result<(), PortError> {
        if !self.is_locked(root).await? {
            match self.ends.to.lock(root).await {
                Err(error)
                    if error.kind() == PortErrorKind::OutcomeUnknown && self.is_locked(root).await? => {}
                locked => locked?,
            }
        }
        self.ends.to.mark_opened(root, false).await
    }

    async fn start(&self, id: &ReplicationId) -> Result<JobId, Error> {
        match self.runner().run_replication(id).await {
            Err(error) if error.kind() == PortErrorKind::OutcomeUnknown => {
                let task = self.runner().replication(&self.wanted.name).await?;
                match task.map(|task| task.last) {
                    Some(LastReplication::Running(Some(job))) => Ok(job),
                    _ => Err(error.into()),
                }
            }
            started => Ok(started?),
        }
    }

    async fn follow(&mut self, job: &JobId) -> Result<(), Error> {
        let mut lost = 0;
        let mut shown = -1.0;
        loop {
            match self.runner().replication_job(job).await {
                Ok(Some(progress)) => {
                    lost = 0;
                    match progress.state {
                        JobState::Succeeded => return Ok(()),
                        JobState::Failed(reason) => return Err(failed(&self.wanted.name, &reason)),
                        JobState::Aborted => return Err(failed(&self.wanted.name, "it was aborted")),
                        JobState::Waiting | JobState::Running => self.show(&mut shown, progress),
                    }
                }
                // It ended, and the appliance has forgotten it, as after a restart.
                Ok(None) => return self.ended().await,
                Err(error) if error.kind() == PortErrorKind::Unreachable && lost < LOST => lost += 1,
                Err(error) => return Err(error.into()),
            }
            tokio::time::sleep(self.ports.waits.poll_interval.max(Duration::from_millis(1))).await;
        }
    }

    /// Records how far a run is, a percent at a time.
    fn show(&mut self, shown: &mut f64, progress: JobProgress) {
        if (progress.percent - *shown).abs() >= 1.0 {
            *shown = progress.percent;
            let (pool, description) = (self.wanted.name.clone(), progress.description);
            self.record(&Entry::Progress { pool, percent: progress.percent, description });
        }
    }

    async fn ended(&self) -> Result<(), Error> {
        let task = self.runner().replication(&self.wanted.name).await?;
        match task.map(|task| task.last) {
            Some(LastReplication::Succeeded(_)) => Ok(()),
            Some(LastReplication::Failed(reason)) => Err(failed(&self.wanted.name, &reason)),
            _ => {
                let attempted = format!("follow the run of {:?}", self.wanted.name);
                let answer = "the appliance no longer knows the job, and does not say how it ended";
                Err(PortError::new(PortErrorKind::OutcomeUnknown, attempted, answer).into())
            }
        }
    }
}

/// Refuses to begin where a consent is missing: what comes before it would stand without it.
fn all_given(plan: &ReplicationPlan, consents: &Consents, now: jiff::Timestamp) -> Result<(), Error> {
    let missing = plan.questions().into_iter().find(|question| !consents.covers(question.act(), now));
    missing.map_or(Ok(()), |question| {
        let (subject, consequence) = (question.subject().to_owned(), question.consequence().to_owned());
        Err(ErrorKind::ConsentMissing { subject, consequence }.into())
    })
}

fn missing<K: crate::proofs::consent::ConsentKind>(act: &crate::proofs::consent::Act) -> Error {
    ErrorKind::ConsentMissing { subject: act.subject.clone(), consequence: K::consequence(act) }.into()
}

/// TrueNAS's reasons, and what they mean for whoever has to act.
const MEANINGS: [(&str, &str); 10] = [
    (
        "passwordless sudo",
        "the remote user may not run zfs: allow it /usr/sbin/zfs by sudo without a password",
    ),
    ("matching snapshots", "no snapshot of the source has a name of the schema: take one"),
    ("No incremental base", "the destination has snapshots, and none in common: name another destination"),
    ("from scratch is not allowed", "the destination holds data: name another destination"),
    ("own encryption root", "the destination is encrypted by itself: name one below an encrypted dataset"),
    ("parent is not encrypted", "the destination cannot inherit: name one below an encrypted dataset"),
    ("not encrypted", "the destination is there in clear: name another one"),
    ("key must be loaded", "the source is locked: unlock it"),
    ("No space left", "the destination's pool is full: make room"),
    ("quota", "the destination's quota is used up: raise it"),
];

fn failed(name: &str, reason: &str) -> Error {
    let meaning = MEANINGS.iter().find(|(words, _)| reason.contains(words)).map(|(_, meaning)| *meaning);
    let reason = match meaning {
        Some(meaning) => format!("{reason} ({meaning})"),
        None => reason.to_owned(),
    };
    ErrorKind::ReplicationFailed { name: name.to_owned(), reason }.into()
}
