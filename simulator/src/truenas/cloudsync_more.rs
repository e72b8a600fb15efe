//! Around cloud sync tasks: runs that are no task, the way back, and what is in the cloud.
//!
//! From TrueNAS middleware 13.3 to 26, `plugins/cloud_sync.py`.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::b2_access::{B2Access, B2Error, Stored};
use super::call::{Call, Method, Pending};
use super::cloudsync::{self, SYNC_OPTIONS};
use super::cloudsync_rules::{self as rules, ATTRIBUTES, FIELDS, OLD_FIELDS};
use super::engine::{self, Crypt};
use super::jobs::{Abort, Jobs};
use super::nas::Nas;
use super::plan::Plan;
use super::refusal::{Errno, Outcome, Refusal};
use super::release::Release;
use super::run;
use super::session::Role;
use super::shape::{Field, INT, Kind};
use super::state::Row;

const ID: Field = Field::required("id", INT);
const ONETIME: &str = "cloud_sync_sync_onetime";
const ONETIME_OPTIONS: Field = Field::or("cloud_sync_sync_onetime_options", SYNC_OPTIONS, "{}");
const CREDENTIALS: Field = Field::required("credentials_id", INT);
const MODE: Field = Field::required("transfer_mode", Kind::OneOf(&["SYNC", "COPY"]));
const PLACE: Field = Field::required("path", Kind::Filled);
const RESTORE: Kind = Kind::Object(&[Field::or("description", Kind::Text, "\"\""), MODE, PLACE]);
const OLD_RESTORE: Kind =
    Kind::Object(&[Field::optional("description", Kind::Text), MODE, Field::required("path", Kind::Text)]);
const LISTED: &[Field] = &[
    Field::required("credentials", INT),
    Field::or("encryption", Kind::Bool, "false"),
    Field::or("filename_encryption", Kind::Bool, "false"),
    Field::or("encryption_password", Kind::Text, "\"\""),
    Field::or("encryption_salt", Kind::Text, "\"\""),
    Field::required("attributes", ATTRIBUTES),
    Field::or("args", Kind::Text, "\"\""),
];
const OLD_LISTED: &[Field] = &[
    Field::required("credentials", INT),
    Field::or("encryption", Kind::Bool, "false"),
    Field::or("filename_encryption", Kind::Bool, "false"),
    Field::or("encryption_password", Kind::Text, "\"\""),
    Field::or("encryption_salt", Kind::Text, "\"\""),
    Field::or("attributes", Kind::AnyObject, "{}"),
    Field::or("args", Kind::Text, "\"\""),
];
const OLD: Release = Release::Scale25_04;
const NEW: Release = Release::Scale25_10;

pub(super) const METHODS: &[Method] = &[
    Method::write(
        "cloudsync.sync_onetime",
        &[Field::required(ONETIME, Kind::Object(OLD_FIELDS)), ONETIME_OPTIONS],
        sync_onetime,
    )
    .job()
    .until(OLD),
    Method::write(
        "cloudsync.sync_onetime",
        &[Field::required(ONETIME, Kind::Object(FIELDS)), ONETIME_OPTIONS],
        sync_onetime,
    )
    .job()
    .since(NEW),
    Method::later("cloudsync.restore", &[ID, Field::required("cloud_sync_restore", OLD_RESTORE)], restore)
        .until(OLD),
    Method::later("cloudsync.restore", &[ID, Field::required("opts", RESTORE)], restore).since(NEW),
    Method::later("cloudsync.list_buckets", &[CREDENTIALS], list_buckets).harmless(),
    Method::later(
        "cloudsync.list_directory",
        &[Field::required("cloud_sync_ls", Kind::Object(OLD_LISTED))],
        list_directory,
    )
    .harmless()
    .until(OLD),
    Method::later(
        "cloudsync.list_directory",
        &[Field::required("cloud_sync_ls", Kind::Object(LISTED))],
        list_directory,
    )
    .harmless()
    .since(NEW),
    Method::write(
        "cloudsync.create_bucket",
        &[CREDENTIALS, Field::required("name", Kind::Text)],
        create_bucket,
    )
    .since(Release::Scale24_10),
    Method::read("cloudsync.providers", &[], |call| Ok(json!([provider(call.rules.models)])))
        .by(Role::Reader),
];

/// Runs what is no task: by the same rules, whose refusal ends the job.
fn sync_onetime(call: &Call) -> Outcome {
    let mut row = call.object(0);
    let checked = rules::check(&call.nas.state(), &mut row, ONETIME, call.nas.release);
    let is_dry = call.params[1]["dry_run"] == true;
    let (plan, obstacle) = cloudsync::prepared(&call.nas, &row, is_dry);
    let job = call.enter_job(plan.text("description"), Abort::Allowed, None);
    job.run();
    let (nas, own) = (Arc::clone(&call.nas), Arc::clone(&job));
    Jobs::start(&call.nas.core, &job, async move {
        checked?;
        if row["direction"] == "PULL" {
            check_folder(&nas, &row, ONETIME).await?;
        }
        match obstacle {
            Some(obstacle) => Err(obstacle.into()),
            None => run::run(&nas, &own, &plan).await,
        }
    });
    Ok(job.id.into())
}

/// The task that brings everything back: the other direction, disabled.
fn restore(call: Call) -> Pending {
    Box::pin(async move {
        let found = call.nas.state().tasks.get(call.id(0)).cloned();
        let mut row = found.ok_or_else(|| Refusal::no_row("CloudSync", &call.params[0]))?;
        row.remove("id");
        let wanted = call.object(1);
        let back = if row["direction"] == "PUSH" { "PULL" } else { "PUSH" };
        row.extend(wanted);
        for (field, value) in [
            ("direction", json!(back)),
            ("enabled", json!(false)),
            ("pre_script", json!("")),
            ("post_script", json!("")),
            ("snapshot", json!(false)),
            ("exclude", json!([])),
        ] {
            row.insert(field.to_owned(), value);
        }
        if row.contains_key("include") {
            row.insert("include".to_owned(), json!([]));
        }
        cloudsync::add(&call, row).await
    })
}

/// Looks for the folder that a task is to fetch: it has to be there.
pub(super) async fn check_folder(nas: &Nas, row: &Row, param: &str) -> Result<(), Refusal> {
    let folder = row["attributes"]["folder"].as_str().unwrap_or_default().trim_matches('/');
    if folder.is_empty() {
        return Ok(());
    }
    let bucket = row["attributes"]["bucket"].as_str().unwrap_or_default();
    let id = row["credentials"].as_i64().unwrap_or_default();
    let found = stored(nas, id, bucket, &format!("{folder}/")).await?;
    if found.is_empty() {
        return Err(Refusal::invalid(format!("{param}.attributes.folder"), "Directory does not exist"));
    }
    Ok(())
}

async fn access(nas: &Nas, id: i64) -> Result<B2Access, Refusal> {
    let provider = nas.state().credentials.get(id).map(|row| row["provider"].clone());
    let missing = || Refusal::no_row("Credential", &id.into());
    let provider = provider.ok_or_else(missing)?;
    let text = |name: &str| provider[name].as_str().unwrap_or_default();
    B2Access::authorize(&nas.b2_url, text("account"), text("key")).await.map_err(|why| failed(&why))
}

/// What rclone said, which is what the middleware fails with.
fn failed(why: &B2Error) -> Refusal {
    Refusal::failed(Errno::FAULT, format!("Failed to create file system for \"remote:\": {why}"))
}

async fn stored(nas: &Nas, credential: i64, bucket: &str, prefix: &str) -> Result<Vec<Stored>, Refusal> {
    let b2 = access(nas, credential).await?;
    let id = b2.bucket(bucket).await.map_err(|why| failed(&why))?;
    b2.list(&id, prefix).await.map_err(|why| failed(&why))
}

fn list_buckets(call: Call) -> Pending {
    Box::pin(async move {
        let b2 = access(&call.nas, call.id(0)).await?;
        let buckets = b2.buckets().await.map_err(|why| failed(&why))?;
        let shown = buckets.iter().map(|bucket| {
            let name = &bucket["bucketName"];
            json!({
                "Path": name, "Name": name, "Size": -1, "MimeType": "inode/directory",
                "ModTime": "2000-01-01T00:00:00.000000000Z", "IsDir": true, "IsBucket": true, "Enabled": true,
            })
        });
        Ok(shown.collect())
    })
}

/// The entries of one folder, by the names that they have in the bucket.
fn list_directory(call: Call) -> Pending {
    Box::pin(async move {
        let wanted = call.object(0);
        if let Err(why) = rules::split_arguments(wanted["args"].as_str().unwrap_or_default()) {
            return Err(Refusal::invalid("cloud_sync.args", format!("Parse error: {why}")));
        }
        if wanted["encryption"] == true && wanted["encryption_password"] == "" {
            let text = "This field is required when encryption is enabled";
            return Err(Refusal::invalid("cloud_sync.encryption_password", text));
        }
        let text = |name: &str| wanted["attributes"][name].as_str().unwrap_or_default();
        let folder = text("folder").trim_matches('/');
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let id = wanted["credentials"].as_i64().unwrap_or_default();
        let found = stored(&call.nas, id, text("bucket"), &prefix).await?;
        if found.is_empty() && !folder.is_empty() {
            return Err(Refusal::failed(Errno::FAULT, "error in ListJSON: directory not found"));
        }
        let crypt = names(&call.nas, &wanted).await?;
        let entries = entries(&found, &prefix).into_iter().map(|(name, file)| {
            let mut entry = entry(name, file);
            if let Some(decrypted) = crypt.as_ref().and_then(|crypt| crypt.plain(name)) {
                entry["Decrypted"] = decrypted.into();
            }
            entry
        });
        Ok(entries.collect())
    })
}

/// What names in the bucket stand for, where they are encrypted.
async fn names(nas: &Arc<Nas>, wanted: &Row) -> Result<Option<Crypt>, Refusal> {
    if wanted["encryption"] != true || wanted["filename_encryption"] != true {
        return Ok(None);
    }
    let plan = Plan::new(nas, wanted, None, true);
    engine::crypt_of(nas, &plan).await.map_err(|why| Refusal::failed(Errno::FAULT, why))
}

/// The files directly in a folder, and the folders in it.
fn entries<'a>(found: &'a [Stored], prefix: &str) -> BTreeMap<&'a str, Option<&'a Stored>> {
    let mut entries = BTreeMap::new();
    for file in found {
        let Some(rest) = file.name.strip_prefix(prefix) else { continue };
        match rest.split_once('/') {
            Some((folder, _)) => entries.insert(folder, None),
            None => entries.insert(rest, Some(file)),
        };
    }
    entries
}

fn entry(name: &str, file: Option<&Stored>) -> Value {
    let moment = file.and_then(|file| jiff::Timestamp::from_millisecond(file.changed?).ok());
    let moment = moment.map_or_else(|| "2000-01-01T00:00:00.000000000Z".to_owned(), |at| at.to_string());
    json!({
        "Path": name, "Name": name, "Size": file.map_or(-1, |file| i64::try_from(file.size).unwrap_or(i64::MAX)),
        "MimeType": if file.is_some() { "application/octet-stream" } else { "inode/directory" },
        "ModTime": moment, "IsDir": file.is_none(),
    })
}

fn create_bucket(call: &Call) -> Outcome {
    let id = call.id(0);
    if call.nas.state().credentials.get(id).is_none() {
        return Err(Refusal::no_row("Credential", &call.params[0]));
    }
    Err(Refusal::failed(Errno::FAULT, "This provider can't create buckets"))
}

/// Backblaze B2, the only provider that is simulated.
fn provider(models: Release) -> Value {
    let properties = |names: &[&str]| {
        let all = names.iter().map(|name| {
            if models < NEW {
                json!({"property": name, "schema": {"title": name}})
            } else {
                json!({"property": name})
            }
        });
        all.collect::<Vec<Value>>()
    };
    let mut provider = json!({
        "name": "B2", "title": "Backblaze B2", "credentials_oauth": null, "buckets": true, "bucket_title": "Bucket",
        "task_schema": properties(&["fast_list", "chunk_size"]),
    });
    if models < NEW {
        provider["credentials_schema"] = properties(&["account", "key"]).into();
    }
    provider
}
