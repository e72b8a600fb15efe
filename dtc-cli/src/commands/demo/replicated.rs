//! `dtc demo --replication`: an encrypted dataset of one simulated appliance, on another one, opened there with the vault's keys.

use std::time::{Duration, Instant};

use dtc_adapters::connections::{
    B2Connection, Connections, Inventory, ItGlueConnection, NinjaOneConnection, TrueNasConnection, Trust,
    Vault,
};
use dtc_adapters::{SecretSource, connect, connect_ends};
use dtc_provision::Site;
use dtc_provision::bandwidth::MegabitsPerSecond;
use dtc_provision::jiff::{SignedDuration, Timestamp};
use dtc_provision::phases::Step;
use dtc_provision::ports::{Ports, Waits, Way};
use dtc_provision::proofs::consent::{Answer, Consents};
use dtc_provision::replication::{
    self, Ends, Given, Passphrases, Replication, ReplicationItem, ReplicationPlan,
};
use dtc_provision::standard::DEVICE_GUID_PROPERTY;
use simulator::truenas::{Address, Handle, Settings};
use simulator::{DEFAULT_ID, Simulator, itglue, ninja};

use super::Typed;
use super::simulated_site::{LOCATION, LOCATION_UUID, ORGANIZATION, ORGANIZATION_UUID};
use crate::commands::replication::{plan, verify};
use crate::commands::simulator::Simulation;
use crate::document::document;
use crate::events::Phase;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupt::SafeStop;
use crate::progress::Progress;
use crate::screen::{GOOD, Line, QUIET, STRONG, Screen};

const OFFSITE: &str = "offsite";
const SOURCE: &str = "pool0/docs";
const DESTINATION: &str = "pool1/site/docs";
const SCHEMA: &str = "auto-%Y-%m-%d_%H-%M";
const GUIDS: [&str; 2] = ["3c1e5d70-92ab-4f0e-8d47-b6a9c2f1e083", "7f2b91c4-05de-4a63-b1f8-2c9d40e6a715"];
/// The source's key, which only the appliance and, once it is escrowed, the vault know.
const KEY: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
const WAITS: Waits = Waits {
    vault_read_back: Duration::from_secs(10),
    device: Duration::ZERO,
    first_run: Duration::from_mins(10),
    poll_interval: Duration::from_millis(100),
};

document! {
    /// What `dtc demo --replication` prints.
    pub(crate) struct Replicated<'a> {
        /// What was done, in order.
        steps: &'a [Step],
        /// The consents that the demo gave by itself.
        consents: &'a [Typed],
        /// Datasets that were opened with the vault's keys.
        unlocked: &'a [String],
        /// The verification at the end.
        items: &'a [ReplicationItem],
        /// Whether the second plan had nothing to do.
        empty: bool,
        /// How long it took.
        seconds: f64,
    }
}

/// Two simulated appliances, and a vault.
struct Two {
    simulator: Simulator,
    connections: Connections,
    site: Site,
    wanted: Replication,
}

/// Runs the demo, and ends its simulators.
pub(super) async fn run(simulation: &Simulation, screen: &Screen) -> Result<Exit, Failure> {
    let began = Instant::now();
    let two = Two::start(simulation, screen).await?;
    let ended = Box::pin(two.show(began, screen)).await;
    two.simulator.stop().await;
    ended
}

fn wrong(what: &'static str) -> impl Fn() -> Failure {
    move || Failure::error(what)
}

impl Two {
    async fn start(simulation: &Simulation, screen: &Screen) -> Result<Self, Failure> {
        let ninja = ninja::Settings::default().organization(ORGANIZATION, ORGANIZATION_UUID);
        let simulator = simulation
            .services(None)?
            .truenas(DEFAULT_ID, simulation.release, Settings::numbered(1))
            .truenas(OFFSITE, simulation.release, Settings::numbered(2))
            .ninja_tenant(DEFAULT_ID, ninja.location(LOCATION, LOCATION_UUID))
            .itglue_tenant(DEFAULT_ID, itglue::Settings::default().organization(ORGANIZATION))
            .start()
            .await?;
        let receiver = simulator.appliance(OFFSITE).ok_or_else(wrong("the second appliance is missing"))?;
        prepare(simulator.truenas(), receiver).map_err(|error| Failure::error(error.to_string()))?;
        let line = MegabitsPerSecond::new(1000).ok_or_else(wrong("the uplink is zero"))?;
        let sources = [SOURCE.parse().map_err(|error| Failure::error(format!("{error}")))?];
        let destination = DESTINATION.parse().map_err(|error| Failure::error(format!("{error}")))?;
        let mut wanted = Replication::new("offsite copy", Way::Pull, sources, destination);
        (wanted.from, wanted.to) = ("main".to_owned(), OFFSITE.to_owned());
        wanted.host = Some(simulator.truenas().address());
        let connections = connections(&simulator).ok_or_else(wrong("the second appliance has no address"))?;
        introduce(&simulator, screen);
        Ok(Self { simulator, connections, site: Site::new(ORGANIZATION, LOCATION, line), wanted })
    }

    async fn connect(&self) -> Result<(Ports, Ends), Failure> {
        let ports = connect(&self.connections, WAITS).await?;
        Ok((ports, connect_ends(&self.connections, &self.wanted.from, &self.wanted.to).await?))
    }

    async fn plan(&self, ports: &Ports, ends: &Ends) -> Result<ReplicationPlan, Failure> {
        let seen = replication::observe(&self.site, &self.wanted, &ports.views(), &ends.views()).await?;
        Ok(replication::plan(&self.wanted, &seen, &Passphrases::default())?)
    }

    async fn show(&self, began: Instant, screen: &Screen) -> Result<Exit, Failure> {
        screen.heading("1 · Plan: looks at both appliances and the vault, writes nothing");
        screen.begins(Phase::Connecting);
        let (ports, ends) = self.connect().await?;
        screen.begins(Phase::Observing);
        let planned = self.plan(&ports, &ends).await?;
        plan::show(screen, &planned);
        screen.heading("2 · Consent: to the host key, and to letting the other appliance log in");
        let (consents, typed) = consent(&planned, ports.clock.now(), screen)?;
        screen.begins(Phase::Applying);
        screen.heading("3 · Apply: keys into the vault before they are used, the task saved disabled, read back, enabled, run");
        let given = Given { plan: &planned, consents, passphrases: Passphrases::default() };
        let mut progress = Progress::new(screen, SafeStop::default(), "");
        replication::apply(&self.site, &self.wanted, given, (&ports, &ends), &mut progress).await?;
        progress.end();
        screen.heading(
            "4 · Unlock: the source was sent raw, and opens there with the key read back from the vault",
        );
        let opened = replication::unlock(&self.site, &self.wanted, &ports.views(), ends.to.as_ref()).await?;
        for name in &opened.unlocked {
            screen.say(Line::from("  ").styled(GOOD, "unlocked ").plain(name));
        }
        screen.begins(Phase::Verifying);
        screen.heading("5 · Verify");
        let now = ports.clock.now();
        let report =
            replication::verify(&self.site, &self.wanted, &ports.views(), &ends.views(), now).await?;
        drop((ports, ends));
        verify::show(screen, &report);
        let (ports, ends) = self.connect().await?;
        let again = self.plan(&ports, &ends).await?;
        screen.say("");
        let seconds = began.elapsed().as_secs_f64();
        screen.say(
            Line::new().styled(STRONG, format!("Done in {seconds:.1} s.")).plain(if again.is_empty() {
                " A second plan has nothing to do."
            } else {
                ""
            }),
        );
        let document = Replicated {
            steps: &planned.steps,
            consents: &typed,
            unlocked: &opened.unlocked,
            items: &report.items,
            empty: again.is_empty(),
            seconds,
        };
        let unsettled = || {
            let sentence = "the second plan is not empty, or a dataset stayed locked";
            (!again.is_empty() || !opened.failed.is_empty()).then(|| Failure::error(sentence))
        };
        Ok(match verify::failure(&report).or_else(unsettled) {
            None => screen.done(&document),
            Some(failure) => screen.ended(&failure, &document),
        })
    }
}

/// Answers every question by its subject. That is for simulators that the demo started itself, and for nothing else.
fn consent(
    plan: &ReplicationPlan,
    now: Timestamp,
    screen: &Screen,
) -> Result<(Consents, Vec<Typed>), Failure> {
    let mut typed = Vec::new();
    let consents = Consents::gather(plan.questions(), now, now + SignedDuration::from_hours(1), |question| {
        let act = question.act();
        screen.paragraph(Line::from("  "), 2, anstyle::Style::new(), question.consequence());
        let said = "  typed by the demo, since these are its own simulators: ";
        screen.say(Line::from(said).styled(STRONG, &act.subject));
        typed.push(Typed { act: act.clone(), typed: act.subject.clone() });
        Answer::Typed(act.subject.clone())
    });
    let consents = consents.map_err(|declined| Failure::new(Exit::Blocked, declined.to_string()))?;
    Ok((consents, typed))
}

/// An encrypted dataset with a snapshot, and the Device GUIDs under which keys are filed.
fn prepare(sender: &Handle, receiver: &Handle) -> Result<(), simulator::Error> {
    for (appliance, guid) in [sender, receiver].into_iter().zip(GUIDS) {
        appliance.set_user_property("pool0", DEVICE_GUID_PROPERTY, guid)?;
    }
    sender.encrypt_dataset_by_key(SOURCE, KEY)?;
    sender.take_snapshots(SOURCE, SCHEMA);
    Ok(())
}

fn introduce(simulator: &Simulator, screen: &Screen) {
    let at = simulator.addresses();
    let title = "An encrypted dataset of one TrueNAS appliance, replicated to another";
    screen.say(Line::new().styled(STRONG, title).plain(", on simulators"));
    screen.say("");
    let offsite = at.appliance(OFFSITE).map(|at| at.url.as_str()).unwrap_or_default();
    for (name, url) in [("main", at.truenas.url.as_str()), (OFFSITE, offsite), ("IT Glue", &at.itglue.url)] {
        screen.say(Line::from("  ").plain(format!("{name:<10}")).styled(QUIET, url));
    }
}

fn connections(simulator: &Simulator) -> Option<Connections> {
    let at = simulator.addresses();
    let b2 = B2Connection::new(&at.b2.key_id, SecretSource::value(at.b2.application_key.as_str()));
    let appliance = |at: &Address| {
        TrueNasConnection::new(&at.url, SecretSource::value(at.api_key.as_str()))
            .trust(Trust::Fingerprint(at.fingerprint.clone()))
    };
    let client_secret = SecretSource::value(at.ninja.client_secret.as_str());
    let ninja = NinjaOneConnection::new(&at.ninja.url, &at.ninja.client_id, client_secret);
    let itglue = ItGlueConnection::new(&at.itglue.url, SecretSource::value(at.itglue.api_key.as_str()));
    let all = Connections::new(
        b2.url(&at.b2.url),
        appliance(&at.truenas),
        Inventory::NinjaOne(ninja),
        Vault::ItGlue(itglue),
    );
    Some(all.with_appliance(OFFSITE, appliance(at.appliance(OFFSITE)?)))
}
