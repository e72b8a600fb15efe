//! The server as a test reads and changes it, without the API.

use std::sync::Arc;

use super::item::Item;
use super::wire::Shared;

/// Changes and shows the server without its API; clones share it.
#[derive(Debug, Clone)]
pub struct Handle {
    shared: Arc<Shared>,
    vault: String,
}

impl Handle {
    pub(super) fn new(shared: Arc<Shared>, vault: String) -> Self {
        Self { shared, vault }
    }

    /// Returns the id of the vault that is there from the beginning, [`DEFAULT_VAULT`](super::DEFAULT_VAULT).
    pub fn vault_id(&self) -> &str {
        &self.vault
    }

    /// Adds a vault and returns its id; its name need not be its own. No token sees it that was made before.
    pub fn add_vault(&self, name: &str) -> String {
        self.shared.server().add_vault(name)
    }

    /// Files an item in a vault and returns its id; its title need not be its own. `None` where there is no such vault.
    pub fn add_item(&self, vault: &str, item: &Item) -> Option<String> {
        let now = self.shared.clock.now();
        self.shared.server().add_item(vault, item, now)
    }

    /// Files an item in the vault that is there from the beginning and returns its id.
    pub fn file(&self, item: &Item) -> String {
        self.add_item(&self.vault, item).unwrap_or_default()
    }

    /// Replaces the value of every field of this label in an item, and returns whether there was one.
    pub fn set_value(&self, item: &str, label: &str, value: &str) -> bool {
        let now = self.shared.clock.now();
        self.shared.server().item_mut(item).is_some_and(|item| item.set_value(label, value, now))
    }

    /// Returns the id of the first field of this label in an item.
    pub fn field_id(&self, item: &str, label: &str) -> Option<String> {
        self.shared.server().item_mut(item)?.field_id(label)
    }

    /// Archives an item; it stays in the lists, marked.
    pub fn archive(&self, item: &str) {
        if let Some(item) = self.shared.server().item_mut(item) {
            item.is_archived = true;
        }
    }

    /// Makes a token for these vaults and returns it.
    pub fn add_token(&self, vaults: &[String]) -> String {
        self.shared.server().add_token(vaults)
    }

    /// Makes a token invalid.
    pub fn revoke_token(&self, token: &str) {
        self.shared.server().tokens.retain(|known| known.text != token);
    }
}
