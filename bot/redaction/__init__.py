"""What is taken out of a question before it may be kept: everything that is not known to be an ordinary word."""
