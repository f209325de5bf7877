"""A workplace's sign-in, for tests: an OpenID Connect provider in a process of its own.

    python tests/oidc_server.py PORT [NOW]

NOW, in seconds since 1970, is what its clock says when it starts: a suite that runs on another day takes it along.
Each first part of a path is an issuer with keys of its own: http://127.0.0.1:PORT/alfa and …/beta know nothing of each
other. It checks what a real one checks (client, secret, redirect address, PKCE, a code once) and signs with RS256.
POST /control {"issuer": "alfa", "claims": {…}, "fault": "…"} says who has signed in there, and what is wrong next.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import sys
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

CLIENT, SECRET = "tracker", "the-secret-of-the-test-client"


def new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Issuer:
    key: rsa.RSAPrivateKey = field(default_factory=new_key)
    claims: dict[str, Any] = field(default_factory=lambda: {"sub": "one"})
    fault: str = ""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: dict[str, dict[str, Any]] = field(default_factory=dict)


ISSUERS: dict[str, Issuer] = {}
CLOCK = {"ahead": 0.0}
STRANGER = new_key()


def issuer_of(name: str) -> Issuer:
    return ISSUERS.setdefault(name, Issuer())


def identity_token(issuer: Issuer, address: str, nonce: str) -> str:
    now = int(time.time() + CLOCK["ahead"])
    claims = {"iss": address, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce, **issuer.claims}
    key: Any = issuer.key
    algorithm, kid = "RS256", "first"
    match issuer.fault:
        case "nonce":
            claims["nonce"] = "another"
        case "no nonce":
            del claims["nonce"]
        case "other key":
            key = STRANGER
        case "unknown key":
            kid = "second"
        case "expired":
            claims |= {"iat": now - 900, "exp": now - 600}
        case "no expiry":
            del claims["exp"]
        case "audience":
            claims["aud"] = "somebody-else"
        case "several audiences":
            claims["aud"] = [CLIENT, "somebody-else"]
        case "authorized party":
            claims |= {"aud": [CLIENT, "somebody-else"], "azp": "somebody-else"}
        case "issuer":
            claims["iss"] = address + "-not"
        case "no subject":
            del claims["sub"]
        case "unsigned":
            return jwt.encode(claims, None, algorithm="none", headers={"kid": kid})
        case "our own secret":
            key, algorithm = SECRET + "-" * 32, "HS256"
    return jwt.encode(claims, key, algorithm=algorithm, headers={"kid": kid})


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass

    def answer(self, status: int, body: Any = None, **headers: str) -> None:
        raw = body if isinstance(body, bytes) else json.dumps(body if body is not None else {}).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(raw)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(raw)

    @property
    def where(self) -> tuple[str, str]:
        """Whose address it is, and what is asked for."""
        name, _, rest = urlsplit(self.path).path.lstrip("/").partition("/")
        return name, rest

    def address(self, name: str) -> str:
        return f"http://{self.headers['Host']}/{name}"

    def do_GET(self) -> None:
        name, rest = self.where
        issuer = issuer_of(name)
        if issuer.fault == "down":
            self.answer(503)
        elif rest == ".well-known/openid-configuration":
            self.answer(200, self.discovery(name, issuer))
        elif rest == "jwks" and issuer.fault == "keys down":
            self.answer(500)
        elif rest == "jwks":
            public = json.loads(RSAAlgorithm.to_jwk(issuer.key.public_key()))
            self.answer(200, {"keys": [{**public, "kid": "first", "use": "sig", "alg": "RS256"}]})
        elif rest == "authorize":
            self.authorize(name, issuer)
        elif rest == "userinfo":
            known = issuer.tokens.get(self.headers.get("Authorization", "").removeprefix("Bearer "))
            other = {"sub": "somebody-else"} if issuer.fault == "userinfo of another" else {}
            self.answer(200, {**known, **other}) if known else self.answer(401)
        else:
            self.answer(404)

    def discovery(self, name: str, issuer: Issuer) -> Any:
        here = self.address(name)
        if issuer.fault == "discovery is a page":
            return "<html>"
        found = {
            "issuer": here + ("-not" if issuer.fault == "discovery of another" else ""),
            "authorization_endpoint": f"{here}/authorize",
            "token_endpoint": f"{here}/token",
            "jwks_uri": f"{here}/jwks",
            "userinfo_endpoint": f"{here}/userinfo",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }
        if issuer.fault == "discovery without keys":
            del found["jwks_uri"]
        return found

    def authorize(self, name: str, issuer: Issuer) -> None:
        asked = {key: value[0] for key, value in parse_qs(urlsplit(self.path).query).items()}
        wrong = [
            key
            for key, right in {"client_id": CLIENT, "response_type": "code", "code_challenge_method": "S256"}.items()
            if asked.get(key) != right
        ]
        if wrong or not asked.get("state") or not asked.get("nonce") or "openid" not in asked.get("scope", ""):
            self.answer(400, {"error": "invalid_request", "wrong": wrong})
            return
        if issuer.fault == "cancelled":
            back = {"error": "access_denied", "state": asked["state"]}
        else:
            code = secrets.token_urlsafe(16)
            issuer.codes[code] = asked
            back = {"code": code, "state": asked["state"]}
        self.answer(302, Location=f"{asked['redirect_uri']}?{urlencode(back)}")

    def do_POST(self) -> None:
        name, rest = self.where
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        if name == "control":
            said = json.loads(raw)
            issuer = issuer_of(said["issuer"])
            issuer.claims, issuer.fault = said.get("claims", issuer.claims), said.get("fault", "")
            self.answer(200)
        elif rest == "token":
            self.token(name, {key: value[0] for key, value in parse_qs(raw).items()})
        else:
            self.answer(404)

    def token(self, name: str, form: dict[str, str]) -> None:
        issuer = issuer_of(name)
        if issuer.fault in {"down", "token down"}:
            self.answer(503)
            return
        asked = issuer.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        honest = (
            asked is not None
            and form.get("client_id") == CLIENT
            and form.get("client_secret") == SECRET
            and form.get("redirect_uri") == asked["redirect_uri"]
            and challenge == asked["code_challenge"]
        )
        if asked is None or not honest:
            self.answer(400, {"error": "invalid_grant"})
            return
        token = secrets.token_urlsafe(16)
        issuer.tokens[token] = dict(issuer.claims)
        answer = {"access_token": token, "token_type": "Bearer", "expires_in": 300}
        if issuer.fault != "no identity token":
            answer["id_token"] = identity_token(issuer, self.address(name), asked["nonce"])
        if issuer.fault == "half a token":
            answer["id_token"] = answer["id_token"][:40]
        self.answer(200, answer)


if __name__ == "__main__":
    if sys.argv[2:]:
        CLOCK["ahead"] = float(sys.argv[2]) - time.time()
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
