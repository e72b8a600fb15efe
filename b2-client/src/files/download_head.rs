//! The metadata in the headers of a download.

use std::collections::BTreeMap;

use http_core::ResponseHead;

use super::{ContentSha1, FileRetention, LegalHold, Sha1};
use crate::buckets::{Encryption, RetentionMode};
use crate::ids::{FileId, UnixMillis};
use crate::names::{self, FileName};
use crate::readable::Readable;

/// The metadata of a downloaded file, read from the response headers.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DownloadHead {
    /// The id of the version; some answers have lacked it (rclone issue 8113).
    pub id: Option<FileId>,
    /// The file name; `None` if the header is absent or not UTF-8.
    pub name: Option<FileName>,
    /// The length in bytes of the file, or of the range.
    pub content_length: u64,
    /// The range and the length of the whole file, as `bytes 0-9/100`; `None` for a whole file.
    pub content_range: Option<String>,
    /// The media type.
    pub content_type: Option<String>,
    /// The `Content-Disposition`, from the upload or from the request's [`HeaderOverrides`](super::HeaderOverrides).
    pub content_disposition: Option<String>,
    /// The `Content-Language`, from the same sources.
    pub content_language: Option<String>,
    /// The `Content-Encoding`, from the same sources. The content is not decoded.
    pub content_encoding: Option<String>,
    /// The `Cache-Control`, from the same sources.
    pub cache_control: Option<String>,
    /// The `Expires`, from the same sources.
    pub expires: Option<String>,
    /// The checksum of the whole file.
    pub sha1: ContentSha1,
    /// The file info; names in lower case.
    pub info: BTreeMap<String, String>,
    /// When the file was uploaded.
    pub uploaded: Option<UnixMillis>,
    /// How the file is encrypted.
    pub encryption: Encryption,
    /// The retention of the version.
    pub retention: Readable<FileRetention>,
    /// Whether the version has a legal hold.
    pub legal_hold: Readable<LegalHold>,
}

impl DownloadHead {
    /// Returns the checksum of the whole file: the service's, or else `large_file_sha1` from the file info.
    pub fn whole_sha1(&self) -> Option<Sha1> {
        self.sha1.digest().or_else(|| Sha1::from_hex(self.info.get("large_file_sha1")?))
    }

    pub(super) fn read(head: &ResponseHead) -> Self {
        let text = |name: &str| head.header(name).map(str::to_owned);
        let info = head.headers().filter_map(|(name, value)| {
            let name = name.strip_prefix("x-bz-info-")?;
            Some((name.to_owned(), names::decode(value)?))
        });
        let hidden = head.header("x-bz-client-unauthorized-to-read").unwrap_or_default().to_ascii_lowercase();
        Self {
            id: text("x-bz-file-id").map(FileId::new),
            name: head.header("x-bz-file-name").and_then(names::decode).map(FileName::reported),
            content_length: head.header("content-length").and_then(|text| text.parse().ok()).unwrap_or(0),
            content_range: text("content-range"),
            content_type: text("content-type"),
            content_disposition: text("content-disposition"),
            content_language: text("content-language"),
            content_encoding: text("content-encoding"),
            cache_control: text("cache-control"),
            expires: text("expires"),
            sha1: head.header("x-bz-content-sha1").map_or(ContentSha1::None, ContentSha1::from_wire),
            info: info.collect(),
            uploaded: head
                .header("x-bz-upload-timestamp")
                .and_then(|text| text.parse().ok())
                .map(UnixMillis::new),
            encryption: encryption(head),
            retention: if hidden.contains("retention") { Readable::NotAuthorized } else { retention(head) },
            legal_hold: if hidden.contains("legal-hold") {
                Readable::NotAuthorized
            } else {
                Readable::Known(legal_hold(head))
            },
        }
    }
}

fn encryption(head: &ResponseHead) -> Encryption {
    if head.header("x-bz-server-side-encryption-customer-algorithm").is_some() {
        return Encryption::SseC;
    }
    match head.header("x-bz-server-side-encryption") {
        None => Encryption::None,
        Some("AES256") => Encryption::SseB2,
        Some(other) => Encryption::Unknown(other.to_owned()),
    }
}

/// A mode without an end is not understood, and never no retention.
fn retention(head: &ResponseHead) -> Readable<FileRetention> {
    let mode = match head.header("x-bz-file-retention-mode") {
        None => return Readable::Known(FileRetention::None),
        Some("compliance") => RetentionMode::Compliance,
        Some("governance") => RetentionMode::Governance,
        Some(other) => RetentionMode::Unknown(other.to_owned()),
    };
    // One client spells the name without the inner word (reference: b2_download_file_by_id).
    let until = ["x-bz-file-retention-retain-until-timestamp", "x-bz-file-retain-until-timestamp"];
    let until = until.iter().find_map(|name| head.header(name)?.parse().ok());
    let end = |until| FileRetention::Until { mode, until: UnixMillis::new(until) };
    until.map_or(Readable::NotUnderstood, |until| Readable::Known(end(until)))
}

fn legal_hold(head: &ResponseHead) -> LegalHold {
    match head.header("x-bz-file-legal-hold") {
        Some("on") => LegalHold::On,
        None | Some("off") => LegalHold::Off,
        Some(other) => LegalHold::Unknown(other.to_owned()),
    }
}
