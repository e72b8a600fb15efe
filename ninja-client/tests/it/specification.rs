//! The table of operations beside NinjaOne's own specification, where a copy of it is at hand.

use std::collections::{BTreeMap, BTreeSet};

use ninja_client::operations;
use serde_json::{Value, json};

use crate::every::{self, Ids, Row};
use crate::{asked, config, ok, token, token_request};

/// The specification that this variable names, or nothing.
fn specification() -> Option<Value> {
    let Some(path) = std::env::var_os("NINJAONE_OPENAPI") else {
        println!("skipped: NINJAONE_OPENAPI does not name a copy of NinjaOne's OpenAPI file");
        return None;
    };
    Some(serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap())
}

/// The operations of the specification: verb, path and names of query parameters.
fn specified(file: &Value) -> BTreeMap<(String, String), BTreeSet<String>> {
    let mut all = BTreeMap::new();
    for (path, verbs) in file["paths"].as_object().unwrap() {
        for (verb, operation) in verbs.as_object().unwrap() {
            let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
            let query = parameters.iter().filter(|it| it["in"] == "query");
            let query = query.map(|it| it["name"].as_str().unwrap().to_owned()).collect();
            all.insert((verb.to_uppercase(), path.trim_start_matches('/').to_owned()), query);
        }
    }
    all
}

#[test]
fn the_table_of_operations_is_that_of_the_specification() {
    let Some(file) = specification() else { return };
    let ours: BTreeMap<_, BTreeSet<String>> = operations::all()
        .map(|it| {
            let wire = (format!("{:?}", it.method()).to_uppercase(), it.path().to_owned());
            (wire, it.query().iter().map(ToString::to_string).collect())
        })
        .collect();
    assert_eq!(ours, specified(&file));
}

/// The rows of the table in the crate's documentation: the constant, verb and path, and the method.
fn table() -> Vec<[&'static str; 3]> {
    let lines = include_str!("../../src/operations/table.md").lines().filter(|line| line.starts_with("| [`"));
    lines
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            let [constant, wire, method] = cells[..] else { unreachable!("{line}") };
            [constant.trim_matches(['[', ']', '`']), wire.trim_matches('`'), method]
        })
        .collect()
}

#[test]
fn the_documentation_says_of_each_operation_which_method_it_has() {
    let ours = operations::all().map(|it| {
        let verb = format!("{:?}", it.method()).to_uppercase();
        (it.name().to_uppercase(), format!("{verb} /{}", it.path()))
    });
    let shown = table().into_iter().map(|[constant, wire, _]| (constant.to_owned(), wire.to_owned()));
    assert_eq!(shown.collect::<Vec<_>>(), ours.collect::<Vec<_>>());
    let typed: BTreeSet<String> =
        every::all().iter().map(|row| row.operation.name().to_uppercase()).collect();
    for [constant, _, method] in table() {
        let by_call = method == "[`Client::call`](crate::Client::call)";
        assert_eq!(typed.contains(constant), !by_call, "{constant}: {method}");
    }
}

#[test]
fn the_documentation_has_every_operation_of_the_specification() {
    let Some(file) = specification() else { return };
    let shown: BTreeSet<String> = table().into_iter().map(|[_, wire, _]| wire.to_owned()).collect();
    let specified: BTreeSet<String> =
        specified(&file).into_keys().map(|(verb, path)| format!("{verb} /{path}")).collect();
    assert_eq!(shown, specified);
}

/// An answer with every field of a shape; `depth` bounds shapes that hold themselves.
fn sample(file: &Value, schema: &Value, depth: u32) -> Value {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.rsplit('/').next().unwrap();
        return sample(file, &file["components"]["schemas"][name], depth);
    }
    if let Some(first) = schema["enum"].as_array().and_then(|values| values.first()) {
        return first.clone();
    }
    match schema["type"].as_str() {
        Some("string") => json!("text"),
        Some("boolean") => json!(true),
        Some("integer") => json!(7),
        Some("number") => json!(7.5),
        Some("array") if depth == 0 => json!([]),
        Some("array") => json!([sample(file, &schema["items"], depth - 1)]),
        _ => {
            let Some(properties) = schema["properties"].as_object() else { return json!({}) };
            if depth == 0 {
                return Value::Null;
            }
            properties.iter().map(|(name, schema)| (name.clone(), sample(file, schema, depth - 1))).collect()
        }
    }
}

fn answered(file: &Value, row: &Row) -> Option<Value> {
    let verb = format!("{:?}", row.operation.method()).to_lowercase();
    let responses = &file["paths"][format!("/{}", row.operation.path())][verb]["responses"];
    let answer = ["200", "default"].iter().find_map(|status| responses.get(status))?;
    let schema = answer["content"].as_object()?.values().next()?.get("schema")?;
    Some(sample(file, schema, 6))
}

/// Members that no field has taken show in `Debug` as a map that is not empty.
#[tokio::test]
async fn every_field_of_the_specification_has_a_field_here() {
    let Some(file) = specification() else { return };
    let mut read = 0;
    for row in every::all() {
        let Some(mut answer) = answered(&file, &row) else { continue };
        // A list is read on until a page is empty; the first is enough here.
        if let Some(object) = answer.as_object_mut() {
            object.remove("cursor");
        }
        let server = wiremock::MockServer::start().await;
        token_request().respond_with(token("token-1")).mount(&server).await;
        let method = format!("{:?}", row.operation.method()).to_uppercase();
        asked(&method, row.path).respond_with(ok(&answer)).up_to_n_times(1).mount(&server).await;
        asked(&method, row.path).respond_with(ok(&row.reply)).mount(&server).await;
        let client = ninja_client::Client::new(config(&server.uri())).unwrap();
        let name = row.operation.name();
        let shown =
            (row.send)(client, Ids::default()).await.unwrap_or_else(|error| unreachable!("{name}: {error}"));
        assert!(!shown.contains("Members({\""), "{name} leaves something unread: {shown}");
        read += 1;
    }
    println!("{read} answers with every field were read");
}
