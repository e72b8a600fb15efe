//! What a type looks like as JSON, in the words of JSON Schema.

use std::collections::BTreeMap;

use dtc_provision::jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{ExitNumber, SCHEMA, SchemaVersion};
use crate::exit::{EXITS, Exit};

/// A type that stands in a document.
pub(crate) trait Described {
    /// Its schema; a type with members is put among the types, and referred to.
    fn describe(types: &mut Types) -> Value;
}

/// What describes a type.
pub(crate) type Describe = fn(&mut Types) -> Value;

/// What describes this type.
pub(crate) fn describe<T: Described>() -> Describe {
    T::describe
}

/// The types with members that a schema refers to.
#[derive(Debug, Default)]
pub(crate) struct Types(BTreeMap<String, Value>);

impl Types {
    /// Refers to the type of this name, and describes it the first time.
    pub(crate) fn named(&mut self, name: &str, describe: impl FnOnce(&mut Self) -> Value) -> Value {
        if !self.0.contains_key(name) {
            // A type may have itself among its members.
            self.0.insert(name.to_owned(), Value::Null);
            let described = describe(self);
            self.0.insert(name.to_owned(), described);
        }
        json!({ "$ref": format!("#/$defs/{name}") })
    }

    /// The type that is referred to, or the schema itself.
    pub(crate) fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        let name = schema["$ref"].as_str().and_then(|path| path.strip_prefix("#/$defs/"));
        name.map_or(schema, |name| &self.0[name])
    }

    /// The members of the type that is referred to, with those that it must have.
    pub(crate) fn members(&self, schema: &Value) -> Vec<Member> {
        let object = self.resolve(schema);
        let required: Vec<&str> =
            object["required"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        let mut members: Vec<_> = object["properties"].as_object().unwrap().iter().collect();
        // In the order in which they are printed; those that may be absent follow.
        members
            .sort_by_key(|(name, _)| required.iter().position(|one| one == name).unwrap_or(required.len()));
        members
            .into_iter()
            .map(|(name, schema)| Member {
                name: name.clone(),
                schema: schema.clone(),
                required: required.contains(&name.as_str()),
                flat: false,
            })
            .collect()
    }

    /// Those types that the schema refers to, and what they refer to.
    pub(crate) fn used_by(&self, schema: &Value) -> Value {
        let mut used: BTreeMap<String, Value> = BTreeMap::new();
        let mut left = vec![schema.clone()];
        while let Some(schema) = left.pop() {
            match schema {
                Value::Array(parts) => left.extend(parts),
                Value::Object(members) => {
                    let name = members.get("$ref").and_then(Value::as_str);
                    let name = name.and_then(|path| path.strip_prefix("#/$defs/"));
                    if let Some(name) = name.filter(|name| !used.contains_key(*name)) {
                        used.insert(name.to_owned(), self.0[name].clone());
                        left.push(self.0[name].clone());
                    }
                    left.extend(members.into_iter().map(|(_, part)| part));
                }
                _ => {}
            }
        }
        json!(used)
    }
}

/// A member of an object.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    name: String,
    schema: Value,
    required: bool,
    /// Whether its own members stand in its place.
    flat: bool,
}

impl Member {
    /// A member with its documentation and serde's attributes.
    pub(crate) fn new(name: &str, docs: &[&str], serde: &str, schema: Value) -> Self {
        let flat = serde.contains("flatten");
        let required = !serde.contains("skip_serializing_if");
        // What is left out where there is nothing is never null.
        let schema = match schema.get("anyOf") {
            Some(either) if !required => either[0].clone(),
            _ => schema,
        };
        let schema = if flat { schema } else { with_text(schema, docs) };
        Self { name: name.to_owned(), schema, required, flat }
    }

    /// A member that is always there.
    pub(crate) fn of(name: &str, doc: &str, schema: Value) -> Self {
        Self::new(name, &[doc], "", schema)
    }

    /// The same member, where it may be absent.
    pub(crate) fn optional(self) -> Self {
        Self { required: false, ..self }
    }
}

/// The schema with its description first.
fn with_text(schema: Value, docs: &[&str]) -> Value {
    let text: Vec<&str> = docs.iter().map(|line| line.trim()).collect();
    let mut described = Map::new();
    described.insert("description".to_owned(), json!(text.join(" ")));
    if let Value::Object(members) = schema {
        described.extend(members);
    }
    Value::Object(described)
}

/// An object with these members and no others.
pub(crate) fn closed(docs: &[&str], members: &[Member], types: &Types) -> Value {
    let (mut properties, mut required) = (Map::new(), Vec::new());
    let members = members
        .iter()
        .flat_map(|member| if member.flat { types.members(&member.schema) } else { vec![member.clone()] });
    for Member { name, schema, required: always, .. } in members {
        if always {
            required.push(json!(name));
        }
        properties.insert(name, schema);
    }
    let object = json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false });
    with_text(object, docs)
}

/// One of several forms.
pub(crate) fn one_of(doc: &str, forms: &[Value]) -> Value {
    with_text(json!({ "oneOf": forms }), &[doc])
}

/// A variant of a tagged type: its tag, what it is, and its members.
pub(crate) type Variant<'a> = (&'a str, &'a str, Vec<Member>);

/// A type of several variants, which its tag tells apart; each has the shared members too.
pub(crate) fn variants(
    doc: &str,
    tag: &str,
    shared: &[Member],
    variants: &[Variant<'_>],
    types: &Types,
) -> Value {
    let one = |(name, doc, members): &Variant<'_>| {
        let tag = Member::of(tag, "Which of these it is.", json!({ "const": name }));
        closed(&[*doc], &[&[tag][..], shared, members.as_slice()].concat(), types)
    };
    let forms: Vec<Value> = variants.iter().map(one).collect();
    one_of(doc, &forms)
}

macro_rules! described {
    ($($type:ty => $schema:expr;)+) => {
        $(impl Described for $type {
            fn describe(_: &mut Types) -> Value {
                $schema
            }
        })+
    };
}

described! {
    str => json!({ "type": "string" });
    String => json!({ "type": "string" });
    bool => json!({ "type": "boolean" });
    u8 => json!({ "type": "integer", "minimum": 0 });
    u64 => json!({ "type": "integer", "minimum": 0 });
    u32 => json!({ "type": "integer", "minimum": 0 });
    usize => json!({ "type": "integer", "minimum": 0 });
    i64 => json!({ "type": "integer" });
    f64 => json!({ "type": "number" });
    Timestamp => json!({ "type": "string", "format": "date-time" });
    SchemaVersion => json!({ "const": SCHEMA });
    Exit => json!({ "enum": EXITS.map(|(_, _, name, _)| name) });
    ExitNumber => json!({ "enum": EXITS.map(|(_, code, _, _)| code) });
}

impl<T: Described + ?Sized> Described for &T {
    fn describe(types: &mut Types) -> Value {
        T::describe(types)
    }
}

impl<T: Described> Described for [T] {
    fn describe(types: &mut Types) -> Value {
        json!({ "type": "array", "items": T::describe(types) })
    }
}

impl<T: Described> Described for Vec<T> {
    fn describe(types: &mut Types) -> Value {
        <[T]>::describe(types)
    }
}

impl<T: Described> Described for Option<T> {
    fn describe(types: &mut Types) -> Value {
        json!({ "anyOf": [T::describe(types), { "type": "null" }] })
    }
}

impl<T: Described> Described for BTreeMap<String, T> {
    fn describe(types: &mut Types) -> Value {
        json!({ "type": "object", "additionalProperties": T::describe(types) })
    }
}
