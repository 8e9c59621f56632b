"""`manage.py migrate`: Django's, several times faster on an empty database.

While it migrates, Django keeps a class of every model. At each operation on a model it makes
its class anew, and those of all models that are related to it: here nearly all, for most refer to
accounts. That is most of the time that migrating takes. The commonest operations do not need
it: a new model makes one new class; a new field, constraint, index or trigger goes into the
class that is there. Everything else stays as Django does it, and so does the way back.
"""

from typing import Any

from django.core.management.commands import migrate
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState

#: Options that operations change item by item, and nothing else with them.
_LISTED_OPTIONS = ("constraints", "indexes", "triggers")


class QuickState(ProjectState):
    """The models between two operations; it changes their classes in place where it can.

    It then counts as delayed: code of a migration is shown classes made anew, as in Django.
    """

    def reload_model(self, app_label: str, model_name: str, delay: bool = False) -> None:
        """Bring the class of a model up to date with its state."""
        if "apps" in self.__dict__ and self._changed_in_place(app_label, model_name):
            self.is_delayed = True
        else:
            super().reload_model(app_label, model_name, delay)

    def _changed_in_place(self, app_label: str, model_name: str) -> bool:
        """Make a class that is missing, or add what it lacks; False if that was not all."""
        state = self.models[app_label, model_name]
        model = self.apps.all_models[app_label].get(model_name)
        if model is None:
            self.apps.render_multiple([state])
            return True
        meta = model._meta
        present = {field.name for field in (*meta.local_fields, *meta.local_many_to_many)}
        if present - state.fields.keys():
            return False
        added = [name for name in state.fields if name not in present]
        for name in added:
            model.add_to_class(name, state.fields[name].clone())
        # What the class was made from; the state replaces a list that changes.
        changed = [
            name
            for name in _LISTED_OPTIONS
            if meta.original_attrs.get(name) is not state.options.get(name)
        ]
        for name in changed:
            meta.original_attrs[name] = state.options[name]
            setattr(meta, name, [*state.options[name]])
        self.apps.clear_cache()
        return bool(added or changed)


class QuickExecutor(MigrationExecutor):
    """Runs migrations forwards on a `QuickState`."""

    def _migrate_all_forwards(self, state: ProjectState, *args: Any, **kwargs: Any) -> ProjectState:
        return super()._migrate_all_forwards(  # type: ignore[misc]
            QuickState(state.models, state.real_apps), *args, **kwargs
        )


# Django's command takes its executor from its own module, and offers no other way.
migrate.MigrationExecutor = QuickExecutor  # type: ignore[attr-defined]


class Command(migrate.Command):
    """Django's own, with the executor above."""
