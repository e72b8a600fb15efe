//! What the appliance says about both sides of a replication.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use super::Side;
use crate::DatasetId;

/// Which snapshots are to be counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountSnapshots {
    datasets: Vec<DatasetId>,
    naming_schema: Vec<String>,
    name_regex: Option<String>,
    side: Side,
}

impl CountSnapshots {
    /// Those of these datasets that one of the schemas names.
    pub fn by_schema<T: Into<String>>(
        datasets: impl IntoIterator<Item = DatasetId>,
        schemas: impl IntoIterator<Item = T>,
        side: Side,
    ) -> Self {
        let schemas = schemas.into_iter().map(Into::into).collect();
        Self { datasets: datasets.into_iter().collect(), naming_schema: schemas, name_regex: None, side }
    }

    /// Those of these datasets whose whole name fits a regular expression of Python's. Not on CORE.
    pub fn by_regex(
        datasets: impl IntoIterator<Item = DatasetId>,
        regex: impl Into<String>,
        side: Side,
    ) -> Self {
        let name_regex = Some(regex.into());
        Self { datasets: datasets.into_iter().collect(), naming_schema: Vec::new(), name_regex, side }
    }

    pub(super) fn check(&self) -> Result<(), &'static str> {
        let is_named =
            !self.naming_schema.is_empty() || self.name_regex.as_ref().is_some_and(|it| !it.is_empty());
        if self.datasets.is_empty() || !is_named {
            return Err(
                "snapshots are counted of a dataset at least, and by a naming schema or a regular expression",
            );
        }
        Ok(())
    }

    pub(super) fn body(&self) -> Value {
        let datasets: Vec<&str> = self.datasets.iter().map(DatasetId::as_str).collect();
        let [transport, credentials] = self.side.params();
        json!({
            "datasets": datasets, "naming_schema": self.naming_schema, "name_regex": self.name_regex,
            "transport": transport, "ssh_credentials": credentials,
        })
    }
}

/// How many snapshots there are, and how many of them would be taken along.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct EligibleSnapshots {
    /// All of them.
    pub total: u64,
    /// Those that fit.
    pub eligible: u64,
}

/// Names of snapshots by the target's dataset that has them.
///
/// The appliance sends lists, whatever its published schema says: on 25.10 that names one text for each dataset (TrueNAS middleware 25.10,
/// `api/v25_10_0/replication.py`). One text is read as well.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnmatchedSnapshots {
    /// By dataset; a dataset without such a snapshot may be missing.
    pub by_dataset: BTreeMap<String, Vec<String>>,
}

impl UnmatchedSnapshots {
    /// Whether the target has nothing that the source has not.
    pub fn is_empty(&self) -> bool {
        self.by_dataset.values().all(Vec::is_empty)
    }
}

impl<'de> Deserialize<'de> for UnmatchedSnapshots {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Names {
            Many(Vec<String>),
            One(String),
        }
        let read = BTreeMap::<String, Names>::deserialize(deserializer)?;
        let by_dataset = read.into_iter().map(|(dataset, names)| match names {
            Names::Many(names) => (dataset, names),
            Names::One(name) => (dataset, vec![name]),
        });
        Ok(Self { by_dataset: by_dataset.collect() })
    }
}

/// What holds for all replications.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ReplicationConfig {
    /// How many may run at once; none means any number.
    #[serde(rename = "max_parallel_replication_tasks")]
    pub at_once: Option<u32>,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Findings of the published schemas: lists, and what the schema of 25.10 says.
    #[test]
    fn unmatched_snapshots_are_lists_whatever_the_published_schema_says() {
        for (answer, names) in [
            (json!({"backup/data": ["a", "b"]}), vec!["a", "b"]),
            (json!({"backup/data": "a"}), vec!["a"]),
            (json!({"backup/data": []}), vec![]),
        ] {
            let found: UnmatchedSnapshots = serde_json::from_value(answer).unwrap();
            assert_eq!(found.by_dataset["backup/data"], names);
            assert_eq!(found.is_empty(), names.is_empty());
        }
        assert!(serde_json::from_value::<UnmatchedSnapshots>(json!({})).unwrap().is_empty());
    }
}
