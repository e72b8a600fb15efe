//! Everything that moves data or lets it be moved, through our client, on every simulated release: replications, SSH keys and connections,
//! cloud syncs, files and services. Where a release lacks something, the answer names the way out.

mod cloud;
mod files;
mod keychain;
mod replication_sentences;
mod replications;
mod services;

use std::time::Duration;

use dtc_tests::recorded;
use serde_json::json;
use simulator::truenas::{Address, ApplianceSize, Handle, Release, Settings};
use simulator::{Simulator, truenas};
use truenas_client::{
    ApiKey, Client, Config, Credentials, Error, ErrorKind, Method, Sha256Fingerprint, Token, Trust,
};

/// Long enough for a busy machine; nothing waits for it.
const LIMIT: Duration = Duration::from_mins(2);
const ONE: &str = "nas01";
const TWO: &str = "nas02";

/// Two appliances of one release, and a client of each.
struct World {
    release: Release,
    sim: Simulator,
    client: Client,
    other: Client,
}

impl World {
    async fn of(release: Release) -> Self {
        let settings = |number| Settings { size: ApplianceSize::Tiny, ..Settings::numbered(number) };
        let builder = Simulator::builder().seed(7);
        let builder = builder.truenas(ONE, release, settings(1)).truenas(TWO, release, settings(2));
        let sim = recorded(builder).start().await.unwrap();
        let client = client(address(&sim, ONE)).await;
        let other = self::client(address(&sim, TWO)).await;
        Self { release, sim, client, other }
    }

    fn one(&self) -> &Handle {
        self.sim.appliance(ONE).unwrap()
    }

    fn two(&self) -> &Handle {
        self.sim.appliance(TWO).unwrap()
    }

    fn is_core(&self) -> bool {
        self.release == Release::Core13_3
    }

    /// The other appliance's URL, as the first one reaches it.
    fn url_of_other(&self) -> String {
        address(&self.sim, TWO).url.replace("wss://", "https://")
    }

    /// A token of the other appliance that is not bound to our address.
    async fn token_of_other(&self) -> Token {
        let params = if self.is_core() { json!([300, {}]) } else { json!([300, {}, false]) };
        let token: String = self.other.call(Method::changes("auth.generate_token"), &params).await.unwrap();
        Token::from(token)
    }
}

/// Has an appliance take snapshots of a dataset, now; returns the task's number.
fn snapshot(appliance: &Handle, dataset: &str, schema: &str) -> i64 {
    let id = appliance.add_snapshot_task(&json!({
        "dataset": dataset, "recursive": true, "lifetime_value": 2, "lifetime_unit": "WEEK", "enabled": true,
        "exclude": [], "naming_schema": schema, "allow_empty": true, "vmware_sync": false,
        "schedule": {"minute": "00", "hour": "*", "dom": "*", "month": "*", "dow": "*", "begin": "00:00", "end": "23:59"},
        "state": {"state": "PENDING"},
    }));
    appliance.pass_hour();
    id
}

fn address<'a>(sim: &'a Simulator, id: &str) -> &'a truenas::Address {
    let found: Option<&Address> = sim.addresses().appliance(id);
    found.unwrap()
}

async fn client(at: &truenas::Address) -> Client {
    let fingerprint: Sha256Fingerprint = at.fingerprint.parse().unwrap();
    let credentials = Credentials::api_key(ApiKey::new(at.api_key.as_str()));
    let config = Config::new(at.url.parse().unwrap(), credentials).trust(Trust::Fingerprint(fingerprint));
    Client::connect(config).await.unwrap()
}

/// Nothing in its place, and a way out that somebody can act on.
fn assert_unsupported<T: std::fmt::Debug>(outcome: Result<T, Error>) {
    let error = outcome.unwrap_err();
    let ErrorKind::Unsupported { instead: Some(instead), .. } = error.kind() else { panic!("{error:?}") };
    assert!(instead.len() > 10, "{instead}");
}

fn assert_rejected<T: std::fmt::Debug>(outcome: Result<T, Error>, says: &str) {
    let error = outcome.unwrap_err();
    let ErrorKind::Rejected { reason, .. } = error.kind() else { panic!("{error:?}") };
    assert!(reason.contains(says), "{reason}");
}

fn assert_invalid<T: std::fmt::Debug>(outcome: Result<T, Error>) {
    let error = outcome.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::InvalidRequest { .. }), "{error:?}");
}

/// The fields that were refused.
fn refused<T: std::fmt::Debug>(outcome: Result<T, Error>) -> Vec<String> {
    let error = outcome.unwrap_err();
    match error.kind() {
        ErrorKind::Validation { fields } | ErrorKind::JobFailed { fields, .. } => {
            fields.iter().map(|field| field.attribute.clone()).collect()
        }
        _ => panic!("{error:?}"),
    }
}

/// Why a job failed.
fn failure<T: std::fmt::Debug>(outcome: Result<T, Error>) -> String {
    let error = outcome.unwrap_err();
    match error.kind() {
        ErrorKind::JobFailed { reason, .. } => reason.clone(),
        _ => panic!("{error:?}"),
    }
}

/// The methods that an appliance was asked for since a mark.
fn asked(sim: &Simulator, since: simulator::Mark) -> Vec<String> {
    sim.transcript().writes_since(since).iter().map(|line| line.operation.clone()).collect()
}
