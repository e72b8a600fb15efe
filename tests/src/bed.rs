//! The test bed: a simulator, and the path from observing to verifying in it.

use std::path::PathBuf;
use std::time::Duration;

use dtc_adapters::connections::{
    B2Connection, Backoff, Connections, HaloConnection, Inventory, ItGlueConnection, NinjaOneConnection,
    TicketDirectory, Tickets, Timeouts, TrueNasConnection, Trust, Vault,
};
use dtc_adapters::{SecretSource, connect};
use dtc_naming::DeviceGuid;
use dtc_provision::bandwidth::MegabitsPerSecond;
use dtc_provision::ids::TicketId;
use dtc_provision::journal::Entry;
use dtc_provision::ports::{Ports, Waits};
use dtc_provision::proofs::consent::{Answer, Consents};
use dtc_provision::{
    Completion, Error, Fresh, Observation, Plan, Report, Site, apply, observe, plan, verify,
};
use jiff::{SignedDuration, Timestamp};
use simulator::halo::{CLIENT_GUID_FIELD, Kind};
use simulator::ninja::Entity;
use simulator::truenas::Release;
use simulator::{DEFAULT_ID, Simulator, truenas};
use tempfile::TempDir;

use crate::engines::Engine;

/// Short enough for tests, long enough for a busy machine.
const WAITS: Waits = Waits {
    vault_read_back: Duration::from_secs(1),
    device: Duration::from_secs(5),
    first_run: Duration::from_mins(2),
    poll_interval: Duration::from_millis(20),
};

/// After an answer of too many requests; in earnest a minute.
const RATE_LIMIT: Duration = Duration::from_millis(50);

/// What the second appliance is called, where there is one.
pub const SECOND: &str = "nas02";

/// Where tickets are, in the bed's scratch directory.
const TICKETS: &str = "tickets";

/// A simulated world, a site in it, and the ports that reach it.
#[derive(Debug)]
pub struct TestBed {
    /// The services.
    pub sim: Simulator,
    /// What the operator wants.
    pub site: Site,
    /// The ports, connected when the bed was made.
    pub ports: Ports,
    waits: Waits,
    timeouts: Timeouts,
    in_halo: Option<InHalo>,
    scratch: TempDir,
}

/// How tickets are kept in HaloPSA, beyond where it is.
type InHalo = fn(HaloConnection) -> HaloConnection;

/// What an apply came to.
#[derive(Debug)]
pub struct Applied {
    /// How it ended.
    pub outcome: Result<Completion, Error>,
    /// What it reported on its way.
    pub journal: Vec<(Timestamp, Entry)>,
}

/// A world to be made.
#[derive(Debug)]
#[must_use = "a builder does nothing until it is started"]
pub struct Builder {
    seed: u64,
    release: Release,
    second: Option<Release>,
    size: truenas::ApplianceSize,
    engine: Engine,
    waits: Waits,
    timeouts: Timeouts,
    transcript: Option<PathBuf>,
    adjust: fn(simulator::Builder) -> simulator::Builder,
    appliance: fn(&mut truenas::Settings),
    in_halo: Option<InHalo>,
}

impl Builder {
    /// An appliance with many megabytes on its pools instead of a few bytes.
    pub fn real_size(mut self) -> Self {
        self.size = truenas::ApplianceSize::Full;
        self
    }

    /// The appliance's release, 25.10 unless given.
    pub fn release(mut self, release: Release) -> Self {
        self.release = release;
        self
    }

    /// A second appliance, [`SECOND`], of this release.
    pub fn second_appliance(mut self, release: Release) -> Self {
        self.second = Some(release);
        self
    }

    /// What runs the appliance's cloud sync.
    pub fn engine(mut self, engine: Engine) -> Self {
        self.engine = engine;
        self
    }

    /// How long to wait for what services do in their own time.
    pub fn waits(mut self, change: impl FnOnce(&mut Waits)) -> Self {
        change(&mut self.waits);
        self
    }

    /// How long connecting and calls may take.
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// Writes everything that passes over the sockets to this file.
    pub fn transcript_file(mut self, file: impl Into<PathBuf>) -> Self {
        self.transcript = Some(file.into());
        self
    }

    /// Changes what the appliance is like when it starts.
    pub fn appliance(mut self, change: fn(&mut truenas::Settings)) -> Self {
        self.appliance = change;
        self
    }

    /// Changes the world before it starts; for the appliance's settings there is [`appliance`](Self::appliance).
    pub fn adjust(mut self, change: fn(simulator::Builder) -> simulator::Builder) -> Self {
        self.adjust = change;
        self
    }

    /// Documents completion in the ticket of the simulated HaloPSA instead of a file.
    pub fn tickets_in_halo(mut self, change: fn(HaloConnection) -> HaloConnection) -> Self {
        self.in_halo = Some(change);
        self
    }

    /// Starts the services and connects to them.
    pub async fn start(self) -> TestBed {
        let mut settings = truenas::Settings { size: self.size, ..truenas::Settings::default() };
        (self.appliance)(&mut settings);
        let rclone = match self.engine {
            Engine::Own => None,
            Engine::Rclone(program) => Some(program),
        };
        let builder =
            Simulator::builder().seed(self.seed).truenas(DEFAULT_ID, self.release, settings).rclone(rclone);
        let second = truenas::Settings { size: self.size, ..truenas::Settings::numbered(2) };
        let builder = match self.second {
            Some(release) => builder.truenas(SECOND, release, second),
            None => builder,
        };
        let builder = match self.transcript {
            Some(file) => builder.transcript_file(file),
            None => builder,
        };
        let sim = (self.adjust)(builder).start().await.expect("the simulator starts");
        let scratch = tempfile::tempdir().expect("there is room for a scratch directory");
        let mut site = site();
        if self.in_halo.is_some() {
            site.ticket = Some(TicketId::new(sim.addresses().halo.ticket.to_string()));
        }
        let tickets = tickets(&sim, scratch.path(), self.in_halo);
        let connections = connections(&sim, tickets).timeouts(self.timeouts);
        let ports =
            connect(&connections, self.waits).await.expect("the simulated appliance takes its own key");
        let Self { waits, timeouts, in_halo, .. } = self;
        TestBed { sim, site, ports, waits, timeouts, in_halo, scratch }
    }
}

/// The client of the simulated world: two pools, of which the first keeps the Device GUID.
fn site() -> Site {
    let uplink = MegabitsPerSecond::new(10_000).expect("it is not zero");
    let mut site = Site::new("Harbour Dental Group", "Main Office", uplink);
    site.identity_pool = Some("pool0".parse().expect("it is a pool's name"));
    site.ticket = Some(TicketId::new("T-1001"));
    site
}

fn tickets(sim: &Simulator, scratch: &std::path::Path, in_halo: Option<InHalo>) -> Tickets {
    let Some(change) = in_halo else { return Tickets::Files(TicketDirectory::new(scratch.join(TICKETS))) };
    Tickets::Halo(change(halo_connection(sim)))
}

fn halo_connection(sim: &Simulator) -> HaloConnection {
    let at = &sim.addresses().halo;
    HaloConnection::new(&at.url, &at.client_id, SecretSource::value(at.client_secret.as_str()))
}

/// The table `[tickets.halo]` of a site file.
fn halo_table(halo: &HaloConnection) -> String {
    let field = |name: &str, value: &Option<String>| {
        value.as_ref().map(|value| format!("{name} = {value:?}\n")).unwrap_or_default()
    };
    format!(
        "[tickets.halo]\nurl = {:?}\nclient_id = {:?}\nclient_secret = \"env:TEST_HALO\"\noutcome = {:?}\n{}{}",
        halo.url,
        halo.client_id,
        halo.outcome,
        field("client_field", &halo.client_field),
        field("close_status", &halo.close_status)
    )
}

fn connections(sim: &Simulator, tickets: Tickets) -> Connections {
    let at = sim.addresses();
    let b2 = B2Connection::new(&at.b2.key_id, SecretSource::value(at.b2.application_key.as_str()));
    let appliance = |at: &truenas::Address| {
        TrueNasConnection::new(&at.url, SecretSource::value(at.api_key.as_str()))
            .trust(Trust::Fingerprint(at.fingerprint.clone()))
    };
    let client_secret = SecretSource::value(at.ninja.client_secret.as_str());
    let ninja = NinjaOneConnection::new(&at.ninja.url, &at.ninja.client_id, client_secret);
    let itglue = ItGlueConnection::new(&at.itglue.url, SecretSource::value(at.itglue.api_key.as_str()));
    let connections = Connections::new(
        b2.url(&at.b2.url),
        appliance(&at.truenas),
        Inventory::NinjaOne(ninja),
        Vault::ItGlue(itglue),
    );
    let second = at.appliance(SECOND).map(appliance);
    second
        .into_iter()
        .fold(connections, |all, second| all.with_appliance(SECOND, second))
        .tickets(tickets)
        // Simulated services recover at once.
        .backoff(Backoff::new(Duration::from_millis(5), Duration::from_millis(50)).rate_limit(RATE_LIMIT))
}

impl TestBed {
    /// A tiny appliance, its own engine, nothing provisioned.
    pub async fn new(seed: u64) -> Self {
        Self::builder(seed).start().await
    }

    /// Begins a world of this seed.
    pub fn builder(seed: u64) -> Builder {
        Builder {
            seed,
            release: Release::default(),
            second: None,
            size: truenas::ApplianceSize::Tiny,
            engine: Engine::Own,
            waits: WAITS,
            timeouts: Timeouts::default(),
            transcript: None,
            adjust: |builder| builder,
            appliance: |_| {},
            in_halo: None,
        }
    }

    /// How to reach the services, as a site file would say it.
    pub fn connections(&self) -> Connections {
        let tickets = tickets(&self.sim, self.scratch.path(), self.in_halo);
        connections(&self.sim, tickets).timeouts(self.timeouts)
    }

    /// A site file for the real program, as an operator has it; the secrets come from `TEST_B2`, `TEST_BOX`, `TEST_NINJA`,
    /// `TEST_VAULT`, and `TEST_HALO` where tickets are in HaloPSA.
    pub fn site_file(&self) -> String {
        let at = self.sim.addresses();
        let ticket = self.site.ticket.as_ref().map_or("", TicketId::as_str);
        let tickets = match self.in_halo {
            None => format!("[tickets]\ndirectory = {:?}\n", self.tickets().to_string_lossy()),
            Some(change) => halo_table(&change(halo_connection(&self.sim))),
        };
        format!(
            "[site]\norganization = \"Harbour Dental Group\"\nlocation = \"Main Office\"\nuplink_mbit = 10000\n\
             identity_pool = \"pool0\"\nticket = {ticket:?}\n\
             [b2]\nurl = {:?}\nkey_id = {:?}\napplication_key = \"env:TEST_B2\"\n\
             [truenas]\nurl = {:?}\nfingerprint = {:?}\napi_key = \"env:TEST_BOX\"\n\
             [ninjaone]\nurl = {:?}\nclient_id = {:?}\nclient_secret = \"env:TEST_NINJA\"\n\
             [itglue]\nurl = {:?}\napi_key = \"env:TEST_VAULT\"\n\
             {tickets}",
            at.b2.url,
            at.b2.key_id,
            at.truenas.url,
            at.truenas.fingerprint,
            at.ninja.url,
            at.ninja.client_id,
            at.itglue.url,
        )
    }

    /// Fills the field of the client in HaloPSA with its UUID, as after a synchronisation.
    pub fn synchronize_halo(&self) {
        let (ninja, halo) = (self.sim.ninja(), self.sim.halo());
        let uuid = ninja.field(Entity::Organization(ninja.organization_id()), "dtcOrgGuid");
        halo.set_field(Kind::Client, halo.client_id(), CLIENT_GUID_FIELD, uuid.unwrap_or_default());
    }

    /// The directory of tickets.
    pub fn tickets(&self) -> PathBuf {
        self.scratch.path().join(TICKETS)
    }

    /// Ports as a new process would have them.
    ///
    /// # Errors
    /// When the appliance does not answer, or is another one.
    pub async fn connect(&self) -> Result<Ports, Error> {
        connect(&self.connections(), self.waits).await.map_err(|error| match error.into_kind() {
            dtc_adapters::ErrorKind::Port(error) => error.into(),
            other => panic!("the bed's own connections: {other}"),
        })
    }

    /// The ticket's text; empty while nothing was written to it.
    pub fn ticket(&self) -> String {
        if self.in_halo.is_some() {
            let halo = self.sim.halo();
            return halo.notes(halo.ticket_id()).into_iter().map(|note| note.text + "\n").collect();
        }
        std::fs::read_to_string(self.tickets().join("T-1001.md")).unwrap_or_default()
    }

    /// Looks at the world.
    pub async fn observe(&self) -> Observation {
        observe(&self.site, &self.ports.views()).await
    }

    /// Looks at the world and plans, with a fresh Device GUID should the appliance need one.
    ///
    /// # Errors
    /// As [`plan()`].
    pub async fn plan(&self) -> Result<Plan, Error> {
        let mut bytes = [0; 16];
        self.ports.entropy.fill(&mut bytes)?;
        let fresh = Fresh::new(DeviceGuid::from_random_bytes(bytes));
        plan(&self.site, &self.observe().await, fresh)
    }

    /// Plans, consents to everything by typing each subject, and applies.
    pub async fn apply(&self) -> Applied {
        let mut journal = Vec::new();
        let outcome = self.apply_into(&mut journal).await;
        Applied { outcome, journal }
    }

    async fn apply_into(&self, journal: &mut Vec<(Timestamp, Entry)>) -> Result<Completion, Error> {
        let plan = self.plan().await?;
        let consents = consent(&plan);
        let current = plan.against(&self.observe().await)?;
        apply(current, consents, &self.ports, journal).await
    }

    /// Applies, and expects it to end well.
    ///
    /// # Panics
    /// With the error and the journal when it does not.
    pub async fn provision(&self) -> Completion {
        let Applied { outcome, journal } = self.apply().await;
        let line = |(_, entry): &(Timestamp, Entry)| format!("{entry:?}");
        outcome.unwrap_or_else(|error| {
            let steps: Vec<String> = journal.iter().map(line).collect();
            panic!("apply failed: {error}\n{error:?}\n  {}", steps.join("\n  "))
        })
    }

    /// Evaluates the checklist.
    ///
    /// # Errors
    /// As [`verify()`].
    pub async fn verify(&self) -> Result<Report, Error> {
        verify(&self.site, &self.ports.views()).await
    }
}

/// What a person does who reads every question and types its subject.
pub fn consent(plan: &Plan) -> Consents {
    let now = Timestamp::now();
    let tomorrow = now + SignedDuration::from_hours(24);
    let typed = Consents::gather(plan.questions(), now, tomorrow, |question| {
        Answer::Typed(question.subject().to_owned())
    });
    typed.expect("the subject of a question answers it")
}
