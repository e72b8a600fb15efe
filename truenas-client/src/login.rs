//! Logging in: which call, by what is known of the appliance and by what credentials there are.

use serde_json::{Value, json};
use tokio::task::spawn_blocking;
use tokio::time::Instant;

use crate::call::Call;
use crate::config::{Credentials, OneTimeCode};
use crate::dialect::Dialect;
use crate::dialer::{Dialer, Opened, answer_too_long};
use crate::error::{Error, ErrorKind};
use crate::operations;
use crate::probe::Found;
use crate::refusal;
use crate::scram::{Scram, Stretched, is_proven};
use crate::transport::{NoAnswer, Protocol, Refusal};

/// Characters in one message before the log-in; a longer one closes the connection (TrueNAS middleware 24.10 to 26, `utils/limits.py`).
const MESSAGE_LIMIT: usize = 8192;

/// Logs in, and says what the appliance is spoken to by from then on.
pub(crate) async fn log_in(dialer: &Dialer, opened: &Opened, found: &Found) -> Result<Dialect, Error> {
    let login = Login { dialer, opened };
    if let (Protocol::JsonRpc, Found::Versions(dialect)) = (opened.protocol, found) {
        login.with_versions(dialect).await?;
        return Ok(dialect.clone());
    }
    login.without_versions().await?;
    let call = Call::new(operations::SYSTEM_VERSION, []);
    let text = login.ask(&call).await?;
    Dialect::without_versions(text.as_str().unwrap_or_default()).map_err(|kind| login.failed(&call, kind))
}

struct Login<'a> {
    dialer: &'a Dialer,
    opened: &'a Opened,
}

impl Login<'_> {
    /// From 25.04.
    async fn with_versions(&self, dialect: &Dialect) -> Result<(), Error> {
        let options = json!({"user_info": false});
        match &*self.dialer.config.credentials {
            Credentials::ApiKey { user: Some(user), key } => {
                if dialect.has_scram() && self.offers("SCRAM").await? {
                    return self.by_proof(user, key.expose()).await;
                }
                let call = json!({"mechanism": "API_KEY_PLAIN", "username": user, "api_key": key.expose(), "login_options": options});
                self.extended(call, None).await
            }
            Credentials::ApiKey { user: None, key } => {
                self.yes_or_no(Call::new(operations::LOG_IN_WITH_KEY, [key.expose().into()])).await
            }
            Credentials::Password { user, password, one_time_code } => {
                let call = json!({"mechanism": "PASSWORD_PLAIN", "username": user, "password": password.expose(), "login_options": options});
                self.extended(call, one_time_code.as_ref()).await
            }
            Credentials::Token(token) => {
                let call =
                    json!({"mechanism": "TOKEN_PLAIN", "token": token.expose(), "login_options": options});
                self.extended(call, None).await
            }
        }
    }

    /// Before 25.04, where it is not known yet which release it is.
    async fn without_versions(&self) -> Result<(), Error> {
        match &*self.dialer.config.credentials {
            Credentials::ApiKey { key, .. } => {
                self.yes_or_no(Call::new(operations::LOG_IN_WITH_KEY, [key.expose().into()])).await
            }
            Credentials::Password { user, password, one_time_code } => {
                let mut params = vec![json!(user), json!(password.expose())];
                params.extend(one_time_code.iter().map(|code| json!(code.expose())));
                self.yes_or_no(Call::new(operations::LOG_IN, params)).await
            }
            Credentials::Token(token) => {
                let call = Call::new(operations::LOG_IN_WITH_TOKEN, [token.expose().into()]);
                match self.yes_or_no(call).await {
                    // CORE has another name for it. A token that nobody looked at is as good as before.
                    Err(error) if matches!(error.kind(), ErrorKind::Unsupported { .. }) => {
                        self.yes_or_no(Call::new(
                            operations::LOG_IN_WITH_TOKEN_ON_CORE,
                            [token.expose().into()],
                        ))
                        .await
                    }
                    outcome => outcome,
                }
            }
        }
    }

    async fn offers(&self, mechanism: &str) -> Result<bool, Error> {
        let offered = self.ask(&Call::new(operations::LOG_IN_MECHANISMS, [])).await?;
        Ok(offered.as_array().is_some_and(|all| all.iter().any(|name| name == mechanism)))
    }

    /// The older calls answer with true or false.
    async fn yes_or_no(&self, call: Call) -> Result<(), Error> {
        match self.ask(&call).await? {
            Value::Bool(true) => Ok(()),
            _ => Err(self.failed(&call, ErrorKind::CredentialsRejected)),
        }
    }

    /// A failed log-in is an answer here, and says why.
    async fn extended(&self, login: Value, code: Option<&OneTimeCode>) -> Result<(), Error> {
        let call = Call::new(operations::LOG_IN_EXTENDED, [login]);
        let answer = self.ask(&call).await?;
        match (answer["response_type"].as_str(), code) {
            // The code belongs to the same connection.
            (Some("OTP_REQUIRED"), Some(code)) => {
                let call = Call::new(
                    operations::LOG_IN_EXTENDED,
                    [json!({"mechanism": "OTP_TOKEN", "otp_token": code.expose()})],
                );
                match outcome(&self.ask(&call).await?) {
                    Err(ErrorKind::CredentialsRejected) => Err(ErrorKind::OneTimeCodeRequired),
                    outcome => outcome,
                }
            }
            _ => outcome(&answer),
        }
        .map_err(|kind| self.failed(&call, kind))
    }

    /// Both sides prove that they know the key, and neither sends it.
    async fn by_proof(&self, user: &str, key: &str) -> Result<(), Error> {
        let fail = |kind| Error::new(operations::LOG_IN_EXTENDED.name(), self.dialer.subject(), kind);
        let (number, secret) = key.split_once('-').unwrap_or(("", key));
        let is_number = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
        if !is_number || secret.is_empty() {
            let reason =
                "an API key of TrueNAS reads like 1-…: the key's number, a hyphen, and 64 characters";
            return Err(fail(ErrorKind::InvalidRequest { reason }));
        }
        let scram = Scram::new(user, number, self.opened.binding.as_deref()).map_err(fail)?;
        let text = self.scram_message("CLIENT_FIRST_MESSAGE", scram.opening()).await?;
        let path = || ErrorKind::NotUnderstood { path: "rfc_str".into() };
        let challenge = scram.challenge(&text).ok_or_else(|| fail(path()))?;
        let kept = self.stretched(|stretched| stretched.for_challenge(&challenge));
        let (challenge, salted) = if let Some(salted) = kept {
            (challenge, salted)
        } else {
            let key = crate::config::ApiKey::new(secret);
            // It keeps a processor busy for most of a second.
            let stretching = spawn_blocking(move || (Stretched::of(key.expose(), &challenge), challenge));
            let (stretched, challenge) = stretching.await.map_err(|e| fail(path()).with_source(e))?;
            let salted = stretched.for_challenge(&challenge);
            self.keep(stretched);
            (challenge, salted.ok_or_else(|| fail(path()))?)
        };
        let (proof, expected) = scram.proof(&challenge, &salted);
        let text = self.scram_message("CLIENT_FINAL_MESSAGE", proof).await?;
        if is_proven(&text, &expected) { Ok(()) } else { Err(fail(ErrorKind::NotProven)) }
    }

    async fn scram_message(&self, kind: &str, message: String) -> Result<String, Error> {
        let login = json!({"mechanism": "SCRAM", "scram_type": kind, "rfc_str": message});
        let call = Call::new(operations::LOG_IN_EXTENDED, [login]);
        let answer = self.ask(&call).await?;
        if let (Some("SCRAM_RESPONSE"), Some(text)) =
            (answer["response_type"].as_str(), answer["rfc_str"].as_str())
        {
            return Ok(text.to_owned());
        }
        let kind = outcome(&answer).err();
        let path = || ErrorKind::NotUnderstood { path: "response_type".into() };
        Err(self.failed(&call, kind.unwrap_or_else(path)))
    }

    fn stretched<T>(&self, look: impl FnOnce(&Stretched) -> Option<T>) -> Option<T> {
        self.dialer.stretched.lock().ok()?.as_ref().and_then(look)
    }

    fn keep(&self, stretched: Stretched) {
        if let Ok(mut kept) = self.dialer.stretched.lock() {
            *kept = Some(stretched);
        }
    }

    async fn ask(&self, call: &Call) -> Result<Value, Error> {
        let until = Instant::now() + self.dialer.connect_limit();
        let kind = match self.opened.link.exchange(call.method(), &call.params, MESSAGE_LIMIT, until).await {
            Ok(Ok(answer)) => return Ok(answer),
            Ok(Err(Refusal::NoSuchMethod)) if call.method() == operations::LOG_IN_WITH_KEY.name() => {
                let reason = "this release logs an API key in only with the name of the user it belongs to: give that too";
                ErrorKind::InvalidRequest { reason }
            }
            // Even the form of the credentials was wrong.
            Ok(Err(Refusal::Invalid(_) | Refusal::Malformed { .. })) => ErrorKind::CredentialsRejected,
            Ok(Err(refusal)) => refusal::kind(call, "the appliance", refusal),
            Err(NoAnswer::AnswerTooLong { .. }) => answer_too_long(),
            Err(NoAnswer::NotAllowed) => ErrorKind::AddressNotAllowed,
            Err(NoAnswer::NotUnderstood) => ErrorKind::NotTrueNas,
            Err(NoAnswer::TooLong { characters }) => ErrorKind::TooLong { characters, limit: MESSAGE_LIMIT },
            Err(NoAnswer::NotSent | NoAnswer::Unanswered) => ErrorKind::Unreachable,
        };
        Err(self.failed(call, kind))
    }

    fn failed(&self, call: &Call, kind: ErrorKind) -> Error {
        Error::new(call.method(), self.dialer.subject(), kind)
    }
}

/// What the answer of `auth.login_ex` means (TrueNAS middleware 25.04 to 26, `api/*/auth.py`).
fn outcome(answer: &Value) -> Result<(), ErrorKind> {
    Err(match answer["response_type"].as_str() {
        Some("SUCCESS") => return Ok(()),
        Some("AUTH_ERR") => ErrorKind::CredentialsRejected,
        Some("EXPIRED") => ErrorKind::CredentialsExpired,
        Some("OTP_REQUIRED") => ErrorKind::OneTimeCodeRequired,
        Some("DENIED") => ErrorKind::ApiAccessDenied,
        Some("REDIRECT") => {
            let urls = answer["urls"].as_array().into_iter().flatten().filter_map(Value::as_str);
            ErrorKind::Standby { urls: urls.map(|url| safe_text::safe(url).into_owned()).collect() }
        }
        _ => ErrorKind::NotUnderstood { path: "response_type".into() },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_to_a_log_in_has_its_own_meaning() {
        let urls = vec!["https://10.0.0.6".to_owned()];
        for (answer, expected) in [
            (json!({"response_type": "SUCCESS", "user_info": null, "authenticator": "LEVEL_1"}), Ok(())),
            (json!({"response_type": "AUTH_ERR"}), Err(ErrorKind::CredentialsRejected)),
            (json!({"response_type": "EXPIRED"}), Err(ErrorKind::CredentialsExpired)),
            (
                json!({"response_type": "OTP_REQUIRED", "username": "root"}),
                Err(ErrorKind::OneTimeCodeRequired),
            ),
            (json!({"response_type": "DENIED"}), Err(ErrorKind::ApiAccessDenied)),
            (
                json!({"response_type": "REDIRECT", "urls": urls}),
                Err(ErrorKind::Standby { urls: urls.clone() }),
            ),
            (json!({"response_type": "NEW"}), Err(ErrorKind::NotUnderstood { path: "response_type".into() })),
            (json!(true), Err(ErrorKind::NotUnderstood { path: "response_type".into() })),
            (Value::Null, Err(ErrorKind::NotUnderstood { path: "response_type".into() })),
        ] {
            assert_eq!(outcome(&answer), expected, "{answer}");
        }
    }
}
