"""The dossier (案卷): all that is known of one submission, as pure values.

This is the only room of the store that rules, letters and attribution may know. It imports no table and no session.
"""
