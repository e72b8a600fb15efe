//! Log-ins by a person: the authorisation page, its codes, and the refresh tokens that follow.

use std::collections::BTreeMap;

use data_encoding::BASE64URL_NOPAD;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use url::form_urlencoded;

use super::answer::Answer;
use crate::random::Random;

/// Codes that were not exchanged yet, and refresh tokens that are good.
#[derive(Debug, Default)]
pub(super) struct LogIns {
    codes: BTreeMap<String, Code>,
    refresh: BTreeMap<String, String>,
}

#[derive(Debug)]
struct Code {
    challenge: String,
    redirect_uri: String,
    scopes: String,
}

impl LogIns {
    /// What the authorisation page leads back to once a person has logged in; `None` for what the page refuses.
    pub(super) fn authorize(&mut self, client_id: &str, url: &str, random: &Random) -> Option<String> {
        let (page, query) = url.split_once('?')?;
        let query: BTreeMap<String, String> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let given = |name: &str| query.get(name).cloned();
        let is_ours = page.ends_with("/ws/oauth/authorize")
            && given("client_id")? == client_id
            && given("response_type")? == "code"
            && given("code_challenge_method")? == "S256";
        let (challenge, redirect_uri) = (given("code_challenge")?, given("redirect_uri")?);
        if !is_ours || BASE64URL_NOPAD.decode(challenge.as_bytes()).ok()?.len() != 32 {
            return None;
        }
        let code = random.alphanumeric(32);
        let back = [("code", code.as_str()), ("state", &given("state")?)];
        let back = form_urlencoded::Serializer::new(String::new()).extend_pairs(back).finish();
        let target = format!("{redirect_uri}?{back}");
        self.codes.insert(code, Code { challenge, redirect_uri, scopes: given("scope").unwrap_or_default() });
        Some(target)
    }

    /// The scopes that a code or a refresh token stands for. A code is good once; a refresh token too, since the next token brings another.
    pub(super) fn redeem(&mut self, field: &dyn Fn(&str) -> String) -> Result<String, Answer> {
        let refused = || Answer::json(400, json!({ "error": "invalid_grant" }));
        if field("grant_type") == "refresh_token" {
            return self.refresh.remove(&field("refresh_token")).ok_or_else(refused);
        }
        let code = self.codes.remove(&field("code")).ok_or_else(refused)?;
        let verifier = field("code_verifier");
        let challenge = BASE64URL_NOPAD.encode(&Sha256::digest(verifier.as_bytes()));
        let proven = challenge == code.challenge && (43..=128).contains(&verifier.len());
        if proven && code.redirect_uri == field("redirect_uri") { Ok(code.scopes) } else { Err(refused()) }
    }

    /// A refresh token for these scopes, where they ask for one.
    pub(super) fn issue(&mut self, scopes: &str, random: &Random) -> Option<String> {
        if !scopes.split(' ').any(|scope| scope == "offline_access") {
            return None;
        }
        let token = random.alphanumeric(64);
        self.refresh.insert(token.clone(), scopes.to_owned());
        Some(token)
    }
}
