//! Creating and changing passwords.

use jiff::Timestamp;
use serde_json::Value;

use super::answer::Answer;
use super::behaviour::{Meanwhile, PasswordAccess};
use super::envelope::{Attributes, attributes, number};
use super::kind::Kind;
use super::state::{Account, Detail, Password, Version};

/// What a create may carry.
const WRITABLE: [&str; 18] = [
    "name",
    "password",
    "organization-id",
    "username",
    "url",
    "notes",
    "password-category-id",
    "otp-secret",
    "resource-id",
    "resource-type",
    "restricted",
    "archived",
    "autofill-selectors",
    "password-updated-at",
    "is-live",
    "generated-password-type",
    "shareable",
    "password-folder-id",
];

/// What only a create may carry.
const CREATE_ONLY: [&str; 3] = ["organization-id", "resource-id", "resource-type"];

/// What a password can be embedded in; with any other word IT Glue makes a general one.
const RESOURCE_TYPES: [&str; 8] = [
    "Configuration",
    "Contact",
    "Document",
    "Domain",
    "Location",
    "SSL Certificate",
    "Flexible Asset",
    "Ticket",
];

/// Longest name, user name and URL. The vendor states none; this is the usual column.
const LONGEST: usize = 255;

impl Account {
    /// Stores one new password or several, and answers with them in kind.
    pub(super) fn create(
        &mut self,
        document: &Value,
        organization: Option<u64>,
        detail: Detail,
        now: Timestamp,
    ) -> Result<Answer, Answer> {
        let data = &document["data"];
        let several = data.as_array();
        let resources = several.map_or_else(|| vec![data], |list| list.iter().collect());
        let drafts: Vec<Password> = resources
            .into_iter()
            .map(|resource| self.draft(attributes(resource, "passwords")?, organization, now))
            .collect::<Result<_, _>>()?;
        self.about_to_write();
        let mut shown = Vec::new();
        for mut password in drafts {
            password.value = self.stored(&password.value);
            shown.push(password.to_json(self, detail));
            self.written(&password, now);
        }
        let data = if several.is_some() { shown.into() } else { shown.pop().unwrap_or(Value::Null) };
        Ok(Answer::data(201, data))
    }

    fn draft(
        &mut self,
        mut given: Attributes,
        nested: Option<u64>,
        now: Timestamp,
    ) -> Result<Password, Answer> {
        let named = given.remove("organization-id").and_then(|id| number(&id));
        if nested.is_some() && named.is_some_and(|id| nested != Some(id)) {
            return Err(Answer::another_organization());
        }
        let organization = nested
            .or(named)
            .filter(|id| self.item(Kind::Organizations, *id).is_some())
            .ok_or_else(|| Answer::invalid("organization_id", "Valid organization_id is required"))?;
        let value = self.take_value(&mut given)?.ok_or_else(blank_value)?;
        if given.get("name").and_then(Value::as_str).is_none_or(str::is_empty) {
            return Err(Answer::invalid("name", "Name can't be blank"));
        }
        self.check(&mut given)?;
        self.embed(&mut given, organization)?;
        let id = self.next_id();
        Ok(Password {
            id,
            organization,
            attributes: given,
            value,
            created: now,
            updated: now,
            value_updated: now,
            versions: vec![],
        })
    }

    /// Changes only what is given, and keeps what was.
    pub(super) fn update(
        &mut self,
        id: u64,
        document: &Value,
        detail: Detail,
        now: Timestamp,
    ) -> Result<Answer, Answer> {
        let mut given = attributes(&document["data"], "passwords")?;
        if !self.passwords.contains_key(&id) {
            return Err(Answer::not_found());
        }
        if let Some(fixed) = CREATE_ONLY.iter().find(|name| given.contains_key(**name)) {
            return Err(Answer::bad_request(&format!("{fixed} is not allowed")));
        }
        let value = self.take_value(&mut given)?;
        if given.get("name").is_some_and(|name| name.as_str().is_none_or(str::is_empty)) {
            return Err(Answer::invalid("name", "Name can't be blank"));
        }
        self.check(&mut given)?;
        self.about_to_write();
        let value = value.map(|value| self.stored(&value));
        let version = self.next_id();
        let password = self.passwords.get_mut(&id).ok_or_else(Answer::not_found)?;
        let (attributes, value_before) = (password.attributes.clone(), password.value.clone());
        let before = Version { id: version, made: now, attributes, value: value_before };
        password.versions.push(before);
        password.attributes.extend(given);
        if let Some(value) = value {
            password.value = value;
            password.value_updated = now;
        }
        password.updated = now;
        let password = password.clone();
        let answer = Answer::data(200, password.to_json(self, detail));
        if self.behaviour.meanwhile == Some(Meanwhile::ArchiveAfterWrite) {
            self.written(&password, now);
        }
        Ok(answer)
    }

    /// Keeps a password, and lets somebody else do with it what a test asked for.
    fn written(&mut self, password: &Password, now: Timestamp) {
        let mut kept = password.clone();
        match self.behaviour.meanwhile {
            Some(Meanwhile::ArchiveAfterWrite) => {
                kept.attributes.insert("archived".to_owned(), true.into());
            }
            Some(Meanwhile::CreateTheSame) => {
                let id = self.next_id();
                let value = "of another run".to_owned();
                self.passwords.insert(id, Password { id, value, created: now, ..password.clone() });
            }
            _ => {
                self.passwords.insert(kept.id, kept);
                return;
            }
        }
        self.behaviour.meanwhile = None;
        self.passwords.insert(kept.id, kept);
    }

    /// Takes the value out of the attributes; a key without access has it ignored.
    fn take_value(&self, given: &mut Attributes) -> Result<Option<String>, Answer> {
        match given.remove("password") {
            _ if self.behaviour.password_access == PasswordAccess::Withheld => Ok(None),
            None => Ok(None),
            Some(Value::String(value)) if !value.is_empty() => Ok(Some(value)),
            Some(Value::String(_) | Value::Null) => Err(blank_value()),
            Some(_) => Err(Answer::invalid("password", "Password must be a string")),
        }
    }

    fn check(&self, given: &mut Attributes) -> Result<(), Answer> {
        for (name, value) in given {
            if !WRITABLE.contains(&name.as_str()) {
                return Err(Answer::bad_request(&format!("{name} is not allowed")));
            }
            let fits = match name.as_str() {
                "name" | "username" | "url" => {
                    value.is_null() || value.as_str().is_some_and(|text| text.chars().count() <= LONGEST)
                }
                "notes"
                | "resource-type"
                | "autofill-selectors"
                | "password-updated-at"
                | "generated-password-type" => value.is_null() || value.is_string(),
                "archived" | "restricted" | "is-live" | "shareable" => value.is_boolean(),
                "otp-secret" => value.is_null() || value.as_str().is_some_and(is_base32),
                "password-category-id" => {
                    let id = number(value).filter(|id| self.item(Kind::PasswordCategories, *id).is_some());
                    let fits = value.is_null() || id.is_some();
                    // Whatever it came as, it is shown as a number.
                    *value = id.into();
                    fits
                }
                _ => value.is_null() || number(value).is_some(),
            };
            if !fits {
                return Err(Answer::invalid(name, &format!("{name} is invalid")));
            }
        }
        Ok(())
    }

    /// Embeds the password in its resource, or makes it a general one as IT Glue silently does.
    fn embed(&self, given: &mut Attributes, organization: u64) -> Result<(), Answer> {
        match (given.get("resource-id").and_then(number), given.get("resource-type").and_then(Value::as_str))
        {
            (None, None) => {}
            (Some(id), Some(word)) if RESOURCE_TYPES.contains(&word) => {
                let kind = match word {
                    "Configuration" => Some(Kind::Configurations),
                    "Contact" => Some(Kind::Contacts),
                    "Document" => Some(Kind::Documents),
                    "Location" => Some(Kind::Locations),
                    "Flexible Asset" => Some(Kind::FlexibleAssets),
                    // Of the other kinds this account holds nothing.
                    _ => None,
                };
                let found = kind.and_then(|kind| self.item(kind, id));
                if found.is_none_or(|it| it.organization != Some(organization)) {
                    return Err(Answer::invalid("resource_id", "Resource does not exist"));
                }
                given.insert("resource-id".to_owned(), id.into());
            }
            (Some(_), Some(_)) => {
                given.remove("resource-id");
                given.remove("resource-type");
            }
            _ => return Err(Answer::invalid("resource_type", "resource_id and resource_type go together")),
        }
        Ok(())
    }
}

fn blank_value() -> Answer {
    Answer::invalid("password", "Password can't be blank")
}

fn is_base32(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| matches!(b, b'A'..=b'Z' | b'a'..=b'z' | b'2'..=b'7' | b'='))
}
