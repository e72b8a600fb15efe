//! Listings: names and versions in byte order, folders, unfinished files.

use std::collections::BTreeMap;
use std::ops::Bound;

use serde::Serialize;

use super::answer::Answer;
use super::bucket::Bucket;
use super::file_name::after_prefix;
use super::refusal::{Refusal, Result};
use super::state::{Call, State};
use super::version::{Kind, Shown, Version, View};

/// What to list.
#[derive(Debug)]
struct Request<'a> {
    prefix: String,
    delimiter: Option<&'a str>,
    start: &'a str,
    start_id: Option<&'a str>,
    most: usize,
    every_version: bool,
}

enum Row<'a> {
    File(&'a Version),
    Folder(&'a str),
}

impl<'a> Row<'a> {
    fn shown(&self, view: &View<'a>, none: &'a BTreeMap<String, String>) -> Shown<'a> {
        match self {
            Row::File(version) => view.version(version),
            Row::Folder(name) => view.folder(name, none),
        }
    }
}

/// Where the next page begins.
struct Cursor<'a> {
    name: &'a str,
    id: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page<'a> {
    files: Vec<Shown<'a>>,
    next_file_name: Option<&'a str>,
    #[serde(skip_serializing_if = "NextId::is_absent")]
    next_file_id: NextId<'a>,
}

/// The second half of a cursor; a listing of names has none, not even a null.
#[derive(Serialize)]
#[serde(untagged)]
enum NextId<'a> {
    Absent,
    Given(Option<&'a str>),
}

impl NextId<'_> {
    fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Unfinished<'a> {
    files: Vec<Shown<'a>>,
    next_file_id: Option<&'a str>,
}

impl<'a> Request<'a> {
    fn read(call: &'a Call<'_>, every_version: bool) -> Result<Option<Self>> {
        let fields = &call.fields;
        let start_id = if every_version { fields.maybe_text("startFileId")? } else { None };
        let start = fields.maybe_text("startFileName")?.unwrap_or_default();
        if start_id.is_some_and(|id| !id.is_empty()) && start.is_empty() {
            return Err(Refusal::bad_request("startFileId needs startFileName"));
        }
        let Some(prefix) = listed_prefix(call, "prefix")? else {
            return Ok(None);
        };
        Ok(Some(Self {
            prefix,
            delimiter: fields.maybe_text("delimiter")?.filter(|text| !text.is_empty()),
            start,
            start_id: start_id.filter(|id| !id.is_empty()),
            most: fields.count("maxFileCount", 100, 10_000)?,
            every_version,
        }))
    }

    fn visible<'b>(&self, versions: &'b [Version]) -> &'b [Version] {
        if self.every_version {
            return versions;
        }
        let at = versions.iter().position(|version| !version.is_unfinished());
        match at {
            Some(at) if matches!(versions[at].kind, Kind::Upload) => &versions[at..=at],
            _ => &[],
        }
    }

    /// A page of up to `most` rows. An empty one leads on: its cursor is never where it began.
    fn page<'b>(&self, bucket: &'b Bucket, most: usize) -> (Vec<Row<'b>>, Option<Cursor<'b>>) {
        let (rows, cursor) = self.walk(bucket, most);
        let here = |cursor: &Cursor<'_>| {
            cursor.name == self.start && (cursor.id == self.start_id || !self.every_version)
        };
        if rows.is_empty() && cursor.as_ref().is_some_and(here) {
            return self.walk(bucket, 1);
        }
        (rows, cursor)
    }

    fn walk<'b>(&self, bucket: &'b Bucket, most: usize) -> (Vec<Row<'b>>, Option<Cursor<'b>>) {
        let mut rows = Vec::new();
        let mut from = self.prefix.as_str().max(self.start).to_owned();
        'folders: loop {
            let bounds = (Bound::Included(from.as_str()), Bound::Unbounded);
            for (name, versions) in bucket.files.range::<str, _>(bounds) {
                if !name.starts_with(&self.prefix) {
                    return (rows, None);
                }
                let visible = self.visible(versions);
                if visible.is_empty() {
                    continue;
                }
                if let Some(folder) = self.folder(name) {
                    if rows.len() == most {
                        return (rows, Some(Cursor { name, id: None }));
                    }
                    rows.push(Row::Folder(folder));
                    match after_prefix(folder) {
                        Some(next) => from = next,
                        None => return (rows, None),
                    }
                    continue 'folders;
                }
                for version in &visible[self.skipped(name, visible)..] {
                    if rows.len() == most {
                        let id = self.every_version.then_some(&*version.id);
                        return (rows, Some(Cursor { name, id }));
                    }
                    rows.push(Row::File(version));
                }
            }
            return (rows, None);
        }
    }

    fn folder<'b>(&self, name: &'b str) -> Option<&'b str> {
        let delimiter = self.delimiter?;
        let at = name[self.prefix.len()..].find(delimiter)?;
        Some(&name[..self.prefix.len() + at + delimiter.len()])
    }

    /// Returns how many versions of the first name were on earlier pages.
    fn skipped(&self, name: &str, versions: &[Version]) -> usize {
        let Some(id) = self.start_id.filter(|_| name == self.start) else {
            return 0;
        };
        let found = versions.iter().position(|version| *version.id == *id);
        found.unwrap_or_else(|| {
            // It was deleted meanwhile.
            let time = time_of(id);
            versions.partition_point(|version| time.is_some_and(|time| version.uploaded > time))
        })
    }
}

/// When a file was made, which its id contains.
fn time_of(id: &str) -> Option<i64> {
    id.rsplit_once("_u").and_then(|(_, time)| time.parse().ok())
}

/// Reads a prefix to list; `None` if nothing below it is the caller's to see.
///
/// Version 1 narrows a listing to the key's prefix in silence; later ones refuse a wider one.
fn listed_prefix(call: &Call<'_>, field: &str) -> Result<Option<String>> {
    let asked = call.fields.maybe_text(field)?.unwrap_or_default();
    match &call.caller.scope.prefix {
        Some(own) if call.caller.version == 1 && own.starts_with(asked) => Ok(Some(own.clone())),
        Some(own) if call.caller.version == 1 && !asked.starts_with(own.as_str()) => Ok(None),
        _ => {
            call.caller.at(asked)?;
            Ok(Some(asked.to_owned()))
        }
    }
}

impl State {
    pub(crate) fn list_names(&mut self, call: &Call<'_>) -> Result<Answer> {
        self.list(call, false)
    }

    pub(crate) fn list_versions(&mut self, call: &Call<'_>) -> Result<Answer> {
        self.list(call, true)
    }

    /// How many entries the next page has, of those that were asked for: fewer where pages are cut short.
    pub(crate) fn page(&self, asked: usize) -> usize {
        let Some(random) = &self.short_pages else {
            return asked;
        };
        let drawn = usize::try_from(random.next() % 5).unwrap_or_default();
        if drawn == 4 { asked } else { drawn.min(asked) }
    }

    fn list(&self, call: &Call<'_>, every_version: bool) -> Result<Answer> {
        call.caller.require("listFiles")?;
        let bucket = self.bucket(call, call.fields.text("bucketId")?)?;
        let view = View::new(&self.account_id, bucket, &call.caller);
        let (rows, cursor) = match Request::read(call, every_version)? {
            Some(request) => request.page(bucket, self.page(request.most)),
            None => (Vec::new(), None),
        };
        let none = BTreeMap::new();
        let (name, id) = cursor.map_or((None, None), |cursor| (Some(cursor.name), cursor.id));
        Ok(Answer::of(&Page {
            files: rows.iter().map(|row| row.shown(&view, &none)).collect(),
            next_file_name: name,
            next_file_id: if every_version { NextId::Given(id) } else { NextId::Absent },
        }))
    }

    pub(crate) fn list_unfinished(&mut self, call: &Call<'_>) -> Result<Answer> {
        call.caller.require("listFiles")?;
        let bucket = self.bucket(call, call.fields.text("bucketId")?)?;
        let most = call.fields.count("maxFileCount", 100, 100)?;
        let start = call.fields.maybe_text("startFileId")?.unwrap_or_default();
        let prefix = listed_prefix(call, "namePrefix")?;
        let mut started: Vec<&Version> = bucket
            .files
            .iter()
            .filter(|(name, _)| prefix.as_ref().is_some_and(|prefix| name.starts_with(prefix)))
            .flat_map(|(_, versions)| versions)
            .filter(|version| version.is_unfinished())
            .collect();
        started.sort_by_key(|version| (version.uploaded, &version.id));
        let from = started.iter().position(|version| *version.id == *start);
        let from = from.unwrap_or_else(|| {
            // It was finished or cancelled meanwhile.
            let time = time_of(start);
            started.partition_point(|version| time.is_some_and(|time| version.uploaded < time))
        });
        let view = View::new(&self.account_id, bucket, &call.caller);
        let most = if start.is_empty() { self.page(most) } else { self.page(most).max(1) };
        let files: Vec<_> = started[from..].iter().take(most).map(|v| view.version(v)).collect();
        let next = started.get(from + files.len()).map(|version| &*version.id);
        Ok(Answer::of(&Unfinished { files, next_file_id: next }))
    }
}
