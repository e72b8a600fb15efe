//! The page *Restoring without us*, done block by block with a real rclone and nothing of ours.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use dtc_tests::{Engine, TestBed, engines};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};

/// A fenced block of the page: its language, and its text.
struct Block {
    language: String,
    text: String,
}

/// The page's fenced blocks, in order.
fn blocks() -> Vec<Block> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/restoring-without-us.md");
    let page = fs::read_to_string(page).unwrap();
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for line in page.lines() {
        match (line.strip_prefix("```"), open.take()) {
            (Some(language), None) => {
                open = Some(Block { language: language.to_owned(), text: String::new() });
            }
            (Some(_), Some(block)) => blocks.push(block),
            (None, Some(mut block)) => {
                block.text += line;
                block.text.push('\n');
                open = Some(block);
            }
            (None, None) => {}
        }
    }
    blocks
}

/// A technician with the vault's records, an rclone, and an empty folder.
struct Technician {
    rclone: PathBuf,
    folder: tempfile::TempDir,
    endpoint: String,
    known: BTreeMap<&'static str, String>,
}

impl Technician {
    /// What the page says to read from the records, and which file to ask for.
    fn new(bed: &TestBed, rclone: PathBuf, file: &str) -> Self {
        let records = bed.sim.itglue().client_records();
        let with =
            |wanted: &dyn Fn(&str) -> bool| records.iter().find(|record| wanted(&record.name)).unwrap();
        let key = with(&|name| name.starts_with("TrueNAS Cloud Backup — ") && !name.contains('·'));
        let note = |name: &str| {
            let line = key.notes.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
            line.unwrap().to_owned()
        };
        let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
        let zone = TimeZone::system();
        // To the second: what was uploaded in this one must count as there.
        let soon =
            (Timestamp::now() + SignedDuration::from_mins(1)).to_zoned(zone).strftime("%F %T").to_string();
        Self {
            rclone,
            folder: tempfile::tempdir().unwrap(),
            endpoint: bed.sim.addresses().b2.url.clone(),
            known: BTreeMap::from([
                ("<key id>", key.username.clone()),
                ("<application key>", key.value.clone()),
                ("<encryption password>", with(&|name| name.ends_with("Encryption Password")).value.clone()),
                ("<encryption salt>", with(&|name| name.ends_with("Encryption Salt")).value.clone()),
                ("<bucket>", note("Bucket Name")),
                ("<device guid>", note("Device GUID")),
                ("<pool>", "pool0".to_owned()),
                ("<file>", file.to_owned()),
                ("<folder>", folder.to_owned()),
                ("<yyyy-mm-dd hh:mm:ss>", soon),
            ]),
        }
    }

    /// The text with what is known in place of the angle brackets.
    fn filled(&self, text: &str) -> String {
        self.known.iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, value))
    }

    /// Runs a line of the page as a shell would, and returns what it prints.
    fn run(&self, line: &str, input: &str) -> Vec<u8> {
        let words: Vec<String> = words(line).iter().map(|word| self.filled(word)).collect();
        assert_eq!(words[0], "rclone", "{line}");
        let mut child = Command::new(&self.rclone)
            .args(&words[1..])
            .current_dir(self.folder.path())
            .env("RCLONE_B2_ENDPOINT", &self.endpoint)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{line}\n{complaint}");
        output.stdout
    }

    /// Does one block of the page.
    fn follow(&mut self, block: &Block) -> Vec<u8> {
        let line = block.text.trim();
        match (block.language.as_str(), line) {
            ("ini", _) => {
                fs::write(self.folder.path().join("restore.conf"), self.filled(&block.text)).unwrap();
                Vec::new()
            }
            ("sh", "rclone obscure -") => {
                let salt = self.known.contains_key("<obscured password>");
                let (from, to) = if salt {
                    ("<encryption salt>", "<obscured salt>")
                } else {
                    ("<encryption password>", "<obscured password>")
                };
                let printed = self.run(line, &format!("{}\n", self.known[from]));
                self.known.insert(to, String::from_utf8(printed).unwrap().trim().to_owned());
                Vec::new()
            }
            ("sh", _) => self.run(line, ""),
            (other, _) => panic!("a block of {other}"),
        }
    }
}

/// A command line's words; quotes hold words together.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut quoted) = (vec![String::new()], false);
    for (at, part) in line.split('"').enumerate() {
        quoted = at % 2 == 1;
        if quoted {
            words.last_mut().unwrap().push_str(part);
            continue;
        }
        // Angle brackets may hold spaces, too; they are one word.
        let mut bracketed = false;
        for character in part.chars() {
            bracketed = (bracketed || character == '<') && character != '>';
            match character {
                ' ' if !bracketed => words.push(String::new()),
                _ => words.last_mut().unwrap().push(character),
            }
        }
    }
    assert!(!quoted, "a quote is open: {line}");
    words.retain(|word| !word.is_empty());
    words
}

/// A file of the first pool that is in the backup and has content, by its path in the pool.
fn some_file(pool: &Path) -> String {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                walk(&path, found);
            } else if entry.metadata().unwrap().len() > 0 {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(pool, &mut found);
    found.sort();
    let relative = found.iter().map(|path| path.strip_prefix(pool).unwrap().to_str().unwrap().to_owned());
    let excluded = |path: &String| path.starts_with("Archive/") || path.starts_with("archive/");
    relative.filter(|path| !excluded(path) && path.contains('/')).min_by_key(String::len).unwrap()
}

/// Follows the page to its end; what comes back is what was backed up.
fn restore(bed: &TestBed, rclone: PathBuf) {
    let pool = bed.sim.truenas().real_path("/mnt/pool0").unwrap();
    let file = some_file(&pool);
    let source = fs::read(pool.join(&file)).unwrap();
    let mut technician = Technician::new(bed, rclone, &file);
    for block in blocks() {
        let printed = technician.follow(&block);
        let line = block.text.trim();
        if line.contains(" ls ") {
            assert!(String::from_utf8_lossy(&printed).contains(&file), "{line} does not list {file}");
        } else if line.contains(" lsf ") {
            assert!(!printed.is_empty(), "{line} lists nothing");
        } else if line.contains(" cat ") {
            assert_eq!(printed, source, "{line}");
        }
    }
    let folder = technician.folder.path();
    assert_eq!(fs::read(folder.join("restored-file")).unwrap(), source);
    assert_eq!(fs::read(folder.join("restored").join(&file)).unwrap(), source);
    assert!(!folder.join("restored/Archive").exists(), "what was left out came back");
}

/// V3, C6: a technician with the vault's record and a stock rclone gets the files back.
#[tokio::test(flavor = "multi_thread")]
async fn v3_the_page_gives_the_files_back_with_every_rclone() {
    let bed = TestBed::new(41).await;
    bed.provision().await;
    let rclones = engines().into_iter().filter_map(|engine| match engine {
        Engine::Rclone(program) => Some(program),
        Engine::Own => None,
    });
    let mut followed = 0;
    for rclone in rclones {
        tokio::task::block_in_place(|| restore(&bed, rclone));
        followed += 1;
    }
    println!("the page was followed with {followed} rclones");
}

#[test]
fn the_page_has_a_block_for_each_thing_it_promises() {
    let blocks = blocks();
    let lines: Vec<&str> = blocks.iter().map(|block| block.text.trim()).collect();
    for promised in
        ["obscure", " ls ", " lsf ", " cat ", " copyto ", " copy ", " cryptcheck ", "--b2-version-at"]
    {
        assert!(lines.iter().any(|line| line.contains(promised)), "{promised}");
    }
    assert_eq!(blocks.iter().filter(|block| block.language == "ini").count(), 1);
}
