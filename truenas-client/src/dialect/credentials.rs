//! Cloud credentials before 25.04: the provider is a name, and what else there is to say about it stands beside it, in `attributes`
//! (TrueNAS middleware 24.10, `api/v24_10/cloud_sync.py`). From 25.04 both are one object with a `type`.

use serde_json::{Map, Value, json};

use super::{Feature, Wire};
use crate::call::overwrite;

/// The last parameter of `create` and `update` holds the provider.
#[expect(clippy::unnecessary_wraps, reason = "a row's translation may find that a call cannot be made")]
pub(super) fn translate(wire: &mut Wire) -> Result<(), Feature> {
    if let Some(fields) = wire.params.last_mut().and_then(Value::as_object_mut)
        && let Some(Value::Object(provider)) = fields.remove("provider")
    {
        fields.extend(parted(provider));
    }
    Ok(())
}

/// The one parameter of `verify` is the provider.
#[expect(clippy::unnecessary_wraps, reason = "a row's translation may find that a call cannot be made")]
pub(super) fn translate_verify(wire: &mut Wire) -> Result<(), Feature> {
    if let Some(Value::Object(provider)) = wire.params.first_mut() {
        *provider = parted(std::mem::take(provider)).into_iter().collect();
    }
    Ok(())
}

/// The name, and the attributes.
fn parted(mut provider: Map<String, Value>) -> [(String, Value); 2] {
    let name = provider.remove("type").unwrap_or_default();
    [("provider".into(), name), ("attributes".into(), Value::Object(provider))]
}

/// A credential, or a list of them.
pub(super) fn restore(answer: Value) -> Value {
    match answer {
        Value::Array(rows) => Value::Array(rows.into_iter().map(restore).collect()),
        Value::Object(mut fields) => {
            restore_fields(&mut fields);
            Value::Object(fields)
        }
        other => other,
    }
}

fn restore_fields(fields: &mut Map<String, Value>) {
    let Some(Value::String(name)) = fields.get("provider") else { return };
    let mut provider = Map::from_iter([("type".to_owned(), json!(name))]);
    match fields.remove("attributes") {
        Some(Value::Object(attributes)) => provider.extend(attributes),
        // Hidden as a whole: so is each of them.
        Some(mut hidden @ Value::String(_)) => {
            provider.extend(["account", "key"].map(|name| (name.to_owned(), hidden.clone())));
            overwrite(&mut hidden);
        }
        _ => {}
    }
    fields.insert("provider".into(), Value::Object(provider));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wire(params: Value) -> Wire {
        let Value::Array(params) = params else { unreachable!() };
        Wire { method: "cloudsync.credentials.create", params }
    }

    #[test]
    fn provider_and_attributes_are_parted_and_joined_again() {
        let canonical = json!({"name": "B2 x", "provider": {"type": "B2", "account": "0051", "key": "K"}});
        let old = json!({"name": "B2 x", "provider": "B2", "attributes": {"account": "0051", "key": "K"}});
        for before in [vec![], vec![json!(5)]] {
            let with = |body: &Value| Value::Array([before.clone(), vec![body.clone()]].concat());
            let mut sent = wire(with(&canonical));
            translate(&mut sent).unwrap();
            assert_eq!(json!(sent.params), with(&old));
        }
        assert_eq!(restore(old.clone()), canonical);
        assert_eq!(restore(json!([old])), json!([canonical]));
    }

    #[test]
    fn verify_takes_the_provider_alone() {
        let mut sent = wire(json!([{"type": "B2", "account": "0051", "key": "K"}]));
        translate_verify(&mut sent).unwrap();
        assert_eq!(
            json!(sent.params),
            json!([{"provider": "B2", "attributes": {"account": "0051", "key": "K"}}])
        );
    }

    #[test]
    fn attributes_that_are_hidden_as_a_whole_are_hidden_each() {
        let restored = restore(json!({"id": 1, "provider": "B2", "attributes": "********"}));
        assert_eq!(restored["provider"], json!({"type": "B2", "account": "********", "key": "********"}));
    }

    #[test]
    fn an_answer_of_another_shape_stays_as_it_is() {
        for odd in
            [Value::Null, json!(7), json!([1]), json!({"provider": 3}), json!({"provider": {"type": "B2"}})]
        {
            assert_eq!(restore(odd.clone()), odd);
        }
    }
}
