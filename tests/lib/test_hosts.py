"""Which machines may be asked: the list, and addresses that only look as if they were somewhere else."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sundhedsaftale.lib.hosts import Host, NotAHost, host_of, is_address, is_public, may_ask, read_hosts

ALLOWED = read_hosts("api.statbank.dk, tal.example.dk:8443, http://127.0.0.1:8765")


def test_the_list_is_read() -> None:
    assert ALLOWED == (
        Host("https", "api.statbank.dk", 443),
        Host("https", "tal.example.dk", 8443),
        Host("http", "127.0.0.1", 8765),
    )
    assert [host.is_loopback for host in ALLOWED] == [False, False, True]
    assert read_hosts(" , ") == ()
    assert read_hosts("API.Statbank.dk,api.statbank.dk") == (Host("https", "api.statbank.dk", 443),)


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ("*", "full name"),
        ("*.statbank.dk", "full name"),
        ("statbank", "full name"),
        ("api.statbank.dk.", "full name"),
        ("10.0.0.1", "full name"),
        ("2130706433", "full name"),
        ("0x7f.1", "full name"),
        ("[fd00::1]", "full name"),
        ("http://api.statbank.dk", "not https"),
        ("ftp://api.statbank.dk", "neither http nor https"),
        ("localhost", "this machine"),
        ("https://127.0.0.1:8765", "this machine"),
        ("http://localhost", "this machine"),
        ("https://api.statbank.dk/v1", "has a path"),
        ("me:secret@api.statbank.dk", "password"),
        ("api.statbank.dk:port", "not an address"),
        ("api.stätbank.dk", "plain letters"),
        ("https://", "names no host"),
    ],
)
def test_what_is_no_entry_is_said_with_a_way_out(entry: str, why: str) -> None:
    with pytest.raises(NotAHost, match=why):
        read_hosts(f"api.statbank.dk,{entry}")


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://api.statbank.dk/v1/data", True),
        ("https://API.statbank.DK:443/v1", True),
        ("https://tal.example.dk:8443/x", True),
        ("http://127.0.0.1:8765/v1", True),
        ("http://api.statbank.dk/v1", False),
        ("https://api.statbank.dk:8443/v1", False),
        ("https://tal.example.dk/x", False),
        ("http://127.0.0.1:8766/v1", False),
        ("http://localhost:8765/v1", False),
        ("https://api.statbank.dk.evil.example/v1", False),
        ("https://evil.example/api.statbank.dk", False),
        ("https://me@api.statbank.dk/v1", False),
        ("https://api.statbank.dk@evil.example/v1", False),
        ("https://evil.example\\@api.statbank.dk/v1", False),
        ("https://api.statbank.dk\n.evil.example/", False),
        ("https://2130706433/", False),
        ("https://[::ffff:127.0.0.1]/", False),
        ("https://169.254.169.254/latest/meta-data", False),
        ("file:///etc/passwd", False),
        ("https:///v1", False),
        ("", False),
    ],
)
def test_only_the_very_host_may_be_asked(url: str, allowed: bool) -> None:
    assert may_ask(url, ALLOWED) is allowed


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.9.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1", "169.254.169.254",
        "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "192.0.0.8", "192.88.99.1", "198.18.0.1", "::", "::1",
        "fe80::1", "fe80::1%eth0", "3fff::1", "5f00::1", "100::1",
        "fd00::1", "fc00::1", "fec0::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::808:808", "2002:7f00:1::", "2002:808:808::", "2001::1",
        "::7f00:1", "not an address", "",
    ],
)  # fmt: skip
def test_addresses_that_are_refused(address: str) -> None:
    assert is_public(address) is False


@pytest.mark.parametrize("address", ["8.8.8.8", "193.3.19.1", "2a00:1450:400f:80d::200e", "::ffff:8.8.8.8"])
def test_addresses_of_the_open_internet(address: str) -> None:
    assert is_public(address) is True


@pytest.mark.parametrize(
    "name", ["127.0.0.1", "::1", "[::1]", "fe80::1%eth0", "2130706433", "0x7f.1", "0177.0.0.1", "1"]
)
def test_numbers_are_known_in_every_form(name: str) -> None:
    assert is_address(name) is True


def test_names_are_no_numbers() -> None:
    assert is_address("api.statbank.dk") is False


@given(st.ip_addresses())
def test_what_is_public_is_never_private_however_it_is_written(address: ipaddress.IPv4Address) -> None:
    if is_public(str(address)):
        assert address.is_global
        inside = [address.is_private, address.is_multicast, address.is_loopback, address.is_link_local]
        assert not any(inside)


@given(st.ip_addresses(v=4))
def test_an_address_inside_another_counts_as_itself(address: ipaddress.IPv4Address) -> None:
    assert is_public(f"::ffff:{address}") is is_public(str(address))


@given(st.text(max_size=40))
def test_no_text_is_more_than_a_host_or_a_refusal(text: str) -> None:
    try:
        found = host_of(f"https://{text}")
    except NotAHost:
        return
    assert found.name.isascii()
    assert may_ask(f"https://{text}", ALLOWED) is (found in ALLOWED)
