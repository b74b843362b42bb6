"""The short answer inside the sentences: what the encoder reads, and how sure it is."""
