"""`migrate` changes the classes of models in place; they have to say what new ones would."""

from typing import Any

from django.db import models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import StateApps

from cadre_portal.management.commands.migrate import QuickState


def test_classes_changed_in_place_are_those_made_anew() -> None:
    """After all migrations: fields and columns, relations both ways, constraints, triggers."""
    loader = MigrationLoader(None)
    state = QuickState(real_apps=loader.unmigrated_apps)
    changed_in_place = state.apps
    for node in loader.graph._generate_plan(loader.graph.leaf_nodes(), at_end=True):
        loader.graph.nodes[node].mutate_state(state, preserve=False)
    assert state.apps is changed_in_place
    anew = StateApps(state.real_apps, state.models)
    assert _described(changed_in_place) == _described(anew)


def _described(registry: StateApps) -> dict[str, Any]:
    return {model._meta.label: _description(model) for model in registry.get_models()}


def _description(model: type[models.Model]) -> dict[str, Any]:
    meta = model._meta
    return {
        "table": meta.db_table,
        "fields": {
            field.name: (type(field), field.column, field.null) for field in meta.local_fields
        },
        "many to many": {
            field.name: field.remote_field.through._meta.label for field in meta.local_many_to_many
        },
        "forwards": {
            field.name: field.related_model._meta.label
            for field in meta.fields
            if field.is_relation
        },
        "backwards": {
            (relation.related_model._meta.label, relation.field.name)
            for relation in meta.related_objects
        },
        "constraints": meta.constraints,
        "indexes": meta.indexes,
        "triggers": getattr(meta, "triggers", []),
    }
