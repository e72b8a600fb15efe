//! Lifecycle rules, carried out as the simulated clock passes.

use super::bucket::Bucket;
use super::encryption::Encryption;
use super::lock::{Bypass, Lock};
use super::settings::LifecycleRule;
use super::state::State;
use super::version::{Kind, Version};

/// How often the rules are looked at, in milliseconds.
const EVERY: i64 = 3_600_000;
const DAY: i64 = 86_400_000;

/// The days that hold for one name: of all rules whose prefix fits, the smallest of each.
struct Days {
    hide: Option<i64>,
    delete: Option<i64>,
    cancel: Option<i64>,
}

impl Days {
    fn of(rules: &[LifecycleRule], name: &str) -> Self {
        let smallest = |of: fn(&LifecycleRule) -> Option<i64>| {
            let fitting = rules.iter().filter(|rule| name.starts_with(&rule.prefix));
            fitting.filter_map(of).min().map(|days| days * DAY)
        };
        Self {
            hide: smallest(|rule| rule.hide_after),
            delete: smallest(|rule| rule.delete_after),
            cancel: smallest(|rule| rule.cancel_after),
        }
    }
}

/// What the rules do at one moment.
#[derive(Default)]
struct Work {
    /// Bucket, name and time of hide markers to make.
    hide: Vec<(String, String, i64)>,
    remove: Vec<std::sync::Arc<str>>,
}

impl State {
    /// Carries out what replication and lifecycle rules demand up to now.
    pub(crate) fn settle(&mut self, now: i64) {
        if !self.replicating.is_empty() {
            self.replicate(now);
        }
        if now - self.settled < EVERY {
            return;
        }
        self.settled = now;
        let mut work = Work::default();
        for bucket in self.buckets.values() {
            hide_old(bucket, now, &mut work);
        }
        for (bucket_id, name, at) in work.hide.drain(..) {
            let marker = Version {
                id: self.new_file_id(&bucket_id, at, false),
                name: name.into(),
                kind: Kind::Hide,
                content_type: "application/x-bz-hide-marker".to_owned(),
                sha1: String::new(),
                md5: None,
                info: std::collections::BTreeMap::new(),
                uploaded: at,
                encryption: Encryption::None,
                lock: Lock::default(),
                replication: None,
                body: super::body::Body::default(),
            };
            // The bucket is there: it was just looked at.
            let _ = self.insert(&bucket_id, marker);
        }
        for bucket in self.buckets.values() {
            remove_old(bucket, now, &mut work);
        }
        for id in work.remove {
            self.remove(&id);
        }
    }
}

fn hide_old(bucket: &Bucket, now: i64, work: &mut Work) {
    if bucket.settings.lifecycle.is_empty() {
        return;
    }
    for (name, versions) in &bucket.files {
        let newest = versions.iter().find(|version| !version.is_unfinished());
        let Some(newest) = newest.filter(|version| matches!(version.kind, Kind::Upload)) else {
            continue;
        };
        let due = Days::of(&bucket.settings.lifecycle, name).hide.map(|days| newest.uploaded + days);
        if let Some(due) = due.filter(|due| *due <= now) {
            work.hide.push((bucket.id.to_string(), name.to_string(), due));
        }
    }
}

fn remove_old(bucket: &Bucket, now: i64, work: &mut Work) {
    if bucket.settings.lifecycle.is_empty() {
        return;
    }
    for (name, versions) in &bucket.files {
        let days = Days::of(&bucket.settings.lifecycle, name);
        // The time at which a version was hidden: when the next newer finished one came.
        let mut hidden_at = None;
        let mut kept = false;
        let mut marker = None;
        for version in versions {
            let due = |since: Option<i64>, days: Option<i64>| {
                since.zip(days).is_some_and(|(since, days)| since + days <= now)
            };
            match version.kind {
                Kind::Start(_) if due(Some(version.uploaded), days.cancel) => {
                    work.remove.push(version.id.clone());
                }
                Kind::Start(_) => kept = true,
                Kind::Hide if hidden_at.is_none() && due(Some(version.uploaded), days.delete) => {
                    marker = Some(version.id.clone());
                }
                _ if due(hidden_at, days.delete) && version.lock.may_delete(now, Bypass::No).is_ok() => {
                    work.remove.push(version.id.clone());
                }
                _ => kept = true,
            }
            if !version.is_unfinished() {
                hidden_at = Some(version.uploaded);
            }
        }
        // A marker goes when it hides nothing any more.
        work.remove.extend(marker.filter(|_| !kept));
    }
}
