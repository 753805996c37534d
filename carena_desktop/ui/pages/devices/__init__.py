"""The check of camera, microphone and speaker."""
