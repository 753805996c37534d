"""The visit: asking for devices, the pictures, the controls, the chat."""
