//! Handing out the keys that the appliance keeps: one as a job's result, several as a file to download.

use std::sync::Arc;

use serde_json::{Map, Value, json};
use tokio::sync::oneshot;

use super::call::Call;
use super::dataset_keys::{roots, stored};
use super::datasets::missing;
use super::downloads::Download;
use super::jobs::{Abort, Failure, Job, Jobs};
use super::nas::Nas;
use super::refusal::{Errno, Outcome, Refusal};
use super::release::Release;
use super::replication_rules::{targets, texts};
use super::state::{Row, State};

/// One dataset's own key.
pub(super) fn key(nas: &Nas, id: &str, is_download: bool) -> Outcome {
    if is_download {
        return Err(no_pipe());
    }
    let state = nas.state();
    let dataset = state.datasets.get(id).ok_or_else(|| missing(id))?;
    match &dataset.key {
        Some(key) if key.is_stored => Ok(key.text.as_str().into()),
        _ => Err(Refusal::failed(Errno::INVALID, "Specified dataset does not have it's own encryption key.")),
    }
}

fn no_pipe() -> Refusal {
    Refusal::failed(Errno::INVALID, "Pipe 'output' is not open")
}

/// A method whose job writes into a download, called without one.
pub(super) fn without_download(_: &Call) -> Outcome {
    Err(no_pipe())
}

/// Prepares the download of a method that exports keys; `None` for any other method.
pub(super) fn download(call: &Call, method: &str) -> Option<Outcome> {
    let argument = &call.params[1][0];
    let keys = match method {
        "pool.dataset.export_keys" => {
            let id = argument.as_str().unwrap_or_default();
            let state = call.nas.state();
            if state.datasets.contains_key(id) { Ok(stored(&state, id)) } else { Err(missing(id)) }
        }
        "pool.dataset.export_keys_for_replication" if is_there(call) => of_task(call, argument),
        _ => return None,
    };
    Some(prepare(call, method, keys))
}

/// CORE has no such export.
fn is_there(call: &Call) -> bool {
    call.nas.release > Release::Core13_3
}

/// The download for a task of this number.
fn of_task(call: &Call, id: &Value) -> Result<Map<String, Value>, Refusal> {
    let state = call.nas.state();
    let found = id.as_i64().and_then(|id| state.replications.get(id));
    let Some(task) = found else {
        return Err(Refusal::no_row("ReplicationTask", id));
    };
    if task["direction"] != "PUSH" {
        return Err(Refusal::failed(Errno::INVALID, "Only push replication tasks are supported."));
    }
    Ok(for_replication(&state, task))
}

/// The stored keys of what a task sends, by the names that it has at its target. A source that another dataset's key opens has that one; of one
/// that is not encrypted nothing is told, whatever is below it (TrueNAS middleware 25.10, `plugins/pool_/dataset_encryption_info.py`).
pub(super) fn for_replication(state: &State, task: &Row) -> Map<String, Value> {
    let is_each = task["recursive"] == true && task["replicate"] != true;
    let target = task["target_dataset"].as_str().unwrap_or_default();
    let mut keys = Map::new();
    for (source, place) in texts(task, "source_datasets").iter().zip(targets(task, target)) {
        for root in exported_roots(state, source, task["recursive"] == true) {
            let Some(key) = state.datasets.get(&root).and_then(|found| found.key.as_ref()) else { continue };
            let is_of_it =
                |name: &&String| state.encryption_root(name).is_some_and(|(of, _)| of == root.as_str());
            let opened: Vec<&String> =
                if is_each { state.datasets.keys().filter(is_of_it).collect() } else { vec![&root] };
            for name in opened.into_iter().filter(|_| key.is_stored) {
                let at =
                    if source.len() <= name.len() { name.replacen(source, &place, 1) } else { place.clone() };
                keys.insert(at, key.text.as_str().into());
            }
        }
    }
    keys
}

fn exported_roots(state: &State, source: &str, is_recursive: bool) -> Vec<String> {
    match state.encryption_root(source).map(|(root, _)| root) {
        Some(root) if root == source && is_recursive => roots(state, source),
        Some(root) => vec![root.to_owned()],
        None => Vec::new(),
    }
}

/// A job that ends when its file has been fetched; a failed one leaves an empty file.
fn prepare(call: &Call, method: &str, keys: Result<Map<String, Value>, Refusal>) -> Outcome {
    let nas = &call.nas;
    let job = call.enter_job("", Abort::Refused, None);
    describe(&job, method, &call.params[1]);
    job.run();
    let content = keys.as_ref().map(|keys| Value::from(keys.clone()).to_string()).unwrap_or_default();
    let broken = |e: std::io::Error| Refusal::failed(Errno::FAULT, e.to_string());
    let file = nas.disk.keep(&format!("export-{}.json", job.id), &content).map_err(broken)?;
    let (fetched, is_fetched) = oneshot::channel();
    let token = nas.random.alphanumeric(64);
    let url = format!("/_download/{}?auth_token={token}", job.id);
    let (offered, is_buffered) = (nas.now(), call.params[3] == true);
    let download = Download { token, file, name: call.text(2).to_owned(), offered, is_buffered, fetched };
    nas.downloads.add(job.id, download);
    Jobs::start(&nas.core, &job, async move {
        keys?;
        let gone = |_| Failure::from("The download was broken off".to_owned());
        is_fetched.await.map(|()| Value::Null).map_err(gone)
    });
    Ok(json!([job.id, url]))
}

/// The job is the downloaded method's, not the downloader's.
fn describe(job: &Arc<Job>, method: &str, arguments: &Value) {
    let mut entry = job.entry();
    entry["method"] = method.into();
    entry["arguments"] = arguments.clone();
}
