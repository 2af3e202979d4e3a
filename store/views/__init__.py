"""Views (视图): rows put together for the register, the pages, the shelf and the desk. Nothing is written here."""
