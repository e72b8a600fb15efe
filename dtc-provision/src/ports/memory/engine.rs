//! What a Cloud Sync task does, at once: encrypts small files into the bucket, as rclone would.

use rclone_crypt::{Names, Nonce, StoredSha1, b2_name, encrypt_all, local_name};
use sha1::{Digest, Sha1};

use super::{ObjectState, State, TaskState};
use crate::ids::{CloudSyncId, ObjectId};
use crate::ports::{DatasetKind, Object};
use crate::secret::derive;

impl State {
    /// Runs a task to its end: how many files and bytes it moved, or why it could not.
    pub(super) fn sync(&mut self, id: &CloudSyncId) -> Result<(usize, usize), String> {
        let task = self.appliance.tasks.iter().find(|task| task.id == *id).ok_or("no such task")?.clone();
        let bucket = task.settings.target.bucket.clone();
        self.may_write(&task)?;
        let files = self.files(&task);
        let prefix = format!("{}/", task.settings.target.folder.trim_matches('/'));
        let mut kept = Vec::new();
        let (mut count, mut bytes) = (0, 0);
        for (path, file) in files {
            let name = format!("{prefix}{}", object_name(&path, task.settings.encryption)?);
            kept.push(name.clone());
            let held = self.store.bucket(&bucket).and_then(|found| found.objects.get(&name));
            if held.is_some_and(|held| held.object.source_modified == Some(file.modified)) {
                continue;
            }
            let body = self.encrypted(&task, &file.content)?;
            let object = Object {
                id: ObjectId::new(format!("4_{:x}", self.draw())),
                name: name.clone(),
                size: body.len() as u64,
                uploaded: self.now,
                source_modified: Some(file.modified),
                sha1: Some(StoredSha1::from_bytes(Sha1::digest(&body).into())),
            };
            (count, bytes) = (count + 1, bytes + body.len());
            let found = self.store.bucket_mut(&bucket).ok_or("no such bucket")?;
            found.objects.insert(name, ObjectState::new(object, body));
        }
        // A sync hides what is not on the appliance.
        let found = self.store.bucket_mut(&bucket).ok_or("no such bucket")?;
        found.objects.retain(|name, _| !name.starts_with(&prefix) || kept.contains(name));
        Ok((count, bytes))
    }

    fn may_write(&self, task: &TaskState) -> Result<(), String> {
        let credential = self.appliance.credentials.iter().find(|found| found.id == task.credential);
        let credential = credential.ok_or("no such credential")?;
        let key = self.store.login(&credential.key_id, &credential.key).ok_or("unauthorized")?;
        let bucket = self.store.bucket(&task.settings.target.bucket).ok_or("no such bucket")?;
        if key.buckets.contains(&bucket.bucket.id) { Ok(()) } else { Err("unauthorized".to_owned()) }
    }

    /// The files a task would read: none of an excluded directory, none of a locked or unmounted dataset.
    fn files(&self, task: &TaskState) -> Vec<(String, super::FileState)> {
        let excluded: Vec<String> = task
            .settings
            .exclude
            .iter()
            .map(|entry| entry.trim_matches(['/', '*']).to_owned() + "/")
            .collect();
        let pool =
            self.appliance.pools.iter().find(|pool| task.settings.path == format!("/mnt/{}", pool.pool.name));
        let Some(pool) = pool else { return Vec::new() };
        let away: Vec<String> = pool
            .datasets
            .iter()
            .filter(|dataset| dataset.kind == DatasetKind::Filesystem && (dataset.locked || !dataset.mounted))
            .filter_map(|dataset| Some(dataset.name.split_once('/')?.1.to_owned() + "/"))
            .collect();
        let there =
            |path: &str| !excluded.iter().chain(&away).any(|prefix| path.starts_with(prefix.as_str()));
        let files = pool.files.iter().filter(|(path, _)| there(path));
        files.map(|(path, file)| (path.clone(), file.clone())).collect()
    }

    fn encrypted(&mut self, task: &TaskState, plain: &[u8]) -> Result<Vec<u8>, String> {
        if !task.settings.encryption {
            return Ok(plain.to_vec());
        }
        let mut nonce = [0; 24];
        for part in nonce.chunks_mut(8) {
            part.copy_from_slice(&self.draw().to_be_bytes());
        }
        let keys = derive(&task.password, &task.salt).map_err(|error| error.to_string())?;
        Ok(encrypt_all(&keys, Nonce::from_bytes(nonce), plain))
    }
}

/// What rclone calls a file's object: characters mapped, `.bin` added where contents are encrypted.
fn object_name(path: &str, encrypted: bool) -> Result<String, String> {
    let local = local_name::encode(path.as_bytes());
    let named =
        if encrypted { Names::off().encode_bytes(&local).map_err(|error| error.to_string())? } else { local };
    Ok(b2_name::encode(&named))
}
