"""Clients of both protocols, called alike: ``call(model, method, ids, …)``."""

import json
import urllib.error
import urllib.request
import xmlrpc.client


class Refused(Exception):
    """The server refused a call; ``status`` is the HTTP status over JSON-2."""

    def __init__(self, message, status=None):
        super().__init__(message)
        self.status = status


class XmlRpc:
    """One user over XML-RPC."""

    def __init__(self, server, login):
        self.server, self.password = server, login
        common = xmlrpc.client.ServerProxy(f"{server.url}/xmlrpc/2/common")
        self.uid = common.authenticate(server.database, login, login, {})
        assert self.uid, f"{login} can't log in"
        self.models = xmlrpc.client.ServerProxy(f"{server.url}/xmlrpc/2/object")

    def call(self, model, method, ids=None, **kwargs):
        """Call a public method; ``ids`` are the records it acts on."""
        arguments = [] if ids is None else [ids]
        if "vals_list" in kwargs:  # XML-RPC wants the values of create in place
            arguments.append(kwargs.pop("vals_list"))
        try:
            return self.models.execute_kw(
                self.server.database,
                self.uid,
                self.password,
                model,
                method,
                arguments,
                kwargs,
            )
        except xmlrpc.client.Fault as fault:
            # Core methods may return None, which XML-RPC can't carry; ours may not
            if "cannot marshal None" in fault.faultString and "aftersales" not in model:
                return None
            raise Refused(fault.faultString) from fault


class Json2:
    """One user over JSON-2, with an API key."""

    def __init__(self, server, login):
        self.server, self.key = server, server.keys[login]

    def call(self, model, method, ids=None, **kwargs):
        """Call a public method; ``ids`` are the records it acts on."""
        body = kwargs | ({} if ids is None else {"ids": ids})
        request = urllib.request.Request(
            f"{self.server.url}/json/2/{model}/{method}",
            data=json.dumps(body).encode(),
            headers={
                "Authorization": f"bearer {self.key}",
                "Content-Type": "application/json",
                "X-Odoo-Database": self.server.database,
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            detail = json.loads(error.read() or b"{}")
            raise Refused(detail.get("message", str(error)), error.code) from error


PROTOCOLS = {"xmlrpc": XmlRpc, "json2": Json2}
