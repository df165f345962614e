"""Conversations with the coach."""
