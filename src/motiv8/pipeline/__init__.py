"""What the state machines call: one file a step, and the two Lambda functions that hold them."""
