//! Which rows a query finds, in which order, and what of them.

use pyo3::prelude::*;
use truenas_client::{
    Filter as FilterThere, Operand as OperandThere, Order as OrderThere, Query as QueryThere,
};

use super::shown::{moment, with};
use crate::errors;
use crate::values::{Time, value_class};

/// A value that a field is compared with.
#[derive(Clone, PartialEq, Eq, Hash, FromPyObject, IntoPyObject)]
pub(crate) enum Scalar {
    Truth(bool),
    Number(i64),
    Text(String),
    Moment(Time),
}

/// What a field is compared with: a value, or several.
#[derive(Clone, PartialEq, Eq, Hash, FromPyObject, IntoPyObject)]
pub(crate) enum Operand {
    One(Scalar),
    Many(Vec<Option<Scalar>>),
}

impl Scalar {
    /// None stands for null.
    fn given(scalar: Option<&Self>) -> PyResult<OperandThere> {
        Ok(match scalar {
            None => None::<i64>.into(),
            Some(Self::Truth(value)) => (*value).into(),
            Some(Self::Number(value)) => (*value).into(),
            Some(Self::Text(value)) => value.as_str().into(),
            Some(Self::Moment(time)) => moment(*time)?.into(),
        })
    }
}

impl Operand {
    fn one(operand: Option<&Self>) -> PyResult<OperandThere> {
        match operand {
            None => Scalar::given(None),
            Some(Self::One(scalar)) => Scalar::given(Some(scalar)),
            Some(Self::Many(_)) => {
                let remedy = "use Filter.one_of, Filter.none_of, or Filter.any_of";
                Err(errors::argument("operand", "a list", "is no single value", remedy))
            }
        }
    }

    fn all(operand: Option<&Self>) -> PyResult<Vec<OperandThere>> {
        match operand {
            Some(Self::Many(all)) => all.iter().map(|one| Scalar::given(one.as_ref())).collect(),
            _ => {
                Err(errors::argument("operand", "a single value", "is no list", "give the values in a list"))
            }
        }
    }
}

/// One static method and one operator for each comparison that the crate has.
macro_rules! filters {
    ($($(#[$doc:meta])+ $name:ident,)*) => {
        value_class! {
            in "dtc.truenas";
            /// A condition that rows are held against: made by the static methods, each of which names a field and what it is compared with.
            ///
            /// >>> Filter.any_of([Filter.starts_with("name", "auto-"), Filter.equals("locked", True)]).any[1].operand
            /// True
            Filter {
                /// The field; dots lead into objects, as in ``credentials.id``.
                field: Option<String> = None,
                /// How it is compared: the name of a static method.
                operator: Option<String> = None,
                /// What it is compared with: a text, a number, a truth value, an aware ``datetime``, ``None`` for null, or a list of these.
                operand: Option<Operand> = None,
                /// Whether capitals make no difference. Not on CORE.
                is_of_any_case: bool = false,
                /// One of these holds.
                any: Option<Vec<Filter>> = None,
                /// All of these hold.
                all: Option<Vec<Filter>> = None,
            }

            $($(#[$doc])+
            #[staticmethod]
            #[pyo3(signature = (field, value, /))]
            fn $name(field: String, value: Option<Scalar>) -> Self {
                Self::one(stringify!($name), field, value.map(Operand::One))
            })*

            /// The field is one of these.
            #[staticmethod]
            #[pyo3(signature = (field, values, /))]
            fn one_of(field: String, values: Vec<Option<Scalar>>) -> Self {
                Self::one("one_of", field, Some(Operand::Many(values)))
            }

            /// The field is none of these, and not null.
            #[staticmethod]
            #[pyo3(signature = (field, values, /))]
            fn none_of(field: String, values: Vec<Option<Scalar>>) -> Self {
                Self::one("none_of", field, Some(Operand::Many(values)))
            }

            /// One of these holds. Alternatives nest three deep.
            #[staticmethod]
            fn any_of(filters: Vec<Filter>) -> Self {
                Self { any: Some(filters), ..Self::empty() }
            }

            /// All of these hold, as of the filters of a query: for what stands within ``any_of``.
            #[staticmethod]
            fn all_of(filters: Vec<Filter>) -> Self {
                Self { all: Some(filters), ..Self::empty() }
            }

            /// The same condition, whatever the capitals of both texts; of a condition about texts only, and not of a regular expression, which says
            /// so itself by ``(?i)``. Not on CORE.
            fn any_case(&self) -> Self {
                Self { is_of_any_case: true, ..self.clone() }
            }
        }

        impl Filter {
            fn empty() -> Self {
                Self { field: None, operator: None, operand: None, is_of_any_case: false, any: None, all: None }
            }

            fn one(operator: &str, field: String, operand: Option<Operand>) -> Self {
                Self { field: Some(field), operator: Some(operator.to_owned()), operand, ..Self::empty() }
            }

            fn compared(&self, field: &str, operator: &str) -> PyResult<FilterThere> {
                let operand = self.operand.as_ref();
                match operator {
                    $(stringify!($name) => Ok(FilterThere::$name(field, Operand::one(operand)?)),)*
                    "one_of" => Ok(FilterThere::one_of(field, Operand::all(operand)?)),
                    "none_of" => Ok(FilterThere::none_of(field, Operand::all(operand)?)),
                    _ => Err(errors::argument("operator", operator, "is unknown", "use a method of Filter")),
                }
            }
        }
    };
}

filters! {
    /// The field is this.
    equals,
    /// The field is not this.
    differs,
    /// The field is greater than this.
    above,
    /// The field is this or greater.
    at_least,
    /// The field is less than this.
    below,
    /// The field is this or less.
    at_most,
    /// The field, a text, begins as this regular expression says.
    matches,
    /// The field, a list or a text, contains this. Of null, nothing is contained and nothing is not.
    contains,
    /// The field, a list or a text, does not contain this.
    lacks,
    /// The field, a text, begins with this.
    starts_with,
    /// The field, a text, does not begin with this.
    does_not_start_with,
    /// The field, a text, ends with this.
    ends_with,
    /// The field, a text, does not end with this.
    does_not_end_with,
}

impl Filter {
    fn given(&self) -> PyResult<FilterThere> {
        let each = |filters: &[Self]| filters.iter().map(Self::given).collect::<PyResult<Vec<_>>>();
        match (&self.field, &self.operator, &self.any, &self.all) {
            (Some(field), Some(operator), None, None) => {
                let filter = self.compared(field, operator)?;
                Ok(if self.is_of_any_case { filter.any_case() } else { filter })
            }
            (None, None, Some(any), None) => Ok(FilterThere::any(each(any)?)),
            (None, None, None, Some(all)) => Ok(FilterThere::all(each(all)?)),
            _ => {
                let problem = "is not one condition";
                Err(errors::argument(
                    "filter",
                    "",
                    problem,
                    "make it by a method of Filter, such as Filter.equals",
                ))
            }
        }
    }
}

value_class! {
    in "dtc.truenas";
    /// The order of rows.
    Order {
        /// The field that rows are sorted by. One that can be null needs ``nulls``: else the appliance fails as soon as one row's is.
        field: String,
        /// Whether the greatest comes first.
        descending: bool = false,
        /// Where rows without a value come: ``"first"`` or ``"last"``.
        nulls: Option<String> = None,
    }
}

impl Order {
    fn given(&self) -> PyResult<OrderThere> {
        let order = if self.descending {
            OrderThere::descending(&self.field)
        } else {
            OrderThere::ascending(&self.field)
        };
        match self.nulls.as_deref() {
            None => Ok(order),
            Some("first") => Ok(order.nulls_first()),
            Some("last") => Ok(order.nulls_last()),
            Some(other) => Err(errors::argument("place of nulls", other, "is unknown", "use first or last")),
        }
    }
}

value_class! {
    in "dtc.truenas";
    /// Which rows, in which order, and what of them.
    ///
    /// >>> query = Query(filters=[Filter.equals("pool", "tank")], select=["id", "name"], order_by=Order(field="name"), limit=100)
    Query {
        /// Only rows that all of these hold for.
        filters: Option<Vec<Filter>> = None,
        /// Only these fields of each row; dots lead into objects. Of snapshots, anything but the name alone has the appliance read every property
        /// first.
        select: Option<Vec<String>> = None,
        /// Fields besides, each with another name that it is told under: pairs.
        select_as: Option<Vec<(String, String)>> = None,
        /// In this order. Where fields are selected, by one of those.
        order_by: Option<Order> = None,
        /// At most so many rows, from 1 to 10 000.
        limit: Option<u32> = None,
    }
}

impl Query {
    pub(crate) fn given(&self) -> PyResult<QueryThere> {
        let mut query =
            with!(QueryThere::new(), self; select as fields => select(fields), limit as rows => limit(*rows));
        for filter in self.filters.iter().flatten() {
            query = query.filter(filter.given()?);
        }
        for (field, name) in self.select_as.iter().flatten() {
            query = query.select_as(field, name);
        }
        match &self.order_by {
            Some(order) => Ok(query.order_by(order.given()?)),
            None => Ok(query),
        }
    }

    /// Every row, whole, where there is no query.
    pub(crate) fn given_or_all(query: Option<&Self>) -> PyResult<QueryThere> {
        query.map_or_else(|| Ok(QueryThere::new()), Self::given)
    }
}
