//! A file of keys, as an appliance lets people download it.

use std::collections::BTreeMap;

use dtc_naming::DatasetName;
use safe_text::SecretString;

use super::wanted::Replication;
use crate::error::Refusal;
use crate::secret::{DatasetKey, DatasetKeyFormat, DatasetSecret};

/// The keys of a replication's datasets, from a file that was downloaded from one of its appliances: that of the replication task (*Download
/// encryption keys*, which names the datasets of the destination), or that of the source dataset (*Export Key*, which names those of the source).
/// Passphrases are in neither.
#[derive(Debug)]
pub struct KeyFile(Vec<(DatasetName, SecretString)>);

impl KeyFile {
    /// Reads such a file: a JSON object of 64 hexadecimal digits by dataset.
    ///
    /// # Errors
    /// It is none. The text is not repeated.
    pub fn parse(text: &SecretString) -> Result<Self, Refusal> {
        let refused = |what: String| {
            let remedy = "Download it again: Data Protection, the replication task, Download encryption keys; or Datasets, Export Key";
            Refusal::precondition("R6", what, remedy)
        };
        // Borrowed, so that no copy of a key is left behind.
        let read: BTreeMap<String, &str> =
            serde_json::from_str(text.expose_secret()).map_err(|error| refused(why(&error)))?;
        if read.is_empty() {
            return Err(refused("the key file holds no key".to_owned()));
        }
        let key = |(name, text): (String, &str)| {
            let dataset: DatasetName = name.parse().map_err(|error| {
                refused(format!("the key file names {name:?}, which is no dataset: {error}"))
            })?;
            match DatasetKeyFormat::Hex.problem(text) {
                Some(problem) => {
                    Err(refused(format!("what the key file holds of {name} is no key: {problem}")))
                }
                None => Ok((dataset, SecretString::from(text))),
            }
        };
        read.into_iter().map(key).collect::<Result<_, _>>().map(Self)
    }

    /// The keys that could open an encryption root at the destination, the nearest first: those of it or of what it was at the source, then those
    /// of datasets above.
    pub(super) fn candidates(&self, wanted: &Replication, root: &DatasetName) -> Vec<DatasetKey> {
        let mut names: Vec<DatasetName> = upwards(root.clone());
        for source in &wanted.sources {
            names.extend(root.moved(&wanted.target_of(source), source).into_iter().flat_map(upwards));
        }
        names.sort_by_key(|name| std::cmp::Reverse(name.as_str().matches('/').count()));
        let held = names.iter().filter_map(|name| self.0.iter().find(|(of, _)| of == name));
        let key = |(_, secret): &(DatasetName, SecretString)| DatasetKey {
            format: DatasetKeyFormat::Hex,
            secret: DatasetSecret::new(secret.clone()),
        };
        held.map(key).collect()
    }
}

/// Where a file is no JSON of this form. What serde says of a value would repeat it.
fn why(error: &serde_json::Error) -> String {
    format!(
        "the key file is no JSON object of keys by dataset (line {}, column {})",
        error.line(),
        error.column()
    )
}

fn upwards(name: DatasetName) -> Vec<DatasetName> {
    std::iter::successors(Some(name), DatasetName::parent).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::Way;

    #[test]
    fn r6_a_key_file_is_read_by_the_names_of_either_side() {
        let (one, other) = ("a".repeat(64), "B".repeat(64));
        let text = format!("{{\"backup/x\": \"{one}\", \"tank/data/child\": \"{other}\"}}");
        let file = KeyFile::parse(&text.into()).unwrap();
        let name = |text: &str| text.parse::<DatasetName>().unwrap();
        let wanted = Replication::new("r", Way::Push, [name("tank/data")], name("backup/x"));
        let of = |root: &str| -> Vec<String> {
            let found = file.candidates(&wanted, &name(root));
            found.iter().map(|key| key.secret.expose().to_owned()).collect()
        };
        assert_eq!(of("backup/x"), std::slice::from_ref(&one));
        assert_eq!(of("backup/x/child"), [other, one]);
        assert!(of("backup/y").is_empty());
        assert!(!format!("{file:?}").contains("aaaa"));
    }

    #[test]
    fn r6_what_is_no_key_file_is_refused_and_not_repeated() {
        let short = "5ec4e7".repeat(10);
        for (text, says) in [
            (String::new(), "no JSON object"),
            ("[]".to_owned(), "no JSON object"),
            ("{}".to_owned(), "holds no key"),
            (format!("{{\"tank/data\": \"{short}\"}}"), "64 hexadecimal digits"),
            (format!("{{\"tank/\": \"{}\"}}", "a".repeat(64)), "no dataset"),
            (format!("{{\"tank/data\": [\"{short}\"]}}"), "no JSON object"),
        ] {
            let refusal = KeyFile::parse(&SecretString::from(&text)).unwrap_err().to_string();
            assert!(refusal.contains(says), "{text}: {refusal}");
            assert!(!refusal.contains("5ec4e7"), "{refusal}");
        }
    }
}
