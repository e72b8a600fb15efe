//! Every secret that lives in this process, and where its spellings begin.
//!
//! The spellings are found by their first six bytes, mixed with a number of this process: a table that grows and shrinks with each secret.
//! An automaton over all spellings would search faster, would be built anew with each secret, and would keep copies that nobody overwrites.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, BuildHasherDefault, Hasher, RandomState};
use std::sync::{LazyLock, PoisonError, RwLock};

use zeroize::Zeroizing;

use crate::spellings::{Spelling, spellings};

/// How many bytes of a spelling find it. No secret is shorter, and so is none of its spellings.
pub(crate) const START: usize = 6;
/// Letters alone are an ordinary word below this length.
const WORD: usize = 12;

static LIVE: LazyLock<RwLock<Live>> = LazyLock::new(|| RwLock::new(Live::new()));

/// The live secrets.
pub(crate) struct Live {
    mixed: RandomState,
    /// An odd number of this process.
    own: u64,
    secrets: Vec<Option<Known>>,
    free: Vec<usize>,
    by_value: HashMap<u64, Vec<usize>, BuildHasherDefault<Mixed>>,
    by_start: HashMap<u64, Vec<(usize, usize)>, BuildHasherDefault<Mixed>>,
}

/// A secret, and how many hold it.
struct Known {
    secret: Zeroizing<Box<[u8]>>,
    holders: usize,
    spellings: Vec<Spelling>,
}

/// Makes a secret known until it is dropped.
pub(crate) struct Registration(Option<usize>);

impl Registration {
    /// Makes `secret` known, unless hiding it would hide ordinary words of a text and tell by the gaps what it is.
    pub(crate) fn of(secret: &str) -> Self {
        let is_word = secret.len() < WORD && secret.bytes().all(|byte| byte.is_ascii_alphabetic());
        if secret.len() < START || is_word {
            return Self(None);
        }
        Self(Some(LIVE.write().unwrap_or_else(PoisonError::into_inner).add(secret)))
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        if let Some(place) = self.0 {
            LIVE.write().unwrap_or_else(PoisonError::into_inner).remove(place);
        }
    }
}

/// Does something with the live secrets, if there are any.
pub(crate) fn with_live<T>(use_them: impl FnOnce(&Live) -> T) -> Option<T> {
    let live = LIVE.read().unwrap_or_else(PoisonError::into_inner);
    (!live.by_start.is_empty()).then(|| use_them(&live))
}

impl Live {
    fn new() -> Self {
        let mixed = RandomState::new();
        let own = mixed.hash_one(()) | 1;
        Self {
            mixed,
            own,
            secrets: Vec::new(),
            free: Vec::new(),
            by_value: HashMap::default(),
            by_start: HashMap::default(),
        }
    }

    fn add(&mut self, secret: &str) -> usize {
        if let Some(place) = self.place_of(secret.as_bytes()) {
            if let Some(known) = &mut self.secrets[place] {
                known.holders += 1;
            }
            return place;
        }
        let place = self.free.pop().unwrap_or_else(|| {
            self.secrets.push(None);
            self.secrets.len() - 1
        });
        let spellings = spellings(secret);
        for (number, spelling) in spellings.iter().enumerate() {
            if let Some(start) = self.start(&spelling.text) {
                self.by_start.entry(start).or_default().push((place, number));
            }
        }
        self.by_value.entry(self.mixed.hash_one(secret.as_bytes())).or_default().push(place);
        let secret = Zeroizing::new(secret.as_bytes().into());
        self.secrets[place] = Some(Known { secret, holders: 1, spellings });
        place
    }

    fn remove(&mut self, place: usize) {
        let Some(known) = &mut self.secrets[place] else { return };
        known.holders -= 1;
        if known.holders > 0 {
            return;
        }
        let Some(known) = self.secrets[place].take() else { return };
        for spelling in &known.spellings {
            if let Some(start) = self.start(&spelling.text) {
                forget(&mut self.by_start, start, |(owner, _)| *owner == place);
            }
        }
        let value = self.mixed.hash_one(&**known.secret);
        forget(&mut self.by_value, value, |owner| *owner == place);
        self.free.push(place);
    }

    fn place_of(&self, secret: &[u8]) -> Option<usize> {
        let places = self.by_value.get(&self.mixed.hash_one(secret))?;
        places.iter().copied().find(|place| {
            self.secrets[*place]
                .as_ref()
                .is_some_and(|known| subtle::ConstantTimeEq::ct_eq(&**known.secret, secret).into())
        })
    }

    /// Whether this is a live secret.
    pub(crate) fn contains(&self, secret: &[u8]) -> bool {
        self.place_of(secret).is_some()
    }

    /// The spellings that may begin where `bytes` do.
    pub(crate) fn beginning_like<'a>(&'a self, bytes: &[u8]) -> impl Iterator<Item = &'a Spelling> {
        let found = self.start(bytes).and_then(|start| self.by_start.get(&start));
        found.into_iter().flatten().filter_map(|(place, number)| {
            self.secrets[*place].as_ref().and_then(|known| known.spellings.get(*number))
        })
    }

    fn start(&self, bytes: &[u8]) -> Option<u64> {
        let start: &[u8; START] = bytes.first_chunk()?;
        let number = start.iter().fold(0, |number, byte| number << 8 | u64::from(*byte));
        // Multiplying by an odd number loses nothing; the process's own number keeps the table from naming the bytes.
        let mixed = number.wrapping_mul(self.own);
        Some(mixed ^ mixed >> 29)
    }
}

/// Takes what is meant out of a list, and the list out of its table when nothing is left.
fn forget<T>(
    table: &mut HashMap<u64, Vec<T>, BuildHasherDefault<Mixed>>,
    key: u64,
    is_meant: impl Fn(&T) -> bool,
) {
    if let Some(list) = table.get_mut(&key) {
        list.retain(|item| !is_meant(item));
        if list.is_empty() {
            table.remove(&key);
        }
    }
}

/// Takes a number that is mixed already.
#[derive(Default)]
struct Mixed(u64);

impl Hasher for Mixed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |number, byte| number.rotate_left(8) ^ u64::from(*byte));
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}
