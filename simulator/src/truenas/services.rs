//! The appliance's services: which start by themselves, which run.

use serde_json::Value;

use super::call::{Call, Method};
use super::events::{Event, What};
use super::factory::Service;
use super::jobs::{Abort, Jobs};
use super::nas::Nas;
use super::query::QUERY;
use super::refusal::{Errno, Outcome, Refusal};
use super::release::Release;
use super::shape::{Field, INT, Kind};
use super::state::State;

const OPTIONS: Field = Field::or(
    "options",
    Kind::Object(&[
        Field::or("ha_propagate", Kind::Bool, "true"),
        Field::or("silent", Kind::Bool, "true").since(Release::Scale24_10),
        Field::or("timeout", Kind::Nullable(&INT), "120").since(Release::Scale25_10),
    ]),
    "{}",
)
.formerly("service-control");
const OLD_UPDATE: Kind = Kind::Object(&[Field::or("enable", Kind::Bool, "false")]);
const ID_OR_NAME: Kind = Kind::Either(&[("int", &INT), ("str", &Kind::Text)]);
const UPDATE: Kind = Kind::Object(&[Field::required("enable", Kind::Bool)]);
const SERVICE: Field = Field::required("service", Kind::Text);

pub(super) const METHODS: &[Method] = &[
    Method::read("service.query", QUERY, |call| {
        let entries = call.nas.state().services.iter().map(Service::entry).collect();
        call.query(entries)
    }),
    Method::write(
        "service.update",
        &[
            Field::required("id_or_name", Kind::Text),
            Field::or("service_update", OLD_UPDATE, "{}").formerly("service-update"),
        ],
        update,
    )
    .until(Release::Scale25_04),
    Method::write(
        "service.update",
        &[Field::required("id_or_name", ID_OR_NAME), Field::required("service_update", UPDATE)],
        update,
    )
    .since(Release::Scale25_10),
    Method::write(
        "service.control",
        &[Field::required("verb", Kind::OneOf(&["START", "STOP", "RESTART", "RELOAD"])), SERVICE, OPTIONS],
        control,
    )
    .job()
    .since(Release::Scale25_10),
    Method::write("service.start", &[SERVICE, OPTIONS], |call| act(call, 0, "START"))
        .until(Release::Scale25_10),
    Method::write("service.stop", &[SERVICE, OPTIONS], |call| act(call, 0, "STOP"))
        .until(Release::Scale25_10),
    Method::write("service.restart", &[SERVICE, OPTIONS], |call| act(call, 0, "RESTART"))
        .until(Release::Scale25_10),
    Method::write("service.reload", &[SERVICE, OPTIONS], |call| act(call, 0, "RELOAD"))
        .until(Release::Scale25_10),
];

fn unknown(name: &Value) -> Refusal {
    Refusal::no_row("Service", name)
}

fn find<'a>(state: &'a mut State, wanted: &Value) -> Option<&'a mut Service> {
    let is_wanted = |service: &&mut Service| {
        // The older schemas take a number for a text.
        *wanted == service.id || *wanted == service.name || *wanted == service.id.to_string().as_str()
    };
    state.services.iter_mut().find(is_wanted)
}

fn update(call: &Call) -> Outcome {
    let mut state = call.nas.state();
    let service = find(&mut state, &call.params[0]).ok_or_else(|| unknown(&call.params[0]))?;
    service.is_enabled = call.params[1]["enable"] == true;
    let (id, entry) = (service.id, service.entry());
    drop(state);
    call.nas.events.publish(&Event::new(What::Changed, "service.query", id, entry));
    Ok(id.into())
}

/// Has a service start with the appliance, and now.
pub(super) fn start_with_appliance(nas: &Nas, name: &str) {
    let mut state = nas.state();
    let Some(service) = find(&mut state, &name.into()) else { return };
    service.is_enabled = true;
    service.is_running = true;
    let event = Event::new(What::Changed, "service.query", service.id, service.entry());
    drop(state);
    nas.events.publish(&event);
}

fn act(call: &Call, index: usize, verb: &str) -> Outcome {
    let mut state = call.nas.state();
    let name = &call.params[index];
    let service = find(&mut state, name).ok_or_else(|| unknown(name))?;
    match verb {
        "START" | "RESTART" => service.is_running = true,
        "STOP" => service.is_running = false,
        _ => {}
    }
    let is_running = service.is_running;
    let event = Event::new(What::Changed, "service.query", service.id, service.entry());
    drop(state);
    call.nas.update_snmp();
    call.nas.events.publish(&event);
    // Stopping answers whether the service still runs, starting and reloading whether it runs now.
    Ok(is_running.into())
}

fn control(call: &Call) -> Outcome {
    let known = find(&mut call.nas.state(), &call.params[1]).is_some();
    if !known {
        return Err(Refusal::failed(Errno::MISSING, format!("Service {} does not exist", call.params[1])));
    }
    let job = call.enter_job("", Abort::Allowed, None);
    job.run();
    let call = call.clone();
    let nas = std::sync::Arc::clone(&call.nas);
    Jobs::start(&nas.core, &job, async move {
        let verb = call.text(0).to_owned();
        Ok(act(&call, 1, &verb)?)
    });
    Ok(job.id.into())
}
