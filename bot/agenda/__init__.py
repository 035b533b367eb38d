"""Where parents meet and when: places, meetings, their dates, what is nearest, and calendars.

The only room that knows dateutil, icalendar, recurring-ical-events, holidays and openpyxl. Pure values and functions:
no network, no database; files are read in ``load`` and ``spreadsheet`` and nowhere else.
"""
