//! What passes over the wire between B2's clients and the simulated service, held against the service's schemas.

use crate::clients::Clients;
use crate::failure::Failure;
use crate::program::Program;
use crate::python::{self, WIRE_TOOLS};
use crate::workspace::target;
use std::fs;
use std::io;
use std::path::Path;

/// Every operation that has a name on the wire. Uploads, and downloads by name, have none.
const OPERATIONS: [&str; 28] = [
    "b2_authorize_account",
    "b2_create_bucket",
    "b2_update_bucket",
    "b2_delete_bucket",
    "b2_list_buckets",
    "b2_create_key",
    "b2_list_keys",
    "b2_delete_key",
    "b2_get_upload_url",
    "b2_start_large_file",
    "b2_get_upload_part_url",
    "b2_copy_part",
    "b2_list_parts",
    "b2_finish_large_file",
    "b2_cancel_large_file",
    "b2_list_unfinished_large_files",
    "b2_list_file_names",
    "b2_list_file_versions",
    "b2_get_file_info",
    "b2_download_file_by_id",
    "b2_get_download_authorization",
    "b2_copy_file",
    "b2_hide_file",
    "b2_delete_file_version",
    "b2_update_file_retention",
    "b2_update_file_legal_hold",
    "b2_get_bucket_notification_rules",
    "b2_set_bucket_notification_rules",
];

/// Lets every client do what its tests do, and gives all that passed to `check`.
pub(crate) fn check(check: &Path) -> Result<(), Failure> {
    let check = fs::canonicalize(check).map_err(|error| {
        Failure::new(format!("{}: {error}", check.display()), "name the program that checks a transcript")
    })?;
    let venv = python::environment()?;
    venv.install(&python::TOOLS)?;
    venv.install(&WIRE_TOOLS)?;
    let folder = target().join("transcripts");
    emptied(&folder).map_err(|error| unusable(&folder, &error))?;
    let tests = Program::cargo().args(["test", "--locked", "--package", "dtc-tests", "--test", "it"]);
    let tests = tests.args(["--", "real_clients::", "b2_client::"]).env("DTC_TRANSCRIPTS", &folder);
    Clients::install(&venv)?.named_to(tests).run()?;
    let whole = target().join("transcripts.jsonl");
    joined(&folder, &whole).map_err(|error| unusable(&whole, &error))?;
    let remedy = "correct the simulator or the client, whichever does not keep to the schema it names";
    let checker = venv.program("python").args([&check]).args(["--summary"]).args([&whole]);
    let missing = missing(&checker.remedy(remedy).shown()?);
    if missing.is_empty() {
        println!("every one of the {} operations occurred", OPERATIONS.len());
        return Ok(());
    }
    Err(Failure::new(format!("nobody called {}", missing.join(", ")), "write a test that does"))
}

/// The operations that a summary does not name.
fn missing(summary: &str) -> Vec<&'static str> {
    let names = |operation: &str| summary.split_whitespace().any(|word| word == operation);
    OPERATIONS.into_iter().filter(|operation| !names(operation)).collect()
}

fn emptied(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    fs::create_dir_all(folder)
}

/// Writes the files of a folder one after the other.
fn joined(folder: &Path, whole: &Path) -> io::Result<()> {
    let mut whole = fs::File::create(whole)?;
    let mut paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    for path in paths {
        io::copy(&mut fs::File::open(path)?, &mut whole)?;
    }
    Ok(())
}

fn unusable(path: &Path, error: &io::Error) -> Failure {
    Failure::new(format!("{}: {error}", path.display()), "make it writable")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_called_is_missing() {
        let all = OPERATIONS.map(|name| format!("     3  b2       {name} v4\n")).concat();
        assert!(missing(&all).is_empty());
        assert_eq!(missing(&all.replace("b2_copy_part v4", "")), ["b2_copy_part"]);
        // The name of one operation is the beginning of another's.
        assert_eq!(missing(&all.replace("b2_copy_file v4", "b2_copy_files v4")), ["b2_copy_file"]);
    }
}
