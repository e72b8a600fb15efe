//! N9: what was formatted parses back to what went in, and different things never share a name.

use dtc_naming::{
    BucketName, DeviceGuid, FolderPath, LegacyBucketName, LocationUuid, ObjectPrefix, ParsedBucketName,
    PoolName, TaskDescription, UuidVersions, VaultLabel, Workload,
};
use proptest::prelude::*;

use crate::CASES;
use crate::strategies::{
    dashed, device, edit, folder, location, organisation, pool, spelled, uuid_bytes, vault_label,
};

fn bucket(location: LocationUuid) -> BucketName {
    BucketName::compute(Workload::TrueNas, location)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn n1_any_case_and_spelling_gives_the_same_bucket((bits, text) in uuid_bytes().prop_flat_map(|bits| (Just(bits), spelled(bits)))) {
        let location: LocationUuid = text.parse().unwrap();
        prop_assert_eq!(location.as_bytes(), &bits.to_be_bytes());
        prop_assert_eq!(location.to_string(), dashed(bits));
        prop_assert_eq!(bucket(location).to_string(), format!("truenas-{bits:032x}"));
    }

    #[test]
    fn n2_every_computed_bucket_name_obeys_b2_and_the_house_limit(location in location()) {
        let name = bucket(location);
        prop_assert!((6..=50).contains(&name.as_str().len()));
        prop_assert!(name.as_str().bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-')));
        prop_assert!(!name.as_str().starts_with("b2-"));
    }

    #[test]
    fn n9_bucket_round_trip(location in location()) {
        let name = bucket(location);
        prop_assert_eq!(name.location(), location);
        prop_assert_eq!(BucketName::parse(name.as_str()), Ok(ParsedBucketName::Standard(name)));
    }

    #[test]
    fn n9_locations_one_bit_apart_have_different_buckets(bits in uuid_bytes(), bit in 0..128u32) {
        if let Ok(neighbour) = dashed(bits ^ 1 << bit).parse::<LocationUuid>() {
            prop_assert_ne!(bucket(neighbour), bucket(dashed(bits).parse().unwrap()));
        }
    }

    #[test]
    fn n10_legacy_round_trip(organisation in organisation(), location in location(), other in location()) {
        let digits = &location.to_string()[..8];
        let text = format!("truenas-{}-{digits}", organisation.to_string().replace('-', ""));
        prop_assert_eq!(text.len(), 49);
        let Ok(ParsedBucketName::Legacy(name)) = BucketName::parse(&text) else { panic!("{text} is of the older form") };
        prop_assert_eq!(name.organisation(), organisation);
        prop_assert_eq!(name.location_digits(), digits);
        prop_assert!(name.may_belong_to(location));
        prop_assert_eq!(name.may_belong_to(other), other.to_string().starts_with(digits));
        prop_assert_eq!(text.parse::<LegacyBucketName>(), Ok(name));
        prop_assert!(text.parse::<BucketName>().is_err());
    }

    #[test]
    fn n4_folder_and_prefix_round_trip(device in device(), pool in pool(), rest in "[a-z/.]{0,12}") {
        let folder = FolderPath::compute(device, &pool);
        let prefix = folder.object_prefix();
        prop_assert_eq!((folder.device(), folder.pool()), (device, &pool));
        prop_assert_eq!(format!("/{prefix}"), folder.as_str());
        prop_assert_eq!(folder.as_str().parse::<FolderPath>(), Ok(folder));
        prop_assert_eq!(prefix.as_str().parse::<ObjectPrefix>(), Ok(prefix.clone()));
        let object = format!("{}{rest}", prefix.listing());
        prop_assert_eq!(prefix.relative(&object), Some(rest.as_str()));
    }

    #[test]
    fn n9_different_folders_have_different_paths(one in folder(), device in device(), edit in edit()) {
        prop_assert!(device == one.device() || FolderPath::compute(device, one.pool()).as_str() != one.as_str());
        if let Ok(pool) = edit.apply(one.pool().as_str()).parse::<PoolName>() {
            let other = FolderPath::compute(one.device(), &pool);
            prop_assert_eq!(other.as_str() == one.as_str(), &pool == one.pool());
        }
    }

    #[test]
    fn n4_a_prefix_never_covers_the_objects_of_another_pool(one in folder(), edit in edit()) {
        if let Ok(pool) = edit.apply(one.pool().as_str()).parse::<PoolName>()
            && &pool != one.pool()
        {
            let object = format!("{}file.bin", FolderPath::compute(one.device(), &pool).object_prefix().listing());
            prop_assert_eq!(one.object_prefix().relative(&object), None);
        }
    }

    #[test]
    fn n6_a_description_leads_back_to_its_pool(pool in pool(), other in pool(), edit in edit()) {
        let description = TaskDescription::compute(&pool);
        prop_assert_eq!(description.as_str().parse::<TaskDescription>(), Ok(description.clone()));
        prop_assert!(description.describes(&pool));
        let candidates = description.candidates();
        prop_assert!((1..=2).contains(&candidates.len()) && candidates.contains(&pool));
        prop_assert!(candidates.iter().all(|candidate| description.describes(candidate)));
        for other in [Some(other), edit.apply(pool.as_str()).parse().ok()].into_iter().flatten() {
            prop_assert_eq!(description.describes(&other), candidates.contains(&other));
        }
    }

    #[test]
    fn n8_label_round_trip(label in vault_label(), other in vault_label()) {
        prop_assert_eq!(label.to_string().parse::<VaultLabel>(), Ok(label.clone()));
        prop_assert_eq!(label == other, label.to_string() == other.to_string());
    }

    #[test]
    fn i3_a_minted_guid_is_version_4_and_keeps_the_random_bits(bytes in any::<[u8; 16]>()) {
        let guid = DeviceGuid::from_random_bytes(bytes);
        prop_assert_eq!(guid.version(), 4);
        let (given, kept) = (u128::from_be_bytes(bytes), u128::from_be_bytes(*guid.as_bytes()));
        prop_assert_eq!((given ^ kept) & !(0xf << 76 | 0b11 << 62), 0);
        prop_assert_eq!(guid.to_string().parse::<DeviceGuid>(), Ok(guid));
        prop_assert!(guid.accept(&UuidVersions::default()).is_ok());
    }
}
