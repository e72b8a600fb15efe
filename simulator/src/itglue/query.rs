//! Query parameters, filters, and the pages of lists.

use serde_json::{Value, json};

use super::answer::Answer;
use super::route::Route;

/// A request's parameters, decoded.
#[derive(Debug)]
pub(super) struct Query {
    pairs: Vec<(String, String)>,
    orders: &'static [&'static str],
}

const DEFAULT_PAGE: usize = 50;
const LARGEST_PAGE: usize = 1000;

impl Query {
    /// Decodes a query string; a parameter that the operation does not know is refused.
    pub(super) fn parse(text: &str, route: Route) -> Result<Self, Answer> {
        let known = route.parameters();
        let pairs: Vec<(String, String)> =
            url::form_urlencoded::parse(text.as_bytes()).into_owned().collect();
        match pairs.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            Some((name, _)) => Err(Answer::bad_request(&format!("{name} is not allowed"))),
            None => Ok(Self { pairs, orders: route.orders() }),
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn flag(&self, name: &str) -> Result<Option<bool>, Answer> {
        match self.get(name) {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(text) => Err(Answer::bad_request(&format!("{name} is neither true nor false: {text}"))),
        }
    }

    /// The rows whose attributes equal every filter. Filters that no attribute answers are the caller's to apply.
    pub(super) fn select(&self, rows: Vec<Value>) -> Vec<Value> {
        let equals = |row: &Value, name: &str, wanted: &str| match name {
            "id" => row["id"] == wanted,
            "rmm-id" | "rmm-integration-type" => true,
            name => match &row["attributes"][name] {
                Value::String(text) => text == wanted,
                other => *other.to_string() == *wanted,
            },
        };
        let filters: Vec<(String, &str)> = (self.pairs.iter())
            .filter_map(|(key, value)| {
                let name = key.strip_prefix("filter[")?.strip_suffix(']')?;
                Some((name.replace('_', "-"), value.as_str()))
            })
            .collect();
        rows.into_iter()
            .filter(|row| filters.iter().all(|(name, wanted)| equals(row, name, wanted)))
            .collect()
    }

    /// Sorts and cuts one page out of the rows.
    pub(super) fn page(&self, mut rows: Vec<Value>) -> Result<Answer, Answer> {
        if let Some(sort) = self.get("sort") {
            let (name, descending) = sort.strip_prefix('-').map_or((sort, false), |name| (name, true));
            if !self.orders.contains(&name) {
                return Err(Answer::bad_request(&format!("{sort} is no sort order")));
            }
            let name = name.replace('_', "-");
            let key = |row: &Value| match name.as_str() {
                "id" => row["id"].to_string(),
                name => row["attributes"][name].to_string(),
            };
            rows.sort_by_key(key);
            if descending {
                rows.reverse();
            }
        }
        let number = |name: &str, default: usize| match self.get(name).map(str::parse) {
            None => Ok(default),
            Some(Ok(number)) if number > 0 => Ok(number),
            Some(_) => Err(Answer::bad_request(&format!("{name} must be a positive number"))),
        };
        let size = number("page[size]", DEFAULT_PAGE)?.min(LARGEST_PAGE);
        let current = number("page[number]", 1)?;
        let total = rows.len();
        let pages = total.div_ceil(size).max(1);
        let page: Vec<Value> = rows.into_iter().skip((current - 1).saturating_mul(size)).take(size).collect();
        Ok(Answer {
            status: 200,
            body: json!({
                "data": page,
                "links": {},
                "meta": {
                    "current-page": current,
                    "next-page": (current < pages).then_some(current + 1),
                    "prev-page": (current > 1).then(|| current - 1),
                    "total-pages": pages,
                    "total-count": total,
                    "filters": {},
                },
            }),
        })
    }
}
