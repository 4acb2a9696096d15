"""The simulated iSpy says byte for byte what docs/protocols/ispy.md says (§2-§4)."""

from dataclasses import replace
import gzip
import json

import pytest

from tests.simulators.ispy import CAMERA, MICROPHONE, PERSONALITIES, Gzip, OnCrash
from tests.simulators.ispy.rules import Version
from tests.simulators_tests.ispy_box import ask, closes, hangs, running, text
from tests.simulators_tests.raw import Raw

pytestmark = pytest.mark.usefixtures("socket_enabled")

CATCH_ALL = "iSpy server is running"
BLOCKED = (
    '{"server":"iSpy","error":"Authentication failed (IP blocked by allow list)",'
    '"errorType":"authentication"}'
)


# §2 Requests and answers


async def test_the_head_of_an_answer_in_its_order() -> None:
    async with running() as box, await Raw.connect(box) as raw:
        raw.send("/ping")
        assert await raw.rest() == (
            b"HTTP/1.1 200 OK\r\n"
            b"Server: iSpy\r\n"
            b"Content-Type: text/javascript\r\n"
            b"Accept-Ranges: bytes\r\n"
            b"Access-Control-Allow-Origin: *\r\n"
            b"Content-Length: 2\r\n"
            b"Pragma: no-cache\r\n"
            b"Expires: Fri, 30 Oct 1998 14:19:41 GMT\r\n"
            b"Cache-directive: no-cache\r\n"
            b"Cache-control: no-cache\r\n"
            b"Pragma: no-cache\r\n"
            b"Expires: 0\r\n"
            b"\r\nOK"
        )


@pytest.mark.parametrize("target", ["/PING", "/Ping?OT=2", "/getServerName?jsFUNC=f(result)"])
async def test_paths_and_names_of_parameters_in_any_case(target: str) -> None:
    async with running(name="x") as box:
        assert await text(box, target) in ("OK", 'f("x,OK")')


async def test_values_are_decoded_and_a_plus_is_no_blank() -> None:
    async with running() as box:
        for sent, kept in (("a%20b", "a b"), ("a+b", "a+b"), ("a\\b", "a/b"), ("a%5Cb", "a\\b")):
            await text(box, f"/changesetting?ot=2&oid=1&field=name&value={sent}")
            assert box.cameras[0].name == kept


async def test_the_query_begins_with_a_question_mark_only() -> None:
    async with running() as box:
        assert await text(box, "/bringonline&ot=2&oid=4") == CATCH_ALL
        assert not box.cameras[3].enabled


async def test_capitals_http_in_the_url_break_the_status_line() -> None:
    async with running() as box:
        target = "/changesetting?ot=2&oid=1&field=name&value=a"
        answer = await ask(box, f"{target}HTTP%20x")
        assert answer.head.startswith(b"HTTP%20x 200 OK\r\n")
        assert box.cameras[0].name == "a"
        assert (await ask(box, f"{target}%48TTP")).head.startswith(b"HTTP/1.1 200 OK\r\n")
        assert box.cameras[0].name == "aHTTP"
        assert (await ask(box, f"{target}http")).head.startswith(b"HTTP/1.1 200 OK\r\n")


async def test_an_unknown_extension_is_a_failed_login() -> None:
    async with running() as box:
        assert '"errorType":"authentication"' in await text(box, "/ping.php")
        assert await text(box, "/ping.html") == CATCH_ALL
        assert json.loads(await text(box, "/command.txt"))["status"] == "OK"


async def test_other_methods() -> None:
    async with running() as box:
        assert await closes(box, "/ping", method="HEAD")
        assert await closes(box, "/ping", method="PUT")
        assert (await ask(box, "/ping", method="OPTIONS")).header("Connection") == "close"
        posted = await ask(box, "/alloff", method="POST", body=b"x=1")
        assert posted.body.decode() == CATCH_ALL
        assert box.cameras[0].enabled
        assert '"error"' in await text(box, "http://127.0.0.1/ping")
    async with running("g1") as box:
        assert await closes(box, "/ping", method="POST")


@pytest.mark.parametrize(
    "target",
    [
        "/getcontentlist?ot=2&oid=1&page=0&pagesize=5",
        "/getcameragrabs?oid=1&page=x&pagesize=5&jsfunc=data",
        "/setframerate?oid=1",
        "/getcontrolpanel?ot=2&oid=1",
        "/getcontrolpanel?ot=2&oid=99&port=1",
        "/getptzcommands?oid=1&jsfunc=data",
        "/executecmd",
        "/addobject?ot=2&stid=0&w=1",
        "/changesetting?ot=2&oid=99&field=alerts&value=true",
        "/changesetting?ot=2&oid=1&field=alerts&value=1",
        "/changesetting?ot=2&oid=1&field=alerts&value=on",
        "/deleteall?ot=2&oid=99",
        "/massdelete?ot=2&oid=99&filelist=a",
        "/massdeletegrabs?ot=2&oid=99&filelist=a",
        "/loadclip.mp4?ot=2&oid=1&fn=none.mp4",
        "/loadimage?fn=x.jpg",
    ],
)
async def test_an_exception_hangs_but_closes_in_g1(target: str) -> None:
    async with running() as box:
        assert await hangs(box, target)
        box.faults.on_crash = OnCrash.CLOSE
        assert await closes(box, target)
    async with running("g1") as box:
        assert await closes(box, target)


async def test_long_texts_are_compressed_when_asked() -> None:
    async with running() as box:
        target = "/getcontrolpanel?port=8080&ot=2&oid=1"
        plain = await ask(box, target)
        assert plain.header("Content-Encoding") is None
        packed = await ask(box, target, "Accept-Encoding: deflate, gzip")
        assert packed.header("Content-Encoding") == "gzip"
        assert b"Content-Length: %d\r\nContent-Encoding" % len(packed.body) in packed.head
        assert gzip.decompress(packed.body) == plain.body
        box.faults.gzip = Gzip.BARE
        bare = await ask(box, target, "Accept-Encoding: gzip")
        assert bare.header("Content-Encoding") is None
        assert bare.body.startswith(b"\x1f\x8b")
        box.faults.gzip = Gzip.OFF
        assert (await ask(box, target, "Accept-Encoding: gzip")).body == plain.body
        assert (await ask(box, "/ping", "Accept-Encoding: gzip")).body == b"OK"


@pytest.mark.parametrize(
    ("version", "bare", "hanging", "snapshot", "adding"),
    [
        ((6, 4, 8), False, False, CATCH_ALL, CATCH_ALL),
        ((6, 5, 4), True, True, CATCH_ALL, CATCH_ALL),
        ((6, 5, 7), False, True, "OK", CATCH_ALL),
        ((6, 6, 3), False, True, "OK", "OK"),
    ],
)
async def test_versions_of_g2(
    version: Version, bare: bool, hanging: bool, snapshot: str, adding: str
) -> None:
    async with running(replace(PERSONALITIES["g2"], version=version)) as box:
        panel = "/getcontrolpanel?port=8080&ot=2&oid=1"
        packed = await ask(box, panel, "Accept-Encoding: gzip")
        assert packed.body.startswith(b"\x1f\x8b")
        assert (packed.header("Content-Encoding") is None) is bare
        assert await text(box, "/snapshot?ot=2&oid=1") == snapshot
        assert await text(box, "/addobject") == adding
        assert await (hangs if hanging else closes)(box, "/executecmd")


async def test_the_catch_all_page() -> None:
    silent = ("record", "recordstop", "alert", "applyschedule", "shutdown", "nonsense")
    dead = ("allscheduleon", "recordondetectoff", "getfloorplans", "uploadyoutube?ot=2&oid=1")
    async with running() as box:
        for command in silent + dead + ("alerton?group=nobody",):
            answer = await ask(box, f"/{command}")
            assert answer.body.decode() == CATCH_ALL
            assert answer.header("Content-Type") == "text/html"
            assert answer.header("Content-Length") == "22"
        assert list(box.program.called) == ["shutdown"]
        root = await ask(box, "/")
        assert root.body == b"iSpy is running. Access this server via the website"
        assert root.header("Content-Type") == "text/text"
    async with running("g1") as box:
        assert await text(box, "/") == CATCH_ALL
        assert await text(box, "/applyschedule") == "OK"


async def test_builds_of_2012_lower_and_do_not_decode() -> None:
    async with running("ancient") as box:
        assert await text(box, "/snapshot?ot=2&oid=2") == CATCH_ALL
        assert len(box.cameras[0].grabs) == 2
        await text(box, "/synthtocam?oid=2&text=Hello%20There")
        assert box.cameras[0].spoken == ["hello%20there"]
        await text(box, "/changesetting?ot=2&oid=2&field=name&value=x")
        assert box.cameras[0].name == "Driveway"
        async with await Raw.connect(box) as raw:
            raw.send("/audiofeed?micid=2")
            assert b"Content-Type: audio/x-wav\r\n" in await raw.head()
            await raw.exactly(b"2C\r\nRIFF")


# §3 Access


async def test_the_list_of_addresses_is_searched_unanchored() -> None:
    async with running() as box:
        box.access.allowed = "10.0.0.1"
        for peer, lets_in in (("10.0.0.12", True), ("110.0.0.1", True), ("10.0.0.2", False)):
            box.access.peer = peer
            assert (await text(box, "/ping") == "OK") is lets_in
        box.access.peer = None
        assert await text(box, "/ping") == "OK"


async def test_the_code_opens_until_the_restart() -> None:
    async with running() as box:
        box.access.peer = "172.16.0.9"
        code = box.auth
        assert await text(box, f"/ping?auth={code.upper()}") == "OK"
        box.access.referers = "^http://good/"
        assert await text(box, f"/ping?auth={code}", "Referer: http://good/x") == "OK"
        assert "error" in await text(box, f"/ping?auth={code}", "Referer: http://bad/")
        assert await text(box, f"/ping?auth={code}") == "OK"
        again = await box.restart()
        assert again != code
        assert "error" in await text(box, f"/ping?auth={code}")
        assert await text(box, f"/connect?auth={again}") == f'{{"auth":"{again}","status":"OK"}}'


@pytest.mark.parametrize(
    ("personality", "allowed", "path", "body"),
    [
        (
            "g3",
            "x",
            "/livefeed?oid=1",
            BLOCKED,
        ),
        (
            "g3",
            "",
            "/ping",
            '{"server":"iSpy","error":"Authentication failed","errorType":"authentication"}',
        ),
        (
            "g2",
            "x",
            "/",
            "iSpy is running. Access this server via the website (IP blocked by allow list)",
        ),
        (
            "g1",
            "x",
            "/",
            "//Access this server via http://www.ispyconnect.com\r\ntry{Denied();} catch(e){}",
        ),
    ],
)
async def test_denials(personality: str, allowed: str, path: str, body: str) -> None:
    async with running(personality) as box:
        box.access.allowed = allowed
        box.access.peer = "172.16.0.9" if allowed else None
        answer = await ask(box, path)
        assert answer.status == 200
        assert answer.body.decode() == body


# §4 Objects


async def test_rows_of_g3() -> None:
    async with running() as box:
        assert await text(box, "/getobjectlist") == (
            "2,2,true,Driveway,Online,,outside,12,false,-1,false\r\n"
            "2,1,true,Front door,Online,Above the bell,outside&comma;doors,-5,true,1,false\r\n"
            "2,3,true,Garage,Online,dark and cold,,-4,false,-1,false\r\n"
            "2,4,false,Hallway,Offline,,,-6,false,-1,false\r\n"
            "1,1,true,Front door mic,Online,,,false\r\n"
            "1,2,true,Nursery,Online,,inside,false\r\n"
            "OK"
        )
        assert await text(box, "/getobjectlist?ot=1&oid=2") == (
            "1,2,true,Nursery,Online,,inside,false\r\nOK"
        )
        assert len((await text(box, "/getobjectlist?ot=2&oid=0")).split("\r\n")) == 5
        assert await text(box, "/getobjectlist?ot=2&oid=9") == "OK"


@pytest.mark.parametrize(("personality", "camera", "mic"), [("g2", 10, 7), ("ancient", 9, 7)])
async def test_older_rows_are_shorter_and_unfiltered(
    personality: str, camera: int, mic: int
) -> None:
    async with running(personality) as box:
        rows = (await text(box, "/getobjectlist?ot=1&oid=99")).split("\r\n")
        assert rows[-1] == "OK"
        assert {len(row.split(",")) for row in rows if row.startswith("2,")} == {camera}
        assert {len(row.split(",")) for row in rows if row.startswith("1,")} == {mic}


async def test_hostile_names_pass_with_their_commas_escaped() -> None:
    async with running("hostile") as box:
        rows = (await text(box, "/getobjectlist")).split("\r\n")
        assert (
            '2,0,true,Tor&comma; "Nord" | result,Online,line1\r line2&comma; with comma,'
            "A&comma; b&comma;ä,-5,false,-1,false"
        ) in rows
        assert "2,1,true,📷 Käse^1,Online,,a,263,false,-1,false" in rows


async def test_g1_knows_ascii_only() -> None:
    async with running("g1") as box:
        box.rename_object(CAMERA, 1, "Käse 📷")
        assert "2,1,true,K?se ??,Online," in await text(box, "/getobjectlist")
        stopped = await text(box, "/recordstop?ot=2&oid=1")
        assert stopped.startswith("notrecording,Enregistrement arr?t?.")


async def test_the_configuration_is_javascript() -> None:
    async with running() as box:
        assert await text(box, "/getobjectconfig?ot=2&oid=3&jsfunc=cfg") == (
            f"{{ot: 2, oid:3, micpairid: -1, port: {box.port},online: true,recording: false,"
            " width:640, height:360, talk:false, errorState:false}"
        )
        box.set_failing(MICROPHONE, 1)
        assert await text(box, "/getobjectconfig?ot=1&oid=1&jsfunc=cfg") == (
            f"{{ot: 1, oid:1, port: {box.port}, online: true,recording: false, width:320,"
            " height:40, errorState:true}"
        )
        assert await text(box, "/getobjectconfig?ot=2&oid=9&jsfunc=cfg") == "{}"
        assert await text(box, "/getobjectconfig?ot=2&oid=3") == "OK"
    async with running("g2") as box:
        assert "errorState" not in await text(box, "/getobjectconfig?ot=2&oid=3&jsfunc=cfg")


async def test_objects_come_go_and_their_ids_are_used_again() -> None:
    async with running() as box:
        assert await text(box, "/addobject?stid=1&w=320&h=240&name=x") == "OK"
        assert len(box.cameras) == 4
        await text(box, "/addobject?ot=2&stid=1&w=320&h=240&name=&url=http://c/")
        assert "2,5,true,Camera 5,Online,http://c/," in await text(box, "/getobjectlist")
        assert await text(box, "/removeobject?oid=5") == "OK"
        assert box.add_object(CAMERA, "Attic").id == 5
    async with running("g1") as box:
        assert await text(box, "/removeobject?ot=1&oid=2") == "OK"
