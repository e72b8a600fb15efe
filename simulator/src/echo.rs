//! Refusals that repeat the request: what a careless service, a proxy or a debugging page does.

use data_encoding::{BASE64, HEXLOWER};
use serde_json::Value;

/// Members that clients decide by; they stay as they are.
const DECIDING: [&str; 5] = ["code", "status", "error", "resultCode", "error_code"];

/// A request as a refusal repeats it, in one of the spellings that are met; which one depends on how many refusals there were.
pub(crate) fn spelled(request: &str, number: u64) -> String {
    match number % 6 {
        0 => request.to_owned(),
        1 => Value::from(request).to_string(),
        2 => crate::python::repr(request),
        3 => percent_encoding::utf8_percent_encode(request, percent_encoding::NON_ALPHANUMERIC).to_string(),
        4 => BASE64.encode(request.as_bytes()),
        _ => HEXLOWER.encode(request.as_bytes()),
    }
}

/// Puts words at the beginning of every text of a refusal, since clients cut long ones.
pub(crate) fn repeat_in(refusal: &mut Value, words: &str) {
    match refusal {
        Value::String(text) => *text = format!("{words} {text}"),
        Value::Array(items) => items.iter_mut().for_each(|item| repeat_in(item, words)),
        Value::Object(members) => {
            let texts = members.iter_mut().filter(|(name, _)| !DECIDING.contains(&name.as_str()));
            texts.for_each(|(_, value)| repeat_in(value, words));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_text_of_a_refusal_repeats_the_request_and_its_code_stays() {
        let mut refusal = json!({"status": 400, "code": "bad", "message": "no", "errors": [{"detail": "no", "at": ["a", 1]}]});
        repeat_in(&mut refusal, "K");
        let repeated = json!({"status": 400, "code": "bad", "message": "K no", "errors": [{"detail": "K no", "at": ["K a", 1]}]});
        assert_eq!(refusal, repeated);
    }

    #[test]
    fn six_spellings_take_turns() {
        let spellings: Vec<String> = (0..7).map(|number| spelled("it's \"a\"\n", number)).collect();
        assert_eq!(spellings[0], spellings[6]);
        assert_eq!(
            spellings[1..6],
            [
                r#""it's \"a\"\n""#,
                r#"'it\'s "a"\n'"#,
                "it%27s%20%22a%22%0A",
                "aXQncyAiYSIK",
                "69742773202261220a"
            ]
        );
    }
}
