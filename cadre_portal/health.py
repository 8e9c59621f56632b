"""`/healthz/`: whether the database answers; for load balancers, without sign-in."""

from django.contrib.auth.decorators import login_not_required
from django.utils.decorators import method_decorator
from health_check.views import HealthCheckView


@method_decorator(login_not_required, name="dispatch")
class HealthView(HealthCheckView):
    """Answers 200 or 500; says nothing about people or configuration."""

    checks = ("health_check.checks.Database",)
