"""What form 2C/TCTW-98 says of people, for any number of them in a few queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cadres.models import Appointment, Biography, Cadre, Discipline, Training, Unit
from cadres.policies import Actor
from cadres.selectors.cadres import cadres_visible, sensitive_scope


@dataclass(frozen=True, kw_only=True)
class Form2C:
    """One person's data for the form; `disciplines` is None where the actor may not know.

    `names`: path -> name of the units of all posts and of the units above them.
    """

    cadre: Cadre
    biography: Biography
    posts: list[Appointment]
    trainings: list[Training]
    disciplines: list[Discipline] | None
    names: Mapping[str, str]

    @property
    def is_sensitive_shown(self) -> bool:
        """Whether the sensitive items may be printed for the actor."""
        return self.disciplines is not None


def forms_2c(actor: Actor, codes: Sequence[str]) -> list[Form2C]:
    """The people with these codes whom the actor may see, in Vietnamese order; six queries."""
    people = list(
        cadres_visible(actor)
        .filter(code__in=codes)
        .annotate(sees_sensitive=sensitive_scope(actor))
        .select_related("native_unit")
    )
    ids = [cadre.pk for cadre in people]
    biographies = Biography.objects.in_bulk(ids)
    posts: defaultdict[int, list[Appointment]] = defaultdict(list)
    for post in (
        Appointment.objects.filter(cadre__in=ids)
        .select_related("title", "unit")
        .order_by("start_on", "-title__rank", "title__code", "unit__code")
    ):
        posts[post.cadre_id].append(post)
    trainings: defaultdict[int, list[Training]] = defaultdict(list)
    for course in Training.objects.filter(cadre__in=ids).order_by("start_on", "end_on", "pk"):
        trainings[course.cadre_id].append(course)
    disciplines: defaultdict[int, list[Discipline]] = defaultdict(list)
    known = [cadre.pk for cadre in people if cadre.sees_sensitive]
    for discipline in Discipline.objects.filter(cadre__in=known).order_by("decided_on", "pk"):
        disciplines[discipline.cadre_id].append(discipline)
    names = _names_above(post.unit.path for held in posts.values() for post in held)
    return [
        Form2C(
            cadre=cadre,
            biography=biographies.get(cadre.pk) or Biography(cadre=cadre),
            posts=posts[cadre.pk],
            trainings=trainings[cadre.pk],
            disciplines=disciplines[cadre.pk] if cadre.sees_sensitive else None,
            names=names,
        )
        for cadre in people
    ]


def _names_above(paths: Iterable[str]) -> dict[str, str]:
    step = Unit.steplen
    wanted = {path[:end] for path in paths for end in range(step, len(path) + 1, step)}
    return dict(Unit.objects.filter(path__in=wanted).values_list("path", "name"))
