//! A thousand clients in NinjaOne, IT Glue and HaloPSA, of colliding names: what the clients of these services write for one of them is
//! never in another's records. Each value that is written says whose it is, so that what lies anywhere afterwards can be judged.

use futures_util::{StreamExt as _, stream};
use halo_client::{NoteOutcome, OutcomeId, PrivateNote};
use itglue_client::{CreatePassword, PasswordValue, RecordIdentity};
use ninja_client::FieldOwner;
use proptest::prelude::*;
use simulator::halo::{CLIENT_GUID_FIELD, Kind};
use simulator::itglue::ListNotes;
use simulator::ninja::{Entity, NewDevice};
use simulator::truenas::{ApplianceSize, Release};
use simulator::{DEFAULT_ID, Simulator};

const TENANTS: usize = 1000;
const LABEL: &str = "TrueNAS Cloud Backup — Main Office";
const MARKER: &str = "[dtc provisioned]";
const FIELD: &str = "dtcOrgGuid";

/// One client, as each service knows it.
struct Tenant {
    name: String,
    organization: i32,
    location: i32,
    device: i32,
    vault: u64,
    customer: i64,
    ticket: i64,
}

/// What is done for a client.
#[derive(Clone, Copy, Debug)]
enum Act {
    /// Its records in IT Glue by the organisation's name, if only one has it.
    EscrowByName,
    /// The same by the organisation's id.
    Escrow,
    /// A field of its organisation in NinjaOne.
    OrganizationField,
    /// A field of its location, said to be in the organisation of another client.
    LocationOfAnother,
    /// A field of its client in HaloPSA, by the client's name, if only one has it.
    CustomerByName,
    /// A note on its ticket.
    Note,
    /// Its device is moved to another client in NinjaOne; the configuration in IT Glue stays.
    Move,
}

fn acts() -> impl Strategy<Value = Vec<(usize, usize, Act)>> {
    let act = prop_oneof![
        Just(Act::EscrowByName),
        Just(Act::Escrow),
        Just(Act::OrganizationField),
        Just(Act::LocationOfAnother),
        Just(Act::CustomerByName),
        Just(Act::Note),
        Just(Act::Move),
    ];
    // Few clients among the thousand, so that they meet each other.
    proptest::collection::vec((0..40_usize, 0..40_usize, act), 60)
}

/// Every 25th client has the name of another one; others differ by case or a space alone.
fn name(tenant: usize) -> String {
    match tenant % 5 {
        0 => format!("Contoso {}", tenant % 25),
        1 => format!("contoso {}", tenant - 1),
        2 => format!("Contoso  {}", tenant - 2),
        _ => format!("Contoso {tenant} Ltd"),
    }
}

fn guid(tenant: usize) -> String {
    format!("0195f3a2-7c41-7d3e-9b20-{tenant:012x}")
}

struct World {
    sim: Simulator,
    tenants: Vec<Tenant>,
    fields: ninja_client::CheckedFields,
    vault: itglue_client::Client,
    halo: halo_client::Client,
}

impl World {
    async fn new() -> Self {
        let small = simulator::truenas::Settings { size: ApplianceSize::Tiny, ..Default::default() };
        let builder = Simulator::builder().seed(31).truenas(DEFAULT_ID, Release::Scale25_10, small);
        let sim = builder.start().await.unwrap();
        let at = sim.addresses();
        let login = (
            ninja_client::ClientId::new(&at.ninja.client_id),
            ninja_client::ClientSecret::new(&at.ninja.client_secret),
        );
        let config = ninja_client::Config::new(ninja_client::Region::Us, login.0, login.1);
        let ninja = ninja_client::Client::new(config.base_url(&at.ninja.url)).unwrap();
        let config = itglue_client::Config::new(itglue_client::ApiKey::new(&at.itglue.api_key));
        let vault = itglue_client::Client::new(config.base_url(&at.itglue.url)).unwrap();
        let halo = super::halo::client(&sim);
        // Limits of requests have tests of their own.
        sim.halo().limit_requests(usize::MAX, None);
        sim.itglue().limit_requests(usize::MAX);
        let tenants = (0..TENANTS).map(|tenant| Tenant::add(&sim, tenant)).collect();
        let fields = ninja.checked_fields().await.unwrap();
        Self { sim, tenants, fields, vault, halo }
    }

    /// Does it, or leaves it where a name is not one client's.
    async fn act(&self, number: usize, other: usize, act: Act) -> Result<(), String> {
        let tenant = &self.tenants[number];
        match act {
            Act::EscrowByName => {
                let found = self.vault.organizations().find(&tenant.name).await.map_err(text)?;
                match found.as_slice() {
                    [only] => self.escrow(only.id, number).await,
                    _ => Ok(()),
                }
            }
            Act::Escrow => self.escrow(itglue_client::OrganizationId::new(tenant.vault), number).await,
            Act::OrganizationField => {
                let id = ninja_client::OrganizationId::new(tenant.organization);
                self.set(FieldOwner::Organization(id), FIELD, number).await
            }
            Act::LocationOfAnother => {
                let organization = ninja_client::OrganizationId::new(self.tenants[other].organization);
                let location = ninja_client::LocationId::new(tenant.location);
                let set =
                    self.set(FieldOwner::Location(organization, location), "dtcLocationGuid", number).await;
                if other == number {
                    set
                } else {
                    set.map_or(Ok(()), |()| Err("a location of another client was set".to_owned()))
                }
            }
            Act::CustomerByName => {
                let found = self.halo.customers().find(&tenant.name).await.map_err(text)?;
                let [only] = found.as_slice() else { return Ok(()) };
                let field = halo_client::FieldName::new(CLIENT_GUID_FIELD).unwrap();
                let patch = halo_client::FieldPatch::new().text(&field, guid(number));
                self.halo.customers().update(only.id, &patch).await.map(drop).map_err(text)
            }
            Act::Note => {
                let ticket = halo_client::TicketId::new(tenant.ticket.unsigned_abs());
                let note = format!("{MARKER}\n{}", guid(number));
                let note = PrivateNote::new(ticket, NoteOutcome::Id(OutcomeId::new(7)), note);
                self.halo.actions().add_once(&note, MARKER).await.map(drop).map_err(text)
            }
            Act::Move => {
                let to = &self.tenants[other];
                self.sim.ninja().move_device(tenant.device, to.organization, to.location);
                Ok(())
            }
        }
    }

    /// The same label and the same identity for every second client: only the organisation tells them apart.
    async fn escrow(&self, organization: itglue_client::OrganizationId, number: usize) -> Result<(), String> {
        let identity = RecordIdentity::new([("Device GUID", guid(number % 2))]).unwrap();
        let request = CreatePassword::new(organization, LABEL).username(guid(number));
        let value = PasswordValue::new(guid(number));
        self.vault.passwords().upsert_with_proof(&identity, &request, &value).await.map(drop).map_err(text)
    }

    async fn set(&self, owner: FieldOwner, field: &str, number: usize) -> Result<(), String> {
        let field = ninja_client::FieldName::new(field).unwrap();
        let patch = ninja_client::FieldPatch::new().text(&field, guid(number));
        self.fields.set(owner, &patch).await.map(drop).map_err(text)
    }

    /// Everything that lies where it should not.
    fn misplaced(&self) -> Vec<String> {
        let mut misplaced = Vec::new();
        let mut judge = |what: &str, number: usize, held: &str| {
            if !held.is_empty() && !held.contains(&guid(number)) {
                misplaced.push(format!("{what} of client {number}: {held}"));
            }
        };
        for (number, tenant) in self.tenants.iter().enumerate() {
            let text = |value: Option<serde_json::Value>| {
                value.and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
            };
            let ninja = self.sim.ninja();
            judge(
                "organisation",
                number,
                &text(ninja.field(Entity::Organization(tenant.organization), FIELD)),
            );
            judge(
                "location",
                number,
                &text(ninja.field(Entity::Location(tenant.location), "dtcLocationGuid")),
            );
            judge(
                "customer",
                number,
                &text(self.sim.halo().field(Kind::Client, tenant.customer, CLIENT_GUID_FIELD)),
            );
            for note in self.sim.halo().notes(tenant.ticket) {
                judge("ticket", number, &note.text);
            }
        }
        for record in self.sim.itglue().records() {
            let owner = self.tenants.iter().position(|tenant| tenant.vault == record.organization);
            if let Some(number) = owner {
                judge("record", number, &record.value);
                judge("user name", number, &record.username);
            }
        }
        misplaced
    }
}

impl Tenant {
    fn add(sim: &Simulator, number: usize) -> Self {
        let name = name(number);
        let (ninja, itglue, halo) = (sim.ninja(), sim.itglue(), sim.halo());
        let organization = ninja.add_organization(&name);
        let location = ninja.add_location(organization, "Main Office");
        let device = ninja.add_device(NewDevice::new(organization, location, "nas01"));
        let customer = halo.add_client(&name);
        let vault = itglue.add_organization(&name);
        let ticket = halo.add_ticket(customer, "Set up the backup");
        Self { name, organization, location, device, vault, customer, ticket }
    }
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

#[test]
fn e6_among_a_thousand_clients_nothing_lands_in_anothers_records() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let world = runtime.block_on(World::new());
    let config = ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let done = runner.run(&acts(), |acts| {
        for habit in [ListNotes::Absent, ListNotes::Shown] {
            world.sim.itglue().list_notes(habit);
            let run = stream::iter(&acts).map(|&(tenant, other, act)| {
                let world = &world;
                async move { (act, world.act(tenant, other, act).await) }
            });
            // One after the other, since two runs of one client are told that they are two.
            let results = runtime.block_on(run.buffered(1).collect::<Vec<_>>());
            let failed: Vec<_> = results.iter().filter(|(_, result)| result.is_err()).collect();
            prop_assert!(failed.is_empty(), "{failed:?}");
            prop_assert_eq!(world.misplaced(), Vec::<String>::new());
        }
        Ok(())
    });
    done.unwrap();
    let written = world.sim.itglue().records().len()
        + world.tenants.iter().map(|it| world.sim.halo().notes(it.ticket).len()).sum::<usize>();
    assert!(written > 40, "{written} records and notes: too few to show anything");
}
