//! Pools and their properties.

use serde_json::{Value, json};

use super::call::{Call, Method};
use super::query::{QUERY, QUERY_OPTIONS};
use super::refusal::{Outcome, Refusal};
use super::release::Release;
use super::shape::{Field, INT, Kind};
use super::state::State;

/// The size that every pool claims to have.
pub(super) const SIZE: u64 = 4 << 40;

pub(super) const METHODS: &[Method] = &[
    Method::read("pool.query", QUERY, |call| call.query(entries(call))),
    Method::read("pool.get_instance", &[Field::required("id", INT), QUERY_OPTIONS], get_instance)
        .since(Release::Scale24_10),
    Method::read("zfs.resource.query", &[RESOURCES], resources).since(Release::Scale25_10),
];

const RESOURCES: Field = Field::or(
    "data",
    Kind::Object(&[
        Field::or("paths", Kind::List(&Kind::Text), "[]"),
        Field::or("properties", Kind::Nullable(&Kind::List(&Kind::Text)), "[]"),
        Field::or("get_user_properties", Kind::Bool, "false"),
        Field::or("get_source", Kind::Bool, "true"),
        Field::or("nest_results", Kind::Bool, "false"),
        Field::or("get_children", Kind::Bool, "false"),
    ]),
    "{}",
);

fn get_instance(call: &Call) -> Outcome {
    let id = call.id(0);
    let found = entries(call).into_iter().find(|pool| pool["id"] == id);
    found.ok_or_else(|| Refusal::no_row("Pool", &id.into()))
}

/// The boot pool is not among them: it is no row of the appliance's database.
fn entries(call: &Call) -> Vec<Value> {
    let state = call.nas.state();
    let pool = |(index, name): (usize, &String)| {
        let mut entry = json!({
            "id": index + 1, "name": name, "guid": number(name).to_string(), "path": format!("/mnt/{name}"),
            "status": "ONLINE", "status_code": "OK", "status_detail": null, "healthy": true, "warning": false,
            "is_upgraded": true, "scan": scan(call), "expand": null, "topology": topology(),
            "size": SIZE, "size_str": SIZE.to_string(), "allocated": SIZE / 8,
            "allocated_str": (SIZE / 8).to_string(), "free": SIZE / 8 * 7, "free_str": (SIZE / 8 * 7).to_string(),
            "freeing": 0, "freeing_str": "0", "fragmentation": "3",
            "autotrim": {"value": "off", "rawvalue": "off", "parsed": "off", "source": "DEFAULT"},
        });
        if call.rules.models >= Release::Scale25_04 {
            entry["dedup_table_quota"] = "auto".into();
            entry["dedup_table_size"] = 0.into();
        }
        if call.rules.models >= Release::Community26 {
            entry["all_sed"] = Value::Null;
        }
        entry
    };
    state.pools.iter().enumerate().map(pool).collect()
}

fn scan(call: &Call) -> Value {
    let started = super::state::date(call.nas.started);
    json!({
        "function": "SCRUB", "state": "FINISHED", "start_time": started, "end_time": started, "percentage": 100.0,
        "bytes_to_process": SIZE / 8, "bytes_processed": SIZE / 8, "bytes_issued": SIZE / 8, "pause": null,
        "errors": 0, "total_secs_left": null,
    })
}

fn topology() -> Value {
    let disk = |name: &str| {
        json!({"name": name, "type": "DISK", "path": format!("/dev/{name}"), "guid": number(name).to_string(),
            "status": "ONLINE", "children": [], "disk": name, "device": name})
    };
    let mirror = json!({
        "name": "mirror-0", "type": "MIRROR", "path": null, "guid": number("mirror-0").to_string(),
        "status": "ONLINE", "children": [disk("sda"), disk("sdb")],
    });
    json!({"data": [mirror], "log": [], "cache": [], "spare": [], "special": [], "dedup": []})
}

/// A number that belongs to a name, as a guid does.
pub(super) fn number(name: &str) -> u64 {
    name.bytes().fold(0x1234_5678_9abc_def1, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3) >> 1
    })
}

fn resources(call: &Call) -> Outcome {
    let wants = call.object(0);
    if wants["nest_results"] == true {
        return Err(Refusal::invalid("data.nest_results", "nested results are not simulated"));
    }
    let state = call.nas.state();
    let paths: Vec<&str> =
        wants["paths"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let below = |name: &str, path: &str| {
        let rest = name.strip_prefix(path);
        rest.is_some_and(|rest| rest.is_empty() || (wants["get_children"] == true && rest.starts_with('/')))
    };
    let wanted = |name: &&String| match paths.as_slice() {
        // Without a path: every pool.
        [] => !name.contains('/') || wants["get_children"] == true,
        paths => paths.iter().any(|path| below(name, path)),
    };
    let names = state.datasets.keys().filter(wanted);
    Ok(names.map(|name| resource(&state, name, &wants)).collect())
}

fn resource(state: &State, name: &str, wants: &super::state::Row) -> Value {
    let dataset = &state.datasets[name];
    let wants_user = wants["get_user_properties"] == true;
    let user_properties = wants_user.then(|| {
        let all = state.user_properties(name).into_iter();
        all.map(|(key, (value, _))| (key.to_owned(), value.into())).collect::<super::state::Row>()
    });
    let yes_no = |yes| if yes { "yes" } else { "no" };
    let root = state.encryption_root(name);
    let mounted = yes_no(state.is_mounted(name));
    let known = [
        ("mounted", mounted.to_owned()),
        ("mountpoint", format!("/mnt/{name}")),
        ("encryption", if root.is_some() { "aes-256-gcm" } else { "off" }.to_owned()),
        ("keystatus", if state.is_locked(name) { "unavailable" } else { "available" }.to_owned()),
    ];
    let asked = |property: &str| match &wants["properties"] {
        // Null asks for none, an empty list for all.
        Value::Array(list) => list.is_empty() || list.iter().any(|p| p == property),
        _ => false,
    };
    let has = |property: &str| !(dataset.is_volume && property.starts_with("mount"));
    let properties: super::state::Row = known
        .into_iter()
        .filter(|(property, _)| asked(property) && has(property))
        .map(|(property, value)| {
            let value = json!({"raw": value, "value": value, "source": {"type": "NONE", "value": null}});
            (property.to_owned(), value)
        })
        .collect();
    json!({
        "name": name, "pool": name.split('/').next(), "guid": number(name) >> 1, "createtxg": 12,
        "type": if dataset.is_volume { "VOLUME" } else { "FILESYSTEM" },
        "properties": properties, "user_properties": user_properties, "children": null,
    })
}
