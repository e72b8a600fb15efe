//! Backups whose names have other forms than TrueNAS's.

use dtc_provision::Outcome;
use dtc_provision::ports::VersionKind;
use dtc_provision::restore::{GetOptions, Selection, get, history, tree, when};
use rclone_crypt::{
    DirectoryNames, Filter, Mapping, NameEncoding, NameEncryption, NameForm, Names, Nonce, Suffix,
    encrypt_all,
};

use super::store::{GUID, Store, all, files, hours, keys};

/// Every form of names that rclone has.
fn forms() -> Vec<NameForm> {
    let encryptions = [
        NameEncryption::Off(Suffix::bin()),
        NameEncryption::Off(Suffix::new("none")),
        NameEncryption::Off(Suffix::new(".enc")),
        NameEncryption::Standard(NameEncoding::Base32),
        NameEncryption::Standard(NameEncoding::Base64),
        NameEncryption::Standard(NameEncoding::Base32768),
        NameEncryption::Obfuscate,
    ];
    let both = [DirectoryNames::Encrypted, DirectoryNames::Plain];
    let of = |encryption: &NameEncryption| {
        both.map(|directories| NameForm { encryption: encryption.clone(), directories })
    };
    encryptions.iter().flat_map(of).collect()
}

#[tokio::test]
async fn y1_files_come_back_from_names_of_every_form() {
    let paths = ["docs/letter \u{e9}.txt", "docs/deep/er/a", "b"];
    for form in forms() {
        let store = Store::default();
        let names = Names::new(keys(), form.encryption.clone(), form.directories);
        let mapping = Mapping::new(&format!("{GUID}/pool0"), names, Filter::default());
        for (number, path) in paths.iter().enumerate() {
            for (hour, content) in [(0, "first"), (24, "second")] {
                let nonce = Nonce::from_bytes([u8::try_from(number).unwrap(); 24]);
                let object = mapping.object_of(path.as_bytes()).unwrap().unwrap();
                let stored = encrypt_all(keys(), nonce, format!("{content} {path}").as_bytes());
                store.add_object(&object, VersionKind::Content, stored, hours(hour));
            }
        }
        let source = store.source().with_names(form.clone());
        for (at, content) in [(Some(hours(1)), "first"), (None, "second")] {
            let (listed, folder) = (tree(&source, &all(at)).await.unwrap(), tempfile::tempdir().unwrap());
            let report = get(&source, &listed, &GetOptions::new(folder.path()), &|_| ()).await.unwrap();
            assert_eq!(report.outcome(), Outcome::AsItShouldBe, "{form:?}: {report:?}");
            let found = files(folder.path());
            assert_eq!(found.len(), paths.len(), "{form:?}");
            for path in paths {
                assert_eq!(found[path], format!("{content} {path}").into_bytes(), "{form:?}");
            }
        }
        let docs = Selection::new(vec!["pool0:docs".parse().unwrap()], Filter::default(), hours(100));
        assert_eq!(tree(&source, &docs).await.unwrap().files.len(), 2, "{form:?}");
        let wanted = format!("pool0:{}", paths[1]).parse().unwrap();
        assert_eq!(history(&source, &wanted).await.unwrap().len(), 2, "{form:?}");
        assert!(when(&source, &"pool0".parse().unwrap()).await.unwrap().is_empty());

        // Of another form, they are none of the backup's, and nothing is guessed.
        let other = match form.encryption {
            NameEncryption::Standard(_) => NameForm::off(),
            _ => NameForm {
                encryption: NameEncryption::Standard(NameEncoding::Base32),
                directories: DirectoryNames::Encrypted,
            },
        };
        let listed = tree(&store.source().with_names(other), &all(None)).await.unwrap();
        assert!(listed.files.is_empty() && !listed.foreign.is_empty(), "{form:?}: {listed:?}");
    }
}
