"""The steps by which the schema grew (数据库变更)."""
