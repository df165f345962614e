"""What AWS calls: a file for each function, and one for the Batch job. Each reads its event and calls the rules."""
