"""What a person may still do today: pictures, uploads, exports and the coach's tokens."""
