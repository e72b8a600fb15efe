//! A 1Password Connect server: three reads for a secret.

mod item;
mod operations;

use std::time::Duration;

use http_core::{
    Call, Disposition, Endpoint, Error, ErrorKind, Method, Options, RawHttp, RequestBuilder, ResponseHead,
    ServiceClient, ServiceError,
};
use safe_text::SecretString;
use serde::Deserialize;

use super::failure::OnePasswordFailure;
use super::reference::{SecretReference, is_id};
use item::Item;

safe_text::secret_types! {
    /// An access token of a Connect server.
    ConnectToken;
}

/// A Connect server, with a token for it.
pub(super) struct ConnectServer {
    service: ServiceClient<Connect>,
    limit: Duration,
}

/// The service, with the token that it wants in each call.
struct Connect {
    token: ConnectToken,
    endpoint: Endpoint,
}

impl http_core::Service for Connect {
    const NAME: &'static str = "connect";
    type Session = ();

    async fn open_session(&self, _http: &RawHttp) -> Result<(), Error> {
        Ok(())
    }

    fn authorize(&self, (): &(), request: &mut RequestBuilder<'_>) {
        let token = SecretString::from(format!("Bearer {}", self.token.expose()));
        request.base(self.endpoint.url()).secret_header("authorization", token.expose_secret());
    }

    fn classify(&self, head: &ResponseHead, body: &[u8]) -> Disposition {
        classify(head, body)
    }
}

/// A refusal: status and message (1Password's documentation of Connect).
#[derive(Deserialize)]
struct Refusal {
    message: Option<String>,
}

/// What an answer means. A token is never renewed, so that a 401 is final; a page that refuses is a proxy's, and says nothing about the token.
fn classify(head: &ResponseHead, body: &[u8]) -> Disposition {
    let refusal: Result<Refusal, _> = http_core::decode(body);
    let error = ServiceError::new(head);
    if matches!(head.status(), 401 | 403 | 404) && refusal.is_err() {
        let error = error.kind(ErrorKind::NotUnderstood);
        return Disposition::Fail(error.message("a page, and no answer of a Connect server"));
    }
    let message = refusal.ok().and_then(|refusal| refusal.message).unwrap_or_default();
    let error = error.message(&message);
    match head.status() {
        401 => Disposition::Fail(error),
        _ => Disposition::of(head, error),
    }
}

/// A vault or an item, as a list shows it.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Row {
    id: Option<String>,
    name: Option<String>,
    title: Option<String>,
    state: Option<String>,
}

impl Row {
    fn is_named(&self, wanted: &str) -> bool {
        self.name.as_ref().or(self.title.as_ref()).is_some_and(|name| name.eq_ignore_ascii_case(wanted))
    }
}

/// Whether an item of this state is out of use.
fn is_gone(state: Option<&str>) -> bool {
    matches!(state, Some("ARCHIVED" | "DELETED"))
}

impl ConnectServer {
    /// The server at this address.
    pub(super) fn new(
        host: &SecretString,
        token: &SecretString,
        limit: Duration,
    ) -> Result<Self, OnePasswordFailure> {
        let unusable = |problem| OnePasswordFailure::UnusableVariable { name: super::CONNECT_HOST, problem };
        let endpoint = Endpoint::parse("the address", host.expose_secret());
        let endpoint = endpoint.map_err(|refused| unusable(refused.to_string()))?;
        let endpoint = endpoint.user_agent(None, "dtc", env!("CARGO_PKG_VERSION"));
        let options = Options::default().read_only().attempts(3).deadline(limit);
        let service = Connect { token: ConnectToken::new(token.clone()), endpoint: endpoint.clone() };
        let service = ServiceClient::new(service, &endpoint, &options);
        Ok(Self { service: service.map_err(|error| unusable(error.to_string()))?, limit })
    }

    /// Reads the secret: its vault, its item, and of that the one field that the reference names.
    pub(super) async fn read(&self, reference: &SecretReference) -> Result<SecretString, OnePasswordFailure> {
        if let Some(attribute) = reference.attribute() {
            return Err(OnePasswordFailure::NotByConnect(attribute.query()));
        }
        let found = tokio::time::timeout(self.limit, self.find(reference)).await;
        found.unwrap_or(Err(OnePasswordFailure::Unanswered(self.limit)))
    }

    async fn find(&self, reference: &SecretReference) -> Result<SecretString, OnePasswordFailure> {
        let failed = |what: &'static str| move |error: Error| failure(&error, what, reference);
        let vault = if is_id(reference.vault()) {
            reference.vault().to_owned()
        } else {
            let list = || Call::new(operations::LIST_VAULTS, Method::Get, "v1/vaults");
            let rows = self.named(list, "name", reference.vault()).await.map_err(failed("vault"))?;
            the_one(rows, "vault", reference.vault())?
        };
        let item = if is_id(reference.item()) {
            reference.item().to_owned()
        } else {
            let list = || Call::new(operations::LIST_ITEMS, Method::Get, format!("v1/vaults/{vault}/items"));
            let rows = self.named(list, "title", reference.item()).await.map_err(failed("vault"))?;
            the_one(rows, "item", reference.item())?
        };
        let path = format!("v1/vaults/{vault}/items/{item}");
        let call = Call::new(operations::GET_ITEM, Method::Get, path).subject(reference);
        let found: Item = self.service.send(call).await.map_err(failed("item"))?;
        if !found.is(&item, &vault) {
            let problem = "the server shows another item than the one that was asked for".to_owned();
            return Err(OnePasswordFailure::Other(problem));
        }
        if is_gone(found.state.as_deref()) {
            return Err(no_such("item", reference.item()));
        }
        found.value(reference)
    }

    /// The rows of a list that have this name. A filter may tell capitals from small letters, which no reference does: where it finds
    /// nothing, all rows are looked through.
    async fn named(
        &self,
        list: impl Fn() -> Call + Send,
        attribute: &str,
        name: &str,
    ) -> Result<Vec<Row>, Error> {
        let is_named = |row: &Row| row.is_named(name) && !is_gone(row.state.as_deref());
        let filtered = list().query("filter", format!("{attribute} eq \"{name}\""));
        let mut rows: Vec<Row> = self.service.send(filtered).await?;
        if !rows.iter().any(is_named) {
            rows = self.service.send(list()).await?;
        }
        rows.retain(is_named);
        Ok(rows)
    }
}

/// The id of the one row. Rows without an id count, too.
fn the_one(rows: Vec<Row>, what: &str, name: &str) -> Result<String, OnePasswordFailure> {
    let ids: Vec<String> = rows.into_iter().map(|row| row.id.unwrap_or_default()).collect();
    match <[String; 1]>::try_from(ids) {
        Ok([id]) if is_id(&id) => Ok(id),
        Ok(_) => {
            Err(OnePasswordFailure::Other(format!("the id of the {what} {name:?} is no id of 1Password")))
        }
        Err(none) if none.is_empty() => Err(no_such(what, name)),
        Err(several) => Err(OnePasswordFailure::Ambiguous(format!(
            "there are {} {what}s with the name {name:?}",
            several.len()
        ))),
    }
}

fn no_such(what: &str, name: &str) -> OnePasswordFailure {
    OnePasswordFailure::NotFound(format!("there is no {what} {name:?} that the token may read"))
}

/// What a failed call means; `what` is missing where the server does not find it.
fn failure(error: &Error, what: &'static str, reference: &SecretReference) -> OnePasswordFailure {
    match error.kind() {
        ErrorKind::CredentialsRejected => OnePasswordFailure::TokenRejected,
        ErrorKind::Unauthorized => OnePasswordFailure::Forbidden { vault: reference.vault().to_owned() },
        ErrorKind::NotFound if what == "vault" => no_such("vault", reference.vault()),
        ErrorKind::NotFound => no_such("item", reference.item()),
        ErrorKind::RateLimited => OnePasswordFailure::RateLimited,
        ErrorKind::Unreachable => OnePasswordFailure::Unreachable(error.to_string()),
        _ => OnePasswordFailure::Other(error.to_string()),
    }
}
