"""The setting FIGURE_HOSTS: whom figures may be fetched from."""

from django.core.exceptions import ImproperlyConfigured

from sundhedsaftale.lib.hosts import Host, NotAHost, read_hosts


def figure_hosts(text: str, *, itself_too: bool) -> tuple[Host, ...]:
    """The hosts of the list. itself_too: an entry for this machine is let through, in development and in tests.

    Raises ImproperlyConfigured, with a sentence that says what to do.
    """
    try:
        hosts = read_hosts(text)
    except NotAHost as error:
        raise ImproperlyConfigured(f"FIGURE_HOSTS cannot be used. {error} It is explained in .env.example.") from error
    if not itself_too and any(host.is_loopback for host in hosts):
        raise ImproperlyConfigured(
            "FIGURE_HOSTS lists this machine itself, which is for development and tests only: the definition of a source "
            "could then reach what listens behind the firewall. Take the http:// entry out."
        )
    return hosts
