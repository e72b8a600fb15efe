//! Files, notes and short texts that people write, and files that an earlier run saved.

use std::fs::File;
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use dtc_adapters::files::{Guard, Limit, one_line, read_text};
use dtc_adapters::{SecretReference, SecretSource, SiteFile, note_in, noted, record_of, with_note};
use dtc_provision::Plan;
use dtc_provision::ids::{KeyId, TicketId};
use dtc_provision::ports::{MintAccount, NoteText, RecordNote, TicketNote};
use dtc_provision::proofs::consent::RecordedConsent;
use dtc_provision::schedule::{Schedule, TimeOfDay};
use truenas_client::{Address, Sha256Fingerprint, Trust, Version};

use crate::engine::{Input, fuzz};
use crate::http::{bounded, look_at};

const SITE_WORDS: [&str; 14] = [
    "[site]",
    "[b2]",
    "\"env:X\"",
    "\"file:\"",
    "1h30m",
    "-3s",
    "9223372036854775807",
    "1e999",
    "\"\"\"",
    "{ x = 1 }",
    "= ",
    "time_zone",
    "[[site.pools]]",
    "inf",
];

#[test]
fn e7_site_files_are_read_or_refused() {
    fuzz("site_files", &SITE_WORDS, |input| {
        let read = SiteFile::parse(&input.text(), Path::new("clients/site.toml"));
        read.as_ref().err().inspect(|error| input.refused(error));
        look_at(read);
    });
}

/// What was read is the same when it is written and read again, and can be shown.
fn saved_plan(input: &Input<'_>) {
    match serde_json::from_slice::<Plan>(&input.bytes) {
        Ok(plan) => {
            let shown = format!("{:?} {:?} {}", plan.steps(), plan.questions(), plan.is_empty());
            assert!(!shown.is_empty());
            // A plan is long: reading it once more costs as much as all the rest.
            if input.random.clone().one_in(8) {
                let again: Plan = serde_json::from_str(&serde_json::to_string(&plan).unwrap()).unwrap();
                assert_eq!(again, plan);
            }
        }
        Err(error) => {
            input.refused(&error);
            bounded(&error);
        }
    }
}

#[test]
fn x1_saved_plans_are_read_or_refused() {
    fuzz("plans", &["compliance-lock", "\"keep\"", "redacted", "format"], saved_plan);
}

#[test]
fn x1b_consents_are_read_or_refused() {
    fuzz(
        "consents",
        &["valid_until", "9999-12-31T23:59:59Z", "-009999-01-01T00:00:00Z", "compliance-lock"],
        |input| match serde_json::from_slice::<Vec<RecordedConsent>>(&input.bytes) {
            Ok(consents) => {
                let text = serde_json::to_string(&consents).unwrap();
                assert_eq!(serde_json::from_str::<Vec<RecordedConsent>>(&text).unwrap(), consents);
            }
            Err(error) => {
                input.refused(&error);
                bounded(&error);
            }
        },
    );
}

/// A file of its owner's that holds another input each time. It stays open and is not emptied first, which some file systems answer by writing
/// it to the disk.
struct Rewritten {
    file: File,
    path: PathBuf,
    _folder: tempfile::TempDir,
}

impl Rewritten {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("input");
        let file = File::create(&path).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            file.set_permissions(std::fs::Permissions::from_mode(0o600)).unwrap();
        }
        Self { file, path, _folder: folder }
    }

    fn holding(&self, bytes: &[u8]) -> &Path {
        let mut file = &self.file;
        file.seek(SeekFrom::Start(0)).unwrap();
        file.write_all(bytes).unwrap();
        file.set_len(bytes.len() as u64).unwrap();
        &self.path
    }
}

/// A secret's file, in whatever encoding it was saved: a value of one line that can be seen, or an error.
#[test]
fn e7_secret_files_are_read_or_refused() {
    let secret = Rewritten::new();
    fuzz("secret_files", &["\r\n", "\u{feff}", " ", "\t"], |input| {
        match read_text(secret.holding(&input.bytes), Guard::Secret, Limit::SECRET) {
            Ok(text) => match one_line(&text) {
                Ok(value) => {
                    assert!(!value.is_empty() && value.trim() == value && text.contains(value), "{value:?}");
                    assert!(!value.contains(|c: char| c.is_control() || c == '\u{feff}'), "{value:?}");
                }
                Err(problem) => bounded(&problem),
            },
            Err(error) => look_at(Err::<(), _>(error)),
        }
    });
}

/// The appliance's certificate, as people export it: a browser, `openssl`, Windows.
#[test]
fn x6_certificate_files_are_read_or_refused() {
    let certificate = Rewritten::new();
    let words =
        ["-----BEGIN CERTIFICATE-----\n", "-----END CERTIFICATE-----\n", "\r\n", "=", "MII", "\u{feff}"];
    fuzz("certificate_files", &words, |input| {
        match read_text(certificate.holding(&input.bytes), Guard::Settings, Limit::SETTINGS) {
            Ok(pem) => {
                let checked = Trust::Certificate(pem.to_string()).check();
                checked.as_ref().err().inspect(|error| input.refused(error));
                look_at(checked);
            }
            Err(error) => {
                input.refused(&error);
                look_at(Err::<(), _>(error));
            }
        }
    });
}

/// A ticket's file, into which anybody may have written: its notes are found, and one more changes none of them.
fn ticket(input: &Input<'_>, text: &str) {
    let ticket = TicketId::new("T-1001");
    let markers: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    let is_new = |marker: &str| markers.iter().all(|found| *found != marker);
    for marker in &markers {
        assert!(note_in(text, marker).is_some(), "{marker:?} is a heading");
    }
    let marker = "[dtc 9babab19-acc0-4587-aa05-ccd8103a1148]";
    let note = TicketNote { marker: marker.to_owned(), lines: vec!["bucket: b".to_owned(), text.to_owned()] };
    let Some(after) = with_note(text, &ticket, &note) else {
        input.refused(&"nothing is added");
        return assert!(!is_new(marker), "it was not there");
    };
    assert!(is_new(marker), "it was there");
    let found = note_in(&after, marker).unwrap();
    assert!(found.starts_with("- bucket: b") && found.lines().count() <= 2, "{found:?}");
    // A carriage return at the very end belongs to a line end as soon as something follows.
    for marker in markers.iter().filter(|marker| !marker.ends_with('\r')) {
        assert_eq!(note_in(&after, marker), note_in(text, marker), "{marker:?}");
    }
    assert_eq!(with_note(&after, &ticket, &note), None, "it is added once");
}

#[test]
fn v6_tickets_are_read_or_refused() {
    let file = Rewritten::new();
    let words = ["## ", "[dtc 9babab19-acc0-4587-aa05-ccd8103a1148]", "\n\n", "\r\n", "- ", "# Ticket"];
    fuzz("tickets", &words, |input| {
        match read_text(file.holding(&input.bytes), Guard::Settings, Limit::SETTINGS) {
            Ok(text) => ticket(input, &text),
            Err(error) => {
                input.refused(&error);
                look_at(Err::<(), _>(error));
            }
        }
    });
}

/// A record's label in the first line, and its notes in the others, which people change too.
fn vault_notes(input: &Input<'_>) {
    let text = input.text();
    let (label, notes) = text.split_once('\n').unwrap_or((&text, ""));
    let Some(record) = record_of(label, notes) else { return input.refused(&"no record") };
    let mut random = input.random.clone();
    let mut keys = || (0..random.below(3)).map(|number| KeyId::new(format!("005{number}"))).collect();
    let (before, orphaned_keys) = (keys(), keys());
    let keys_before_mint = (!notes.len().is_multiple_of(2)).then_some(before);
    let mints = MintAccount { keys_before_mint, orphaned_keys };
    let again = record_of(label, &noted(notes, &RecordNote::Mints(mints.clone())).unwrap()).unwrap();
    assert_eq!(again.mints, mints);
    assert_eq!((again.device, &again.bucket), (record.device, &record.bucket));
    assert_eq!((again.slot, again.operational), (record.slot, record.operational));
    let since = "2026-11-02T03:04:05Z".parse().unwrap();
    let first_backups = vec![("pool0".parse().unwrap(), NoteText::new("12 files").unwrap())];
    let operational = RecordNote::Operational { since, first_backups };
    let noted_once = noted(notes, &operational).unwrap();
    let after = record_of(label, &noted_once).unwrap();
    assert!(after.operational && after.mints == record.mints);
    // Empty lines at the end are not kept.
    assert_eq!(noted(&noted_once, &operational).unwrap().trim_end(), noted_once.trim_end());
}

#[test]
fn e5_notes_of_the_vault_are_read_or_are_no_record() {
    fuzz(
        "vault_notes",
        &["Status: ", "operational", "Keys Before Mint:", "none", ", ", "\r\n", ": "],
        vault_notes,
    );
}

/// Short texts: where a secret is, when something runs, which appliance and which certificate.
#[test]
fn short_texts_are_read_or_refused() {
    fuzz(
        "short_texts",
        &["env:", "file:", "op://", "?attribute=otp", "*/5", "wss://", "[::1]", "24:00", "v25.10", ":"],
        |input| {
            let text = input.text();
            look_at(text.parse::<SecretSource>());
            match text.parse::<SecretReference>() {
                Ok(reference) => assert_eq!(reference.to_string(), text),
                Err(error) => bounded(&error),
            }
            look_at(text.parse::<Version>());
            look_at(text.parse::<Address>());
            look_at(text.parse::<Sha256Fingerprint>());
            look_at(text.parse::<truenas_client::Schedule>());
            look_at(text.parse::<truenas_client::TimeOfDay>());
            match text.parse::<TimeOfDay>() {
                Ok(time) => assert_eq!(time.to_string(), text),
                Err(error) => bounded(&error),
            }
            match text.parse::<Schedule>() {
                Ok(schedule) => assert_eq!(schedule.as_str().parse(), Ok(schedule)),
                Err(error) => bounded(&error),
            }
        },
    );
}
