"""The curated files: read, checked and signed. Only here and nowhere else is YAML."""
