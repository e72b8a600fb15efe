//! N9, the other half: what is one slip away from a name is refused, or is honestly another name; and nothing at
//! all makes a parser panic.

use std::fmt::Display;
use std::str::FromStr;

use dtc_naming::{
    BucketName, DeviceGuid, Error, FolderPath, LegacyBucketName, LocationName, LocationUuid, ObjectPrefix,
    OrgUuid, PoolName, TaskDescription, VaultLabel, Workload,
};
use proptest::prelude::*;

use crate::CASES;
use crate::strategies::{
    anything, edit, folder, location, organisation, pool, spelled, uuid_bytes, vault_label,
};

/// What parses is written back exactly as it came.
fn parses_only_to_itself<T: FromStr<Err = Error> + Display>(text: &str) -> Result<(), TestCaseError> {
    match text.parse::<T>() {
        Ok(value) => prop_assert_eq!(value.to_string(), text),
        Err(error) => explains_itself(&error, text)?,
    }
    Ok(())
}

/// An error keeps the input, points into it, and makes one line of it that names the rule.
fn explains_itself(error: &Error, text: &str) -> Result<(), TestCaseError> {
    prop_assert_eq!(error.input(), text);
    prop_assert!(text.get(error.span()).is_some(), "{:?} is no range of {:?}", error.span(), text);
    prop_assert_eq!(text.get(error.span()).unwrap().chars().count(), error.char_span().len());
    let sentence = error.to_string();
    prop_assert!(sentence.contains(&format!("breaks rule {}", error.rule())), "{}", sentence);
    prop_assert!(
        !sentence.contains(char::is_control) && !error.problem().is_empty() && !error.remedy().is_empty()
    );
    Ok(())
}

fn every_parser_survives(text: &str) -> Result<(), TestCaseError> {
    parses_only_to_itself::<BucketName>(text)?;
    parses_only_to_itself::<LegacyBucketName>(text)?;
    parses_only_to_itself::<FolderPath>(text)?;
    parses_only_to_itself::<ObjectPrefix>(text)?;
    parses_only_to_itself::<PoolName>(text)?;
    parses_only_to_itself::<TaskDescription>(text)?;
    parses_only_to_itself::<VaultLabel>(text)?;
    parses_only_to_itself::<Workload>(text)?;
    let spelled_freely = [
        text.parse::<LocationUuid>().map(drop),
        text.parse::<OrgUuid>().map(drop),
        text.parse::<DeviceGuid>().map(drop),
        text.parse::<LocationName>().map(drop),
    ];
    spelled_freely.into_iter().filter_map(Result::err).try_for_each(|error| explains_itself(&error, text))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn n9_a_slip_in_a_bucket_name(location in location(), edit in edit()) {
        let name = BucketName::compute(Workload::TrueNas, location);
        let slip = edit.apply(name.as_str());
        parses_only_to_itself::<BucketName>(&slip)?;
        prop_assert!(!edit.changes_length() || BucketName::parse(&slip).is_err());
        prop_assert!(slip == name.as_str() || slip.parse() != Ok(name));
    }

    #[test]
    fn n10_a_slip_in_a_legacy_name(organisation in organisation(), digits in "[0-9a-f]{8}", edit in edit()) {
        let name = format!("truenas-{}-{digits}", organisation.to_string().replace('-', ""));
        let slip = edit.apply(&name);
        parses_only_to_itself::<LegacyBucketName>(&slip)?;
        prop_assert!(!edit.changes_length() || BucketName::parse(&slip).is_err());
        prop_assert!(slip.parse::<BucketName>().is_err());
    }

    #[test]
    fn i2_a_slip_in_a_uuid((text, bits) in uuid_bytes().prop_flat_map(|bits| (spelled(bits), Just(bits))), edit in edit()) {
        let slip = edit.apply(&text);
        let read = slip.parse::<LocationUuid>();
        prop_assert!(!edit.changes_length() || read.is_err(), "{slip} was read");
        if let Ok(read) = read {
            prop_assert_eq!(read.as_bytes() == &bits.to_be_bytes(), slip.eq_ignore_ascii_case(&text));
        }
    }

    #[test]
    fn i2_whatever_reads_as_a_uuid_reads_the_same_elsewhere(text in anything(), bits in uuid_bytes(), edit in edit()) {
        for text in [text, edit.apply(&format!("{bits:032x}"))] {
            if let Ok(read) = text.parse::<LocationUuid>() {
                let elsewhere = text.to_ascii_lowercase().parse::<uuid::Uuid>();
                prop_assert_eq!(elsewhere.map(uuid::Uuid::into_bytes), Ok(*read.as_bytes()));
            }
        }
    }

    #[test]
    fn n4_a_slip_in_a_folder_path(folder in folder(), edit in edit()) {
        let slip = edit.apply(folder.as_str());
        parses_only_to_itself::<FolderPath>(&slip)?;
        prop_assert!(slip == folder.as_str() || slip.parse() != Ok(folder));
    }

    #[test]
    fn n5_a_slip_in_a_pool_name(pool in pool(), edit in edit()) {
        parses_only_to_itself::<PoolName>(&edit.apply(pool.as_str()))?;
    }

    #[test]
    fn n6_a_slip_in_a_description(pool in pool(), edit in edit()) {
        let description = TaskDescription::compute(&pool);
        let slip = edit.apply(description.as_str());
        parses_only_to_itself::<TaskDescription>(&slip)?;
        prop_assert!(slip == description.as_str() || slip.parse() != Ok(description));
    }

    #[test]
    fn n8_a_slip_in_a_label(label in vault_label(), edit in edit()) {
        parses_only_to_itself::<VaultLabel>(&edit.apply(&label.to_string()))?;
    }

    #[test]
    fn no_text_makes_a_parser_panic(text in anything()) {
        every_parser_survives(&text)?;
    }

    #[test]
    fn no_spoilt_name_makes_a_parser_panic(
        folder in folder(),
        label in vault_label(),
        bits in uuid_bytes(),
        edits in prop::collection::vec(edit(), 1..5),
    ) {
        let bucket = format!("truenas-{bits:032x}");
        for name in [folder.as_str(), &label.to_string(), &bucket, &format!("{bucket}-{:08x}", bits >> 96)] {
            let spoilt = edits.iter().fold(name.to_owned(), |text, edit| edit.apply(&text));
            every_parser_survives(&spoilt)?;
        }
    }
}
