"""The photo of a person: presigned upload, status, replacement, deletion."""
