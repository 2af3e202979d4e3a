"""Lists (名单): titles, members and bodies from the office's tables, and the quotas in them."""
