//! Secrets of 1Password, under a Connect server that repeats what it is sent.

use std::fmt::Write as _;

use dtc_adapters::{OnePassword, SecretReader, SecretSource};
use simulator::connect::{DEFAULT_VAULT, Item};
use simulator::{Fault, Simulator};

use super::canary::Canaries;
use super::echo::described;
use super::{Log, logging_to};

/// Reads every secret, again and again, each time with another call refused, and logs everything at TRACE.
#[tokio::test]
async fn e8_nothing_of_a_secret_in_1password_is_shown_or_logged() {
    let log = Log::default();
    let guard = logging_to(&log);
    let sim = Simulator::builder().seed(55).start().await.unwrap();
    let mut canaries = Canaries::default();
    for (item, secret) in [("B2", "K005f6sQxT9wLmZ2rVb8"), ("IT Glue", "ITG.0d1c5b7e9f3a48266b0e")] {
        canaries.add(item, secret);
        sim.connect().file(&Item::login(item, "msp", secret));
    }
    let at = sim.addresses().connect.clone();
    canaries.add("the token of the Connect server", &at.token);
    let sources = ["B2", "IT Glue", "Absent"].map(|item| {
        let text = format!("op://{DEFAULT_VAULT}/{item}/password");
        text.parse::<SecretSource>().unwrap()
    });
    let mut output = String::new();
    for operation in ["list_vaults", "list_items", "get_item", "none"] {
        for status in [400, 401, 403, 404, 429, 503] {
            sim.faults().clear();
            sim.faults().echo();
            let refused = Fault::refuse(status, "refused", "no");
            sim.faults().on("connect", operation).nth(2).before_effect(refused);
            let way = [("OP_CONNECT_HOST", at.url.as_str()), ("OP_CONNECT_TOKEN", &at.token)];
            let reader = SecretReader::new(OnePassword::default().environment(way));
            let [b2, itglue, absent] = &sources;
            let read =
                reader.read_all([(b2, "B2's key"), (itglue, "the vault's key"), (absent, "another")]).await;
            let _ = writeln!(output, "{reader:?} {read:?} {}", described(read.as_ref().unwrap_err()));
            let some = reader.read_all([(b2, "B2's key"), (itglue, "the vault's key")]).await;
            let _ = writeln!(output, "{reader:?} {some:?}");
        }
    }
    drop(guard);
    let logged = log.0.lock().unwrap().clone();
    assert!(output.contains("[redacted]") && logged.len() > 10_000, "nothing was repeated, or logged");
    canaries.assert_absent("the output", output.as_bytes());
    canaries.assert_absent("the log at TRACE", &logged);
    println!(
        "{} secrets sought in {} bytes printed and {} logged",
        canaries.len(),
        output.len(),
        logged.len()
    );
}
