//! IT Glue as a service for `http-core`: the key's header, and what its refusals mean.

use std::time::Duration;

use http_core::{
    Access, Disposition, Effect, Endpoint, Error, ErrorKind, Options, RawHttp, RequestBuilder, ResponseHead,
    ServiceError,
};
use serde::Deserialize;

use crate::budget::Budget;
use crate::config::Config;
use crate::operations::{CREATE_ATTACHMENT, CREATE_PASSWORD, REPLACE_PASSWORD_VALUE};
use crate::secret::ApiKey;

/// What a request carries that no text of a refusal may repeat.
#[derive(Clone, Copy)]
enum Carried {
    Nothing,
    /// A password's value, which is hidden in every text as long as it lives.
    Value,
    /// A file, which may hold anything.
    File,
}

impl Carried {
    fn by(operation: &str) -> Self {
        if operation == CREATE_ATTACHMENT.name() {
            Self::File
        } else if [CREATE_PASSWORD.name(), REPLACE_PASSWORD_VALUE.name()].contains(&operation) {
            Self::Value
        } else {
            Self::Nothing
        }
    }
}

/// The service, with the key that it wants in each call.
pub(crate) struct ItGlue {
    api_key: ApiKey,
    endpoint: Endpoint,
    rate_limit_backoff: Duration,
    budget: Budget,
    options: Options,
}

impl ItGlue {
    pub(crate) fn new(config: Config, endpoint: Endpoint) -> Self {
        let budget = config.budget(&endpoint);
        let Config { api_key, options, rate_limit_backoff, .. } = config;
        Self { api_key, endpoint, rate_limit_backoff, budget, options }
    }

    pub(crate) fn budget(&self) -> &Budget {
        &self.budget
    }

    /// How its calls are repeated, for loops above single calls.
    pub(crate) fn options(&self) -> &Options {
        &self.options
    }

    /// Whether it only reads: what begins with reads and would end in a write is refused before the first of them.
    pub(crate) fn is_read_only(&self) -> bool {
        self.options.access() == Access::ReadOnly
    }
}

impl http_core::Service for ItGlue {
    const NAME: &'static str = "itglue";
    type Session = ();

    async fn open_session(&self, _http: &RawHttp) -> Result<(), Error> {
        Ok(())
    }

    fn authorize(&self, (): &(), request: &mut RequestBuilder<'_>) {
        self.budget.spend();
        request.base(self.endpoint.url()).secret_header("x-api-key", self.api_key.expose());
    }

    fn classify(&self, head: &ResponseHead, body: &[u8]) -> Disposition {
        let disposition = classify(head, body, self.rate_limit_backoff);
        if let (429, Disposition::Retry { after: Some(wait), .. }) = (head.status(), &disposition) {
            self.budget.exhaust(*wait);
        }
        disposition
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
    fn sentence(&self, carried: Carried) -> Option<String> {
        let said = match carried {
            Carried::Nothing => self.detail.as_ref().or(self.title.as_ref()),
            Carried::Value => self.title.as_ref(),
            Carried::File => None,
        };
        let attribute = self.source.as_ref().and_then(|source| source.pointer.as_ref());
        let attribute = attribute.map(|pointer| pointer.rsplit('/').next().unwrap_or(pointer));
        let attribute = attribute.filter(|name| is_attribute(name));
        match (said, attribute) {
            (Some(said), Some(attribute)) => Some(format!("{said} [{attribute}]")),
            (None, Some(attribute)) => Some(format!("[{attribute}]")),
            (said, None) => said.cloned(),
        }
    }
}

/// Whether a text can be the name of an attribute, and no more than that.
fn is_attribute(text: &str) -> bool {
    text.len() <= 40
        && text.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || b"-_".contains(&c))
}

/// What is said of a refusal that is no answer of IT Glue's API.
const PAGE_INSTEAD: &str = "a page, and no answer of IT Glue's API: a firewall or proxy on the way refuses";

/// What is said of a page that came as an answer.
const PAGE_AS_ANSWER: &str = "a page, and no answer of IT Glue's API: look whether the base URL is that of the API and of the account's region";

/// What is said of a redirect: following one turns a write into something else (itglue/powershellwrapper issue 54).
const REDIRECT: &str = "look whether the base URL is https and that of the account's region";

/// What is said of a 401, which is no word about the key (itglue/powershellwrapper issue 104).
const ANOTHER_ORGANIZATION: &str = "the record is not of the organisation that the request names";

/// What an answer means. There is no session to renew: a 401 is a wrong pair of organisation and record, and the key is
/// refused with 403. The limit's window is five minutes, so a 429 without `Retry-After` waits longer than other failures.
fn classify(head: &ResponseHead, body: &[u8], rate_limit_backoff: Duration) -> Disposition {
    let parsed: Option<Refusals> = serde_json::from_slice(body).ok();
    // IT Glue's API answers in JSON. A page that refuses is a firewall's or a proxy's, and says nothing about the key, nor whether there
    // is such a record: who believed it would make another.
    if matches!(head.status(), 401 | 403 | 404) && parsed.is_none() && !body.is_empty() {
        let error = ServiceError::new(head).kind(ErrorKind::NotUnderstood);
        return Disposition::Fail(error.message(PAGE_INSTEAD));
    }
    let is_page = body.trim_ascii_start().starts_with(b"<");
    if head.is_success() && is_page {
        let error = ServiceError::new(head).kind(ErrorKind::NotUnderstood);
        return Disposition::Fail(error.message(PAGE_AS_ANSWER));
    }
    let said = parsed.unwrap_or_default();
    let carried = Carried::by(head.operation());
    let sentences: Vec<String> = said.errors.iter().filter_map(|error| error.sentence(carried)).collect();
    let error = ServiceError::new(head).message(&sentences.join("; "));
    match head.status() {
        300..=399 => {
            let error = ServiceError::new(head);
            let said = error.message.as_ref().map(|said| format!("{said}; {REDIRECT}"));
            Disposition::Fail(error.message(said.as_deref().unwrap_or(REDIRECT)))
        }
        401 => {
            let parts = std::iter::once(ANOTHER_ORGANIZATION).chain(sentences.iter().map(String::as_str));
            let error = error.message(&parts.collect::<Vec<_>>().join(": "));
            Disposition::Fail(error.kind(ErrorKind::NotFound))
        }
        403 => Disposition::Fail(error.kind(ErrorKind::CredentialsRejected)),
        429 => {
            let after = head.retry_after().or(Some(rate_limit_backoff));
            Disposition::Retry { after, effect: Effect::None, error }
        }
        _ => Disposition::of(head, error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BACKOFF: Duration = Duration::from_mins(1);

    fn judged(operation: &'static str, status: u16, body: &str) -> Disposition {
        classify(&ResponseHead::from_parts(operation, status, &[]), body.as_bytes(), BACKOFF)
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
        let said = sentence(judged("list_passwords", 422, body));
        assert_eq!(said.as_deref(), Some("can't be blank [name]; [url]; T"));
    }

    /// A key is not called revoked, and a record not missing, for a page that some firewall shows.
    #[test]
    fn x6_a_page_that_refuses_is_no_word_about_the_key_or_a_record() {
        let kind = |status, body: &str| match judged("list_passwords", status, body) {
            Disposition::Fail(error) => (error.kind, error.message),
            other => panic!("not a refusal: {other:?}"),
        };
        let meant =
            [(401, ErrorKind::NotFound), (403, ErrorKind::CredentialsRejected), (404, ErrorKind::NotFound)];
        for (status, meant) in meant {
            for page in ["<html><title>Attention Required!</title></html>", "Forbidden", "{\"errors\": 1}"] {
                let said = Some(PAGE_INSTEAD.to_owned());
                assert_eq!(kind(status, page), (ErrorKind::NotUnderstood, said), "{status} {page}");
            }
            for answer in ["", "{}", r#"{"errors":[{"status":"403","title":"Forbidden"}]}"#] {
                assert_eq!(kind(status, answer).0, meant, "{status} {answer}");
            }
        }
    }

    /// E8: a service that quotes the value in its refusal is not repeated.
    #[test]
    fn e8_a_refused_write_of_a_value_repeats_no_detail() {
        let body = r#"{"errors":[{"title":"Bad","detail":"hunter2 is too short","source":{"pointer":"data/attributes/password"}}]}"#;
        for (operation, said) in [
            ("create_password", "Bad [password]"),
            ("replace_password_value", "Bad [password]"),
            ("create_attachment", "[password]"),
            ("update_password", "hunter2 is too short [password]"),
        ] {
            assert_eq!(sentence(judged(operation, 422, body)).as_deref(), Some(said), "{operation}");
        }
        let body =
            r#"{"errors":[{"source":{"pointer":"data/SHVudGVyMg=="}},{"source":{"pointer":"a/no name"}}]}"#;
        assert_eq!(sentence(judged("create_attachment", 422, body)), None);
    }

    #[test]
    fn only_temporary_failures_are_tried_again() {
        assert!(matches!(judged("x", 403, ""), Disposition::Fail(_)));
        assert!(matches!(judged("x", 401, ""), Disposition::Fail(_)));
        assert!(matches!(judged("x", 504, ""), Disposition::Retry { effect: Effect::Unknown, .. }));
        let Disposition::Retry { after, effect: Effect::None, .. } = judged("x", 429, "") else {
            panic!("the limit is temporary");
        };
        assert_eq!(after, Some(BACKOFF));
    }
}
