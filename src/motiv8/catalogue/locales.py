"""The language that dates are written in where nobody chose one."""

DEFAULT_LOCALE = "en-GB"
