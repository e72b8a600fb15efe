//! Files in TOML that people write: what is wrong with one, and where.

use std::ops::Range;
use std::path::Path;

use serde::de::DeserializeOwned;

use crate::connection_error::Place;
use crate::files::position_after;
use crate::nearest;

/// The part of the text that `T` stands for; or where, and why, it is none. The line itself is not repeated: it may hold a secret.
pub(crate) fn part<T: DeserializeOwned>(text: &str, path: &Path) -> Result<T, (Place, String)> {
    let invalid = |error: &toml::de::Error, field: Option<String>| {
        let position = error.span().map(|span| position(text, &span));
        (Place { file: path.to_owned(), position, field }, nearest::decoding_problem(error.message()))
    };
    let deserializer = toml::Deserializer::parse(text).map_err(|error| invalid(&error, None))?;
    serde_path_to_error::deserialize(deserializer).map_err(|error| {
        let field = Some(error.path().to_string()).filter(|path| path != ".");
        invalid(error.inner(), field)
    })
}

/// Line and column, both counted from one.
fn position(text: &str, span: &Range<usize>) -> (usize, usize) {
    position_after(text.get(..span.start).unwrap_or(text))
}
