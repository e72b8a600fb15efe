//! What people read: plans, questions and the sentences of errors.

use std::fmt::Write as _;

use dtc_provision::ports::JobState;
use dtc_provision::ports::memory::{BUCKET, State, Technician};
use dtc_provision::proofs::consent::Consents;
use dtc_provision::{Error, Plan};

use crate::scene::{Scene, block_on};

const ANOTHER: &str = "7c9e6679-7425-40de-944b-e07fc1f90ae7";

fn rendered(plan: &Plan) -> String {
    let mut text = String::new();
    for step in plan.steps() {
        writeln!(text, "{:<4} {:<13} {}", step.rule, format!("{:?}", step.kind), step.subject).unwrap();
        for detail in step.details {
            writeln!(text, "{:19}{detail}", "").unwrap();
        }
    }
    for finding in &plan.findings {
        writeln!(text, "{:<4} {:<13} {}", finding.rule, "finding", finding.what).unwrap();
    }
    text
}

/// The plan's steps and findings, with the GUID that was drawn taken out.
fn shown(scene: &Scene) -> String {
    let plan = scene.plan().unwrap();
    rendered(&plan).replace(&plan.identity.guid.to_string(), "(a fresh GUID)")
}

#[test]
fn from_nothing() {
    insta::assert_snapshot!(shown(&Scene::new()));
}

#[test]
fn nothing_to_do() {
    insta::assert_snapshot!(shown(&Scene::provisioned()));
}

#[test]
fn everything_drifted() {
    let mut scene = Scene::provisioned();
    scene.site.time_zone = Some("Europe/Berlin".to_owned());
    scene.world.change(|state| {
        let bucket = &mut state.store.bucket_mut(BUCKET).unwrap().bucket;
        (bucket.settings.private, bucket.settings.object_lock, bucket.retention) = (false, false, None);
        bucket.settings.lifecycle.clear();
        let bucket = state.store.buckets[0].bucket.clone();
        state.add_key(&bucket, &["listFiles"]);
        state.appliance.snmp.running = false;
        state.appliance.tasks[0].enabled = false;
        state.appliance.tasks[1].settings.schedule = "0 3 * * *".parse().unwrap();
        state.appliance.snapshot_tasks[0].settings.lifetime_hours = 24;
        state.inventory.devices_mut().for_each(|device| drop(device.fields.remove("deviceGuid")));
        state.appliance.pools[1].pool.device_guid = Some(ANOTHER.to_owned());
    });
    // The GUID of another pool makes two candidates; the site names the one.
    insta::assert_snapshot!(shown_or_refused(&scene));
}

fn shown_or_refused(scene: &Scene) -> String {
    scene.plan().map_or_else(|error| error.to_string(), |_| shown(scene))
}

#[test]
fn questions() {
    let scene = Scene::provisioned();
    scene.world.change(|state| {
        let bucket = &mut state.store.bucket_mut(BUCKET).unwrap().bucket;
        (bucket.settings.sse_b2, bucket.retention) = (false, None);
        let device = state.inventory.devices_mut().find(|device| device.device.id.as_str() == "71").unwrap();
        device.fields.insert("deviceGuid".to_owned(), ANOTHER.to_owned());
    });
    let plan = scene.plan().unwrap();
    let mut text = String::new();
    for question in plan.questions() {
        writeln!(text, "{}\n    {}", question.subject(), question.consequence()).unwrap();
    }
    let guid = scene.world.look(|state| state.appliance.pools[0].pool.device_guid.clone().unwrap());
    insta::assert_snapshot!(text.replace(&guid, "(the GUID it had)"));
}

/// Who must act, and the sentence.
fn shown_error(error: &Error) -> String {
    let stop = error.stop().map_or("error".to_owned(), |stop| stop.to_string());
    format!("{stop}: {error}\n")
}

/// What the operator reads when this is so.
fn said(scene: &Scene, change: fn(&mut State)) -> String {
    scene.world.change(change);
    let error: Error = scene.run().result.unwrap_err();
    shown_error(&error)
}

#[test]
fn sentences_before_anything_is_written() {
    let text = [
        said(&Scene::new(), |state| state.inventory.organizations[0].locations[0].fields.clear()),
        said(&Scene::new(), |state| {
            let fields = &mut state.inventory.organizations[0].locations[0].fields;
            fields.insert("dtcLocationGuid".to_owned(), "a1b2c3d4-e5f6-1071-8293-a4b5c6d7e8f9".to_owned());
        }),
        said(&Scene::new(), |state| {
            state.add_device("71");
            state.add_device("72");
        }),
        said(&Scene::new(), |state| {
            state.appliance.pools[0].pool.device_guid =
                Some("0b7e9d2c-64c1-4f0a-8a39-5b1f3c2d4e6f".to_owned());
        }),
        said(&Scene::new(), |state| state.store.other_buckets = 100),
        said(&Scene::new(), |state| state.vault.organizations.clear()),
        said(&Scene::new(), |state| state.appliance.pools[0].datasets[1].locked = true),
        said(&Scene::provisioned(), |state| state.appliance.tasks[0].password = "another".to_owned()),
        said(&Scene::provisioned(), |state| state.vault.records.clear()),
    ];
    insta::assert_snapshot!(text.concat());
}

#[test]
fn sentences_on_the_way() {
    let withheld = {
        let scene = Scene::new();
        let plan = scene.plan().unwrap();
        let error = block_on(scene.apply(plan, Consents::default(), &mut Vec::new())).unwrap_err();
        shown_error(&error)
    };
    let text = [
        withheld,
        said(&Scene::new(), |state| state.store.elsewhere.push(BUCKET.to_owned())),
        said(&Scene::new(), |state| state.store.forgets_retention = true),
        said(&Scene::new(), |state| state.vault.spoiled_writes = 1),
        said(&Scene::new(), |state| state.inventory.technician = Technician::Away),
        said(&Scene::new(), |state| state.appliance.refuses_keys = Some("bad_auth_token".to_owned())),
        said(&Scene::new(), |state| {
            state.appliance.saves_wrongly = Some(|settings| settings.exclude.clear());
        }),
        said(&Scene::new(), |state| {
            state.appliance.jobs_end = Some(JobState::Failed("exit status 7".to_owned()));
        }),
        said(&Scene::provisioned(), |state| state.store.away = true),
    ];
    insta::assert_snapshot!(text.concat());
}
