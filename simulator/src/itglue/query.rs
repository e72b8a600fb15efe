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
        let pairs: Vec<(String, String)> =
            url::form_urlencoded::parse(text.as_bytes()).into_owned().collect();
        match pairs.iter().find(|(name, _)| !route.knows(name)) {
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

    /// The rows that fit every filter, in order, cut to one page; `text` gives what a row has of an attribute. A filter's value may be a list
    /// with commas, and letter case makes no difference in a name.
    pub(super) fn page<R>(
        &self,
        rows: impl Iterator<Item = R>,
        text: impl Fn(&R, &str) -> Option<String>,
        shown: impl Fn(&R) -> Value,
    ) -> Result<Answer, Answer> {
        let filters: Vec<(String, &str)> = self.filters().collect();
        let fits = |row: &R| {
            filters.iter().all(|(name, wanted)| {
                let held = text(row, name);
                held.is_some_and(|held| {
                    wanted.split(',').any(|wanted| match name.as_str() {
                        "name" => wanted.to_lowercase() == held.to_lowercase(),
                        _ => wanted == held,
                    })
                })
            })
        };
        let mut rows: Vec<R> = rows.filter(fits).collect();
        if let Some(sort) = self.get("sort") {
            let (name, descending) = sort.strip_prefix('-').map_or((sort, false), |name| (name, true));
            if !self.orders.contains(&name) {
                return Err(Answer::bad_request(&format!("{sort} is no sort order")));
            }
            let name = name.replace('_', "-");
            rows.sort_by_cached_key(|row| text(row, &name));
            if descending {
                rows.reverse();
            }
        }
        self.cut(&rows, shown)
    }

    /// The attributes that rows are filtered by, and what each is to be.
    fn filters(&self) -> impl Iterator<Item = (String, &str)> {
        self.pairs.iter().filter_map(|(key, value)| {
            let name = key.strip_prefix("filter[")?.strip_suffix(']')?;
            Some((name.replace('_', "-"), value.as_str()))
        })
    }

    /// Two filters that mean something together only.
    pub(super) fn both_or_neither(&self, one: &str, other: &str) -> Result<(), Answer> {
        let is_there = |name: &str| self.get(&format!("filter[{name}]")).is_some();
        if is_there(one) == is_there(other) {
            return Ok(());
        }
        Err(Answer::bad_request(&format!("{one} and {other} must be sent together")))
    }

    /// Whether something is asked for beside a resource; what `known` does not name is refused.
    pub(super) fn includes(&self, known: &[&str], wanted: &str) -> Result<bool, Answer> {
        let asked: Vec<&str> = self.get("include").map(|text| text.split(',').collect()).unwrap_or_default();
        match asked.iter().find(|name| !known.contains(name)) {
            Some(name) => Err(Answer::bad_request(&format!("{name} cannot be included"))),
            None => Ok(asked.contains(&wanted)),
        }
    }

    fn cut<R>(&self, rows: &[R], shown: impl Fn(&R) -> Value) -> Result<Answer, Answer> {
        let number = |name: &str, default: usize| match self.get(name).map(str::parse) {
            None => Ok(default),
            Some(Ok(number)) if number > 0 => Ok(number),
            Some(_) => Err(Answer::bad_request(&format!("{name} must be a positive number"))),
        };
        let size = number("page[size]", DEFAULT_PAGE)?.min(LARGEST_PAGE);
        let current = number("page[number]", 1)?;
        let total = rows.len();
        let pages = total.div_ceil(size).max(1);
        let page: Vec<Value> =
            rows.iter().skip((current - 1).saturating_mul(size)).take(size).map(shown).collect();
        Ok(Answer::document(
            200,
            json!({
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
        ))
    }
}
