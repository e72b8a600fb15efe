//! Taking, removing, renaming, holding and going back to snapshots, in the ways of each release
//! (TrueNAS middleware 24.10, `plugins/zfs_/snapshot*.py`; 25.10 and 26, `plugins/pool_/snapshot.py` and `plugins/zfs/snapshot_crud.py`).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::call::{Call, Method};
use super::refusal::{Complaint, Errno, Outcome, Refusal};
use super::release::Release;
use super::shape::{Field, Kind};
use super::snapshot_contents as contents;
use super::snapshots::{entry, missing, no_path, resource};
use super::state::{Dataset, Row, Snapshot, State, is_at_or_below};

const SCALE: Release = Release::Scale24_10;
const OLD: Release = Release::Scale25_04;
const POOL: Release = Release::Scale25_10;
const NEW: Release = Release::Community26;
const ID: Field = Field::required("id", Kind::Text);

const OLD_CREATE: Kind = Kind::Object(&[
    Field::required("dataset", Kind::Filled),
    Field::optional("name", Kind::Filled),
    Field::optional("naming_schema", Kind::Filled),
    Field::or("recursive", Kind::Bool, "false"),
    Field::or("exclude", Kind::List(&Kind::Text), "[]").since(SCALE),
    Field::or("properties", Kind::AnyObject, "{}"),
    Field::or("vmware_sync", Kind::Bool, "false"),
    Field::or("suspend_vms", Kind::Bool, "false").since(SCALE),
]);
macro_rules! create {
    ($name:literal) => {
        Kind::Object(&[
            Field::required("dataset", Kind::Filled),
            Field::required($name, Kind::Filled),
            Field::or("recursive", Kind::Bool, "false"),
            Field::or("exclude", Kind::List(&Kind::Text), "[]"),
            Field::or("properties", Kind::AnyObject, "{}"),
            Field::or("vmware_sync", Kind::Bool, "false"),
            Field::or("suspend_vms", Kind::Bool, "false").since(NEW),
        ])
    };
}
const WITH_NAME: Kind = create!("name");
const WITH_SCHEMA: Kind = create!("naming_schema");
const CREATE: Kind = Kind::Either(&[
    ("PoolSnapshotCreateWithName", &WITH_NAME),
    ("PoolSnapshotCreateWithSchema", &WITH_SCHEMA),
]);
const CREATE_RESOURCE: Kind = Kind::Object(&[
    Field::required("dataset", Kind::Filled),
    Field::required("name", Kind::Filled),
    Field::or("recursive", Kind::Bool, "false"),
    Field::or("exclude", Kind::List(&Kind::Text), "[]"),
    Field::or("user_properties", Kind::AnyObject, "{}"),
]);
const CLONE: Kind = Kind::Object(&[
    Field::required("snapshot", Kind::Filled),
    Field::required("dataset_dst", Kind::Filled),
    Field::or("dataset_properties", Kind::AnyObject, "{}").since(SCALE),
]);
const CLONE_RESOURCE: Kind = Kind::Object(&[
    Field::required("snapshot", Kind::Filled),
    Field::required("dataset", Kind::Filled),
    Field::or("properties", Kind::AnyObject, "{}"),
]);
const DELETE: Field = Field::or(
    "options",
    Kind::Object(&[
        Field::or("defer", Kind::Bool, "false"),
        Field::or("recursive", Kind::Bool, "false").since(SCALE),
    ]),
    "{}",
);
const DESTROY: Kind = Kind::Object(&[
    Field::required("path", Kind::Filled),
    Field::or("all_snapshots", Kind::Bool, "false"),
    Field::or("defer", Kind::Bool, "false"),
    Field::or("recursive", Kind::Bool, "false"),
]);
const ROLLBACK: Field = Field::or(
    "options",
    Kind::Object(&[
        Field::or("recursive", Kind::Bool, "false"),
        Field::or("recursive_clones", Kind::Bool, "false"),
        Field::or("force", Kind::Bool, "false"),
        Field::or("recursive_rollback", Kind::Bool, "false").since(SCALE),
    ]),
    "{}",
);
const ROLLBACK_RESOURCE: Kind = Kind::Object(&[
    Field::required("path", Kind::Filled),
    Field::or("recursive", Kind::Bool, "false"),
    Field::or("recursive_clones", Kind::Bool, "false"),
    Field::or("force", Kind::Bool, "false"),
    Field::or("recursive_rollback", Kind::Bool, "false"),
]);
const DEPTH: Field = Field::or("options", Kind::Object(&[Field::or("recursive", Kind::Bool, "false")]), "{}");
const HOLD_RESOURCE: Kind = Kind::Object(&[
    Field::required("path", Kind::Filled),
    Field::or("recursive", Kind::Bool, "false"),
    Field::or("tag", Kind::Text, "\"truenas\""),
]);
const RELEASE_RESOURCE: Kind = Kind::Object(&[
    Field::required("path", Kind::Filled),
    Field::or("recursive", Kind::Bool, "false"),
    Field::or("tag", Kind::Nullable(&Kind::Text), "null"),
]);
const RENAME: Kind = Kind::Object(&[
    Field::required("new_name", Kind::Filled),
    Field::or("force", Kind::Bool, "false"),
    Field::or("recursive", Kind::Bool, "false").since(NEW),
]);
const RENAME_RESOURCE: Kind = Kind::Object(&[
    Field::required("current_name", Kind::Filled),
    Field::required("new_name", Kind::Filled),
    Field::or("recursive", Kind::Bool, "false"),
]);

const fn data(kind: Kind) -> Field {
    Field::required("data", kind)
}

pub(super) const METHODS: &[Method] = &[
    Method::write("zfs.snapshot.create", &[data(OLD_CREATE).formerly("snapshot_create")], create).until(OLD),
    Method::write("pool.snapshot.create", &[data(CREATE)], create).since(POOL),
    Method::write("zfs.resource.snapshot.create", &[data(CREATE_RESOURCE)], create).since(NEW),
    Method::write("zfs.snapshot.clone", &[data(CLONE).formerly("snapshot_clone")], clone).until(OLD),
    Method::write("pool.snapshot.clone", &[data(CLONE)], clone).since(POOL),
    Method::write("zfs.resource.snapshot.clone", &[data(CLONE_RESOURCE)], clone).since(NEW),
    Method::write("zfs.snapshot.delete", &[ID, DELETE], delete).until(OLD),
    Method::write("pool.snapshot.delete", &[ID, DELETE], delete).since(POOL),
    Method::write("zfs.resource.snapshot.destroy", &[data(DESTROY)], delete).since(NEW),
    Method::write("zfs.snapshot.rollback", &[ID, ROLLBACK], rollback).until(OLD),
    Method::write("pool.snapshot.rollback", &[ID, ROLLBACK], rollback).since(POOL),
    Method::write("zfs.resource.snapshot.rollback", &[data(ROLLBACK_RESOURCE)], rollback).since(NEW),
    Method::write("zfs.snapshot.hold", &[ID, DEPTH], hold).since(SCALE).until(OLD),
    Method::write("pool.snapshot.hold", &[ID, DEPTH], hold).since(POOL),
    Method::write("zfs.resource.snapshot.hold", &[data(HOLD_RESOURCE)], hold).since(NEW),
    Method::write("zfs.snapshot.release", &[ID, DEPTH], release).since(SCALE).until(OLD),
    Method::write("pool.snapshot.release", &[ID, DEPTH], release).since(POOL),
    Method::write("zfs.resource.snapshot.release", &[data(RELEASE_RESOURCE)], release).since(NEW),
    Method::write(
        "pool.snapshot.rename",
        &[Field::required("id", Kind::Filled), Field::required("options", RENAME)],
        rename,
    )
    .since(POOL),
    Method::write("zfs.resource.snapshot.rename", &[data(RENAME_RESOURCE)], rename).since(NEW),
];

/// A call of either family: which snapshot it is about, and its options.
struct About<'a> {
    call: &'a Call,
    id: String,
    options: Row,
    is_resource: bool,
}

impl<'a> About<'a> {
    fn of(call: &'a Call) -> Self {
        let is_resource = call.method.name.starts_with("zfs.resource.");
        let options = call.params.get(usize::from(!is_resource)).and_then(Value::as_object).cloned();
        let options = options.unwrap_or_default();
        let named = ["path", "current_name", "snapshot"].iter().find_map(|name| options.get(*name)?.as_str());
        let id = if is_resource { named.unwrap_or_default() } else { call.text(0) };
        Self { call, id: id.to_owned(), options, is_resource }
    }

    fn is(&self, name: &str) -> bool {
        self.options.get(name).is_some_and(|it| it == true)
    }

    /// How it is refused: 26's own methods blame themselves, the others' call fails.
    fn refuse(&self, errno: Errno, attempted: &str, why: &str) -> Refusal {
        if self.is_resource {
            let complaint = Complaint::new(self.call.method.name, why);
            return Refusal::Invalid(vec![Complaint { errno, ..complaint }]);
        }
        Refusal::failed(Errno::FAULT, format!("{attempted}: {why}"))
    }

    fn absent(&self, attempted: &str) -> Refusal {
        if self.is_resource {
            return no_path(self.call.method.name, &self.id);
        }
        self.refuse(Errno::MISSING, attempted, &format!("cannot open '{}': dataset does not exist", self.id))
    }

    /// The snapshots meant: this one, and those of its name below when it is recursive.
    fn meant(&self, state: &State, is_deep: bool) -> Vec<usize> {
        let Some((dataset, name)) = self.id.split_once('@') else { return Vec::new() };
        let is_meant = |snapshot: &Snapshot| {
            snapshot.name == name
                && (snapshot.dataset == dataset || (is_deep && is_at_or_below(&snapshot.dataset, dataset)))
        };
        (0..state.snapshots.len()).filter(|at| is_meant(&state.snapshots[*at])).collect()
    }

    fn exists(&self, state: &State) -> bool {
        state.snapshots.iter().any(|snapshot| snapshot.id() == self.id)
    }
}

fn text<'a>(row: &'a Row, name: &str) -> &'a str {
    row.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// Which name a new snapshot gets.
fn name_of(call: &Call, data: &Row) -> Result<String, Refusal> {
    let refuse = |field: &str, text: &str| Err(Refusal::invalid(format!("snapshot_create.{field}"), text));
    let (name, schema) = (text(data, "name"), text(data, "naming_schema"));
    let name = match (name, schema) {
        ("", "") => return refuse("naming_schema", "You must specify either name or naming schema"),
        (name, "") => name.to_owned(),
        ("", schema) => call.nas.local_time().strftime(schema).to_string(),
        _ => return refuse("naming_schema", "You can't specify name and naming schema at the same time"),
    };
    if name.contains(['@', '/']) {
        return refuse("name", "Invalid snapshot name");
    }
    let excludes = data.get("exclude").and_then(Value::as_array).is_some_and(|list| !list.is_empty());
    if excludes && data.get("recursive").is_none_or(|it| it != true) {
        return refuse("exclude", "This option has no sense for non-recursive snapshots");
    }
    let has_properties =
        data.get("properties").and_then(Value::as_object).is_some_and(|properties| !properties.is_empty());
    if excludes && has_properties {
        return refuse("properties", "This option is not supported when excluding datasets");
    }
    Ok(name)
}

fn create(call: &Call) -> Outcome {
    let about = About { options: call.object(0), ..About::of(call) };
    let data = &about.options;
    let name = name_of(call, data)?;
    let root = text(data, "dataset").to_owned();
    let attempted = format!("Failed to snapshot {root}@{name}");
    let mut state = call.nas.state();
    if !state.datasets.contains_key(&root) {
        let about = About { id: root.clone(), ..about };
        return Err(about.absent(&attempted));
    }
    let is_excluded = |dataset: &str| {
        let mut all =
            data.get("exclude").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        all.any(|excluded| is_at_or_below(dataset, excluded))
    };
    let is_deep = about.is("recursive");
    let datasets: Vec<String> = state
        .tree(&root)
        .filter(|dataset| *dataset == root || (is_deep && !is_excluded(dataset)))
        .map(str::to_owned)
        .collect();
    if state.snapshots.iter().any(|snapshot| snapshot.name == name && datasets.contains(&snapshot.dataset)) {
        let why = format!("cannot create snapshot '{root}@{name}': dataset already exists");
        return Err(if about.is_resource {
            about.refuse(Errno::EXISTS, &attempted, &why)
        } else {
            Refusal::failed(Errno::EXISTS, format!("{attempted}: {why}"))
        });
    }
    let properties = data.get("properties").or(data.get("user_properties")).and_then(Value::as_object);
    let properties: BTreeMap<String, String> = properties
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.clone(), value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
        .collect();
    let (transaction, taken) = (state.next_transaction(), call.nas.now());
    for dataset in datasets {
        let broken = |e: std::io::Error| about.refuse(Errno::FAULT, &attempted, &e.to_string());
        let kept = contents::keep(&call.nas, &state, &dataset).map_err(broken)?;
        if let Some(written) = state.datasets.get_mut(&dataset) {
            written.is_written = false;
        }
        let mut snapshot = Snapshot::new(&call.nas.id, dataset, name.clone(), taken, transaction);
        (snapshot.contents, snapshot.user_properties) = (kept, properties.clone());
        state.snapshots.push(snapshot);
    }
    let id = format!("{root}@{name}");
    let made = state.snapshots.iter().find(|snapshot| snapshot.id() == id).ok_or_else(|| missing(&id))?;
    if about.is_resource {
        let wants = json!({"properties": [], "get_user_properties": true});
        return Ok(resource(made, wants.as_object().unwrap_or(&Row::new())));
    }
    let mut shown = entry(made, &Value::Null, call.rules.models.min(POOL));
    shown["properties"] = super::snapshots::properties(made, made.taken).into_iter().collect();
    Ok(shown)
}

fn delete(call: &Call) -> Outcome {
    let about = About::of(call);
    let attempted = format!("cannot destroy snapshot {}", about.id);
    let mut state = call.nas.state();
    if about.is("all_snapshots") {
        return delete_all(&about, &mut state);
    }
    if about.is_resource && !about.id.contains('@') {
        let why = "Path must be a snapshot path (containing '@'). Use all_snapshots=True to destroy all snapshots for a dataset.";
        return Err(about.refuse(Errno::INVALID, &attempted, why));
    }
    if !about.exists(&state) {
        let is_core = call.nas.release == Release::Core13_3;
        return Err(if about.is_resource || is_core { about.absent(&attempted) } else { missing(&about.id) });
    }
    let meant = about.meant(&state, about.is("recursive"));
    for at in &meant {
        let snapshot = &state.snapshots[*at];
        let id = snapshot.id();
        let is_clone = |dataset: &&Dataset| dataset.origin.as_deref() == Some(&id);
        if !snapshot.holds.is_empty() && !about.is("defer") {
            return Err(about.refuse(
                Errno::BUSY,
                &attempted,
                &format!("cannot destroy '{id}': dataset is busy"),
            ));
        }
        if state.datasets.values().any(|dataset| is_clone(&dataset)) && !about.is("defer") {
            let text = format!("Please set this attribute as '{id}' snapshot has dependent clones");
            return Err(if about.is_resource {
                about.refuse(Errno::BUSY, &attempted, &text)
            } else {
                Refusal::invalid("options.defer", text)
            });
        }
    }
    let ids: Vec<String> = meant.iter().map(|at| state.snapshots[*at].id()).collect();
    let in_use = |state: &State, id: &str| {
        let is_clone = state.datasets.values().any(|dataset| dataset.origin.as_deref() == Some(id));
        is_clone || state.snapshots.iter().any(|snapshot| snapshot.id() == id && !snapshot.holds.is_empty())
    };
    // What is in use goes later, when it is deferred; until then it stays.
    let gone: Vec<String> = ids.into_iter().filter(|id| !in_use(&state, id)).collect();
    state.snapshots.retain(|snapshot| !gone.contains(&snapshot.id()));
    Ok(if about.is_resource { Value::Null } else { true.into() })
}

fn delete_all(about: &About<'_>, state: &mut State) -> Outcome {
    if about.id.contains('@') {
        let why = "When all_snapshots is True, path must be a dataset path (no '@').";
        return Err(about.refuse(Errno::INVALID, "", why));
    }
    if !state.datasets.contains_key(&about.id) {
        return Err(about.absent(""));
    }
    let is_deep = about.is("recursive");
    let is_meant = |snapshot: &Snapshot| {
        snapshot.dataset == about.id || (is_deep && is_at_or_below(&snapshot.dataset, &about.id))
    };
    if let Some(held) =
        state.snapshots.iter().find(|snapshot| is_meant(snapshot) && !snapshot.holds.is_empty())
    {
        let why = format!("cannot destroy '{}': dataset is busy", held.id());
        return Err(about.refuse(Errno::BUSY, "", &why));
    }
    state.snapshots.retain(|snapshot| !is_meant(snapshot));
    Ok(Value::Null)
}

fn clone(call: &Call) -> Outcome {
    const ATTEMPTED: &str = "Failed to clone snapshot";
    let about = About { options: call.object(0), ..About::of(call) };
    let id = text(&about.options, "snapshot").to_owned();
    let about = About { id: id.clone(), ..about };
    let target = text(&about.options, if about.is_resource { "dataset" } else { "dataset_dst" }).to_owned();
    let mut state = call.nas.state();
    let Some(snapshot) = state.snapshots.iter().find(|snapshot| snapshot.id() == id).cloned() else {
        return Err(about.absent(ATTEMPTED));
    };
    let parent = target.rsplit_once('/').map(|(parent, _)| parent);
    if parent.is_none_or(|parent| !state.datasets.contains_key(parent)) {
        let why = format!("cannot create '{target}': parent does not exist");
        return Err(about.refuse(Errno::MISSING, ATTEMPTED, &why));
    }
    if state.datasets.contains_key(&target) {
        let why = format!("cannot create '{target}': dataset already exists");
        return Err(about.refuse(Errno::EXISTS, ATTEMPTED, &why));
    }
    let source = state.datasets.get(&snapshot.dataset).cloned().unwrap_or_default();
    if !source.is_volume {
        let broken = |e: std::io::Error| about.refuse(Errno::FAULT, ATTEMPTED, &e.to_string());
        contents::unpack(&call.nas, &snapshot, &target).map_err(broken)?;
    }
    let made = Dataset {
        is_volume: source.is_volume,
        key: source.key.clone(),
        settings: source.settings.clone(),
        origin: Some(id),
        ..Dataset::default()
    };
    state.datasets.insert(target, made);
    Ok(if about.is_resource { Value::Null } else { true.into() })
}

fn rollback(call: &Call) -> Outcome {
    const ATTEMPTED: &str = "Failed to rollback snapshot";
    let about = About::of(call);
    let mut state = call.nas.state();
    if !about.exists(&state) {
        return Err(about.absent(ATTEMPTED));
    }
    let meant: Vec<Snapshot> = about
        .meant(&state, about.is("recursive_rollback"))
        .into_iter()
        .map(|at| state.snapshots[at].clone())
        .collect();
    for snapshot in &meant {
        let is_newer =
            |other: &&Snapshot| other.dataset == snapshot.dataset && other.transaction > snapshot.transaction;
        let newer: Vec<String> = state.snapshots.iter().filter(is_newer).map(Snapshot::id).collect();
        let is_deep = about.is("recursive") || about.is("recursive_clones");
        let refuse = |why: String| Err(about.refuse(Errno::EXISTS, ATTEMPTED, &why));
        let id = snapshot.id();
        if !newer.is_empty() && !is_deep {
            let list = newer.join("\n");
            return refuse(format!(
                "cannot rollback to '{id}': more recent snapshots or bookmarks exist\nuse '-r' to force deletion of the following snapshots and bookmarks:\n{list}"
            ));
        }
        let is_cloned =
            |origin: &Option<String>| origin.as_ref().is_some_and(|origin| newer.contains(origin));
        if !about.is("recursive_clones") && state.datasets.values().any(|dataset| is_cloned(&dataset.origin))
        {
            return refuse(format!("cannot rollback to '{id}': clones of previous snapshots exist"));
        }
        let broken = |e: std::io::Error| about.refuse(Errno::FAULT, ATTEMPTED, &e.to_string());
        contents::bring_back(&call.nas, &state, snapshot).map_err(broken)?;
        state.snapshots.retain(|other| !newer.contains(&other.id()));
    }
    Ok(Value::Null)
}

fn hold(call: &Call) -> Outcome {
    const ATTEMPTED: &str = "Failed to hold snapshot";
    let about = About::of(call);
    let mut state = call.nas.state();
    if !about.exists(&state) {
        return Err(about.absent(ATTEMPTED));
    }
    let tag = if about.is_resource { text(&about.options, "tag") } else { "truenas" };
    let meant = about.meant(&state, about.is("recursive"));
    if meant.iter().any(|at| state.snapshots[*at].holds.contains(tag)) {
        return Err(about.refuse(Errno::EXISTS, ATTEMPTED, "tag already exists on this dataset"));
    }
    for at in meant {
        state.snapshots[at].holds.insert(tag.to_owned());
    }
    Ok(Value::Null)
}

/// Takes the tags of a snapshot from it, and from those of its name below when it is recursive.
fn release(call: &Call) -> Outcome {
    const ATTEMPTED: &str = "Failed to release snapshot";
    let about = About::of(call);
    let mut state = call.nas.state();
    let own = state.snapshots.iter().find(|snapshot| snapshot.id() == about.id);
    let Some(own) = own.map(|snapshot| snapshot.holds.clone()) else {
        return Err(about.absent(ATTEMPTED));
    };
    let wanted = about.options.get("tag").and_then(Value::as_str).map(str::to_owned);
    for at in about.meant(&state, about.is("recursive")) {
        let is_kept = |tag: &String| match &wanted {
            Some(wanted) => tag != wanted,
            None => !own.contains(tag),
        };
        state.snapshots[at].holds.retain(is_kept);
    }
    Ok(Value::Null)
}

fn rename(call: &Call) -> Outcome {
    let about = About::of(call);
    let new = text(&about.options, "new_name").to_owned();
    let blame = |field: &str, text: String| {
        let at = if about.is_resource {
            call.method.name.to_owned()
        } else {
            format!("{}.{field}", call.method.name)
        };
        Err(Refusal::invalid(at, text))
    };
    if !about.is_resource && !about.is("force") {
        return blame("force", "No safety checks are performed when renaming ZFS resources; this may break existing usages. If you understand the risks, please set force and proceed.".to_owned());
    }
    let (Some((dataset, _)), Some((new_dataset, new_name))) = (about.id.split_once('@'), new.split_once('@'))
    else {
        return blame("new_name", "new_name must be a snapshot path (containing '@').".to_owned());
    };
    if dataset != new_dataset {
        return blame("new_name", "Old and new snapshot must be part of the same ZFS dataset".to_owned());
    }
    let mut state = call.nas.state();
    if !about.exists(&state) {
        return Err(no_path(
            if about.is_resource { call.method.name } else { "zfs.resource.rename" },
            &about.id,
        ));
    }
    if state.snapshots.iter().any(|snapshot| snapshot.id() == new) {
        let complaint = Complaint::new(call.method.name, format!("'{new}' already exists"));
        return Err(Refusal::Invalid(vec![Complaint { errno: Errno::EXISTS, ..complaint }]));
    }
    for at in about.meant(&state, about.is("recursive")) {
        new_name.clone_into(&mut state.snapshots[at].name);
    }
    Ok(Value::Null)
}
