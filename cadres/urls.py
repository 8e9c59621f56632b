"""URLs of `cadres`."""

from django.urls import URLPattern, URLResolver, path

from cadres.views import (
    cadre_edit,
    cadre_file,
    cadre_list,
    duplicates,
    form_2c,
    imports,
    records,
    rounds,
    search,
    stored_exports,
    todo,
    trainings,
    units,
)
from cadres.views import evaluations as grades
from cadres.views import list_imports as lists
from cadres.views import reorganisations as acts

app_name = "cadres"

urlpatterns: list[URLPattern | URLResolver] = [
    path("to-chuc/", units.unit_list, name="unit-list"),
    path("to-chuc/sap-xep/", acts.reorganisation_list, name="reorganisation-list"),
    path("to-chuc/sap-xep/moi/", acts.reorganisation_add, name="reorganisation-add"),
    path("to-chuc/sap-xep/<int:pk>/", acts.reorganisation_detail, name="reorganisation-detail"),
    path(
        "to-chuc/sap-xep/<int:pk>/thong-tin/", acts.reorganisation_edit, name="reorganisation-edit"
    ),
    path(
        "to-chuc/sap-xep/<int:pk>/buoc/<str:kind>/",
        acts.reorganisation_step_add,
        name="reorganisation-step-add",
    ),
    path(
        "to-chuc/sap-xep/<int:pk>/bo-buoc/",
        acts.reorganisation_step_remove,
        name="reorganisation-step-remove",
    ),
    path(
        "to-chuc/sap-xep/<int:pk>/nguoi/", acts.reorganisation_people, name="reorganisation-people"
    ),
    path(
        "to-chuc/sap-xep/<int:pk>/vi-tri/", acts.reorganisation_posts, name="reorganisation-posts"
    ),
    path(
        "to-chuc/sap-xep/<int:pk>/ap-dung/", acts.reorganisation_apply, name="reorganisation-apply"
    ),
    path(
        "to-chuc/sap-xep/<int:pk>/hoan-tac/", acts.reorganisation_undo, name="reorganisation-undo"
    ),
    path("to-chuc/sap-xep/<int:pk>/bo/", acts.reorganisation_drop, name="reorganisation-drop"),
    path("to-chuc/<str:code>/", units.unit_detail, name="unit-detail"),
    path("to-chuc/<str:code>/cap-duoi/", units.unit_children, name="unit-children"),
    path("to-chuc/<str:code>/qua-cac-thoi-ky/", units.unit_posts, name="unit-posts"),
    path("to-chuc/<str:code>/lich-su/", units.unit_history, name="unit-history"),
    path("viec/", todo.todo_list, name="todo-list"),
    path("thong-bao/", todo.notice_list, name="notice-list"),
    path("thong-bao/da-doc/", todo.notices_all_read, name="notices-read"),
    path("thong-bao/<int:pk>/", todo.notice_open, name="notice-open"),
    path("ho-so/", cadre_list.cadre_list, name="cadre-list"),
    path("ho-so/loc/", cadre_list.cadre_filter, name="cadre-filter"),
    path("ho-so/cot/", cadre_list.cadre_columns, name="cadre-columns"),
    path("ho-so/bo-loc/", cadre_list.filter_list, name="cadre-filter-list"),
    path("ho-so/bo-loc/luu/", cadre_list.filter_keep, name="cadre-filter-keep"),
    path("ho-so/bo-loc/<int:pk>/xoa/", cadre_list.filter_drop, name="cadre-filter-drop"),
    path("ho-so/so-sanh/", cadre_list.cadre_compare, name="cadre-compare"),
    path("ho-so/xuat/", cadre_list.cadre_export, name="cadre-export"),
    path("ho-so/2c/", form_2c.cadre_forms_2c, name="cadre-forms-2c"),
    path("ho-so/co-the-trung/", duplicates.duplicate_list, name="duplicate-list"),
    path(
        "ho-so/co-the-trung/hoi/<int:pk>/",
        duplicates.duplicate_question,
        name="duplicate-question",
    ),
    path(
        "ho-so/co-the-trung/<int:one>/<int:other>/",
        duplicates.duplicate_pair,
        name="duplicate-pair",
    ),
    path(
        "ho-so/co-the-trung/<int:one>/<int:other>/khac-nhau/",
        duplicates.duplicate_apart,
        name="duplicate-apart",
    ),
    path("ho-so/<str:code>/2c/", form_2c.cadre_form_2c, name="cadre-form-2c"),
    path("ho-so/moi/", cadre_edit.cadre_add, name="cadre-add"),
    path("ho-so/<str:code>/sua/", cadre_edit.cadre_edit, name="cadre-edit"),
    path(
        "ho-so/<str:code>/sua/cong-tac/<int:pk>/thoi-giu/",
        cadre_edit.cadre_post_end,
        name="cadre-post-end",
    ),
    path(
        "ho-so/<str:code>/sua/<str:section>/",
        cadre_edit.cadre_edit_section,
        name="cadre-edit-section",
    ),
    path(
        "ho-so/<str:code>/sua/<str:section>/them/",
        cadre_edit.cadre_row_add,
        name="cadre-row-add",
    ),
    path(
        "ho-so/<str:code>/sua/<str:section>/<int:pk>/",
        cadre_edit.cadre_row_change,
        name="cadre-row-change",
    ),
    path(
        "ho-so/<str:code>/sua/<str:section>/<int:pk>/xoa/",
        cadre_edit.cadre_row_remove,
        name="cadre-row-remove",
    ),
    path(
        "ho-so/<str:code>/sua/<str:section>/khoi-phuc/<int:pk>/",
        cadre_edit.cadre_row_restore,
        name="cadre-row-restore",
    ),
    path("ho-so/<str:code>/", cadre_file.cadre_detail, name="cadre-detail"),
    path("ho-so/<str:code>/tom-tat/", cadre_file.cadre_panel, name="cadre-panel"),
    path("ho-so/<str:code>/lich-su/", cadre_file.cadre_history, name="cadre-history"),
    path("bo-sung-ly-lich/", rounds.round_list, name="round-list"),
    path("bo-sung-ly-lich/mo/", rounds.round_open, name="round-open"),
    path("bo-sung-ly-lich/<int:pk>/", rounds.round_detail, name="round-detail"),
    path("bo-sung-ly-lich/<int:pk>/duyet/", rounds.round_decide, name="round-decide"),
    path("bo-sung-ly-lich/<int:pk>/dong/", rounds.round_close, name="round-close"),
    path("bo-sung-ly-lich/<int:pk>/mo-lai/", rounds.round_reopen, name="round-reopen"),
    path(
        "bo-sung-ly-lich/<int:pk>/tra-loi/<str:code>/",
        rounds.round_answer,
        name="round-answer",
    ),
    path("nhap-du-lieu/", imports.import_page, name="import-list"),
    path("nhap-du-lieu/tep-mau/", imports.import_template, name="import-template"),
    path("nhap-du-lieu/xuat/", imports.workbook_export, name="workbook-export"),
    path("nhap-du-lieu/<int:pk>/", imports.import_detail, name="import-detail"),
    path("nhap-du-lieu/<int:pk>/tien-do/", imports.import_progress_part, name="import-progress"),
    path("nhap-du-lieu/<int:pk>/loi/", imports.import_errors, name="import-errors"),
    path("nhap-du-lieu/<int:pk>/ghi/", imports.import_apply, name="import-apply"),
    path("nhap-du-lieu/<int:pk>/lam-lai/", imports.import_retry, name="import-retry"),
    path("nhap-danh-sach/<int:pk>/", lists.list_detail, name="list-import-detail"),
    path("nhap-danh-sach/<int:pk>/tien-do/", lists.list_progress, name="list-import-progress"),
    path("nhap-danh-sach/<int:pk>/ghep-cot/", lists.list_map, name="list-import-map"),
    path("nhap-danh-sach/<int:pk>/tuy-chon/", lists.list_options, name="list-import-options"),
    path("nhap-danh-sach/<int:pk>/quyet-dinh/", lists.list_decide, name="list-import-decide"),
    path("nhap-danh-sach/<int:pk>/xem-thay-doi/", lists.list_preview, name="list-import-preview"),
    path("nhap-danh-sach/<int:pk>/sua-lai/", lists.list_reopen, name="list-import-reopen"),
    path("nhap-danh-sach/<int:pk>/ghi/", lists.list_apply, name="list-import-apply"),
    path("nhap-danh-sach/<int:pk>/lam-lai/", lists.list_retry, name="list-import-retry"),
    path("nhap-danh-sach/<int:pk>/hoan-tac/", lists.list_undo, name="list-import-undo"),
    path("nhap-danh-sach/<int:pk>/bo/", lists.list_drop, name="list-import-drop"),
    path("nhap-danh-sach/<int:pk>/loi/", lists.list_problems, name="list-import-errors"),
    path("nhap-danh-sach/<int:pk>/tep/", lists.list_file, name="list-import-file"),
    path("tep-da-xuat/", stored_exports.export_list, name="export-list"),
    path("tep-da-xuat/<int:pk>/tien-do/", stored_exports.export_progress, name="export-progress"),
    path("tep-da-xuat/<int:pk>/tep/", stored_exports.export_file, name="export-file"),
    path("tep-da-xuat/<int:pk>/lam-lai/", stored_exports.export_retry, name="export-retry"),
    path("tep-da-xuat/<int:pk>/xoa/", stored_exports.export_drop, name="export-drop"),
    path("danh-gia/", grades.evaluation_list, name="evaluation-list"),
    path("danh-gia/xuat/", grades.evaluation_export, name="evaluation-export"),
    path("danh-gia/<str:code>/", grades.evaluation_unit, name="evaluation-unit"),
    path("danh-gia/<str:code>/xet/", grades.evaluation_judge, name="evaluation-judge"),
    path("danh-gia/<str:code>/hoan-tac/", grades.evaluation_undo, name="evaluation-undo"),
    path("danh-gia/<str:code>/nhap/", grades.evaluation_read, name="evaluation-read"),
    path(
        "danh-gia/<str:code>/xuat/",
        grades.evaluation_unit_export,
        name="evaluation-unit-export",
    ),
    path("nhat-ky/", records.record_list, name="record-list"),
    path("nhat-ky/xuat/", records.record_export_file, name="record-export"),
    path("dao-tao/", trainings.training_list, name="training-list"),
    path("dao-tao/them/", trainings.training_add, name="training-add"),
    path("dao-tao/ky-nang/", trainings.training_skills, name="training-skills"),
    path("dao-tao/nguoi/<str:code>/", trainings.training_cadre, name="training-cadre"),
    path(
        "dao-tao/nguoi/<str:code>/ky-nang/<int:pk>/xoa/",
        trainings.training_skill_remove,
        name="training-skill-remove",
    ),
    path("dao-tao/xuat/", trainings.training_export, name="training-export"),
    path(
        "dao-tao/<int:pk>/xuat/",
        trainings.training_members_export,
        name="training-members-export",
    ),
    path("dao-tao/<int:pk>/", trainings.training_detail, name="training-detail"),
    path("dao-tao/<int:pk>/sua/", trainings.training_edit, name="training-edit"),
    path("dao-tao/<int:pk>/khai-giang/", trainings.training_open, name="training-open"),
    path("dao-tao/<int:pk>/huy/", trainings.training_cancel, name="training-cancel"),
    path("dao-tao/<int:pk>/ket-thuc/", trainings.training_finish, name="training-finish"),
    path("dao-tao/<int:pk>/hoc-vien/", trainings.training_members, name="training-members"),
    path(
        "dao-tao/<int:pk>/hoc-vien/them/",
        trainings.training_add_members,
        name="training-add-members",
    ),
    path("tim/", search.search, name="search"),
]
