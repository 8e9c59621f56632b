"""The exchange workbook: sheets declared as data, read, checked, written and exported set-based.

Nothing here knows about requests, accounts or jobs. Rooms above register their own sheets
(`<app>/sheets.py`, loaded when the apps are ready); this package imports none of them.
"""
