"""Filing (归档): one stored mail read, attributed, and filed in one transaction."""
