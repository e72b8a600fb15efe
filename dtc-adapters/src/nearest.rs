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

/// Says why a file that people write was not understood: without the names of a programming language, on one line, and for a
/// name that is not known with the nearest of those that are.
pub fn decoding_problem(problem: &str) -> String {
    let problem = safe_text::expectation(&problem.trim_end().replace('\n', "; "));
    let unknown = problem.starts_with("unknown field `") || problem.starts_with("unknown variant `");
    let mut quoted = problem.split('`').skip(1).step_by(2);
    match quoted.next().filter(|_| unknown).and_then(|word| nearest(word, quoted)) {
        Some(meant) => format!("{problem}; did you mean `{meant}`?"),
        None => problem,
    }
}
