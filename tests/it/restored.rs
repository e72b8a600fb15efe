//! Trees as of any moment, beside those that `rclone --b2-version-at` brings back from the same bucket.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use dtc_adapters::{SavedSecrets, SecretSource, connect_saved};
use dtc_provision::Outcome;
use dtc_provision::ids::KeyId;
use dtc_provision::restore::{self, GetOptions, Moment, RestoreSource, SavedRecord, Selection};
use dtc_tests::{Engine, TestBed, engines};
use jiff::Timestamp;
use rclone_crypt::{
    DirectoryNames, Filter, Keys, NameEncoding, NameEncryption, Names, Password, Salt, Suffix, obscure,
};

const BUCKET: &str = "truenas-a1b2c3d4e5f670718293a4b5c6d7e8f9";
const GUID: &str = "3c1e5d70-92ab-4f0e-8d47-b6a9c2f1e083";
const PASSWORD: &str = "correct horse";
const SALT: &str = "battery staple";
/// How often a folder is changed and synced.
const RUNS: usize = 4;

/// How names are encrypted: for rclone's configuration, and for us.
const MODES: [(&str, &str); 4] =
    [("off", "base32"), ("standard", "base32"), ("standard", "base64"), ("obfuscate", "base32")];

fn names((mode, encoding): (&str, &str), keys: &Keys) -> Names {
    let encryption = match (mode, encoding) {
        ("off", _) => NameEncryption::Off(Suffix::bin()),
        ("obfuscate", _) => NameEncryption::Obfuscate,
        (_, "base64") => NameEncryption::Standard(NameEncoding::Base64),
        _ => NameEncryption::Standard(NameEncoding::Base32),
    };
    Names::new(keys, encryption, DirectoryNames::Encrypted)
}

/// A folder that rclone syncs into a pool's folder of the bucket.
struct Syncing {
    rclone: PathBuf,
    endpoint: String,
    scratch: tempfile::TempDir,
    random: u64,
}

impl Syncing {
    fn new(bed: &TestBed, rclone: &Path, pool: &str, (mode, encoding): (&str, &str)) -> Self {
        let scratch = tempfile::tempdir().unwrap();
        let b2 = &bed.sim.addresses().b2;
        let obscured = |text| obscure(text).unwrap().expose().to_owned();
        let config = format!(
            "[store]\ntype = b2\naccount = {}\nkey = {}\n[backup]\ntype = crypt\nremote = store:{BUCKET}/{GUID}/{pool}\n\
             filename_encryption = {mode}\nfilename_encoding = {encoding}\npassword = {}\npassword2 = {}\n",
            b2.key_id,
            b2.application_key,
            obscured(PASSWORD),
            obscured(SALT),
        );
        fs::write(scratch.path().join("rclone.conf"), config).unwrap();
        fs::create_dir(scratch.path().join("source")).unwrap();
        let random = pool.bytes().fold(7, |seed: u64, byte| seed.wrapping_mul(31) + u64::from(byte));
        Self { rclone: rclone.to_owned(), endpoint: b2.url.clone(), scratch, random }
    }

    fn run(&self, arguments: &[&str]) {
        let output = Command::new(&self.rclone)
            .args(["--config", "rclone.conf"])
            .args(arguments)
            .current_dir(self.scratch.path())
            .env("RCLONE_B2_ENDPOINT", &self.endpoint)
            .output()
            .unwrap();
        assert!(output.status.success(), "{arguments:?}\n{}", String::from_utf8_lossy(&output.stderr));
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.random =
            self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.random >> 33) % bound
    }

    /// Writes some files, rewrites some and removes some; then syncs. The instant after it.
    fn change(&mut self) -> Timestamp {
        let source = self.scratch.path().join("source");
        for _ in 0..6 {
            let (folder, name) = (self.below(3), self.below(5));
            let path = source.join(format!("folder {folder}/file \u{e9}{name}.txt"));
            if self.below(4) == 0 {
                let _ = fs::remove_file(path);
                continue;
            }
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            let len = [0, 1, 1000, 70_000][usize::try_from(self.below(4)).unwrap()];
            let byte = u8::try_from(self.below(250)).unwrap();
            fs::write(path, vec![byte; len]).unwrap();
        }
        self.run(&["sync", "source", "backup:"]);
        Timestamp::now()
    }
}

/// Every file below a folder, with its content and its time in milliseconds.
fn tree(folder: &Path) -> BTreeMap<PathBuf, (Vec<u8>, u128)> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(current) = folders.pop() {
        for entry in fs::read_dir(current).into_iter().flatten().map(Result::unwrap) {
            if entry.file_type().unwrap().is_dir() {
                folders.push(entry.path());
                continue;
            }
            let modified = entry.metadata().unwrap().modified().unwrap();
            let modified = modified.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_millis();
            let path = entry.path().strip_prefix(folder).unwrap().to_owned();
            found.insert(path, (fs::read(entry.path()).unwrap(), modified));
        }
    }
    found
}

async fn source(bed: &TestBed) -> RestoreSource {
    let b2 = &bed.sim.addresses().b2;
    let record =
        SavedRecord::new(BUCKET.parse().unwrap(), GUID.parse().unwrap(), KeyId::new(b2.key_id.as_str()));
    let secrets = SavedSecrets {
        application_key: SecretSource::value(b2.application_key.as_str()),
        password: SecretSource::value(PASSWORD),
        salt: SecretSource::value(SALT),
    };
    connect_saved(record, secrets, Some(b2.url.clone()), |_| ()).await.unwrap()
}

/// Y4: by three rclones, four forms of names and random histories.
#[tokio::test(flavor = "multi_thread")]
async fn y4_any_moment_comes_back_as_rclone_brings_it_back() {
    let bed = TestBed::new(43).await;
    let keys = Keys::derive(&Password::new(PASSWORD), &Salt::new(SALT)).unwrap();
    let rclones = engines().into_iter().filter_map(|engine| match engine {
        Engine::Rclone(program) => Some(program),
        Engine::Own => None,
    });
    let mut compared = 0;
    for (number, rclone) in rclones.enumerate() {
        for (mode, form) in MODES.into_iter().enumerate() {
            let pool = format!("pool{number}-{mode}");
            let mut syncing = Syncing::new(&bed, &rclone, &pool, form);
            let moments: Vec<Timestamp> =
                tokio::task::block_in_place(|| (0..RUNS).map(|_| syncing.change()).collect());
            for (run, at) in moments.into_iter().enumerate() {
                let (theirs, ours) = (format!("theirs{run}"), format!("ours{run}"));
                let instant = at.to_string();
                let arguments = ["copy", "backup:", &theirs, "--b2-version-at", &instant];
                tokio::task::block_in_place(|| syncing.run(&arguments));
                let [theirs, ours] = [theirs, ours].map(|name| syncing.scratch.path().join(name));

                let wanted = vec![pool.parse().unwrap()];
                let selection =
                    Selection::with_names(wanted, names(form, &keys), Filter::default(), Timestamp::now());
                let from = source(&bed).await;
                let listed = restore::tree(&from, &selection.at(at)).await.unwrap();
                assert_eq!(listed.moment, Moment::Complete);
                let report = restore::get(&from, &listed, &GetOptions::new(&ours), &|_| ()).await.unwrap();
                assert!(report.failed.is_empty() && report.foreign.is_empty(), "{report:?}");
                assert_eq!(report.outcome() == Outcome::AsItShouldBe, !listed.files.is_empty());
                assert_eq!(tree(&ours), tree(&theirs), "{form:?}, run {run}, at {at}");
                compared += 1;
            }
        }
    }
    println!("{compared} trees were compared with rclone's");
}
