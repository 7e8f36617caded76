"""可信文档 (trusted documents): the operations that a tenant's front ends have registered, and whether others are executed."""
