use std::fmt;

/// A release of TrueNAS, as far as its interface differs from the others', oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Release {
    /// CORE 13.0, on FreeBSD.
    Core13_0,
    /// CORE 13.3, on FreeBSD.
    Core13_3,
    /// SCALE 24.04.
    Scale24_04,
    /// SCALE 24.10.
    Scale24_10,
    /// 25.04.
    V25_04,
    /// 25.10.
    V25_10,
    /// 26.
    V26,
    /// A release that came out after this crate.
    Newer,
}

impl Release {
    /// The release that an appliance's own text names. Prefix and suffix differ by release: `TrueNAS-13.0-U6.1`,
    /// `TrueNAS-SCALE-24.10.2`, `TrueNAS-25.04.2`, `26.0.0-BETA.1`. None for releases older than CORE 13.0 and SCALE 24.04, and
    /// for a text without a number.
    pub(super) fn of_text(text: &str) -> Option<Self> {
        let digits = text.split(|c: char| !c.is_ascii_digit() && c != '.').find(|part| {
            part.starts_with(|c: char| c.is_ascii_digit()) && (part.contains('.') || part.len() == 2)
        })?;
        let mut numbers = digits.split('.').map(str::parse);
        let year = numbers.next()?.ok()?;
        Self::of_numbers(year, numbers.next().and_then(Result::ok).unwrap_or(0))
    }

    /// The release of a version's first two numbers, such as 25 and 10.
    pub(super) fn of_numbers(year: u32, month: u32) -> Option<Self> {
        Some(match (year, month) {
            (13, 0..=2) => Self::Core13_0,
            (13, _) => Self::Core13_3,
            (24, 4..=9) => Self::Scale24_04,
            (24, 10..) => Self::Scale24_10,
            (25, 0..=9) => Self::V25_04,
            (25, _) => Self::V25_10,
            (26, _) => Self::V26,
            (27.., _) => Self::Newer,
            _ => return None,
        })
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Core13_0 => "TrueNAS CORE 13.0",
            Self::Core13_3 => "TrueNAS CORE 13.3",
            Self::Scale24_04 => "TrueNAS SCALE 24.04",
            Self::Scale24_10 => "TrueNAS SCALE 24.10",
            Self::V25_04 => "TrueNAS 25.04",
            Self::V25_10 => "TrueNAS 25.10",
            Self::V26 => "TrueNAS 26",
            Self::Newer => "a TrueNAS newer than 26",
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_spelling_of_a_release_is_read() {
        for (text, release) in [
            ("TrueNAS-13.0-U6.1", Some(Release::Core13_0)),
            ("TrueNAS-13.0-STABLE", Some(Release::Core13_0)),
            ("TrueNAS-13.3-U1.2", Some(Release::Core13_3)),
            ("TrueNAS-13.3-RELEASE", Some(Release::Core13_3)),
            ("TrueNAS-SCALE-24.04.2.5", Some(Release::Scale24_04)),
            ("TrueNAS-SCALE-24.10.2", Some(Release::Scale24_10)),
            ("TrueNAS-SCALE-24.10-BETA.1", Some(Release::Scale24_10)),
            ("TrueNAS-SCALE-24.10-MASTER-20240901-000102", Some(Release::Scale24_10)),
            ("TrueNAS-25.04.2", Some(Release::V25_04)),
            ("TrueNAS-SCALE-25.04.0", Some(Release::V25_04)),
            ("25.10.1", Some(Release::V25_10)),
            ("TrueNAS-25.10.0-RC.1", Some(Release::V25_10)),
            ("26.0.0-BETA.1", Some(Release::V26)),
            ("TrueNAS-26", Some(Release::V26)),
            ("27.0.0-BETA.1", Some(Release::Newer)),
            ("FreeNAS-11.3-U5", None),
            ("TrueNAS-12.0-U8.1", None),
            ("TrueNAS-SCALE-22.12.4.2", None),
            ("TrueNAS-SCALE-23.10.2", None),
            ("TrueNAS", None),
            ("", None),
            ("...", None),
            ("99999999999999999999.1", None),
        ] {
            assert_eq!(Release::of_text(text), release, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_text_never_ends_the_program(text in ".*") {
            let _ = Release::of_text(&text);
        }

        #[test]
        fn prefix_and_suffix_make_no_difference(
            year in 24_u32..40, month in 4_u32..12, patch in 0_u32..20, prefix in "(TrueNAS-)?(SCALE-)?", suffix in "(-U[0-9]|-RC\\.[0-9])?"
        ) {
            let text = format!("{prefix}{year}.{month:02}.{patch}{suffix}");
            prop_assert_eq!(Release::of_text(&text), Release::of_numbers(year, month));
        }
    }
}
