//! Filters of lists, in the style of SCIM: `title eq "X"`.

/// Whether a filter sees the difference between capitals and small letters: the documentation does not say, so both are offered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Filters {
    /// `eq` compares letter by letter, the harder case.
    #[default]
    Exact,
    /// `eq` takes capitals and small letters for the same.
    IgnoringCase,
}

impl Filters {
    pub(super) fn same(self, one: &str, other: &str) -> bool {
        match self {
            Self::Exact => one == other,
            Self::IgnoringCase => one.eq_ignore_ascii_case(other),
        }
    }
}

/// A filter: an attribute, and what it equals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Filter {
    pub(super) attribute: &'static str,
    pub(super) value: String,
}

impl Filter {
    /// Reads `attribute eq "value"`, of these attributes; anything else is no filter, and the reason says why.
    pub(super) fn parse(text: &str, attributes: &'static [&'static str]) -> Result<Self, String> {
        let mut parts = text.splitn(3, ' ');
        let (name, operator, value) = (parts.next(), parts.next(), parts.next());
        let Some(attribute) = attributes.iter().find(|known| Some(**known) == name) else {
            return Err(format!("{:?} is no attribute to filter by", name.unwrap_or_default()));
        };
        if operator != Some("eq") {
            return Err(format!("{:?} is no operator", operator.unwrap_or_default()));
        }
        let quoted = value.and_then(|value| value.strip_prefix('"')?.strip_suffix('"'));
        match quoted {
            Some(value) if !value.contains('"') => Ok(Self { attribute, value: value.to_owned() }),
            _ => Err("the value of the filter is not between quotation marks".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &[&str] = &["name"];

    #[test]
    fn one_form_of_filter_is_known() {
        let value = |text: &str| Filter::parse(text, NAME).map(|filter| filter.value);
        assert_eq!(value("name eq \"two words\""), Ok("two words".to_owned()));
        assert_eq!(value("name eq \"\""), Ok(String::new()));
        for wrong in [
            "",
            "name",
            "name eq",
            "name eq X",
            "name eq \"X",
            "name co \"X\"",
            "title eq \"X\"",
            "name  eq \"X\"",
            "name eq \"X\" or name eq \"Y\"",
        ] {
            assert!(value(wrong).is_err(), "{wrong}");
        }
    }
}
