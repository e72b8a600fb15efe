//! Creating and changing configurations and flexible assets, and attaching files.

use data_encoding::BASE64;
use serde_json::{Map, Value, json};

use super::answer::Answer;
use super::envelope::{Attributes, attributes, number, unknown};
use super::item::Item;
use super::kind::Kind;
use super::state::{Account, File};

/// What a configuration may carry beside its organisation.
const OF_A_CONFIGURATION: [&str; 24] = [
    "name",
    "hostname",
    "primary-ip",
    "mac-address",
    "default-gateway",
    "serial-number",
    "asset-tag",
    "position",
    "installed-by",
    "purchased-by",
    "notes",
    "operating-system-notes",
    "warranty-expires-at",
    "installed-at",
    "purchased-at",
    "configuration-type-id",
    "configuration-status-id",
    "manufacturer-id",
    "model-id",
    "operating-system-id",
    "location-id",
    "contact-id",
    "archived",
    "restricted",
];

/// The longest MAC address, the one length that the vendor documents.
const LONGEST_MAC: usize = 17;

impl Account {
    /// Stores a new configuration or flexible asset.
    pub(super) fn create_item(
        &mut self,
        kind: Kind,
        document: &Value,
        nested: Option<u64>,
    ) -> Result<Answer, Answer> {
        let mut given = attributes(&document["data"], kind.spelling().type_name)?;
        let organization = self.owner(&mut given, nested)?;
        let shown = match kind {
            Kind::Configurations => self.new_configuration(given)?,
            _ => self.new_asset(&given)?,
        };
        let id = self.add(kind, Some(organization), &shown.into());
        let made = self.item(kind, id).map(|item| self.shown(kind, item));
        Ok(Answer::data(201, made.unwrap_or_default()))
    }

    /// The organisation that a new resource belongs to.
    fn owner(&self, given: &mut Attributes, nested: Option<u64>) -> Result<u64, Answer> {
        let named = given.remove("organization-id").and_then(|id| number(&id));
        if nested.is_some() && named.is_some_and(|id| nested != Some(id)) {
            return Err(Answer::another_organization());
        }
        nested
            .or(named)
            .filter(|id| self.item(Kind::Organizations, *id).is_some())
            .ok_or_else(|| Answer::invalid("organization_id", "Valid organization_id is required"))
    }

    fn new_configuration(&self, mut given: Attributes) -> Result<Attributes, Answer> {
        for required in ["name", "configuration-type-id"] {
            if given.get(required).is_none_or(Value::is_null) {
                return Err(Answer::invalid(required, &format!("{required} can't be blank")));
            }
        }
        self.check_configuration(&mut given)?;
        given.entry("archived").or_insert_with(|| false.into());
        Ok(given)
    }

    fn check_configuration(&self, given: &mut Attributes) -> Result<(), Answer> {
        for (name, value) in &mut *given {
            if !OF_A_CONFIGURATION.contains(&name.as_str()) {
                return Err(Answer::bad_request(&format!("{name} is not allowed")));
            }
            let fits = match name.as_str() {
                "name" => value.as_str().is_some_and(|text| !text.is_empty()),
                "archived" | "restricted" => value.is_boolean(),
                "mac-address" => {
                    value.is_null() || value.as_str().is_some_and(|text| text.chars().count() <= LONGEST_MAC)
                }
                "configuration-type-id" => {
                    let id = number(value);
                    *value = id.into();
                    id.is_some_and(|id| self.item(Kind::ConfigurationTypes, id).is_some())
                }
                name if name.ends_with("-id") => {
                    let id = number(value);
                    let fits = value.is_null() || id.is_some();
                    *value = id.into();
                    fits
                }
                _ => value.is_null() || value.is_string(),
            };
            if !fits {
                return Err(Answer::invalid(name, &format!("{name} is invalid")));
            }
        }
        let kind = given.get("configuration-type-id").and_then(Value::as_u64);
        if let Some(kind) = kind.and_then(|id| self.item(Kind::ConfigurationTypes, id)) {
            given.insert("configuration-type-name".to_owned(), kind.name().into());
        }
        Ok(())
    }

    fn new_asset(&self, given: &Attributes) -> Result<Attributes, Answer> {
        let kind = given.get("flexible-asset-type-id").and_then(number);
        let kind = kind.filter(|id| self.item(Kind::FlexibleAssetTypes, *id).is_some());
        let kind = kind.ok_or_else(|| {
            Answer::invalid("flexible_asset_type_id", "Valid flexible_asset_type_id is required")
        })?;
        if let Some(name) =
            given.keys().find(|name| !["flexible-asset-type-id", "traits"].contains(&name.as_str()))
        {
            return Err(Answer::bad_request(&format!("{name} is not allowed")));
        }
        let (name, traits) = self.traits(kind, given.get("traits"))?;
        let shown = json!({
            "flexible-asset-type-id": kind,
            "name": name,
            "traits": traits,
            "archived": false,
        });
        Ok(shown.as_object().cloned().unwrap_or_default())
    }

    /// Traits as they are shown, and the name that they give their asset: that of the first field.
    fn traits(&self, kind: u64, given: Option<&Value>) -> Result<(Value, Map<String, Value>), Answer> {
        let given = given.and_then(Value::as_object);
        let given = given.ok_or_else(|| Answer::invalid("traits", "traits can't be blank"))?;
        let is_of_it =
            |it: &&Item| it.attributes.get("flexible-asset-type-id").and_then(Value::as_u64) == Some(kind);
        let fields: Vec<&Item> = self.items(Kind::FlexibleAssetFields).filter(is_of_it).collect();
        let key = |field: &Item| field.text("name-key").unwrap_or_default();
        if let Some(unknown) = given.keys().find(|name| !fields.iter().any(|field| key(field) == **name)) {
            return Err(Answer::invalid("traits", &format!("{unknown} is no field")));
        }
        let mut shown = Map::new();
        for field in &fields {
            let key = key(field);
            let is_required = field.attributes.get("required") == Some(&true.into());
            match given.get(&key) {
                None | Some(Value::Null) if is_required => {
                    return Err(Answer::invalid("traits", &format!("{key} can't be blank")));
                }
                None => {}
                Some(value) => drop(shown.insert(key, self.trait_shown(field, value)?)),
            }
        }
        let name = fields.first().and_then(|field| shown.get(&key(field))).cloned();
        Ok((name.unwrap_or_default(), shown))
    }

    /// A trait as it is shown. A tag is written as a list of ids, and shown with what they name.
    fn trait_shown(&self, field: &Item, value: &Value) -> Result<Value, Answer> {
        if field.text("kind").as_deref() != Some("Tag") || value.is_null() {
            return match value {
                Value::Object(_) => Err(Answer::invalid("traits", &format!("{} is invalid", field.name()))),
                value => Ok(value.clone()),
            };
        }
        let ids = value.as_array().map(|ids| ids.iter().map(number).collect::<Option<Vec<u64>>>());
        let ids = ids
            .flatten()
            .ok_or_else(|| Answer::invalid("traits", &format!("{} must be a list of ids", field.name())))?;
        let named = |id: u64| {
            let name = self.item(Kind::Configurations, id).map(|it| it.name().to_owned());
            json!({ "id": id, "name": name })
        };
        Ok(json!({ "type": "Configurations", "values": ids.into_iter().map(named).collect::<Vec<_>>() }))
    }

    /// Changes what is given of a configuration, and replaces the traits of a flexible asset.
    pub(super) fn update_item(&mut self, kind: Kind, id: u64, document: &Value) -> Result<Answer, Answer> {
        let mut given = attributes(&document["data"], kind.spelling().type_name)?;
        let held = self.item(kind, id).ok_or_else(Answer::not_found)?;
        if kind == Kind::Configurations {
            self.check_configuration(&mut given)?;
        } else {
            if let Some(name) = given.keys().find(|name| *name != "traits") {
                return Err(Answer::bad_request(&format!("{name} is not allowed")));
            }
            let asset_type = held.attributes.get("flexible-asset-type-id").and_then(Value::as_u64);
            let (name, traits) = self.traits(asset_type.unwrap_or_default(), given.get("traits"))?;
            given.insert("traits".to_owned(), traits.into());
            given.insert("name".to_owned(), name);
        }
        if let Some(held) = self.item_mut(kind, id) {
            held.attributes.extend(given);
        }
        let shown = self.item(kind, id).map(|item| self.shown(kind, item));
        Ok(Answer::data(200, shown.unwrap_or_default()))
    }

    /// Keeps a file at a record.
    pub(super) fn attach(
        &mut self,
        kind: Option<Kind>,
        record: u64,
        document: &Value,
    ) -> Result<Answer, Answer> {
        let exists = match kind {
            Some(kind) => self.item(kind, record).is_some(),
            None => self.passwords.contains_key(&record),
        };
        if !exists {
            return Err(Answer::not_found());
        }
        let given = attributes(&document["data"], "attachments")?;
        let file = given.get("attachment").filter(|_| given.len() == 1);
        let file = file.ok_or_else(|| Answer::invalid("attachment", "attachment can't be blank"))?;
        if let Some(name) = unknown(file, &["content", "file_name"]) {
            return Err(Answer::bad_request(&format!("{name} is not allowed")));
        }
        let content = file["content"].as_str().and_then(|text| BASE64.decode(text.as_bytes()).ok());
        let content = content.ok_or_else(|| Answer::invalid("content", "content is no base64"))?;
        let name = file["file_name"].as_str().filter(|name| !name.is_empty());
        let name = name.ok_or_else(|| Answer::invalid("file_name", "file_name can't be blank"))?.to_owned();
        let file = File { id: self.next_id(), record, name, content };
        let shown = file.to_json();
        self.files.push(file);
        Ok(Answer::data(201, shown))
    }
}
