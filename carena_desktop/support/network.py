"""How hosts are reached by this start's policy, and the person's logins at proxies: put together once, for all uses."""

import sys

from carena_desktop.config import Config
from carena_desktop.network.choice import parse_choice
from carena_desktop.network.router import Router
from carena_desktop.session.credentials import KeyringCredentials
from carena_desktop.session.proxy_logins import ProxyLogins
from carena_desktop.ui.system_proxy import system_way


class Network:
    """The router, and where it finds a login."""

    def __init__(self, config: Config) -> None:
        self.credentials = KeyringCredentials()
        self.logins = ProxyLogins(self.credentials)
        self.router = Router(
            parse_choice(config.policies.text("Proxy")),
            login=self.logins.find,
            system=lambda host, port: system_way(sys.platform, host, port),
        )
