"""Everything in the package that holds a secret. A new module joins by a line in :data:`HOLDERS`."""

from __future__ import annotations

import base64
from collections.abc import Callable

from dtc import b2, halopsa, itglue, ninjaone, provision, restore, rmm, truenas
from dtc.crypt import Keys, Secret

CANARY = "canary-4b1d-secret-canary-4b1d-s"
"""32 characters, so that it can be a customer's key as well."""

NOWHERE = "http://127.0.0.1:9"
FINGERPRINT = "00" * 32


def site_file() -> provision.SiteFile:
    """A site whose secrets are given as objects; nobody listens at its addresses."""
    tables = {
        "site": {"organization": "Contoso", "location": "Main", "uplink_mbit": 100},
        "b2": {"url": NOWHERE, "key_id": "1", "application_key": Secret(CANARY)},
        "truenas": {"url": "wss://127.0.0.1:9", "fingerprint": FINGERPRINT, "api_key": Secret(CANARY)},
        "ninjaone": {"url": NOWHERE, "client_id": "1", "client_secret": Secret(CANARY)},
        "itglue": {"url": NOWHERE, "api_key": Secret(CANARY)},
    }
    return provision.SiteFile.from_dict(tables)

HOLDERS: dict[str, Callable[[], object]] = {
    "b2.Client": lambda: b2.Client(key_id="1", application_key=CANARY, realm=NOWHERE, attempts=1),
    "b2.aio.Client": lambda: b2.aio.Client(key_id="1", application_key=CANARY, realm=NOWHERE, attempts=1),
    "b2.CustomerKey": lambda: b2.CustomerKey(CANARY.encode()),
    "b2.DownloadToken": lambda: b2.DownloadToken(CANARY, NOWHERE),
    "b2.SetNotificationRule": lambda: b2.SetNotificationRule("a-rule", [], "https://example.org", signing_secret=CANARY),
    "crypt.Secret": lambda: Secret(CANARY),
    "crypt.Keys": lambda: Keys.derive(password=Secret(CANARY), salt=Secret(CANARY)),
    "halopsa.Client": lambda: halopsa.Client(base_url=NOWHERE, client_id="1", client_secret=CANARY),
    "halopsa.aio.Client": lambda: halopsa.aio.Client(base_url=NOWHERE, client_id="1", client_secret=CANARY),
    "itglue.Client": lambda: itglue.Client(api_key=CANARY, base_url=NOWHERE),
    "itglue.aio.Client": lambda: itglue.aio.Client(api_key=CANARY, base_url=NOWHERE),
    "ninjaone.Client": lambda: ninjaone.Client(client_id="1", client_secret=CANARY, base_url=NOWHERE),
    "ninjaone.aio.Client": lambda: ninjaone.aio.Client(client_id="1", client_secret=CANARY, base_url=NOWHERE),
    "provision.SiteFile": site_file,
    "provision.Services": lambda: provision.connect(site_file(), read_only=True),
    "rmm.Inputs.secret": lambda: rmm.Inputs.from_env({"API_KEY": CANARY}).secret("API_KEY"),
}

VALUES: dict[str, Callable[[], object]] = {
    "truenas.CloudSyncSecrets": lambda: truenas.CloudSyncSecrets(password=CANARY, salt=Secret(CANARY)),
    "truenas.CreateDataset": lambda: truenas.CreateDataset(id="pool0/a", encrypted=truenas.NewKey(passphrase=CANARY)),
    "truenas.DestinationKey": lambda: truenas.DestinationKey(passphrase=CANARY),
    "truenas.KeyOf": lambda: truenas.KeyOf(dataset="pool0/a", key=CANARY),
    "truenas.PeerLogin": lambda: truenas.PeerLogin(username="root", password=CANARY, code=CANARY),
    "truenas.Provider": lambda: truenas.Provider(kind="B2", account="1", key=Secret(CANARY)),
    "truenas.SnmpSecrets": lambda: truenas.SnmpSecrets(password=CANARY, passphrase=CANARY),
}
"""Values with a `Secret` among their fields: a copy of one, which never leaves the process, has the same secret."""

REFUSED: dict[str, Callable[[], object]] = {
    "b2.Client, nobody listens": lambda: b2.Client(key_id="1", application_key=CANARY, realm=NOWHERE, attempts=1).account(),
    "b2.Client, wrong realm": lambda: b2.Client(key_id="1", application_key=CANARY, realm="http://example.org"),
    "provision.SiteFile, a secret in the open": lambda: provision.SiteFile.from_dict({"b2": {"application_key": CANARY}}),
    "provision.SiteFile, a secret where none belongs": lambda: provision.SiteFile.from_dict({"site": {"ticket": Secret(CANARY)}}),
    "restore.RestoreSource, no record": lambda: restore.RestoreSource.from_record("nowhere", key=Secret(CANARY), password=Secret(CANARY), salt=Secret(CANARY)),
    "restore.RestoreSource, a secret in the open": lambda: restore.RestoreSource.from_record("nowhere", key="env:A", password=CANARY, salt="env:B"),
    "truenas.Client, nobody listens": lambda: truenas.Client.connect("wss://127.0.0.1:9", api_key=CANARY, attempts=1, deadline=5),
    "truenas.Client, in the clear": lambda: truenas.Client.connect("ws://nas.example.org", user="root", password=CANARY),
    "truenas.Client, two kinds of log-in": lambda: truenas.Client.connect("127.0.0.1:9", api_key=CANARY, token=CANARY),
    "truenas.Client, secrets in the address": lambda: truenas.Client.connect(f"wss://root:{CANARY}@nas", api_key="1"),
    "b2.CustomerKey, too long": lambda: b2.CustomerKey(CANARY.encode() + b"x"),
    "b2.CustomerKey, no base64": lambda: b2.CustomerKey.from_base64(CANARY),
}
"""Calls with a secret that fail."""

SPELLINGS = [CANARY, base64.b64encode(CANARY.encode()).decode(), CANARY.encode().hex()]
