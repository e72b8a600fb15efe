//! The appliance's services: which start by themselves, which run.

use serde_json::Value;

use super::call::{Call, Method};
use super::factory::Service;
use super::jobs::{Abort, Jobs};
use super::query::QUERY;
use super::refusal::{Errno, Outcome, Refusal};
use super::shape::{Field, INT, Kind};
use super::state::State;

const OPTIONS: Field = Field::or(
    "options",
    Kind::Object(&[
        Field::or("ha_propagate", Kind::Bool, "true"),
        Field::or("silent", Kind::Bool, "true"),
        Field::or("timeout", Kind::Nullable(&INT), "120"),
    ]),
    "{}",
);
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
            Field::required("id_or_name", Kind::Either(&INT, &Kind::Text)),
            Field::required("service_update", UPDATE),
        ],
        update,
    ),
    Method::write(
        "service.control",
        &[Field::required("verb", Kind::OneOf(&["START", "STOP", "RESTART", "RELOAD"])), SERVICE, OPTIONS],
        control,
    )
    .job(),
    Method::write("service.start", &[SERVICE, OPTIONS], |call| act(call, 0, "START")),
    Method::write("service.stop", &[SERVICE, OPTIONS], |call| act(call, 0, "STOP")),
];

fn unknown(name: &Value) -> Refusal {
    Refusal::no_row("Service", name)
}

fn find<'a>(state: &'a mut State, wanted: &Value) -> Option<&'a mut Service> {
    state.services.iter_mut().find(|service| *wanted == service.id || *wanted == service.name)
}

fn update(call: &Call) -> Outcome {
    let mut state = call.nas.state();
    let service = find(&mut state, &call.params[0]).ok_or_else(|| unknown(&call.params[0]))?;
    service.is_enabled = call.params[1]["enable"] == true;
    Ok(service.id.into())
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
    drop(state);
    call.nas.update_snmp();
    // Stopping answers whether the service still runs, starting and reloading whether it runs now.
    Ok(is_running.into())
}

fn control(call: &Call) -> Outcome {
    let known = find(&mut call.nas.state(), &call.params[1]).is_some();
    if !known {
        return Err(Refusal::failed(Errno::MISSING, format!("Service {} does not exist", call.params[1])));
    }
    let job = call.enter_job("", Abort::Allowed);
    job.run();
    let call = call.clone();
    let nas = std::sync::Arc::clone(&call.nas);
    Jobs::start(&nas.core, &job, async move {
        let verb = call.text(0).to_owned();
        Ok(act(&call, 1, &verb)?)
    });
    Ok(job.id.into())
}
