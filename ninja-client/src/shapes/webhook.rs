//! The tenant's webhook, whose headers may hold secrets.

use std::collections::BTreeMap;

use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};

use crate::ids::OrganizationId;
use crate::secret::{HeaderValue, LinkUrl};

/// Where NinjaOne sends what happens (`WebhookConfiguration`). Neither its address, which whoever knows it may post to, nor the values of its
/// headers are shown.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[must_use = "a webhook does nothing until it is configured"]
pub struct Webhook {
    #[serde(serialize_with = "exposed")]
    url: LinkUrl,
    activities: BTreeMap<String, Vec<String>>,
    expand: Vec<String>,
    headers: Vec<Header>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    organization_ids: Vec<OrganizationId>,
}

impl Webhook {
    /// One that sends nothing to this address yet.
    pub fn new(url: impl Into<String>) -> Self {
        let (activities, expand, headers) = (BTreeMap::new(), Vec::new(), Vec::new());
        Self { url: LinkUrl::new(url.into()), activities, expand, headers, organization_ids: Vec::new() }
    }

    /// Sends activities of this type that have one of these statuses.
    pub fn activities(mut self, kind: impl Into<String>, statuses: &[&str]) -> Self {
        self.activities.insert(kind.into(), statuses.iter().map(ToString::to_string).collect());
        self
    }

    /// Sends what an activity refers to along with it: `device`, `organization`, `location`.
    pub fn expand(mut self, what: impl Into<String>) -> Self {
        self.expand.push(what.into());
        self
    }

    /// Sends this header.
    pub fn header(mut self, name: impl Into<String>, value: HeaderValue) -> Self {
        self.headers.push(Header { name: name.into(), value });
        self
    }

    /// Sends what happens in these organisations only.
    pub fn organizations(mut self, ids: &[OrganizationId]) -> Self {
        self.organization_ids = ids.to_vec();
        self
    }
}

fn exposed<S: Serializer>(url: &LinkUrl, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(url.expose())
}

#[derive(Debug)]
struct Header {
    name: String,
    value: HeaderValue,
}

impl Serialize for Header {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut header = to.serialize_struct("Header", 2)?;
        header.serialize_field("name", &self.name)?;
        header.serialize_field("value", self.value.expose())?;
        header.end()
    }
}
