//! A thousand clients with colliding names, and devices that move between them: whatever is written is the client's own, or nothing is.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use dtc_provision::ids::{DeviceId, LocationId, OrganizationId, VaultOrganizationId};
use dtc_provision::ports::memory::{DeviceState, LocationState, OrganizationState, State, Technician, World};
use dtc_provision::ports::{Device, Location, Organization, VaultOrganization};
use proptest::prelude::*;

use crate::scene::{Scene, block_on};

const TENANTS: usize = 1000;
/// The client's device in NinjaOne.
const DEVICE: &str = "71";

/// How the site file names something.
#[derive(Clone, Copy, Debug)]
enum Named {
    ById,
    ByName,
}

/// What the vault has of a client.
#[derive(Clone, Copy, Debug)]
enum InVault {
    Named,
    Renamed,
    Missing,
}

/// Where the client's device is in NinjaOne when the run begins.
#[derive(Clone, Copy, Debug)]
enum Monitored {
    NotYet,
    Here,
    /// At another client's, by somebody's mistake.
    Elsewhere,
}

#[derive(Clone, Debug)]
struct Case {
    tenant: usize,
    /// How many different names the clients have.
    names: usize,
    /// How many different UUIDs the clients' locations have.
    uuids: usize,
    organization: Named,
    location: Named,
    vault_named: bool,
    in_vault: InVault,
    monitored: Monitored,
    /// What the vault knows of the device: nothing, or whose it is.
    filed: Option<usize>,
    /// After which call the device is moved to which client.
    moves: Option<(usize, usize)>,
}

fn cases() -> impl Strategy<Value = Case> {
    let named = || prop_oneof![Just(Named::ById), Just(Named::ByName)];
    let tenant = || 0..TENANTS;
    (
        tenant(),
        prop_oneof![Just(7), Just(400), Just(TENANTS), Just(5 * TENANTS)],
        prop_oneof![1 => Just(TENANTS / 2), 6 => Just(TENANTS)],
        (named(), named(), any::<bool>()),
        prop_oneof![6 => Just(InVault::Named), 1 => Just(InVault::Renamed), 1 => Just(InVault::Missing)],
        prop_oneof![Just(Monitored::NotYet), Just(Monitored::Here), Just(Monitored::Elsewhere)],
        proptest::option::of(prop_oneof![Just(None), tenant().prop_map(Some)]),
        proptest::option::of((0_usize..160, tenant())),
    )
        .prop_map(
            |(
                tenant,
                names,
                uuids,
                (organization, location, vault_named),
                in_vault,
                monitored,
                filed,
                moves,
            )| Case {
                tenant,
                names,
                uuids,
                organization,
                location,
                vault_named,
                in_vault,
                monitored,
                filed: filed.map(|other| other.unwrap_or(tenant)),
                moves,
            },
        )
}

impl Case {
    /// Clients share names when there are fewer names than clients; some differ in case or by a space alone.
    fn name(&self, tenant: usize) -> String {
        let number = tenant % self.names;
        match number % 3 {
            0 => format!("Contoso {}", number / 3),
            1 => format!("contoso {}", number / 3),
            _ => format!("Contoso  {}", number / 3),
        }
    }

    fn world(&self) -> World {
        let world = World::new(1);
        world.change(|state| {
            state.inventory.organizations = (0..TENANTS).map(|tenant| self.client(tenant)).collect();
            state.vault.organizations = (0..TENANTS).filter_map(|tenant| self.vault_client(tenant)).collect();
            // What the technician adds stands at the first client's, so nobody is on duty.
            state.inventory.technician = Technician::Away;
            let device = appliance(state);
            // Boxes of one make, of one name, with the same private addresses, at many other clients'.
            for tenant in (3..TENANTS).step_by(10).filter(|tenant| *tenant != self.tenant) {
                let id = DeviceId::new((90_000 + tenant).to_string());
                let twin =
                    DeviceState { device: Device { id, ..device.device.clone() }, fields: BTreeMap::new() };
                place(state, twin, tenant);
            }
            match self.monitored {
                Monitored::NotYet => {}
                Monitored::Here => place(state, device, self.tenant),
                Monitored::Elsewhere => place(state, device, (self.tenant + 1) % TENANTS),
            }
            if let Some(whose) = self.filed {
                state.vault.devices.insert(DeviceId::new(DEVICE), vault_id(whose));
            }
        });
        world
    }

    fn client(&self, tenant: usize) -> OrganizationState {
        let location = LocationState {
            location: Location {
                id: LocationId::new((20_000 + tenant).to_string()),
                name: "Main Street".to_owned(),
            },
            fields: field("dtcLocationGuid", 1, tenant % self.uuids),
            devices: Vec::new(),
        };
        OrganizationState {
            organization: Organization { id: organization_id(tenant), name: self.name(tenant) },
            fields: field("dtcOrgGuid", 2, tenant),
            locations: vec![location],
        }
    }

    fn vault_client(&self, tenant: usize) -> Option<VaultOrganization> {
        let name = match self.in_vault {
            InVault::Missing if tenant == self.tenant => return None,
            InVault::Renamed if tenant == self.tenant => format!("{} Ltd", self.name(tenant)),
            _ => self.name(tenant),
        };
        Some(VaultOrganization { id: vault_id(tenant), name })
    }

    fn scene(&self) -> Scene {
        let world = self.world();
        let mut site = world.site();
        site.organization = match self.organization {
            Named::ById => organization_id(self.tenant).to_string(),
            Named::ByName => self.name(self.tenant),
        };
        site.location = match self.location {
            Named::ById => (20_000 + self.tenant).to_string(),
            Named::ByName => "Main Street".to_owned(),
        };
        let is_there = !matches!(self.in_vault, InVault::Missing);
        site.vault_organization =
            (self.vault_named && is_there).then(|| self.vault_client(self.tenant).unwrap().name);
        Scene { world, site, withholds: false }
    }
}

fn organization_id(tenant: usize) -> OrganizationId {
    OrganizationId::new((10_000 + tenant).to_string())
}

fn vault_id(tenant: usize) -> VaultOrganizationId {
    VaultOrganizationId::new((4_107_000_000_000_000_u64 + tenant as u64).to_string())
}

fn field(name: &str, kind: u8, number: usize) -> BTreeMap<String, String> {
    [(name.to_owned(), format!("{kind:08x}-2b7d-4c11-8f00-{number:012x}"))].into()
}

fn appliance(state: &State) -> DeviceState {
    let system = &state.appliance.system;
    let device = Device {
        id: DeviceId::new(DEVICE),
        display_name: system.host_name.clone(),
        names: vec![system.host_name.clone()],
        addresses: system.addresses.clone(),
        macs: system.macs.clone(),
    };
    DeviceState { device, fields: BTreeMap::new() }
}

fn place(state: &mut State, device: DeviceState, tenant: usize) {
    state.inventory.organizations[tenant].locations[0].devices.push(device);
}

/// Whose the device is now.
fn whose(state: &State) -> Option<usize> {
    let has = |found: &OrganizationState| {
        found
            .locations
            .iter()
            .any(|location| location.devices.iter().any(|it| it.device.id.as_str() == DEVICE))
    };
    state.inventory.organizations.iter().position(has)
}

fn move_device(state: &mut State, to: usize) {
    let Some(from) = whose(state) else { return };
    let here = &mut state.inventory.organizations[from].locations[0].devices;
    let Some(at) = here.iter().position(|it| it.device.id.as_str() == DEVICE) else { return };
    let device = here.remove(at);
    place(state, device, to);
}

/// Whose a device is, and its fields.
type Filled = (usize, BTreeMap<String, String>);
/// The devices that hold something, by their ids.
type Guids = BTreeMap<DeviceId, Filled>;

/// What the devices of a client hold, where they hold anything.
fn guids_of((tenant, found): (usize, &OrganizationState)) -> Vec<(DeviceId, Filled)> {
    let devices = found.locations.iter().flat_map(|location| &location.devices);
    let filled = devices.filter(|it| !it.fields.is_empty());
    filled.map(|it| (it.device.id.clone(), (tenant, it.fields.clone()))).collect()
}

/// The clients whose devices hold something else than before. That a device was moved changes nothing of it.
fn changed(before: &Guids, now: &Guids) -> Vec<usize> {
    let is_new = |id: &DeviceId, fields: &BTreeMap<String, String>| {
        before.get(id).map(|(_, held)| held) != Some(fields)
    };
    now.iter().filter(|(id, (_, fields))| is_new(id, fields)).map(|(_, (tenant, _))| *tenant).collect()
}

/// The clients in whose records something was written, and at whose device a GUID was.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<BTreeSet<String>>>);

impl Written {
    fn watch(world: &World, case: &Case) -> Self {
        let written = Self::default();
        let (seen, mut moves, mut calls, mut guids) = (written.clone(), case.moves, 0, BTreeMap::new());
        world.watch(move |state, call| {
            let mut seen = seen.0.lock().unwrap();
            let records = state.vault.records.iter();
            seen.extend(records.map(|it| format!("record of {}", it.organization)));
            let held = state.inventory.organizations.iter().enumerate().flat_map(guids_of).collect();
            let owners = changed(&guids, &held);
            seen.extend(owners.into_iter().map(|tenant| format!("device of {tenant}")));
            guids = held;
            drop(seen);
            calls += 1;
            // Between the last look at the location and the write nobody can see a move.
            let is_last_look = call.name == "inventory.devices";
            if let Some((_, to)) = moves.take_if(|(at, _)| *at <= calls && !is_last_look) {
                move_device(state, to);
            }
        });
        written
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the names are, and wherever the device is moved in between: a run writes in the client's records and at the client's
    /// device, and nowhere else.
    #[test]
    fn e6_nothing_is_ever_written_into_another_clients_records(case in cases()) {
        let scene = case.scene();
        let written = Written::watch(&scene.world, &case);
        drop(block_on(scene.runs()));
        let allowed = [format!("record of {}", vault_id(case.tenant)), format!("device of {}", case.tenant)];
        let written = written.0.lock().unwrap();
        prop_assert!(written.iter().all(|it| allowed.contains(it)), "{written:?}, allowed {allowed:?}");
        prop_assert!(case.uuids == TENANTS || scene.world.writes() == 0, "two locations share a bucket");
    }
}

/// What the property would not see: that a run among a thousand clients ends well.
#[test]
fn e6_among_a_thousand_clients_the_right_one_is_provisioned() {
    for (organization, names) in [(Named::ById, 5 * TENANTS), (Named::ByName, TENANTS)] {
        let case = Case {
            tenant: 617,
            names,
            uuids: TENANTS,
            organization,
            location: Named::ByName,
            vault_named: false,
            in_vault: InVault::Named,
            monitored: Monitored::Here,
            filed: Some(617),
            moves: None,
        };
        let scene = case.scene();
        let written = Written::watch(&scene.world, &case);
        scene.provision();
        let expected = [format!("device of {}", case.tenant), format!("record of {}", vault_id(case.tenant))];
        assert_eq!(written.0.lock().unwrap().iter().cloned().collect::<Vec<_>>(), expected);
    }
}

/// Two clients of one name, of which the vault has one: by the name alone it could be either's.
#[test]
fn e6_a_name_that_another_client_has_too_is_no_proof() {
    let case = Case {
        tenant: 1,
        names: TENANTS / 2,
        uuids: TENANTS,
        organization: Named::ById,
        location: Named::ByName,
        vault_named: false,
        in_vault: InVault::Missing,
        monitored: Monitored::Here,
        filed: None,
        moves: None,
    };
    let refusal = case.scene().refusal();
    assert_eq!(refusal.rule, "E6");
    assert!(refusal.what.contains("id 10501"), "{refusal}");
}
