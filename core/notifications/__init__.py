"""Notifications (通知): messages to single members, written in the transaction of what they tell of."""
