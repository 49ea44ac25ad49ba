"""A mail server for tests, of Debian's python3-aiosmtpd: on loopback, with a folder of its own.

It signs in `hygie` with `Iris et Lys 7!`, knows whom `*@cabinet.example` is, keeps letters as files, and notes each
command that came. It prints its port, and ends when its input does.
"""

import asyncio
import json
import pathlib
import ssl
import sys

from aiosmtpd.smtp import AuthResult, LoginPassword, SMTP

FOLDER, MODE = pathlib.Path(sys.argv[1]), sys.argv[2]
LOG = FOLDER / "commands"


def note(word):
    with LOG.open("a") as log:
        log.write(word + "\n")


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if not address.endswith("@cabinet.example") or address.startswith("nobody@"):
            return "550 5.1.1 no such person"
        if address.startswith("later@"):
            return "451 4.7.1 come again"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_MAIL(self, server, session, envelope, address, options):
        if not address.endswith("@cabinet.example"):
            return "553 5.7.1 not yours"
        envelope.mail_from = address
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if b"XPOLICYX" in envelope.content:
            return "554 5.7.1 not wanted"
        number = len(list(FOLDER.glob("*.eml")))
        (FOLDER / f"{number}.eml").write_bytes(envelope.content)
        (FOLDER / f"{number}.json").write_text(
            json.dumps(
                {
                    "from": envelope.mail_from,
                    "to": envelope.rcpt_tos,
                    "private": session.ssl is not None or MODE.startswith("tls"),
                }
            )
        )
        return "250 OK"


class Server(SMTP):
    def connection_made(self, transport):
        note("connected")
        super().connection_made(transport)

    async def smtp_EHLO(self, hostname):
        note(f"EHLO {hostname}")
        await super().smtp_EHLO(hostname)

    async def smtp_STARTTLS(self, arg):
        note("STARTTLS")
        await super().smtp_STARTTLS(arg)

    async def smtp_AUTH(self, arg):
        note("AUTH")
        await super().smtp_AUTH(arg)

    async def smtp_MAIL(self, arg):
        note("MAIL")
        await super().smtp_MAIL(arg)

    async def smtp_DATA(self, arg):
        note("DATA")
        await super().smtp_DATA(arg)


def known(server, session, envelope, mechanism, data):
    good = LoginPassword(b"hygie", "Iris et Lys 7!".encode())
    if isinstance(data, LoginPassword) and data == good:
        return AuthResult(success=True)
    return AuthResult(success=False, handled=False)


async def main():
    loop = asyncio.get_running_loop()
    context = None
    if MODE != "plain":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(FOLDER / "chain.pem", FOLDER / "key.pem")

    def serve():
        return Server(
            Handler(),
            hostname="smtp.cabinet.example",
            tls_context=context if MODE == "start_tls" else None,
            require_starttls=MODE == "start_tls",
            auth_required=MODE in ("tls", "start_tls"),
            auth_require_tls=MODE == "start_tls",
            authenticator=known,
            auth_exclude_mechanism=["PLAIN"] if MODE == "tls" else None,
        )

    server = await loop.create_server(
        serve, "127.0.0.1", 0, ssl=context if MODE.startswith("tls") else None
    )
    LOG.touch()
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


asyncio.run(main())
