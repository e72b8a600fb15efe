//! Storing a secret once, and proving that it is stored: IT Glue has no unique names and no idempotency keys, so that the client looks
//! before it writes, and again afterwards.

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use http_core::Wait;

use crate::error::{Error, ErrorKind};
use crate::identity::RecordIdentity;
use crate::ids::PasswordId;
use crate::passwords::{CreatePassword, Password, PasswordFilter, Passwords, UpdatePassword};
use crate::secret::PasswordValue;

/// What errors call the whole; each of its calls has an operation of its own.
const OPERATION: &str = "upsert_with_proof";

/// Records whose notes are read side by side, where a list does not show them.
const SIDE_BY_SIDE: usize = 8;

/// How often is looked for what was written, before it counts as not there: a reading may lag behind a writing.
const LOOKS: u32 = 4;

/// A record that was shown to hold what was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Upserted {
    /// The record as it was read at last.
    pub record: Password,
    /// What was done.
    pub outcome: UpsertOutcome,
    /// Whether it is embedded where the request says, or nowhere where it does not say. An earlier record stays where it was made.
    pub is_placed_as_asked: bool,
}

/// What was done to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UpsertOutcome {
    /// Nothing: it held everything already.
    Unchanged,
    /// It was made.
    Created,
    /// What differed was changed.
    Updated,
}

/// One attempt to have a record hold a value.
struct Upsert<'a> {
    passwords: Passwords<'a>,
    identity: &'a RecordIdentity,
    wanted: CreatePassword,
    value: &'a PasswordValue,
}

/// What a look showed.
enum Look {
    Proven(Box<Password>),
    /// Not what was written, which a later look may change.
    NotYet(String),
}

impl Passwords<'_> {
    /// Has one record of this identity hold this value and what the request names, and proves it.
    ///
    /// The live records of the organisation are searched for the identity. None: one is created. One: it is read, and what differs is
    /// changed, nothing where nothing differs. Then the same search must find exactly this record, and reading it must give the value,
    /// compared in constant time, and everything that the request names. The lines of the identity are written above the request's notes;
    /// a request without notes leaves the other notes of an earlier record alone. Where the list shows no notes, every record of this
    /// label is read (every record of the organisation, for an identity [under any label](RecordIdentity::under_any_label)).
    ///
    /// A create whose answer was lost is not sent again. It is looked for, and counts as done if it is found.
    ///
    /// # Errors
    /// [`ErrorKind::Ambiguous`] when several records have the identity, also when another run made one at the same time: none of
    /// them is chosen. [`ErrorKind::Archived`] when the record was archived in between. [`ErrorKind::NotProven`] when what was written
    /// does not read back, by the search or by its value: keep the value. [`ErrorKind::OutcomeUnknown`] when a create's answer was lost
    /// and the record did not appear, or could not be looked for: run again later. [`ErrorKind::Unauthorized`] when the API key is not
    /// shown values. Else any kind that a call can end in; where something was written before, the error says so.
    pub async fn upsert_with_proof(
        &self,
        identity: &RecordIdentity,
        request: &CreatePassword,
        value: &PasswordValue,
    ) -> Result<Upserted, Error> {
        if self.service.service().is_read_only() {
            return Err(Error::read_only(OPERATION));
        }
        let notes = identity.above(request.noted().unwrap_or_default())?;
        let has_notes = request.noted().is_some();
        let upsert = Upsert { passwords: *self, identity, wanted: request.clone().notes(notes), value };
        match upsert.only().await? {
            Some(found) => upsert.bring_up_to_date(found.id, has_notes, request).await,
            None => upsert.create().await,
        }
    }
}

impl Upsert<'_> {
    /// The live records that have the identity.
    async fn find(&self) -> Result<Vec<Password>, Error> {
        let (identity, label) = (self.identity, self.wanted.label());
        let filter = PasswordFilter::new();
        let filter = if identity.is_label_open() { filter } else { filter.name(label) };
        let listed = self.passwords.list_matching(self.wanted.organization_id(), &filter);
        let candidates: Vec<Password> = listed
            .try_filter(|found| {
                std::future::ready(!found.archived && identity.fits_label(&found.name, label))
            })
            .try_collect()
            .await?;
        let found = stream::iter(candidates).map(|candidate| self.identified(candidate));
        let found: Vec<Option<Password>> = found.buffered(SIDE_BY_SIDE).try_collect().await?;
        Ok(found.into_iter().flatten().collect())
    }

    /// The record with its notes, if it has the identity and is still what the list said.
    async fn identified(&self, listed: Password) -> Result<Option<Password>, Error> {
        let record = match listed.notes.text() {
            Some(_) => listed,
            None => match self.passwords.get(listed.id).await {
                Ok(shown) => shown,
                // Gone since it was listed. Another refusal, such as a 401, is no word on whether it has the identity: if it were
                // passed over, a second one would be made beside it.
                Err(error) if error.is_not_found() && error.status() == Some(404) => return Ok(None),
                Err(error) => return Err(error),
            },
        };
        Ok(Some(record).filter(|record| self.is_ours(record) && !record.archived))
    }

    fn is_ours(&self, record: &Password) -> bool {
        record.organization_id == self.wanted.organization_id()
            && self.identity.fits_label(&record.name, self.wanted.label())
            && self.identity.is_in(record.notes.text().unwrap_or_default())
    }

    /// The one live record of the identity, if there is one.
    async fn only(&self) -> Result<Option<Password>, Error> {
        let mut found = self.find().await?;
        match found.len() {
            0 | 1 => Ok(found.pop()),
            _ => Err(self.ambiguous(&found, "nothing was written")),
        }
    }

    async fn create(&self) -> Result<Upserted, Error> {
        let created = self.passwords.create(&self.wanted, self.value).await;
        let id = match created {
            Ok(created) => created.id,
            Err(lost) if lost.kind() == ErrorKind::OutcomeUnknown => self.resolved(lost).await?,
            Err(error) => return Err(error),
        };
        self.prove(id, UpsertOutcome::Created).await
    }

    /// The record that a create has made whose answer was lost.
    async fn resolved(&self, lost: Error) -> Result<PasswordId, Error> {
        for look in 1..=LOOKS {
            match self.find().await.as_deref() {
                Ok([]) => {}
                Ok([found]) => return Ok(found.id),
                Ok(several) => return Err(self.ambiguous(several, "this run may have made one of them")),
                // Whether it was made is as unknown as before.
                Err(error) => return Err(lost.and_then(&format!("it was looked for in vain: {error}"))),
            }
            if look < LOOKS {
                self.wait(look, "the record whose creation was not answered has not appeared").await;
            }
        }
        Err(lost.and_then("the record was looked for and has not appeared; it was not sent again"))
    }

    async fn bring_up_to_date(
        mut self,
        id: PasswordId,
        has_notes: bool,
        request: &CreatePassword,
    ) -> Result<Upserted, Error> {
        if !has_notes {
            // It has the identity, and whatever else its notes say is not ours to change.
            self.wanted = request.clone();
        }
        let (record, is_same_value) = match self.passwords.reveal(id).await {
            Ok(revealed) => (revealed.record, revealed.value.same_as(self.value)),
            Err(error) if error.kind() == ErrorKind::NoValue => (self.passwords.get(id).await?, false),
            Err(error) => return Err(error),
        };
        check_live(&record)?;
        if !self.is_ours(&record) {
            let detail = "its notes or its label changed after it was found; nothing was written";
            return Err(Error::finding(ErrorKind::NotFound, OPERATION, subject(id), detail));
        }
        let changes = UpdatePassword::between(&record, &self.wanted);
        match (is_same_value, changes.is_empty()) {
            (true, true) => return Ok(self.upserted(record, UpsertOutcome::Unchanged)),
            (true, false) => self.passwords.update(id, &changes).await?,
            (false, _) => self.passwords.replace_value(id, &changes, self.value).await?,
        };
        self.prove(id, UpsertOutcome::Updated).await
    }

    /// Looks until what was written is seen, a few times.
    async fn prove(&self, id: PasswordId, outcome: UpsertOutcome) -> Result<Upserted, Error> {
        let mut look = 1;
        loop {
            let look_shows = self.look(id, outcome).await;
            let why = match look_shows.map_err(|error| unproven(error, id, outcome))? {
                Look::Proven(record) => return Ok(self.upserted(*record, outcome)),
                Look::NotYet(why) => why,
            };
            if look == LOOKS {
                return Err(Error::finding(ErrorKind::NotProven, OPERATION, subject(id), why));
            }
            self.wait(look, &why).await;
            look += 1;
        }
    }

    /// The search that a later run will make, and what the record holds.
    async fn look(&self, id: PasswordId, outcome: UpsertOutcome) -> Result<Look, Error> {
        let found = self.find().await?;
        match found.as_slice() {
            [only] if only.id == id => self.compare(id).await,
            [] => self.missed(id).await,
            [other] => Ok(Look::NotYet(format!("its search finds {} and not this one", subject(other.id)))),
            several if outcome == UpsertOutcome::Created => {
                Err(self.ambiguous(several, &format!("{} was made by this run", subject(id))))
            }
            several => Err(self.ambiguous(several, &format!("{} was changed by this run", subject(id)))),
        }
    }

    async fn compare(&self, id: PasswordId) -> Result<Look, Error> {
        let not_yet = |why: String| Ok(Look::NotYet(why));
        let revealed = match self.passwords.reveal(id).await {
            Ok(revealed) => revealed,
            Err(error) if error.kind() == ErrorKind::NoValue => {
                return not_yet("it holds no value".to_owned());
            }
            Err(error) if error.is_not_found() => return not_yet("it cannot be read".to_owned()),
            Err(error) => return Err(error),
        };
        check_live(&revealed.record)?;
        let mut different = UpdatePassword::between(&revealed.record, &self.wanted).attributes();
        if !revealed.value.same_as(self.value) {
            different.insert(0, "value");
        }
        if different.is_empty() {
            return Ok(Look::Proven(Box::new(revealed.record)));
        }
        not_yet(format!("these read back otherwise: {}", different.join(", ")))
    }

    /// Why the search does not find what was written.
    async fn missed(&self, id: PasswordId) -> Result<Look, Error> {
        match self.passwords.get(id).await {
            Ok(record) => {
                check_live(&record)?;
                Ok(Look::NotYet("its search does not find it by its label and notes".to_owned()))
            }
            Err(error) if error.is_not_found() => {
                Ok(Look::NotYet("neither its search nor its id finds it".to_owned()))
            }
            Err(error) => Err(error),
        }
    }

    fn ambiguous(&self, found: &[Password], so_far: &str) -> Error {
        let ids: Vec<String> = found.iter().map(|record| record.id.to_string()).collect();
        let about = format!("{:?} of organisation {}", self.wanted.label(), self.wanted.organization_id());
        let detail = format!("passwords {}; {so_far}", ids.join(", "));
        Error::finding(ErrorKind::Ambiguous, OPERATION, about, detail)
    }

    fn upserted(&self, record: Password, outcome: UpsertOutcome) -> Upserted {
        let is_placed_as_asked = self.wanted.is_placed_as(&record);
        Upserted { record, outcome, is_placed_as_asked }
    }

    async fn wait(&self, look: u32, why: &str) {
        let options = self.passwords.service.service().options();
        let pause = options.policy().random_backoff(look);
        let left = pause.saturating_mul(LOOKS - look);
        let wait = Wait::new("itglue", OPERATION, look + 1, why);
        options.observer().tell(&wait.of(LOOKS).lasting(pause, left));
        tokio::time::sleep(pause).await;
    }
}

fn check_live(record: &Password) -> Result<(), Error> {
    if record.archived {
        return Err(Error::lacking(ErrorKind::Archived, OPERATION, subject(record.id)));
    }
    Ok(())
}

/// What kept the proof from being made, with what was done before.
fn unproven(error: Error, id: PasswordId, outcome: UpsertOutcome) -> Error {
    if error.kind() == ErrorKind::Ambiguous {
        return error; // It says so.
    }
    let done = if outcome == UpsertOutcome::Created { "made" } else { "changed" };
    let password = subject(id);
    error.and_then(&format!("{password} was {done} by this run, and that was not proven; keep the value"))
}

fn subject(id: PasswordId) -> String {
    format!("password {id}")
}
