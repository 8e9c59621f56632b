"""People and organisation: units, titles, positions, cadres, careers, access, exchange of data."""
