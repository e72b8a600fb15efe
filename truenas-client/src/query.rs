//! The filters and options of a `….query` call, built so that only what every release takes can be said.

use std::time::SystemTime;

use serde_json::{Map, Value, json};

use crate::error::ErrorKind;

/// More rows are refused (TrueNAS middleware 25.10, `utils/filter_list.py`).
pub(crate) const MOST_ROWS: u32 = 10_000;
/// Alternatives within alternatives, so deep and no deeper (TrueNAS middleware 25.10, `utils/filter_list.py`).
const DEEPEST: u32 = 3;

/// Which rows, in which order, and what of them.
///
/// ```
/// use truenas_client::{Filter, Order, Query};
///
/// let query = Query::new()
///     .filter(Filter::equals("pool", "tank"))
///     .filter(Filter::any([Filter::starts_with("name", "auto-"), Filter::equals("locked", true)]))
///     .select(["id", "name"])
///     .order_by(Order::descending("name"))
///     .limit(100);
/// # let _ = query;
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    filters: Vec<Filter>,
    options: Map<String, Value>,
}

impl Query {
    /// Every row, whole.
    pub fn new() -> Self {
        Self::default()
    }

    /// Only rows that this holds for, besides what was asked for before.
    pub fn filter(mut self, filter: Filter) -> Self {
        self.filters.push(filter);
        self
    }

    /// Only these fields of each row; points lead into objects, as in `credentials.id`. Of snapshots, anything but the name alone has the
    /// appliance read every property of every snapshot first.
    pub fn select<T: Into<String>>(self, fields: impl IntoIterator<Item = T>) -> Self {
        self.option("select", fields.into_iter().map(Into::into).collect::<Vec<String>>())
    }

    /// In this order. There is one: of several, some services let the first decide and others the last (TrueNAS middleware 25.10,
    /// `utils/filter_list.py` and `plugins/datastore`).
    pub fn order_by(self, order: Order) -> Self {
        self.option("order_by", vec![order.0])
    }

    /// At most so many rows, from 1 to 10 000.
    pub fn limit(self, rows: u32) -> Self {
        self.option("limit", rows)
    }

    /// What the method documents as `extra`: its own options, as JSON.
    pub(crate) fn extra(self, extra: Value) -> Self {
        self.option("extra", extra)
    }

    pub(crate) fn equals(self, field: &str, value: impl Into<Operand>) -> Self {
        self.filter(Filter::equals(field, value))
    }

    /// Rows beyond the first so many.
    pub(crate) fn offset(self, rows: u32) -> Self {
        if rows == 0 { self } else { self.option("offset", rows) }
    }

    pub(crate) fn has_order(&self) -> bool {
        self.options.contains_key("order_by")
    }

    pub(crate) fn limit_of_rows(&self) -> Option<u32> {
        self.options.get("limit").and_then(Value::as_u64).and_then(|rows| rows.try_into().ok())
    }

    fn option(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.options.insert(name.to_owned(), value.into());
        self
    }

    /// The two parameters of the call.
    pub(crate) fn params(&self) -> Vec<Value> {
        vec![self.filters.iter().map(Filter::wire).collect(), Value::Object(self.options.clone())]
    }

    /// Refuses what the appliance would refuse.
    pub(crate) fn check(&self) -> Result<(), ErrorKind> {
        let refused = |reason| Err(ErrorKind::InvalidRequest { reason });
        if self.limit_of_rows().is_some_and(|rows| rows == 0 || rows > MOST_ROWS) {
            return refused("a query is limited to 1 to 10000 rows");
        }
        if self.filters.iter().any(|filter| filter.depth() > DEEPEST) {
            return refused("alternatives nest three deep and no deeper");
        }
        Ok(())
    }
}

/// The order of rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order(String);

impl Order {
    /// The smallest first. A field that can be null needs [`nulls_first`](Self::nulls_first) or [`nulls_last`](Self::nulls_last):
    /// else the appliance fails as soon as one row's is.
    pub fn ascending(field: &str) -> Self {
        Self(field.to_owned())
    }

    /// The greatest first.
    pub fn descending(field: &str) -> Self {
        Self(format!("-{field}"))
    }

    /// Rows without a value before the others.
    pub fn nulls_first(self) -> Self {
        Self(format!("nulls_first:{}", self.0))
    }

    /// Rows without a value after the others.
    pub fn nulls_last(self) -> Self {
        Self(format!("nulls_last:{}", self.0))
    }
}

/// A condition that rows are held against. A comparison with null, or of a text with a number, makes the appliance refuse the query.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter(Condition);

#[derive(Clone, Debug, PartialEq)]
enum Condition {
    One { field: String, operator: &'static str, operand: Value },
    Any(Vec<Filter>),
    All(Vec<Filter>),
}

/// A value that a field is compared with: a text, a number, a truth value, a moment in whole seconds, or none for null.
#[derive(Clone, Debug, PartialEq)]
pub struct Operand(Value);

macro_rules! operands {
    ($($kind:ty),*) => {
        $(impl From<$kind> for Operand {
            fn from(value: $kind) -> Self {
                Self(value.into())
            }
        })*
    };
}
operands!(&str, String, i64, u32, bool);

impl From<SystemTime> for Operand {
    fn from(moment: SystemTime) -> Self {
        Self(crate::ejson::date(moment))
    }
}

impl<T: Into<Operand>> From<Option<T>> for Operand {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self(Value::Null), Into::into)
    }
}

/// One constructor for each operator that every release has (TrueNAS middleware 13.3 to 26, `utils/filter_list.py`).
macro_rules! comparisons {
    ($($(#[$doc:meta])* $name:ident = $operator:literal;)*) => {
        $($(#[$doc])*
        pub fn $name(field: &str, value: impl Into<Operand>) -> Self {
            Self::one(field, $operator, value.into().0)
        })*
    };
}

impl Filter {
    comparisons! {
        /// The field is this.
        equals = "=";
        /// The field is not this.
        differs = "!=";
        /// The field is greater than this.
        above = ">";
        /// The field is this or greater.
        at_least = ">=";
        /// The field is less than this.
        below = "<";
        /// The field is this or less.
        at_most = "<=";
        /// The field, a text, begins as this regular expression of Python's says.
        matches = "~";
        /// The field, a list or a text, contains this. Of null, nothing is contained and nothing is not.
        contains = "rin";
        /// The field, a list or a text, does not contain this.
        lacks = "rnin";
        /// The field, a text, begins with this.
        starts_with = "^";
        /// The field, a text, does not begin with this.
        does_not_start_with = "!^";
        /// The field, a text, ends with this.
        ends_with = "$";
        /// The field, a text, does not end with this.
        does_not_end_with = "!$";
    }

    /// The field is one of these.
    pub fn one_of<T: Into<Operand>>(field: &str, values: impl IntoIterator<Item = T>) -> Self {
        Self::one(field, "in", values.into_iter().map(|value| value.into().0).collect())
    }

    /// The field is none of these, and not null.
    pub fn none_of<T: Into<Operand>>(field: &str, values: impl IntoIterator<Item = T>) -> Self {
        Self::one(field, "nin", values.into_iter().map(|value| value.into().0).collect())
    }

    /// One of these holds. Alternatives nest three deep.
    pub fn any(filters: impl IntoIterator<Item = Self>) -> Self {
        Self(Condition::Any(filters.into_iter().collect()))
    }

    /// All of these hold: for what stands within [`any`](Self::any).
    pub fn all(filters: impl IntoIterator<Item = Self>) -> Self {
        Self(Condition::All(filters.into_iter().collect()))
    }

    fn one(field: &str, operator: &'static str, operand: Value) -> Self {
        Self(Condition::One { field: field.to_owned(), operator, operand })
    }

    fn wire(&self) -> Value {
        match &self.0 {
            Condition::One { field, operator, operand } => json!([field, operator, operand]),
            Condition::Any(filters) => json!(["OR", filters.iter().map(Self::wire).collect::<Vec<_>>()]),
            // A list of conditions means all of them.
            Condition::All(filters) => filters.iter().map(Self::wire).collect(),
        }
    }

    fn depth(&self) -> u32 {
        let deepest = |filters: &[Self]| filters.iter().map(Self::depth).max().unwrap_or_default();
        match &self.0 {
            Condition::One { .. } => 0,
            Condition::Any(filters) => 1 + deepest(filters),
            Condition::All(filters) => deepest(filters),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn filters_are_written_as_the_middleware_reads_them() {
        let moment = UNIX_EPOCH + Duration::from_millis(1_700_000_000_999);
        for (filter, wire) in [
            (Filter::equals("id", 7_i64), json!(["id", "=", 7])),
            (Filter::differs("name", "a"), json!(["name", "!=", "a"])),
            (Filter::above("size", 7_u32), json!(["size", ">", 7])),
            (Filter::at_least("size", 7_i64), json!(["size", ">=", 7])),
            (Filter::below("size", 7_i64), json!(["size", "<", 7])),
            (Filter::at_most("size", 7_i64), json!(["size", "<=", 7])),
            (Filter::matches("name", "^a"), json!(["name", "~", "^a"])),
            (Filter::contains("name", "@auto"), json!(["name", "rin", "@auto"])),
            (Filter::lacks("name", "@auto"), json!(["name", "rnin", "@auto"])),
            (Filter::starts_with("name", "a"), json!(["name", "^", "a"])),
            (Filter::does_not_start_with("name", "a"), json!(["name", "!^", "a"])),
            (Filter::ends_with("name", "a"), json!(["name", "$", "a"])),
            (Filter::does_not_end_with("name", "a"), json!(["name", "!$", "a"])),
            (Filter::one_of("pool", ["a", "b"]), json!(["pool", "in", ["a", "b"]])),
            (Filter::none_of("id", [1_i64]), json!(["id", "nin", [1]])),
            (Filter::equals("locked", true), json!(["locked", "=", true])),
            (Filter::equals("job", None::<&str>), json!(["job", "=", null])),
            // Whole seconds: milliseconds are counted twice by some releases.
            (
                Filter::above("time_started", moment),
                json!(["time_started", ">", {"$date": 1_700_000_000_000_u64}]),
            ),
            (
                Filter::any([
                    Filter::equals("a", 1_i64),
                    Filter::all([Filter::equals("b", 2_i64), Filter::equals("c", 3_i64)]),
                ]),
                json!(["OR", [["a", "=", 1], [["b", "=", 2], ["c", "=", 3]]]]),
            ),
        ] {
            assert_eq!(Query::new().filter(filter).params()[0], json!([wire]));
        }
    }

    #[test]
    fn options_are_written_as_the_middleware_reads_them() {
        let query = Query::new().select(["id", "credentials.id"]).order_by(Order::descending("id")).limit(5);
        let options = json!({"select": ["id", "credentials.id"], "order_by": ["-id"], "limit": 5});
        assert_eq!(query.params(), [json!([]), options]);
        let order = |order: Order| Query::new().order_by(order).params()[1]["order_by"].clone();
        assert_eq!(order(Order::ascending("a").nulls_last()), json!(["nulls_last:a"]));
        assert_eq!(order(Order::descending("a").nulls_first()), json!(["nulls_first:-a"]));
        let last = Query::new().order_by(Order::ascending("a")).order_by(Order::ascending("b"));
        assert_eq!(last.params()[1]["order_by"], json!(["b"]));
    }

    #[test]
    fn what_the_appliance_would_refuse_is_refused() {
        for (rows, taken) in [(0, false), (1, true), (10_000, true), (10_001, false)] {
            assert_eq!(Query::new().limit(rows).check().is_ok(), taken, "{rows}");
        }
        let mut filter = Filter::equals("a", 1_i64);
        for depth in 1..=5 {
            filter = Filter::any([Filter::all([filter]), Filter::equals("b", 2_i64)]);
            assert_eq!(Query::new().filter(filter.clone()).check().is_ok(), depth <= 3, "{depth}");
        }
    }

    proptest! {
        /// Nothing in a value can become an operator or a filter of its own.
        #[test]
        fn a_value_stays_a_value(field in "[a-z.]{1,9}", value in ".{0,20}") {
            let params = Query::new().filter(Filter::equals(&field, value.as_str())).params();
            prop_assert_eq!(&params[0], &json!([[field, "=", value]]));
        }
    }
}
