//! Headers that a download is to answer with.

use serde::Serialize;

/// Headers that a download answers with instead of what the file's uploader noted; for browsers, mostly. The service takes them in
/// authorised requests only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Overrides {
    #[serde(rename = "b2ContentDisposition", skip_serializing_if = "Option::is_none")]
    content_disposition: Option<String>,
    #[serde(rename = "b2ContentType", skip_serializing_if = "Option::is_none")]
    content_type: Option<String>,
    #[serde(rename = "b2ContentLanguage", skip_serializing_if = "Option::is_none")]
    content_language: Option<String>,
    #[serde(rename = "b2ContentEncoding", skip_serializing_if = "Option::is_none")]
    content_encoding: Option<String>,
    #[serde(rename = "b2CacheControl", skip_serializing_if = "Option::is_none")]
    cache_control: Option<String>,
    #[serde(rename = "b2Expires", skip_serializing_if = "Option::is_none")]
    expires: Option<String>,
}

impl Overrides {
    /// None of them.
    pub fn new() -> Self {
        Self::default()
    }

    /// Answers with this `Content-Disposition`, such as `attachment; filename="report.pdf"`.
    pub fn content_disposition(mut self, value: impl Into<String>) -> Self {
        self.content_disposition = Some(value.into());
        self
    }

    /// Answers with this `Content-Type`.
    pub fn content_type(mut self, value: impl Into<String>) -> Self {
        self.content_type = Some(value.into());
        self
    }

    /// Answers with this `Content-Language`.
    pub fn content_language(mut self, value: impl Into<String>) -> Self {
        self.content_language = Some(value.into());
        self
    }

    /// Answers with this `Content-Encoding`.
    pub fn content_encoding(mut self, value: impl Into<String>) -> Self {
        self.content_encoding = Some(value.into());
        self
    }

    /// Answers with this `Cache-Control`.
    pub fn cache_control(mut self, value: impl Into<String>) -> Self {
        self.cache_control = Some(value.into());
        self
    }

    /// Answers with this `Expires`.
    pub fn expires(mut self, value: impl Into<String>) -> Self {
        self.expires = Some(value.into());
        self
    }

    /// As parameters of a download's address.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let all = [
            ("b2ContentDisposition", &self.content_disposition),
            ("b2ContentType", &self.content_type),
            ("b2ContentLanguage", &self.content_language),
            ("b2ContentEncoding", &self.content_encoding),
            ("b2CacheControl", &self.cache_control),
            ("b2Expires", &self.expires),
        ];
        all.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?)))
    }
}
