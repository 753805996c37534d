"""The media engine: peer connections, codecs, devices. Nothing outside this package knows aiortc, av or a device."""
