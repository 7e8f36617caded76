"""Demonstration data (演示数据): invented cases of two real cities, and one person a role. For `yingsu dev`, never for production."""
