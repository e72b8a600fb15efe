//! What a server holds: vaults with their items, and tokens.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::filter::Filters;
use super::item::{Item, Stored};
use crate::random::Random;

/// The contents of a server.
#[derive(Debug)]
pub(super) struct Server {
    pub(super) vaults: Vec<Vault>,
    pub(super) tokens: Vec<Token>,
    pub(super) filters: Filters,
    random: Random,
}

#[derive(Debug)]
pub(super) struct Vault {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) items: Vec<Stored>,
}

/// A token, and the ids of the vaults that it was made for.
#[derive(Debug)]
pub(super) struct Token {
    pub(super) text: String,
    pub(super) vaults: Vec<String>,
}

impl Server {
    pub(super) fn new(random: Random, filters: Filters) -> Self {
        Self { vaults: Vec::new(), tokens: Vec::new(), filters, random }
    }

    pub(super) fn add_vault(&mut self, name: &str) -> String {
        let id = new_id(&self.random);
        self.vaults.push(Vault { id: id.clone(), name: name.to_owned(), items: Vec::new() });
        id
    }

    /// Files an item and returns its id; `None` where there is no such vault.
    pub(super) fn add_item(&mut self, vault: &str, item: &Item, now: Timestamp) -> Option<String> {
        let stored = Stored::new(item, || new_id(&self.random), now);
        let id = stored.id.clone();
        self.vaults.iter_mut().find(|it| it.id == vault)?.items.push(stored);
        Some(id)
    }

    pub(super) fn add_token(&mut self, vaults: &[String]) -> String {
        let text = format!("connect-simulated-{}", self.random.alphanumeric(48));
        self.tokens.push(Token { text: text.clone(), vaults: vaults.to_vec() });
        text
    }

    pub(super) fn item_mut(&mut self, id: &str) -> Option<&mut Stored> {
        self.vaults.iter_mut().flat_map(|vault| &mut vault.items).find(|item| item.id == id)
    }
}

impl Vault {
    pub(super) fn to_json(&self) -> Value {
        json!({
            "id": self.id,
            "name": self.name,
            "attributeVersion": 1,
            "contentVersion": self.items.len(),
            "items": self.items.len(),
            "type": "USER_CREATED",
        })
    }
}

/// 26 letters and digits, as every id.
fn new_id(random: &Random) -> String {
    random.text(26, b"abcdefghijklmnopqrstuvwxyz0123456789")
}
