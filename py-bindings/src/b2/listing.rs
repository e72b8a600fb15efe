//! The listings of B2.

use super::failure::Failure;
use super::found::{Entry, FileVersion, Key, Part};
use crate::rows::listings;

listings! {
    in "dtc.b2" and "dtc.b2.aio", Failure;
    /// Versions of files, page after page as they are asked for. A row that cannot be read is raised in its place; the next ones follow.
    "FileVersions": FileVersions / AioFileVersions of b2_client::files::FileVersion => FileVersion;
    /// Files and folders of a listing with a delimiter, page after page as they are asked for.
    "Entries": Entries / AioEntries of b2_client::files::Entry => Entry;
    /// Parts of an unfinished large file, page after page as they are asked for.
    "Parts": Parts / AioParts of b2_client::files::Part => Part;
    /// Application keys, page after page as they are asked for. A key that cannot be read is raised in its place; the next ones follow.
    "ListedKeys": ListedKeys / AioListedKeys of b2_client::keys::Key => Key;
}
