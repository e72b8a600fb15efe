//! How the commands of `dtc restore` end where not all is as it should be: each with its code.

use dtc_provision::jiff::Timestamp;
use dtc_provision::restore::{Moment, Tree, Wanted};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::view::count;

/// Something does not open.
pub(super) fn data_at_risk(sentence: impl Into<String>) -> Failure {
    Failure::new(Exit::DataAtRisk, sentence).code("DTC-RESTORE-DATA-AT-RISK")
}

/// Part of it was not done.
pub(super) fn incomplete(sentence: impl Into<String>) -> Failure {
    Failure::new(Exit::Incomplete, sentence).code("DTC-RESTORE-INCOMPLETE")
}

/// Nothing stood at an instant before the first upload.
pub(super) fn before_first(tree: &Tree) -> Option<Failure> {
    let Moment::BeforeFirst { first } = tree.moment else { return None };
    let at = tree.at.unwrap_or(Timestamp::MIN);
    Some(
        Failure::usage(format!("at {at} (UTC) nothing was in the bucket that is still there"))
            .code("DTC-RESTORE-MOMENT")
            .remedy(format!("the earliest moment is {first}: give that, or a later one, as --at")),
    )
}

/// What a listing lacks, if anything.
pub(super) fn unlisted(tree: &Tree) -> Option<Failure> {
    if !tree.not_understood.is_empty() {
        let rows = count(tree.not_understood.len(), "row of the listing is", "rows of the listing are");
        let first = tree.not_understood.first().cloned().unwrap_or_default();
        return Some(incomplete(format!("{rows} not understood, the first: {first}")));
    }
    if !tree.foreign.is_empty() {
        let objects = count(tree.foreign.len(), "object is", "objects are");
        let first = tree.foreign.first().cloned().unwrap_or_default();
        return Some(
            incomplete(format!("{objects} none of the backup's, the first {first}"))
                .remedy("look at what wrote them: the task writes no names like these"),
        );
    }
    match tree.moment {
        Moment::MayLack { complete_since } => Some(too_long_ago(complete_since)),
        _ if tree.files.is_empty() => Some(nothing(tree)),
        _ => tree.absent.first().map(absent),
    }
}

/// Of several things that were wanted, one is not there.
fn absent(wanted: &Wanted) -> Failure {
    incomplete(format!("there is no {wanted} at that moment; what else was wanted is there")).remedy(
        "correct the pool or the path: dtc restore ls POOL lists what is there, and with --at what was",
    )
}

/// The bucket's lifecycle may have removed what stood at the instant.
pub(super) fn too_long_ago(complete_since: Timestamp) -> Failure {
    incomplete(
        "that moment is so long ago that the bucket may have deleted what was removed or rewritten after it",
    )
    .remedy(format!("the earliest moment of which everything is there is {complete_since}"))
}

/// There is no such file: nothing was ever there, or nothing is at that moment.
pub(super) fn nothing(tree: &Tree) -> Failure {
    if tree.seen.versions == 0 {
        return no_such("the bucket holds no version of such a file or folder");
    }
    incomplete("there is no such file at that moment; there are versions of other ones")
        .remedy("dtc restore ls POOL lists what is there, and with --at what was")
}

/// What was named was never there.
pub(super) fn no_such(sentence: &str) -> Failure {
    Failure::usage(sentence).code("DTC-RESTORE-PATH").remedy(
        "correct the pool or the path: dtc restore ls POOL lists what is there, and with --at what was",
    )
}
