//! What unlocking would come to, without unlocking anything
//! (TrueNAS middleware 25.10, `plugins/pool_/dataset_encryption_info.py`).

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::dataset_keys::{in_the_way, is_right, roots, supplied};
use super::nas::Nas;
use super::refusal::{Complaint, Outcome, Refusal};
use super::state::{Row, upwards};

/// Describes every encryption root at and below a name; nothing for a name that no dataset has.
pub(super) fn summary(nas: &Nas, id: &str, options: &Row) -> Outcome {
    let rows: Vec<&Value> = options.get("datasets").and_then(Value::as_array).into_iter().flatten().collect();
    let twice =
        rows.iter().enumerate().filter(|(_, row)| row["key"].is_string() && row["passphrase"].is_string());
    let complaints: Vec<Complaint> = twice
        .map(|(index, row)| {
            let name = row["name"].as_str().unwrap_or_default();
            let text = format!("Must not be specified when passphrase for {name} is supplied");
            Complaint::new(format!("unlock_options.datasets.{index}.dataset.key"), text)
        })
        .collect();
    if !complaints.is_empty() {
        return Err(Refusal::Invalid(complaints));
    }
    let state = nas.state();
    let keys = supplied(options, &[]);
    let is_forced = |name: &str| {
        options.get("force").is_some_and(|it| it == true)
            || rows.iter().any(|row| row["name"] == name && row["force"] == true)
    };
    let mut failed = BTreeSet::new();
    let mut summaries = Vec::new();
    for name in roots(&state, id) {
        let Some(key) = &state.datasets[&name].key else { continue };
        let is_locked = state.is_locked(&name);
        let given = keys.get(&name);
        let offered = given.cloned().or_else(|| key.is_stored.then(|| key.text.clone()));
        let is_valid = offered.is_some_and(|offered| is_right(key, &offered));
        let above = upwards(&name).skip(1).filter(|parent| failed.contains(*parent)).last();
        let mut why =
            above.map(|parent| format!("Child cannot be unlocked when parent \"{parent}\" is locked"));
        if above.is_some() {
            failed.insert(name.clone());
        }
        if let Some(obstacle) = in_the_way(nas, &name).filter(|_| is_locked && !is_forced(&name)) {
            why = Some(why.map_or(obstacle.clone(), |why| format!("{why} and {obstacle}")));
        }
        let succeeds = if is_valid {
            why.is_none()
        } else if !is_locked {
            // What is not locked needs no key.
            true
        } else {
            let is_provided = given.is_some() || key.is_stored;
            why = Some(match (is_provided, why) {
                (true, Some(why)) => format!("{why} and provided key is invalid"),
                (true, None) => "Provided key is invalid".to_owned(),
                (false, Some(why)) => why,
                (false, None) => "Key not provided".to_owned(),
            });
            failed.insert(name.clone());
            false
        };
        summaries.push(json!({
            "name": name, "key_format": key.format.word(), "key_present_in_database": key.is_stored,
            "valid_key": is_valid, "locked": is_locked, "unlock_error": why, "unlock_successful": succeeds,
        }));
    }
    Ok(summaries.into())
}
