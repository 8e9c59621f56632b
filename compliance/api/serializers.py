"""Findings as JSON, in the shape of the command that prints them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from cadres.choices import Level
from compliance.choices import Confidence, Outcome, SubjectKind
from compliance.selectors import FoundFinding


class CitationSerializer(serializers.Serializer[Any]):
    """Where a figure is written."""

    source = serializers.CharField()  # type: ignore[assignment]
    at = serializers.CharField()
    confidence = serializers.ChoiceField(choices=Confidence.choices)


class WaiverSerializer(serializers.Serializer[Any]):
    """A waiver in force beside the finding, which stays what it is."""

    document = serializers.CharField()
    reason = serializers.CharField()
    until = serializers.DateField()


class FindingSerializer(serializers.Serializer[FoundFinding]):
    """The verdict of one rule on one subject. Context: `as_of`. What does not apply is null."""

    as_of = serializers.DateField()
    rule = serializers.CharField()
    subject = serializers.ChoiceField(choices=[(kind.code, kind.label) for kind in SubjectKind])
    unit = serializers.CharField(allow_null=True)
    unit_name = serializers.CharField(allow_null=True)
    level = serializers.ChoiceField(choices=Level.choices)
    term = serializers.CharField(allow_null=True)
    title = serializers.CharField(allow_null=True)
    cadre = serializers.CharField(allow_null=True)
    cadre_name = serializers.CharField(allow_null=True)
    year = serializers.IntegerField(allow_null=True)
    start_on = serializers.DateField(allow_null=True)
    outcome = serializers.ChoiceField(choices=[(each.code, each.label) for each in Outcome])
    measured = serializers.DictField()
    required = serializers.DictField()  # type: ignore[assignment]
    citations = CitationSerializer(many=True)
    message = serializers.CharField()
    since = serializers.DateField(allow_null=True)
    waiver = WaiverSerializer(allow_null=True)

    def to_representation(self, instance: FoundFinding) -> dict[str, Any]:
        """The finding's own JSON, with names, since when, and the waiver."""
        finding, waiver = instance.finding, instance.waiver
        return {
            **finding.as_json(self.context["as_of"]),
            "unit_name": finding.labels.unit_name,
            "cadre_name": finding.labels.cadre_name,
            "level": instance.level,
            "since": finding.since.isoformat() if finding.since else None,
            "waiver": {
                "document": waiver.document,
                "reason": waiver.reason,
                "until": waiver.until.isoformat(),
            }
            if waiver
            else None,
        }
