"""`python -m benchmarks`: all tables, one after the other."""

from benchmarks import cold_start, daily_plan, studio, warm_request

for measurement in (cold_start, warm_request, studio, daily_plan):
    measurement.main()
