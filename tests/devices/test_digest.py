"""Logging in by Basic and Digest: the vectors of the RFCs, and the challenges of real cameras."""

from collections.abc import Callable
import hashlib
import re

import pytest

from custom_components.cctv.devices.errors import BadInput
from custom_components.cctv.devices.http.digest import Login, challenges, choose

CAMERA = (
    'Digest realm="Login to 4M0A1B2C, west", qop="auth", nonce="1193046", '
    'opaque="5ccc069c403ebaf9f0171e9517f40e41c0ffee00"'
)


def login(user: str = "Mufasa", password: str = "Circle of Life", cnonce: str = "") -> Login:
    return Login(user, password, cnonce=lambda: cnonce)


def field(header: str, name: str) -> str | None:
    """A field of an Authorization value as it stands there, with its quotes."""
    found = re.search(rf'(?:Digest |, ){name}=("(?:[^"\\]|\\.)*"|[^,]*)', header)
    return found[1] if found else None


@pytest.mark.parametrize(
    ("algorithm", "response"),
    [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
def test_the_vectors_of_rfc_7616(algorithm: str, response: str) -> None:
    mufasa = login(cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ")
    assert mufasa.take(
        [
            (
                'Digest realm="http-auth@example.org", qop="auth, auth-int", '
                f"algorithm={algorithm}, "
                'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", '
                'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
            )
        ]
    )
    header = mufasa.header("GET", "/dir/index.html")
    assert field(header, "response") == f'"{response}"'
    assert field(header, "algorithm") == algorithm


def test_the_vector_of_rfc_2617() -> None:
    mufasa = login(password="Circle Of Life", cnonce="0a4f113b")
    mufasa.take(
        [
            (
                'Digest realm="testrealm@host.com", qop="auth,auth-int", '
                'nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", '
                'opaque="5ccc069c403ebaf9f0171e9517f40e41"'
            )
        ]
    )
    header = mufasa.header("GET", "/dir/index.html")
    assert field(header, "response") == '"6629fae49393a05397450978507c4ef1"'
    assert field(header, "algorithm") is None


def test_without_qop_the_form_of_rfc_2069_is_spoken() -> None:
    mufasa = login(password="CircleOfLife")
    mufasa.take(
        [
            (
                'Digest realm="testrealm@host.com", '
                'nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", '
                'opaque="5ccc069c403ebaf9f0171e9517f40e41"'
            )
        ]
    )
    header = mufasa.header("GET", "/dir/index.html")
    # What RFC 2069 itself prints is wrong; its erratum 749 gives this.
    assert field(header, "response") == '"1949323746fe6a43ef61f9606e7febea"'
    assert field(header, "nc") is None
    assert field(header, "qop") is None


@pytest.mark.parametrize(
    ("algorithm", "hashed"),
    [("MD5-sess", hashlib.md5), ("sha-256-SESS", hashlib.sha256), ("SHA-256-sess", hashlib.sha256)],
)
def test_session_algorithms_hash_the_nonces_into_the_secret(
    algorithm: str, hashed: Callable[[bytes], hashlib._Hash]
) -> None:
    def h(text: str) -> str:
        return hashed(text.encode()).hexdigest()

    admin = login("admin", "pä:ss", cnonce="c0ffee")
    admin.take([f'Digest realm="r", nonce="n", qop="auth", algorithm={algorithm}'])
    header = admin.header("GET", "/x?a[0]=1")
    secret = h(f"{h('admin:r:pä:ss')}:n:c0ffee")
    assert (
        field(header, "response")
        == f'"{h(f"{secret}:n:00000001:c0ffee:auth:{h('GET:/x?a[0]=1')}")}"'
    )
    assert field(header, "algorithm") == algorithm


def test_algorithm_qop_and_nc_are_not_quoted() -> None:
    admin = login()
    admin.take([CAMERA + ', algorithm="MD5"'])
    header = admin.header("GET", "/")
    assert field(header, "algorithm") == "MD5"
    assert field(header, "qop") == "auth"
    assert field(header, "nc") == "00000001"
    assert field(header, "realm") == '"Login to 4M0A1B2C, west"'
    assert field(header, "opaque") == '"5ccc069c403ebaf9f0171e9517f40e41c0ffee00"'


def test_nc_rises_with_one_nonce_and_begins_again_with_the_next() -> None:
    admin = login()
    admin.take([CAMERA])
    assert [field(admin.header("GET", "/"), "nc") for _ in range(3)] == [
        "00000001",
        "00000002",
        "00000003",
    ]
    admin.take([CAMERA])
    assert field(admin.header("GET", "/"), "nc") == "00000004", "the same nonce was offered again"
    admin.take([CAMERA.replace("1193046", "1193047")])
    assert field(admin.header("GET", "/"), "nc") == "00000001"


@pytest.mark.parametrize(
    "offered",
    [
        ['Basic realm="b"', CAMERA],
        [CAMERA, 'Basic realm="b"'],
        [f'Basic realm="b", {CAMERA}'],
        [f'{CAMERA}, Basic realm="b"'],
        [f'{CAMERA},Basic realm="b"'],
        [f"Negotiate,{CAMERA}"],
        [f"Bearer, {CAMERA}", "NTLM"],
        [CAMERA.replace(", ", ",")],
        [CAMERA.replace("=", " = ")],
        [CAMERA.replace("realm", "REALM").replace("Digest", "DIGEST")],
        [CAMERA.replace('qop="auth"', 'qop="auth-int, auth"')],
        [CAMERA.replace('qop="auth"', 'qop="auth,auth-int"')],
        [CAMERA.replace('qop="auth"', "qop=auth")],
        [CAMERA + ', stale="false"'],
        [CAMERA + ", algorithm=md5"],
        [CAMERA, CAMERA.replace("1193046", "9") + ", algorithm=SHA-512-256"],
    ],
)
def test_the_digest_is_found_among_what_is_offered(offered: list[str]) -> None:
    chosen = choose(offered)
    assert chosen is not None
    assert chosen.scheme == "digest"
    assert chosen.values["nonce"] == "1193046"
    assert chosen.values["realm"].startswith("Login to 4M0A1B2C,")


def test_sha_256_is_preferred_wherever_it_stands() -> None:
    better = CAMERA.replace("1193046", "77") + ", algorithm=SHA-256"
    for offered in ([CAMERA, better], [better, CAMERA], [f"{CAMERA}, {better}"]):
        chosen = choose(offered)
        assert chosen is not None
        assert chosen.values["nonce"] == "77"


@pytest.mark.parametrize(
    "offered",
    [
        [],
        [""],
        ["Negotiate"],
        ['Digest realm="r"'],
        ['Digest realm="r", nonce=""'],
        ['Digest realm="r", nonce="n", qop="auth-int"'],
        ['Digest realm="r", nonce="n", algorithm=SHA-512-256'],
        ['realm="r", nonce="n"'],
        ['"", ==, "Digest'],
    ],
)
def test_what_cannot_be_answered_is_not_taken(offered: list[str]) -> None:
    admin = login()
    assert not admin.take(offered)
    assert not admin.known
    with pytest.raises(BadInput):
        admin.header("GET", "/")


def test_basic_is_used_where_nothing_better_is_offered() -> None:
    aladdin = login("Aladdin", "open sesame")
    assert aladdin.take(['Basic realm="Device_CGI"'])
    assert aladdin.header("GET", "/") == "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="


def test_quotes_in_a_realm_and_a_user_are_escaped() -> None:
    admin = login('a"b\\c')
    admin.take([r'Digest realm="say \"hi\", \\o/", nonce="n", qop="auth"'])
    header = admin.header("GET", "/")
    assert field(header, "realm") == r'"say \"hi\", \\o/"'
    assert field(header, "username") == r'"a\"b\\c"'


@pytest.mark.parametrize("text", ["a\r\nX: y", "tab\t", "nul\0"])
def test_line_breaks_cannot_enter_a_header(text: str) -> None:
    with pytest.raises(BadInput):
        Login(text, "x")
    with pytest.raises(BadInput):
        Login("x", text)
    admin = login()
    admin.take([f'Digest realm="{text}", nonce="n{text}"'])
    assert not re.search(r"[\x00-\x1f]", admin.header("GET", "/"))


def test_a_login_shows_no_secret() -> None:
    admin = login("admin", "hunter2")
    admin.take([CAMERA])
    assert "hunter2" not in repr(admin)
    assert "hunter2" not in admin.header("GET", "/")


def test_every_cut_of_a_challenge_is_read_without_a_fault() -> None:
    whole = f'Basic realm="b", {CAMERA}, algorithm=SHA-256-sess, Negotiate abc=='
    for at in range(len(whole)):
        assert len(challenges([whole[:at], whole[at:]])) < 20


def test_nonces_that_serve_once_are_recognised() -> None:
    login = Login("u", "p")
    for version in (1, 2):
        assert not login.once
        login.accepted(version, 1)
        login.turned_down(version, 2)
        login.turned_down(version, 3)
    assert login.once
    assert not login.fresh().once


def test_a_nonce_that_served_twice_is_no_such_one() -> None:
    login = Login("u", "p")
    login.accepted(1, 1)
    login.accepted(1, 2)
    for version in range(2, 9):
        login.accepted(version, 1)
        login.turned_down(version, 2)
    assert not login.once


def test_a_refusal_that_follows_no_success_proves_nothing() -> None:
    login = Login("u", "p")
    for version in range(1, 9):
        login.turned_down(version, 1)
        login.turned_down(version, 2)
    assert not login.once
