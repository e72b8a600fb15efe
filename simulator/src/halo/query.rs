//! Query parameters: those that are known filter and page, all others are ignored.

use serde_json::{Value, json};

use super::state::{Behaviour, Kind, Paging, Record};

/// A request's parameters, decoded.
#[derive(Debug)]
pub(super) struct Query {
    pairs: Vec<(String, String)>,
}

/// Rows of a list that is asked for without a number; and the most of a page. HaloPSA states neither.
const DEFAULT_ROWS: usize = 50;
const LARGEST_PAGE: usize = 100;

impl Query {
    /// Decodes a query string, without the parameters that the tenant ignores.
    pub(super) fn parse(text: &str, behaviour: &Behaviour) -> Self {
        let pairs = url::form_urlencoded::parse(text.as_bytes()).into_owned();
        Self { pairs: pairs.filter(|(name, _)| !behaviour.ignored.contains(name)).collect() }
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn flag(&self, name: &str) -> bool {
        self.get(name) == Some("true")
    }

    pub(super) fn number(&self, name: &str) -> Option<i64> {
        self.get(name)?.parse().ok()
    }

    /// A number of rows.
    pub(super) fn rows(&self, name: &str) -> Option<usize> {
        self.get(name)?.parse().ok().filter(|rows| *rows > 0)
    }

    /// Whether a record passes the filters that its kind knows.
    pub(super) fn selects(&self, kind: Kind, record: &Record) -> bool {
        let equals = |name: &str| self.number(name).is_none_or(|wanted| record.number(name) == Some(wanted));
        let found = |text: &str| record.text(kind.title()).to_lowercase().contains(&text.to_lowercase());
        let searched = self.get("search").is_none_or(found);
        let open = kind != Kind::Ticket || !self.flag("open_only") || !record.flag("hasbeenclosed");
        match kind {
            Kind::Client => searched,
            Kind::Site | Kind::Asset => searched && equals("client_id") && equals("site_id"),
            Kind::Ticket => searched && open && equals("client_id") && equals("status_id"),
        }
    }

    /// Cuts the rows that are asked for, and says how many there are in all.
    pub(super) fn page<T>(
        &self,
        plural: &str,
        rows: Vec<T>,
        paging: Paging,
        shown: impl FnMut(T) -> Value,
    ) -> Value {
        let total = rows.len();
        let (skipped, taken) = match (self.flag("pageinate"), paging) {
            (true, Paging::WholeEachTime) => (0, total),
            (true, paging) => {
                let size = self.rows("page_size").unwrap_or(DEFAULT_ROWS).min(LARGEST_PAGE);
                let number = if paging == Paging::Heeded { self.rows("page_no").unwrap_or(1) } else { 1 };
                ((number - 1).saturating_mul(size), size)
            }
            (false, _) => (0, self.rows("count").unwrap_or(DEFAULT_ROWS)),
        };
        let page: Vec<Value> = rows.into_iter().skip(skipped).take(taken).map(shown).collect();
        let mut body = json!({ "record_count": total });
        body[plural] = page.into();
        body
    }
}
