"""Pure picture code: arrays in, arrays out. Knows nothing of keys, buckets, users or events."""
