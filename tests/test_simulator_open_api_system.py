"""Accounts, clock, files and restarts of the simulated Open API camera (S-1.2 to S-1.11)."""

from contextlib import suppress
from datetime import timedelta
import json

import pytest

from tests.simulators_tests.open_api_box import (
    BASIC,
    OK,
    ask,
    body_of,
    running,
    split,
)
from tests.simulators_tests.raw import Raw

pytestmark = pytest.mark.usefixtures("socket_enabled")

LIST = "/config.cgi?action=list"
TEXT = b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\n"


# S-1.2 Accounts


async def test_accounts() -> None:
    base = "/usrgrp.cgi?action="
    async with running() as box:
        made = await ask(box, f"{base}add&user=joe&pwd=se%26cret&grp=users&sgrp=viewer:ptz")
        assert made.head == TEXT.replace(b"plain", b"html")
        assert made.body == b"Created account joe.\r\n"
        assert await body_of(box, f"{base}get") == (
            b'users="root,joe"\r\nadmin="root"\r\noperator="root"\r\n'
            b'viewer="root,joe"\r\nptz="root,joe"\r\n'
        )
        assert (
            await ask(box, "/image.jpg", authorization="Authorization: Basic am9lOnNlJmNyZXQ=")
        ).status == 200
        assert await body_of(box, f"{base}update&user=joe&sgrp=admin:operator:viewer") == (
            b"Modified account joe.\r\n"
        )
        assert await body_of(box, f"{base}remove&user=joe") == b"Removed account joe.\r\n"
        for trouble in (
            "add&user=j-e&pwd=x&sgrp=viewer",
            "add&user=abcdefghijklmno&pwd=x&sgrp=viewer",
            "add&user=root&pwd=x&sgrp=viewer",
            "add&user=ann&sgrp=viewer",
            "add&user=ann&pwd=x&sgrp=king",
            "update&user=ann&pwd=x",
            "update&user=root&sgrp=viewer",
            "remove&user=root",
            "remove&user=ann",
        ):
            assert (await body_of(box, f"{base}{trouble}")).startswith(b"Error: "), trouble
        assert list(box.accounts.of) == ["root"]
        box.faults.plain_users = True
        assert await body_of(box, f"{base}add&user=ann&pwd=x&sgrp=viewer") == OK
        assert "x" not in json.dumps(box.state()["accounts"])


# S-1.3 … S-1.8 Coming back


@pytest.mark.parametrize(
    ("path", "kept"), [("factorydefault", True), ("hardfactorydefault", False)]
)
async def test_factory_defaults(path: str, kept: bool) -> None:
    async with running(password="other") as box:
        box.parameters["Network.IPAddress"] = "10.0.0.7"
        box.parameters["Network.HostName"] = "door"
        box.add_window("Mine")
        other = "Authorization: Basic cm9vdDpvdGhlcg=="
        answer = await ask(box, f"/{path}.cgi", authorization=other)
        assert answer.head.startswith(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n")
        await box.until(lambda: box.restarts == 1)
        kept = path == "factorydefault"
        assert (box.parameters["Network.IPAddress"] == "10.0.0.7") is kept
        assert box.parameters["Network.HostName"] == "ipcam"
        assert list(box.parameters.windows()) == [0, 3]
        assert (await ask(box, LIST, authorization=other)).status == 401
        assert (await ask(box, LIST, authorization=BASIC)).status == 200


async def test_a_backup_comes_back_to_its_own_unit() -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="any"; filename="backup.bin"\r\n\r\n'
    form = "Content-Type: multipart/form-data; boundary=x"

    async with running() as box, running("vapix") as other:
        answer = await ask(box, "/backup.cgi")
        assert answer.head == (
            b"HTTP/1.0 200 OK\r\nContent-Type: application/octet-stream\r\n"
            b"Content-Disposition: attachment; filename=backup.bin\r\n\r\n"
        )
        body = head + answer.body + b"\r\n--x--\r\n"
        port = box.parameters["Network.RTSP.Port"]
        box.add_window("Later")
        assert (await ask(other, "/restore.cgi", form, method="POST", body=body)).body == (
            b"Error: backup of another unit\r\n"
        )
        done = await ask(box, "/restore.cgi", form, method="POST", body=body)
        assert done.header("Content-Type") == "text/html"
        await box.until(lambda: box.restarts == 1)
        assert list(box.parameters.windows()) == [0, 3]
        assert box.parameters["Network.RTSP.Port"] == port
        junk = head + b"\x00\x01\r\n--x--\r\n"
        assert (await ask(box, "/restore.cgi", form, method="POST", body=junk)).body == (
            b"Error: not a backup\r\n"
        )
        assert (await ask(box, "/restore.cgi")).status == 405
        assert (await ask(box, "/restore.cgi", method="POST", body=junk)).status == 415
        async with await Raw.connect(box) as raw:
            lines = ("POST /restore.cgi HTTP/1.1", BASIC, form, "Transfer-Encoding: chunked")
            raw.writer.write("\r\n".join(lines).encode() + b"\r\n\r\n0\r\n\r\n")
            assert split(await raw.rest()).status == 400
        assert other.restarts == 0


async def test_another_firmware() -> None:
    form = "Content-Type: multipart/form-data; boundary=x"
    head = b"--x\r\nContent-Disposition: form-data; name=f; filename=a.bin\r\n\r\n"
    body = head + b"\x7fELF\r\n\x00VERSION=V5.0.3.4000\n" * 9 + b"\r\n--x--\r\n"
    async with running() as box:
        box.add_window("Mine")
        target = "/firmwareupgrade.cgi?type=factorydefault"
        assert (await ask(box, target, form, method="POST", body=body)).status == 200
        await box.until(lambda: box.restarts == 1)
        assert await body_of(box, f"{LIST}&group=Properties.Firmware.Version") == (
            b"Properties.Firmware.Version=V5.0.3.4000\n"
        )
        assert list(box.parameters.windows()) == [0, 3]
        assert box.device.uploads[-1][0] == "firmware"
        target = "/firmwareupgrade.cgi?type=other"
        assert (await ask(box, target, form, method="POST", body=body)).status == 400
        body = head + b"junk\r\n--x--\r\n"
        target = "/firmwareupgrade.cgi"
        assert (await ask(box, target, form, method="POST", body=body)).body == (
            b"Error: not a firmware\r\n"
        )


async def test_a_reboot_drops_every_socket_and_outputs_rest() -> None:
    async with running() as box, await Raw.connect(box) as raw:
        box.faults.down_seconds = 60.0
        box.set_output(2, on=True)
        raw.send("/motion.cgi", BASIC)
        await box.wait_attached(1, "motion")
        assert (await ask(box, "/reboot.cgi")).status == 200
        with pytest.raises(ConnectionResetError):
            await raw.rest()
        await box.until(lambda: box.mode == "refuse")
        with pytest.raises(ConnectionRefusedError):
            await Raw.connect(box)
        box.device.restarted()
        await box.come_back()
        assert box.outputs == [False, False]
        assert (await ask(box, "/restart.cgi")).status == 404


async def test_the_field_restarts_elsewhere_and_the_hostile_one_says_nothing() -> None:
    async with running("3s") as box:
        assert (await ask(box, "/reboot.cgi")).status == 404
        assert (await ask(box, "/restart.cgi")).status == 200
        await box.until(lambda: box.restarts == 1)
    async with running("hostile") as box, await Raw.connect(box) as raw:
        raw.send("/reboot.cgi", BASIC)
        with suppress(ConnectionResetError):
            assert await raw.rest() == b""
        await box.until(lambda: box.restarts == 1)


# S-1.9 … S-1.11


async def test_the_log_tells_what_happened() -> None:
    async with running() as box:
        await ask(box, "/output.cgi?action=2:/")
        answer = await ask(box, "/systemlog.cgi")
        assert answer.head == TEXT
        assert answer.body == (
            b"Jul 04 12:05:07 system started\r\nJul 04 12:05:07 output 2: 2:/\r\n"
        )


async def test_the_clock_is_local_and_moves_when_set() -> None:
    async with running() as box, running("vapix") as berlin:
        answer = await ask(box, "/time.cgi?action=get")
        assert (answer.head, answer.body) == (TEXT, b"Jul 04, 2026 12:05:07\r\n")
        assert await body_of(berlin, "/time.cgi?action=get") == b"Jul 04, 2026 14:05:07\r\n"
        assert await body_of(box, "/time.cgi?action=set&hour=23&minute=0&second=9") == OK
        assert await body_of(box, "/time.cgi?action=get") == b"Jul 04, 2026 23:00:09\r\n"
        assert box.device.clock.drift == timedelta(hours=10, minutes=55, seconds=2)
        moved = "/time.cgi?action=set&year=2013&month=2&day=3&timezone=CET-1CEST"
        assert await body_of(box, moved) == OK
        assert await body_of(box, "/time.cgi?action=get") == b"Feb 03, 2013 23:00:09\r\n"
        assert box.parameters["Time.POSIXTimeZone"] == "CET-1CEST"
        for wrong in ("month=13", "day=30", "hour=24", "year=1969", "year=2032", "minute=x", ""):
            said = await body_of(box, f"/time.cgi?action=set&{wrong}")
            assert said.startswith(b"Request failed: "), wrong
        assert (await ask(box, "/time.cgi")).status == 400
    async with running("hostile") as box:
        assert await body_of(box, "/time.cgi?action=get") == b"July 4, 2026  12:05:07\n"


@pytest.mark.parametrize("name", ["text", "string", "osd", "action=settext&text"])
async def test_a_text_in_the_picture(name: str) -> None:
    async with running("server4") as box:
        assert await body_of(box, f"/setosd.cgi?{name}=Hello%20you&camera=2") == OK
        listed = await body_of(box, f"{LIST}&group=Image.I1.Text.String")
        assert listed == b"Image.I1.Text.String=Hello you\n"
        assert (await body_of(box, "/setosd.cgi?camera=2")).startswith(b"Error: ")
        assert (await body_of(box, f"/setosd.cgi?{name}=x&camera=5")).startswith(b"Error: ")
