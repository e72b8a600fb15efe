//! Response headers that a download can override.

use serde::Serialize;

/// Response headers of a download that replace those set at the upload, for example to control how a browser shows a file. The service
/// accepts them only in authorised requests.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct HeaderOverrides {
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

impl HeaderOverrides {
    /// No overrides.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the `Content-Disposition`, such as `attachment; filename="report.pdf"`.
    pub fn content_disposition(mut self, value: impl Into<String>) -> Self {
        self.content_disposition = Some(value.into());
        self
    }

    /// Sets the `Content-Type`.
    pub fn content_type(mut self, value: impl Into<String>) -> Self {
        self.content_type = Some(value.into());
        self
    }

    /// Sets the `Content-Language`.
    pub fn content_language(mut self, value: impl Into<String>) -> Self {
        self.content_language = Some(value.into());
        self
    }

    /// Sets the `Content-Encoding`.
    pub fn content_encoding(mut self, value: impl Into<String>) -> Self {
        self.content_encoding = Some(value.into());
        self
    }

    /// Sets the `Cache-Control`.
    pub fn cache_control(mut self, value: impl Into<String>) -> Self {
        self.cache_control = Some(value.into());
        self
    }

    /// Sets the `Expires`.
    pub fn expires(mut self, value: impl Into<String>) -> Self {
        self.expires = Some(value.into());
        self
    }

    /// The query parameters of a download's URL.
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
