"""URLs of `planning`."""

from django.urls import URLPattern, URLResolver, path

from planning.views import (
    comparison,
    drafts,
    exports,
    lineage,
    list_imports,
    origins,
    overview,
    panels,
    plans,
    process,
    repair,
    review,
    suggestions,
    training,
)

app_name = "planning"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", overview.overview, name="overview"),
    path("tong-quan/kiem-tra/", overview.check_start, name="check-start"),
    path("tong-quan/xuat/", overview.overview_export, name="overview-export"),
    path("quy-hoach/", plans.plan_list, name="plan-list"),
    path("quy-hoach/lien-thong/", lineage.lineage, name="lineage"),
    path("quy-hoach/so-sanh/", comparison.comparison, name="comparison"),
    path("quy-hoach/bo-nhiem/", origins.origins, name="origins"),
    path("quy-hoach/bo-nhiem/xuat/", origins.origins_export, name="origins-export"),
    path("dao-tao/nhu-cau/", training.training_gaps, name="training-gaps"),
    path(
        "dao-tao/nhu-cau/xuat/",
        training.training_gaps_export,
        name="training-gaps-export",
    ),
    path("dao-tao/sau-quy-hoach/", training.training_results, name="training-results"),
    path("dao-tao/nguon/", training.sources, name="nominee-sources"),
    path("quy-hoach/<int:pk>/", plans.plan_detail, name="plan-detail"),
    path("quy-hoach/<int:pk>/du-thao/mo/", drafts.draft_open, name="plan-draft-open"),
    path("quy-hoach/<int:pk>/du-thao/luu/", drafts.draft_save, name="plan-draft-save"),
    path("quy-hoach/<int:pk>/du-thao/hoan-tac/", drafts.draft_undo, name="plan-draft-undo"),
    path(
        "quy-hoach/<int:pk>/chuc-danh/<int:pool_pk>/goi-y/",
        suggestions.pool_suggestions,
        name="pool-suggestions",
    ),
    path("quy-hoach/<int:pk>/xuat/", exports.plan_export, name="plan-export"),
    path("bao-cao/", exports.reports, name="reports"),
    path("bao-cao/tong-hop-quy-hoach/", exports.summary_export, name="summary-export"),
    path("quy-hoach/dot/", process.cycle_list, name="cycle-list"),
    path("quy-hoach/dot/moi/", process.cycle_new, name="cycle-new"),
    path("quy-hoach/dot/<int:pk>/", process.cycle_detail, name="cycle-detail"),
    path("quy-hoach/dot/<int:pk>/sua/", process.cycle_change, name="cycle-change"),
    path("quy-hoach/dot/<int:pk>/ket-thuc/", process.cycle_close, name="cycle-close"),
    path("quy-hoach/dot/<int:pk>/lap-ho-so/", process.dossier_begin, name="dossier-begin"),
    path("quy-hoach/ho-so/<int:pk>/", process.dossier_detail, name="dossier-detail"),
    path(
        "quy-hoach/ho-so/<int:pk>/buoc/<int:number>/",
        process.dossier_step,
        name="dossier-step",
    ),
    path("quy-hoach/ho-so/<int:pk>/ra-soat/", review.dossier_review, name="dossier-review"),
    path("quy-hoach/ho-so/<int:pk>/chuyen-tiep/", review.dossier_carry, name="dossier-carry"),
    path("quy-hoach/ho-so/<int:pk>/trinh/", process.dossier_submit, name="dossier-submit"),
    path("quy-hoach/ho-so/<int:pk>/rut/", process.dossier_take_back, name="dossier-take-back"),
    path("quy-hoach/ho-so/<int:pk>/phe-duyet/", process.dossier_approve, name="dossier-approve"),
    path("quy-hoach/ho-so/<int:pk>/tra-lai/", process.dossier_return, name="dossier-return"),
    path("quy-hoach/<int:pk>/sua-giup/", repair.plan_repair, name="plan-repair"),
    path("quy-hoach/danh-sach-nhap/<int:pk>/", list_imports.list_plans, name="list-plans"),
    path("to-chuc/<str:code>/quy-hoach/", panels.unit_plans, name="unit-plans"),
]
