//! The box's services: which start by themselves, which run.

use serde_json::{Value, json};

use super::jobs::Jobs;
use super::methods::{Call, Method};
use super::query::QUERY;
use super::refusal::{Errno, Outcome, Refusal};
use super::shape::{Field, INT, Kind};
use super::state::State;

const NAMES: [&str; 8] = ["cifs", "ftp", "iscsitarget", "nfs", "nvmet", "snmp", "ssh", "ups"];

/// One service.
#[derive(Debug, Clone)]
pub(super) struct Service {
    pub(super) id: i64,
    pub(super) name: &'static str,
    /// It starts with the box.
    pub(super) is_enabled: bool,
    pub(super) is_running: bool,
}

impl Service {
    pub(super) fn all() -> Vec<Self> {
        let numbered = (1..).zip(NAMES);
        numbered.map(|(id, name)| Self { id, name, is_enabled: false, is_running: false }).collect()
    }

    fn entry(&self) -> Value {
        let state = if self.is_running { "RUNNING" } else { "STOPPED" };
        let pids: Vec<i64> = self.is_running.then_some(4_000 + self.id).into_iter().collect();
        json!({"id": self.id, "service": self.name, "enable": self.is_enabled, "state": state, "pids": pids})
    }
}

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
    // Stopping answers whether the service still runs, starting and reloading whether it runs now.
    Ok(service.is_running.into())
}

fn control(call: &Call) -> Outcome {
    let known = find(&mut call.nas.state(), &call.params[1]).is_some();
    if !known {
        return Err(Refusal::failed(Errno::MISSING, format!("Service {} does not exist", call.params[1])));
    }
    let job = call.nas.jobs.enter(call, "", true);
    job.run();
    let call = call.clone();
    let nas = std::sync::Arc::clone(&call.nas);
    Jobs::start(&nas, &job, async move {
        let verb = call.text(0).to_owned();
        Ok(act(&call, 1, &verb)?)
    });
    Ok(job.id.into())
}
