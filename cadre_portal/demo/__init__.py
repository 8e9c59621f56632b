"""The demonstration: a synthetic province with the real structure of Cao Bằng.

Units carry their real names and official codes; every person, career, grade, discipline, plan,
target and decision number is invented by a seeded generator. `country` makes the large data sets
of the benchmarks.
"""
