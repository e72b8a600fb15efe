//! Random sequences of operations, after each of which the account is still one that B2 could have.

use std::collections::HashMap;
use std::time::Duration;

use serde_json::{Value, json};
use simulator::Simulator;
use simulator::b2::Handle;

use super::text;

const NAMES: [&str; 4] = ["a", "a/b", "a/c", "\u{e9}"];

/// A small generator of its own (`xorshift64*`), so that a failing sequence can be run again by its seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % sides
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        let count = of.len() as u64;
        (count > 0).then(|| &of[usize::try_from(self.roll(count)).unwrap()])
    }
}

struct Run {
    sim: Simulator,
    dice: Dice,
    bucket: Value,
    /// What the last look showed: id, and when the version may go.
    locked: HashMap<String, Lock>,
}

#[derive(Clone, Copy, PartialEq)]
struct Lock {
    compliance_until: i64,
    held: bool,
}

impl Run {
    async fn new(seed: u64) -> Self {
        let sim = Simulator::builder().seed(seed).start().await.unwrap();
        let request =
            json!({"bucketName": "random-walk", "bucketType": "allPrivate", "fileLockEnabled": true});
        let bucket = sim.b2().call("b2_create_bucket", request).unwrap();
        let rules =
            json!([{"fileNamePrefix": "a/", "daysFromHidingToDeleting": 2, "daysFromUploadingToHiding": 3}]);
        let update = json!({"bucketId": bucket["bucketId"], "lifecycleRules": rules});
        sim.b2().call("b2_update_bucket", update).unwrap();
        Self { sim, dice: Dice(seed), bucket, locked: HashMap::new() }
    }

    fn b2(&self) -> &Handle {
        self.sim.b2()
    }

    fn step(&mut self) {
        let versions = self.b2().versions("random-walk");
        let version = self.dice.pick(&versions).cloned().unwrap_or_default();
        let named = json!({"fileId": version["fileId"], "fileName": version["fileName"]});
        let name = *self.dice.pick(&NAMES).unwrap();
        let now = self.sim.clock().now_millis();
        let with = |more: Value| {
            let mut request = named.clone();
            request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            request
        };
        let mode = *self.dice.pick(&["governance", "compliance"]).unwrap();
        let until = now + i64::try_from(self.dice.roll(6 * 86_400_000)).unwrap() + 1;
        let retention = json!({"mode": mode, "retainUntilTimestamp": until});
        let period = json!({"mode": mode, "period": {"duration": 1 + self.dice.roll(5), "unit": "days"}});
        let bucket_id = self.bucket["bucketId"].clone();
        // Most of these are refused now and then: that is part of the walk.
        let _ = match self.dice.roll(9) {
            0 | 1 => self.b2().put("random-walk", name, name.as_bytes()).map(Value::from),
            2 => self.b2().call("b2_hide_file", json!({"bucketId": bucket_id, "fileName": name})),
            3 => self.b2().call("b2_delete_file_version", with(json!({"bypassGovernance": true}))),
            4 => self.b2().call(
                "b2_update_file_retention",
                with(json!({"fileRetention": retention, "bypassGovernance": true})),
            ),
            5 => self.b2().call(
                "b2_update_file_legal_hold",
                with(json!({"legalHold": if until % 2 == 0 { "on" } else { "off" }})),
            ),
            6 => self.b2().call("b2_copy_file", json!({"sourceFileId": version["fileId"], "fileName": name})),
            7 => {
                self.b2().call("b2_update_bucket", json!({"bucketId": bucket_id, "defaultRetention": period}))
            }
            _ => {
                self.sim.clock().advance(Duration::from_hours(self.dice.roll(30)));
                Ok(Value::Null)
            }
        };
    }

    fn check(&mut self) {
        let versions = self.b2().versions("random-walk");
        let now = self.sim.clock().now_millis();
        let key = |row: &Value| (text(&row["fileName"]), -row["uploadTimestamp"].as_i64().unwrap());
        assert!(versions.is_sorted_by_key(key), "names in byte order, newest first");
        let seen: HashMap<String, Lock> =
            versions.iter().map(|row| (text(&row["fileId"]), lock(row))).collect();
        assert_eq!(seen.len(), versions.len(), "ids are unique");
        for (id, lock) in &self.locked {
            let present = seen.get(id);
            assert!(present.is_some() || !lock.held, "a held version stays");
            let kept = present.is_some_and(|present| present.compliance_until >= lock.compliance_until);
            assert!(kept || lock.compliance_until <= now, "compliance is never shortened");
        }
        self.locked = seen;
        for name in NAMES {
            let newest = versions.iter().find(|row| row["fileName"] == name);
            let visible = newest.is_some_and(|row| row["action"] == "upload");
            let read = self.b2().read("random-walk", name).filter(|_| visible);
            assert_eq!(read.is_some(), visible);
        }
    }
}

fn lock(row: &Value) -> Lock {
    let retention = &row["fileRetention"]["value"];
    let firm = retention["mode"] == "compliance";
    Lock {
        compliance_until: retention["retainUntilTimestamp"].as_i64().filter(|_| firm).unwrap_or(0),
        held: row["legalHold"]["value"] == "on",
    }
}

#[tokio::test]
async fn no_sequence_of_operations_breaks_a_lock_or_an_order() {
    for seed in 1..=10 {
        let mut run = Run::new(seed).await;
        for _ in 0..150 {
            run.step();
            run.check();
        }
    }
}
