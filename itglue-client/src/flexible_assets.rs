//! Flexible assets: records whose fields an account defines.

use futures_util::{Stream, TryStreamExt as _};
use http_core::{Call, Method, ServiceClient};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::error::{Error, ErrorKind};
use crate::ids::{FlexibleAssetFieldId, FlexibleAssetId, FlexibleAssetTypeId, OrganizationId};
use crate::json_api;
use crate::operations;
use crate::service::ItGlue;

json_api::resource_type! {
    /// A type of flexible assets.
    FlexibleAssetType, FlexibleAssetTypeId;
    {
        /// Its name; not unique.
        name = "name": String,
    }
    {
        /// What it is for.
        description = "description": Option<String>,
        /// Whether it is offered to people.
        enabled = "enabled": bool,
    }
}

json_api::resource_type! {
    /// A field of a type of flexible assets.
    FlexibleAssetField, FlexibleAssetFieldId;
    {
        /// What people read.
        name = "name": String,
        /// What traits are keyed by.
        name_key = "name-key": String,
    }
    {
        /// Its kind, such as `Text`, `Textbox`, `Number`, `Select` or `Tag`.
        kind = "kind": Option<String>,
        /// Whether every asset must have it.
        required = "required": bool,
        /// Its place among the fields.
        order = "order": Option<u32>,
    }
}

json_api::resource_type! {
    /// A flexible asset.
    FlexibleAsset, FlexibleAssetId;
    {
        /// The organisation that it belongs to.
        organization_id = "organization-id": OrganizationId,
        /// Its type.
        flexible_asset_type_id = "flexible-asset-type-id": FlexibleAssetTypeId,
    }
    {
        /// Its name, made of the traits that the type uses for it.
        name = "name": Option<String>,
        /// What its fields hold, by their `name_key`.
        traits = "traits": Map<String, Value>,
        /// Whether it is archived.
        archived = "archived": bool,
        /// When it was last changed, as IT Glue writes it.
        updated_at = "updated-at": Option<String>,
        /// The page that shows it to people.
        page = "resource-url": Option<String>,
    }
}

/// Reads and writes flexible assets; from [`crate::Client::flexible_assets`].
#[derive(Clone, Copy, Debug)]
pub struct FlexibleAssets<'a> {
    pub(crate) service: &'a ServiceClient<ItGlue>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Create<'a> {
    organization_id: OrganizationId,
    flexible_asset_type_id: FlexibleAssetTypeId,
    traits: &'a Map<String, Value>,
}

#[derive(Serialize)]
struct Replace<'a> {
    traits: &'a Map<String, Value>,
}

impl FlexibleAssets<'_> {
    /// Every type of flexible assets.
    ///
    /// # Errors
    /// Any kind that a read can end in.
    pub async fn types(&self) -> Result<Vec<FlexibleAssetType>, Error> {
        let operation = operations::LIST_FLEXIBLE_ASSET_TYPES;
        json_api::list(self.service, operation, "flexible_asset_types", vec![]).try_collect().await
    }

    /// The fields of a type, with the keys of its traits.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when there is no such type, else any kind that a read can end in.
    pub async fn fields(&self, id: FlexibleAssetTypeId) -> Result<Vec<FlexibleAssetField>, Error> {
        let path = format!("flexible_asset_types/{id}/relationships/flexible_asset_fields");
        json_api::list(self.service, operations::LIST_FLEXIBLE_ASSET_FIELDS, &path, vec![])
            .try_collect()
            .await
    }

    /// Every asset of a type, of one organisation or of all, page by page as the stream is read.
    ///
    /// # Errors
    /// The stream's items: any kind that a read can end in. A row that is not understood is an error of its own, after which others follow.
    pub fn list(
        &self,
        id: FlexibleAssetTypeId,
        organization: Option<OrganizationId>,
    ) -> impl Stream<Item = Result<FlexibleAsset, Error>> + Send + use<> {
        // Here alone, filters are spelt with hyphens; the one of the type must be there.
        let mut filters = vec![("filter[flexible-asset-type-id]", id.to_string())];
        filters.extend(organization.map(|id| ("filter[organization-id]", id.to_string())));
        json_api::list(self.service, operations::LIST_FLEXIBLE_ASSETS, "flexible_assets", filters)
            // A filter that a server ignores would show every client's.
            .try_filter(move |found: &FlexibleAsset| {
                let is_theirs = organization.is_none_or(|wanted| found.organization_id == wanted);
                std::future::ready(is_theirs && found.flexible_asset_type_id == id)
            })
    }

    /// The asset of this id.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when there is none, else any kind that a read can end in.
    pub async fn get(&self, id: FlexibleAssetId) -> Result<FlexibleAsset, Error> {
        let path = format!("flexible_assets/{id}");
        let call = Call::new(operations::GET_FLEXIBLE_ASSET, Method::Get, path);
        let call = call.subject(subject(id));
        json_api::this(self.service, operations::GET_FLEXIBLE_ASSET, id, call).await
    }

    /// Creates an asset with these traits. Sent at most once: IT Glue would make a second one.
    ///
    /// # Errors
    /// [`ErrorKind::OutcomeUnknown`] when the answer was lost: look for it before creating it again. Else any kind that a write can
    /// end in.
    pub async fn create(
        &self,
        organization_id: OrganizationId,
        flexible_asset_type_id: FlexibleAssetTypeId,
        traits: &Map<String, Value>,
    ) -> Result<FlexibleAsset, Error> {
        let attributes = Create { organization_id, flexible_asset_type_id, traits };
        let call = Call::new(operations::CREATE_FLEXIBLE_ASSET, Method::Post, "flexible_assets")
            .subject(format_args!("organisation {organization_id}"));
        let call = json_api::with_attributes(call, "flexible-assets", &attributes);
        json_api::one(self.service, call).await.map_err(Error::of_a_create)
    }

    /// Changes these traits and keeps all others. IT Glue replaces the traits of an asset as a whole, so that they are read first, sent
    /// back with the changes, and read once more. Nothing is sent where they are so already. What somebody changes between the first
    /// reading and the writing is lost, as it is to two people who edit the same asset.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when there is no such asset; [`ErrorKind::Archived`] when it is archived; [`ErrorKind::InvalidRequest`] when
    /// a trait that is to stay has a form that cannot be sent back, as of a field of a kind unknown here, and nothing was written;
    /// [`ErrorKind::NotProven`] when the traits do not read back as they were sent. Else any kind that a write can end in.
    pub async fn merge_traits(
        &self,
        id: FlexibleAssetId,
        changes: &Map<String, Value>,
    ) -> Result<FlexibleAsset, Error> {
        let operation = operations::MERGE_TRAITS;
        if self.service.service().is_read_only() {
            return Err(Error::read_only(operation.name()));
        }
        let current = self.get(id).await?;
        if current.archived {
            return Err(Error::lacking(ErrorKind::Archived, operation.name(), subject(id)));
        }
        let mut traits = Map::new();
        for (key, held) in &current.traits {
            let kept = if changes.contains_key(key) { None } else { sent_back(held) };
            match kept {
                Some(kept) => drop(traits.insert(key.clone(), kept)),
                None if changes.contains_key(key) => {}
                None => return Err(Error::invalid(operation.name(), unknown_form(id, key))),
            }
        }
        traits.extend(changes.clone());
        if reads_as(&current.traits, &traits) {
            return Ok(current);
        }
        let call = Call::new(operation, Method::Patch, format!("flexible_assets/{id}")).subject(subject(id));
        let call = json_api::with_attributes(call, "flexible-assets", &Replace { traits: &traits });
        json_api::one::<FlexibleAsset>(self.service, call).await?;
        let written = self.get(id).await?;
        if reads_as(&written.traits, &traits) {
            return Ok(written);
        }
        let different = traits.iter().filter(|(key, sent)| !is_read_as(written.traits.get(*key), sent));
        let different: Vec<&str> = different.map(|(key, _)| key.as_str()).collect();
        let detail = format!("these traits differ: {}", different.join(", "));
        Err(Error::finding(ErrorKind::NotProven, operation.name(), subject(id), detail))
    }
}

fn subject(id: FlexibleAssetId) -> String {
    format!("flexible asset {id}")
}

fn unknown_form(id: FlexibleAssetId, key: &str) -> String {
    let key: String = key.chars().take(60).collect();
    format!("the trait {key:?} of {} has a form that cannot be sent back; it would be lost", subject(id))
}

/// A trait as it is written, from what was read. A tag is read as `{"type": …, "values": [{"id": …}, …]}` and written as the list of
/// the ids (as public clients of IT Glue do); any other object is of a form that nobody has described.
fn sent_back(read: &Value) -> Option<Value> {
    match read {
        Value::Object(tag) => {
            let values = tag.get("values")?.as_array()?;
            values
                .iter()
                .map(|value| value.get("id").cloned())
                .collect::<Option<Vec<Value>>>()
                .map(Value::Array)
        }
        other => Some(other.clone()),
    }
}

/// Whether the traits of an answer are these, and no others; one that is null may be left out.
fn reads_as(read: &Map<String, Value>, sent: &Map<String, Value>) -> bool {
    sent.iter().all(|(key, sent)| is_read_as(read.get(key), sent))
        && read.iter().all(|(key, read)| sent.contains_key(key) || read.is_null())
}

fn is_read_as(read: Option<&Value>, sent: &Value) -> bool {
    match read {
        None | Some(Value::Null) => sent.is_null(),
        Some(read) => read == sent || sent_back(read).as_ref() == Some(sent),
    }
}
