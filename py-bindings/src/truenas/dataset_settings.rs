//! The settings of a dataset.

use pyo3::prelude::*;
use serde_json::json;
use truenas_client::datasets as there;

use super::shown::{found, of_json, words};

words!(there::PropertySource);

found! {
    /// A setting of a dataset: what it is, and where that comes from.
    Property of there::Property {
        /// Its value in the appliance's words, such as ``LZ4``; none for nothing, such as no quota.
        value: Option<String> = None,
        /// Its value as ZFS writes it: sizes in bytes.
        raw: Option<String> = None,
        /// Where it comes from.
        source: String,
    }

    /// The number that it is, without its unit; ``None`` where it is none.
    fn number(&self) -> PyResult<Option<u64>> {
        Ok(self.given()?.number())
    }

    /// Whether it is on; ``None`` where it is neither on nor off.
    fn is_on(&self) -> PyResult<Option<bool>> {
        Ok(self.given()?.is_on())
    }
}

impl Property {
    fn given(&self) -> PyResult<there::Property> {
        let shown = self.value.as_deref().unwrap_or_default();
        of_json("property", shown, json!({"value": self.value, "rawvalue": self.raw, "source": self.source}))
    }
}

found! {
    /// Every setting of a dataset. What a release or the kind of the dataset does not have is an empty ``Property``.
    DatasetSettings of there::DatasetSettings {
        /// Which dataset.
        id: String,
        /// File system or volume.
        kind: String,
        /// What kind of access control lists its files have.
        acltype: Property,
        /// What becomes of such a list when a file's mode is changed.
        aclmode: Property,
        /// Whether reading a file is noted in it.
        atime: Property,
        /// Bytes that can still be written.
        available: Property,
        /// Whether names that differ in case only are one.
        casesensitivity: Property,
        /// How blocks are checked.
        checksum: Property,
        /// A text about it.
        comments: Property,
        /// How it is compressed.
        compression: Property,
        /// How well that works.
        compressratio: Property,
        /// How often each block is kept.
        copies: Property,
        /// When it was made.
        creation: Property,
        /// Whether equal blocks are kept once.
        deduplication: Property,
        /// With what it is encrypted.
        encryption_algorithm: Property,
        /// Whether programs in it can be run.
        exec: Property,
        /// What its key is: see ``KeyFormat``.
        key_format: Property,
        /// What program it belongs to.
        managedby: Property,
        /// The snapshot that it is a clone of.
        origin: Property,
        /// How often a passphrase is stretched.
        pbkdf2iters: Property,
        /// The most that it and what is below it may hold, in bytes.
        quota: Property,
        /// At how many percent of that there is a critical alert.
        quota_critical: Property,
        /// At how many percent of that there is a warning.
        quota_warning: Property,
        /// Whether it cannot be written to.
        readonly: Property,
        /// The greatest length of a block.
        recordsize: Property,
        /// The most that it may hold by itself, in bytes.
        refquota: Property,
        /// At how many percent of that there is a critical alert.
        refquota_critical: Property,
        /// At how many percent of that there is a warning.
        refquota_warning: Property,
        /// Bytes kept for it by itself.
        refreservation: Property,
        /// Bytes kept for it and what is below it.
        reservation: Property,
        /// Whether a volume's snapshots appear as devices.
        snapdev: Property,
        /// Whether the directory of the snapshots is shown.
        snapdir: Property,
        /// Whether a volume takes only what is written to it.
        sparse: Property,
        /// Blocks up to this length go to the special devices.
        special_small_block_size: Property,
        /// When what is written is really written.
        sync: Property,
        /// Bytes in use, by it and what is below it.
        used: Property,
        /// Bytes in use by what is below it.
        usedbychildren: Property,
        /// Bytes in use by itself.
        usedbydataset: Property,
        /// Bytes in use by what is kept for it.
        usedbyrefreservation: Property,
        /// Bytes in use by its snapshots.
        usedbysnapshots: Property,
        /// The length of a volume's blocks.
        volblocksize: Property,
        /// A volume's size.
        volsize: Property,
        /// How extended attributes are kept.
        xattr: Property,
    }
}
