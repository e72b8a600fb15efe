//! Which versions stood at an instant, from a listing of all versions.

use jiff::Timestamp;

use crate::ports::{Object, ObjectVersion, VersionKind};

/// Picks, from the versions of a listing, those that stood at an instant: of each object the newest that was uploaded by then, if it is
/// not hidden. Large files that were not finished did not stand.
///
/// It holds the versions of one object at a time. They may come in any order; those of one object must come together, as B2 lists them.
///
/// ```
/// use dtc_provision::restore::AsOf;
///
/// let mut as_of = AsOf::new(Some("2026-11-27T03:00:00Z".parse()?));
/// assert!(as_of.end().is_none(), "nothing was listed");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Default)]
pub struct AsOf {
    at: Option<Timestamp>,
    current: Option<Current>,
    seen: Seen,
}

/// What a listing was seen to hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Seen {
    /// How many versions, hide markers and unfinished large files among them.
    pub versions: u64,
    /// How many large files that are not finished.
    pub unfinished: u64,
    /// When the first version with content was uploaded.
    pub first: Option<Timestamp>,
    /// When the last version with content was uploaded.
    pub last: Option<Timestamp>,
    /// How many objects have versions, all of which are younger than the instant: they were new, or what stood before them is deleted.
    pub younger: u64,
}

#[derive(Debug)]
struct Current {
    name: String,
    /// The newest version so far that was there at the instant.
    newest: Option<ObjectVersion>,
}

impl AsOf {
    /// Picks what stood at this instant; without one, what stands now.
    pub fn new(at: Option<Timestamp>) -> Self {
        Self { at, ..Self::default() }
    }

    /// Takes the next version. Returns the object before it, if it is another one and stood at the instant.
    pub fn push(&mut self, version: ObjectVersion) -> Option<Object> {
        self.seen.note(&version);
        let is_same = self.current.as_ref().is_some_and(|current| current.name == version.object.name);
        let before = if is_same { None } else { self.end() };
        let current =
            self.current.get_or_insert_with(|| Current { name: version.object.name.clone(), newest: None });
        let was_there =
            version.kind != VersionKind::Unfinished && self.at.is_none_or(|at| version.object.uploaded <= at);
        // Of two versions of one millisecond, the one that is listed first is the newer.
        let is_newer = |held: &ObjectVersion| version.object.uploaded > held.object.uploaded;
        if was_there && current.newest.as_ref().is_none_or(is_newer) {
            current.newest = Some(version);
        }
        before
    }

    /// Ends the listing, or the object that is listed. Returns that object, if it stood at the instant.
    pub fn end(&mut self) -> Option<Object> {
        let current = self.current.take()?;
        let Some(newest) = current.newest else {
            self.seen.younger += 1;
            return None;
        };
        (newest.kind == VersionKind::Content).then_some(newest.object)
    }

    /// What was listed so far.
    pub fn seen(&self) -> Seen {
        self.seen
    }
}

impl Seen {
    /// Both together.
    pub(super) fn with(self, other: Self) -> Self {
        let earlier = |one: Option<Timestamp>, two: Option<Timestamp>| one.into_iter().chain(two).min();
        Self {
            versions: self.versions + other.versions,
            unfinished: self.unfinished + other.unfinished,
            first: earlier(self.first, other.first),
            last: self.last.max(other.last),
            younger: self.younger + other.younger,
        }
    }

    fn note(&mut self, version: &ObjectVersion) {
        self.versions += 1;
        match version.kind {
            VersionKind::Unfinished => self.unfinished += 1,
            VersionKind::Hidden => {}
            VersionKind::Content => {
                let uploaded = version.object.uploaded;
                self.first = Some(self.first.map_or(uploaded, |first| first.min(uploaded)));
                self.last = Some(self.last.map_or(uploaded, |last| last.max(uploaded)));
            }
        }
    }
}
