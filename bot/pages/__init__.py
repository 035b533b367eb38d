"""Pages to read on a phone or on paper: HTML files that need no server, no script and nothing from elsewhere.

Only here jinja2. Everything that is put into a page is escaped, and a name that a template does not know is an error.
"""
