"""What the team runs and no image carries: the `motiv8` command, deployment, the local stack, the import."""
