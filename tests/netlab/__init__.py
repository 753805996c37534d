"""Calls through network namespaces with loss, delay, narrow links, address translation and firewalls."""
