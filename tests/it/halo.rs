//! HaloPSA's client against a simulation that was written without it, and completion documented in it.

/// The example, with its tests: an example runs none.
#[expect(dead_code, reason = "only a program has a main function")]
#[path = "../../examples/guid_sync.rs"]
mod guid_sync;
mod notes;
mod records;

use std::time::Duration;

use halo_client::{ApplicationId, Client, ClientSecret, Config, CustomerId, TicketId};
use simulator::halo::Settings;
use simulator::truenas::{ApplianceSize, Release};
use simulator::{DEFAULT_ID, Simulator};

const CLIENT: &str = "Harbour Dental Group";

async fn simulation(settings: Settings) -> Simulator {
    let small = simulator::truenas::Settings { size: ApplianceSize::Tiny, ..Default::default() };
    let builder = Simulator::builder().seed(11).truenas(DEFAULT_ID, Release::Scale25_10, small);
    builder.halo_tenant(DEFAULT_ID, settings).start().await.unwrap()
}

fn config(sim: &Simulator) -> Config {
    let at = &sim.addresses().halo;
    let (id, secret) = (ApplicationId::new(&at.client_id), ClientSecret::new(at.client_secret.as_str()));
    let config = Config::new(&at.url, id, secret);
    let config = at.tenant.iter().fold(config, Config::tenant);
    config.attempts(3).backoff(Duration::ZERO, Duration::ZERO).rate_limit_backoff(Duration::ZERO)
}

pub(crate) fn client(sim: &Simulator) -> Client {
    Client::new(config(sim)).unwrap()
}

/// The ticket of the client that is backed up.
fn ticket(sim: &Simulator) -> TicketId {
    TicketId::new(sim.halo().ticket_id().unsigned_abs())
}

fn customer(sim: &Simulator) -> CustomerId {
    CustomerId::new(sim.halo().client_id())
}
