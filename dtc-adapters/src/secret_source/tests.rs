//! E7: where secrets are read from, and what is refused there.

use super::*;

#[test]
fn e7_what_is_no_source_is_refused_and_not_repeated() {
    for wrong in ["K001secret", "env:", "env:a-b", "file:", "vault:K001secret", ""] {
        let error = wrong.parse::<SecretSource>().unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::NotASecretSource { .. }), "{wrong:?}");
        assert!(!format!("{error} {error:?}").contains("K001"), "{error:?}");
    }
}

#[tokio::test]
async fn e8_a_value_is_not_shown() {
    let source = SecretSource::value("K001secret");
    assert!(!format!("{source} {source:?}").contains("K001"));
    assert_eq!(source.read("the key").await.unwrap().expose_secret(), "K001secret");
}

#[tokio::test]
async fn e7_a_secret_that_is_missing_says_where_it_should_be() {
    let unset = SecretSource::Environment("DTC_TEST_UNSET".into()).read("the key").await.unwrap_err();
    assert!(unset.to_string().contains("the key") && unset.to_string().contains("DTC_TEST_UNSET"), "{unset}");
    assert!(unset.remedy().unwrap().contains("DTC_TEST_UNSET"));
    let scratch = tempfile::tempdir().unwrap();
    let absent = SecretSource::File("absent.key".into()).in_folder(scratch.path());
    let error = absent.read("the key").await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::SecretMissing { source: Some(_), .. }), "{error:?}");
    assert!(error.to_string().contains(&scratch.path().join("absent.key").display().to_string()), "{error}");
}

#[tokio::test]
async fn e7_a_secret_is_the_same_however_its_file_was_saved() {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("b2.key");
    let source = SecretSource::File(path.clone());
    let utf16 = "\u{feff}two words\r\n".encode_utf16();
    let (little, big): (Vec<_>, Vec<_>) = utf16.map(|unit| (unit.to_le_bytes(), unit.to_be_bytes())).unzip();
    for (bytes, found) in [
        (b"two words".to_vec(), "two words"),
        (b"two words\n\n".to_vec(), "two words"),
        (b"\xef\xbb\xbftwo words\r\n".to_vec(), "two words"),
        (little.concat(), "two words"),
        (big.concat(), "two words"),
        (b" two words".to_vec(), "begins with a space"),
        (b"two words \n".to_vec(), "ends with a space"),
        (b"two\nwords\n".to_vec(), "has 2 lines"),
        (b"two\0words".to_vec(), "NUL"),
        (b"t\0w\0o\0".to_vec(), "UTF-16 without a byte-order mark"),
        (b"M\xfcller".to_vec(), "not UTF-8"),
        (vec![b'x'; 65537], "larger than 65536 bytes"),
        (b"\xef\xbb\xbf\r\n".to_vec(), "is empty"),
    ] {
        private(&path, &bytes);
        match source.read("the key").await {
            Ok(secret) => assert_eq!(secret.expose_secret(), found, "{bytes:?}"),
            Err(error) => {
                let shown = format!("{error} {error:?}");
                assert!(error.to_string().contains(found), "{error}");
                assert!(shown.contains("the key") && !shown.contains("words"), "{shown}");
            }
        }
    }
}

/// A file that only its owner may read.
fn private(path: &Path, bytes: &[u8]) {
    let _ = std::fs::remove_file(path);
    std::fs::write(path, bytes).unwrap();
    #[cfg(unix)]
    std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
}

#[cfg(unix)]
#[tokio::test]
async fn e7_a_secret_that_others_can_replace_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().join("open");
    std::fs::create_dir(&folder).unwrap();
    private(&folder.join("b2.key"), b"K001secret");
    let source = SecretSource::File(folder.join("b2.key"));
    for (mode, taken) in [(0o777, false), (0o1777, true), (0o700, true), (0o755, true)] {
        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(mode)).unwrap();
        let read = source.read("the key").await;
        assert_eq!(read.is_ok(), taken, "{mode:o}: {read:?}");
        if let Err(error) = read {
            assert!(matches!(error.kind(), ErrorKind::SecretUnusable { .. }), "{error:?}");
            assert!(error.to_string().contains("replaced by everybody"), "{error}");
        }
    }
}

#[cfg(unix)]
#[tokio::test]
async fn e7_a_secret_that_others_can_read_is_refused() {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt as _;
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("b2.key");
    std::fs::write(&path, "K001secret\r\n").unwrap();
    let source = SecretSource::File(path.clone());
    for open in [0o640, 0o604, 0o620] {
        std::fs::set_permissions(&path, Permissions::from_mode(open)).unwrap();
        let error = source.read("the key").await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::SecretExposed { mode, .. } if *mode == open), "{error:?}");
        assert!(error.remedy().unwrap().contains("chmod 600"), "{error:?}");
    }
    std::fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    assert_eq!(source.read("the key").await.unwrap().expose_secret(), "K001secret");
    std::fs::write(&path, "\n").unwrap();
    assert!(matches!(source.read("the key").await.unwrap_err().kind(), ErrorKind::SecretMissing { .. }));
}
