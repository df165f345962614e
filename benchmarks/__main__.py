"""`python -m benchmarks`: the tables of pictures and of the plan; those of the API have an environment of their own."""

from benchmarks import daily_plan, studio

for measurement in (studio, daily_plan):
    measurement.main()
