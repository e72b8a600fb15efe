//! What may be shown of a request: never a query, never the value of a header that is not listed here.

use std::fmt;

use reqwest::header::HeaderMap;
use url::Url;

/// Headers whose values say nothing secret and help in reading a log.
const SHOWN: [&str; 7] =
    ["accept", "content-type", "content-length", "range", "retry-after", "date", "x-bz-request-id"];

/// The URL's scheme, host and path: what may stand in an error or a span.
pub fn without_query(url: &Url) -> String {
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}://{}{port}{}", url.scheme(), url.host_str().unwrap_or_default(), url.path())
}

/// A call's target without query, fragment or user information.
pub(crate) fn target(target: &str) -> String {
    match Url::parse(target) {
        Ok(url) if url.has_host() => without_query(&url),
        _ => target.split(['?', '#']).next().unwrap_or_default().to_owned(),
    }
}

/// An address as somebody wrote it, which may be no URL at all, without query, fragment or user information.
pub(crate) fn address(text: &str) -> String {
    let bare = text.split(['?', '#']).next().unwrap_or_default();
    match bare.rsplit_once('@') {
        Some((before, host)) => match before.split_once("://") {
            Some((scheme, _)) => format!("{scheme}://{host}"),
            None => host.to_owned(),
        },
        None => bare.to_owned(),
    }
}

/// Shows the names of headers, and the values of the listed ones.
pub(crate) struct Headers<'a>(pub(crate) &'a HeaderMap);

impl fmt::Debug for Headers<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = f.debug_map();
        for (name, value) in self.0 {
            let shown = SHOWN.contains(&name.as_str()) && !value.is_sensitive();
            map.entry(&name.as_str(), &shown.then(|| value.to_str().ok()).flatten().unwrap_or("…"));
        }
        map.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shown_url_has_no_query_and_no_user_information() {
        let url = Url::parse("https://me:hunter2@h.example:8443/a/b?token=hunter2#hunter2").unwrap();
        assert_eq!(without_query(&url), "https://h.example:8443/a/b");
        assert_eq!(target("file/a?Authorization=hunter2"), "file/a");
    }
}
