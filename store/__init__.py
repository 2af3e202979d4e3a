"""What we keep (留存): tables, blobs, shelf, journal, outbox."""
