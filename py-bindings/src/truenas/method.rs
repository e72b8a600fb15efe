//! Methods of the middleware by their names, for calls that have no types here.

use std::collections::BTreeSet;
use std::sync::Mutex;

use pyo3::prelude::*;
use truenas_client::Method;

use crate::errors;
use crate::rt::locked;

/// Names that were called, each once: the crate keeps names of methods for as long as the program runs.
static NAMES: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
/// The middleware has fewer than a thousand methods: whoever names more does not name methods.
const MOST: usize = 10_000;

/// The method of this name, and whether calling it changes nothing.
pub(super) fn method(name: &str, reads: bool) -> PyResult<Method> {
    let name = kept(name)?;
    Ok(if reads { Method::reads(name) } else { Method::changes(name) })
}

fn kept(name: &str) -> PyResult<&'static str> {
    let refused = |problem| Err(errors::argument("method", name, problem, "name it as in system.info"));
    let legal = |letter: u8| letter.is_ascii_alphanumeric() || letter == b'_' || letter == b'.';
    if name.is_empty() || name.len() > 100 || !name.bytes().all(legal) {
        return refused("is no name of a method");
    }
    let mut names = locked(&NAMES);
    if let Some(known) = names.get(name) {
        return Ok(known);
    }
    if names.len() >= MOST {
        return refused("is one of too many names");
    }
    let name: &'static str = Box::leak(name.to_owned().into_boxed_str());
    names.insert(name);
    Ok(name)
}
