//! The client of IT Glue against the simulated IT Glue, neither of which knows the other.

mod faults;
mod fleet;
mod flows;
mod tenants;
mod unproven;
mod upsert;

use std::time::Duration;

use dtc_tests::recorded;
use itglue_client::{
    ApiKey, Client, Config, CreatePassword, Error, OrganizationId, PasswordValue, RecordIdentity, Upserted,
};
use simulator::{DEFAULT_ID, Simulator, itglue};

/// A value that holds whatever HTML, JSON and a URL write in another way, and more than one byte a character.
const SECRET: &str = "p&ss <\"w\u{f6}rd'>\\ +/%2F hunter2-hunter2";
const GUID: &str = "3c1e5d70-92ab-4f0e-8d47-b6a9c2f1e083";

/// A simulated account, and a client of it that waits for nothing.
struct Desk {
    sim: Simulator,
    client: Client,
}

impl Desk {
    async fn open() -> Self {
        Self::of(itglue::Settings::default()).await
    }

    async fn of(settings: itglue::Settings) -> Self {
        let simulation = Simulator::builder().seed(11).itglue_tenant(DEFAULT_ID, settings);
        let sim = recorded(simulation).start().await.unwrap();
        let client = Client::new(config(&sim)).unwrap();
        Self { sim, client }
    }

    fn itglue(&self) -> &itglue::Handle {
        self.sim.itglue()
    }

    fn organization(&self) -> OrganizationId {
        OrganizationId::new(self.itglue().organization_id())
    }

    /// A request for the record that the tests store.
    fn request(&self) -> CreatePassword {
        CreatePassword::new(self.organization(), "TrueNAS Cloud Backup — Main Office").username("key id")
    }

    async fn upsert(&self) -> Result<Upserted, Error> {
        self.upsert_as(&self.request(), SECRET).await
    }

    async fn upsert_as(&self, request: &CreatePassword, value: &str) -> Result<Upserted, Error> {
        let value = PasswordValue::new(value);
        self.client.passwords().upsert_with_proof(&identity(), request, &value).await
    }

    /// How many requests of this operation came.
    fn count(&self, operation: &str) -> usize {
        let log = self.sim.faults().request_log();
        log.iter().filter(|request| request.service == "itglue" && request.operation == operation).count()
    }

    /// The writes that came, by name.
    fn writes(&self) -> (usize, usize) {
        (self.count("create_password"), self.count("update_password"))
    }
}

fn config(sim: &Simulator) -> Config {
    let address = &sim.addresses().itglue;
    Config::new(ApiKey::new(address.api_key.as_str()))
        .base_url(&address.url)
        .attempts(3)
        .backoff(Duration::ZERO, Duration::ZERO)
        .rate_limit_backoff(Duration::ZERO)
}

fn identity() -> RecordIdentity {
    RecordIdentity::new([("Device GUID", GUID), ("Bucket Name", "truenas-a1b2c3d4e5f670718293a4b5c6d7e8f9")])
        .unwrap()
}
