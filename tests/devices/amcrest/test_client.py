"""Answers to errors, row by row of the sheet's §5."""

import pytest

from custom_components.cctv.devices.amcrest.client import MAX_QUERY, Client, is_stale
from custom_components.cctv.devices.device import Reply
from custom_components.cctv.devices.errors import (
    Busy,
    DeviceError,
    Forbidden,
    InvalidAuth,
    Malformed,
    Rejected,
    Unsupported,
)
from custom_components.cctv.devices.http.client import Http
from tests.devices.conftest import Lend

from .conftest import Build


@pytest.fixture
def client(lend: Lend) -> Client:
    """A client that is never sent anywhere."""
    return Client(Http(lend("http://127.0.0.1:1")))


def reply(status: int, body: bytes) -> Reply:
    """An answer."""
    return Reply(status, {}, body)


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (200, b"Error\r\nErrorID=1, Detail=Request parses error!\r\n", Unsupported),
        (200, b"Error\r\nErrorID=2, Detail=Invalid Request!\r\n", Unsupported),
        (200, b"Error\r\nErrorID=3, Detail=Method not found!\r\n", Unsupported),
        (200, b"Error\r\nErrorID=5, Detail=Server internal error!\r\n", Rejected),
        (200, b"Error\r\nErrorID=6, Detail=Request Timeout!\r\n", Rejected),
        (200, b"Error\r\n", Unsupported),
        (200, b"Error: No Events\r\n", Unsupported),
        (200, b"Error: Error -1 getting param in name=Lighting[0][0]\r\n", Unsupported),
        (200, b"Unknown error\r\n", Rejected),
        (200, b"businessCommonErrorUnKnownError\r\n", Rejected),
        (200, b"Exceeded maximum number of connections\r\n", Busy),
        (200, b"Resource is limited, open video failed!\r\n", Busy),
        (200, b"  <!DOCTYPE html><html></html>", Malformed),
        (302, b"", Malformed),
        (400, b"Error\nBad Request!\n", Unsupported),
        (401, b"", Forbidden),
        (403, b"Authority:check failure.", Forbidden),
        (404, b"", Unsupported),
        (500, b"", Rejected),
        (501, b"", Unsupported),
        (503, b"", Busy),
    ],
)
def test_each_refusal_is_what_the_sheet_treats_it_as(
    client: Client, status: int, body: bytes, error: type[DeviceError]
) -> None:
    with pytest.raises(error):
        client.text(reply(status, body))


def test_an_invalid_authority_is_a_login_refused_unless_others_were_taken(client: Client) -> None:
    refusal = reply(200, b"Error\r\nErrorID=0, Detail=Invalid Authority!\r\n")
    assert client.text(reply(200, b"OK\r\n")) == "OK"
    with pytest.raises(Forbidden):
        client.text(refusal)


async def test_a_login_refused_in_a_body_is_not_tried_again(client: Client) -> None:
    with pytest.raises(InvalidAuth):
        client.text(reply(200, b"Error\r\nErrorID=0, Detail=Invalid Authority!\r\n"))
    with pytest.raises(InvalidAuth):
        await client.time()


def test_what_is_nothing_is_nothing(client: Client) -> None:
    assert client.text(reply(200, b"")) == ""
    nothing = ("error: no events",)
    assert client.text(reply(200, b"Error: No Events\r\n"), nothing=nothing) == ""


def test_a_stale_login_is_told_from_other_refusals() -> None:
    assert is_stale(reply(403, b"Authority:check failure."))
    assert not is_stale(reply(403, b"<html>Forbidden</html>"))


async def test_many_changes_go_in_several_requests(house: Build) -> None:
    home = await house("nvr")
    device, _ = await home.opened()
    names = [name for name in home.box.config if name.startswith("MotionDetect[0].EventHandler")]
    changes = {name: home.box.config[name] for name in names}
    changes["MotionDetect[0].Enable"] = "false"
    await device.box.store.save(changes)
    sent = [target for target in home.sent() if "setConfig" in target]
    assert len(sent) > 1
    assert max(map(len, sent)) <= MAX_QUERY
    assert home.box.config["MotionDetect[0].Enable"] == "false"
