//! How a world begins: nothing provisioned, and everything there that provisioning needs.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::{
    ApplianceState, DeviceState, FileState, InventoryState, LocationState, OrganizationState, PoolState,
    SnmpState, State, StoreState, Technician, VaultState, World,
};
use crate::bandwidth::MegabitsPerSecond;
use crate::ids::{AccountId, DeviceId, FieldName, LocationId, OrganizationId, TicketId, VaultOrganizationId};
use crate::ports::{
    Dataset, DatasetKind, Device, FieldNames, Location, Organization, Pool, Rights, System, VaultOrganization,
};
use crate::site::Site;

/// The client's UUID.
pub const ORGANIZATION_UUID: &str = "6f1f6c6e-8f0e-4b52-9d5c-2f6d7c1c9a01";
/// The location's UUID.
pub const LOCATION_UUID: &str = "a1b2c3d4-e5f6-7071-8293-a4b5c6d7e8f9";
/// The location's bucket.
pub const BUCKET: &str = "truenas-a1b2c3d4e5f670718293a4b5c6d7e8f9";

/// 1 November 2026, early.
const BEGINNING: i64 = 1_793_500_000;

impl World {
    /// What the operator wants of this world: both pools, the GUID on the first, and a ticket to document it in.
    pub fn site(&self) -> Site {
        let line = MegabitsPerSecond::new(100).unwrap_or_else(|| unreachable!("a hundred is not zero"));
        let mut site = Site::new("Contoso Dental", "Main Street", line);
        site.identity_pool =
            self.look(|state| state.appliance.pools.first().map(|pool| pool.pool.name.clone()));
        site.ticket = Some(TicketId::new("4711"));
        site
    }
}

pub(super) fn state(seed: u64) -> State {
    State {
        inventory: inventory(),
        store: StoreState {
            account: AccountId::new("acc0001"),
            other_buckets: 3,
            elsewhere: Vec::new(),
            buckets: Vec::new(),
            keys: Vec::new(),
            minted: 0,
            away: false,
            forgets_retention: false,
            capabilities: vec![
                "listBuckets",
                "writeBuckets",
                "readBucketEncryption",
                "writeBucketEncryption",
                "readBucketRetentions",
                "writeBucketRetentions",
                "listKeys",
                "writeKeys",
                "deleteKeys",
                "listFiles",
            ],
        },
        vault: VaultState {
            organizations: [("501", "Contoso Dental"), ("502", "Fabrikam")]
                .map(|(id, name)| VaultOrganization {
                    id: VaultOrganizationId::new(id),
                    name: name.to_owned(),
                })
                .to_vec(),
            devices: BTreeMap::new(),
            records: Vec::new(),
            made: 0,
            stale_reads: 0,
            spoiled_writes: 0,
            spoiled_reads: 0,
        },
        appliance: appliance(),
        ends: super::replication::ends(beginning()),
        tickets: BTreeMap::from([(TicketId::new("4711"), Vec::new())]),
        closed_tickets: BTreeMap::new(),
        now: beginning(),
        failing: BTreeMap::new(),
        silent: std::collections::BTreeSet::new(),
        handed: Vec::new(),
        entropy: seed,
        log: Vec::new(),
        switch: None,
        dead: false,
    }
}

fn beginning() -> Timestamp {
    Timestamp::from_second(BEGINNING).unwrap_or_default()
}

fn field(name: &FieldName, value: &str) -> BTreeMap<String, String> {
    BTreeMap::from([(name.to_string(), value.to_owned())])
}

fn inventory() -> InventoryState {
    let names = FieldNames::default();
    let location = |id: &str, name: &str, uuid: &str, devices| LocationState {
        location: Location { id: LocationId::new(id), name: name.to_owned() },
        fields: field(&names.location, uuid),
        devices,
    };
    let organization = |id: &str, name: &str, uuid: &str, locations| OrganizationState {
        organization: Organization { id: OrganizationId::new(id), name: name.to_owned() },
        fields: field(&names.organization, uuid),
        locations,
    };
    let printer = DeviceState {
        device: Device {
            id: DeviceId::new("8"),
            display_name: "printer".to_owned(),
            names: vec!["printer".to_owned()],
            addresses: vec!["192.0.2.8".to_owned()],
            macs: Vec::new(),
        },
        fields: BTreeMap::new(),
    };
    let elsewhere = DeviceState {
        device: Device {
            id: DeviceId::new("9"),
            display_name: "nas".to_owned(),
            names: vec!["nas.fabrikam.example".to_owned()],
            addresses: vec!["198.51.100.9".to_owned()],
            macs: Vec::new(),
        },
        fields: field(&names.device, "0b7e9d2c-64c1-4f0a-8a39-5b1f3c2d4e6f"),
    };
    let contoso = vec![
        location("11", "Main Street", LOCATION_UUID, vec![printer]),
        location("12", "Harbour", "b1b2c3d4-e5f6-4071-8293-a4b5c6d7e8f9", Vec::new()),
    ];
    let fabrikam =
        vec![location("21", "Main Street", "c1b2c3d4-e5f6-4071-8293-a4b5c6d7e8f9", vec![elsewhere])];
    InventoryState {
        organizations: vec![
            organization("1", "Contoso Dental", ORGANIZATION_UUID, contoso),
            organization("2", "Fabrikam", "019a3c5e-2b7d-7c11-9f00-1a2b3c4d5e6f", fabrikam),
        ],
        technician: Technician::AddsAfter(2),
    }
}

fn appliance() -> ApplianceState {
    ApplianceState {
        rights: Rights::Full,
        system: System {
            host_name: "nas.contoso.example".to_owned(),
            version: "25.10.3.1".to_owned(),
            management_address: "192.0.2.10".to_owned(),
            addresses: vec!["192.0.2.10".to_owned()],
            macs: vec!["02:00:5e:00:53:01".to_owned()],
            time_zone: "America/New_York".to_owned(),
        },
        pools: vec![pool("pool0", &["docs", "docs/2026"], &["vm"]), pool("tank", &["media"], &[])],
        snmp: SnmpState { community: "public".to_owned(), ..SnmpState::default() },
        credentials: Vec::new(),
        tasks: Vec::new(),
        snapshot_tasks: Vec::new(),
        jobs: Vec::new(),
        hides_secrets: false,
        looks_per_job: 2,
        jobs_end: None,
        refuses_keys: None,
        unsettled_keys: 0,
        saves_wrongly: None,
        made: 0,
    }
}

fn pool(name: &str, children: &[&str], volumes: &[&str]) -> PoolState {
    let dataset = |child: Option<&&str>, kind| Dataset {
        name: child.map_or(name.to_owned(), |child| format!("{name}/{child}")),
        kind,
        locked: false,
        mounted: kind == DatasetKind::Filesystem,
    };
    let mut datasets = vec![dataset(None, DatasetKind::Filesystem)];
    datasets.extend(children.iter().map(|child| dataset(Some(child), DatasetKind::Filesystem)));
    datasets.extend(volumes.iter().map(|volume| dataset(Some(volume), DatasetKind::Volume)));
    let parsed = name.parse().unwrap_or_else(|_| unreachable!("{name} is a pool's name"));
    PoolState {
        pool: Pool { name: parsed, device_guid: None, datasets: Vec::new() },
        files: files(name),
        snapshots: Vec::new(),
        datasets,
    }
}

/// Small files: one of several blocks, an empty one, odd names, and directories that look excluded and are not.
fn files(pool: &str) -> BTreeMap<String, FileState> {
    let sizes = [
        ("docs/letter.txt", 1_200),
        ("docs/2026/Überweisung (Kopie).pdf", 70_000),
        ("docs/empty", 0),
        ("docs/Archive/deep.txt", 300),
        ("ARCHIVE/loud.txt", 200),
        ("Archive/old.txt", 500),
        ("archive/older.txt", 400),
    ];
    let file = |(number, (path, size)): (usize, (&str, usize))| {
        let content: Vec<u8> = pool.bytes().cycle().take(size).zip(0u8..=255).map(|(a, b)| a ^ b).collect();
        let content =
            content.iter().copied().cycle().take(if content.is_empty() { 0 } else { size }).collect();
        let age = SignedDuration::from_hours(24 * i64::try_from(number + 1).unwrap_or_default());
        (path.to_owned(), FileState { content, modified: beginning() - age })
    };
    sizes.into_iter().enumerate().map(file).collect()
}
