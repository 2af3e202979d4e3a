"""Rules (规则), one a file: each looks at a dossier and returns findings; none raises, sends or stores."""
