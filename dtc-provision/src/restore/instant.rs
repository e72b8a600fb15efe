//! An instant as people write it.

use jiff::civil::{Date, DateTime};
use jiff::{Span, Timestamp, Zoned};

/// Why a text is no instant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{text:?} is no instant: write 2026-11-27T03:00 in local time, 2026-11-27T03:00Z or with an offset, or 3 days ago"
)]
pub struct NotAnInstant {
    text: String,
}

/// Reads an instant: RFC 3339, the same without a zone in the time zone of `now`, a date for its beginning, or a span of time `ago`.
///
/// ```
/// use dtc_provision::restore::instant;
///
/// let now: jiff::Zoned = "2026-11-29T12:00:00-05:00[America/New_York]".parse()?;
/// for text in ["2026-11-26T12:00", "2026-11-26T17:00:00Z", "2026-11-26 12:00:00-05:00", "3 days ago", "72h ago"] {
///     assert_eq!(instant(text, &now)?.to_string(), "2026-11-26T17:00:00Z", "{text}");
/// }
/// assert!(instant("3 days", &now).is_err() && instant("yesterday", &now).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// It is none of these, or lies outside the years that there are times for.
pub fn instant(text: &str, now: &Zoned) -> Result<Timestamp, NotAnInstant> {
    let text = text.trim();
    let refused = || NotAnInstant { text: text.to_owned() };
    if text.ends_with("ago") {
        let span: Span = text.parse().map_err(|_| refused())?;
        return now.checked_add(span).map(|then| then.timestamp()).map_err(|_| refused());
    }
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Ok(instant);
    }
    // A date and time with a zone is none without one, and parses as the latter as well.
    let is_zoned = text.contains(['Z', 'z', '[', '+']) || text.matches('-').count() > 2;
    let civil = text.parse::<DateTime>().or_else(|_| text.parse::<Date>().map(|day| day.at(0, 0, 0, 0)));
    match civil {
        Ok(civil) if !is_zoned => {
            civil.to_zoned(now.time_zone().clone()).map(|then| then.timestamp()).map_err(|_| refused())
        }
        _ => Err(refused()),
    }
}
