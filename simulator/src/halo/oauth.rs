//! The token endpoint, and what its tokens allow.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::answer::Answer;
use super::state::RIGHTS;
use crate::random::Random;

/// The one application that the tenant knows, and the tokens it was given.
#[derive(Debug)]
pub(super) struct Application {
    pub(super) client_id: String,
    pub(super) client_secret: String,
    pub(super) is_revoked: bool,
    /// The tenant that a request for a token must name; where there is none, it must name none.
    pub(super) tenant: Option<String>,
    tokens: BTreeMap<String, Token>,
    random: Random,
}

#[derive(Debug)]
struct Token {
    expires: Timestamp,
    scopes: BTreeSet<&'static str>,
}

const LIFE: SignedDuration = SignedDuration::from_hours(1);

impl Application {
    pub(super) fn new(random: Random, tenant: Option<String>) -> Self {
        let (client_id, client_secret) = (random.uuid(), format!("{}-{}", random.uuid(), random.uuid()));
        Self { client_id, client_secret, is_revoked: false, tenant, tokens: BTreeMap::new(), random }
    }

    /// Answers a form posted to the token endpoint.
    pub(super) fn token(
        &mut self,
        tenant: Option<&str>,
        form: &[(String, String)],
        now: Timestamp,
    ) -> Result<Answer, Answer> {
        let field =
            |name: &str| form.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str());
        if tenant != self.tenant.as_deref() {
            return Err(Answer::oauth("invalid_tenant"));
        }
        if field("grant_type") != "client_credentials" {
            return Err(Answer::oauth("unsupported_grant_type"));
        }
        let is_known = (field("client_id"), field("client_secret")) == (&self.client_id, &self.client_secret);
        if !is_known || self.is_revoked {
            return Err(Answer::oauth("invalid_client"));
        }
        let mut scopes = BTreeSet::new();
        for scope in field("scope").split_whitespace() {
            match RIGHTS.iter().find(|right| **right == scope) {
                Some(right) => drop(scopes.insert(*right)),
                None if scope == "all" => scopes.extend(RIGHTS),
                None => return Err(Answer::oauth("invalid_scope")),
            }
        }
        if scopes.is_empty() {
            return Err(Answer::oauth("invalid_scope"));
        }
        let token = self.random.alphanumeric(96);
        self.tokens.insert(token.clone(), Token { expires: now + LIFE, scopes });
        Ok(Answer::ok(json!({
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": LIFE.as_secs(),
            "scope": field("scope"),
        })))
    }

    /// What the header's token allows.
    pub(super) fn admit(
        &self,
        authorization: Option<&str>,
        now: Timestamp,
    ) -> Result<&BTreeSet<&'static str>, Answer> {
        let token = authorization.and_then(|header| header.strip_prefix("Bearer "));
        let token = token.and_then(|token| self.tokens.get(token)).filter(|token| now < token.expires);
        Ok(&token.ok_or_else(Answer::wrong_token)?.scopes)
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
