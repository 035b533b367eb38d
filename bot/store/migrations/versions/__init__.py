"""One file a step; never change one that is out."""
