"""What the notice asks and where we run (征集要求与运行设置)."""
