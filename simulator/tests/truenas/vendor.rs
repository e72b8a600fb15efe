//! What the vendor's own client sends, message by message, and the whole of each answer: logging in, a ping, calls, a
//! query with filters, a subscription, and jobs that succeed, fail, are refused and are aborted, in both job styles.

use std::time::Duration;

use serde_json::{Value, json};
use simulator::Simulator;
use simulator::truenas::Release;

use crate::shapes::{bucket_and_task, credential_of};
use crate::socket::{Socket, Speaks, start_of};

/// One conversation in the words of one protocol.
struct Client {
    socket: Socket,
    release: Release,
    speaks: Speaks,
    last: u32,
}

/// What a call comes to, without its envelope.
type Answer = Result<Value, Value>;

impl Client {
    async fn new(sim: &Simulator) -> Self {
        let release = sim.truenas().release();
        let (socket, speaks) = match release.api_versions().last() {
            Some(_) => (Socket::open_at(sim, "/api/current").await.unwrap(), Speaks::JsonRpc),
            None => (Socket::open_at(sim, "/websocket").await.unwrap(), Speaks::Legacy),
        };
        Self { socket, release, speaks, last: 0 }
    }

    /// Sends a call under a new id of the vendor's kind, a UUID; returns the id.
    async fn send(&mut self, method: &str, params: Value) -> Value {
        self.last += 1;
        let id = json!(format!("00000000-0000-4000-8000-{:012}", self.last));
        let message = match self.speaks {
            Speaks::JsonRpc => json!({"jsonrpc": "2.0", "method": method, "id": id, "params": params}),
            Speaks::Legacy => json!({"msg": "method", "method": method, "id": id, "params": params}),
        };
        self.socket.send_text(message.to_string()).await;
        id
    }

    /// Reads until the answer to `id`; what came before it is returned beside it.
    async fn read(&mut self, id: &Value) -> (Answer, Vec<Value>) {
        let mut before = Vec::new();
        loop {
            let said = self.socket.note().await;
            let is_event = said.get("collection").is_some() || said.get("method").is_some();
            if is_event || said["id"] != *id {
                before.push(said);
                continue;
            }
            let answer = match (said.get("result"), said.get("error")) {
                (Some(result), None) => Ok(result.clone()),
                (None, Some(error)) => Err(error.clone()),
                _ => panic!("neither a result nor an error: {said}"),
            };
            let envelope = match self.speaks {
                Speaks::JsonRpc => json!({"jsonrpc": "2.0", "id": id}),
                Speaks::Legacy => json!({"msg": "result", "id": id}),
            };
            let mut rest = said;
            rest.as_object_mut().unwrap().retain(|name, _| name != "result" && name != "error");
            assert_eq!(rest, envelope, "{}", self.release);
            return (answer, before);
        }
    }

    async fn call(&mut self, method: &str, params: Value) -> Answer {
        let id = self.send(method, params).await;
        self.read(&id).await.0
    }

    async fn ok(&mut self, method: &str, params: Value) -> Value {
        self.call(method, params).await.unwrap_or_else(|error| panic!("{} {method}: {error}", self.release))
    }

    /// Checks the whole of an error, but for the text of its traceback.
    fn check_error(
        &self,
        mut error: Value,
        (code, errno, errname): (i64, i64, &str),
        reason: &str,
        details: &Value,
    ) {
        let trace = match self.speaks {
            Speaks::JsonRpc => error["data"]["trace"].take(),
            Speaks::Legacy => error["trace"].take(),
        };
        let mut members: Vec<&String> = trace.as_object().unwrap().keys().collect();
        members.sort();
        assert_eq!(members, ["class", "formatted", "repr"]);
        let validation = code == -32602;
        let expected = match self.speaks {
            Speaks::JsonRpc => {
                let message = if validation { "Invalid params" } else { "Method call error" };
                json!({"code": code, "message": message, "data": {
                    "error": errno, "errname": errname, "reason": reason, "trace": null, "extra": details,
                }})
            }
            Speaks::Legacy => {
                let again = if self.release == Release::Core13_3 { 35 } else { 11 };
                let (errno, errname) = if validation { (again, "EAGAIN") } else { (errno, errname) };
                let kind = if validation { json!("VALIDATION") } else { Value::Null };
                let mut error =
                    json!({"error": errno, "type": kind, "reason": reason, "trace": null, "extra": details});
                if self.release > Release::Core13_3 {
                    error["errname"] = errname.into();
                }
                error
            }
        };
        assert_eq!(error, expected, "{}", self.release);
    }

    /// Says hello and logs in as the vendor's client does with a key.
    async fn log_in(&mut self, sim: &Simulator) {
        let key = sim.truenas().api_key();
        match self.speaks {
            Speaks::Legacy => {
                let hello = json!({"msg": "connect", "version": "1", "support": ["1"], "features": []});
                let mut said = self.socket.exchange(hello).await;
                assert_eq!(said["session"].take().as_str().map(str::len), Some(36));
                assert_eq!(said, json!({"msg": "connected", "session": null}));
                assert_eq!(self.ok("auth.login_with_api_key", json!([key])).await, true);
            }
            Speaks::JsonRpc => {
                let user = sim.truenas().user_name();
                let login = json!([{"mechanism": "API_KEY_PLAIN", "username": user, "api_key": key}]);
                let said = self.ok("auth.login_ex", login).await;
                let mut expected = json!({"response_type": "SUCCESS", "authenticator": "LEVEL_1",
                    "user_info": said["user_info"]});
                if self.release == Release::Community26 {
                    expected["reconnect_token"] = Value::Null;
                }
                assert_eq!(said, expected);
                assert_eq!(self.ok("auth.me", json!([])).await, said["user_info"]);
            }
        }
    }

    async fn subscribe(&mut self, name: &str) {
        match self.speaks {
            Speaks::JsonRpc => {
                let id = self.ok("core.subscribe", json!([name])).await;
                assert_eq!(id.as_str().map(str::len), Some(36), "a subscription is a UUID");
            }
            Speaks::Legacy => {
                let sub = json!({"msg": "sub", "id": "00000000-0000-4000-8000-00000000000s", "name": name});
                let ready = self.socket.exchange(sub.clone()).await;
                assert_eq!(ready, json!({"msg": "ready", "subs": [sub["id"]]}));
            }
        }
    }

    /// The event in a message, after a check of everything around it.
    fn event(&self, note: &Value) -> Value {
        let event = match self.speaks {
            Speaks::JsonRpc => {
                let envelope =
                    json!({"jsonrpc": "2.0", "method": "collection_update", "params": note["params"]});
                assert_eq!(*note, envelope);
                &note["params"]
            }
            Speaks::Legacy => note,
        };
        let mut members: Vec<&String> = event.as_object().unwrap().keys().collect();
        members.sort();
        assert_eq!(members, ["collection", "fields", "id", "msg"], "{}", self.release);
        event.clone()
    }

    /// Reads the events of a job until it is over; its last entry, whole but for its times and its log.
    async fn follow(&mut self, job: &Value) -> Value {
        loop {
            let note = self.socket.note().await;
            let event = self.event(&note);
            assert_eq!(event["collection"], "core.get_jobs");
            let entry = &event["fields"];
            if event["id"] == *job && !entry["time_finished"].is_null() {
                self.check_entry(entry);
                return entry.clone();
            }
        }
    }

    /// An entry has these members in every state, and no other.
    fn check_entry(&self, entry: &Value) {
        let mut expected = vec![
            "abortable",
            "arguments",
            "credentials",
            "description",
            "error",
            "exc_info",
            "exception",
            "id",
            "logs_excerpt",
            "logs_path",
            "method",
            "progress",
            "result",
            "result_encoding_error",
            "state",
            "time_finished",
            "time_started",
            "transient",
        ];
        if self.release >= Release::Scale25_10 {
            expected.push("message_ids");
        }
        let mut found: Vec<&str> = entry.as_object().unwrap().keys().map(String::as_str).collect();
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected, "{}", self.release);
        assert_eq!(entry["progress"].as_object().unwrap().len(), 3);
        for time in ["time_started", "time_finished"] {
            assert!(entry[time]["$date"].is_i64(), "{entry}");
        }
    }
}

const REPLAYED: [Release; 4] =
    [Release::Core13_3, Release::Scale24_10, Release::Scale25_10, Release::Community26];

async fn furnished(release: Release, test: &str) -> (Simulator, Client) {
    let sim = start_of(test, release).await;
    let mut admin = Socket::native_admin(&sim).await;
    assert_eq!(bucket_and_task(&sim, &mut admin).await, 1);
    let mut client = Client::new(&sim).await;
    client.log_in(&sim).await;
    (sim, client)
}

#[tokio::test]
async fn the_vendor_s_client_logs_in_pings_calls_and_queries() {
    for release in REPLAYED {
        let (sim, mut client) = furnished(release, "vendor_calls").await;
        assert_eq!(client.ok("core.ping", json!([])).await, "pong");
        let wanted = json!([[["name", "=", "pool1"]], {"get": true, "select": ["id", "name", "path"]}]);
        let pool = client.ok("pool.query", wanted).await;
        assert_eq!(pool, json!({"id": 2, "name": "pool1", "path": "/mnt/pool1"}), "{release}");
        let both = json!([[["OR", [["name", "=", "pool0"], ["name", "$", "1"]]]], {"order_by": ["-name"], "select": ["name"]}]);
        let pools = client.ok("pool.query", both).await;
        assert_eq!(pools, json!([{"name": "pool1"}, {"name": "pool0"}]));
        assert_eq!(client.ok("pool.query", json!([[], {"count": true}])).await, 2);
        let mut credential =
            credential_of(release, &sim.addresses().b2.key_id, &sim.addresses().b2.application_key);
        credential["id"] = 1.into();
        credential["name"] = "bucket".into();
        assert_eq!(client.ok("cloudsync.credentials.query", json!([])).await, json!([credential]));
        let row = client.ok("cloudsync.query", json!([[["id", "=", 1]], {"get": true}])).await;
        assert_eq!(row["credentials"], credential, "{release}");
        let absent =
            client.call("cloudsync.query", json!([[["id", "=", 9]], {"get": true}])).await.unwrap_err();
        client.check_error(absent, (-32001, 22, "EINVAL"), "[EINVAL] MatchNotFound()", &Value::Null);
        let refused = client.call("cloudsync.update", json!([1, {"path": "/etc"}])).await.unwrap_err();
        let text = "The path must reside within a pool mount point";
        let extra = json!([["cloud_sync_update.path", text, 22]]);
        client.check_error(
            refused,
            (-32602, 22, "EINVAL"),
            &format!("[EINVAL] cloud_sync_update.path: {text}"),
            &extra,
        );
        let used = client.call("cloudsync.credentials.delete", json!([1])).await.unwrap_err();
        let reason = "[EFAULT] This credential is used by cloud sync task Pool0 Cloud Backup";
        client.check_error(used, (-32001, 14, "EFAULT"), reason, &Value::Null);
    }
}

#[tokio::test]
async fn the_vendor_s_client_follows_jobs_by_their_numbers() {
    for release in REPLAYED {
        let (sim, mut client) = furnished(release, "vendor_jobs").await;
        client.subscribe("core.get_jobs").await;
        for (fails, state, error) in
            [(None, "SUCCESS", Value::Null), (Some("no"), "FAILED", json!("[EFAULT] no"))]
        {
            sim.truenas().fail_runs(fails);
            let id = client.send("cloudsync.sync", json!([1])).await;
            let (job, before) = client.read(&id).await;
            let job = job.unwrap();
            let added = client.event(&before[0]);
            assert_eq!((&added["msg"], &added["id"]), (&json!("added"), &job), "{release}");
            let entry = client.follow(&job).await;
            assert_eq!(
                (&entry["state"], &entry["error"], &entry["result"]),
                (&json!(state), &error, &Value::Null)
            );
            assert_eq!((&entry["arguments"], &entry["method"]), (&json!([1]), &json!("cloudsync.sync")));
            let info = json!({"type": "CallError", "repr": "CallError('no')", "errno": 14, "extra": null});
            assert_eq!(entry["exc_info"], if fails.is_some() { info } else { Value::Null });
            assert_eq!(entry["exception"].is_string(), fails.is_some());
            if release >= Release::Scale25_10 {
                assert_eq!(entry["message_ids"], json!([id]));
            }
        }
        // Refused before there is a job: arguments are checked first.
        let refused = client.call("cloudsync.sync", json!([1, {"dry": true}])).await.unwrap_err();
        let text = if release >= Release::Scale25_10 {
            "Extra inputs are not permitted"
        } else {
            "Field was not expected"
        };
        let extra = json!([["cloud_sync_sync_options.dry", text, 22]]);
        let reason = format!("[EINVAL] cloud_sync_sync_options.dry: {text}");
        client.check_error(refused, (-32602, 22, "EINVAL"), &reason, &extra);
        sim.truenas().fail_runs(None);
        sim.truenas().delay_runs(Duration::from_hours(1));
        let job = client.ok("cloudsync.sync", json!([1])).await;
        assert_eq!(client.ok("core.job_abort", json!([job])).await, Value::Null);
        let entry = client.follow(&job).await;
        assert_eq!(entry["state"], "ABORTED");
        for field in ["error", "exception", "exc_info", "result"] {
            assert_eq!(entry[field], Value::Null, "{release} {field}");
        }
    }
}

/// With `legacy_jobs` off the job's number is known from its announcement alone, and the answer is the job's own.
#[tokio::test]
async fn the_vendor_s_client_waits_for_jobs_by_their_answers() {
    for release in [Release::Scale25_10, Release::Community26] {
        let (sim, mut client) = furnished(release, "vendor_waits").await;
        let options = json!({"legacy_jobs": false, "private_methods": true, "py_exceptions": false});
        assert_eq!(client.ok("core.set_options", json!([options])).await, options);
        client.subscribe("core.get_jobs").await;
        let started = async |client: &mut Client| {
            let id = client.send("cloudsync.sync", json!([1])).await;
            let note = client.socket.note().await;
            let added = client.event(&note);
            assert_eq!((&added["msg"], &added["fields"]["message_ids"]), (&json!("added"), &json!([id])));
            assert_eq!(added["fields"]["state"], "WAITING");
            (id, added["id"].clone())
        };
        let (id, job) = started(&mut client).await;
        let (answer, events) = client.read(&id).await;
        assert_eq!(answer, Ok(Value::Null), "a cloud sync has nothing to say");
        let last = client.event(events.last().unwrap());
        assert_eq!((&last["id"], &last["fields"]["state"]), (&job, &json!("SUCCESS")), "the answer is last");
        sim.truenas().fail_runs(Some("no"));
        let (id, _) = started(&mut client).await;
        let error = client.read(&id).await.0.unwrap_err();
        client.check_error(error, (-32001, 14, "EFAULT"), "[EFAULT] no", &Value::Null);
        sim.truenas().fail_runs(None);
        sim.truenas().delay_runs(Duration::from_hours(1));
        let (id, job) = started(&mut client).await;
        let abort = client.send("core.job_abort", json!([job])).await;
        assert_eq!(client.read(&abort).await.0, Ok(Value::Null));
        assert_eq!(client.read(&id).await.0, Ok(Value::Null), "an aborted job's answer is a result");
        let missing = client.call("cloudsync.sync", json!([9])).await.unwrap_err();
        let reason = "[ENOENT] None: CloudSync 9 does not exist";
        let extra = json!([[null, "CloudSync 9 does not exist", 2]]);
        client.check_error(missing, (-32602, 22, "EINVAL"), reason, &extra);
    }
}

/// Calls of one method after the other within one job, whose members fail or succeed each by itself; and a job that lasts as long as another.
#[tokio::test]
async fn the_vendor_s_client_calls_in_bulk_waits_on_the_appliance_and_leaves_subscriptions() {
    for release in REPLAYED {
        let (sim, mut client) = furnished(release, "vendor_bulk").await;
        let lists = json!([[1], [9]]);
        let waits = release >= Release::Scale25_10;
        if waits {
            client.ok("core.set_options", json!([{"legacy_jobs": false}])).await;
        }
        client.subscribe("core.get_jobs").await;
        let id = client.send("core.bulk", json!(["cloudsync.delete", lists])).await;
        let answer = client.read(&id).await.0.unwrap();
        let members = if waits { answer } else { client.follow(&answer).await["result"].clone() };
        let missing = "[ENOENT] None: CloudSync 9 does not exist";
        let expected = json!([
            {"job_id": null, "error": null, "result": true},
            {"job_id": null, "error": missing, "result": null},
        ]);
        assert_eq!(members, expected, "{release}: the job itself succeeds");
        // Nothing more is heard once the subscription is left.
        let mut other = Client::new(&sim).await;
        other.log_in(&sim).await;
        other.subscribe("cloudsync.query").await;
        match other.speaks {
            Speaks::JsonRpc => {
                let id = other.ok("core.subscribe", json!(["alert.list"])).await;
                assert_eq!(other.ok("core.unsubscribe", json!([id])).await, Value::Null);
            }
            Speaks::Legacy => {
                let id = "00000000-0000-4000-8000-00000000000s";
                other.socket.send_text(json!({"msg": "unsub", "id": id}).to_string()).await;
                let pong = other.socket.exchange(json!({"msg": "ping", "id": "p"})).await;
                assert_eq!(pong, json!({"msg": "pong", "id": "p"}));
            }
        }
        sim.truenas().raise_alert("VolumeStatus", "Pool pool0 is degraded");
        let id = other.send("core.ping", json!([])).await;
        assert_eq!(other.read(&id).await.1, [Value::Null; 0], "{release}");
        let gone = other.call("core.job_wait", json!([9_999])).await;
        assert!(gone.is_err(), "{release}");
    }
}
