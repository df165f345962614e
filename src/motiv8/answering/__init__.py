"""What an answer is made of: passages, a model or an engine without one, citations, tools, safety. Pure."""
