//! Encrypted copies over ports: the order of the steps (Y2), and the vault before the first of them (E2).

use std::path::Path;
use std::sync::Mutex;

use async_trait::async_trait;
use dtc_provision::copy::{
    self, Checked, CopyIdentity, CopyJob, CopyRecord, CopySlot, CopyVault, CopyVaultView, Destination,
    Encrypted, Encryption, EscrowPlace, FailedPath, Kept, KeptBy, RunMode, Runner, StepFailure,
    StepFailureKind, Transfer,
};
use dtc_provision::ids::{RecordId, RecordRef, VaultOrganizationId};
use dtc_provision::ports::{NoteText, VaultOrganization};
use dtc_provision::secret::{EncryptionPassword, EncryptionSalt, EncryptionSecrets};
use dtc_provision::{Outcome, PortError, PortErrorKind};
use safe_text::SecretString;

fn job() -> CopyJob {
    let mut job = CopyJob::new("Documents".parse().unwrap(), "/source", "/catalogue");
    job.to = Some(Destination::Folder("/server".into()));
    job
}

fn escrowing() -> CopyJob {
    let host = NoteText::new("backup01".to_owned()).unwrap();
    let mut job = job();
    job.escrow = Some(EscrowPlace { organization: "Contoso".to_owned(), host });
    job
}

fn secrets(salt: &str) -> EncryptionSecrets {
    EncryptionSecrets {
        password: EncryptionPassword::new("correct horse"),
        salt: EncryptionSalt::new(salt.to_owned()),
    }
}

/// Steps that end as they are told, and what was called.
struct Steps {
    first: Encryption,
    called: Mutex<Vec<&'static str>>,
}

#[async_trait]
impl Runner for Steps {
    async fn foresee(&self, _: &EncryptionSecrets) -> Encryption {
        self.called.lock().unwrap().push("foresee");
        self.first.clone()
    }
    async fn encrypt(&self, _: &Kept) -> Encryption {
        self.called.lock().unwrap().push("encrypt");
        self.first.clone()
    }
    async fn transfer(&self, _: &Encrypted, mode: RunMode) -> Transfer {
        self.called.lock().unwrap().push(if mode == RunMode::Real { "transfer" } else { "dry transfer" });
        Transfer::default()
    }
    async fn compare(&self) -> Transfer {
        Transfer::default()
    }
    async fn fetch(&self, _: &Path, _: RunMode) -> Transfer {
        Transfer::default()
    }
}

#[tokio::test]
async fn y2_the_second_step_begins_only_after_a_first_one_that_left_nothing_out() {
    use StepFailureKind::{Killed, NotStarted, Partial};
    let failed = |kind| Encryption::failed(StepFailure::new(kind, "it did not", "do something"));
    let mut left_out = Encryption::default();
    left_out.failed.push(FailedPath::new("a.txt", "it is locked"));
    for (first, begins, outcome) in [
        (Encryption::default(), true, Outcome::AsItShouldBe),
        (left_out, false, Outcome::Incomplete),
        (failed(Partial), false, Outcome::Incomplete),
        (failed(Killed), false, Outcome::Incomplete),
        (failed(NotStarted), false, Outcome::Precondition),
    ] {
        let steps = Steps { first, called: Mutex::default() };
        let kept = Kept::by_operator(&job(), secrets("salt")).unwrap();
        let report = copy::run(&job(), &kept, &steps).await;
        let called = steps.called.into_inner().unwrap();
        assert_eq!(called.contains(&"transfer"), begins, "{report:?}");
        assert_eq!((report.transfer_withheld, report.outcome()), (!begins, outcome), "{report:?}");
    }
}

/// A vault of two lists, which may lose what it is given.
#[derive(Default)]
struct Memory {
    records: Mutex<Vec<(CopyRecord, String)>>,
    loses: Option<CopySlot>,
    cuts: bool,
}

#[async_trait]
impl CopyVaultView for Memory {
    async fn organizations(&self, name: &str) -> Result<Vec<VaultOrganization>, PortError> {
        let id = VaultOrganizationId::new("1");
        Ok((name == "Contoso").then(|| VaultOrganization { id, name: name.to_owned() }).into_iter().collect())
    }
    async fn copy_records(&self, _: &VaultOrganizationId) -> Result<Vec<CopyRecord>, PortError> {
        Ok(self.records.lock().unwrap().iter().map(|(record, _)| record.clone()).collect())
    }
    async fn read_copy(&self, _: &VaultOrganizationId, id: &RecordId) -> Result<SecretString, PortError> {
        let records = self.records.lock().unwrap();
        let found = records.iter().find(|(record, _)| record.reference.id == *id);
        let gone = || PortError::new(PortErrorKind::NotFound, "read", "none");
        found.map(|(_, value)| SecretString::from(value.as_str())).ok_or_else(gone)
    }
}

#[async_trait]
impl CopyVault for Memory {
    async fn create_copy(
        &self,
        _: &VaultOrganizationId,
        slot: CopySlot,
        identity: &CopyIdentity,
        value: &SecretString,
    ) -> Result<RecordRef, PortError> {
        let mut records = self.records.lock().unwrap();
        let id = RecordId::new(records.len().to_string());
        let reference = RecordRef { url: format!("https://vault.example/{id}"), id };
        let mut value = value.expose_secret().to_owned();
        if self.cuts {
            value.pop();
        }
        if self.loses != Some(slot) {
            let identity = Some(identity.clone());
            records.push((CopyRecord { reference: reference.clone(), slot, identity }, value));
        }
        Ok(reference)
    }
}

fn code(error: &dtc_provision::Error) -> (String, Outcome) {
    (error.code(), error.outcome())
}

#[tokio::test]
async fn e2_a_pair_is_kept_once_the_vault_gives_it_back_and_not_before() {
    let vault = Memory::default();
    let kept = copy::escrow(&escrowing(), secrets("salt"), &vault).await.unwrap();
    assert!(matches!(kept.by(), KeptBy::Vault(records) if records.len() == 2));
    // The next run finds it, and one without a salt has none to keep.
    copy::escrow(&escrowing(), secrets("salt"), &vault).await.unwrap();
    assert_eq!(vault.records.lock().unwrap().len(), 2);
    let without = Memory::default();
    let kept = copy::escrow(&escrowing(), secrets(""), &without).await.unwrap();
    assert!(matches!(kept.by(), KeptBy::Vault(records) if records.len() == 1));
    // A vault that loses a half, or cuts one.
    for lying in [
        Memory { loses: Some(CopySlot::Salt), ..Memory::default() },
        Memory { cuts: true, ..Memory::default() },
    ] {
        let error = copy::escrow(&escrowing(), secrets("salt"), &lying).await.unwrap_err();
        assert!(["DTC-RULE-E2", "DTC-RULE-E4"].contains(&&*error.code()), "{error}");
    }
}

/// X3: killed between the two halves, the next run writes the other; another pair is never written over one that is there (E4).
#[tokio::test]
async fn e4_half_a_pair_is_completed_and_another_one_is_refused() {
    let vault = Memory { loses: Some(CopySlot::Salt), ..Memory::default() };
    copy::escrow(&escrowing(), secrets("salt"), &vault).await.unwrap_err();
    let vault = Memory { loses: None, ..vault };
    let state = copy::escrowed(&escrowing(), &secrets("salt"), &vault).await.unwrap();
    assert_eq!((state.records.len(), state.missing), (1, vec![CopySlot::Salt]));
    copy::escrow(&escrowing(), secrets("salt"), &vault).await.unwrap();
    let error = copy::escrow(&escrowing(), secrets("pepper"), &vault).await.unwrap_err();
    assert_eq!(code(&error), ("DTC-RULE-E4".to_owned(), Outcome::Blocked));
    assert!(!error.to_string().contains("pepper"), "{error}");
    // Two records of one identity (E5), and an organisation that is not there (E6).
    let twice = vault.records.lock().unwrap()[0].clone();
    vault.records.lock().unwrap().push(twice);
    let error = copy::escrow(&escrowing(), secrets("salt"), &vault).await.unwrap_err();
    assert_eq!(code(&error), ("DTC-RULE-E5".to_owned(), Outcome::Blocked));
    let mut nobody = escrowing();
    nobody.escrow.as_mut().unwrap().organization = "Nobody".to_owned();
    let error = copy::escrow(&nobody, secrets("salt"), &Memory::default()).await.unwrap_err();
    assert_eq!(code(&error), ("DTC-RULE-E6".to_owned(), Outcome::Precondition));
}

#[test]
fn e2_the_pair_of_a_job_that_names_an_organisation_is_not_the_operators() {
    let error = Kept::by_operator(&escrowing(), secrets("salt")).unwrap_err();
    assert_eq!(code(&error), ("DTC-RULE-E2".to_owned(), Outcome::Blocked));
}

/// Y3: what is not proven is no success, and the worst of what was found is what a check comes to.
#[test]
fn y3_a_check_comes_to_the_worst_of_what_it_found() {
    let tested = |same: usize, missing: &[&str]| {
        let mut test = rclone_crypt::RestoreTestReport::default();
        test.same = same;
        test.missing = missing.iter().map(Into::into).collect();
        test
    };
    let failed = |kind| Some(Transfer::failed(StepFailure::new(kind, "it did not", "do something")));
    let mut behind = Transfer::default();
    behind.files = 1;
    for (test, destination, outcome) in [
        (tested(1, &[]), None, Outcome::AsItShouldBe),
        (tested(1, &[]), Some(Transfer::default()), Outcome::AsItShouldBe),
        (tested(0, &[]), None, Outcome::Incomplete),
        (tested(1, &["a.txt"]), None, Outcome::Differs),
        (tested(1, &[]), Some(behind), Outcome::Differs),
        (tested(1, &[]), failed(StepFailureKind::Unreachable), Outcome::Incomplete),
        (tested(1, &["a.txt"]), failed(StepFailureKind::Unreachable), Outcome::Differs),
        (tested(1, &["a.txt"]), failed(StepFailureKind::WrongHost), Outcome::Blocked),
    ] {
        assert_eq!(Checked { test, destination }.outcome(), outcome);
    }
}
