//! What a decoder expected, told to people.

/// Says what serde says without the names of a programming language: `u32` is a whole number, a struct or a map an object, a sequence a
/// list.
pub fn expectation(problem: &str) -> String {
    const WHOLE: [&str; 12] =
        ["u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize"];
    let mut words = problem.split(' ');
    let mut said: Vec<String> = Vec::new();
    while let Some(word) = words.next() {
        let (name, rest) = word.split_at(word.trim_end_matches([',', ';', '.']).len());
        let kind = match name {
            name if WHOLE.contains(&name) => "a whole number",
            "f32" | "f64" => "a number",
            // Its name follows.
            "struct" => {
                words.next();
                "an object"
            }
            "map" | "sequence" if said.last().is_some_and(|article| article == "a") => {
                said.pop();
                if name == "map" { "an object" } else { "a list" }
            }
            _ => name,
        };
        said.push(format!("{kind}{rest}"));
    }
    said.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_expected_is_said_in_words() {
        for (serde, words) in [
            ("u32", "a whole number"),
            ("expected i64, or f64.", "expected a whole number, or a number."),
            ("struct Row", "an object"),
            ("a map", "an object"),
            ("a sequence", "a list"),
            ("a string", "a string"),
        ] {
            assert_eq!(expectation(serde), words);
        }
    }
}
