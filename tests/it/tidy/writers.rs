//! Where files are made and written, and where text that people wrote is read: in a few modules that are careful about it.

use super::assert_none;
use super::tree::{Source, sources};

/// What makes a file, or opens one to be written.
const WRITES: [&str; 5] = ["File::create", "File::options", "OpenOptions", "fs::write(", "fs::copy("];

/// Who may, and why. A path that ends with `/` is a folder.
const WRITERS: [(&str, &str); 10] = [
    ("dtc-adapters/src/files/", "the one writer of what the program writes for people"),
    (
        "b2-client/src/files/save.rs",
        "saves downloads beside their place, and moves them there when they are whole",
    ),
    ("rclone-crypt/src/catalogue.rs", "encrypts into a folder, and restores from one"),
    ("rclone-crypt/src/catalogue/", "the same"),
    ("py-bindings/src/crypt/streams.rs", "writes the file that a Python program names"),
    (
        "dtc-cli/src/commands/demo/copied.rs",
        "makes the files that the demo copies, in a scratch folder of its own",
    ),
    ("simulator/src/transcript.rs", "writes the transcript, at a place that the command line has looked at"),
    ("simulator/src/b2/body.rs", "keeps uploads in a scratch folder of its own"),
    ("simulator/src/truenas/disk.rs", "fills the appliance's pools, in a scratch folder of its own"),
    ("simulator/src/truenas/handle/files.rs", "changes files of the appliance, in that scratch folder"),
];

/// Chores and examples, which no customer runs.
const NOT_SHIPPED: [&str; 2] = ["xtask/", "examples/"];

/// What reads a file whole, as nothing may that people write: a mark, a carriage return or a gigabyte would come along.
const READS: [&str; 3] = ["fs::read(", "read_to_string(", "File::open("];
/// The crates that read what people write.
const READ_FOR_PEOPLE: [&str; 2] = ["dtc-adapters/src/", "dtc-cli/src/"];
/// Who may read there, and why.
const READERS: [(&str, &str); 3] = [
    ("dtc-adapters/src/files/", "the one reader of what people write"),
    ("dtc-cli/src/commands/crypt/cat.rs", "reads an encrypted object, block by block"),
    ("dtc-cli/src/commands/demo/copied.rs", "compares what the demo has got back"),
];

fn stands_in(path: &str, places: &[(&str, &str)]) -> bool {
    places.iter().any(|(place, _)| path == *place || (place.ends_with('/') && path.starts_with(place)))
}

/// Every line of shipped code that holds one of these.
fn lines_with(source: &Source, words: &[&str], says: &str) -> Vec<String> {
    let code = source.shipped_code();
    let lines = code.lines().enumerate().filter(|(_, line)| words.iter().any(|word| line.contains(word)));
    lines.map(|(number, line)| format!("{}:{}: {says}: {}", source.path, number + 1, line.trim())).collect()
}

fn written_elsewhere(sources: &[Source]) -> Vec<String> {
    let judged = sources.iter().filter(|source| {
        !NOT_SHIPPED.iter().any(|folder| source.path.starts_with(folder))
            && !stands_in(&source.path, &WRITERS)
    });
    judged.flat_map(|source| lines_with(source, &WRITES, "a file is written here")).collect()
}

fn read_elsewhere(sources: &[Source]) -> Vec<String> {
    let judged = sources.iter().filter(|source| {
        READ_FOR_PEOPLE.iter().any(|folder| source.path.starts_with(folder))
            && !stands_in(&source.path, &READERS)
    });
    judged.flat_map(|source| lines_with(source, &READS, "a file is read here")).collect()
}

#[test]
fn x8_files_are_written_by_the_named_writers_only() {
    assert_none(&written_elsewhere(&sources()));
}

#[test]
fn what_people_write_is_read_by_the_one_reader() {
    assert_none(&read_elsewhere(&sources()));
}

#[test]
fn every_named_writer_and_reader_is_there() {
    let sources = sources();
    for (place, _) in WRITERS.iter().chain(&READERS) {
        assert!(sources.iter().any(|source| source.path.starts_with(place)), "{place}");
    }
}

#[test]
fn files_written_or_read_elsewhere_are_found() {
    let write = "fn f() {\n    std::fs::write(path, text)?;\n}\n#[cfg(test)]\nmod tests { fn g() { fs::write(a, b); } }\n";
    let made_up = [
        Source::new("dtc-cli/src/commands/plan.rs", write),
        Source::new("dtc-adapters/src/files/write.rs", write),
        Source::new("xtask/src/main.rs", write),
        Source::new("dtc-cli/tests/it/main.rs", write),
        Source::new(
            "simulator/src/a.rs",
            "use tokio::fs::OpenOptions;\nlet a = File::create_new(b); // File::create",
        ),
        Source::new("b2-client/src/a.rs", "let a = std::fs::File::options().append(true);\nfs::copy(a, b);"),
    ];
    let found = written_elsewhere(&made_up);
    assert_eq!(found.len(), 5, "{found:?}");
    assert!(found[0].starts_with("dtc-cli/src/commands/plan.rs:2:"));
    let read = "let text = std::fs::read_to_string(path)?;";
    let made_up = [
        Source::new("dtc-cli/src/consents.rs", read),
        Source::new("dtc-adapters/src/tickets.rs", "tokio::fs::read(path).await?"),
        Source::new("dtc-adapters/src/files/read.rs", read),
        Source::new("rclone-crypt/src/key.rs", read),
    ];
    assert_eq!(read_elsewhere(&made_up).len(), 2);
}
