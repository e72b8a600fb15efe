//! Observe, plan, consent, apply, verify: one appliance from nothing to a proven backup, against the simulators.
//!
//! `cargo run --release -p dtc-examples --example provision`

#![expect(clippy::print_stdout, reason = "a program talks to whoever runs it")]

use std::error::Error;
use std::time::Duration;

use dtc_adapters::connections::{
    B2Connection, Connections, Inventory, ItGlueConnection, NinjaOneConnection, TicketDirectory, Tickets,
    TrueNasConnection, Trust, Vault,
};
use dtc_adapters::{SecretSource, connect};
use dtc_naming::DeviceGuid;
use dtc_provision::bandwidth::MegabitsPerSecond;
use dtc_provision::ids::TicketId;
use dtc_provision::ports::Waits;
use dtc_provision::proofs::consent::{Answer, Consents};
use dtc_provision::{Fresh, Site, apply, observe, plan, verify};
use jiff::SignedDuration;
use simulator::Simulator;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let services = Simulator::builder().seed(7).start().await?;
    let tickets = std::env::temp_dir().join("dtc-example-tickets");
    // A technician of the simulation adds the appliance to NinjaOne as soon as SNMP answers; the run waits for that.
    let waits = Waits {
        device: Duration::from_secs(30),
        poll_interval: Duration::from_millis(50),
        ..Waits::default()
    };
    let ports = connect(&connections(&services, tickets), waits).await?;

    let uplink = MegabitsPerSecond::new(10_000).ok_or("an uplink of nothing")?;
    let mut site = Site::new("Harbour Dental Group", "Main Office", uplink);
    site.identity_pool = Some("pool0".parse()?);
    site.ticket = Some(TicketId::new("T-1001"));

    // A plan is data. Fresh values come from outside, so that the same world gives the same plan.
    let mut random = [0; 16];
    ports.entropy.fill(&mut random)?;
    let fresh = Fresh::new(DeviceGuid::from_random_bytes(random));
    let plan = plan(&site, &observe(&site, &ports.views()).await, fresh)?;
    for step in plan.steps() {
        println!("{:?}  {}  {}", step.kind, step.rule, step.subject);
    }

    // What cannot be undone is asked. These are simulators, so this program answers what it is asked to type.
    let now = ports.clock.now();
    let until = now + SignedDuration::from_hours(1);
    let consents = Consents::gather(plan.questions(), now, until, |question| {
        println!("\n{}\ntyped: {}", question.consequence(), question.subject());
        Answer::Typed(question.subject().to_owned())
    })?;

    // Between planning and applying the world may have moved: a stale plan is refused.
    let current = plan.against(&observe(&site, &ports.views()).await)?;
    let completion = apply(current, consents, &ports, &mut Vec::new()).await?;
    for run in &completion.first_runs {
        println!("\n{}: {}", run.pool, run.summary);
    }

    let report = verify(&site, &ports.views()).await?;
    println!("\n{}", report.summary());
    for sample in report.proofs.iter().flat_map(|pool| &pool.samples) {
        println!("{} → {:?}", sample.source, sample.proof);
    }
    services.stop().await;
    Ok(())
}

/// How to reach the services; a program for real ones takes these from its own settings.
fn connections(services: &Simulator, tickets: std::path::PathBuf) -> Connections {
    let at = services.addresses();
    let b2 = B2Connection::new(&at.b2.key_id, SecretSource::value(at.b2.application_key.as_str()));
    let truenas = TrueNasConnection::new(&at.truenas.url, SecretSource::value(at.truenas.api_key.as_str()));
    let client_secret = SecretSource::value(at.ninja.client_secret.as_str());
    let ninja = NinjaOneConnection::new(&at.ninja.url, &at.ninja.client_id, client_secret);
    let itglue = ItGlueConnection::new(&at.itglue.url, SecretSource::value(at.itglue.api_key.as_str()));
    Connections::new(
        b2.url(&at.b2.url),
        truenas.trust(Trust::Fingerprint(at.truenas.fingerprint.clone())),
        Inventory::NinjaOne(ninja),
        Vault::ItGlue(itglue),
    )
    .tickets(Tickets::Files(TicketDirectory::new(tickets)))
}
