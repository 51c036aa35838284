"""The graph schema: MediaPipe's text and wire format in a descriptor pool of our own."""
