//! The published JSON Schemas: what every command prints with `--json`, and what `--events` writes.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::commands::{apply, copy, crypt, init, locks, name, replication, restore, verify};
#[cfg(feature = "demo")]
use crate::commands::{demo, simulator};
use crate::document::{Describe, Described as _, Head, Member, Types, closed, describe};
use crate::events;
use crate::failure::Problem;
use crate::view::plan::PlanDocument;

/// What each command prints, by its schema's name. Besides these, every command prints the failure that keeps it from beginning.
fn documents() -> Vec<(&'static str, Vec<Describe>)> {
    let mut documents: Vec<(&str, Vec<Describe>)> = vec![
        ("init", vec![describe::<init::Written>()]),
        ("plan", vec![describe::<PlanDocument>()]),
        ("apply", vec![describe::<apply::Unneeded>(), describe::<apply::Applied>()]),
        ("verify", vec![describe::<verify::Verified>()]),
        ("name", vec![describe::<name::Computed>()]),
        ("name-parse", vec![name::parsed as Describe]),
        // Arguments of which no command is understood.
        ("error", vec![]),
    ];
    #[cfg(feature = "demo")]
    documents.push((
        "demo",
        vec![
            describe::<demo::Demonstrated>(),
            describe::<demo::replicated::Replicated>(),
            describe::<demo::copied::Copied>(),
        ],
    ));
    documents.extend(crypt::documents());
    documents.extend(restore::documents());
    documents.extend(locks::documents());
    documents.extend(replication::documents());
    documents.extend(copy::documents());
    documents
}

/// The schema of a document that ends a command: with its result, or with the failure alone.
fn ending(name: &str, documents: &[Describe]) -> Value {
    let mut types = Types::default();
    let problem = Problem::describe(&mut types);
    let error = |doc| Member::of("error", doc, problem.clone());
    let head = head(&mut types);
    let mut forms = Vec::new();
    for document in documents {
        let result = document(&mut types);
        for (doc, members) in forms_of(&result, &types) {
            let left_out = error("What went wrong, or was left out; absent after a success.").optional();
            forms.push(closed(&[doc.as_str()], &[head.clone(), members, vec![left_out]].concat(), &types));
        }
    }
    forms.push(failure(&mut types));
    published(&name.replace('-', " "), &json!({ "oneOf": forms }), &types)
}

/// The form of a failure that comes in place of a result.
fn failure(types: &mut Types) -> Value {
    let problem = Problem::describe(types);
    let error = Member::of("error", "Why the command did nothing, or did not end.", problem);
    let members = [head(types), vec![error]].concat();
    closed(&["A failure without a result."], &members, types)
}

/// The first members of every document.
fn head(types: &mut Types) -> Vec<Member> {
    let head = Head::describe(types);
    types.members(&head)
}

/// The forms of a result: one, or those of a type of several.
fn forms_of(result: &Value, types: &Types) -> Vec<(String, Vec<Member>)> {
    let result = types.resolve(result);
    let forms = result["oneOf"].as_array().map_or_else(|| vec![result], |forms| forms.iter().collect());
    forms.iter().map(|form| (form["description"].as_str().unwrap().to_owned(), types.members(form))).collect()
}

/// A schema as it is published.
fn published(command: &str, schema: &Value, types: &Types) -> Value {
    let name = command.replace(' ', "-");
    let title = match command {
        "events" => "dtc --events: one line".to_owned(),
        "error" => "dtc --json, where no command is understood".to_owned(),
        "name" => "dtc name bucket, folder, object, task and label, with --json".to_owned(),
        command => format!("dtc {command} --json"),
    };
    let mut whole = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": format!("urn:dtc:schema:1:{name}"),
        "title": title,
        "$defs": types.used_by(schema),
    });
    whole.as_object_mut().unwrap().extend(schema.as_object().unwrap().clone());
    whole
}

/// Every schema, by its name.
fn all() -> Vec<(&'static str, Value)> {
    let mut all: Vec<(&str, Value)> =
        documents().into_iter().map(|(name, documents)| (name, ending(name, &documents))).collect();
    let mut types = Types::default();
    let events = events::schema(&mut types);
    all.push(("events", published("events", &events, &types)));
    #[cfg(feature = "demo")]
    {
        let mut types = Types::default();
        let first_line = simulator::Simulated::describe(&mut types);
        let forms = [types.resolve(&first_line).clone(), failure(&mut types)];
        all.push(("simulator", published("simulator", &json!({ "oneOf": forms }), &types)));
    }
    all
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/schema")
}

/// The schemas are committed, and held against what the documents' types say. To write them anew:
/// `DTC_WRITE_SCHEMAS=1 cargo test -p dtc-cli schemas`.
#[test]
fn the_published_schemas_are_what_the_types_say() {
    let writes = std::env::var_os("DTC_WRITE_SCHEMAS").is_some();
    let mut differ = Vec::new();
    for (name, schema) in all() {
        let file = folder().join(format!("{name}.json"));
        let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        if writes {
            std::fs::write(&file, &text).unwrap();
        }
        if std::fs::read_to_string(&file).ok().as_deref() != Some(&text) {
            differ.push(name);
        }
    }
    assert!(differ.is_empty(), "{differ:?}: DTC_WRITE_SCHEMAS=1 cargo test -p dtc-cli schemas");
    // Without the demo its schema and the simulator's are published all the same.
    let published = std::fs::read_dir(folder()).unwrap().count();
    assert_eq!(published, all().len() + if cfg!(feature = "demo") { 0 } else { 2 });
}

/// The first members are the same everywhere, in this order; what stands behind them depends on the command.
#[test]
fn every_document_begins_with_its_form_and_its_version() {
    let mut types = Types::default();
    let head = Head::describe(&mut types);
    let required = types.resolve(&head)["required"].clone();
    assert_eq!(required, json!(["schema", "version", "at", "verdict", "exit_code", "code"]));
    for (name, schema) in all().into_iter().filter(|(name, _)| !matches!(*name, "events" | "simulator")) {
        for form in schema["oneOf"].as_array().unwrap() {
            for member in required.as_array().unwrap() {
                assert!(form["required"].as_array().unwrap().contains(member), "{name}: {form}");
            }
            assert_eq!(form["additionalProperties"], false, "{name}");
        }
    }
}
