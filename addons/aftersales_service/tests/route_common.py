import json
from urllib.parse import quote

from odoo import http
from odoo.http import Request

# what strangers send: NUL, half a character, not ASCII, endless, no number
NASTY = (
    "\0a",
    "\ud800",
    "王小明·²",
    "x" * 30_000,
    "²",
    str(10**30),
    "0001-01-01",
    "0001-01-01T00:00",
    "9999-12-31",
    "9999-12-31T23:59",
    "[]",
)
NASTY_JSON = (None, 10**30, 1.5, ["x"], {"a": 1}, "\0", "\ud800", "王小明")
BODIES = ("", "{", "[]", "7", "null", '{"params": []}', '{"params": 7}', "[" * 9000)
PARAMETERS = ("access_token", "report_type", "page", "self", "ref", "month")


class RouteWalk:
    """Every route of an addon with everything nasty; mixed into an HttpCase."""

    def get_routes(self, addon):
        """The routes that an addon defines: (path, endpoint)."""
        module = f"odoo.addons.{addon}."
        rules = http._generate_routing_rules(
            sorted(self.env.registry._init_modules), nodb_only=False
        )
        return [
            (path, endpoint)
            for path, endpoint in rules
            if endpoint.__module__.startswith(module)
            and endpoint.original_routing.get("routes")
        ]

    def fill(self, path, number, text):
        """The address of a route with these values in it."""
        parts = []
        for part in path.split("/"):
            if part.startswith("<int:"):
                part = str(number)
            elif part.startswith("<any("):
                part = part[5:].partition(",")[0]
            elif part.startswith("<"):
                part = quote(text.encode("utf-8", "surrogatepass")[:2000], safe="")
            parts.append(part)
        return "/".join(parts)

    def get_names(self, endpoint):
        """The parameters that a route takes, and some that it doesn't."""
        code = endpoint.original_endpoint.__code__
        names = code.co_varnames[1 : code.co_argcount]
        return tuple(dict.fromkeys((*names, *PARAMETERS)))

    def walk(self, addon, record_id, token):
        """Ask every route in many wrong ways.

        :param record_id: number that fills addresses; a real one leads further in
        :param token: the right token of it
        :return: list of what ended as a fault of the program
        """
        faults = []
        for path, endpoint in self.get_routes(addon):
            if endpoint.routing["type"] == "jsonrpc":
                faults += self.walk_json(path, endpoint, record_id, token)
            else:
                faults += self.walk_http(path, endpoint, record_id, token)
        return faults

    def walk_http(self, path, endpoint, record_id, token):
        names = self.get_names(endpoint)
        for count, text in enumerate(NASTY):
            number = 10**30 if count % 4 == 3 else record_id
            values = dict.fromkeys(names, text)
            if number == record_id:
                values["access_token"] = token
            address = self.fill(path, number, text)
            for method in endpoint.routing["methods"] or ["GET", "POST"]:
                files = not count and names[:3]  # once: files where text is due
                status = self.send(address, method, values, files)
                if status >= 500:
                    yield (method, path, number, text[:20], status)

    def send(self, address, method, values, files):
        """Status of one request; with files under these names besides."""
        values = {
            name: text.encode("utf-8", "surrogatepass") for name, text in values.items()
        }
        if method == "GET":
            pairs = (f"{name}={quote(text[:2000])}" for name, text in values.items())
            address += "?" + "&".join(pairs)
            return self.url_open(address, allow_redirects=False).status_code
        values["csrf_token"] = Request.csrf_token(self)
        files = {name: ("x.xlsx", b"PK") for name in files or ()}
        values = {name: text for name, text in values.items() if name not in files}
        answer = self.url_open(address, values, files=files, allow_redirects=False)
        return answer.status_code

    def walk_json(self, path, endpoint, record_id, token):
        headers = {"Content-Type": "application/json"}
        names = self.get_names(endpoint)
        bodies = list(BODIES)
        for value in NASTY_JSON:
            params = dict.fromkeys(names, value) | {"access_token": token}
            bodies.append(json.dumps({"params": params}))
        bodies.append(json.dumps({"params": dict.fromkeys(names, "王小明")}))
        for body in bodies:
            for number in (record_id, 10**30):
                address = self.fill(path, number, "x")
                answer = self.url_open(address, body, headers=headers)
                if answer.status_code >= 500 or "Odoo Server Error" in answer.text:
                    yield ("JSON", path, number, body[:60], answer.text[:80])
