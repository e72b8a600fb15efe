//! The test bed: a simulator, and the path from observing to verifying in it.

use std::path::PathBuf;
use std::time::Duration;

use dtc_adapters::{
    B2Connection, Connections, ItGlueConnection, NinjaConnection, Pauses, TrueNasConnection, Trust,
    connect_with,
};
use dtc_naming::DeviceGuid;
use dtc_provision::bandwidth::MegabitsPerSecond;
use dtc_provision::journal::Entry;
use dtc_provision::plan::{Answer, Consents};
use dtc_provision::ports::{Patience, Ports, TicketId};
use dtc_provision::{
    Completion, Error, Fresh, Observation, Plan, Report, Site, apply, observe, plan, verify,
};
use jiff::{SignedDuration, Timestamp};
use simulator::{Simulator, truenas};
use tempfile::TempDir;

use crate::engines::Engine;

/// Short enough for tests, long enough for a busy machine.
const PATIENCE: Patience = Patience {
    vault_read_back: Duration::from_secs(1),
    device: Duration::from_secs(5),
    first_run: Duration::from_mins(2),
    interval: Duration::from_millis(20),
};

/// Simulated services recover at once.
const PAUSES: Pauses = Pauses { first: Duration::from_millis(5), longest: Duration::from_millis(50) };

/// A simulated world, a site in it, and the ports that reach it.
#[derive(Debug)]
pub struct TestBed {
    /// The services.
    pub sim: Simulator,
    /// What the operator wants.
    pub site: Site,
    /// The ports, connected when the bed was made.
    pub ports: Ports,
    patience: Patience,
    scratch: TempDir,
}

/// What an apply came to.
#[derive(Debug)]
pub struct Applied {
    /// How it ended.
    pub outcome: Result<Completion, Error>,
    /// What it told on its way.
    pub journal: Vec<(Timestamp, Entry)>,
}

/// A world to be made.
#[derive(Debug)]
#[must_use = "a builder does nothing until it is started"]
pub struct Builder {
    seed: u64,
    size: truenas::BoxSize,
    engine: Engine,
    patience: Patience,
    transcript: Option<PathBuf>,
    adjust: fn(simulator::Builder) -> simulator::Builder,
}

impl Builder {
    /// A box with many megabytes on its pools instead of a few bytes.
    pub fn real_size(mut self) -> Self {
        self.size = truenas::BoxSize::Full;
        self
    }

    /// What runs the box's cloud sync.
    pub fn engine(mut self, engine: Engine) -> Self {
        self.engine = engine;
        self
    }

    /// How long to wait for what services do in their own time.
    pub fn patience(mut self, change: impl FnOnce(&mut Patience)) -> Self {
        change(&mut self.patience);
        self
    }

    /// Writes everything that passes over the sockets to this file.
    pub fn transcript_file(mut self, file: impl Into<PathBuf>) -> Self {
        self.transcript = Some(file.into());
        self
    }

    /// Changes the world before it starts; the box's settings are the bed's own.
    pub fn adjust(mut self, change: fn(simulator::Builder) -> simulator::Builder) -> Self {
        self.adjust = change;
        self
    }

    /// Starts the services and connects to them.
    pub async fn start(self) -> TestBed {
        let settings = truenas::Settings { size: self.size, ..truenas::Settings::default() };
        let rclone = match self.engine {
            Engine::Own => None,
            Engine::Rclone(program) => Some(program),
        };
        let builder = Simulator::builder().seed(self.seed).truenas(settings).rclone(rclone);
        let builder = match self.transcript {
            Some(file) => builder.transcript_file(file),
            None => builder,
        };
        let sim = (self.adjust)(builder).start().await.expect("the simulator starts");
        let scratch = tempfile::tempdir().expect("there is room for a scratch directory");
        let connections = connections(&sim, scratch.path().join("tickets"));
        let ports = connect_with(connections, self.patience, PAUSES)
            .await
            .expect("the simulated box takes its own key");
        TestBed { sim, site: site(), ports, patience: self.patience, scratch }
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

fn connections(sim: &Simulator, tickets: PathBuf) -> Connections {
    let at = sim.addresses();
    Connections {
        b2: B2Connection {
            realm: Some(at.b2.url.clone()),
            key_id: at.b2.key_id.clone(),
            application_key: at.b2.application_key.clone().into(),
        },
        truenas: TrueNasConnection {
            address: at.truenas.url.clone(),
            trust: Trust::Fingerprint(at.truenas.fingerprint.clone()),
            api_key: at.truenas.api_key.clone().into(),
        },
        ninja: NinjaConnection {
            base_url: at.ninja.url.clone(),
            client_id: at.ninja.client_id.clone(),
            client_secret: at.ninja.client_secret.clone().into(),
        },
        itglue: ItGlueConnection {
            base_url: at.itglue.url.clone(),
            api_key: at.itglue.api_key.clone().into(),
        },
        tickets,
    }
}

impl TestBed {
    /// A tiny box, its own engine, nothing provisioned.
    pub async fn new(seed: u64) -> Self {
        Self::builder(seed).start().await
    }

    /// Begins a world of this seed.
    pub fn builder(seed: u64) -> Builder {
        Builder {
            seed,
            size: truenas::BoxSize::Tiny,
            engine: Engine::Own,
            patience: PATIENCE,
            transcript: None,
            adjust: |builder| builder,
        }
    }

    /// How to reach the services, as a site file would say it.
    pub fn connections(&self) -> Connections {
        connections(&self.sim, self.scratch.path().join("tickets"))
    }

    /// Ports as a new process would have them.
    ///
    /// # Errors
    /// When the box does not answer, or is another one.
    pub async fn connect(&self) -> Result<Ports, Error> {
        connect_with(self.connections(), self.patience, PAUSES).await
    }

    /// The ticket's text; empty while nothing was written to it.
    pub fn ticket(&self) -> String {
        std::fs::read_to_string(self.scratch.path().join("tickets/T-1001.md")).unwrap_or_default()
    }

    /// Looks at the world.
    ///
    /// # Errors
    /// As [`observe()`].
    pub async fn observe(&self) -> Result<Observation, Error> {
        observe(&self.site, &self.ports.views()).await
    }

    /// Looks at the world and plans, with a fresh Device GUID should the box need one.
    ///
    /// # Errors
    /// As [`observe()`] and [`plan()`].
    pub async fn plan(&self) -> Result<Plan, Error> {
        let mut bytes = [0; 16];
        self.ports.entropy.fill(&mut bytes)?;
        let fresh = Fresh { device_guid: DeviceGuid::from_random_bytes(bytes) };
        Ok(plan(&self.site, &self.observe().await?, fresh)?)
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
        let current = plan.against(&self.observe().await?)?;
        apply(current, consents, &self.ports, journal).await
    }

    /// Applies, and expects it to end well.
    ///
    /// # Panics
    /// With the error and the journal when it does not.
    pub async fn provision(&self) -> Completion {
        let Applied { outcome, journal } = self.apply().await;
        let told = |(_, entry): &(Timestamp, Entry)| format!("{entry:?}");
        outcome.unwrap_or_else(|error| {
            let steps: Vec<String> = journal.iter().map(told).collect();
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
    let typed = plan.questions().ask(now, tomorrow, |act, _| Answer::Typed(act.subject.clone()));
    typed.expect("the subject of a question answers it")
}
