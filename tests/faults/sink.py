"""A mail server on loopback that keeps what it accepts and does, at a step of its choice, what a real one may do too.

    sink.at(Step.RCPT, reply="451 later")              once; times=3 for three mails
    sink.at(Step.DOT, then=DROP, to="a@example.dk")    the mail to a@example.dk only
    sink.at(Step.DOT, do=worker.kill)                  the moment the server has the mail, and before it answers

A mail is accepted at its last dot unless the reply there says otherwise: an answer that never reaches the other side,
because the line drops or the other side is dead, does not undo that. `take=False` makes the server forget it first.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from enum import StrEnum
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # what aiosmtpd says of lines that break

DROP, STALL = "drop", "stall"


class Step(StrEnum):
    """How far a mail has come when the server acts."""

    CONNECT = "connect"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    HALF = "half"  # a part of the mail has been read, and the dot has not
    DOT = "dot"


@dataclass
class Deed:
    at: Step
    reply: str = ""
    do: Callable[[], object] | None = None
    then: str = ""
    to: str = ""
    take: bool = True
    times: int = 1


@dataclass
class Accepted:
    to: str
    message: EmailMessage

    @property
    def id(self) -> str:
        return str(self.message["Message-ID"])

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def text(self) -> str:
        part = self.message.get_body(("plain",))
        assert part is not None
        return str(part.get_content())


@dataclass
class Sink:
    """What the server has accepted, what it saw, and what it will do."""

    port: int = 0
    accepted: list[Accepted] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)
    deeds: list[Deed] = field(default_factory=list)

    def at(self, step: Step, **how: Any) -> Deed:
        deed = Deed(step, **how)
        self.deeds.append(deed)
        return deed

    def ids(self) -> Counter[str]:
        return Counter(mail.id for mail in self.accepted)

    def next_deed(self, step: Step, to: str) -> Deed | None:
        for deed in self.deeds:
            if deed.at is step and deed.to in ("", to):
                deed.times -= 1
                if deed.times == 0:
                    self.deeds.remove(deed)
                return deed
        return None


class Server(SMTP):
    """aiosmtpd, stopped at each step to look whether something is to be done there."""

    sink: Sink

    def _to(self) -> str:
        return (self.envelope.rcpt_tos or [""])[0] if self.envelope else ""

    async def _met(self, step: Step, to: str = "") -> bool:
        """True when the step has been dealt with here."""
        self.sink.seen[step] += 1
        deed = self.sink.next_deed(step, to)
        return deed is not None and await self._done(deed)

    async def _done(self, deed: Deed) -> bool:
        if deed.do:
            deed.do()
        if deed.reply:
            await self.push(deed.reply)
        if deed.then == STALL:
            await asyncio.sleep(3600)
        if deed.then == DROP:
            self.transport.abort()
        return bool(deed.reply or deed.then)

    async def _handle_client(self) -> None:
        if await self._met(Step.CONNECT):
            self.transport.close()
            return
        await super()._handle_client()

    async def smtp_MAIL(self, arg: str) -> None:
        if not await self._met(Step.MAIL):
            await super().smtp_MAIL(arg)

    async def smtp_RCPT(self, arg: str) -> None:
        if not await self._met(Step.RCPT, arg.partition("<")[2].partition(">")[0]):
            await super().smtp_RCPT(arg)

    async def smtp_DATA(self, arg: str) -> None:
        if await self._met(Step.DATA, self._to()):
            return
        half = self.sink.next_deed(Step.HALF, self._to())
        if half is None:
            await super().smtp_DATA(arg)
            return
        await self.push("354 go on")
        await self._reader.readexactly(100)
        await self._done(half)

    async def keep(self, envelope: Any) -> str:
        """The whole mail is here. Returns the answer."""
        self.sink.seen[Step.DOT] += 1
        deed = self.sink.next_deed(Step.DOT, envelope.rcpt_tos[0])
        reply = deed.reply if deed and deed.reply else "250 OK"
        if reply.startswith("2") and (deed is None or deed.take):
            message = message_from_bytes(envelope.content, policy=policy.default)
            self.sink.accepted.append(Accepted(envelope.rcpt_tos[0], message))
        if deed:
            if deed.do:
                deed.do()
            if deed.then == STALL:
                await asyncio.sleep(3600)
            if deed.then == DROP:
                self.transport.abort()
        return reply


class Handler:
    async def handle_DATA(self, server: Server, session: Any, envelope: Any) -> str:
        return await server.keep(envelope)


class SinkController(Controller):
    def __init__(self, sink: Sink, **options: Any) -> None:
        self.sink = sink
        self.options = options
        self.lines: list[Server] = []
        super().__init__(Handler(), hostname="127.0.0.1", port=sink.port)

    def factory(self) -> Server:
        server = Server(self.handler, hostname="sink.example.dk", **self.options)
        server.sink = self.sink
        self.lines.append(server)
        return server

    def hang_up(self) -> None:
        """Every line, also those that are kept waiting."""

        def close() -> None:
            for server in self.lines:
                if server.transport is not None:
                    server.transport.abort()

        self.loop.call_soon_threadsafe(close)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def listening(sink: Sink, **options: Any) -> Iterator[Sink]:
    """The server answers while this lasts, on `sink.port` or on a free one."""
    sink.port = sink.port or free_port()
    controller = SinkController(sink, **options)
    controller.start()
    sink.seen.clear()  # the controller's own first call
    try:
        yield sink
    finally:
        controller.hang_up()
        controller.stop()
