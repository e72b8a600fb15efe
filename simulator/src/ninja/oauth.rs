//! The token endpoint, and what its tokens allow.

use std::collections::BTreeMap;

use super::answer::Answer;
use super::log_in::LogIns;
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
    log_ins: LogIns,
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
            log_ins: LogIns::default(),
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
        let by_person = match field("grant_type") {
            "client_credentials" => false,
            "authorization_code" | "refresh_token" => true,
            "" => return Err(refused("invalid_request")),
            _ => return Err(refused("unsupported_grant_type")),
        };
        // A native application has no secret: its proof is the code's verifier, and later the refresh token.
        let secret = field("client_secret");
        if secret != self.client_secret && !(by_person && secret.is_empty()) {
            return Err(Answer::json(401, json!({ "error": "invalid_client" })));
        }
        let redeemed =
            if by_person { Some(self.log_ins.redeem(&|name| field(name).to_owned())?) } else { None };
        let refresh = redeemed.as_ref().and_then(|scopes| self.log_ins.issue(scopes, &self.random));
        let wanted =
            redeemed.map_or_else(|| field("scope").to_owned(), |scopes| scopes.replace("offline_access", ""));
        let asked: Vec<&str> = wanted.split_whitespace().collect();
        if asked.iter().any(|scope| !SCOPES.contains(scope)) {
            return Err(refused("invalid_scope"));
        }
        // Whoever asks for none gets all that the application has; who asks for less gets less.
        let granted = SCOPES.into_iter().filter(|scope| asked.is_empty() || asked.contains(scope));
        let scopes: Vec<&str> = granted.collect();
        let (token, shown) = (self.random.alphanumeric(96), scopes.join(" "));
        self.tokens.insert(token.clone(), Token { expires: now + self.token_life, scopes });
        let mut answer = json!({
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": self.token_life.as_secs(),
            "scope": shown,
        });
        if let Some(refresh) = refresh {
            answer["refresh_token"] = refresh.into();
        }
        Ok(Answer::json(200, answer))
    }

    /// Logs a person in at this address of the authorisation page; returns where that leads back to.
    pub(super) fn log_in(&mut self, url: &str) -> Option<String> {
        self.log_ins.authorize(&self.client_id, url, &self.random)
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
