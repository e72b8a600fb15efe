use serde_json::{Map, Value, json};

/// The filters and options of a `….query` call, built so that only what the middleware documents can be said.
#[derive(Default)]
pub(crate) struct Query {
    filters: Vec<Value>,
    options: Map<String, Value>,
}

impl Query {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn equals(self, field: &str, value: impl Into<Value>) -> Self {
        self.filter(field, "=", value)
    }

    pub(crate) fn filter(mut self, field: &str, operator: &str, value: impl Into<Value>) -> Self {
        self.filters.push(json!([field, operator, value.into()]));
        self
    }

    pub(crate) fn select(self, fields: &[&str]) -> Self {
        self.option("select", json!(fields))
    }

    pub(crate) fn order_by(self, field: &str) -> Self {
        self.option("order_by", json!([field]))
    }

    pub(crate) fn limit(self, rows: u32) -> Self {
        self.option("limit", json!(rows))
    }

    pub(crate) fn extra(self, extra: Value) -> Self {
        self.option("extra", extra)
    }

    fn option(mut self, name: &str, value: Value) -> Self {
        self.options.insert(name.to_owned(), value);
        self
    }

    pub(crate) fn params(self) -> Vec<Value> {
        vec![Value::Array(self.filters), Value::Object(self.options)]
    }
}
