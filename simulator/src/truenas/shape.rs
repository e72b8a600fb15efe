//! The shapes of arguments, checked as strictly as the appliance checks them.
//!
//! From 25.10 on every method's arguments are pydantic's: no coercion, no unknown field, and complaints in pydantic's
//! words (TrueNAS middleware 25.10, `api/base/handler/accept.py`). Before, most methods have the older schemas: a number
//! may come as digits and a text as a number, and the complaints are worded otherwise (TrueNAS middleware 24.10,
//! `schema/`). Neither takes an unknown field.

use serde_json::{Map, Value};

use super::refusal::Complaint;
use super::release::Release;
use super::scalar;

/// What a value must be.
#[derive(Debug)]
pub(super) enum Kind {
    /// A string of at most 1,024 characters.
    Text,
    /// A string of at most 1,024 characters, at least one.
    Filled,
    /// A string of any length.
    LongText,
    Bool,
    /// An integer within these bounds, inclusive.
    Int(i64, i64),
    /// One of these strings.
    OneOf(&'static [&'static str]),
    List(&'static Kind),
    Object(&'static [Field]),
    /// The fields of an object, each of which may be absent and has no default: what an update takes.
    Partial(&'static [Field]),
    Nullable(&'static Kind),
    /// One of several, each with the name that a complaint about it has.
    Either(&'static [(&'static str, &'static Kind)]),
    /// An object whose fields depend on one of them: that field's name, and the fields by its value.
    Tagged(&'static str, &'static [(&'static str, &'static [Field])]),
    /// A value that another test must accept too; the text says what it should be.
    That(&'static Kind, fn(&str) -> bool, &'static str),
    /// A value that another test must accept too, once it is complete; the test says what is wrong with it.
    Valid(&'static Kind, fn(&Value) -> Result<(), String>),
    /// The same, where what is wrong depends on the rules.
    ValidBy(&'static Kind, fn(&Value, Rules) -> Result<(), String>),
    /// The same from this release on; before, the value needs nothing more.
    ValidSince(Release, &'static Kind, fn(&Value) -> Result<(), String>),
    AnyObject,
    Any,
}

/// Any integer.
pub(super) const INT: Kind = Kind::Int(i64::MIN, i64::MAX);

/// Which checks apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rules {
    /// The release whose fields there are.
    pub(super) models: Release,
    pub(super) style: Style,
}

/// Which of the middleware's two kinds of schemas a method has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// Pydantic's.
    Strict,
    /// The older ones.
    Lenient,
}

/// A field of an object, or a parameter of a method.
#[derive(Debug)]
pub(super) struct Field {
    name: &'static str,
    /// Its name in the older schemas.
    old_name: &'static str,
    kind: Kind,
    need: Need,
    since: Release,
    until: Release,
}

#[derive(Debug)]
enum Need {
    Required,
    Optional,
    /// JSON text of the default.
    Default(&'static str),
}

impl Field {
    const fn new(name: &'static str, kind: Kind, need: Need) -> Self {
        Self { name, old_name: name, kind, need, since: Release::Core13_3, until: Release::Community26 }
    }

    pub(super) const fn required(name: &'static str, kind: Kind) -> Self {
        Self::new(name, kind, Need::Required)
    }

    pub(super) const fn optional(name: &'static str, kind: Kind) -> Self {
        Self::new(name, kind, Need::Optional)
    }

    pub(super) const fn or(name: &'static str, kind: Kind, default: &'static str) -> Self {
        Self::new(name, kind, Need::Default(default))
    }

    /// Names a parameter as the older schemas do.
    pub(super) const fn formerly(mut self, old_name: &'static str) -> Self {
        self.old_name = old_name;
        self
    }

    /// Leaves the field out before this release.
    pub(super) const fn since(mut self, release: Release) -> Self {
        self.since = release;
        self
    }

    /// Leaves the field out after this release.
    pub(super) const fn until(mut self, release: Release) -> Self {
        self.until = release;
        self
    }

    fn is_of(&self, release: Release) -> bool {
        self.since <= release && release <= self.until
    }

    fn name(&self, rules: Rules) -> &'static str {
        match rules.style {
            Style::Strict => self.name,
            Style::Lenient => self.old_name,
        }
    }
}

/// How many parameters there are under these rules.
pub(super) fn count(fields: &'static [Field], rules: Rules) -> usize {
    fields.iter().filter(|field| field.is_of(rules.models)).count()
}

/// Checks positional parameters and fills the defaults in; the answer has one value per parameter.
pub(super) fn check_params(
    fields: &'static [Field],
    given: &[Value],
    rules: Rules,
) -> Result<Vec<Value>, Vec<Complaint>> {
    let mut checker = Checker { rules, complaints: Vec::new() };
    let known = fields.iter().filter(|field| field.is_of(rules.models));
    let count = known.clone().count();
    if given.len() > count {
        let text = format!("Too many arguments (expected {count}, found {})", given.len());
        checker.complaints.push(Complaint::new("", text));
    }
    let mut values = Vec::with_capacity(fields.len());
    for (index, field) in known.enumerate() {
        let value = checker.resolve(field, given.get(index), field.name(rules));
        values.push(value.unwrap_or(Value::Null));
    }
    values.resize(fields.len(), Value::Null);
    if checker.complaints.is_empty() { Ok(values) } else { Err(checker.complaints) }
}

#[derive(Clone, Copy)]
enum Absent {
    Defaulted,
    LeftOut,
}

/// Collects what is wrong with the values.
struct Checker {
    rules: Rules,
    complaints: Vec<Complaint>,
}

impl Checker {
    fn complain(&mut self, path: &str, text: impl Into<String>) {
        self.complaints.push(Complaint::new(path, text));
    }

    fn missing(&mut self, path: &str) {
        let text = match self.rules.style {
            Style::Strict => "Field required",
            Style::Lenient => "attribute required",
        };
        self.complain(path, text);
    }

    fn resolve(&mut self, field: &Field, given: Option<&Value>, path: &str) -> Option<Value> {
        match (given, &field.need) {
            (Some(value), _) => Some(self.check(&field.kind, value, path)),
            (None, Need::Optional) => None,
            (None, Need::Required) => {
                self.missing(path);
                None
            }
            (None, Need::Default(json)) => {
                let value: Value = serde_json::from_str(json).unwrap_or(Value::Null);
                Some(self.check(&field.kind, &value, path))
            }
        }
    }

    /// Checks one value; what comes back has defaults filled in and is of use only without complaints.
    fn check(&mut self, kind: &Kind, value: &Value, path: &str) -> Value {
        match (kind, value) {
            (Kind::Object(fields), Value::Object(given)) => {
                self.object(fields, given, path, Absent::Defaulted)
            }
            (Kind::Partial(fields), Value::Object(given)) => {
                self.object(fields, given, path, Absent::LeftOut)
            }
            (Kind::List(item), Value::Array(items)) => {
                let items = items.iter().enumerate();
                items.map(|(index, value)| self.check(item, value, &format!("{path}.{index}"))).collect()
            }
            (Kind::Nullable(_), Value::Null) => Value::Null,
            (Kind::Nullable(inner), _) => self.check(inner, value, path),
            (Kind::Either(branches), _) => self.either(branches, value, path),
            (Kind::Tagged(tag, branches), Value::Object(given)) => self.tagged(tag, branches, given, path),
            (Kind::That(inner, accepts, text), _) => {
                let before = self.complaints.len();
                let checked = self.check(inner, value, path);
                let refused = checked.as_str().is_some_and(|s| !accepts(s));
                if self.complaints.len() == before && refused {
                    self.complain(path, *text);
                }
                checked
            }
            (Kind::ValidSince(release, inner, _), _) if self.rules.models < *release => {
                self.check(inner, value, path)
            }
            (Kind::Valid(inner, test) | Kind::ValidSince(_, inner, test), _) => {
                self.valid(inner, value, path, |checked, _| test(checked))
            }
            (Kind::ValidBy(inner, test), _) => self.valid(inner, value, path, test),
            _ => self.scalar(kind, value, path),
        }
    }

    /// Checks a value, and tests it where it is complete. Only pydantic says that a value error is one.
    fn valid(
        &mut self,
        inner: &Kind,
        value: &Value,
        path: &str,
        test: impl Fn(&Value, Rules) -> Result<(), String>,
    ) -> Value {
        let before = self.complaints.len();
        let checked = self.check(inner, value, path);
        if self.complaints.len() == before
            && let Err(text) = test(&checked, self.rules)
        {
            let bare = text.strip_prefix("Value error, ").filter(|_| self.rules.style == Style::Lenient);
            self.complain(path, bare.unwrap_or(&text));
        }
        checked
    }

    fn scalar(&mut self, kind: &Kind, value: &Value, path: &str) -> Value {
        let value = match self.rules.style {
            Style::Strict => value.clone(),
            Style::Lenient => scalar::coerced(kind, value),
        };
        let text = match self.rules.style {
            Style::Strict => scalar::strict_complaint(kind, &value),
            Style::Lenient => scalar::lenient_complaint(kind, &value),
        };
        if let Some(text) = text {
            self.complain(path, text);
        }
        value
    }

    /// A union without a discriminator: a value that fits no branch is reported by each of them.
    fn either(&mut self, branches: &[(&str, &Kind)], value: &Value, path: &str) -> Value {
        let before = self.complaints.len();
        for (name, kind) in branches {
            let mut alone = Self { rules: self.rules, complaints: Vec::new() };
            let checked = alone.check(kind, value, &format!("{path}.{name}"));
            if alone.complaints.is_empty() {
                self.complaints.truncate(before);
                return checked;
            }
            self.complaints.append(&mut alone.complaints);
        }
        value.clone()
    }

    /// A union with a discriminator, whose value stands in the path of a complaint.
    fn tagged(
        &mut self,
        tag: &str,
        branches: &[(&str, &[Field])],
        given: &Map<String, Value>,
        path: &str,
    ) -> Value {
        let Some(chosen) = given.get(tag) else {
            self.missing(&format!("{path}.{tag}"));
            return Value::Null;
        };
        let Some((name, fields)) = branches.iter().find(|(name, _)| chosen == name) else {
            let tags: Vec<String> = branches.iter().map(|(name, _)| format!("'{name}'")).collect();
            let text = format!(
                "Input tag {chosen} found using '{tag}' does not match any of the expected tags: {}",
                tags.join(", ")
            );
            self.complain(path, text);
            return Value::Null;
        };
        let mut rest = given.clone();
        rest.remove(tag);
        let mut checked = self.object(fields, &rest, &format!("{path}.{name}"), Absent::Defaulted);
        checked[tag] = (*name).into();
        checked
    }

    fn object(&mut self, fields: &[Field], given: &Map<String, Value>, path: &str, absent: Absent) -> Value {
        let mut checked = Map::new();
        let is_known = |field: &&Field| field.is_of(self.rules.models);
        let known: Vec<&Field> = fields.iter().filter(is_known).collect();
        for field in &known {
            let at = format!("{path}.{}", field.name);
            let value = given.get(field.name);
            if value.is_none() && matches!(absent, Absent::LeftOut) {
                continue;
            }
            if let Some(value) = self.resolve(field, value, &at) {
                checked.insert(field.name.to_owned(), value);
            }
        }
        for name in given.keys() {
            if !known.iter().any(|field| field.name == name) {
                let text = match self.rules.style {
                    Style::Strict => "Extra inputs are not permitted",
                    Style::Lenient => "Field was not expected",
                };
                self.complain(&format!("{path}.{name}"), text);
            }
        }
        Value::Object(checked)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const SHAPE: &[Field] = &[
        Field::required("path", Kind::Filled),
        Field::or("enabled", Kind::Bool, "true"),
        Field::optional("rate", Kind::Nullable(&Kind::Int(1, i64::MAX))),
        Field::or("mode", Kind::OneOf(&["SYNC", "COPY"]), "\"SYNC\""),
    ];
    const PARAMS: &[Field] = &[
        Field::required("thing", Kind::Object(SHAPE)),
        Field::or("options", Kind::Object(&[Field::or("get", Kind::Bool, "false")]), "{}"),
    ];

    const STRICT: Rules = Rules { models: Release::Scale25_10, style: Style::Strict };
    const LENIENT: Rules = Rules { models: Release::Core13_3, style: Style::Lenient };

    fn complaints(given: &Value) -> Vec<String> {
        let found = check_params(PARAMS, std::slice::from_ref(given), STRICT).unwrap_err();
        found.into_iter().map(|c| c.attribute).collect()
    }

    #[test]
    fn defaults_are_filled_in() {
        let values = check_params(PARAMS, &[json!({"path": "/mnt/a", "rate": null})], STRICT).unwrap();
        let thing = json!({"path": "/mnt/a", "enabled": true, "rate": null, "mode": "SYNC"});
        assert_eq!(values, [thing, json!({"get": false})]);
    }

    #[test]
    fn strings_are_no_numbers_and_unknown_fields_are_refused() {
        assert_eq!(complaints(&json!({})), ["thing.path"]);
        assert_eq!(complaints(&json!({"path": ""})), ["thing.path"]);
        assert_eq!(complaints(&json!({"path": "a", "enabled": 1})), ["thing.enabled"]);
        assert_eq!(complaints(&json!({"path": "a", "rate": "5"})), ["thing.rate"]);
        assert_eq!(complaints(&json!({"path": "a", "rate": 0})), ["thing.rate"]);
        assert_eq!(complaints(&json!({"path": "a", "mode": "MOVE"})), ["thing.mode"]);
        assert_eq!(complaints(&json!({"path": "a", "what": 1})), ["thing.what"]);
        assert!(check_params(PARAMS, &[], STRICT).is_err());
        assert!(check_params(PARAMS, &[json!({"path": "a"}), json!({}), json!(1)], STRICT).is_err());
    }

    #[test]
    fn the_older_schemas_take_digits_for_numbers_and_word_their_complaints_otherwise() {
        const OLD: &[Field] = &[Field::required("data", Kind::Object(SHAPE)).formerly("thing-create")];
        let given = json!({"path": 7, "rate": "5"});
        let values = check_params(OLD, &[given], LENIENT).unwrap();
        assert_eq!(values, [json!({"path": "7", "enabled": true, "rate": 5, "mode": "SYNC"})]);
        for (given, attribute, text) in [
            (json!({}), "thing-create.path", "attribute required"),
            (json!({"path": null}), "thing-create.path", "null not allowed"),
            (json!({"path": "a", "enabled": 1}), "thing-create.enabled", "Not a boolean"),
            (json!({"path": "a", "mode": "MOVE"}), "thing-create.mode", "Invalid choice: MOVE"),
            (json!({"path": "a", "new": 1}), "thing-create.new", "Field was not expected"),
        ] {
            assert_eq!(check_params(OLD, &[given], LENIENT), Err(vec![Complaint::new(attribute, text)]));
        }
    }

    #[test]
    fn a_field_belongs_to_the_releases_from_its_first_on() {
        const NEW: &[Field] = &[Field::required(
            "data",
            Kind::Object(&[Field::or("include", Kind::Bool, "true").since(Release::Scale24_10)]),
        )];
        assert_eq!(check_params(NEW, &[json!({})], STRICT), Ok(vec![json!({"include": true})]));
        assert_eq!(check_params(NEW, &[json!({})], LENIENT), Ok(vec![json!({})]));
        assert!(check_params(NEW, &[json!({"include": true})], LENIENT).is_err());
    }

    #[test]
    fn unions_stand_in_the_names_of_attributes() {
        const KEY: &[Field] = &[Field::required("key", Kind::Filled)];
        const ID: Kind = Kind::Either(&[("int", &INT), ("str", &Kind::Text)]);
        const UNIONS: &[Field] =
            &[Field::required("data", Kind::Tagged("type", &[("B2", KEY)])), Field::or("id", ID, "1")];
        for (data, id, attributes) in [
            (json!({"type": "B2", "key": "k"}), json!("x"), vec![]),
            (json!({"type": "B2", "key": ""}), json!(1), vec!["data.B2.key"]),
            (json!({"type": "B2", "key": "k", "more": 1}), json!(1), vec!["data.B2.more"]),
            (json!({"key": "k"}), json!(1), vec!["data.type"]),
            (json!({"type": "S3", "key": "k"}), json!(1), vec!["data"]),
            (json!("B2"), json!(1), vec!["data"]),
            (json!({"type": "B2", "key": "k"}), json!(null), vec!["id.int", "id.str"]),
        ] {
            let found = check_params(UNIONS, &[data.clone(), id], STRICT).err().unwrap_or_default();
            let found: Vec<&str> = found.iter().map(|complaint| complaint.attribute.as_str()).collect();
            assert_eq!(found, attributes, "{data}");
        }
    }
}
