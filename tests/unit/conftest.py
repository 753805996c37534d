"""Unit tests hold logic, not speed: property tests must not fail because the machine was busy."""

from hypothesis import HealthCheck, settings

settings.register_profile("carena", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("carena")
