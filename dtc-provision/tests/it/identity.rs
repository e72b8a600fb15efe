//! Whose appliance it is, and which GUID it has (I1–I10).

use dtc_provision::ids::{DeviceId, FieldName};
use dtc_provision::phases::identity::{InInventory, OnPool};
use dtc_provision::ports::memory::{LOCATION_UUID, ORGANIZATION_UUID, State};
use dtc_provision::{ErrorKind, Stop};

use crate::scene::{Scene, block_on};

const OURS: &str = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";
const ANOTHER: &str = "7c9e6679-7425-40de-944b-e07fc1f90ae7";
const VERSION_1: &str = "c232ab00-9414-11ec-b3c8-9f6bdeced846";

fn set_property(state: &mut State, pool: &str, text: &str) {
    state.appliance.pool_mut(pool).unwrap().pool.device_guid = Some(text.to_owned());
}

/// The appliance is in the inventory, its field holding this, or nothing.
fn add_device(state: &mut State, text: Option<&str>) {
    state.add_device("71");
    let device = state.inventory.devices_mut().find(|device| device.device.id.as_str() == "71").unwrap();
    device.fields.extend(text.map(|text| ("deviceGuid".to_owned(), text.to_owned())));
}

fn property(scene: &Scene, pool: &str) -> Option<String> {
    scene.world.change(|state| state.appliance.pool_mut(pool).unwrap().pool.device_guid.clone())
}

fn field(scene: &Scene) -> Option<String> {
    scene.world.look(|state| {
        let device = state.inventory.devices().find(|device| device.device.id.as_str() == "71")?;
        device.fields.get("deviceGuid").cloned()
    })
}

#[test]
fn i1_field_names_are_configuration() {
    let mut scene = Scene::new();
    scene.world.change(|state| {
        let fields = &mut state.inventory.organizations[0].fields;
        *fields = [("kundenNummer".to_owned(), ORGANIZATION_UUID.to_owned())].into();
    });
    assert_eq!(scene.refusal().rule, "I2");
    scene.site.fields.organization = FieldName::new("kundenNummer");
    scene.site.fields.device = FieldName::new("geraeteNummer");
    scene.provision();
    let guid = property(&scene, "pool0");
    scene.world.look(|state| {
        let device = state.inventory.devices().find(|device| device.device.id.as_str() == "71").unwrap();
        assert_eq!(device.fields.get("geraeteNummer"), guid.as_ref());
    });
}

#[test]
fn i1_organisation_and_location_are_found_by_id_or_exact_name() {
    let mut scene = Scene::new();
    scene.site.organization = "1".to_owned();
    scene.site.location = "11".to_owned();
    assert!(scene.plan().is_ok());
    scene.site.location = "main street".to_owned();
    let refusal = scene.refusal();
    assert_eq!(refusal.rule.as_str(), "I1");
    assert!(refusal.what.contains("Harbour (id 12)"), "{refusal}");
}

#[test]
fn i2_a_location_without_a_usable_uuid_stops_everything() {
    let unusable = [
        "",
        "  ",
        "a1b2c3d4-e5f6-7071-8293",
        "00000000-0000-0000-0000-000000000000",
        "ffffffff-ffff-ffff-ffff-ffffffffffff",
        VERSION_1,
        "Main Street",
    ];
    for text in unusable {
        let scene = Scene::new();
        scene.world.change(|state| {
            let fields = &mut state.inventory.organizations[0].locations[0].fields;
            fields.insert("dtcLocationGuid".to_owned(), text.to_owned());
        });
        let refusal = scene.refusal();
        assert_eq!((refusal.rule.as_str(), refusal.stop), ("I2", Stop::Precondition), "{text:?}");
        assert!(
            refusal.what.contains("dtcLocationGuid") && refusal.what.contains("\"Main Street\""),
            "{refusal}"
        );
        assert!(refusal.what.contains(text.trim()), "{refusal}");
        assert_eq!(scene.world.writes(), 0);
    }
}

#[test]
fn i2_the_organisation_must_have_one_too() {
    let scene = Scene::new();
    scene.world.change(|state| state.inventory.organizations[0].fields.clear());
    let refusal = scene.refusal();
    assert_eq!(refusal.rule.as_str(), "I2");
    assert!(refusal.what.contains("dtcOrgGuid") && refusal.what.contains("Contoso Dental"), "{refusal}");
}

/// A client that was copied in NinjaOne with its fields: both would write into one bucket.
#[test]
fn i2_a_uuid_that_another_client_or_location_holds_too_stops_everything() {
    type Holds = fn(&mut State, &str);
    let holds: [(&str, &str, Holds); 2] = [
        ("location", LOCATION_UUID, |state, uuid| {
            let fields = &mut state.inventory.organizations[1].locations[0].fields;
            fields.insert("dtcLocationGuid".to_owned(), uuid.to_owned());
        }),
        ("organisation", ORGANIZATION_UUID, |state, uuid| {
            state.inventory.organizations[1].fields.insert("dtcOrgGuid".to_owned(), uuid.to_owned());
        }),
    ];
    for (what, uuid, change) in holds {
        let scene = Scene::new();
        scene.world.change(|state| change(state, &format!(" {} ", uuid.to_uppercase())));
        let refusal = scene.refusal();
        assert_eq!(refusal.rule, "I2");
        assert!(refusal.what.contains("the UUID of another") && refusal.what.contains(what), "{refusal}");
    }
}

#[test]
fn i2_which_versions_are_accepted_is_configuration() {
    let mut scene = Scene::new();
    scene.world.change(|state| {
        let fields = &mut state.inventory.organizations[0].locations[0].fields;
        fields.insert("dtcLocationGuid".to_owned(), VERSION_1.to_owned());
    });
    assert_eq!(scene.refusal().rule, "I2");
    scene.site.uuid_versions = dtc_naming::UuidVersions::new([1, 4]).unwrap();
    assert!(scene.plan().is_ok());
}

#[test]
fn i3_a_spelling_is_put_right_and_is_no_divergence() {
    let scene = Scene::new();
    scene.world.change(|state| {
        set_property(state, "pool0", &OURS.to_uppercase());
        add_device(state, Some(&format!("{{{OURS}}}")));
    });
    let plan = scene.plan().unwrap();
    assert_eq!(plan.identity.on_pool, OnPool::Set);
    assert!(matches!(plan.identity.in_inventory, InInventory::Set { .. }));
    scene.provision();
    assert_eq!((property(&scene, "pool0").as_deref(), field(&scene).as_deref()), (Some(OURS), Some(OURS)));
}

#[test]
fn i3_a_minted_guid_is_of_version_4_in_lower_case() {
    let scene = Scene::provisioned();
    let guid = property(&scene, "pool0").unwrap();
    assert_eq!((guid.len(), &guid[14..15]), (36, "4"));
    assert_eq!(guid, guid.to_lowercase());
    assert_eq!(field(&scene), Some(guid));
}

#[test]
fn i3_a_property_that_is_no_guid_stops_everything() {
    for text in ["tank-1", "", VERSION_1] {
        let scene = Scene::new();
        scene.world.change(|state| set_property(state, "tank", text));
        let refusal = scene.refusal();
        assert_eq!(refusal.rule.as_str(), "I3", "{text:?}");
        assert!(
            refusal.what.contains("tank") && refusal.what.contains("com.dtctoday:device-guid"),
            "{refusal}"
        );
    }
}

#[test]
fn i4_the_identity_pool_holds_the_property_or_is_alone_or_is_named() {
    let mut scene = Scene::new();
    scene.site.identity_pool = None;
    let refusal = scene.refusal();
    assert_eq!(refusal.rule.as_str(), "I4");
    assert!(refusal.what.contains("pool0, tank") && refusal.remedy.contains("identity_pool"), "{refusal}");

    scene.world.change(|state| set_property(state, "tank", OURS));
    assert_eq!(scene.plan().unwrap().identity.pool.as_str(), "tank");

    scene.world.change(|state| {
        state.appliance.pools.remove(1);
    });
    assert_eq!(scene.plan().unwrap().identity.pool.as_str(), "pool0");

    scene.site.identity_pool = Some("nowhere".parse().unwrap());
    assert_eq!(scene.refusal().rule, "I4");
}

#[test]
fn i4_a_box_without_a_data_pool_is_refused() {
    let mut scene = Scene::new();
    scene.site.identity_pool = None;
    scene.world.change(|state| state.appliance.pools.clear());
    assert_eq!(scene.refusal().rule, "I4");
}

#[test]
fn i5_a_guid_in_one_place_is_copied_to_the_other() {
    let on_pool = Scene::new();
    on_pool.world.change(|state| set_property(state, "pool0", OURS));
    on_pool.provision();
    assert_eq!(field(&on_pool).as_deref(), Some(OURS));

    let in_inventory = Scene::new();
    in_inventory.world.change(|state| add_device(state, Some(OURS)));
    in_inventory.provision();
    assert_eq!(property(&in_inventory, "pool0").as_deref(), Some(OURS));
}

#[test]
fn i5_the_pool_is_written_before_the_inventory() {
    let scene = Scene::provisioned();
    let at = |name: &str| scene.world.log().iter().position(|call| call.name == name).unwrap();
    assert!(at("appliance.set_device_guid") < at("inventory.set_device_guid"));
}

#[test]
fn i5_ninjaone_wins_and_only_with_consent() {
    let scene = Scene::new();
    scene.world.change(|state| {
        set_property(state, "pool0", ANOTHER);
        add_device(state, Some(OURS));
    });
    let plan = scene.plan().unwrap();
    let questions = plan.questions();
    let question = questions.iter().find(|asked| asked.act().kind == "rewrite-device-guid").unwrap();
    assert_eq!(question.subject(), OURS);
    assert!(question.consequence().contains(ANOTHER) && question.consequence().contains("uploaded again"));

    let consents = scene.consents_without(&plan, "rewrite-device-guid");
    let error = block_on(scene.apply(plan, consents, &mut Vec::new())).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::ConsentMissing { .. }));
    assert_eq!((scene.world.writes(), property(&scene, "pool0").as_deref()), (0, Some(ANOTHER)));

    scene.provision();
    assert_eq!((property(&scene, "pool0").as_deref(), field(&scene).as_deref()), (Some(OURS), Some(OURS)));
}

/// The last look: the field changed after the plan was read, and before the property is replaced.
#[test]
fn i5_a_device_guid_that_changed_meanwhile_is_not_written_on_the_pool() {
    let scene = Scene::new();
    scene.world.change(|state| {
        set_property(state, "pool0", ANOTHER);
        add_device(state, Some(OURS));
    });
    let plan = scene.plan().unwrap();
    let consents = scene.consents(&plan);
    scene.world.watch(|state, call| {
        if call.name == "store.lock_bucket" {
            let device =
                state.inventory.devices_mut().find(|device| device.device.id.as_str() == "71").unwrap();
            device.fields.insert("deviceGuid".to_owned(), "9b2f4b52-6d0c-4c4f-9d55-0a4a1f0a7d11".to_owned());
        }
    });
    let error = block_on(scene.apply(plan, consents, &mut Vec::new())).unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::Stale { changed } if changed.contains("deviceGuid")),
        "{error}"
    );
    assert_eq!(property(&scene, "pool0").as_deref(), Some(ANOTHER));
    assert!(scene.world.log().iter().all(|call| call.name != "appliance.rewrite_device_guid"));
}

/// The last look at the device: moved to another client, or given a GUID, after the plan was read.
#[test]
fn i9_a_device_that_moved_meanwhile_is_not_written() {
    for gave_it_a_guid in [false, true] {
        let scene = Scene::new();
        scene.world.change(|state| add_device(state, None));
        let plan = scene.plan().unwrap();
        let consents = scene.consents(&plan);
        scene.world.watch(move |state, call| {
            if call.name != "appliance.set_device_guid" {
                return;
            }
            if gave_it_a_guid {
                let mut devices = state.inventory.devices_mut();
                let device = devices.find(|device| device.device.id.as_str() == "71").unwrap();
                device.fields.insert("deviceGuid".to_owned(), ANOTHER.to_owned());
                return;
            }
            let organizations = &mut state.inventory.organizations;
            let devices = &mut organizations[0].locations[0].devices;
            let at = devices.iter().position(|device| device.device.id.as_str() == "71").unwrap();
            let moved = devices.remove(at);
            organizations[1].locations[0].devices.push(moved);
        });
        let error = block_on(scene.apply(plan, consents, &mut Vec::new())).unwrap_err();
        let says = if gave_it_a_guid { "by now" } else { "no longer in" };
        assert!(matches!(error.kind(), ErrorKind::Stale { changed } if changed.contains(says)), "{error}");
        assert!(scene.world.log().iter().all(|call| call.name != "inventory.set_device_guid"));
    }
}

#[test]
fn i6_a_property_on_several_pools_is_removed_by_consent_only() {
    let mut scene = Scene::new();
    scene.world.change(|state| {
        set_property(state, "pool0", OURS);
        set_property(state, "tank", OURS);
        add_device(state, Some(OURS));
    });
    scene.site.identity_pool = None;
    // Both agree with NinjaOne, so neither is the one.
    assert_eq!(scene.refusal().rule, "I4");
    scene.site.identity_pool = Some("pool0".parse().unwrap());
    assert_eq!(scene.findings("I6").len(), 1);
    let plan = scene.plan().unwrap();
    assert_eq!(
        plan.identity.remove_from.iter().map(|removal| removal.pool.as_str()).collect::<Vec<_>>(),
        ["tank"]
    );
    assert!(plan.steps().iter().any(|step| step.rule == "I6" && step.subject.contains("tank")));

    scene.withholds = true;
    assert!(matches!(scene.run().result.unwrap_err().kind(), ErrorKind::VerificationFailed { .. }));
    assert_eq!(property(&scene, "tank").as_deref(), Some(OURS));
    scene.withholds = false;
    scene.provision();
    assert_eq!((property(&scene, "pool0").as_deref(), property(&scene, "tank")), (Some(OURS), None));
    assert!(scene.plan().unwrap().is_empty());
}

#[test]
fn i7_a_rebuilt_box_keeps_the_guid_of_its_pool_and_its_pair() {
    let scene = Scene::provisioned();
    let pair = |scene: &Scene| {
        scene.world.look(|state| {
            let task = &state.appliance.tasks[0];
            (task.password.clone(), task.salt.clone())
        })
    };
    let (guid, before) = (property(&scene, "pool0"), pair(&scene));
    scene.world.change(|state| {
        let appliance = &mut state.appliance;
        (appliance.tasks, appliance.credentials, appliance.snapshot_tasks) =
            (Vec::new(), Vec::new(), Vec::new());
        (appliance.snmp, appliance.jobs) = (dtc_provision::ports::memory::SnmpState::default(), Vec::new());
    });
    scene.provision();
    assert_eq!((property(&scene, "pool0"), pair(&scene)), (guid, before));
    assert!(scene.plan().unwrap().is_empty());
}

#[test]
fn i8_a_guid_of_another_device_is_a_hard_stop() {
    let scene = Scene::new();
    scene.world.change(|state| {
        // The device of another client holds it, spelled in its own way.
        let other = state.inventory.devices_mut().find(|device| device.device.id.as_str() == "9").unwrap();
        other.fields.insert("deviceGuid".to_owned(), OURS.to_uppercase());
        set_property(state, "pool0", OURS);
    });
    let refusal = scene.refusal();
    assert_eq!((refusal.rule.as_str(), refusal.stop), ("I8", Stop::Blocked));
    assert!(refusal.what.contains(OURS) && refusal.what.contains("id 9"), "{refusal}");
    assert_eq!(scene.world.writes(), 0);
}

#[test]
fn i9_several_devices_that_match_are_listed() {
    let mut scene = Scene::new();
    scene.world.change(|state| {
        state.add_device("71");
        state.add_device("72");
    });
    let refusal = scene.refusal();
    assert_eq!(refusal.rule.as_str(), "I9");
    assert!(refusal.what.contains("(id 71)") && refusal.what.contains("(id 72)"), "{refusal}");
    scene.site.device = Some(DeviceId::new("72"));
    assert_eq!(scene.plan().unwrap().identity.in_inventory.device().unwrap().as_str(), "72");
    scene.site.device = Some(DeviceId::new("9"));
    assert_eq!(scene.refusal().rule, "I9");
}

#[test]
fn i9_a_device_matches_by_address_or_mac_or_name() {
    let only: [fn(&mut dtc_provision::ports::Device); 3] = [
        |device| (device.addresses, device.macs) = (Vec::new(), Vec::new()),
        |device| (device.addresses, device.names) = (Vec::new(), Vec::new()),
        |device| (device.macs, device.names) = (Vec::new(), Vec::new()),
    ];
    for keep in only {
        let scene = Scene::new();
        scene.world.change(|state| {
            state.add_device("71");
            state.inventory.devices_mut().filter(|device| device.device.id.as_str() == "71").for_each(
                |device| {
                    keep(&mut device.device);
                },
            );
        });
        assert!(matches!(scene.plan().unwrap().identity.in_inventory, InInventory::Set { .. }));
    }
}

#[test]
fn i10_the_property_is_set_through_the_appliances_api() {
    let scene = Scene::provisioned();
    let sets = scene.world.log().into_iter().filter(|call| call.name == "appliance.set_device_guid").count();
    assert_eq!(sets, 1);
}
