//! What somebody meant who wrote a word that is not known.

/// The known word that is nearest to this one, if one is near.
pub(crate) fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |text: &str| text.to_lowercase().replace(['-', ' ', '_'], "_");
    let word = plain(word);
    known
        .map(|candidate| (strsim::damerau_levenshtein(&word, &plain(candidate)), candidate))
        .filter(|(distance, candidate)| *distance * 3 <= candidate.chars().count().max(3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// What serde says, without the names of a programming language.
pub(super) fn in_words(problem: &str) -> String {
    let whole = ["u8", "u16", "u32", "u64", "usize", "i8", "i16", "i32", "i64", "isize"];
    let words = problem.split(' ').map(|word| {
        let (name, rest) = word.split_at(word.trim_end_matches([',', ';', '.']).len());
        match name {
            name if whole.contains(&name) => format!("a whole number{rest}"),
            "f32" | "f64" => format!("a number{rest}"),
            _ => word.to_owned(),
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// What serde says of a name that it does not know, and the nearest of the names that it lists.
pub(super) fn with_guess(problem: String) -> String {
    let unknown = problem.starts_with("unknown field `") || problem.starts_with("unknown variant `");
    let mut quoted = problem.split('`').skip(1).step_by(2);
    match quoted.next().filter(|_| unknown).and_then(|word| nearest(word, quoted)) {
        Some(meant) => format!("{problem}; did you mean `{meant}`?"),
        None => problem,
    }
}
