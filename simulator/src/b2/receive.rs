//! Taking in the bytes of an upload, and checking their SHA-1.

use axum::body::Body as Incoming;
use axum::http::{HeaderMap, header};
use http_body_util::BodyExt as _;

use super::body::{Body, Store, Sums};
use super::refusal::{Refusal, Result};

/// Hexadecimal digits of a SHA-1.
const DIGITS: usize = 40;

/// What has arrived.
#[derive(Debug)]
pub(crate) struct Received {
    pub(crate) body: Body,
    /// As the version will show it.
    pub(crate) sha1: String,
    pub(crate) md5: Option<String>,
}

enum Promise {
    Given(String),
    AtEnd,
    Unverified,
}

impl Promise {
    fn read(headers: &HeaderMap) -> Result<Self> {
        let Some(text) = headers.get("x-bz-content-sha1").and_then(|value| value.to_str().ok()) else {
            return Err(Refusal::bad_request("Missing header: X-Bz-Content-Sha1"));
        };
        match text {
            "hex_digits_at_end" => Ok(Self::AtEnd),
            "do_not_verify" => Ok(Self::Unverified),
            digits if digits.len() == DIGITS && digits.bytes().all(|b| b.is_ascii_hexdigit()) => {
                Ok(Self::Given(digits.to_ascii_lowercase()))
            }
            other => Err(Refusal::bad_request(format!("bad X-Bz-Content-Sha1: {other}"))),
        }
    }
}

/// Reads a body of at most `largest` bytes into the store.
pub(crate) async fn receive(
    store: &Store,
    headers: &HeaderMap,
    incoming: &mut Incoming,
    largest: u64,
) -> Result<Received> {
    let promise = Promise::read(headers)?;
    let announced =
        headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    let Some(announced) = announced else {
        return Err(Refusal::bad_request("Missing header: Content-Length"));
    };
    let trailing = if matches!(promise, Promise::AtEnd) { DIGITS as u64 } else { 0 };
    let Some(length) = announced.checked_sub(trailing) else {
        return Err(Refusal::bad_request("the body is shorter than the SHA-1 at its end"));
    };
    if length > largest {
        return Err(Refusal::bad_request(format!("Content-Length: {length} is more than {largest}")));
    }
    let broken = |_| Refusal::new(408, "request_timeout", "the request body broke off");
    let full = |_| Refusal::new(500, "internal_error", "the simulator cannot store the body");
    let mut writer = store.writer(length).map_err(full)?;
    let (mut left, mut end) = (length, Vec::with_capacity(DIGITS));
    while let Some(frame) = incoming.frame().await {
        let Ok(data) = frame.map_err(broken)?.into_data() else {
            continue;
        };
        let content = usize::try_from(left).unwrap_or(usize::MAX).min(data.len());
        writer.write(&data[..content]).map_err(full)?;
        end.extend_from_slice(&data[content..]);
        left -= content as u64;
    }
    if left > 0 {
        return Err(Refusal::new(408, "request_timeout", "the request body broke off"));
    }
    let (body, Sums { sha1: computed, md5 }) = writer.finish();
    let promised = match promise {
        Promise::Given(digits) => digits,
        Promise::AtEnd => String::from_utf8_lossy(&end).to_ascii_lowercase(),
        Promise::Unverified => {
            let sha1 = format!("unverified:{computed}");
            return Ok(Received { body, sha1, md5 });
        }
    };
    if promised != computed {
        return Err(Refusal::bad_request("Sha1 did not match data received"));
    }
    Ok(Received { body, sha1: computed, md5 })
}
