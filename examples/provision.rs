//! Observe, plan, consent, apply, verify: one appliance from nothing to a proven backup, against the simulators.
//!
//! `cargo run --release -p dtc-examples --example provision`

#![expect(clippy::print_stdout, reason = "a program talks to whoever runs it")]

use std::error::Error;
use std::time::Duration;

use dtc_adapters::{
    B2Connection, Connections, ItGlueConnection, NinjaConnection, TrueNasConnection, Trust, connect,
};
use dtc_naming::DeviceGuid;
use dtc_provision::bandwidth::MegabitsPerSecond;
use dtc_provision::plan::Answer;
use dtc_provision::ports::{Patience, TicketId};
use dtc_provision::{Fresh, Site, apply, observe, plan, verify};
use jiff::SignedDuration;
use simulator::Simulator;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let services = Simulator::builder().seed(7).start().await?;
    let tickets = std::env::temp_dir().join("dtc-example-tickets");
    // A technician of the simulation adds the box to NinjaOne as soon as SNMP answers; the run waits for that.
    let patience = Patience {
        device: Duration::from_secs(30),
        interval: Duration::from_millis(50),
        ..Patience::default()
    };
    let ports = connect(connections(&services, tickets), patience).await?;

    let uplink = MegabitsPerSecond::new(10_000).ok_or("an uplink of nothing")?;
    let mut site = Site::new("Harbour Dental Group", "Main Office", uplink);
    site.identity_pool = Some("pool0".parse()?);
    site.ticket = Some(TicketId::new("T-1001"));

    // A plan is data. Fresh values come from outside, so that the same world gives the same plan.
    let mut random = [0; 16];
    ports.entropy.fill(&mut random)?;
    let fresh = Fresh { device_guid: DeviceGuid::from_random_bytes(random) };
    let plan = plan(&site, &observe(&site, &ports.views()).await?, fresh)?;
    for step in plan.steps() {
        println!("{:?}  {}  {}", step.mark, step.rule, step.subject);
    }

    // What cannot be undone is asked. These are simulators, so this program answers what it is asked to type.
    let now = ports.clock.now();
    let consents = plan.questions().ask(now, now + SignedDuration::from_hours(1), |act, consequence| {
        println!("\n{consequence}\ntyped: {}", act.subject);
        Answer::Typed(act.subject.clone())
    })?;

    // Between planning and applying the world may have moved: a stale plan is refused.
    let current = plan.against(&observe(&site, &ports.views()).await?)?;
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
