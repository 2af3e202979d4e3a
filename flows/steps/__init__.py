"""Plain use cases (办理步骤): functions that a test calls without Prefect."""
