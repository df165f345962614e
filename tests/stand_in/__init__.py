"""What stands in for a Docker engine and for Lambda's fleet where there is neither."""
