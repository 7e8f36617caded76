"""Calendar feeds (日历订阅): what a member may see, in the calendar of their own choice, by a secret address."""
