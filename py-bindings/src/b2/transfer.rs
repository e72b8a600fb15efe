//! Where uploads come from.

use b2_client::files::Source;
use bytes::Bytes;

use crate::content::{Content, pieces};

pub(super) fn source(content: Content) -> Source {
    match content {
        Content::Bytes(bytes) => Source::bytes(Bytes::from_owner(bytes)),
        Content::Path(path) => Source::path(path),
        Content::Object(object) => Source::stream(pieces(object)),
    }
}
