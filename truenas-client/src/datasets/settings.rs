//! The settings of a dataset as the appliance shows them.

use serde::{Deserialize, Deserializer};

use super::entry::DatasetKind;
use super::property::Property;
use crate::DatasetId;

/// Settings that the appliance does not show are empty: a volume has no record size, an older release lacks some.
macro_rules! settings {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// Every setting of a dataset. What a release or the kind of the dataset does not have is an empty [`Property`].
        #[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
        #[non_exhaustive]
        pub struct DatasetSettings {
            /// Which dataset.
            pub id: DatasetId,
            /// File system or volume.
            #[serde(rename = "type")]
            pub kind: DatasetKind,
            $($(#[$doc])*
            #[serde(default, deserialize_with = "property")]
            pub $name: Property,)*
        }
    };
}

settings! {
    /// What kind of access control lists its files have.
    acltype,
    /// What becomes of such a list when a file's mode is changed.
    aclmode,
    /// Whether reading a file is noted in it.
    atime,
    /// Bytes that can still be written.
    available,
    /// Whether names that differ in case only are one.
    casesensitivity,
    /// How blocks are checked.
    checksum,
    /// A text about it.
    comments,
    /// How it is compressed.
    compression,
    /// How well that works.
    compressratio,
    /// How often each block is kept.
    copies,
    /// When it was made.
    creation,
    /// Whether equal blocks are kept once.
    deduplication,
    /// With what it is encrypted.
    encryption_algorithm,
    /// Whether programs in it can be run.
    exec,
    /// What its key is: see [`KeyFormat`](super::KeyFormat).
    key_format,
    /// What program it belongs to.
    managedby,
    /// The snapshot that it is a clone of.
    origin,
    /// How often a passphrase is stretched.
    pbkdf2iters,
    /// The most that it and what is below it may hold, in bytes.
    quota,
    /// At how many percent of that there is a critical alert.
    quota_critical,
    /// At how many percent of that there is a warning.
    quota_warning,
    /// Whether it cannot be written to.
    readonly,
    /// The greatest length of a block.
    recordsize,
    /// The most that it may hold by itself, in bytes.
    refquota,
    /// At how many percent of that there is a critical alert.
    refquota_critical,
    /// At how many percent of that there is a warning.
    refquota_warning,
    /// Bytes kept for it by itself.
    refreservation,
    /// Bytes kept for it and what is below it.
    reservation,
    /// Whether a volume's snapshots appear as devices.
    snapdev,
    /// Whether the directory of the snapshots is shown.
    snapdir,
    /// Whether a volume takes only what is written to it.
    sparse,
    /// Blocks up to this length go to the special devices.
    special_small_block_size,
    /// When what is written is really written.
    sync,
    /// Bytes in use, by it and what is below it.
    used,
    /// Bytes in use by what is below it.
    usedbychildren,
    /// Bytes in use by itself.
    usedbydataset,
    /// Bytes in use by what is kept for it.
    usedbyrefreservation,
    /// Bytes in use by its snapshots.
    usedbysnapshots,
    /// The length of a volume's blocks.
    volblocksize,
    /// A volume's size.
    volsize,
    /// How extended attributes are kept.
    xattr,
}

/// A setting that is null is an empty one.
fn property<'de, D: Deserializer<'de>>(from: D) -> Result<Property, D::Error> {
    Ok(Option::deserialize(from)?.unwrap_or_default())
}
