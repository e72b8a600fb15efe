//! Query parameters, and the pages of lists.

use serde_json::Value;

use super::answer::Answer;

/// The rows of a page whose size nobody asked for (undocumented; a client saw lists end at 50: WYRE-AI/ninjaone-mcp issue 56).
const DEFAULT_PAGE: usize = 50;

/// A request's parameters, decoded.
#[derive(Debug)]
pub(super) struct Query(Vec<(String, String)>);

/// Scopes of custom fields that a query asks for.
#[derive(Debug)]
pub(super) struct Scopes(Vec<String>);

impl Scopes {
    pub(super) fn have(&self, scope: &str) -> bool {
        self.0.iter().any(|asked| asked == "ALL" || asked == scope)
    }
}

impl Query {
    /// Decodes a query string; a parameter that the operation does not know is refused.
    pub(super) fn parse(text: &str, known: &[&str]) -> Result<Self, Answer> {
        let pairs: Vec<(String, String)> =
            url::form_urlencoded::parse(text.as_bytes()).into_owned().collect();
        match pairs.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            Some((name, _)) => Err(Answer::failure(400, &format!("Unknown query parameter {name}"))),
            None => Ok(Self(pairs)),
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn number(&self, name: &str) -> Result<Option<i32>, Answer> {
        self.get(name)
            .map(|text| {
                text.parse().map_err(|_| Answer::failure(400, &format!("{name} is no number: {text}")))
            })
            .transpose()
    }

    pub(super) fn flag(&self, name: &str) -> Result<bool, Answer> {
        match self.get(name) {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(text) => Err(Answer::failure(400, &format!("{name} is neither true nor false: {text}"))),
        }
    }

    /// The scopes asked for; all, where the query names none.
    pub(super) fn scopes(&self) -> Result<Scopes, Answer> {
        const KNOWN: [&str; 5] = ["ALL", "NODE", "LOCATION", "ORGANIZATION", "END_USER"];
        let asked = self.get("scopes").unwrap_or("all").to_ascii_uppercase();
        let asked: Vec<String> = asked.split(',').map(str::to_owned).collect();
        match asked.iter().find(|scope| !KNOWN.contains(&scope.as_str())) {
            Some(unknown) => Err(Answer::failure(400, &format!("unknown scope {unknown}"))),
            None => Ok(Scopes(asked)),
        }
    }

    /// Cuts one page out of rows that are in the order of their ids: those after `after`, at most `pageSize`
    /// and never more than `cap`.
    pub(super) fn page(
        &self,
        rows: impl Iterator<Item = (i32, Value)>,
        cap: usize,
    ) -> Result<Answer, Answer> {
        let after = self.number("after")?.unwrap_or(0);
        let size = match self.number("pageSize")? {
            None => DEFAULT_PAGE.min(cap),
            Some(size) => match usize::try_from(size) {
                Ok(size) if size > 0 => size.min(cap),
                _ => return Err(Answer::failure(400, "pageSize must be positive")),
            },
        };
        let page: Vec<Value> = rows.filter(|(id, _)| *id > after).map(|(_, row)| row).take(size).collect();
        Ok(Answer::ok(page.into()))
    }
}
