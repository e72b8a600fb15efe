//! What a plan asks, and the consents that answer it (X1b).

use jiff::Timestamp;

use super::{BucketPhase, OnPool, Plan, RetentionPhase, TaskPhase};
use crate::consent::{
    Act, ChangeBucketSettings, ComplianceLock, Consent, Declined, DeleteOrphanKey, Irreversible, Question,
    RecordedConsent, RemoveProperty, RepointTask, RewriteDeviceGuid,
};

/// Everything a plan asks before it is applied.
#[derive(Debug)]
pub struct Questions {
    /// Compliance retention (B2).
    pub compliance_lock: Option<Question<ComplianceLock>>,
    /// Settings of a bucket that exists (B3).
    pub change_bucket: Option<Question<ChangeBucketSettings>>,
    /// Another Device GUID (I5).
    pub rewrite_guid: Option<Question<RewriteDeviceGuid>>,
    /// Tasks that would point elsewhere (C4).
    pub repoint: Vec<Question<RepointTask>>,
    /// Properties on pools that must not have them (I6); may be withheld.
    pub remove_properties: Vec<Question<RemoveProperty>>,
    /// Orphaned keys (K3); may be withheld.
    pub delete_orphans: Vec<Question<DeleteOrphanKey>>,
}

/// What was consented to.
#[derive(Debug, Default)]
pub struct Consents {
    /// Compliance retention.
    pub compliance_lock: Option<Consent<ComplianceLock>>,
    /// Settings of a bucket that exists.
    pub change_bucket: Option<Consent<ChangeBucketSettings>>,
    /// Another Device GUID.
    pub rewrite_guid: Option<Consent<RewriteDeviceGuid>>,
    /// Tasks that would point elsewhere.
    pub repoint: Vec<Consent<RepointTask>>,
    /// Properties on pools that must not have them.
    pub remove_properties: Vec<Consent<RemoveProperty>>,
    /// Orphaned keys.
    pub delete_orphans: Vec<Consent<DeleteOrphanKey>>,
}

/// An answer to one question.
#[derive(Debug)]
pub enum Answer {
    /// This was typed; it consents if it is the subject to the letter.
    Typed(String),
    /// These were recorded; one consents if it is to this act and still valid.
    Recorded(Vec<RecordedConsent>),
    /// No.
    Withheld,
}

impl Plan {
    /// What this plan asks before it is applied. Nothing else makes questions.
    pub fn questions(&self) -> Questions {
        Questions {
            compliance_lock: match &self.retention {
                RetentionPhase::Set { retention, act } => Some(Question::new(
                    act.clone(),
                    format!(
                        "whatever is uploaded to {} cannot be deleted by anybody for {} days, not even by Backblaze",
                        self.bucket_name, retention.days
                    ),
                )),
                RetentionPhase::Keep => None,
            },
            change_bucket: match &self.bucket {
                BucketPhase::Change { act, differences, .. } => Some(Question::new(
                    act.clone(),
                    format!("the bucket exists and is changed: {}", listed(differences)),
                )),
                _ => None,
            },
            rewrite_guid: match &self.identity.on_pool {
                OnPool::Rewrite { from, act } => Some(Question::new(
                    act.clone(),
                    format!(
                        "the box's GUID changes from {from} to {}: every folder path changes, everything is uploaded again, \
                         and the old folder's data stays where it is",
                        self.identity.guid
                    ),
                )),
                _ => None,
            },
            repoint: self
                .pools
                .iter()
                .filter_map(|pool| match &pool.task {
                    TaskPhase::Change { act: Some(act), .. } => Some(Question::new(
                        act.clone(),
                        format!("the task of {} points elsewhere: everything is uploaded again, the old folder stays", pool.pool),
                    )),
                    _ => None,
                })
                .collect(),
            remove_properties: self
                .identity
                .remove_from
                .iter()
                .map(|removal| {
                    Question::new(removal.act.clone(), format!("pool {} loses its Device GUID property", removal.pool))
                })
                .collect(),
            delete_orphans: self
                .orphans
                .iter()
                .map(|orphan| {
                    let consequence = format!("the key {} is deleted; whoever uses it is locked out", orphan.key);
                    Question::new(orphan.act.clone(), consequence)
                })
                .collect(),
        }
    }
}

fn listed(differences: &[super::Difference]) -> String {
    let texts: Vec<String> = differences.iter().map(ToString::to_string).collect();
    texts.join("; ")
}

impl Questions {
    /// Puts each question to `answer`, which is given the act and its consequence.
    ///
    /// # Errors
    /// The first answer that neither consents nor withholds.
    pub fn ask(
        self,
        now: Timestamp,
        valid_until: Timestamp,
        mut answer: impl FnMut(&Act, &str) -> Answer,
    ) -> Result<Consents, Declined> {
        Ok(Consents {
            compliance_lock: one(self.compliance_lock, now, valid_until, &mut answer)?,
            change_bucket: one(self.change_bucket, now, valid_until, &mut answer)?,
            rewrite_guid: one(self.rewrite_guid, now, valid_until, &mut answer)?,
            repoint: all(self.repoint, now, valid_until, &mut answer)?,
            remove_properties: all(self.remove_properties, now, valid_until, &mut answer)?,
            delete_orphans: all(self.delete_orphans, now, valid_until, &mut answer)?,
        })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        usize::from(self.compliance_lock.is_some())
            + usize::from(self.change_bucket.is_some())
            + usize::from(self.rewrite_guid.is_some())
            + self.repoint.len()
            + self.remove_properties.len()
            + self.delete_orphans.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

fn one<K: Irreversible>(
    question: Option<Question<K>>,
    now: Timestamp,
    valid_until: Timestamp,
    answer: &mut impl FnMut(&Act, &str) -> Answer,
) -> Result<Option<Consent<K>>, Declined> {
    let Some(question) = question else { return Ok(None) };
    match answer(question.act(), question.consequence()) {
        Answer::Typed(text) => question.answer(&text, valid_until).map(Some),
        Answer::Recorded(recorded) => question.accept(&recorded, now).map(Some),
        Answer::Withheld => Ok(None),
    }
}

fn all<K: Irreversible>(
    questions: Vec<Question<K>>,
    now: Timestamp,
    valid_until: Timestamp,
    answer: &mut impl FnMut(&Act, &str) -> Answer,
) -> Result<Vec<Consent<K>>, Declined> {
    let mut consents = Vec::new();
    for question in questions {
        consents.extend(one(Some(question), now, valid_until, answer)?);
    }
    Ok(consents)
}
