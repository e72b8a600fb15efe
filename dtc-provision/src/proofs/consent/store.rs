//! The consents given for one run, and the one use of each.

use std::marker::PhantomData;

use jiff::Timestamp;

use super::act::{Act, RecordedConsent, Term};
use super::kinds::ConsentKind;
use super::question::{Answer, Declined, Question};
use crate::port_error::{PortError, PortErrorKind};

/// Everything that was consented to. Each consent is taken out once.
#[derive(Debug, Default)]
pub struct Consents(Vec<RecordedConsent>);

impl Consents {
    /// Puts each question to `answer`.
    ///
    /// # Errors
    /// The first answer that neither consents nor withholds.
    pub fn gather(
        questions: impl IntoIterator<Item = Question>,
        now: Timestamp,
        valid_until: Timestamp,
        mut answer: impl FnMut(&Question) -> Answer,
    ) -> Result<Self, Declined> {
        let mut given = Vec::new();
        for question in questions {
            match answer(&question) {
                Answer::Typed(text) => given.push(question.answer(&text, valid_until)?),
                Answer::Recorded(recorded) => given.push(question.accept(&recorded, now)?),
                Answer::Withheld => {}
            }
        }
        Ok(Self(given))
    }

    /// Everything that was consented to, to be written down, so that a later run of the same acts need not ask again.
    pub fn recorded(&self) -> &[RecordedConsent] {
        &self.0
    }

    /// Whether the act is consented to, at this time.
    pub fn covers(&self, act: &Act, now: Timestamp) -> bool {
        self.position(act, now).is_some()
    }

    /// Takes the consent to one act out of the store.
    pub(crate) fn take<K: ConsentKind>(&mut self, act: &Act, now: Timestamp) -> Option<Consent<K>> {
        let at = self.position(act, now).filter(|_| act.kind == K::NAME)?;
        Some(Consent { act: self.0.remove(at).act, kind: PhantomData })
    }

    fn position(&self, act: &Act, now: Timestamp) -> Option<usize> {
        self.0.iter().position(|consent| consent.act == *act && now <= consent.valid_until)
    }
}

/// Permission for one act, once.
#[derive(Debug)]
#[must_use = "a consent that is not used allows nothing"]
pub struct Consent<K> {
    act: Act,
    kind: PhantomData<K>,
}

impl<K: ConsentKind> Consent<K> {
    /// The act it is to.
    pub fn act(&self) -> &Act {
        &self.act
    }

    /// Uses it up for what is about to be done to `subject`, under these terms. Every port calls this before it sends
    /// anything, with the terms that follow from what it was given.
    ///
    /// # Errors
    /// The consent is to something else, or under other terms; nothing was sent.
    pub fn spend_on(self, subject: &str, terms: &[Term]) -> Result<(), PortError> {
        let refused = |answer: String| {
            let attempted = format!("{} on {subject}", K::NAME);
            Err(PortError::new(PortErrorKind::Refused, attempted, format!("{answer}; nothing was sent")))
        };
        if self.act.subject != subject {
            return refused(format!("the consent is to {:?}", self.act.subject));
        }
        match terms.iter().find(|(name, value)| self.act.terms.get(*name) != Some(value)) {
            Some((name, value)) => refused(format!("the consent is not to {name} {value:?}")),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::kinds::{ComplianceLock, DeleteOrphanKey};
    use super::*;

    fn act(days: u32) -> Act {
        Act::of::<ComplianceLock>("truenas-x", [("days", days.to_string())])
    }

    fn question(days: u32) -> Question {
        Question::of::<ComplianceLock>(&act(days))
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn given(typed: &str) -> Result<Consents, Declined> {
        Consents::gather([question(14)], at(0), at(100), |_| Answer::Typed(typed.to_owned()))
    }

    #[test]
    fn x1b_only_the_subject_consents() {
        assert!(given("yes").is_err());
        assert!(given("truenas-X").is_err());
        assert!(given("truenas-x\n").is_ok());
    }

    #[test]
    fn x1b_a_recorded_consent_is_to_one_act_until_its_date() {
        let recorded = given("truenas-x").unwrap().recorded().to_vec();
        assert!(question(14).accept(&recorded, at(100)).is_ok());
        assert!(question(15).accept(&recorded, at(100)).is_err());
        let late = question(14).accept(&recorded, at(101)).unwrap_err();
        assert!(late.to_string().contains("expired"), "{late}");
    }

    #[test]
    fn x1b_a_consent_is_taken_once_for_its_kind_its_act_and_its_time() {
        let mut consents = given("truenas-x").unwrap();
        assert!(consents.take::<DeleteOrphanKey>(&act(14), at(1)).is_none());
        assert!(consents.take::<ComplianceLock>(&act(15), at(1)).is_none());
        assert!(consents.take::<ComplianceLock>(&act(14), at(101)).is_none());
        let taken = consents.take::<ComplianceLock>(&act(14), at(1)).unwrap();
        assert!(consents.take::<ComplianceLock>(&act(14), at(1)).is_none());
        assert!(taken.spend_on("truenas-y", &[]).is_err());
        let taken = given("truenas-x").unwrap().take::<ComplianceLock>(&act(14), at(1)).unwrap();
        assert!(taken.spend_on("truenas-x", &[("days", "14".to_owned())]).is_ok());
        let taken = given("truenas-x").unwrap().take::<ComplianceLock>(&act(14), at(1)).unwrap();
        let error = taken.spend_on("truenas-x", &[("days", "15".to_owned())]).unwrap_err();
        assert!(error.to_string().contains("days"), "{error}");
    }
}
