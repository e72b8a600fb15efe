//! Random sequences of operations by the holders of several keys, after each of which the account is still one that B2 could have.

mod actor;
mod pages;

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use serde_json::{Value, json};
use simulator::b2::{Handle, Settings};
use simulator::{DEFAULT_ID, Simulator};

use super::{Account, text};
use actor::Actor;

const BUCKET: &str = "random-walk";
const NAMES: [&str; 4] = ["a", "a/b", "a/c", "\u{e9}"];
/// Parts are this long, or shorter where they are last.
const PART: usize = 10;

/// A small generator of its own (`xorshift64*`), so that a failing sequence can be run again by its seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % sides
    }

    fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.roll(length as u64)).unwrap()
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        (!of.is_empty()).then(|| &of[self.index(of.len())])
    }
}

#[derive(Clone, Debug, PartialEq)]
struct Lock {
    mode: Option<String>,
    until: i64,
    held: bool,
}

impl Lock {
    fn of(row: &Value) -> Self {
        let retention = &row["fileRetention"]["value"];
        Self {
            mode: retention["mode"].as_str().map(str::to_owned),
            until: retention["retainUntilTimestamp"].as_i64().unwrap_or(0),
            held: row["legalHold"]["value"] == "on",
        }
    }

    fn is(&self, mode: &str, now: i64) -> bool {
        self.mode.as_deref() == Some(mode) && self.until > now
    }

    /// Whether it keeps a version at least as long, and as firmly, as `other` does.
    fn covers(&self, other: &Self) -> bool {
        let firm = |lock: &Self| lock.mode.as_deref() == Some("compliance");
        self.mode.is_some() && self.until >= other.until && (firm(self) || !firm(other))
    }
}

/// What one step asked, and whether it was granted.
struct Step {
    actor: usize,
    /// The name that it was about, where it was about one.
    name: Option<String>,
    bypasses: bool,
    granted: Option<Value>,
}

struct Run {
    sim: Simulator,
    dice: Dice,
    actors: Vec<Actor>,
    bucket: String,
    /// What the last look showed of each finished version.
    locks: HashMap<String, Lock>,
    /// What each version must hold, and each part of what is not finished.
    contents: HashMap<String, Vec<u8>>,
    parts: HashMap<String, BTreeMap<u64, Vec<u8>>>,
}

impl Run {
    async fn new(seed: u64) -> Self {
        let settings = Settings::default().part_sizes(PART as u64, PART as u64);
        let (sim, owner) =
            Account::open_with(crate::simulation().seed(seed).b2_account(DEFAULT_ID, settings)).await;
        let day = json!({"mode": "governance", "period": {"duration": 1, "unit": "days"}});
        let bucket = owner.locked_bucket(BUCKET, day).await;
        let actors = actor::all(&sim, owner, &bucket).await;
        let (locks, contents, parts) = (HashMap::new(), HashMap::new(), HashMap::new());
        Self { sim, dice: Dice(seed), actors, bucket, locks, contents, parts }
    }

    fn b2(&self) -> &Handle {
        self.sim.b2()
    }

    fn retention(&mut self) -> Value {
        let now = self.sim.clock().now_millis();
        let until = now + i64::try_from(self.dice.roll(6 * 86_400_000)).unwrap() + 60_000;
        match self.dice.roll(8) {
            0 | 1 => json!({"mode": null, "retainUntilTimestamp": null}),
            2 => json!({"mode": "compliance", "retainUntilTimestamp": until}),
            _ => json!({"mode": "governance", "retainUntilTimestamp": until}),
        }
    }

    /// Time passes, or new versions get another default.
    async fn change_the_world(&mut self) {
        if self.dice.roll(2) == 0 {
            self.sim.clock().advance(Duration::from_hours(self.dice.roll(30)));
            actor::sign_in_again(&mut self.actors).await;
            return;
        }
        let period = json!({"duration": 1 + self.dice.roll(3), "unit": "days"});
        let default = match self.dice.roll(4) {
            0 => json!({"mode": null}),
            1 => json!({"mode": "compliance", "period": period}),
            _ => json!({"mode": "governance", "period": period}),
        };
        self.b2()
            .call("b2_update_bucket", json!({"bucketId": self.bucket, "defaultRetention": default}))
            .unwrap();
    }

    async fn step(&mut self) -> Step {
        let actor = self.dice.index(self.actors.len());
        let name = *self.dice.pick(&NAMES).unwrap();
        let versions = self.b2().versions(BUCKET);
        let version = self.dice.pick(&versions).cloned().unwrap_or(Value::Null);
        let roll = self.dice.roll(14);
        if roll == 0 {
            self.change_the_world().await;
            return Step { actor, name: None, bypasses: false, granted: None };
        }
        if roll >= 9 {
            return self.step_of_parts(actor, name, roll).await;
        }
        let flag = self.dice.roll(2) == 0;
        let (operation, mut request) = self.request(roll, name, &version);
        if matches!(operation, "b2_delete_file_version" | "b2_update_file_retention") && flag {
            request["bypassGovernance"] = json!(true);
        }
        let about = request["fileName"].as_str().map(str::to_owned);
        let granted = match operation {
            "b2_upload_file" => {
                self.actors[actor].upload(&self.bucket, name, format!("{name} {roll}").as_bytes()).await
            }
            _ => self.actors[actor].call(operation, request).await,
        };
        if let Some(made) = &granted {
            let content = match operation {
                "b2_upload_file" => Some(format!("{name} {roll}").into_bytes()),
                "b2_copy_file" => self.contents.get(&text(&version["fileId"])).cloned(),
                _ => None,
            };
            if let Some(content) = content {
                self.contents.insert(text(&made["fileId"]), content);
            }
        }
        Step { actor, name: about, bypasses: flag && self.actors[actor].bypasses, granted }
    }

    fn request(&mut self, roll: u64, name: &str, version: &Value) -> (&'static str, Value) {
        let bucket = self.bucket.clone();
        let file = json!({"fileName": version["fileName"], "fileId": version["fileId"]});
        let with = |field: &str, value: Value| {
            let mut request = file.clone();
            request[field] = value;
            request
        };
        match roll {
            1 | 2 => ("b2_upload_file", json!({"fileName": name})),
            3 => ("b2_hide_file", json!({"bucketId": bucket, "fileName": name})),
            4 => ("b2_delete_file_version", file),
            5 | 6 => ("b2_update_file_retention", with("fileRetention", self.retention())),
            7 => {
                let hold = if self.dice.roll(3) == 0 { "on" } else { "off" };
                ("b2_update_file_legal_hold", with("legalHold", json!(hold)))
            }
            _ => ("b2_copy_file", json!({"sourceFileId": version["fileId"], "fileName": name})),
        }
    }

    /// A step in the life of a large file.
    async fn step_of_parts(&mut self, actor: usize, name: &str, roll: u64) -> Step {
        let versions = self.b2().versions(BUCKET);
        let begun: Vec<_> = versions.iter().filter(|row| row["action"] == "start").cloned().collect();
        let Some(file) = self.dice.pick(&begun).cloned().filter(|_| roll != 9) else {
            let start = json!({"bucketId": self.bucket, "fileName": name, "contentType": "b2/x-auto"});
            let granted = self.actors[actor].call("b2_start_large_file", start).await;
            return Step { actor, name: Some(name.to_owned()), bypasses: false, granted };
        };
        let id = text(&file["fileId"]);
        let number = 1 + self.dice.roll(3);
        let granted = match roll {
            10 | 11 => {
                let length = if self.dice.roll(3) == 0 { 1 + self.dice.index(PART) } else { PART };
                let bytes = vec![u8::try_from(self.dice.roll(256)).unwrap(); length];
                let granted = self.actors[actor].upload_part(&id, number, &bytes).await;
                granted.inspect(|_| self.keep_part(&id, number, bytes))
            }
            12 => self.copy_part(actor, &id, number, &versions).await,
            _ if self.dice.roll(4) == 0 => {
                self.actors[actor].call("b2_cancel_large_file", json!({"fileId": id})).await
            }
            _ => self.finish(actor, &id).await,
        };
        Step { actor, name: file["fileName"].as_str().map(str::to_owned), bypasses: false, granted }
    }

    fn keep_part(&mut self, id: &str, number: u64, bytes: Vec<u8>) {
        self.parts.entry(id.to_owned()).or_default().insert(number, bytes);
    }

    async fn copy_part(&mut self, actor: usize, id: &str, number: u64, versions: &[Value]) -> Option<Value> {
        let source = self.dice.pick(versions)?["fileId"].clone();
        let request =
            json!({"sourceFileId": source, "largeFileId": id, "partNumber": number, "range": "bytes=1-2"});
        let copied = self.actors[actor].call("b2_copy_part", request).await?;
        let bytes = self.contents[&text(&source)].get(1..).unwrap_or_default();
        let bytes = bytes[..bytes.len().min(2)].to_vec();
        assert_eq!(copied["contentSha1"], super::sha1(&bytes));
        self.keep_part(id, number, bytes);
        Some(copied)
    }

    async fn finish(&mut self, actor: usize, id: &str) -> Option<Value> {
        let parts = self.parts.get(id).cloned().unwrap_or_default();
        let sums: Vec<_> = parts.values().map(|part| super::sha1(part)).collect();
        let request = json!({"fileId": id, "partSha1Array": sums});
        let granted = self.actors[actor].call("b2_finish_large_file", request).await?;
        let gapless = parts.keys().copied().eq(1..=parts.len() as u64);
        let long = parts.values().rev().skip(1).all(|part| part.len() >= PART);
        assert!(parts.len() >= 2 && gapless && long, "{parts:?} make no file");
        self.contents.insert(id.to_owned(), parts.into_values().flatten().collect());
        Some(granted)
    }

    fn check(&mut self, step: &Step) {
        let actor = &self.actors[step.actor];
        if let (Some(_), Some(name), Some(prefix)) = (&step.granted, &step.name, actor.prefix) {
            assert!(name.starts_with(prefix), "{name} is outside {prefix}");
        }
        let versions = self.b2().versions(BUCKET);
        let key = |row: &Value| (text(&row["fileName"]), -row["uploadTimestamp"].as_i64().unwrap());
        assert!(versions.is_sorted_by_key(key), "names in byte order, newest first");
        let finished = versions.iter().filter(|row| row["action"] != "start");
        let seen: HashMap<_, _> = finished.map(|row| (text(&row["fileId"]), Lock::of(row))).collect();
        let now = self.sim.clock().now_millis();
        for (id, before) in &self.locks {
            let after = seen.get(id);
            let kept = after.is_some_and(|after| after.covers(before));
            assert!(after.is_some() || !before.held, "a held version stays");
            assert!(kept || !before.is("compliance", now), "compliance is never shortened");
            assert!(
                kept || !before.is("governance", now) || step.bypasses,
                "governance needs flag and capability"
            );
        }
        self.locks = seen;
        for name in NAMES {
            let newest = versions.iter().find(|row| row["fileName"] == name && row["action"] != "start");
            let visible = newest.filter(|row| row["action"] == "upload");
            let read = self.b2().read(BUCKET, name).filter(|_| visible.is_some());
            assert_eq!(read.as_ref(), visible.map(|row| &self.contents[&text(&row["fileId"])]), "{name}");
        }
    }
}

#[tokio::test]
async fn no_sequence_of_operations_breaks_a_lock_an_order_or_a_content() {
    let mut granted = 0;
    for seed in 1..=6 {
        let mut run = Run::new(seed).await;
        for number in 0..150 {
            let step = run.step().await;
            granted += usize::from(step.granted.is_some());
            run.check(&step);
            if number % 15 == 0 {
                run.check_pages().await;
            }
        }
    }
    assert!(granted > 300, "a walk of refusals proves nothing: {granted} granted");
}
