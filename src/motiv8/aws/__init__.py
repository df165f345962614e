"""Clients, tables, object storage and mail: settings-driven, made once, at first use."""
