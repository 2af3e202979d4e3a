"""The desk (经办): every staff operation, as one form and one function; the command line and the UI call the same."""
