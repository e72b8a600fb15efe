#!/usr/bin/env python3
"""Makes this folder's vectors with a real rclone: make.py RCLONE-BINARY

Run it again only to add cases: nonces are random, so every object changes.
"""

import hashlib
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

RCLONE = sys.argv[1]
HERE = pathlib.Path(__file__).resolve().parent
PAIR = ("correct horse", "battery staple")
BLOCK = 65552
RULE = {"a": 29, "b": 11, "c": 13, "d": 71}


def run(*args, check=True):
    done = subprocess.run([RCLONE, "--config", "/dev/null", *args], capture_output=True)
    if check and done.returncode:
        sys.exit(f"{args}: {done.stderr.decode()}")
    return done


def remote(folder, pair=PAIR, **options):
    options = {"remote": str(folder), "password": obscure(pair[0]), **options}
    if pair[1]:
        options["password2"] = obscure(pair[1])
    return ":crypt," + ",".join(f'{key}="{value}"' for key, value in options.items()) + ":"


def obscure(text):
    return run("obscure", text).stdout.decode().strip()


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def plain(size):
    return bytes(
        (RULE["a"] * i + RULE["b"] + RULE["c"] * (i >> 8) + RULE["d"] * (i >> 16)) % 256 for i in range(size)
    )


def options(mode="off", directories=True, encoding="base32", suffix=".bin"):
    return {
        "filename_encryption": mode,
        "directory_name_encryption": directories,
        "filename_encoding": encoding,
        "suffix": suffix,
    }


def flags(o):
    return {**o, "directory_name_encryption": str(o["directory_name_encryption"]).lower()}


def case(scratch, name, size, path, o, pair=PAIR):
    stored, source = scratch / name / "stored", scratch / name / "source"
    (source / path).parent.mkdir(parents=True)
    (source / path).write_bytes(plain(size))
    run("copy", str(source), remote(stored, pair, **flags(o)))
    (object_,) = [p for p in stored.rglob("*") if p.is_file()]
    data = object_.read_bytes()
    (HERE / "objects" / f"{name}.enc").write_bytes(data)
    return {
        "id": name, "password": pair[0], "password2": pair[1], **o,
        "plain_path": path, "encrypted_path": str(object_.relative_to(stored)),
        "plain_size": size, "plain_sha256": sha256(plain(size)), "plain_rule": RULE,
        "file": f"objects/{name}.enc", "enc_size": len(data), "enc_sha256": sha256(data),
        "nonce_hex": data[8:32].hex(),
    }


def mutate(data, mutation):
    header, blocks = data[:32], [data[i:i + BLOCK] for i in range(32, len(data), BLOCK)]
    match mutation:
        case {"op": "xor", "offset": offset, "value": value}:
            return data[:offset] + bytes([data[offset] ^ value]) + data[offset + 1:]
        case {"op": "truncate", "length": length}:
            return data[:length]
        case {"op": "append", "hex": tail}:
            return data + bytes.fromhex(tail)
        case {"op": "swap_blocks", "i": i, "j": j}:
            blocks[i], blocks[j] = blocks[j], blocks[i]
        case {"op": "drop_block", "i": i}:
            del blocks[i]
        case {"op": "dup_block", "i": i}:
            blocks.insert(i, blocks[i])
        case {"op": "replace_with_plain"}:
            return plain(140000)
        case _:
            return data
    return header + b"".join(blocks)


def corrupted(scratch, base, name, mutation, pair=None):
    data = mutate((HERE / base["file"]).read_bytes(), mutation or {})
    folder = scratch / "corrupted" / name
    folder.mkdir(parents=True)
    (folder / "f.bin").write_bytes(data)
    crypt = remote(folder, pair or PAIR, filename_encryption="off")
    done = run("cat", "--retries", "1", "--low-level-retries", "1", crypt + "f", check=False)
    known = [
        "file is too short to be encrypted", "not an encrypted file - bad magic string",
        "file has truncated block header", "failed to authenticate decrypted block - bad password?",
    ]
    error = next((text for text in known if text in done.stderr.decode()), None)
    assert bool(error) == bool(done.returncode), done.stderr
    size = json.loads(run("lsjson", crypt).stdout)[0]["Size"]
    made = {
        "id": name, "base": base["id"], "mutation": mutation,
        "rclone_cat": {
            "exit": done.returncode, "error": error, "out_len": len(done.stdout), "out_sha256": sha256(done.stdout),
        },
        "rclone_reported_size": max(size, 0), "detected_by_crypto": bool(error),
        "plain_intact": done.stdout == plain(base["plain_size"]) and not error,
    }
    if pair:
        made["credentials"] = {"password": pair[0], "password2": pair[1]}
    return made


PLAIN_NAMES = [
    "a", "A.txt", "dir/sub dir/file.txt", ".hidden", "...", " lead", "x.bin", ".bin", "1234567890", "a!b!!c", "5.num",
    "été", "日本語/ファイル.txt", "👩‍👧 family.jpg", "\U0010ffff", "\ud7ff\ue000", "ÿ\xa0Ā", "c" * 15, "d" * 16, "e" * 143,
    "report-v2023-01-02-030405-678.txt", "-v2001-02-03-040506-123", "-v2001-02-03-040506-123.c",
    "v-v2023-13-45-999999-000.txt", "d-v2020-01-01-000000-000/f", "back\\slash", "a=",
]
STORED_NAMES = [
    "", "a", "!!!!", "00000000000000000000000010", "UPPERCASE", "x.bin", ".bin", "123.abc", "!.abc", "-5.abc", "300.abc",
    "-9000.aZ9ÿ語", "1.a!!b", "1.", "n-v2001-02-03-040506-123.bin", "A.BIN", "abc=", "\u025f", "\u4e00\u025f\u4e00",
]


def names(scratch, name, o):
    crypt = remote(scratch / "names", **flags(o))

    def convert(command, text):
        done = run("backend", "--json", "--", command, crypt, text, check=False)
        return json.loads(done.stdout)[0] if done.returncode == 0 else None

    pairs = []
    for text in PLAIN_NAMES:
        pair = {"plain": text, "encrypted": convert("encode", text)}
        back = convert("decode", pair["encrypted"])
        if back is None:
            pair |= {"decodes_to": None, "decode_error": "refused"}
        elif back != text:
            pair |= {"decodes_to": back}
        pairs.append(pair)
    verdicts = []
    for text in STORED_NAMES:
        back = convert("decode", text)
        verdicts.append({"encrypted": text, **({"error": "refused"} if back is None else {"plain": back})})
    return {"id": name, "password": PAIR[0], "password2": PAIR[1], **o, "pairs": pairs, "decode_only": verdicts}


def ranges(scratch, base):
    folder = scratch / "ranges"
    folder.mkdir()
    shutil.copy(HERE / base["file"], folder / "f.bin")
    made = []
    for offset, count in [(0, 1), (65535, 2), (65536, 65536), (131071, 3), (139999, 100), (140000, 1), (140001, 1), (70000, -1)]:
        args = ["cat", "--offset", str(offset), "--count", str(count), remote(folder, filename_encryption="off") + "f"]
        done = run(*args, check=False)
        made.append({
            "base": base["id"], "offset": offset, "count": count, "exit": done.returncode, "out_len": len(done.stdout),
            "out_sha256": sha256(done.stdout), "error": "Seek beyond end of file" if done.returncode else None,
        })
    return made


def obscured():
    texts = ["a", "password", "".join(map(chr, range(33, 127))), " spaced ", "pässwörd 日本語", "x" * 64]
    made = []
    for text in texts:
        value = obscure(text)
        import base64
        iv = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))[:16]
        made.append({"plain": text, "iv_hex": iv.hex(), "obscured": value})
    others = ["abc", "AAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAA", made[1]["obscured"] + "=", "not obscured!", "password"]
    verdicts = []
    for text in others:
        done = run("reveal", "--", text, check=False)
        verdicts.append({"obscured": text, "exit": done.returncode, "out_hex": None if done.returncode else done.stdout.hex()})
    return made, verdicts


def object_names(scratch):
    sources = [b"plain.txt", b"back\\slash", b"tab\tx", b"ctl\x01\x1f\x7f", "＼ already ␊".encode(), "．".encode(), "．．".encode(),
               "／ slash".encode(), b"dot..name", b"...", b"trail. ", b'colon:*?"<>|%#', b"bad\xff\xfe.txt", "é".encode()]
    source, target = scratch / "b2-source", scratch / "b2-target"
    source.mkdir()
    encoding = "Slash,BackSlash,Del,Ctl,InvalidUtf8,Dot"
    pairs = []
    for number, name in enumerate(sources):
        folder = source / str(number)
        folder.mkdir()
        with open(bytes(folder) + b"/" + name, "wb") as file:
            file.write(b"x")
        run("copy", str(folder), f':local,encoding="{encoding}":{target}/{number}')
        (made,) = (target / str(number)).iterdir()
        pairs.append({"source_hex": name.hex(), "b2_segment": made.name})
    return pairs


def main():
    version = run("version").stdout.decode().split("\n")[0]
    shutil.rmtree(HERE / "objects", ignore_errors=True)
    (HERE / "objects").mkdir()
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        off = options()
        cases = [case(scratch, f"size-{size}", size, f"sizes/f{size}", off) for size in (0, 1, 16, 65536, 140000)]
        cases.append(case(scratch, "no-salt", 33, "f", off, ("p" * 40, "")))
        cases.append(case(scratch, "standard", 5, "a dir/Häuser.txt", options("standard")))
        cases.append(case(scratch, "obfuscate", 5, "a dir/Häuser.txt", options("obfuscate", directories=False)))
        big = next(c for c in cases if c["id"] == "size-140000")
        empty = cases[0]
        mutations = {
            "magic": {"op": "xor", "offset": 7, "value": 1}, "nonce": {"op": "xor", "offset": 31, "value": 64},
            "tag-0": {"op": "xor", "offset": 32, "value": 1}, "data-1": {"op": "xor", "offset": 90000, "value": 2},
            "last": {"op": "xor", "offset": big["enc_size"] - 1, "value": 128},
            **{f"cut-{n}": {"op": "truncate", "length": n} for n in (0, 31, 32, 33, 48, 49, 65584, 65600, 65601, 131136)},
            "append": {"op": "append", "hex": "00"}, "swap": {"op": "swap_blocks", "i": 0, "j": 1},
            "drop": {"op": "drop_block", "i": 1}, "twice": {"op": "dup_block", "i": 2},
            "plaintext": {"op": "replace_with_plain"},
        }
        broken = [corrupted(scratch, big, name, mutation) for name, mutation in mutations.items()]
        broken.append(corrupted(scratch, big, "wrong-password", None, ("correct horse\n", PAIR[1])))
        broken.append(corrupted(scratch, big, "no-salt-given", None, (PAIR[0], "")))
        broken.append(corrupted(scratch, empty, "empty-wrong-password", None, ("totally wrong", "")))
        sets = [
            names(scratch, "off", off), names(scratch, "off-none", options(suffix="none")),
            names(scratch, "off-nodot", options(suffix="enc")),
            *(names(scratch, f"std-{e}", options("standard", encoding=e)) for e in ("base32", "base64", "base32768")),
            names(scratch, "std-nodir", options("standard", directories=False)),
            names(scratch, "obfuscate", options("obfuscate")),
        ]
        texts, verdicts = obscured()
        vectors = {
            "format": 1, "set": "own", "made_by": version, "cases": cases, "names": sets, "corrupted": broken,
            "ranges": ranges(scratch, big), "obscure": texts, "reveal_other": verdicts,
        }
        (HERE / "vectors.json").write_text(json.dumps(vectors, indent=1))
        (HERE / "b2-key-encoding.json").write_text(json.dumps({"made_by": version, "pairs": object_names(scratch)}, indent=1))


main()
