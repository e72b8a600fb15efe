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

    /// This field of each row besides, under another name; only fields that are named are told then.
    pub fn select_as(mut self, field: &str, name: &str) -> Self {
        let mut fields =
            self.options.remove("select").and_then(|it| it.as_array().cloned()).unwrap_or_default();
        fields.push(json!([field, name]));
        self.option("select", fields)
    }

    /// In this order. There is one: of several, some services let the first decide and others the last (TrueNAS middleware 25.10,
    /// `utils/filter_list.py` and `plugins/datastore`). Where fields are selected, the order is by one of those: the appliance sorts what is left of
    /// the rows.
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

    /// The same query, for the number of its rows.
    pub(crate) fn counting(&self) -> Self {
        let mut query = self.clone();
        for option in ["select", "order_by", "limit", "offset"] {
            query.options.remove(option);
        }
        query.option("count", true)
    }

    /// Whether a filter takes no notice of capitals.
    pub(crate) fn is_of_any_case(&self) -> bool {
        self.filters.iter().any(Filter::is_of_any_case)
    }

    pub(crate) fn has_order(&self) -> bool {
        self.options.contains_key("order_by")
    }

    /// Whether each row has this field, or is left whole. Who selects an object selects what is in it.
    pub(crate) fn has_field(&self, field: &str) -> bool {
        let Some(selected) = self.options.get("select").and_then(Value::as_array) else { return true };
        // Of a field that is told under another name, the other name.
        let names = selected.iter().filter_map(|it| it.as_str().or_else(|| it[1].as_str()));
        let holds = |name: &str| {
            field.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        selected.is_empty() || names.into_iter().any(holds)
    }

    /// The same query, with this field of each row besides.
    pub(crate) fn with_field(mut self, field: &str) -> Self {
        if let Some(Value::Array(selected)) = self.options.get_mut("select") {
            selected.push(field.into());
        }
        self
    }

    /// The field that the rows are sorted by.
    fn order(&self) -> Option<&str> {
        let order = self.options.get("order_by")?[0].as_str()?;
        let order =
            order.strip_prefix("nulls_first:").or_else(|| order.strip_prefix("nulls_last:")).unwrap_or(order);
        Some(order.strip_prefix('-').unwrap_or(order))
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
        vec![Filter::list(&self.filters), Value::Object(self.options.clone())]
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
        if self.order().is_some_and(|field| !self.has_field(field)) {
            return refused(
                "rows are sorted by a field that is selected: the appliance sorts what it has selected",
            );
        }
        self.filters.iter().try_for_each(Filter::check).map_err(|reason| ErrorKind::InvalidRequest { reason })
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

/// A condition that rows are held against.
///
/// Some make the appliance refuse the whole query, and are refused before they are sent: greater or less than null, the beginning or the end of what is
/// no text, alternatives without a branch. Others it refuses only when it meets the row: a field that is null or of another type, which cannot be known
/// beforehand.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter(Condition);

#[derive(Clone, Debug, PartialEq)]
enum Condition {
    One { field: String, operator: &'static str, operand: Value, any_case: bool },
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

    /// All of these hold, as of the filters of a query: for what stands within [`any`](Self::any).
    pub fn all(filters: impl IntoIterator<Item = Self>) -> Self {
        Self(Condition::All(filters.into_iter().collect()))
    }

    /// The same condition, whatever the capitals of both texts; of a condition about texts only, and not of a regular expression, which says so
    /// itself by `(?i)`. Not on CORE.
    pub fn any_case(mut self) -> Self {
        if let Condition::One { any_case, .. } = &mut self.0 {
            *any_case = true;
        }
        self
    }

    fn one(field: &str, operator: &'static str, operand: Value) -> Self {
        Self(Condition::One { field: field.to_owned(), operator, operand, any_case: false })
    }

    fn is_of_any_case(&self) -> bool {
        match &self.0 {
            Condition::One { any_case, .. } => *any_case,
            Condition::Any(filters) | Condition::All(filters) => filters.iter().any(Self::is_of_any_case),
        }
    }

    /// What the appliance refuses whatever the rows are
    /// (TrueNAS middleware 25.10, `utils/filter_list.py`).
    fn check(&self) -> Result<(), &'static str> {
        let Condition::One { field, operator, operand, any_case } = &self.0 else {
            let (Condition::Any(filters) | Condition::All(filters)) = &self.0 else { return Ok(()) };
            if filters.is_empty() {
                return Err("alternatives and groups of conditions have one or more");
            }
            return filters.iter().try_for_each(Self::check);
        };
        let is_ordered = [">", ">=", "<", "<="].contains(operator);
        let is_textual = ["~", "^", "!^", "$", "!$"].contains(operator);
        let texts = |value: &Value| match value {
            Value::Array(all) => all.iter().all(Value::is_string),
            value => value.is_string(),
        };
        if is_ordered && operand.is_null() {
            return Err("nothing is greater or less than null");
        }
        if (is_textual || *any_case) && !texts(operand) {
            return Err("only a text has a beginning, an end, a pattern or capitals");
        }
        if *operator == "~" && *any_case {
            return Err("a regular expression takes no notice of capitals by (?i) at its beginning");
        }
        if field.ends_with(".$date")
            && !(operator_of_dates(operator) && operand.as_str().is_some_and(has_zone))
        {
            return Err("a date is compared by =, !=, >, >=, < or <= with ISO 8601 that has a zone");
        }
        Ok(())
    }

    fn wire(&self) -> Value {
        match &self.0 {
            Condition::One { field, operator, operand, any_case } => {
                let case = if *any_case { "C" } else { "" };
                json!([field, format!("{case}{operator}"), operand])
            }
            Condition::Any(filters) => json!(["OR", filters.iter().map(Self::branch).collect::<Vec<_>>()]),
            Condition::All(filters) => Self::list(filters),
        }
    }

    /// All of these as the appliance takes them: one list, in which no other list stands but alternatives.
    fn list(filters: &[Self]) -> Value {
        let mut list = Vec::new();
        for filter in filters {
            filter.add_to(&mut list);
        }
        list.into()
    }

    fn add_to(&self, list: &mut Vec<Value>) {
        match &self.0 {
            Condition::All(filters) => {
                for filter in filters {
                    filter.add_to(list);
                }
            }
            _ => list.push(self.wire()),
        }
    }

    /// One of several alternatives: a condition, or a list of two or more that all hold.
    fn branch(&self) -> Value {
        match self.wire() {
            Value::Array(mut list) if list.len() == 1 => list.remove(0),
            wire => wire,
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

fn operator_of_dates(operator: &str) -> bool {
    ["=", "!=", ">", ">=", "<", "<="].contains(&operator)
}

/// Whether a moment says which zone it is in: `2025-01-31T08:30:00Z` or with `+01:00` at its end.
fn has_zone(text: &str) -> bool {
    let Some((_, time)) = text.split_once('T') else { return false };
    time.ends_with('Z') || time.rsplit_once(['+', '-']).is_some_and(|(_, zone)| zone.len() >= 4)
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

    /// A list of conditions is taken within alternatives only, and not within another list (TrueNAS middleware 25.10, `utils/filter_list.py`).
    #[test]
    fn conditions_that_all_hold_are_one_list_however_they_are_nested() {
        let one = |field: &str| Filter::equals(field, 1_i64);
        let wire = |field: &str| json!([field, "=", 1]);
        let [a, b, c] = ["a", "b", "c"].map(wire);
        for (filter, written) in [
            (Filter::all([one("a")]), json!([a])),
            (Filter::all([one("a"), one("b")]), json!([a, b])),
            (Filter::all([Filter::all([one("a"), one("b")]), one("c")]), json!([a, b, c])),
            (Filter::any([Filter::all([one("a")])]), json!([["OR", [a]]])),
            (
                Filter::any([Filter::all([Filter::all([one("a"), one("b")]), one("c")])]),
                json!([["OR", [[a, b, c]]]]),
            ),
            (
                Filter::any([Filter::all([Filter::any([one("a")])]), one("b")]),
                json!([["OR", [["OR", [a]], b]]]),
            ),
            (
                Filter::all([Filter::any([one("a"), Filter::all([Filter::all([one("b")])])]), one("c")]),
                json!([["OR", [a, b]], c]),
            ),
        ] {
            assert_eq!(Query::new().filter(filter.clone()).params()[0], written, "{filter:?}");
        }
    }

    #[test]
    fn rows_are_sorted_by_what_is_selected() {
        let by = |field: &str| Order::descending(field).nulls_last();
        let selected = Query::new().select(["pool", "credentials"]).select_as("id", "number");
        for (query, taken) in [
            (Query::new().order_by(by("id")), true),
            (selected.clone(), true),
            (selected.clone().order_by(by("pool")), true),
            (selected.clone().order_by(by("credentials.id")), true),
            (selected.clone().order_by(by("number")), true),
            (selected.clone().order_by(by("id")), false),
            (selected.clone().order_by(Order::ascending("poolname")), false),
            (Query::new().select(["a.b"]).order_by(by("a")), false),
        ] {
            assert_eq!(query.check().is_ok(), taken, "{query:?}");
            assert!(query.counting().check().is_ok(), "a number of rows has no order");
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

    /// Each of these makes the appliance refuse the query, whatever rows there are.
    #[test]
    fn what_no_row_could_meet_is_refused_before_it_is_sent() {
        let nobody: [Filter; 0] = [];
        for (filter, taken) in [
            (Filter::above("size", None::<i64>), false),
            (Filter::at_most("size", None::<i64>), false),
            (Filter::equals("size", None::<i64>), true),
            (Filter::starts_with("name", 7_i64), false),
            (Filter::matches("name", None::<&str>), false),
            (Filter::ends_with("name", "a"), true),
            (Filter::equals("name", "A").any_case(), true),
            (Filter::equals("id", 7_i64).any_case(), false),
            (Filter::matches("name", "a").any_case(), false),
            (Filter::one_of("name", ["A", "b"]).any_case(), true),
            (Filter::any(nobody.clone()), false),
            (Filter::any([Filter::all(nobody)]), false),
            (Filter::any([Filter::above("a", None::<&str>)]), false),
            (Filter::above("started.$date", "2025-01-31T08:30:00Z"), true),
            (Filter::above("started.$date", "2025-01-31T08:30:00+01:00"), true),
            (Filter::above("started.$date", "2025-01-31T08:30:00"), false),
            (Filter::starts_with("started.$date", "2025-01-31T08:30:00Z"), false),
            (Filter::above("started.$date", 7_i64), false),
        ] {
            assert_eq!(Query::new().filter(filter.clone()).check().is_ok(), taken, "{filter:?}");
        }
        assert!(Query::new().filter(Filter::equals("a", "b").any_case()).is_of_any_case());
        assert!(!Query::new().filter(Filter::equals("a", "b")).is_of_any_case());
    }

    #[test]
    fn rows_are_counted_without_what_shapes_a_listing() {
        let query =
            Query::new().equals("pool", "tank").select(["id"]).order_by(Order::ascending("id")).limit(5);
        assert_eq!(query.counting().params(), [json!([["pool", "=", "tank"]]), json!({"count": true})]);
        let renamed = Query::new().select(["id"]).select_as("credentials.id", "c");
        assert_eq!(renamed.params()[1], json!({"select": ["id", ["credentials.id", "c"]]}));
        let any_case = Query::new().filter(Filter::starts_with("name", "A").any_case());
        assert_eq!(any_case.params()[0], json!([["name", "C^", "A"]]));
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
