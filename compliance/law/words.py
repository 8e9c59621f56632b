"""Vietnamese words shown beside law data. Those of confidences and levels are in the choices."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

GROUP_WORDS: dict[str, Promise] = {
    "planning": _("Quy hoạch"),
    "rotation": _("Luân chuyển"),
    "evaluation": _("Đánh giá"),
    "appointment": _("Bổ nhiệm"),
    "inspection": _("Kiểm tra"),
    "approval": _("Phê duyệt"),
    "retirement": _("Nghỉ hưu"),
}

UNIT_WORDS: dict[str, Promise] = {
    "percent": _("%"),
    "years": _("năm"),
    "months": _("tháng"),
    "people": _("người"),
    "titles": _("chức danh"),
    "terms": _("nhiệm kỳ"),
    "days": _("ngày"),
    "working_days": _("ngày làm việc"),
    "thirds": _("phần ba"),
}

NO_VALUE = _("chưa có căn cứ")
