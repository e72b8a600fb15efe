//! The pair of a copy in the vault (E2).

use std::fs;
use std::process::Command;

use serde_json::json;

use super::bed::{Bed, PASSWORD, SALT};
use crate::program::Said;
use crate::services::Services;

/// A job whose pair is escrowed at this IT Glue.
fn job(bed: &Bed, services: &Services, organization: &str, host: &str) {
    bed.write_job("own", &format!("organization = {organization:?}\nhost = {host:?}\n"));
    let text = fs::read_to_string(bed.path("documents.toml")).unwrap();
    let url = services.addresses["itglue"]["url"].as_str().unwrap();
    let vault = format!("[itglue]\nurl = {url:?}\napi_key = \"env:TEST_VAULT\"\n");
    bed.write("documents.toml", (text + &vault).as_bytes());
}

fn command(bed: &Bed, services: &Services, arguments: &[&str]) -> Command {
    let mut command = bed.command(arguments);
    command.env("TEST_VAULT", services.addresses["itglue"]["api_key"].as_str().unwrap());
    command
}

#[test]
fn e2_the_pair_is_in_the_vault_before_anything_is_encrypted() {
    let (services, bed) = (Services::start(), Bed::new("own", ""));
    let said = |arguments: &[&str]| Said::by(&mut command(&bed, &services, arguments));
    job(&bed, &services, "Harbour Dental Group", "backup01");
    let planned = said(&["plan", "--json"]).ended(0).json();
    assert_eq!(planned["escrow"]["missing"], json!(["encryption password", "encryption salt"]), "{planned}");
    let ran = said(&["run", "--json"]).ended(0).json();
    let records = ran["records"].as_array().unwrap().clone();
    assert_eq!(records.len(), 2, "{ran}");
    // Found by the next run, and not written twice.
    let again = said(&["run", "--json"]).ended(0).json();
    assert_eq!(again["records"], ran["records"]);
    assert_eq!(said(&["plan", "--json"]).ended(0).json()["escrow"]["missing"], json!([]));
    // Another system's copy of the same name has a set of its own (E5).
    job(&bed, &services, "Harbour Dental Group", "backup02");
    let other = said(&["run", "--json"]).ended(0).json();
    assert_ne!(other["records"], ran["records"], "{other}");
    // Another pair is not written over the one that is there, and nothing is encrypted with it.
    job(&bed, &services, "Harbour Dental Group", "backup01");
    fs::remove_dir_all(bed.path("catalogue")).unwrap();
    let mut changed = command(&bed, &services, &["run"]);
    let refused = Said::by(changed.env("TEST_SALT", "another")).ended(5);
    assert!(
        refused.err.contains("holds another encryption salt") && !bed.path("catalogue").exists(),
        "{}",
        refused.err
    );
    assert!(!refused.err.contains(PASSWORD) && !refused.err.contains(SALT));
    // No organisation of that name: nothing is encrypted either.
    job(&bed, &services, "Nobody", "backup01");
    said(&["run"]).ended(4);
    assert!(!bed.path("catalogue").exists());
}

#[test]
fn e2_a_job_without_an_organisation_says_that_the_pair_is_the_operators() {
    let bed = Bed::new("own", "");
    let said = bed.said(&["run"]).ended(0);
    assert!(said.out.contains("The pair is yours to keep"), "{}", said.out);
}
