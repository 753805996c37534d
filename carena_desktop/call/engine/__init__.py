"""The media engine: aiortc, av and the devices, in a process of its own behind ``carena_desktop.call.ports``."""
