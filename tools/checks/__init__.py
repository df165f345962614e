"""What is read from the code itself, for the tests that hold the project to it."""
