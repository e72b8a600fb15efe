//! Filling an account by hand: what people, a PSA and a remote monitoring system bring into it.

use serde_json::{Map, Value, json};

use super::handle::Handle;
use super::item::resource;
use super::kind::Kind;

impl Handle {
    /// Files a configuration that shows these attributes, an object, beside its name, and returns its id.
    pub fn add_configuration(&self, organization: u64, name: &str, attributes: &Value) -> u64 {
        self.with(|account| {
            let id = account.add_configuration(organization, name, None);
            if let (Some(item), Some(more)) =
                (account.item_mut(Kind::Configurations, id), attributes.as_object())
            {
                item.attributes.extend(more.clone());
            }
            id
        })
    }

    /// Adds a type of configurations and returns its id.
    pub fn add_configuration_type(&self, name: &str) -> u64 {
        self.with(|account| account.add_named(Kind::ConfigurationTypes, name))
    }

    /// Links an organisation with a company of a PSA.
    pub fn link_psa(&self, organization: u64, integration: &str, company: &str) {
        self.with(|account| {
            if let Some(item) = account.item_mut(Kind::Organizations, organization) {
                item.attributes.insert("psa-integration".to_owned(), "enabled".into());
                item.hidden.insert("psa-id".to_owned(), company.into());
                item.hidden.insert("psa-integration-type".to_owned(), integration.into());
            }
        });
    }

    /// Links an organisation with a company of NinjaOne.
    pub fn link_rmm_company(&self, organization: u64, name: &str) {
        self.with(|account| {
            let id = account.next_id();
            let link = json!({ "name": name, "rmm-integration-type": "ninja-rmm" });
            if let Some(item) = account.item_mut(Kind::Organizations, organization) {
                item.beside.push(resource("rmm-companies", id, link));
            }
        });
    }

    /// Adds a location of an organisation and returns its id.
    pub fn add_location(&self, organization: u64, name: &str) -> u64 {
        let shown = json!({ "name": name, "primary": true, "address-1": null, "city": "Springfield",
            "country-name": null, "phone": null });
        self.with(|account| account.add(Kind::Locations, Some(organization), &shown))
    }

    /// Adds a contact of an organisation and returns its id.
    pub fn add_contact(&self, organization: u64, first_name: &str, last_name: &str, email: &str) -> u64 {
        let shown = json!({ "first-name": first_name, "last-name": last_name,
            "name": format!("{first_name} {last_name}"), "title": null, "important": null,
            "contact-emails": [{ "value": email, "primary": true, "label-name": "Work" }], "contact-phones": [] });
        self.with(|account| account.add(Kind::Contacts, Some(organization), &shown))
    }

    /// Adds a document of an organisation and returns its id.
    pub fn add_document(&self, organization: u64, name: &str) -> u64 {
        let shown = json!({ "name": name, "restricted": false, "archived": false });
        self.with(|account| account.add(Kind::Documents, Some(organization), &shown))
    }

    /// Adds a type of flexible assets and returns its id; each field is a name, a kind such as `Text` or `Tag`, and whether it must be
    /// filled. A field's key is its name in small letters with hyphens.
    pub fn add_asset_type(&self, name: &str, fields: &[(&str, &str, bool)]) -> u64 {
        self.with(|account| {
            let kind = account.add(
                Kind::FlexibleAssetTypes,
                None,
                &json!({ "name": name, "description": null, "enabled": true }),
            );
            for (order, (name, field, required)) in fields.iter().enumerate() {
                let key = name.to_lowercase().replace(' ', "-");
                let shown = json!({ "flexible-asset-type-id": kind, "name": name, "name-key": key,
                    "kind": field, "required": required, "order": order + 1 });
                account.add(Kind::FlexibleAssetFields, None, &shown);
            }
            kind
        })
    }

    /// Files a flexible asset with these traits, an object, as they are shown, and returns its id.
    pub fn add_asset(&self, kind: u64, organization: u64, traits: &Value) -> u64 {
        let shown =
            json!({ "flexible-asset-type-id": kind, "name": null, "traits": traits, "archived": false });
        self.with(|account| account.add(Kind::FlexibleAssets, Some(organization), &shown))
    }

    /// Returns the traits of a flexible asset, as they are shown.
    pub fn traits(&self, asset: u64) -> Option<Map<String, Value>> {
        self.with(|account| {
            let asset = account.item(Kind::FlexibleAssets, asset)?;
            asset.attributes.get("traits")?.as_object().cloned()
        })
    }
}
