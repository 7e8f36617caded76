"""限速 (rate limits): how much one client may ask of one process in a minute."""
