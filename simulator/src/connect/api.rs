//! What a request comes to.

use serde_json::Value;

use super::answer::Answer;
use super::filter::Filter;
use super::route::Route;
use super::state::{Server, Token, Vault};

/// A request, as far as answering takes it.
#[derive(Debug)]
pub(super) struct Asked<'a> {
    pub(super) route: Route<'a>,
    pub(super) query: &'a str,
    /// The value of the header `Authorization`.
    pub(super) authorization: Option<&'a str>,
}

/// The answer to a request.
pub(super) fn serve(server: &Server, asked: &Asked<'_>) -> Answer {
    answer(server, asked).unwrap_or_else(|refusal| refusal)
}

fn answer(server: &Server, asked: &Asked<'_>) -> Result<Answer, Answer> {
    let token = token(server, asked.authorization)?;
    let filter = filter(asked)?;
    let wanted = |attribute: &str, value: &str| {
        filter.as_ref().is_none_or(|it| it.attribute != attribute || server.filters.same(value, &it.value))
    };
    Ok(Answer::found(match asked.route {
        Route::Vaults => {
            let seen = server.vaults.iter().filter(|vault| token.vaults.contains(&vault.id));
            seen.filter(|vault| wanted("name", &vault.name)).map(Vault::to_json).collect()
        }
        Route::Vault(id) => vault(server, token, id)?.to_json(),
        Route::Items { vault: id } => {
            let vault = vault(server, token, id)?;
            let has_tag = |tags: &[String]| match &filter {
                Some(filter) if filter.attribute == "tag" => {
                    tags.iter().any(|tag| server.filters.same(tag, &filter.value))
                }
                _ => true,
            };
            let found = vault.items.iter().filter(|item| wanted("title", &item.title) && has_tag(&item.tags));
            found.map(|item| item.summary(&vault.id)).collect::<Value>()
        }
        Route::Item { vault: id, item } => {
            let vault = vault(server, token, id)?;
            check_id(item)?;
            let found = vault.items.iter().find(|it| it.id == item);
            found.ok_or_else(|| Answer::no_item(item))?.whole(&vault.id)
        }
        Route::Unknown { .. } => return Err(Answer::no_route()),
    }))
}

fn token<'a>(server: &'a Server, authorization: Option<&str>) -> Result<&'a Token, Answer> {
    let shown = authorization.ok_or_else(Answer::no_token)?;
    let shown = shown.strip_prefix("Bearer ").ok_or_else(Answer::no_token)?;
    server.tokens.iter().find(|token| token.text == shown).ok_or_else(Answer::wrong_token)
}

/// The filter of a list. There is no other parameter, and a filter is given once.
fn filter(asked: &Asked<'_>) -> Result<Option<Filter>, Answer> {
    let attributes = asked.route.filters();
    let mut found = None;
    for (name, value) in url::form_urlencoded::parse(asked.query.as_bytes()) {
        if name != "filter" || attributes.is_empty() || found.is_some() {
            return Err(Answer::bad_request(&format!("Invalid query parameter {name}")));
        }
        let filter = Filter::parse(&value, attributes);
        found = Some(filter.map_err(|why| Answer::bad_request(&format!("Invalid filter: {why}")))?);
    }
    Ok(found)
}

/// The vault of this id, if the token was made for it.
fn vault<'a>(server: &'a Server, token: &Token, id: &str) -> Result<&'a Vault, Answer> {
    check_id(id)?;
    let found = server.vaults.iter().find(|vault| vault.id == id).ok_or_else(|| Answer::no_vault(id))?;
    if token.vaults.contains(&found.id) { Ok(found) } else { Err(Answer::forbidden(id)) }
}

fn check_id(id: &str) -> Result<(), Answer> {
    let is_id = id.len() == 26 && id.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    if is_id { Ok(()) } else { Err(Answer::bad_request(&format!("{id} is no id"))) }
}
