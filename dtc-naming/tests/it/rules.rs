//! Each rule by example.

use dtc_naming::{
    BucketName, DeviceGuid, Error, ErrorKind, FolderPath, LegacyBucketName, LocationName, LocationUuid,
    OrgUuid, PoolName, RuleId, TaskDescription, UuidVersions, VaultLabel, Workload,
};

const LOCATION: &str = "a1b2c3d4-e5f6-7071-8293-a4b5c6d7e8f9";
const BUCKET: &str = "truenas-a1b2c3d4e5f670718293a4b5c6d7e8f9";
const DEVICE: &str = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";
const LEGACY: &str = "truenas-0190163d8694739baea5966c26f8ad91-a1b2c3d4";

/// The error that reading `text` must end in: its rule, its kind, and the piece of the input that it points to.
#[track_caller]
fn refused<T: std::str::FromStr<Err = Error> + std::fmt::Debug>(
    text: &str,
    rule: RuleId,
    kind: ErrorKind,
    piece: &str,
) {
    let error = text.parse::<T>().unwrap_err();
    assert_eq!((error.rule(), error.kind(), &text[error.span()]), (rule, kind, piece), "{error}");
}

#[test]
fn i2_empty_malformed_nil_and_max_are_refused() {
    let refused = |text: &str, kind, piece: &str| refused::<LocationUuid>(text, RuleId::I2, kind, piece);
    refused("", ErrorKind::Empty, "");
    refused("a1b2c3d4-e5f6-7071-8293-a4b5c6d7e8f", ErrorKind::Length, "");
    refused("a1b2c3d4-e5f6-7071-8293-a4b5c6d7e8f9 ", ErrorKind::Length, " ");
    refused("a1b2c3d4e5f670718293a4b5c6d7e8f", ErrorKind::Length, "");
    refused("a1b2c3d4-e5f6-7071-8293-a4b5c6d7e8fg", ErrorKind::Character, "g");
    refused("a1b2c3d4–e5f6-7071-8293-a4b5c6d7e8f9", ErrorKind::Character, "–");
    refused("a1b2c3d-4e5f6-7071-8293-a4b5c6d7e8f9", ErrorKind::Character, "-");
    refused("{a1b2c3d4-e5f6-7071-8293-a4b5c6d7e8f9", ErrorKind::Shape, "");
    refused("{a1b2c3d4e5f670718293a4b5c6d7e8f9}", ErrorKind::Character, "e");
    let (nil, max) = ("00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff");
    refused(nil, ErrorKind::Nil, nil);
    refused(&max.to_uppercase(), ErrorKind::Max, &max.to_uppercase());
    refused("a1b2c3d4-e5f6-7071-c293-a4b5c6d7e8f9", ErrorKind::Variant, "c");
    refused("urn:uuid:a1b2c3d4-e5f6-9071-8293-a4b5c6d7e8f9", ErrorKind::Version, "9");
}

#[test]
fn i2_versions_4_and_7_are_accepted_unless_configured_otherwise() {
    let of_version = |version: char| LOCATION.replacen("7071", &format!("{version}071"), 1);
    for version in '1'..='8' {
        let location: LocationUuid = of_version(version).parse().unwrap();
        let accepted = location.accept(&UuidVersions::default());
        assert_eq!(accepted.is_ok(), matches!(version, '4' | '7'), "{version}");
    }
    let first: OrgUuid = of_version('1').parse().unwrap();
    let error = first.accept(&UuidVersions::default()).unwrap_err();
    assert_eq!((error.rule(), error.kind()), (RuleId::I2, ErrorKind::Version));
    assert_eq!(&error.input()[error.span()], "1");
    assert_eq!(
        error.to_string(),
        "the organisation UUID \"a1b2c3d4-e5f6-1071-8293-a4b5c6d7e8f9\" breaks rule I2 at character 15: \
         it is a version 1 UUID; the accepted versions are: 4, 7; issue a new one, or add the version to the accepted ones"
    );
    assert!(first.accept(&UuidVersions::new([1, 4]).unwrap()).is_ok());
}

#[test]
fn i2_the_accepted_versions_are_versions() {
    assert_eq!(UuidVersions::new([7, 4, 4]), Ok(UuidVersions::default()));
    assert_eq!(UuidVersions::default().iter().collect::<Vec<_>>(), [4, 7]);
    assert_eq!(UuidVersions::new([]).unwrap_err().kind(), ErrorKind::Empty);
    assert_eq!(UuidVersions::new([4, 0]).unwrap_err().kind(), ErrorKind::Version);
    assert!(!UuidVersions::default().contains(200));
}

#[test]
fn i3_a_device_guid_is_normalised_and_compared_by_value() {
    let upper: DeviceGuid = "{3F2504E0-4F89-41D3-9A0C-0305E82C3301}".parse().unwrap();
    assert_eq!(upper, DEVICE.parse().unwrap());
    assert_eq!(upper.to_string(), DEVICE);
    refused::<DeviceGuid>("unset", RuleId::I3, ErrorKind::Character, "u");
    let old: DeviceGuid = DEVICE.replacen("41d3", "11d3", 1).parse().unwrap();
    assert_eq!(old.accept(&UuidVersions::default()).unwrap_err().rule(), RuleId::I3);
}

#[test]
fn n1_worked_example() {
    let location: LocationUuid = LOCATION.parse().unwrap();
    let bucket = BucketName::compute(Workload::TrueNas, location);
    assert_eq!(bucket.as_str(), BUCKET);
    assert_eq!(bucket.as_str().len(), 40);
    let accepted = location.accept(&UuidVersions::default()).unwrap();
    assert_eq!(BucketName::compute(Workload::TrueNas, accepted), bucket);
}

#[test]
fn n1_the_usual_spellings_are_read() {
    let undashed = LOCATION.replace('-', "");
    let spellings = [LOCATION, &undashed, &format!("{{{LOCATION}}}"), &format!("urn:uuid:{LOCATION}")];
    for spelling in spellings {
        assert_eq!(spelling.parse::<LocationUuid>().unwrap().to_string(), LOCATION);
        assert_eq!(spelling.to_uppercase().parse::<LocationUuid>().unwrap().to_string(), LOCATION);
    }
}

#[test]
fn n1_other_names_are_no_bucket_of_ours() {
    let refused = |text: &str, kind, piece: &str| refused::<BucketName>(text, RuleId::N1, kind, piece);
    refused("customer-backups", ErrorKind::Shape, "customer");
    refused("backups", ErrorKind::Shape, "backups");
    refused(&BUCKET.to_uppercase(), ErrorKind::Shape, "TRUENAS");
    refused("truenas-A1b2c3d4e5f670718293a4b5c6d7e8f9", ErrorKind::Character, "A");
    refused("truenas-a1b2c3d4-e5f6-7071-8293-a4b5c6d7e8f9", ErrorKind::Character, "-");
    refused("truenas-00000000000000000000000000000000", ErrorKind::Nil, "00000000000000000000000000000000");
    refused("truenas-", ErrorKind::Empty, "");
}

#[test]
fn n2_longer_or_malformed_names_cite_the_rule() {
    let refused = |text: &str, kind, piece: &str| refused::<BucketName>(text, RuleId::N2, kind, piece);
    refused("", ErrorKind::Empty, "");
    refused("abcde", ErrorKind::Length, "abcde");
    refused(&format!("truenas-{}xyz", "a".repeat(42)), ErrorKind::Length, "xyz");
    refused("truenas_x", ErrorKind::Character, "_");
    refused("truenas-é", ErrorKind::Character, "é");
    refused("B2-something", ErrorKind::Reserved, "B2-");
}

#[test]
fn n3_the_organisation_is_no_part_of_the_name() {
    // Nothing but the location and the workload goes in, and nothing else comes out.
    let bucket: BucketName = BUCKET.parse().unwrap();
    assert_eq!((bucket.workload(), bucket.location().to_string().as_str()), (Workload::TrueNas, LOCATION));
}

#[test]
fn n4_folder_and_object_prefix() {
    let folder = FolderPath::compute(DEVICE.parse().unwrap(), &"tank".parse().unwrap());
    assert_eq!(folder.as_str(), format!("/{DEVICE}/tank"));
    assert_eq!(folder.object_prefix().as_str(), format!("{DEVICE}/tank"));
    assert_eq!(folder.object_prefix().folder_path(), &folder);
}

#[test]
fn n4_other_paths_are_no_folder_of_ours() {
    use ErrorKind::{Character, Empty, Length, Shape};
    let upper = DEVICE.to_uppercase();
    refused::<FolderPath>("", RuleId::N4, Empty, "");
    refused::<FolderPath>(&format!("{DEVICE}/tank"), RuleId::N4, Shape, "");
    refused::<FolderPath>(&format!("/{DEVICE}"), RuleId::N4, Shape, "");
    refused::<FolderPath>(&format!("/{DEVICE}/"), RuleId::N5, Empty, "");
    refused::<FolderPath>(&format!("/{DEVICE}/tank/"), RuleId::N5, Character, "/");
    refused::<FolderPath>(&format!("//{DEVICE}/tank"), RuleId::I3, Empty, "");
    refused::<FolderPath>(&format!("/{upper}/tank"), RuleId::I3, Character, "F");
    refused::<FolderPath>(&format!("/{}/tank", DEVICE.replace('-', "")), RuleId::I3, Character, "4");
    refused::<FolderPath>(&format!("/{}/tank", &DEVICE[..35]), RuleId::I3, Length, "");
}

#[test]
fn n5_pool_names_follow_zfs() {
    for good in
        ["tank", "Tank", "pool0", "a", "my pool", "a-b_c.d:e", "c0t0d0", "logs", "Mirror", &"a".repeat(239)]
    {
        assert_eq!(good.parse::<PoolName>().unwrap().as_str(), good);
    }
    let refused = |text: &str, kind, piece: &str| refused::<PoolName>(text, RuleId::N5, kind, piece);
    refused("", ErrorKind::Empty, "");
    refused("0pool", ErrorKind::Character, "0");
    refused(" pool", ErrorKind::Character, " ");
    refused("épool", ErrorKind::Character, "é");
    refused("pool/data", ErrorKind::Character, "/");
    refused("pool@now", ErrorKind::Character, "@");
    refused("pool%recv", ErrorKind::Character, "%");
    refused("pool\t", ErrorKind::Character, "\t");
    refused(&format!("{}xy", "a".repeat(239)), ErrorKind::Length, "xy");
    for (reserved, word) in [
        ("mirror", "mirror"),
        ("mirror-0", "mirror"),
        ("raidz3", "raidz"),
        ("draid2", "draid"),
        ("spares", "spare"),
        ("log", "log"),
    ] {
        refused(reserved, ErrorKind::Reserved, word);
    }
}

#[test]
fn n6_task_description() {
    let described = |pool: &str| TaskDescription::compute(&pool.parse().unwrap()).to_string();
    assert_eq!(described("pool0"), "Pool0 Cloud Backup");
    assert_eq!(described("Tank"), "Tank Cloud Backup");
    assert_eq!(described("x Cloud Backup"), "X Cloud Backup Cloud Backup");
    let mirror: TaskDescription = "Mirror Cloud Backup".parse().unwrap();
    assert_eq!(mirror.candidates(), ["Mirror".parse().unwrap()], "ZFS keeps `mirror` for itself");
}

#[test]
fn n6_other_descriptions_are_no_task_of_ours() {
    refused::<TaskDescription>("", RuleId::N6, ErrorKind::Empty, "");
    refused::<TaskDescription>("pool0 Cloud Backup", RuleId::N6, ErrorKind::Character, "p");
    refused::<TaskDescription>("Pool0 cloud backup", RuleId::N6, ErrorKind::Shape, "");
    refused::<TaskDescription>(" Cloud Backup", RuleId::N5, ErrorKind::Empty, "");
    refused::<TaskDescription>("Pool0/x Cloud Backup", RuleId::N5, ErrorKind::Character, "/");
}

#[test]
fn n8_vault_labels() {
    let name: LocationName = "Main Office".parse().unwrap();
    let label = VaultLabel::ApplicationKey(name.clone());
    assert_eq!(label.to_string(), "TrueNAS Cloud Backup \u{2014} Main Office");
    assert_eq!(label.location(), Some(&name));
    assert_eq!(VaultLabel::NmsCredentials.to_string(), "TrueNAS \u{2014} NMS Credentials");
    refused::<VaultLabel>("TrueNAS Cloud Backup - Main Office", RuleId::N8, ErrorKind::Shape, "");
    refused::<VaultLabel>("TrueNAS Cloud Backup \u{2014} ", RuleId::N8, ErrorKind::Empty, "");
    refused::<VaultLabel>("TrueNAS Cloud Backup \u{2014}  Main", RuleId::N9, ErrorKind::Character, " Main");
    refused::<LocationName>(" Main\nOffice", RuleId::N8, ErrorKind::Character, "\n");
}

#[test]
fn e1a_each_secret_has_a_label_of_its_own() {
    let name: LocationName = "Main Office".parse().unwrap();
    let labels = [
        VaultLabel::EncryptionPassword(name.clone()).to_string(),
        VaultLabel::EncryptionSalt(name).to_string(),
        VaultLabel::NmsPrivacyPassphrase.to_string(),
    ];
    assert_eq!(
        labels,
        [
            "TrueNAS Cloud Backup \u{2014} Main Office \u{b7} Encryption Password",
            "TrueNAS Cloud Backup \u{2014} Main Office \u{b7} Encryption Salt",
            "TrueNAS \u{2014} NMS Credentials \u{b7} Privacy Passphrase",
        ]
    );
    let ending = " \u{b7} Encryption Salt";
    refused::<LocationName>(&format!("Main{ending} "), RuleId::E1a, ErrorKind::Reserved, ending);
}

#[test]
fn n10_the_older_form_is_recognised_and_never_created() {
    let legacy: LegacyBucketName = LEGACY.parse().unwrap();
    assert_eq!(legacy.organisation().to_string(), "0190163d-8694-739b-aea5-966c26f8ad91");
    assert!(legacy.may_belong_to(LOCATION.parse().unwrap()));
    refused::<BucketName>(LEGACY, RuleId::N10, ErrorKind::Legacy, LEGACY);
    refused::<LegacyBucketName>(BUCKET, RuleId::N10, ErrorKind::Shape, BUCKET);
    refused::<BucketName>(&LEGACY[..48], RuleId::N10, ErrorKind::Length, "a1b2c3d");
    refused::<BucketName>(&LEGACY.replace("c3d4", "C3d4"), RuleId::N10, ErrorKind::Character, "C");
    refused::<BucketName>(&LEGACY.replace("0190", "019x"), RuleId::N10, ErrorKind::Character, "x");
}
