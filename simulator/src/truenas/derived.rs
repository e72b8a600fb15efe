//! The keys that the simulator's own engine derives, kept because deriving them takes a while.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use rclone_crypt::{Keys, Password, Salt};

/// The keys of an appliance's tasks, by the password and the salt that they were derived from.
#[derive(Debug, Default)]
pub(super) struct Derived(Mutex<BTreeMap<(String, String), Arc<Keys>>>);

impl Derived {
    /// Derives the keys of a password and a salt, or waits for a caller that is deriving them.
    pub(super) fn keys(&self, password: &str, salt: &str) -> Result<Arc<Keys>, String> {
        let mut derived = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let pair = (password.to_owned(), salt.to_owned());
        if let Some(keys) = derived.get(&pair) {
            return Ok(Arc::clone(keys));
        }
        let salt = if salt.is_empty() { Salt::none() } else { Salt::new(salt) };
        let keys = Keys::derive(&Password::new(password), &salt).map_err(|e| e.to_string())?;
        let keys = Arc::new(keys);
        derived.insert(pair, Arc::clone(&keys));
        Ok(keys)
    }
}
