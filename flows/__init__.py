"""What we do (办理): polls, examinations, letters, digests, and the desk."""
