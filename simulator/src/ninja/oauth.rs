//! The token endpoint, and what its tokens allow.

use std::collections::BTreeMap;

use super::answer::Answer;
use crate::random::Random;
use crate::request::Access;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

/// The one machine-to-machine application that the tenant knows, and the tokens it was given.
#[derive(Debug)]
pub(super) struct Application {
    pub(super) client_id: String,
    pub(super) client_secret: String,
    pub(super) token_life: SignedDuration,
    tokens: BTreeMap<String, Token>,
    random: Random,
}

#[derive(Debug)]
struct Token {
    expires: Timestamp,
    scopes: Vec<&'static str>,
}

/// What is read, and what is written, with.
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
        let asked: Vec<&str> = field("scope").split_whitespace().collect();
        if asked.iter().any(|scope| !SCOPES.contains(scope)) {
            return Err(refused("invalid_scope"));
        }
        // Whoever asks for none gets all that the application has; who asks for less gets less.
        let granted = SCOPES.into_iter().filter(|scope| asked.is_empty() || asked.contains(scope));
        let scopes: Vec<&str> = granted.collect();
        let (token, shown) = (self.random.alphanumeric(96), scopes.join(" "));
        self.tokens.insert(token.clone(), Token { expires: now + self.token_life, scopes });
        Ok(Answer::json(
            200,
            json!({
                "access_token": token,
                "token_type": "Bearer",
                "expires_in": self.token_life.as_secs(),
                "scope": shown,
            }),
        ))
    }

    /// Checks that the header's token is valid for reading or writing.
    pub(super) fn admit(
        &self,
        authorization: Option<&str>,
        access: Access,
        now: Timestamp,
    ) -> Result<(), Answer> {
        let header = authorization.ok_or_else(|| Answer::auth(400, "missing_header", 2))?;
        let token = header
            .strip_prefix("Bearer ")
            .filter(|token| !token.is_empty() && !token.contains(' '))
            .ok_or_else(|| Answer::auth(400, "invalid_header", 1))?;
        let token = self.tokens.get(token).filter(|token| now < token.expires);
        let token = token.ok_or_else(|| Answer::auth(401, "not_authenticated", 10))?;
        let needed = match access {
            Access::Read => SCOPES[0],
            Access::Write => SCOPES[1],
        };
        if token.scopes.contains(&needed) { Ok(()) } else { Err(Answer::insufficient_scope()) }
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
