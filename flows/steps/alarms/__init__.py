"""Alarms (告警): what needs a person now, and the letters that say so."""
