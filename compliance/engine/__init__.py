"""The engine: rules declared as data become set-based SQL.

`rule` what a rule declares · `source` who delivers the facts · `figures` the law for each unit ·
`standing` facts about cadres · `shared` those of everybody, once a run · `compose` pieces of SQL ·
`store` state, changes, snapshots · `findings` stored rows as findings that people read. Nothing
here asks for today.
"""
