"""What the sender sent (来件内容): pure readers that never raise, and see no clock, network or database."""
