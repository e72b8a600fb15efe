//! What can be known before the first write is known then (X1c).

use std::collections::BTreeSet;

use dtc_provision::Stop;
use dtc_provision::ids::TicketId;
use dtc_provision::ports::Rights;
use dtc_provision::ports::memory::{Access, State};

use crate::scene::{Change, Scene, refusal};

/// Where a refusal that a writing call can meet is foreseen.
#[derive(Clone, Copy)]
enum Seen {
    /// Before anything is written, by this rule, in a world that was changed so.
    By(&'static str, Change<State>),
    /// Not at all, for this reason.
    Cannot(&'static str),
}

use Seen::{By, Cannot};

/// Takes the roles of the appliance's key away, but for these.
fn only(state: &mut State, roles: &[&str]) {
    state.appliance.rights = Rights::Roles(roles.iter().map(|&role| role.to_owned()).collect());
}

/// Every writing call, every refusal that it can meet, and where that is foreseen.
const REFUSALS: &[(&str, &str, Seen)] = &[
    ("store.create_bucket", "the key lacks writeBuckets", By("X1c", |state| lose(state, "writeBuckets"))),
    (
        "store.create_bucket",
        "the key lacks writeBucketEncryption",
        By("X1c", |state| lose(state, "writeBucketEncryption")),
    ),
    (
        "store.create_bucket",
        "the key lacks writeBucketRetentions",
        By("X1c", |state| lose(state, "writeBucketRetentions")),
    ),
    ("store.create_bucket", "the account is full", By("B5", |state| state.store.other_buckets = 100)),
    (
        "store.create_bucket",
        "another account has the name",
        Cannot("B2 tells of other accounts' names only by refusing them; it is the first write (B3)"),
    ),
    (
        "store.create_bucket",
        "the account has no card, or its email is not verified",
        Cannot("no call of B2 tells; it is the first write"),
    ),
    (
        "store.lock_bucket",
        "the key lacks a capability",
        By("X1c", |state| lose(state, "writeBucketRetentions")),
    ),
    ("store.lock_bucket", "somebody changed the bucket", Cannot("it happens after the look (B4)")),
    ("store.change_bucket", "the key lacks writeBuckets", Cannot("tested below, with a bucket that differs")),
    ("store.create_key", "the key lacks writeKeys", By("X1c", |state| lose(state, "writeKeys"))),
    (
        "store.create_key",
        "a capability is refused on a restricted key",
        Cannot("none of those is asked for (K2)"),
    ),
    (
        "store.delete_key",
        "the key lacks deleteKeys",
        Cannot("deleting an orphan may be withheld, so that lacking the right stops nothing beforehand (K3)"),
    ),
    ("vault.create", "the label is too long", By("X1c", |state| rename(state, &"x".repeat(300)))),
    (
        "vault.create",
        "a note is not one line",
        By("X1c", |state| state.appliance.system.host_name.push('\n')),
    ),
    ("vault.create", "there is no such organisation", By("E6", |state| state.vault.organizations.clear())),
    (
        "vault.create",
        "there is no such category",
        Cannot("IT Glue's own: tested with the simulated one, where it is foreseen"),
    ),
    (
        "vault.create",
        "the key may not write passwords",
        Cannot(
            "IT Glue tells the right of a key by no read; values of records that are there are read beforehand",
        ),
    ),
    ("vault.replace", "the record is gone", Cannot("it happens after the look")),
    ("vault.note", "the record is gone", Cannot("it happens after the look")),
    (
        "vault.note",
        "a key's id or a run's words are not one line",
        Cannot("ids are issued and runs end only then; both are shown as one line, or not written (E1)"),
    ),
    (
        "appliance.set_device_guid",
        "the key lacks DATASET_WRITE",
        By("X1c", |state| only(state, &["READONLY_ADMIN"])),
    ),
    (
        "appliance.remove_device_guid",
        "the key lacks DATASET_WRITE",
        Cannot("tested below, with a property on two pools"),
    ),
    (
        "appliance.rewrite_device_guid",
        "the key lacks DATASET_WRITE",
        Cannot("tested below, with a GUID that differs"),
    ),
    (
        "appliance.put_snmp",
        "the key lacks SYSTEM_GENERAL_WRITE",
        By("X1c", |state| {
            only(state, &["DATASET_WRITE", "SERVICE_WRITE", "CLOUD_SYNC_WRITE", "SNAPSHOT_TASK_WRITE"]);
        }),
    ),
    (
        "appliance.start_snmp",
        "the key lacks SERVICE_WRITE",
        By("X1c", |state| {
            only(
                state,
                &["DATASET_WRITE", "SYSTEM_GENERAL_WRITE", "CLOUD_SYNC_WRITE", "SNAPSHOT_TASK_WRITE"],
            );
        }),
    ),
    ("appliance.start_snmp", "the service does not start", Cannot("only starting it shows")),
    (
        "inventory.set_device_guid",
        "the API client lacks the scope, or the field is read-only for the API",
        Cannot("NinjaOne tells neither by a read"),
    ),
    (
        "inventory.set_device_guid",
        "the field does not exist",
        Cannot("a field without a value looks the same"),
    ),
    (
        "appliance.put_cloud_credential",
        "the key lacks CLOUD_SYNC_WRITE",
        By("X1c", |state| {
            only(state, &["DATASET_WRITE", "SYSTEM_GENERAL_WRITE", "SERVICE_WRITE", "SNAPSHOT_TASK_WRITE"]);
        }),
    ),
    (
        "appliance.put_cloud_credential",
        "the appliance does not reach B2",
        By("X1c", |state| state.appliance.refuses_keys = Some("no such host".to_owned())),
    ),
    (
        "appliance.put_cloud_credential",
        "the appliance's rclone is too old for the key",
        Cannot("only a real key shows; keys are made so that each rclone takes them (K2a)"),
    ),
    (
        "appliance.put_cloud_sync",
        "a dataset is locked",
        By("C5", |state| state.appliance.pools[0].datasets[1].locked = true),
    ),
    ("appliance.enable_cloud_sync", "the task reads back otherwise", Cannot("only saving it shows (C2a)")),
    ("appliance.start_cloud_sync", "the run fails", Cannot("only running it shows (V1)")),
    (
        "appliance.put_snapshot_task",
        "the key lacks SNAPSHOT_TASK_WRITE",
        By("X1c", |state| {
            only(state, &["DATASET_WRITE", "SYSTEM_GENERAL_WRITE", "SERVICE_WRITE", "CLOUD_SYNC_WRITE"]);
        }),
    ),
    ("tickets.add_note", "the ticket does not exist", By("*", |state| state.tickets.clear())),
    (
        "tickets.add_note",
        "the ticket takes no note",
        By("X1c", |state| {
            drop(state.closed_tickets.insert(TicketId::new("4711"), "its folder takes no file".to_owned()));
        }),
    ),
];

fn lose(state: &mut State, capability: &str) {
    state.store.capabilities.retain(|held| *held != capability);
}

fn rename(state: &mut State, name: &str) {
    name.clone_into(&mut state.inventory.organizations[0].locations[0].location.name);
}

#[test]
fn x1c_every_refusal_that_a_write_can_meet_is_foreseen_or_said_not_to_be() {
    for &(call, what, seen) in REFUSALS {
        let (rule, change) = match seen {
            By(rule, change) => (rule, change),
            Cannot(why) => {
                assert!(why.len() > 20, "{call}: {what}: {why}");
                continue;
            }
        };
        let mut scene = Scene::new();
        scene.site.location = "11".to_owned();
        scene.world.change(change);
        let error = scene.run().result.expect_err(what);
        assert_eq!(scene.world.writes(), 0, "{call}: {what}: it wrote: {error}");
        if rule != "*" {
            let refusal = refusal(&error);
            assert_eq!(
                (refusal.rule.as_str(), refusal.stop),
                (rule, Stop::Precondition),
                "{call}: {what}: {refusal}"
            );
        }
    }
}

/// The table knows every writing call that there is: those of a run from nothing, and those that only other plans make.
#[test]
fn x1c_the_table_of_refusals_knows_every_writing_call() {
    let scene = Scene::new();
    scene.provision();
    let known: BTreeSet<&str> = REFUSALS.iter().map(|&(call, ..)| call).collect();
    let made: BTreeSet<&str> =
        scene.world.log().iter().filter(|call| call.access == Access::Write).map(|call| call.name).collect();
    let unknown: Vec<_> = made.difference(&known).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    let of_other_plans: BTreeSet<&str> = known.difference(&made).copied().collect();
    let expected = [
        "appliance.remove_device_guid",
        "appliance.rewrite_device_guid",
        "store.change_bucket",
        "store.delete_key",
        "vault.replace",
    ];
    assert_eq!(of_other_plans, BTreeSet::from(expected));
}

#[test]
fn x1c_a_bucket_that_must_change_needs_the_rights_to_change_it() {
    let cases: [(Change<State>, &str); 3] = [
        (|state| state.store.buckets[0].bucket.settings.private = false, "writeBuckets"),
        (|state| state.store.buckets[0].bucket.settings.sse_b2 = false, "writeBucketEncryption"),
        (|state| state.store.buckets[0].bucket.settings.object_lock = false, "writeBucketRetentions"),
    ];
    for (change, capability) in cases {
        let scene = Scene::provisioned();
        scene.world.change(change);
        assert!(scene.plan().is_ok(), "{capability}");
        scene.world.change(|state| lose(state, capability));
        let refusal = scene.refusal();
        assert!(refusal.rule == "X1c" && refusal.what.contains(capability), "{refusal}");
    }
    // Where nothing is to be changed, a key that only reads is enough.
    let scene = Scene::provisioned();
    scene.world.change(|state| state.store.capabilities.retain(|held| !held.starts_with("write")));
    assert!(scene.plan().unwrap().is_empty());
}

/// Rewriting a GUID and removing a property from another pool take the role of setting one.
#[test]
fn x1c_a_device_guid_that_is_changed_needs_the_role_to_change_it() {
    let changes: [Change<State>; 2] = [
        |state| {
            let other = "7c9e6679-7425-40de-944b-e07fc1f90ae7".to_owned();
            state.inventory.devices_mut().for_each(|device| {
                if device.device.id.as_str() == "71" {
                    device.fields.insert("deviceGuid".to_owned(), other.clone());
                }
            });
        },
        |state| {
            let guid = state.appliance.pools[0].pool.device_guid.clone();
            state.appliance.pools[1].pool.device_guid = guid;
        },
    ];
    for change in changes {
        let scene = Scene::provisioned();
        scene.world.change(change);
        scene.world.change(|state| {
            let others = ["SYSTEM_GENERAL_WRITE", "SERVICE_WRITE", "CLOUD_SYNC_WRITE", "SNAPSHOT_TASK_WRITE"];
            only(state, &others);
        });
        let writes = scene.world.writes();
        let refusal = refusal(&scene.run().result.unwrap_err());
        assert_eq!((refusal.rule.as_str(), scene.world.writes()), ("X1c", writes), "{refusal}");
        assert!(refusal.what.contains("DATASET_WRITE"), "{refusal}");
    }
}

/// A release that does not tell its roles is taken at its word when it refuses, as before.
#[test]
fn x1c_rights_that_are_unknown_stop_nothing() {
    let scene = Scene::new();
    scene.world.change(|state| state.appliance.rights = Rights::Unknown);
    scene.provision();
}

/// A world whose operator names the location by its id, with what the inventory and the appliance call things.
fn called(location: &str, host_name: &str, address: &str) -> Scene {
    let mut scene = Scene::new();
    scene.site.location = "11".to_owned();
    scene.world.change(|state| {
        location.clone_into(&mut state.inventory.organizations[0].locations[0].location.name);
        host_name.clone_into(&mut state.appliance.system.host_name);
        address.clone_into(&mut state.appliance.system.management_address);
    });
    scene
}

#[test]
fn x1c_what_no_vault_record_can_bear_stops_before_the_bucket_is_created() {
    let long = "x".repeat(300);
    let cases = [
        (long.as_str(), "nas", "192.0.2.10", "label"),
        ("Main Street", "nas\nStatus: operational", "192.0.2.10", "host name"),
        ("Main Street", "nas\rDevice GUID: x", "192.0.2.10", "host name"),
        ("Main Street", "nas\u{2028}", "192.0.2.10", "host name"),
        ("Main Street", "nas\u{202e}", "192.0.2.10", "host name"),
        ("Main Street", long.as_str(), "192.0.2.10", "host name"),
        ("Main Street", "nas", "192.0.2.10\n", "management address"),
    ];
    for (location, host_name, address, said) in cases {
        let scene = called(location, host_name, address);
        let refusal = refusal(&scene.run().result.unwrap_err());
        assert_eq!(
            (refusal.rule.as_str(), refusal.stop, scene.world.writes()),
            ("X1c", Stop::Precondition, 0),
            "{refusal}"
        );
        assert!(refusal.what.contains(said), "{said}: {refusal}");
    }
}

/// Where every record is there, none has to be written: a name that changed since stops nothing.
#[test]
fn x1c_a_name_that_grew_too_long_stops_nothing_that_needs_no_record() {
    let mut scene = Scene::provisioned();
    scene.site.location = "11".to_owned();
    scene.world.change(|state| {
        state.inventory.organizations[0].locations[0].location.name = "x".repeat(300);
    });
    assert!(scene.plan().unwrap().is_empty());
}
