//! Names of backups, as people and services write them.

use std::fmt::Display;
use std::str::FromStr;

use dtc_naming::{
    BucketName, DeviceGuid, Error, FolderPath, LegacyBucketName, LocationName, LocationUuid, ObjectPrefix,
    OrgUuid, ParsedBucketName, PoolName, TaskDescription, VaultLabel, Workload,
};

use crate::engine::fuzz;
use crate::http::bounded;

/// What is parsed is written as it was; what is not is an error that points into the text.
fn exactly<T: FromStr<Err = Error> + Display>(text: &str) -> Option<T> {
    let parsed = normalised(text)?;
    let shown = T::to_string(&parsed);
    assert_eq!(shown, text);
    Some(parsed)
}

/// The same, where several texts mean one value.
fn normalised<T: FromStr<Err = Error> + Display>(text: &str) -> Option<T> {
    match text.parse::<T>() {
        Ok(parsed) => {
            let shown = parsed.to_string();
            assert_eq!(shown.parse::<T>().map(|again| again.to_string()), Ok(shown));
            Some(parsed)
        }
        Err(error) => {
            bounded(&error);
            assert!(error.input().get(error.span()).is_some(), "{:?} of {:?}", error.span(), error.input());
            assert!(error.char_span().end <= error.input().chars().count());
            let _ = (error.problem(), error.remedy(), format!("{error:?}"));
            None
        }
    }
}

#[test]
fn n9_what_parses_is_written_the_same_and_nothing_else_parses() {
    fuzz(
        "naming",
        &["truenas-", "urn:uuid:", " Cloud Backup", " — ", " · ", "mirror", "c0t0d0", "{", "}"],
        |input| {
            let text = input.text();
            exactly::<BucketName>(&text);
            exactly::<LegacyBucketName>(&text);
            exactly::<FolderPath>(&text);
            exactly::<ObjectPrefix>(&text);
            exactly::<VaultLabel>(&text);
            normalised::<LocationName>(&text);
            exactly::<PoolName>(&text);
            if let Some(task) = exactly::<TaskDescription>(&text) {
                assert!(task.candidates().iter().all(|pool| task.describes(pool)));
            }
            exactly::<Workload>(&text);
            normalised::<LocationUuid>(&text);
            normalised::<OrgUuid>(&text);
            normalised::<DeviceGuid>(&text);
            if let Ok(ParsedBucketName::Standard(name)) = BucketName::parse(&text) {
                assert_eq!(BucketName::compute(name.workload(), name.location()), name);
            }
        },
    );
}
