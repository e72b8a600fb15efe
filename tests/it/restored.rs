//! Trees as of any moment, beside those that `rclone --b2-version-at` brings back from the same bucket.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::SystemTime;

use dtc_adapters::{SavedSecrets, SecretSource, connect_saved};
use dtc_provision::Outcome;
use dtc_provision::ids::KeyId;
use dtc_provision::restore::{self, GetOptions, Moment, RestoreSource, SavedRecord, Selection};
use dtc_tests::{Engine, TestBed, engines, is_deep};
use jiff::Timestamp;
use rclone_crypt::{Filter, NameForm, obscure};
use serde_json::json;

const BUCKET: &str = "truenas-a1b2c3d4e5f670718293a4b5c6d7e8f9";
const GUID: &str = "3c1e5d70-92ab-4f0e-8d47-b6a9c2f1e083";
const PASSWORD: &str = "correct horse";
const SALT: &str = "battery staple";
/// How often a folder is changed and synced, and how many histories there are of each form, when the tests go deep.
const RUNS: usize = 4;
const DEEP: u64 = 8;
/// Set, it is the only seed that is tried.
const SEED: &str = "DTC_RESTORED_SEED";

/// How names are made, in the words of rclone's configuration.
const FORMS: [&str; 7] = [
    "filename_encryption = off\n",
    "filename_encryption = off\nsuffix = .enc\n",
    "filename_encryption = standard\n",
    "filename_encryption = standard\nfilename_encoding = base64\n",
    "filename_encryption = standard\nfilename_encoding = base32768\n",
    "filename_encryption = standard\ndirectory_name_encryption = false\n",
    "filename_encryption = obfuscate\n",
];

fn form(options: &str) -> NameForm {
    let lines = || options.lines().filter_map(|line| line.split_once(" = "));
    NameForm::of_options(|name| lines().find(|(option, _)| *option == name).map(|(_, value)| value)).unwrap()
}

/// A folder that rclone syncs into a pool's folder of the bucket.
struct Syncing {
    rclone: PathBuf,
    endpoint: String,
    scratch: tempfile::TempDir,
    random: u64,
    /// Whether an upload in parts was begun under a name that is there.
    is_begun_anew: bool,
}

impl Syncing {
    fn new(bed: &TestBed, rclone: &Path, pool: &str, form: &str, seed: u64) -> Self {
        let scratch = tempfile::tempdir().unwrap();
        let b2 = &bed.sim.addresses().b2;
        let obscured = |text| obscure(text).unwrap().expose().to_owned();
        let config = format!(
            "[store]\ntype = b2\naccount = {}\nkey = {}\n[backup]\ntype = crypt\nremote = store:{BUCKET}/{GUID}/{pool}\n\
             {form}password = {}\npassword2 = {}\n",
            b2.key_id,
            b2.application_key,
            obscured(PASSWORD),
            obscured(SALT),
        );
        fs::write(scratch.path().join("rclone.conf"), config).unwrap();
        fs::create_dir(scratch.path().join("source")).unwrap();
        let random = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Self { rclone: rclone.to_owned(), endpoint: b2.url.clone(), scratch, random, is_begun_anew: false }
    }

    fn run(&self, arguments: &[&str]) {
        let output = self.ended(arguments);
        assert!(output.status.success(), "{arguments:?}\n{}", String::from_utf8_lossy(&output.stderr));
    }

    fn ended(&self, arguments: &[&str]) -> Output {
        Command::new(&self.rclone)
            .args(["--config", "rclone.conf"])
            .args(arguments)
            .current_dir(self.scratch.path())
            .env("RCLONE_B2_ENDPOINT", &self.endpoint)
            .output()
            .unwrap()
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.random =
            self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.random >> 33) % bound
    }

    /// Writes some files, rewrites some and removes some; then syncs, so that those are uploaded again and hidden. Some uploads in parts are
    /// begun and not finished. The instant after it, and what stood then.
    fn change(&mut self, bed: &TestBed, pool: &str) -> (Timestamp, Files) {
        const NAMES: [&str; 6] = [
            "file \u{e9}.txt",
            "file \u{e9}.TXT",
            ".hidden",
            "100 %",
            "back\\slash",
            "a longer name, with a comma",
        ];
        let source = self.scratch.path().join("source");
        for _ in 0..6 {
            let (folder, name) = (self.below(3), usize::try_from(self.below(6)).unwrap());
            let folder = ["", "folder", "Folder/deep er"][usize::try_from(folder).unwrap()];
            let path = source.join(folder).join(NAMES[name]);
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
        if self.below(2) == 0 {
            let under_a_name_that_is_there = self.below(2) == 0;
            self.is_begun_anew |= under_a_name_that_is_there;
            leave_unfinished(bed, pool, under_a_name_that_is_there);
        }
        (Timestamp::now(), tree(&source))
    }
}

/// Begins an upload in parts and leaves it, under a name that is there or under a new one.
fn leave_unfinished(bed: &TestBed, pool: &str, under_a_name_that_is_there: bool) {
    let b2 = bed.sim.b2();
    let versions = b2.versions(BUCKET);
    let prefix = format!("{GUID}/{pool}/");
    let mut names = versions.iter().filter_map(|version| version["fileName"].as_str());
    let there = names.rfind(|name| name.starts_with(&prefix)).map(str::to_owned);
    let name = there.filter(|_| under_a_name_that_is_there).unwrap_or(format!("{prefix}not finished"));
    let bucket = b2.bucket(BUCKET).unwrap()["bucketId"].clone();
    let start = json!({ "bucketId": bucket, "fileName": name, "contentType": "application/octet-stream" });
    b2.call("b2_start_large_file", start).unwrap();
}

type Files = BTreeMap<PathBuf, (Vec<u8>, u128)>;

/// Every file below a folder, with its content and its time in milliseconds.
fn tree(folder: &Path) -> Files {
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

async fn source(bed: &TestBed, form: NameForm) -> RestoreSource {
    let b2 = &bed.sim.addresses().b2;
    let record =
        SavedRecord::new(BUCKET.parse().unwrap(), GUID.parse().unwrap(), KeyId::new(b2.key_id.as_str()));
    let secrets = SavedSecrets {
        application_key: SecretSource::value(b2.application_key.as_str()),
        password: SecretSource::value(PASSWORD),
        salt: SecretSource::value(SALT),
    };
    connect_saved(record.with_names(form), secrets, Some(b2.url.clone()), |_| ()).await.unwrap()
}

/// One history, by one rclone: every moment of it, and what stands at its end. How many trees were compared.
async fn compare(bed: &TestBed, rclone: &Path, options: &str, seed: u64) -> usize {
    let replay = format!("{}, {options:?}: {SEED}={seed} replays it", rclone.display());
    let pool = format!("pool{seed}");
    let mut syncing = Syncing::new(bed, rclone, &pool, options, seed);
    let moments: Vec<(Timestamp, Files)> =
        tokio::task::block_in_place(|| (0..RUNS).map(|_| syncing.change(bed, &pool)).collect());
    let end = moments.last().unwrap().1.clone();
    let from = source(bed, form(options)).await;
    let moments = moments.into_iter().map(|(at, stood)| (Some(at), stood)).chain([(None, end)]);
    for (number, (at, stood)) in moments.enumerate() {
        let (theirs, ours) = (format!("theirs{number}"), format!("ours{number}"));
        let instant = at.map(|at| at.to_string());
        let mut arguments = vec!["copy", "backup:", &theirs];
        if let Some(instant) = &instant {
            arguments.extend(["--b2-version-at", instant]);
        }
        // Every rclone takes an upload that was begun for a version, and fails for its file.
        let may_fail = at.is_some() && syncing.is_begun_anew;
        let ended = tokio::task::block_in_place(|| syncing.ended(&arguments));
        assert!(may_fail || ended.status.success(), "{replay}: {}", String::from_utf8_lossy(&ended.stderr));
        let [theirs, ours] = [theirs, ours].map(|name| syncing.scratch.path().join(name));
        let selection = Selection::new(vec![pool.parse().unwrap()], Filter::default(), Timestamp::now());
        let selection = match at {
            Some(at) => selection.at(at),
            None => selection,
        };
        let listed = restore::tree(&from, &selection).await.unwrap();
        assert_eq!(listed.moment, Moment::Complete, "{replay}");
        assert!(listed.foreign.is_empty(), "{replay}: {listed:?}");
        let report = restore::get(&from, &listed, &GetOptions::new(&ours), &|_| ()).await.unwrap();
        assert!(report.failed.is_empty(), "{replay}: {report:?}");
        assert_eq!(report.outcome() == Outcome::AsItShouldBe, !listed.files.is_empty(), "{replay}");
        assert_eq!(tree(&ours), stood, "{replay}, at {at:?}");
        let mut theirs = tree(&theirs);
        if may_fail {
            let missing = stood.iter().filter(|(path, _)| !theirs.contains_key(*path));
            theirs.extend(missing.map(|(path, file)| (path.clone(), file.clone())).collect::<Files>());
        }
        assert_eq!(theirs, stood, "{replay}, at {at:?}, by rclone");
    }
    RUNS + 1
}

/// The histories had what makes a moment hard to tell: hides, names that were uploaded again, and uploads that were not finished.
fn shows_what_histories_held(bed: &TestBed) {
    let versions = bed.sim.b2().versions(BUCKET);
    let names = |action: &str| {
        let of_it = versions.iter().filter(|version| version["action"] == action);
        of_it.filter_map(|version| version["fileName"].as_str()).collect::<Vec<_>>()
    };
    let uploads = names("upload");
    let different: std::collections::BTreeSet<&str> = uploads.iter().copied().collect();
    let again = uploads.len() - different.len();
    let (hides, begun) = (names("hide").len(), names("start").len());
    assert!(again > 5 && hides > 3 && begun > 3, "{again} again, {hides} hidden, {begun} begun");
}

/// Y4: by three rclones, every form of names, and random histories.
#[tokio::test(flavor = "multi_thread")]
async fn y4_any_moment_comes_back_as_rclone_brings_it_back() {
    let bed = TestBed::new(43).await;
    let rclones: Vec<PathBuf> = engines()
        .into_iter()
        .filter_map(|engine| match engine {
            Engine::Rclone(program) => Some(program),
            Engine::Own => None,
        })
        .collect();
    let only: Option<u64> = std::env::var(SEED).ok().map(|seed| seed.parse().unwrap());
    let mut compared = 0;
    let mut seed = 0;
    for (number, options) in FORMS.into_iter().enumerate() {
        for (turn, rclone) in rclones.iter().enumerate() {
            // In turn, unless every one is to be tried with every form.
            if !is_deep() && number % rclones.len() != turn {
                continue;
            }
            for _ in 0..if is_deep() { DEEP } else { 1 } {
                seed += 1;
                if only.is_none_or(|only| only == seed) {
                    compared += compare(&bed, rclone, options, seed).await;
                }
            }
        }
    }
    if compared > 0 && only.is_none() {
        shows_what_histories_held(&bed);
    }
    dtc_tests::report(&format!("{compared} trees were compared with rclone's"));
}
