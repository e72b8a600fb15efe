//! What was done, and what a verification found.

use dtc_provision::verify::{self, Proof};

use crate::errors;
use crate::values::{Time, value_class};

/// A variant of ours by the name that JSON has for it.
pub(crate) fn name_of(variant: &impl std::fmt::Debug) -> String {
    errors::snake_case(&format!("{variant:?}"))
}

value_class! {
    in "dtc.provision";
    /// One item of the checklist, with its evidence.
    Item {
        /// Which item, such as ``"recoverable"``.
        id: String,
        /// Its number in the procedure's checklist.
        number: u8,
        /// The rule of the standard it is about.
        rule: String,
        /// What should be so.
        title: String,
        /// ``"pass"``, ``"fail"``, ``"not_checkable"`` (never a success) or ``"not_applicable"``.
        verdict: String,
        /// Where and how.
        evidence: String,
    }
}

value_class! {
    in "dtc.provision";
    /// One object that was fetched.
    Sample {
        /// The object's name.
        object: String,
        /// The source it was held against.
        source: String,
        /// Its plain size, in bytes; 0 if it did not open.
        size: u64,
        /// What was proven: ``"content"``, ``"hash"``, ``"keys"``, ``"failed"``, ``"damaged"`` or ``"not_checkable"``.
        proof: String,
        /// Whether it was shown to open with what the vault gives back.
        opens: bool,
        /// Why no more was proven; empty where all was.
        reason: String,
    }
}

value_class! {
    in "dtc.provision";
    /// What a pool's part of the bucket holds, and what of it was opened.
    PoolProof {
        /// The pool.
        pool: String,
        /// How many objects stand under its prefix.
        objects: u64,
        /// How many of them can be opened and compared.
        with_content: u64,
        /// Their size in the bucket, in bytes.
        bytes: u64,
        /// Objects in an excluded directory, which must not be there.
        excluded: Vec<String>,
        /// Directories whose names look excluded and that the filters do not reach.
        unreached: Vec<String>,
        /// What was fetched.
        samples: Vec<Sample>,
        /// Why its listing is not whole.
        unlisted: Option<String>,
    }
}

value_class! {
    in "dtc.provision";
    /// The whole checklist, and the proof of recoverability beneath it.
    Report {
        /// What the verification comes to: ``"as_it_should_be"``, ``"differs"``, ``"precondition"``, ``"data_at_risk"`` or ``"incomplete"``.
        /// What was not proven is never a success.
        outcome: String,
        /// One line for people.
        summary: String,
        /// The items, in order.
        items: Vec<Item>,
        /// What was fetched and opened, pool by pool.
        proofs: Vec<PoolProof>,
        /// What is on the appliance and cannot be in the backup, a line each.
        coverage: Vec<String>,
        /// Why services left something unread, a line each.
        unread: Vec<String>,
    }
    /// Whether every item that applies was looked at and is as it should be.
    #[getter]
    fn passed(&self) -> bool {
        self.outcome == "as_it_should_be"
    }

    /// The item of this id; ``None`` if there is none.
    fn item(&self, id: &str) -> Option<Item> {
        self.items.iter().find(|item| item.id == id).cloned()
    }
}

value_class! {
    in "dtc.provision";
    /// A pool's first run.
    FirstRunResult {
        /// The pool.
        pool: String,
        /// When it ended.
        finished: Option<Time>,
        /// What it did, as far as the appliance says.
        summary: String,
    }
}

value_class! {
    in "dtc.provision";
    /// What stands at the end of an apply.
    Completion {
        /// Each pool's first run.
        first_runs: Vec<FirstRunResult>,
        /// The verification; ``None`` when a first run is left to the schedule.
        report: Option<Report>,
        /// Steps whose consent was withheld, by what they were about.
        withheld: Vec<String>,
    }
}

impl From<&verify::Sample> for Sample {
    fn from(sample: &verify::Sample) -> Self {
        let reason = match &sample.proof {
            Proof::Content | Proof::Hash => String::new(),
            Proof::Keys { but, .. } => but.clone(),
            Proof::Failed { reason } | Proof::Damaged { reason } | Proof::NotCheckable { reason, .. } => {
                reason.clone()
            }
        };
        Self {
            object: sample.object.clone(),
            source: sample.source.clone(),
            size: sample.size,
            proof: name_of(&sample.proof),
            opens: sample.proof.opens(),
            reason,
        }
    }
}

impl From<&verify::PoolProof> for PoolProof {
    fn from(proof: &verify::PoolProof) -> Self {
        Self {
            pool: proof.pool.to_string(),
            objects: proof.objects,
            with_content: proof.with_content,
            bytes: proof.bytes,
            excluded: proof.excluded.clone(),
            unreached: proof.unreached.clone(),
            samples: proof.samples.iter().map(Sample::from).collect(),
            unlisted: proof.unlisted.clone(),
        }
    }
}

impl From<&verify::Report> for Report {
    fn from(report: &verify::Report) -> Self {
        let item = |item: &verify::Item| Item {
            id: name_of(&item.id),
            number: item.number,
            rule: item.rule.to_owned(),
            title: item.title.to_owned(),
            verdict: name_of(&item.verdict),
            evidence: errors::shown(&item.evidence),
        };
        Self {
            outcome: name_of(&report.outcome()),
            summary: report.summary(),
            items: report.items.iter().map(item).collect(),
            proofs: report.proofs.iter().map(PoolProof::from).collect(),
            coverage: report.coverage.clone(),
            unread: report.unread.iter().map(errors::shown).collect(),
        }
    }
}

impl From<dtc_provision::Completion> for Completion {
    fn from(done: dtc_provision::Completion) -> Self {
        let first_run = |run: &dtc_provision::phases::FirstRunResult| FirstRunResult {
            pool: run.pool.to_string(),
            finished: run.finished.map(|at| Time(at.as_millisecond())),
            summary: run.summary.clone(),
        };
        Self {
            first_runs: done.first_runs.iter().map(first_run).collect(),
            report: done.report.as_ref().map(Report::from),
            withheld: done.withheld,
        }
    }
}
