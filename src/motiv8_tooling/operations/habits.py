"""What people do, and how large what they leave behind is: the assumptions of `motiv8 cost` and `motiv8 doctor`."""

from __future__ import annotations

# Measured where a file can be weighed, else assumed.
REQUESTS_A_DAY = 6
"""Calls of the API by one person on an average day: opening the app once or twice."""
SELFIES_A_MONTH = 0.2
SEARCHES_A_DAY = 0.5
"""Questions to the library; the API's function waits for the answer."""
ANSWERS_A_DAY = 0.2
"""Questions to the coach."""
ANSWER_TOKENS = {"input": 3_000, "output": 250}
"""The rules with the tools, five passages and some conversation; and a few sentences."""
ANSWER_WRITES = {"quoted": 42, "written": 180}
"""Units: two for each item in a transaction, of which there are the question, the end and each piece of the text."""
ANSWER_READS = 20
MAIL_SHARE = 0.8
DOWNLOADS_A_PORTRAIT = 2
PICTURE_MB = 0.292 + 0.034
"""JPEG and thumbnail of a portrait: 292 kB and 34 kB with the sample photo."""
MAIL_MB = 0.292 * 4 / 3
SHEET_MB = 0.2
"""A week's pictures on one sheet: 174 kB with three, 222 kB with five."""
DOWNLOAD_MB = 0.292
FACE_MB, UPLOAD_MB, UPLOAD_DAYS = 0.3, 4.0, 7
ROWS_KB_A_USER, ROW_KB_A_PORTRAIT = 1.0, 0.6
LOG_KB = {"request": 0.8, "step": 1.3}
MONTHS_KEPT = 12
"""Pictures are kept until they are deleted: the bill is that of an account of this age."""
TRACED_SHARE = 0.05
