"""Receivers of messages as processes of their own: a mail server, and a web server that misbehaves as it is told."""
