//! IT Glue as a service for `http-core`: the key's header, and what its refusals mean.

use std::time::Duration;

use http_core::{Disposition, Draft, Effect, Error, RawHttp, ResponseHead, ServiceError};
use serde::Deserialize;
use url::Url;

use crate::config::Config;
use crate::secret::ApiKey;

/// Operations whose request carries a password's value: of their refusals no text is repeated that might quote it.
pub(crate) const CREATE_PASSWORD: &str = "create_password";
pub(crate) const REPLACE_VALUE: &str = "replace_password_value";

/// The service, with the key that it wants in each call.
pub(crate) struct ItGlue {
    api_key: ApiKey,
    base_url: Url,
    limit_pause: Duration,
}

impl ItGlue {
    pub(crate) fn new(config: Config, base_url: Url) -> Self {
        Self { api_key: config.api_key, base_url, limit_pause: config.limit_pause }
    }
}

impl http_core::Service for ItGlue {
    const NAME: &'static str = "itglue";
    type Session = ();

    async fn open_session(&self, _http: &RawHttp) -> Result<(), Error> {
        Ok(())
    }

    fn authorize(&self, (): &(), draft: &mut Draft<'_>) {
        draft.base(&self.base_url).secret_header("x-api-key", self.api_key.expose());
    }

    fn classify(&self, head: &ResponseHead, body: &[u8]) -> Disposition {
        classify(head, body, self.limit_pause)
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Refusals {
    errors: Vec<Refusal>,
}

/// Every part may be missing (itglue/automation issue 38 and others show several forms).
#[derive(Default, Deserialize)]
#[serde(default)]
struct Refusal {
    title: Option<String>,
    detail: Option<String>,
    source: Option<Source>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Source {
    pointer: Option<String>,
}

impl Refusal {
    fn sentence(&self, quotes_value: bool) -> Option<String> {
        let said =
            if quotes_value { self.title.as_ref() } else { self.detail.as_ref().or(self.title.as_ref()) };
        let attribute = self.source.as_ref().and_then(|source| source.pointer.as_ref());
        let attribute = attribute.map(|pointer| pointer.rsplit('/').next().unwrap_or(pointer));
        match (said, attribute) {
            (Some(said), Some(attribute)) => Some(format!("{said} [{attribute}]")),
            (None, Some(attribute)) => Some(format!("[{attribute}]")),
            (said, None) => said.cloned(),
        }
    }
}

/// What an answer means. There is no session to renew: a 401 is a wrong pair of organisation and record, and the key is
/// refused with 403. The limit's window is five minutes, so a 429 without `Retry-After` waits longer than other failures.
fn classify(head: &ResponseHead, body: &[u8], limit_pause: Duration) -> Disposition {
    let said: Refusals = serde_json::from_slice(body).unwrap_or_default();
    let quotes_value = matches!(head.operation(), CREATE_PASSWORD | REPLACE_VALUE);
    let sentences: Vec<String> =
        said.errors.iter().filter_map(|error| error.sentence(quotes_value)).collect();
    let error = ServiceError::new(head).message(&sentences.join("; "));
    match head.status() {
        401 => Disposition::Fail(error),
        429 => {
            let after = head.retry_after().or(Some(limit_pause));
            Disposition::Retry { after, effect: Effect::None, error }
        }
        _ => Disposition::of(head, error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAUSE: Duration = Duration::from_mins(1);

    fn judged(operation: &'static str, status: u16, body: &str) -> Disposition {
        classify(&ResponseHead::made(operation, status, &[]), body.as_bytes(), PAUSE)
    }

    fn sentence(disposition: Disposition) -> Option<String> {
        match disposition {
            Disposition::Fail(error) => error.message,
            other => panic!("not a refusal: {other:?}"),
        }
    }

    #[test]
    fn a_refusal_names_the_attribute_in_each_of_its_forms() {
        let body = r#"{"errors":[{"status":"422","title":"Unprocessable Entity","detail":"can't be blank",
            "source":{"pointer":"/data/attributes/name"}},{"source":{"pointer":"data/attributes/url"}},{"title":"T"}]}"#;
        let told = sentence(judged("list_passwords", 422, body));
        assert_eq!(told.as_deref(), Some("can't be blank [name]; [url]; T"));
        assert_eq!(sentence(judged("list_passwords", 404, "<html>")), None);
    }

    /// E8: a service that quotes the value in its refusal is not repeated.
    #[test]
    fn e8_a_refused_write_of_a_value_repeats_no_detail() {
        let body = r#"{"errors":[{"title":"Bad","detail":"hunter2 is too short","source":{"pointer":"data/attributes/password"}}]}"#;
        for operation in [CREATE_PASSWORD, REPLACE_VALUE] {
            assert_eq!(sentence(judged(operation, 422, body)).as_deref(), Some("Bad [password]"));
        }
    }

    #[test]
    fn only_what_may_pass_is_tried_again() {
        assert!(matches!(judged("x", 403, ""), Disposition::Fail(_)));
        assert!(matches!(judged("x", 401, ""), Disposition::Fail(_)));
        assert!(matches!(judged("x", 504, ""), Disposition::Retry { effect: Effect::Unknown, .. }));
        let Disposition::Retry { after, effect: Effect::None, .. } = judged("x", 429, "") else {
            panic!("the limit passes");
        };
        assert_eq!(after, Some(PAUSE));
    }
}
