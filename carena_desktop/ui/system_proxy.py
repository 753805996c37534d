"""What Windows and macOS say about proxies, by Qt, their configuration scripts included. May block: called in a thread.

On Linux Qt knows the environment only; there ``carena_desktop.network.system`` is asked.
"""

from PySide6.QtCore import QUrl
from PySide6.QtNetwork import QNetworkProxy, QNetworkProxyFactory, QNetworkProxyQuery

from carena_desktop.network.choice import Proxy, ProxyChoice
from carena_desktop.network.route import Candidates
from carena_desktop.network.system import linux_choice


def system_way(platform: str, host: str, port: int) -> Candidates | ProxyChoice:
    """Return how the system reaches a host: ways in order, or what its settings are.

    Args:
        platform: ``sys.platform``.
        host: Whom.
        port: Where.
    """
    if platform not in {"win32", "darwin"}:
        return linux_choice(host)
    url = QUrl(f"https://{f'[{host}]' if ':' in host else host}:{port}/")
    found = QNetworkProxyFactory.systemProxyForQuery(QNetworkProxyQuery(url))
    return tuple(dict.fromkeys(way for proxy in found for way in _way(proxy))) or (None,)


def _way(proxy: QNetworkProxy) -> Candidates:
    kind = proxy.type()
    if kind is QNetworkProxy.ProxyType.NoProxy:
        return (None,)
    if kind in {QNetworkProxy.ProxyType.HttpProxy, QNetworkProxy.ProxyType.HttpCachingProxy}:
        return (Proxy(proxy.hostName(), proxy.port()),)
    return ()
