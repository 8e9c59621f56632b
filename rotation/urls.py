"""URLs of `rotation`."""

from django.urls import URLPattern, URLResolver, path

from rotation.views import (
    effects,
    exports,
    needs,
    overview,
    plans,
    process,
    proposals,
    statistics,
    timeline,
    together,
)

app_name = "rotation"

_ONE = "luan-chuyen/<int:pk>/"
_YEAR = "luan-chuyen/ke-hoach/<int:year>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("luan-chuyen/", overview.rotation_list, name="rotation-list"),
    path("luan-chuyen/nhu-cau/", needs.need_list, name="need-list"),
    path("luan-chuyen/nhu-cau/xuat/", needs.need_export, name="need-export"),
    path("luan-chuyen/thoi-gian/", timeline.timeline, name="timeline"),
    path("luan-chuyen/danh-sach/", process.rotation_table, name="rotation-table"),
    path("luan-chuyen/de-xuat/", process.rotation_propose, name="rotation-propose"),
    path("luan-chuyen/y-kien/", together.rotations_hear, name="hear"),
    path("luan-chuyen/trinh/", together.rotations_submit, name="submit"),
    path("luan-chuyen/quyet-dinh/", together.rotations_decide, name="decide"),
    path(_ONE, process.rotation_detail, name="rotation-detail"),
    path(f"{_ONE}sua/", process.rotation_change, name="rotation-change"),
    path(f"{_ONE}y-kien/<str:side>/", process.rotation_opinion, name="rotation-opinion"),
    path(f"{_ONE}cho-phep/<str:check>/", process.rotation_waiver, name="rotation-waiver"),
    path(
        f"{_ONE}cho-phep/<str:check>/bo/",
        process.rotation_waiver_drop,
        name="rotation-waiver-drop",
    ),
    path(f"{_ONE}trinh/", process.rotation_submit, name="rotation-submit"),
    path(f"{_ONE}rut/", process.rotation_take_back, name="rotation-take-back"),
    path(f"{_ONE}phe-duyet/", process.rotation_approve, name="rotation-approve"),
    path(f"{_ONE}tra-lai/", process.rotation_return, name="rotation-return"),
    path(f"{_ONE}tu-choi/", process.rotation_decline, name="rotation-decline"),
    path(f"{_ONE}huy/", process.rotation_cancel, name="rotation-cancel"),
    path(f"{_ONE}thuc-hien/", process.rotation_begin, name="rotation-begin"),
    path(f"{_ONE}bo-sung/", process.rotation_complete, name="rotation-complete"),
    path(f"{_ONE}keo-dai/", process.rotation_extend, name="rotation-extend"),
    path(f"{_ONE}ket-thuc/", process.rotation_end, name="rotation-end"),
    path(f"{_ONE}ket-thuc/bo/", process.rotation_end_undo, name="rotation-end-undo"),
    path(f"{_ONE}nhan-xet/", process.rotation_report, name="rotation-report"),
    path("luan-chuyen/thong-ke/", statistics.statistics, name="statistics"),
    path("luan-chuyen/xuat/danh-sach/", exports.export_list, name="export-list"),
    path("luan-chuyen/xuat/tong-hop/", exports.export_results, name="export-results"),
    path("luan-chuyen/xuat/ke-hoach/<int:year>/", exports.export_plan, name="export-plan"),
    path(
        "luan-chuyen/xuat/to-trinh/<int:year>/",
        exports.export_plan_submission,
        name="export-plan-submission",
    ),
    path(f"{_ONE}to-trinh/", exports.export_submission, name="export-submission"),
    path(f"{_ONE}tac-dong/", effects.rotation_effect_part, name="rotation-effect"),
    path("luan-chuyen/phuong-an/", proposals.proposals, name="proposals"),
    path("luan-chuyen/ke-hoach/", plans.plan_list, name="plan-list"),
    path("luan-chuyen/ke-hoach/mo/", plans.plan_open, name="plan-open"),
    path(_YEAR, plans.plan_detail, name="plan-detail"),
    path(f"{_YEAR}chi-tieu/", plans.plan_targets, name="plan-targets"),
    path(f"{_YEAR}trinh/", plans.plan_submit, name="plan-submit"),
    path(f"{_YEAR}rut/", plans.plan_take_back, name="plan-take-back"),
    path(f"{_YEAR}phe-duyet/", plans.plan_approve, name="plan-approve"),
    path(f"{_YEAR}tra-lai/", plans.plan_return, name="plan-return"),
    path(f"{_YEAR}dieu-chinh/", plans.plan_reopen, name="plan-reopen"),
]
