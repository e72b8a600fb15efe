//! The token endpoint and what its tokens are good for.

use std::collections::BTreeMap;

use super::answer::Answer;
use crate::random::Random;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

/// The one machine-to-machine application that the tenant knows, and the tokens it was given.
#[derive(Debug)]
pub(super) struct Application {
    pub(super) client_id: String,
    pub(super) client_secret: String,
    pub(super) token_life: SignedDuration,
    tokens: BTreeMap<String, Timestamp>,
    random: Random,
}

const SCOPES: [&str; 2] = ["monitoring", "management"];

impl Application {
    pub(super) fn new(random: Random) -> Self {
        Self {
            client_id: random.alphanumeric(27),
            client_secret: random.alphanumeric(54),
            token_life: SignedDuration::from_secs(3600),
            tokens: BTreeMap::new(),
            random,
        }
    }

    /// Answers a form posted to the token endpoint.
    pub(super) fn token(&mut self, form: &[(String, String)], now: Timestamp) -> Result<Answer, Answer> {
        let field =
            |name: &str| form.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str());
        if field("client_id") != self.client_id {
            return Err(Answer::unknown_client());
        }
        let refused = |error: &str| Answer::json(400, json!({ "error": error }));
        match field("grant_type") {
            "client_credentials" => {}
            "" => return Err(refused("invalid_request")),
            _ => return Err(refused("unsupported_grant_type")),
        }
        if field("client_secret") != self.client_secret {
            return Err(Answer::json(401, json!({ "error": "invalid_client" })));
        }
        if field("scope").split_whitespace().any(|scope| !SCOPES.contains(&scope)) {
            return Err(refused("invalid_scope"));
        }
        let token = self.random.alphanumeric(96);
        self.tokens.insert(token.clone(), now + self.token_life);
        Ok(Answer::json(
            200,
            json!({
                "access_token": token,
                "token_type": "Bearer",
                "expires_in": self.token_life.as_secs(),
                "scope": SCOPES.join(" "),
            }),
        ))
    }

    /// Whether the header lets its bearer in.
    pub(super) fn admit(&self, authorization: Option<&str>, now: Timestamp) -> Result<(), Answer> {
        let header = authorization.ok_or_else(|| Answer::auth(400, "missing_header", 2))?;
        let token = header
            .strip_prefix("Bearer ")
            .filter(|token| !token.is_empty() && !token.contains(' '))
            .ok_or_else(|| Answer::auth(400, "invalid_header", 1))?;
        match self.tokens.get(token) {
            Some(expiry) if now < *expiry => Ok(()),
            _ => Err(Answer::auth(401, "not_authenticated", 10)),
        }
    }

    /// Takes back the token that a header shows.
    pub(super) fn expire(&mut self, authorization: &str) {
        if let Some(token) = authorization.strip_prefix("Bearer ") {
            self.tokens.remove(token);
        }
    }

    /// Takes back every token given so far.
    pub(super) fn expire_tokens(&mut self) {
        self.tokens.clear();
    }
}
