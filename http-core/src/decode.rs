//! Reading JSON answers: the error says where and what was expected, never what stood there.

use serde::de::DeserializeOwned;

/// Reads `body` as JSON; an empty body reads as `null`, so that `()` and `Option` accept it.
///
/// # Errors
/// A sentence that names the place in the document and what was expected there. It holds no value of the document, which may be
/// a secret.
pub fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T, String> {
    let body: &[u8] = if body.iter().all(u8::is_ascii_whitespace) { b"null" } else { body };
    // To keep track of the place costs as much as to read; only what cannot be read is read again with it.
    if let Ok(value) = serde_json::from_slice(body) {
        return Ok(value);
    }
    let mut json = serde_json::Deserializer::from_slice(body);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let place = error.path().to_string();
        let place = if place == "." { "the document".to_owned() } else { place };
        format!("{place}: {}", expectation(error.inner()))
    })?;
    json.end().map_err(|_| "there is more than one document".to_owned())?;
    Ok(value)
}

/// What serde's message says without the values that it quotes.
fn expectation(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(message, _)| message);
    if error.is_syntax() || error.is_eof() {
        return format!("not JSON at line {}, column {}", error.line(), error.column());
    }
    if text.starts_with("missing field `") {
        return text.to_owned();
    }
    match text.rsplit_once(", expected ") {
        Some((_, expected)) => format!("expected {}", safe_text::expectation(expected)),
        None => "not a value of the promised form".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    struct Row {
        #[expect(dead_code, reason = "only read from JSON")]
        id: u32,
    }

    #[test]
    fn the_error_names_the_place_and_not_the_value() {
        let text = decode::<Vec<Row>>(br#"[{"id":1},{"id":"hunter2"}]"#).unwrap_err();
        assert_eq!(text, "[1].id: expected a whole number");
        assert_eq!(decode::<Vec<Row>>(br"[{}]").unwrap_err(), "[0]: missing field `id`");
        assert_eq!(
            decode::<Row>(b"<html>hunter2").unwrap_err(),
            "the document: not JSON at line 1, column 1"
        );
        assert!(decode::<Row>(br#"{"id":1} {"id":2}"#).is_err());
    }

    #[test]
    fn an_empty_body_is_null() {
        decode::<()>(b"").unwrap();
        assert_eq!(decode::<Option<u32>>(b" \n").unwrap(), None);
    }
}
