//! The state of an account, and the one place that sends each operation to its code.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::answer::Answer;
use super::authorize::Token;
use super::bucket::Bucket;
use super::download::DownloadToken;
use super::fields::Fields;
use super::keys::{Caller, Key};
use super::names::BucketNames;
use super::refusal::{Refusal, Result};
use super::replication::Waiting;
use super::upload::UploadToken;
use super::version::Version;
use crate::random::Random;

/// Everything that B2 knows of one account.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) url: String,
    pub(crate) account_id: String,
    /// For tokens, of which clients take as many as they like.
    pub(crate) random: Random,
    /// For bucket ids and key secrets: the same for the same seed, however much was transferred between.
    pub(crate) identities: Random,
    pub(crate) keys: BTreeMap<String, Key>,
    pub(crate) tokens: HashMap<String, Token>,
    pub(crate) upload_tokens: HashMap<String, UploadToken>,
    pub(crate) download_tokens: HashMap<String, DownloadToken>,
    pub(crate) buckets: BTreeMap<String, Bucket>,
    /// The names of every account's buckets.
    pub(crate) names: BucketNames,
    /// Where a file id is: bucket and name.
    pub(crate) places: HashMap<Arc<str>, Place>,
    pub(crate) most_buckets: usize,
    pub(crate) minimum_part: u64,
    pub(crate) recommended_part: u64,
    pub(crate) next_key: u64,
    pub(crate) next_file: u64,
    pub(crate) settled: i64,
    pub(crate) replicating: Vec<Waiting>,
    /// Pages are cut short by it.
    pub(crate) short_pages: Option<Random>,
    /// How many requests miss a bucket that was just made.
    pub(crate) unseen: u32,
}

/// Where a file version is.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) bucket_id: Arc<str>,
    pub(crate) name: Arc<str>,
}

/// One authorised request.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    pub(crate) operation: &'a str,
    pub(crate) caller: Caller,
    pub(crate) fields: Fields,
    pub(crate) now: i64,
}

impl State {
    /// Carries out every operation that needs no bytes of a file.
    pub(crate) fn run(&mut self, call: &Call<'_>) -> Result<Answer> {
        self.settle(call.now);
        match call.operation {
            "b2_create_bucket" => self.create_bucket(call),
            "b2_update_bucket" => self.update_bucket(call),
            "b2_delete_bucket" => self.delete_bucket(call),
            "b2_list_buckets" => self.list_buckets(call),
            "b2_create_key" => self.create_key(call),
            "b2_list_keys" => self.list_keys(call),
            "b2_delete_key" => self.delete_key(call),
            "b2_get_upload_url" => self.upload_url(call),
            "b2_start_large_file" => self.start_large_file(call),
            "b2_get_upload_part_url" => self.upload_part_url(call),
            "b2_list_parts" => self.list_parts(call),
            "b2_finish_large_file" => self.finish_large_file(call),
            "b2_cancel_large_file" => self.cancel_large_file(call),
            "b2_list_unfinished_large_files" => self.list_unfinished(call),
            "b2_list_file_names" => self.list_names(call),
            "b2_list_file_versions" => self.list_versions(call),
            "b2_get_file_info" => self.file_info(call),
            "b2_get_download_authorization" => self.download_authorization(call),
            "b2_hide_file" => self.hide_file(call),
            "b2_delete_file_version" => self.delete_version(call),
            "b2_update_file_retention" => self.update_retention(call),
            "b2_update_file_legal_hold" => self.update_hold(call),
            "b2_get_bucket_notification_rules" => self.notification_rules(call),
            "b2_set_bucket_notification_rules" => self.set_notification_rules(call),
            other => Err(Refusal::bad_request(format!("no such operation: {other}"))),
        }
    }

    /// Refuses a request that names another account.
    pub(crate) fn own_account(&self, call: &Call<'_>) -> Result<()> {
        let account = call.fields.text("accountId")?;
        if account == self.account_id {
            return Ok(());
        }
        Err(Refusal::bad_request(format!("Invalid accountId: {account}")))
    }

    /// Finds the bucket that a request names and that its caller may touch.
    pub(crate) fn bucket(&self, call: &Call<'_>, id: &str) -> Result<&Bucket> {
        call.caller.in_bucket(id)?;
        self.buckets.get(id).ok_or_else(|| Refusal::bad_bucket_id(id))
    }

    pub(crate) fn bucket_mut(&mut self, call: &Call<'_>, id: &str) -> Result<&mut Bucket> {
        call.caller.in_bucket(id)?;
        self.buckets.get_mut(id).ok_or_else(|| Refusal::bad_bucket_id(id))
    }

    /// Returns the id of the bucket of this name.
    pub(crate) fn bucket_id(&self, name: &str) -> Option<String> {
        let named = self.buckets.values().find(|bucket| bucket.name.eq_ignore_ascii_case(name));
        named.map(|bucket| bucket.id.to_string())
    }

    /// Finds a file version by its id.
    pub(crate) fn version(&self, file_id: &str) -> Option<(&Bucket, &Version)> {
        let place = self.places.get(file_id)?;
        let bucket = self.buckets.get(&*place.bucket_id)?;
        let versions = bucket.files.get(&place.name)?;
        let version = versions.iter().find(|version| &*version.id == file_id)?;
        Some((bucket, version))
    }

    pub(crate) fn version_mut(&mut self, file_id: &str) -> Option<&mut Version> {
        let place = self.places.get(file_id)?;
        let bucket = self.buckets.get_mut(&*place.bucket_id)?;
        let versions = bucket.files.get_mut(&place.name)?;
        versions.iter_mut().find(|version| &*version.id == file_id)
    }

    /// Puts a version among those of its name, newest first, and returns it.
    pub(crate) fn insert(&mut self, bucket_id: &str, version: Version) -> Result<&Version> {
        let bucket = self.buckets.get_mut(bucket_id).ok_or_else(|| Refusal::bad_bucket_id(bucket_id))?;
        let place = Place { bucket_id: Arc::clone(&bucket.id), name: Arc::clone(&version.name) };
        self.places.insert(Arc::clone(&version.id), place);
        let versions = bucket.files.entry(Arc::clone(&version.name)).or_insert_with(|| Vec::with_capacity(1));
        let at = versions.partition_point(|other| other.uploaded > version.uploaded);
        versions.insert(at, version);
        Ok(&versions[at])
    }

    /// Takes a version out.
    pub(crate) fn remove(&mut self, file_id: &str) -> Option<Version> {
        let place = self.places.remove(file_id)?;
        let bucket = self.buckets.get_mut(&*place.bucket_id)?;
        let versions = bucket.files.get_mut(&place.name)?;
        let at = versions.iter().position(|version| &*version.id == file_id)?;
        let version = versions.remove(at);
        if versions.is_empty() {
            bucket.files.remove(&place.name);
        }
        Some(version)
    }

    pub(crate) fn new_secret(&self) -> String {
        let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        format!("K005{}", self.identities.text(27, alphabet))
    }

    /// A key id is the cluster, the account and a number: 25 hexadecimal digits.
    pub(crate) fn new_key_id(&mut self) -> String {
        self.next_key += 1;
        format!("005{}{:010x}", self.account_id, self.next_key)
    }

    /// A bucket id is 24 hexadecimal digits.
    pub(crate) fn new_bucket_id(&self) -> String {
        self.identities.hex(24)
    }

    /// A file id contains the bucket's id, a number, and when the file was made.
    pub(crate) fn new_file_id(&mut self, bucket_id: &str, now: i64, large: bool) -> Arc<str> {
        self.next_file += 1;
        let number = self.next_file;
        let kind = if large { '2' } else { '1' };
        let time = jiff::Timestamp::from_millisecond(now).unwrap_or_default();
        let (day, hour) = (time.strftime("%Y%m%d"), time.strftime("%H%M%S"));
        let thread = number % 60;
        format!("4_z{bucket_id}_f{kind}{number:015x}_d{day}_m{hour}_c005_v0501016_t{thread:04}_u{now:014}")
            .into()
    }
}
