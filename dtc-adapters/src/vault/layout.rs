//! How a record is laid out in IT Glue: its label, and the `Name: value` lines of its notes (E1, E5, N8).

use std::fmt;

use dtc_naming::{BucketName, DatasetKeyLabel, DeviceGuid, ParsedBucketName, PoolName, VaultLabel};
use dtc_provision::PortError;
use dtc_provision::ids::{KeyId, RecordId, RecordRef};
use dtc_provision::ports::{MintAccount, NewRecord, NoteText, Record, RecordContext, RecordNote};
use dtc_provision::proofs::{Slot, ValueCheck};
use rclone_crypt::NameForm;

use crate::error::refused;

const DEVICE: &str = "Device GUID";
const BUCKET: &str = "Bucket Name";
const DATASET: &str = "Dataset";
const HOST: &str = "Host Name";
const ADDRESS: &str = "Management Address";
const DATE: &str = "Provisioning Date";
const VALUE_CHECK: &str = "Value Check";
const STATUS: &str = "Status";
const OPERATIONAL: &str = "operational";
const OPERATIONAL_SINCE: &str = "Operational Since";
const FIRST_BACKUP: &str = "First Backup";
const KEYS_BEFORE_MINT: &str = "Keys Before Mint";
const ORPHANED_KEYS: &str = "Orphaned Keys";
/// The most characters of a label: IT Glue documents no limit, and 255 is the usual column.
const LONGEST_LABEL: usize = 255;
/// What an empty list of keys is written as.
const NONE: &str = "none";

/// Notes of `Name: value` lines; lines of any other form are kept as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Notes(Vec<String>);

/// A new record's label.
pub(crate) fn label(record: &NewRecord) -> String {
    match &record.identity.dataset {
        Some(dataset) => DatasetKeyLabel(dataset.clone()).to_string(),
        None => label_of(record.identity.slot, &record.context)
            .map_or_else(String::new, |label| label.to_string()),
    }
}

/// The label of a record that is no dataset's.
fn label_of(slot: Slot, context: &RecordContext) -> Option<VaultLabel> {
    let location = || context.location.clone();
    Some(match slot {
        Slot::ApplicationKey => VaultLabel::ApplicationKey(location()),
        Slot::EncryptionPassword => VaultLabel::EncryptionPassword(location()),
        Slot::EncryptionSalt => VaultLabel::EncryptionSalt(location()),
        Slot::SnmpPassword => VaultLabel::NmsCredentials,
        Slot::SnmpPassphrase => VaultLabel::NmsPrivacyPassphrase,
        Slot::DatasetKey => return None,
    })
}

fn slot(label: &VaultLabel) -> Slot {
    match label {
        VaultLabel::ApplicationKey(_) => Slot::ApplicationKey,
        VaultLabel::EncryptionPassword(_) => Slot::EncryptionPassword,
        VaultLabel::EncryptionSalt(_) => Slot::EncryptionSalt,
        VaultLabel::NmsCredentials => Slot::SnmpPassword,
        VaultLabel::NmsPrivacyPassphrase => Slot::SnmpPassphrase,
    }
}

/// Whether a label is one of ours.
pub(crate) fn is_ours(label: &str) -> bool {
    label.parse::<VaultLabel>().is_ok() || label.parse::<DatasetKeyLabel>().is_ok()
}

/// The first label that is too long for IT Glue, of those that records of this location bear.
pub(crate) fn too_long(context: &RecordContext) -> Option<String> {
    let slots = [Slot::ApplicationKey, Slot::EncryptionPassword, Slot::EncryptionSalt];
    let labels = slots.into_iter().filter_map(|slot| Some(label_of(slot, context)?.to_string()));
    labels
        .map(|label| (label.chars().count(), label))
        .find(|(characters, _)| *characters > LONGEST_LABEL)
        .map(|(characters, label)| {
            format!("the label {label:?} has {characters} characters, and IT Glue takes {LONGEST_LABEL}")
        })
}

/// A new record's notes: the identity first.
pub(crate) fn notes(record: &NewRecord) -> Result<Notes, PortError> {
    let mut notes = Notes::default();
    notes.set(DEVICE, record.identity.device)?;
    if let Some(bucket) = &record.identity.bucket {
        notes.set(BUCKET, bucket)?;
    }
    if let Some(dataset) = &record.identity.dataset {
        notes.set(DATASET, dataset)?;
    }
    notes.set(HOST, &record.context.host_name)?;
    notes.set(ADDRESS, &record.context.management_address)?;
    notes.set(DATE, record.context.created.strftime("%F"))?;
    notes.check(record.check.as_ref())?;
    Ok(notes)
}

/// What a label and notes say, for tests that give them in broken forms.
pub fn record_of(label: &str, notes: &str) -> Option<Record> {
    record(RecordRef { id: RecordId::new("1"), url: String::new() }, label, None, notes)
}

/// Notes after another was made in them, for the same tests.
///
/// # Errors
/// What would read as other lines.
pub fn noted(notes: &str, note: &RecordNote) -> Result<String, PortError> {
    let mut notes = Notes::parse(notes);
    notes.apply(note)?;
    Ok(notes.to_string())
}

/// A password as a record of ours; `None` when its label is not of the standard's form, or it names no bucket and holds
/// what is one bucket's. A record that names no appliance is listed too: the key in it must not be deleted (K4).
pub(crate) fn record(
    reference: RecordRef,
    label: &str,
    user_name: Option<String>,
    notes: &str,
) -> Option<Record> {
    let notes = Notes::parse(notes);
    let (slot, location) = if label.parse::<DatasetKeyLabel>().is_ok() {
        (Slot::DatasetKey, None)
    } else {
        let label: VaultLabel = label.parse().ok()?;
        (slot(&label), label.location().cloned())
    };
    let dataset = if slot.is_of_a_dataset() { Some(notes.get(DATASET)?.parse().ok()?) } else { None };
    let bucket = if slot.is_of_a_bucket() { Some(bucket(notes.get(BUCKET)?)?) } else { None };
    Some(Record {
        reference,
        slot,
        device: notes.get(DEVICE).and_then(|text| text.parse().ok()),
        bucket,
        dataset,
        user_name,
        check: notes.get(VALUE_CHECK).map(ValueCheck::new),
        location,
        mints: MintAccount {
            keys_before_mint: notes.keys(KEYS_BEFORE_MINT),
            orphaned_keys: notes.keys(ORPHANED_KEYS).unwrap_or_default(),
        },
        operational: notes.get(STATUS) == Some(OPERATIONAL),
    })
}

/// What a record that somebody saved as text says, as far as it can be read.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Saved {
    pub(crate) device: Option<DeviceGuid>,
    pub(crate) bucket: Option<BucketName>,
    pub(crate) key_id: Option<KeyId>,
    /// How the names of its objects are made, where a line says so; else the line that is not understood.
    pub(crate) names: Option<Result<NameForm, &'static str>>,
}

/// The lines that say how the names of objects are made, each with rclone's name of it.
const NAMES: [(&str, &str); 4] = [
    ("filename_encryption", "Filename Encryption"),
    ("filename_encoding", "Filename Encoding"),
    ("directory_name_encryption", "Directory Name Encryption"),
    ("suffix", "Filename Suffix"),
];

/// What a record's page is called the user by, where its text is copied.
const USER: [&str; 3] = ["Username", "User Name", "Key ID"];

/// Reads the text of a record that somebody saved: its notes, and a line with its user name.
pub(crate) fn saved(text: &str) -> Saved {
    let lines = text.lines().map(|line| line.trim().trim_start_matches(['-', '*', '>', ' ']).to_owned());
    let notes = Notes(lines.collect());
    let key_id = USER.iter().find_map(|name| notes.get(name)).filter(|id| !id.is_empty());
    Saved {
        device: notes.get(DEVICE).and_then(|text| text.parse().ok()),
        bucket: notes.get(BUCKET).and_then(bucket),
        key_id: key_id.map(KeyId::new),
        names: names(&notes),
    }
}

fn names(notes: &Notes) -> Option<Result<NameForm, &'static str>> {
    let line = |option: &str| NAMES.iter().find(|(name, _)| *name == option).map(|(_, line)| *line);
    let given = |option: &str| notes.get(line(option)?);
    NAMES.iter().find_map(|(option, _)| given(option))?;
    Some(NameForm::of_options(given).map_err(|option| line(option).unwrap_or(option)))
}

fn bucket(text: &str) -> Option<BucketName> {
    match BucketName::parse(text).ok()? {
        ParsedBucketName::Standard(name) => Some(name),
        ParsedBucketName::Legacy(_) => None,
    }
}

impl Notes {
    /// Splits a text into its lines.
    pub(crate) fn parse(text: &str) -> Self {
        Self(text.lines().map(|line| line.trim_end().to_owned()).collect())
    }

    /// Writes a note in place of what the lines of its names say; every other line stays.
    ///
    /// # Errors
    /// A value that is not one line of printable text, such as a key's id with a line end in it.
    pub(crate) fn apply(&mut self, note: &RecordNote) -> Result<(), PortError> {
        match note {
            RecordNote::Mints(account) => {
                match &account.keys_before_mint {
                    Some(keys) => self.set_keys(KEYS_BEFORE_MINT, keys)?,
                    None => self.remove(KEYS_BEFORE_MINT),
                }
                match account.orphaned_keys.as_slice() {
                    [] => self.remove(ORPHANED_KEYS),
                    keys => self.set_keys(ORPHANED_KEYS, keys)?,
                }
            }
            RecordNote::Operational { since, first_backups } => {
                self.set(STATUS, OPERATIONAL)?;
                self.set(OPERATIONAL_SINCE, since.strftime("%FT%TZ"))?;
                for (pool, words) in first_backups {
                    self.set(&first_backup(pool), words)?;
                }
            }
            // A note of a newer version has no place in this layout; nothing is changed.
            _ => {}
        }
        Ok(())
    }

    /// Writes the check of the value that the record holds from now on, or removes it.
    pub(crate) fn check(&mut self, check: Option<&ValueCheck>) -> Result<(), PortError> {
        if let Some(check) = check {
            return self.set(VALUE_CHECK, check);
        }
        self.remove(VALUE_CHECK);
        Ok(())
    }

    /// The value of a name, if a line gives it.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find_map(|line| value(line, name)).map(str::trim)
    }

    /// The keys that a line lists.
    fn keys(&self, name: &str) -> Option<Vec<KeyId>> {
        let text = self.get(name)?;
        Some(text.split(", ").filter(|id| !id.is_empty() && *id != NONE).map(KeyId::new).collect())
    }

    /// Sets the value of a name, in its line or in a new one. What is not one line cannot be written: it would pass for
    /// other lines.
    pub(super) fn set(&mut self, name: &str, text: impl fmt::Display) -> Result<(), PortError> {
        self.write(name, &note_text(name, text)?);
        Ok(())
    }

    /// Sets a list of keys; each of them is what a list reads back as one.
    fn set_keys(&mut self, name: &str, keys: &[KeyId]) -> Result<(), PortError> {
        if keys.is_empty() {
            return self.set(name, NONE);
        }
        let mut line = Vec::new();
        for key in keys {
            let text = note_text(name, key)?;
            if text.as_str().contains([',', ' ']) || text.as_str() == NONE || text.as_str().is_empty() {
                return Err(refused(format!("note {name:?}"), format!("{key:?} is no id of a key")));
            }
            line.push(text.to_string());
        }
        // There may be more keys than fit the length of a value.
        self.write(name, line.join(", "));
        Ok(())
    }

    fn write(&mut self, name: &str, text: impl fmt::Display) {
        let line = format!("{name}: {text}");
        match self.0.iter_mut().find(|line| value(line, name).is_some()) {
            Some(found) => *found = line,
            None => self.0.push(line),
        }
    }

    fn remove(&mut self, name: &str) {
        self.0.retain(|line| value(line, name).is_none());
    }
}

/// What stands after a name and its colon.
fn value<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    line.strip_prefix(name)?.strip_prefix(':')
}

/// The name of the line of a pool's first run. A pool's name may hold a colon, which ends the name of a line: it is written as
/// a percent sign, which no pool's name holds, and its code.
fn first_backup(pool: &PoolName) -> String {
    format!("{FIRST_BACKUP} {}", pool.as_str().replace(':', "%3A"))
}

/// A value as notes can bear it.
fn note_text(name: &str, text: impl fmt::Display) -> Result<NoteText, PortError> {
    NoteText::new(text.to_string())
        .map_err(|error| refused(format!("note {name:?} on a vault record"), error.to_string()))
}

impl fmt::Display for Notes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dtc_provision::ports::RecordIdentity;
    use rclone_crypt::{DirectoryNames, NameEncoding, NameEncryption};

    const BUCKET_NAME: &str = "truenas-a1b2c3d4e5f670718293a4b5c6d7e8f9";
    const GUID: &str = "3c1e5d70-92ab-4f0e-8d47-b6a9c2f1e083";

    fn new(slot: Slot) -> NewRecord {
        NewRecord {
            identity: RecordIdentity {
                slot,
                device: GUID.parse().unwrap(),
                bucket: slot.is_of_a_bucket().then(|| BUCKET_NAME.parse().unwrap()),
                dataset: slot.is_of_a_dataset().then(|| "tank/data".parse().unwrap()),
            },
            user_name: None,
            check: None,
            context: RecordContext {
                location: "Main Street".parse().unwrap(),
                host_name: NoteText::new("nas.contoso.example").unwrap(),
                management_address: NoteText::new("192.0.2.10").unwrap(),
                created: "2026-11-01T02:00:00Z".parse().unwrap(),
                device: None,
            },
        }
    }

    fn read(label: &str, notes: &str) -> Option<Record> {
        record_of(label, notes)
    }

    const ALL: [(Slot, &str); 6] = [
        (Slot::ApplicationKey, "TrueNAS Cloud Backup — Main Street"),
        (Slot::EncryptionPassword, "TrueNAS Cloud Backup — Main Street · Encryption Password"),
        (Slot::EncryptionSalt, "TrueNAS Cloud Backup — Main Street · Encryption Salt"),
        (Slot::SnmpPassword, "TrueNAS — NMS Credentials"),
        (Slot::SnmpPassphrase, "TrueNAS — NMS Credentials · Privacy Passphrase"),
        (Slot::DatasetKey, "TrueNAS Dataset Key — tank/data"),
    ];

    #[test]
    fn e1a_each_slot_has_its_label_and_reads_back_as_it_was_written() {
        for (slot, expected) in ALL {
            let (new, location) = (new(slot), "Main Street".parse().unwrap());
            assert_eq!(label(&new), expected);
            let found = read(expected, &notes(&new).unwrap().to_string()).unwrap();
            assert!(found.is(&new.identity), "{found:?}");
            assert_eq!(found.location, slot.is_of_a_bucket().then_some(location));
            assert_eq!((found.mints, found.operational), (MintAccount::default(), false));
        }
    }

    #[test]
    fn e1_notes_are_these_lines_in_this_order() {
        let rest =
            "Host Name: nas.contoso.example\nManagement Address: 192.0.2.10\nProvisioning Date: 2026-11-01";
        assert_eq!(
            notes(&new(Slot::ApplicationKey)).unwrap().to_string(),
            format!("Device GUID: {GUID}\nBucket Name: {BUCKET_NAME}\n{rest}")
        );
        let of_the_appliance = format!("Device GUID: {GUID}\n{rest}");
        assert_eq!(notes(&new(Slot::SnmpPassword)).unwrap().to_string(), of_the_appliance);
    }

    #[test]
    fn e1_a_saved_record_says_what_its_notes_say() {
        let text = format!(
            "TrueNAS Cloud Backup\n  Username: 005abc \n* Device GUID: {GUID}\r\nBucket Name: {BUCKET_NAME}\n"
        );
        let read = saved(&text);
        assert_eq!(read.device.unwrap().to_string(), GUID);
        assert_eq!((read.bucket.unwrap().as_str(), read.key_id), (BUCKET_NAME, Some(KeyId::new("005abc"))));
        assert_eq!(saved("Device GUID: to be entered\nUsername:\n"), Saved::default());
        let form = |text: &str| saved(text).names.unwrap().map(|form| (form.encryption, form.directories));
        let standard = (NameEncryption::Standard(NameEncoding::Base64), DirectoryNames::Plain);
        let text = "Filename Encoding: base64\nDirectory Name Encryption: false\n";
        assert_eq!(form(text), Ok(standard));
        assert_eq!(form("Filename Encryption: none\n"), Err("Filename Encryption"));
    }

    #[test]
    fn e5_a_record_of_another_form_is_not_ours_and_one_without_an_appliance_is_nobodys() {
        let (label, identity) = (ALL[0].1, format!("Device GUID: {GUID}\nBucket Name: {BUCKET_NAME}"));
        assert!(read(label, &identity).is_some());
        assert!(read("Backup of Main Street", &identity).is_none());
        assert!(read(label, &identity.replace(BUCKET_NAME, "to be entered")).is_none());
        // A key that was entered by hand counts as held (K4).
        let nobodys = read(label, &identity.replace(GUID, "to be entered")).unwrap();
        assert_eq!((nobodys.device, nobodys.bucket), (None, Some(BUCKET_NAME.parse().unwrap())));
        assert!(read(label, "").is_none());
        assert!(read(ALL[3].1, &format!("Device GUID: {GUID}")).is_some());
        let upper = identity.replace(GUID, &GUID.to_uppercase());
        assert_eq!(read(label, &upper).unwrap().device.unwrap().to_string(), GUID);
    }

    fn noted(text: &str, note: &RecordNote) -> String {
        super::noted(text, note).unwrap()
    }

    fn mints(before: Option<&[&str]>, orphaned: &[&str]) -> RecordNote {
        let ids = |ids: &[&str]| ids.iter().map(|id| KeyId::new(*id)).collect();
        RecordNote::Mints(MintAccount { keys_before_mint: before.map(ids), orphaned_keys: ids(orphaned) })
    }

    #[test]
    fn k3_the_account_of_mints_is_two_lines_that_come_and_go() {
        let text = "Device GUID: g\nOwner: the day shift\nfree text";
        let intent = noted(text, &mints(Some(&["005a", "005b"]), &[]));
        assert_eq!(intent, format!("{text}\nKeys Before Mint: 005a, 005b"));
        assert_eq!(noted(text, &mints(Some(&[]), &[])), format!("{text}\nKeys Before Mint: none"));
        let lost = noted(&intent, &mints(Some(&["005a", "005b"]), &["005c"]));
        assert_eq!(lost, format!("{intent}\nOrphaned Keys: 005c"));
        assert_eq!(noted(&lost, &mints(None, &["005c"])), format!("{text}\nOrphaned Keys: 005c"));
        assert_eq!(noted(&lost, &mints(None, &[])), text);
    }

    #[test]
    fn k3_the_account_of_mints_reads_back_as_it_was_noted() {
        let identity = notes(&new(Slot::EncryptionPassword)).unwrap().to_string();
        for account in [mints(None, &[]), mints(Some(&[]), &["005c"]), mints(Some(&["005a", "005b"]), &[])] {
            let found = read(ALL[1].1, &noted(&identity, &account)).unwrap();
            assert_eq!(RecordNote::Mints(found.mints), account);
        }
    }

    #[test]
    fn v6_an_operational_backup_is_noted_with_each_pools_first_run() {
        let note = |pool: &str, words: &str| RecordNote::Operational {
            since: "2026-11-02T03:04:05Z".parse().unwrap(),
            first_backups: vec![(pool.parse().unwrap(), NoteText::new(words).unwrap())],
        };
        let first = noted("Device GUID: g\nour own line", &note("pool0", "12 files"));
        assert_eq!(
            first,
            "Device GUID: g\nour own line\nStatus: operational\nOperational Since: 2026-11-02T03:04:05Z\n\
             First Backup pool0: 12 files"
        );
        let second = noted(&first, &note("tank", "3 files"));
        assert_eq!(second, format!("{first}\nFirst Backup tank: 3 files"));
        assert_eq!(noted(&second, &note("tank", "3 files")), second);
        let identity = notes(&new(Slot::ApplicationKey)).unwrap().to_string();
        assert!(read(ALL[0].1, &noted(&identity, &note("pool0", "12 files"))).unwrap().operational);
        assert!(!read(ALL[0].1, &format!("{identity}\nStatus: being set up")).unwrap().operational);
    }

    #[test]
    fn e3a_the_check_of_a_value_is_a_line_that_goes_with_it() {
        let text = notes(&new(Slot::EncryptionSalt)).unwrap().to_string();
        let mut noted = Notes::parse(&text);
        for check in ["0011223344556677", "8899aabbccddeeff"] {
            noted.check(Some(&ValueCheck::new(check))).unwrap();
            assert_eq!(noted.to_string(), format!("{text}\nValue Check: {check}"));
            assert_eq!(read(ALL[2].1, &noted.to_string()).unwrap().check, Some(ValueCheck::new(check)));
        }
        noted.check(None).unwrap();
        assert_eq!((noted.to_string(), read(ALL[2].1, &text).unwrap().check), (text, None));
    }

    /// A key's id comes from a service, and a first run's words from the appliance: neither can pass for another line.
    #[test]
    fn e1_what_would_read_as_other_lines_or_other_keys_is_not_written() {
        let text = notes(&new(Slot::EncryptionPassword)).unwrap().to_string();
        for id in ["005\nStatus: operational", "005\u{2028}", "005, 006", "none", "", "0 05", "005\u{202e}"] {
            for note in [mints(Some(&["005a", id]), &[]), mints(None, &[id])] {
                let mut noted = Notes::parse(&text);
                let error = noted.apply(&note).unwrap_err();
                assert_eq!(error.kind(), dtc_provision::PortErrorKind::Refused, "{id:?}");
            }
        }
        let many: Vec<String> = (0..300).map(|number| format!("005{number:022}")).collect();
        let many = mints(Some(&many.iter().map(String::as_str).collect::<Vec<_>>()), &[]);
        let found = read(ALL[1].1, &noted(&text, &many)).unwrap();
        assert_eq!(RecordNote::Mints(found.mints), many);
    }

    /// The pool `tank` and the pool `tank: old` have a line each.
    #[test]
    fn v6_a_pool_with_a_colon_in_its_name_has_a_line_of_its_own() {
        let runs = |words: [&str; 2]| {
            let first_backups = ["tank: old", "tank"].map(|pool| pool.parse().unwrap()).into_iter();
            let first_backups = first_backups.zip(words.map(|words| NoteText::new(words).unwrap())).collect();
            RecordNote::Operational { since: "2026-11-02T03:04:05Z".parse().unwrap(), first_backups }
        };
        let once = noted("", &runs(["1 file", "2 files"]));
        assert!(once.ends_with("\nFirst Backup tank%3A old: 1 file\nFirst Backup tank: 2 files"), "{once}");
        assert_eq!(
            noted(&once, &runs(["3 files", "4 files"])),
            once.replace("1 file\n", "3 files\n").replace("2 files", "4 files")
        );
    }

    #[test]
    fn x1c_a_label_that_it_glue_would_not_take_is_known_before_anything_is_written() {
        let of = |characters: usize| {
            let mut context = new(Slot::EncryptionPassword).context;
            context.location = "ü".repeat(characters).parse().unwrap();
            too_long(&context)
        };
        let room = LONGEST_LABEL - "TrueNAS Cloud Backup —  · Encryption Password".chars().count();
        assert_eq!(of(room), None);
        assert!(of(room + 1).unwrap().contains("256 characters"));
        assert!(of(300).unwrap().contains("IT Glue takes 255"));
    }
}
