//! An encrypted dataset of one appliance, replicated to another, with the proof that it opens there, against the simulators.
//!
//! `cargo run --release -p dtc-examples --example replicate`

#![expect(clippy::print_stdout, reason = "a program talks to whoever runs it")]

use std::error::Error;
use std::time::Duration;

use dtc_adapters::connections::{
    B2Connection, Connections, Inventory, ItGlueConnection, NinjaOneConnection, TrueNasConnection, Trust,
    Vault,
};
use dtc_adapters::{SecretSource, connect, connect_ends};
use dtc_provision::Site;
use dtc_provision::bandwidth::MegabitsPerSecond;
use dtc_provision::ports::{Waits, Way};
use dtc_provision::proofs::consent::{Answer, Consents};
use dtc_provision::replication::{self, Given, Passphrases, Replication};
use dtc_provision::standard::DEVICE_GUID_PROPERTY;
use jiff::SignedDuration;
use simulator::truenas::{Address, Handle, Release, Settings};
use simulator::{DEFAULT_ID, Simulator};

const OFFSITE: &str = "offsite";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let services = Simulator::builder()
        .seed(7)
        .truenas(DEFAULT_ID, Release::default(), Settings::numbered(1))
        .truenas(OFFSITE, Release::default(), Settings::numbered(2))
        .start()
        .await?;
    let sender = services.truenas();
    let receiver = services.appliance(OFFSITE).ok_or("the second appliance")?;
    prepare(sender, receiver)?;

    let waits = Waits { poll_interval: Duration::from_millis(50), ..Waits::default() };
    let connections = connections(&services).ok_or("the second appliance's address")?;
    let ports = connect(&connections, waits).await?;
    let ends = connect_ends(&connections, "main", OFFSITE).await?;
    let uplink = MegabitsPerSecond::new(10_000).ok_or("an uplink of nothing")?;
    let site = Site::new("Harbour Dental Group", "Main Office", uplink);

    // The receiving appliance has the task: whoever takes over the source does not reach the destination.
    let sources = ["pool0/docs".parse()?];
    let mut wanted = Replication::new("offsite copy", Way::Pull, sources, "pool1/site/docs".parse()?);
    (wanted.from, wanted.to) = ("main".to_owned(), OFFSITE.to_owned());
    wanted.host = Some(sender.address());

    let passphrases = Passphrases::default();
    let seen = replication::observe(&site, &wanted, &ports.views(), &ends.views()).await?;
    let plan = replication::plan(&wanted, &seen, &passphrases)?;
    for step in &plan.steps {
        println!("{:?}  {}  {}", step.kind, step.rule, step.subject);
    }

    // Another appliance's host key is trusted, and lets somebody in: both are asked. These are simulators, so this program answers.
    let now = ports.clock.now();
    let until = now + SignedDuration::from_hours(1);
    let consents = Consents::gather(plan.questions(), now, until, |question| {
        println!("\n{}\ntyped: {}", question.consequence(), question.subject());
        Answer::Typed(question.subject().to_owned())
    })?;
    let given = Given { plan: &plan, consents, passphrases };
    replication::apply(&site, &wanted, given, (&ports, &ends), &mut Vec::new()).await?;

    // What was sent raw is locked at the destination. The vault opens it, and then its files can be compared.
    let opened = replication::unlock(&site, &wanted, &ports.views(), ends.to.as_ref()).await?;
    println!("\nunlocked with the vault's keys: {}", opened.unlocked.join(", "));
    let report =
        replication::verify(&site, &wanted, &ports.views(), &ends.views(), ports.clock.now()).await?;
    for item in &report.items {
        println!("{:?}  {:?}: {}", item.verdict, item.id, item.evidence);
    }
    services.stop().await;
    Ok(())
}

/// An encrypted dataset with a snapshot, and Device GUIDs, under which keys are filed.
fn prepare(sender: &Handle, receiver: &Handle) -> Result<(), Box<dyn Error>> {
    sender.set_user_property("pool0", DEVICE_GUID_PROPERTY, "3c1e5d70-92ab-4f0e-8d47-b6a9c2f1e083")?;
    receiver.set_user_property("pool0", DEVICE_GUID_PROPERTY, "7f2b91c4-05de-4a63-b1f8-2c9d40e6a715")?;
    sender.encrypt_dataset_by_key("pool0/docs", &"0123456789abcdef".repeat(4))?;
    sender.take_snapshots("pool0/docs", "auto-%Y-%m-%d_%H-%M");
    Ok(())
}

/// How to reach the services; a program for real ones reads them from a site file.
fn connections(services: &Simulator) -> Option<Connections> {
    let at = services.addresses();
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
