//! Which version of the interface an appliance is spoken to in.

use super::{Release, Version};

/// The releases whose versions this crate knows; an appliance that offers older ones besides translates them.
const KNOWN: [Release; 3] = [Release::V25_04, Release::V25_10, Release::V26];

/// What an appliance with versions is spoken to in.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Choice {
    /// The appliance's own release.
    pub(super) release: Release,
    /// The release that the version belongs to.
    pub(super) spoken: Release,
    pub(super) version: Version,
    /// Whether the appliance offers nothing newer. What is older is translated there, with a defect or two.
    pub(super) is_newest: bool,
}

/// The newest version of the appliance's own release; of a newer appliance, the newest that both know. Versions of 25.04 serve on
/// 25.04 only: a newer appliance offers half of its methods through them (TrueNAS middleware 25.10, `api/base/server/legacy_api_method.py`).
pub(super) fn choose(offered: &[Version]) -> Option<Choice> {
    let newest = offered.iter().filter(|version| version.release().is_some()).max()?;
    let release = newest.release()?;
    let known = |version: &&Version| {
        version.release().is_some_and(|of| KNOWN.contains(&of) && (of == release || of > Release::V25_04))
    };
    let version = offered.iter().filter(known).max()?;
    let spoken = version.release()?;
    Some(Choice { release, spoken, version: version.clone(), is_newest: version == newest })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn versions(offered: &[&str]) -> Vec<Version> {
        offered.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn an_appliance_is_spoken_to_in_the_newest_version_of_its_own_release() {
        use Release::{Newer, V25_04, V25_10, V26};
        let of_25_04 = ["v25.04.0", "v25.04.1", "v25.04.2"];
        let of_25_10 = ["v25.10.0", "v25.10.5", "v25.10.10"];
        for (offered, expected) in [
            (of_25_04.to_vec(), Some((V25_04, V25_04, "v25.04.2", true))),
            ([&of_25_04[..], &of_25_10].concat(), Some((V25_10, V25_10, "v25.10.10", true))),
            ([&of_25_04[..], &of_25_10, &["v26.0.0"]].concat(), Some((V26, V26, "v26.0.0", true))),
            ([&of_25_10[..], &["v26.0.0", "v27.0.0"]].concat(), Some((Newer, V26, "v26.0.0", false))),
            ([&of_25_10[..], &["v27.0.0"]].concat(), Some((Newer, V25_10, "v25.10.10", false))),
            // Half of the methods are missing there.
            (vec!["v25.04.2", "v27.0.0"], None),
            (vec!["v24.10.0"], None),
            (vec!["v28.1.0"], None),
            (vec![], None),
        ] {
            let choice = choose(&versions(&offered));
            let found = choice.as_ref().map(|c| (c.release, c.spoken, c.version.to_string(), c.is_newest));
            let expected =
                expected.map(|(release, spoken, text, newest)| (release, spoken, text.to_owned(), newest));
            assert_eq!(found, expected, "{offered:?}");
        }
    }

    proptest! {
        /// Whatever is offered in whatever order: what is chosen was offered, and nothing newer of a known release was.
        #[test]
        fn what_is_chosen_was_offered(numbers in proptest::collection::vec((24_u32..29, 0_u32..12, 0_u32..8), 0..12)) {
            let offered: Vec<Version> =
                numbers.iter().filter_map(|(y, m, p)| format!("v{y}.{m:02}.{p}").parse().ok()).collect();
            if let Some(choice) = choose(&offered) {
                prop_assert!(offered.contains(&choice.version));
                prop_assert!(choice.spoken <= choice.release);
                prop_assert!(choice.spoken > Release::V25_04 || choice.release == Release::V25_04);
                let mut turned = offered;
                turned.reverse();
                prop_assert_eq!(choose(&turned), Some(choice));
            }
        }
    }
}
