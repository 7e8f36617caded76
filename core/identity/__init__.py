"""Identity (身份): who is calling, where they belong, what they may do, and what stays masked from them."""
