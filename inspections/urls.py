"""URLs of `inspections`."""

from django.urls import URLPattern, URLResolver, path

from inspections.views import (
    attachments,
    comparison,
    documents,
    evidence,
    findings,
    followup,
    inspections,
    mandate,
    minutes,
    objections,
    programmes,
    self_reports,
    statistics,
    team_report,
    templates,
)

app_name = "inspections"

_ONE = "kiem-tra/<int:pk>/"
_REMEDY = "kiem-tra/kien-nghi/<int:pk>/"
_YEAR = "kiem-tra/chuong-trinh/<int:pk>/"
_FINDING = f"{_ONE}nhan-dinh/<int:finding>/"
_PAPERS = f"{_ONE}van-ban/"
_KIND = f"{_PAPERS}<slug:kind>/"
_REGISTERED = "kiem-tra/so-van-ban/<int:pk>/"
_SIDE = "kiem-tra/don-vi/<int:pk>/van-ban/"
_REPORTS = f"{_ONE}tu-kiem-tra/"
_REPORT = "kiem-tra/tu-kiem-tra/<int:pk>/"
_MINUTES = f"{_ONE}bien-ban/"
_ONE_MINUTES = f"{_MINUTES}<int:minutes>/"
_OWN_MINUTES = "kiem-tra/don-vi/<int:pk>/bien-ban/"
_OWN_REPORT = "kiem-tra/don-vi/<int:pk>/tu-kiem-tra/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("kiem-tra/", inspections.inspection_list, name="inspection-list"),
    path("kiem-tra/lap/", mandate.inspection_open, name="inspection-open"),
    path(_ONE, inspections.inspection_detail, name="inspection-detail"),
    path(f"{_ONE}buoc-sau/", inspections.inspection_advance, name="inspection-advance"),
    path(f"{_ONE}buoc-truoc/", inspections.inspection_step_back, name="inspection-step-back"),
    path(f"{_ONE}sua/", mandate.inspection_edit, name="inspection-edit"),
    path(f"{_ONE}don-vi/", mandate.inspection_units, name="inspection-units"),
    path(f"{_ONE}doan/", mandate.inspection_team, name="inspection-team"),
    path(f"{_ONE}doan/them/", mandate.member_add, name="member-add"),
    path(f"{_ONE}doan/<int:member_pk>/", mandate.member_edit, name="member-edit"),
    path(f"{_ONE}doan/<int:member_pk>/dua-ra/", mandate.member_remove, name="member-remove"),
    path(f"{_ONE}de-cuong/", mandate.inspection_outline, name="inspection-outline"),
    path("kiem-tra/tep/<int:pk>/", attachments.attachment_file, name="attachment-file"),
    path("kiem-tra/don-vi/<int:pk>/", inspections.inspected_detail, name="inspected-detail"),
    path(f"{_ONE}theo-doi/", followup.inspection_follow_up, name="inspection-follow-up"),
    path(
        "kiem-tra/don-vi/<int:pk>/kien-nghi/",
        followup.inspected_remedies,
        name="inspected-remedies",
    ),
    path("kiem-tra/kien-nghi/", followup.recommendation_all, name="recommendation-list"),
    path(_REMEDY, followup.recommendation_detail, name="recommendation-detail"),
    path(f"{_REMEDY}bao-cao/", followup.recommendation_report, name="recommendation-report"),
    path(f"{_REMEDY}bo-sung/", followup.recommendation_more, name="recommendation-more"),
    path(f"{_REMEDY}ket-thuc/", followup.recommendation_close, name="recommendation-close"),
    path(f"{_REMEDY}mo-lai/", followup.recommendation_reopen, name="recommendation-reopen"),
    path("kiem-tra/chuong-trinh/", programmes.programme_all, name="programme-list"),
    path("kiem-tra/chuong-trinh/lap/", programmes.programme_open, name="programme-open"),
    path(_YEAR, programmes.programme_detail, name="programme-detail"),
    path(f"{_YEAR}sua/", programmes.programme_edit, name="programme-edit"),
    path(f"{_YEAR}do-phu/", programmes.programme_coverage, name="programme-coverage"),
    path(f"{_YEAR}rui-ro/", programmes.programme_ranking, name="programme-ranking"),
    path(f"{_YEAR}lap/", programmes.programme_inspect, name="programme-inspect"),
    path(f"{_YEAR}them/", programmes.programme_item_add, name="programme-item-add"),
    path(
        f"{_YEAR}muc/<int:item_pk>/sua/", programmes.programme_item_edit, name="programme-item-edit"
    ),
    path(
        f"{_YEAR}muc/<int:item_pk>/bo/",
        programmes.programme_item_remove,
        name="programme-item-remove",
    ),
    path("kiem-tra/thong-ke/", statistics.statistics, name="inspection-statistics"),
    # -- Self-reports
    path(_REPORTS, self_reports.inspection_reports, name="inspection-reports"),
    path(f"{_REPORTS}nhac/", self_reports.reports_remind, name="reports-remind"),
    path(_REPORT, self_reports.inspection_report, name="inspection-report"),
    path(f"{_REPORT}so-sanh/<int:item>/", self_reports.report_difference, name="report-difference"),
    path(f"{_REPORT}tra-lai/", self_reports.report_return, name="report-return"),
    path(_OWN_REPORT, self_reports.self_report, name="self-report"),
    path(f"{_OWN_REPORT}<int:item>/", self_reports.self_answer, name="self-answer"),
    path(
        f"{_OWN_REPORT}tep/<int:file>/bo/",
        self_reports.self_answer_file_drop,
        name="self-answer-file-drop",
    ),
    path(f"{_OWN_REPORT}tu-nhan-xet/", self_reports.self_assessment, name="self-assessment"),
    path(f"{_OWN_REPORT}nop/", self_reports.self_report_submit, name="self-report-submit"),
    # -- Minutes
    path(_MINUTES, minutes.inspection_minutes, name="inspection-minutes"),
    path(f"{_MINUTES}them/", minutes.minutes_add, name="minutes-add"),
    path(_ONE_MINUTES, minutes.minutes_detail, name="minutes-detail"),
    path(f"{_ONE_MINUTES}sua/", minutes.minutes_edit, name="minutes-edit"),
    path(f"{_ONE_MINUTES}bo/", minutes.minutes_remove, name="minutes-remove"),
    path(f"{_ONE_MINUTES}ky/", minutes.minutes_sign, name="minutes-sign"),
    path(f"{_ONE_MINUTES}ky-giay/", minutes.minutes_paper, name="minutes-paper"),
    path(f"{_ONE_MINUTES}tep/<int:file>/bo/", minutes.minutes_file_drop, name="minutes-file-drop"),
    path(_OWN_MINUTES, minutes.side_minutes_list, name="side-minutes-list"),
    path(f"{_OWN_MINUTES}<int:minutes>/", minutes.side_minutes_detail, name="side-minutes"),
    path(f"{_OWN_MINUTES}<int:minutes>/ky/", minutes.side_minutes_sign, name="side-minutes-sign"),
    path(
        f"{_OWN_MINUTES}<int:minutes>/y-kien/",
        minutes.side_minutes_decline,
        name="side-minutes-decline",
    ),
    # -- Evidence
    path(f"{_ONE}bang-chung/", evidence.inspection_evidence, name="inspection-evidence"),
    path(f"{_ONE}bang-chung/chot/", evidence.evidence_take, name="evidence-take"),
    path(
        f"{_ONE}bang-chung/<int:taking>/tien-do/",
        evidence.evidence_progress,
        name="evidence-progress",
    ),
    path(f"{_ONE}bang-chung/<int:taking>/tiep/", evidence.evidence_resume, name="evidence-resume"),
    path(f"{_ONE}bang-chung/<int:taking>/dung/", evidence.evidence_stop, name="evidence-stop"),
    path("kiem-tra/bang-chung/<int:pk>/", evidence.evidence_detail, name="evidence-detail"),
    path(f"{_ONE}so-sanh/", comparison.inspection_comparison, name="inspection-comparison"),
    # -- Findings
    path(f"{_ONE}nhan-dinh/", findings.inspection_findings, name="inspection-findings"),
    path(f"{_ONE}nhan-dinh/soan/", findings.findings_draft, name="findings-draft"),
    path(f"{_ONE}nhan-dinh/duyet/", findings.findings_approve, name="findings-approve"),
    path(f"{_ONE}nhan-dinh/them/", findings.finding_add, name="finding-add"),
    path(_FINDING, findings.finding_detail, name="finding-detail"),
    path(f"{_FINDING}sua/", findings.finding_edit, name="finding-edit"),
    path(f"{_FINDING}duyet/", findings.finding_approve, name="finding-approve"),
    path(f"{_FINDING}bo/", findings.finding_drop, name="finding-drop"),
    path(f"{_FINDING}lay-lai/", findings.finding_restore, name="finding-restore"),
    path(f"{_FINDING}thu-tu/", findings.finding_move, name="finding-move"),
    path(f"{_FINDING}dinh-chinh/", findings.finding_correct, name="finding-correct"),
    path(f"{_FINDING}bang-chung/", findings.finding_proofs, name="finding-proofs"),
    path(f"{_FINDING}bang-chung/<int:proof>/", findings.finding_proof, name="finding-proof"),
    path(
        f"{_FINDING}bang-chung/<int:proof>/bo/",
        findings.finding_proof_remove,
        name="finding-proof-remove",
    ),
    path(
        f"{_ONE}y-kien/<int:objection>/tra-loi/",
        findings.objection_answer,
        name="objection-answer",
    ),
    path(
        "kiem-tra/don-vi/<int:pk>/nhan-dinh/",
        objections.inspected_findings,
        name="inspected-findings",
    ),
    path(
        "kiem-tra/don-vi/<int:pk>/nhan-dinh/<int:finding>/y-kien/",
        objections.objection_add,
        name="objection-add",
    ),
    # -- The team's report and the conclusion
    path(f"{_ONE}bao-cao/", team_report.inspection_team_report, name="inspection-team-report"),
    path(f"{_ONE}bao-cao/sua/", team_report.team_report_edit, name="team-report-edit"),
    path(f"{_ONE}bao-cao/ky/", team_report.team_report_sign, name="team-report-sign"),
    path(f"{_ONE}bao-cao/tra-lai/", team_report.team_report_return, name="team-report-return"),
    path(f"{_ONE}ket-luan/", team_report.inspection_conclude, name="inspection-conclude"),
    path(_PAPERS, documents.inspection_documents, name="inspection-documents"),
    path(f"{_PAPERS}ca-bo/", documents.document_set, name="document-set"),
    path(f"{_PAPERS}phu-luc/", documents.annex_list, name="annex-list"),
    path(f"{_PAPERS}phu-luc/<int:unit_pk>/", documents.annex_file, name="annex-file"),
    path(_KIND, documents.document_kind, name="document-kind"),
    path(f"{_KIND}xem/", documents.document_look, name="document-look"),
    path(f"{_KIND}tep/", documents.document_file, name="document-file"),
    path(f"{_KIND}vao-so/", documents.document_register, name="document-register"),
    path(f"{_KIND}mau/", templates.document_template, name="document-template"),
    path(f"{_KIND}mau/tep/", templates.document_template_file, name="document-template-file"),
    path(f"{_KIND}mau/bo/", templates.document_template_leave, name="document-template-leave"),
    path(
        f"{_KIND}mau/<int:template_pk>/dung/",
        templates.document_template_use,
        name="document-template-use",
    ),
    path("kiem-tra/so-van-ban/", documents.document_all, name="document-list"),
    path(f"{_REGISTERED}tep/", documents.registered_file, name="registered-file"),
    path(f"{_REGISTERED}ban-ky/", documents.document_attach, name="document-attach"),
    path(f"{_REGISTERED}huy/", documents.document_cancel, name="document-cancel"),
    path(_SIDE, documents.side_documents, name="side-documents"),
    path(f"{_SIDE}<slug:kind>/xem/", documents.side_look, name="side-look"),
    path(f"{_SIDE}<slug:kind>/tep/", documents.side_file, name="side-file"),
    path(f"{_SIDE}<int:line_pk>/da-vao-so/", documents.side_registered, name="side-registered"),
]
