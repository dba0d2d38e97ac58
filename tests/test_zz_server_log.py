"""Runs last: what the server logged while the other tests worked."""


def test_zz_server_log_is_clean(server):
    """No warning or error comes from working with the addons."""
    assert server.complaints() == []
