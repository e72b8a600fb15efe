//! Made histories: attacks that must be found, and work that must not be taken for one.

use dtc_provision::ids::ObjectId;
use dtc_provision::jiff::{SignedDuration, Timestamp};
use dtc_provision::ports::{Lock, Object, ObjectVersion, StoredSha1, VersionKind};
use dtc_provision::restore::{Burst, History};

use super::store::start;

/// How many histories of each sort.
const HISTORIES: usize = 50;

struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let mixed = (self.0 ^ (self.0 >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        usize::try_from((mixed ^ (mixed >> 33)) % bound as u64).unwrap()
    }
}

/// A pool at work, night by night.
struct Pool {
    random: Random,
    history: History,
    /// What stands: path, size, and a number for its content.
    standing: Vec<(String, u64, u8)>,
    now: Timestamp,
    uploads: u64,
}

const ENDINGS: [&str; 6] = ["docx", "xlsx", "pdf", "jpg", "msg", "txt"];

impl Pool {
    fn new(seed: usize) -> Self {
        let mut pool = Self {
            random: Random((seed as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) + 1),
            history: History::default(),
            standing: Vec::new(),
            now: start(),
            uploads: 0,
        };
        let folders = 4 + pool.random.below(9);
        for folder in 0..folders {
            for number in 0..15 + pool.random.below(60) {
                let ending = ENDINGS[pool.random.below(ENDINGS.len())];
                pool.create(&format!("share/{folder}/file{number}.{ending}"));
            }
        }
        for number in 0..4 {
            pool.create(&format!("db/base{number}.mdb"));
        }
        pool.night();
        for _ in 0..10 + pool.random.below(20) {
            pool.work();
        }
        pool
    }

    fn put(&mut self, path: &str, kind: VersionKind, size: u64, content: u8) {
        self.uploads += 1;
        // A run takes its time.
        self.now += SignedDuration::from_secs(2);
        let object = Object {
            id: ObjectId::new(self.uploads.to_string()),
            name: path.to_owned(),
            size,
            uploaded: self.now,
            source_modified: None,
            sha1: Some(StoredSha1::from_bytes([content; 20])),
        };
        self.history.push(path, &ObjectVersion { object, kind, lock: Lock::Free });
    }

    fn create(&mut self, path: &str) {
        let content = u8::try_from(self.random.below(256)).unwrap();
        let size = 100 + self.random.below(1 << 20) as u64;
        self.put(path, VersionKind::Content, size, content);
        self.standing.retain(|(standing, ..)| standing != path);
        self.standing.push((path.to_owned(), size, content));
    }

    fn rewrite(&mut self, path: &str) {
        self.create(path);
    }

    fn remove(&mut self, path: &str) {
        self.put(path, VersionKind::Hidden, 0, 0);
        self.standing.retain(|(standing, ..)| standing != path);
    }

    fn rename(&mut self, from: &str, to: &str, changes: bool) {
        let held = self.standing.iter().find(|(path, ..)| path == from).cloned().unwrap();
        let size = if changes { held.1 + 512 } else { held.1 };
        let content = if changes { held.2.wrapping_add(1) } else { held.2 };
        self.put(to, VersionKind::Content, size, content);
        self.remove(from);
        self.standing.push((to.to_owned(), size, content));
    }

    fn paths(&self, under: &str) -> Vec<String> {
        let of = |(path, ..): &(String, u64, u8)| path.starts_with(under).then(|| path.clone());
        self.standing.iter().filter_map(of).collect()
    }

    /// Until the next midnight.
    fn night(&mut self) {
        let days = self.now.duration_since(start()).as_hours() / 24 + 1;
        self.now = start() + SignedDuration::from_hours(24 * days);
    }

    /// What people do in a day, and the night after it.
    fn work(&mut self) {
        for path in self.paths("db/") {
            self.rewrite(&path);
        }
        for number in 0..self.random.below(8) {
            let name = format!("share/{}/new{}-{number}.docx", self.random.below(4), self.uploads);
            self.create(&name);
        }
        for number in 0..self.random.below(13) {
            let all = self.paths("share/");
            if all.is_empty() {
                break;
            }
            let path = all[self.random.below(all.len())].clone();
            if number < 10 { self.rewrite(&path) } else { self.remove(&path) }
        }
        self.night();
    }

    fn some(&mut self, percent: usize, under: &str) -> Vec<String> {
        let paths = self.paths(under);
        paths.into_iter().filter(|_| self.random.below(100) < percent).collect()
    }

    fn attack(&mut self, sort: usize) {
        match sort % 7 {
            0 => self.paths("").iter().for_each(|path| self.rewrite(path)),
            1 => self.paths("").iter().for_each(|path| self.rename(path, &format!("{path}.locked"), true)),
            2 => {
                for path in self.paths("") {
                    let stem = path.rsplit_once('.').map(|(stem, _)| stem.to_owned()).unwrap();
                    self.rename(&path, &format!("{stem}.crypt"), true);
                }
            }
            3 => self.paths("").iter().for_each(|path| self.remove(path)),
            4 => self.some(50, "").iter().for_each(|path| self.rewrite(path)),
            5 => {
                for path in self.paths("share/0").into_iter().chain(self.paths("share/1")) {
                    self.rename(&path, &format!("{path}.id-7F3A.enc"), true);
                }
                self.create("share/0/READ_ME.hta");
            }
            _ => {
                for _ in 0..3 {
                    for path in self.some(35, "share/") {
                        self.rewrite(&path);
                    }
                    self.night();
                }
            }
        }
    }

    /// Unusual work.
    fn unusual(&mut self, sort: usize) {
        match sort % 9 {
            0 => (0..400).for_each(|number| self.create(&format!("import/scan{number}.tif"))),
            1 => self.paths("share/1/").iter().for_each(|path| self.remove(path)),
            2 => {
                for path in self.paths("share/2/") {
                    self.rename(&path, &path.replace("share/2/", "share/offices north/"), false);
                }
            }
            3 => {
                for path in self.paths("share/") {
                    self.rename(&path, &format!("archive/{path}"), false);
                }
            }
            4 => {
                for path in self.paths("share/3/") {
                    let stem = path.rsplit_once('.').map(|(stem, _)| stem.to_owned()).unwrap();
                    self.rename(&path, &format!("{stem}.webp"), true);
                }
            }
            5 => {
                for path in self.paths("share/0/") {
                    self.rename(&path, &format!("{path}.gz"), true);
                }
            }
            // New times alone: the content that B2 knows is the same.
            6 => {
                for (path, size, content) in self.standing.clone() {
                    self.put(&path, VersionKind::Content, size, content);
                }
            }
            7 => self.paths("share/0/").iter().for_each(|path| self.rewrite(path)),
            _ => self.some(9, "share/").iter().for_each(|path| self.rewrite(path)),
        }
        self.night();
    }

    fn bursts(self) -> Vec<Burst> {
        self.history.bursts()
    }
}

/// A property over made histories; the figures stand in the documentation.
#[test]
fn y4_attacks_are_found_and_work_is_not_taken_for_one() {
    let (mut found, mut alarms) = (Vec::new(), Vec::new());
    for seed in 0..HISTORIES {
        let mut pool = Pool::new(seed);
        for _ in 0..seed % 4 {
            pool.work();
        }
        let began = pool.now;
        pool.attack(seed);
        pool.night();
        for _ in 0..seed % 3 {
            pool.work();
        }
        let bursts = pool.bursts();
        let first = bursts.first();
        // The proposal lies between the last good run and the attack.
        let is_right = |burst: &Burst| {
            burst.before <= began + SignedDuration::from_secs(2)
                && burst.before > began - SignedDuration::from_hours(12)
        };
        if first.is_some_and(is_right) {
            found.push(seed);
        }
        let mut pool = Pool::new(seed + 1000);
        for more in 0..3 {
            pool.unusual(seed + more);
            pool.work();
        }
        if !pool.bursts().is_empty() {
            alarms.push(seed);
        }
    }
    let missed: Vec<usize> = (0..HISTORIES).filter(|seed| !found.contains(seed)).collect();
    assert!(found.len() * 100 >= 95 * HISTORIES, "missed {missed:?}");
    assert!(alarms.len() * 100 <= 5 * HISTORIES, "false alarms {alarms:?}");
}

#[test]
fn y4_a_burst_says_what_changed() {
    let mut pool = Pool::new(7);
    let files = pool.standing.len();
    pool.attack(1);
    let bursts = pool.bursts();
    let [burst] = &bursts[..] else { panic!("{bursts:?}") };
    assert_eq!((burst.files, burst.renamed, burst.removed), (files, files, 0));
    assert_eq!(burst.new_ending.as_deref(), Some("locked"));
    assert!(burst.before < burst.began && burst.began < burst.ended);
}
