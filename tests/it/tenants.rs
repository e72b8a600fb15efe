//! A thousand clients in NinjaOne, IT Glue and HaloPSA, of colliding names: what the clients of these services write for one of them is
//! never in another's records. Each value that is written says whose it is, so that what lies anywhere can be judged: after each act, since a
//! later one could cover it up, and at the end everywhere, with those who are none of the thousand.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;
use std::sync::Mutex;

use futures_util::TryStreamExt as _;
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
/// Those for whom something is done: few among the thousand, so that they meet each other.
const ACTIVE: usize = 40;
const LABEL: &str = "TrueNAS Cloud Backup — Main Office";
const MARKER: &str = "[dtc provisioned]";
const FIELD: &str = "dtcOrgGuid";
const DEVICE_FIELD: &str = "deviceGuid";
const NAME_OF_EVERY_DEVICE: &str = "nas01";

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
    /// A field of its location.
    Location,
    /// The same, said to be in the organisation of another client.
    LocationOfAnother,
    /// A field of its client in HaloPSA, by the client's name, if only one has it.
    CustomerByName,
    /// A note on its ticket.
    Note,
    /// A field of the device that is its own now, if it has one of this name and no more.
    Device,
    /// Its device is moved to another client.
    Move,
}

fn acts() -> impl Strategy<Value = Vec<(usize, usize, Act)>> {
    let act = prop_oneof![
        Just(Act::EscrowByName),
        Just(Act::Escrow),
        Just(Act::OrganizationField),
        Just(Act::Location),
        Just(Act::LocationOfAnother),
        Just(Act::CustomerByName),
        Just(Act::Note),
        Just(Act::Device),
        Just(Act::Move),
    ];
    proptest::collection::vec((0..ACTIVE, 0..ACTIVE, act), 60)
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
    /// Whose each client's device is now.
    moved: Mutex<Vec<usize>>,
    ninja: ninja_client::Client,
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
        Self { sim, tenants, moved: Mutex::new((0..TENANTS).collect()), ninja, fields, vault, halo }
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
            Act::Location => self.set_location(tenant.organization, number).await,
            Act::LocationOfAnother if other == number => Ok(()),
            Act::LocationOfAnother => match self.set_location(self.tenants[other].organization, number).await
            {
                Ok(()) => Err("a location of another client was set".to_owned()),
                Err(_) => Ok(()),
            },
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
            Act::Device => {
                let organization = ninja_client::OrganizationId::new(tenant.organization);
                let found: Vec<_> =
                    self.ninja.devices().list(organization).try_collect().await.map_err(text)?;
                let [only] = found.as_slice() else { return Ok(()) };
                self.set(FieldOwner::Device(only.id), DEVICE_FIELD, number).await
            }
            Act::Move => {
                let to = &self.tenants[other];
                self.sim.ninja().move_device(tenant.device, to.organization, to.location);
                self.moved.lock().unwrap()[number] = other;
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

    async fn set_location(&self, organization: i32, number: usize) -> Result<(), String> {
        let organization = ninja_client::OrganizationId::new(organization);
        let location = ninja_client::LocationId::new(self.tenants[number].location);
        self.set(FieldOwner::Location(organization, location), "dtcLocationGuid", number).await
    }

    async fn set(&self, owner: FieldOwner, field: &str, number: usize) -> Result<(), String> {
        let field = ninja_client::FieldName::new(field).unwrap();
        let patch = ninja_client::FieldPatch::new().text(&field, guid(number));
        self.fields.set(owner, &patch).await.map(drop).map_err(text)
    }

    /// What the fields of the devices hold.
    fn devices(&self) -> BTreeMap<usize, String> {
        let held = |number: usize| {
            let value = self.sim.ninja().field(Entity::Device(self.tenants[number].device), DEVICE_FIELD)?;
            Some((number, value.as_str()?.to_owned()))
        };
        (0..ACTIVE).filter_map(held).collect()
    }

    /// What a client's act did to devices that were not its own then.
    fn strayed(&self, number: usize, before: &BTreeMap<usize, String>) -> Vec<String> {
        let (now, moved) = (self.devices(), self.moved.lock().unwrap());
        let written = now.into_iter().filter(|(device, held)| before.get(device) != Some(held));
        let stray = written.filter(|(device, held)| moved[*device] != number || *held != guid(number));
        stray.map(|(device, held)| format!("device {device} was given {held} for client {number}")).collect()
    }

    /// What lies with those who are none of the thousand. Nobody does anything for them.
    fn outside(&self) -> Vec<String> {
        let (ninja, halo, first) = (self.sim.ninja(), self.sim.halo(), &self.tenants[0]);
        let ours: Vec<i32> = self.tenants.iter().map(|tenant| tenant.device).collect();
        let tickets: Vec<i64> = self.tenants.iter().map(|tenant| tenant.ticket).collect();
        let vaults: HashSet<u64> = self.tenants.iter().map(|tenant| tenant.vault).collect();
        let devices = ninja.devices().into_iter().map(|(id, _)| id).filter(|id| !ours.contains(id));
        let fields = (0..first.organization).map(|id| (Entity::Organization(id), FIELD));
        let fields = fields.chain((0..first.location).map(|id| (Entity::Location(id), "dtcLocationGuid")));
        let fields = fields.chain(devices.map(|id| (Entity::Device(id), DEVICE_FIELD)));
        let mut outside: Vec<String> = fields
            .filter_map(|(entity, name)| Some(format!("{entity:?}: {}", ninja.field(entity, name)?)))
            .collect();
        let customers = (0..first.customer).filter_map(|id| halo.field(Kind::Client, id, CLIENT_GUID_FIELD));
        outside.extend(customers.map(|held| format!("customer: {held}")));
        for ticket in halo.tickets().into_iter().filter(|ticket| !tickets.contains(ticket)) {
            outside
                .extend(halo.notes(ticket).into_iter().map(|note| format!("ticket {ticket}: {}", note.text)));
        }
        let records = self.sim.itglue().records().into_iter();
        let records = records.filter(|record| !vaults.contains(&record.organization));
        outside.extend(
            records.map(|record| format!("record {}: {} {}", record.id, record.username, record.value)),
        );
        outside
    }

    /// How much of each kind was written.
    fn written(&self) -> [(&'static str, usize); 6] {
        let (ninja, halo) = (self.sim.ninja(), self.sim.halo());
        let count =
            |is_there: &dyn Fn(&Tenant) -> bool| self.tenants.iter().filter(|it| is_there(it)).count();
        [
            ("records", self.sim.itglue().records().iter().filter(|record| record.name == LABEL).count()),
            ("notes", count(&|it| !halo.notes(it.ticket).is_empty())),
            ("customers", count(&|it| halo.field(Kind::Client, it.customer, CLIENT_GUID_FIELD).is_some())),
            (
                "organisations",
                count(&|it| ninja.field(Entity::Organization(it.organization), FIELD).is_some()),
            ),
            (
                "locations",
                count(&|it| ninja.field(Entity::Location(it.location), "dtcLocationGuid").is_some()),
            ),
            ("devices", self.devices().len()),
        ]
    }

    /// Everything of these clients that lies where it should not.
    fn misplaced(&self, among: Range<usize>) -> Vec<String> {
        let mut misplaced = Vec::new();
        let mut judge = |what: &str, number: usize, held: &str| {
            if !held.is_empty() && !held.contains(&guid(number)) {
                misplaced.push(format!("{what} of client {number}: {held}"));
            }
        };
        for (number, tenant) in self.tenants.iter().enumerate().take(among.end).skip(among.start) {
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
        let device = ninja.add_device(NewDevice::new(organization, location, NAME_OF_EVERY_DEVICE));
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
    let outside = world.outside();
    let config = ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let done = runner.run(&acts(), |acts| {
        for habit in [ListNotes::Absent, ListNotes::Shown] {
            world.sim.itglue().list_notes(habit);
            // One after the other, since two runs of one client are told that they are two.
            for &(tenant, other, act) in &acts {
                let devices = world.devices();
                let done = runtime.block_on(world.act(tenant, other, act));
                prop_assert!(done.is_ok(), "{act:?} {tenant} {other}: {done:?}");
                let mut wrong = world.strayed(tenant, &devices);
                wrong.extend(world.misplaced(0..ACTIVE));
                prop_assert_eq!(wrong, Vec::<String>::new(), "{:?} {} {}", act, tenant, other);
            }
            prop_assert_eq!(world.misplaced(0..TENANTS), Vec::<String>::new());
            prop_assert_eq!(world.outside(), outside.clone());
        }
        Ok(())
    });
    done.unwrap();
    for (what, written) in world.written() {
        assert!(written >= 5, "{written} {what}: too few to show anything");
    }
}
