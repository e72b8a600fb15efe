//! Every type is serialised as its text and read back through its own parser.

use std::fmt::{Debug, Display};

use dtc_naming::{
    BucketName, DeviceGuid, FolderPath, LegacyBucketName, LocationName, LocationUuid, ObjectPrefix, OrgUuid,
    PoolName, TaskDescription, UuidVersions, VaultLabel, Workload,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

#[track_caller]
fn is_its_text<T>(text: &str)
where
    T: std::str::FromStr<Err = dtc_naming::Error>
        + Display
        + Debug
        + PartialEq
        + Serialize
        + DeserializeOwned,
{
    let value: T = text.parse().unwrap();
    let json = serde_json::to_string(&value).unwrap();
    assert_eq!(json, serde_json::to_string(text).unwrap());
    assert_eq!(serde_json::from_str::<T>(&json).unwrap(), value);
    assert_eq!(serde_json::from_value::<T>(serde_json::Value::String(text.to_owned())).unwrap(), value);
    let error = serde_json::from_str::<T>("\"\\u0000\"").unwrap_err();
    assert!(error.to_string().contains("breaks rule"), "{error}");
}

#[test]
fn n9_through_the_text_form() {
    is_its_text::<LocationUuid>("a1b2c3d4-e5f6-7071-8293-a4b5c6d7e8f9");
    is_its_text::<OrgUuid>("a1b2c3d4-e5f6-7071-8293-a4b5c6d7e8f9");
    is_its_text::<DeviceGuid>("a1b2c3d4-e5f6-7071-8293-a4b5c6d7e8f9");
    is_its_text::<Workload>("truenas");
    is_its_text::<BucketName>("truenas-a1b2c3d4e5f670718293a4b5c6d7e8f9");
    is_its_text::<LegacyBucketName>("truenas-a1b2c3d4e5f670718293a4b5c6d7e8f9-01234567");
    is_its_text::<PoolName>("tank");
    is_its_text::<FolderPath>("/a1b2c3d4-e5f6-7071-8293-a4b5c6d7e8f9/tank");
    is_its_text::<ObjectPrefix>("a1b2c3d4-e5f6-7071-8293-a4b5c6d7e8f9/tank");
    is_its_text::<TaskDescription>("Tank Cloud Backup");
    is_its_text::<LocationName>("Main Office");
    is_its_text::<VaultLabel>("TrueNAS Cloud Backup — Main Office · Encryption Salt");
}

#[test]
fn i2_versions_are_a_list_of_numbers() {
    assert_eq!(serde_json::to_string(&UuidVersions::default()).unwrap(), "[4,7]");
    assert_eq!(serde_json::from_str::<UuidVersions>("[7,4]").unwrap(), UuidVersions::default());
    assert!(serde_json::from_str::<UuidVersions>("[9]").is_err());
}
