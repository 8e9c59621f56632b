# Cổng quy hoạch cán bộ. `make demo` trên máy mới chỉ cần Python 3.11+ và make.

SHELL := /bin/sh
VENV ?= .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for p in python3.11 python3 python3.12 python3.13 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$p"; exit; }; done)
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# Chạy thử nghiệm song song: số tiến trình pytest.
TEST_PROCESSES ?= 2
PYTEST_ARGS ?=
# Nhiều tiến trình cùng đọc một mã nguồn: dịch một lần, dù máy đặt biến này.
export PYTHONDONTWRITEBYTECODE :=

# Mỗi phép kiểm tra một đích, để chạy song song, lâu nhất trước; `-O` in trọn từng đích khi xong.
LINT := lint-types lint-imports lint-ruff lint-format lint-templates
CHECK := $(LINT) check-migrations check-deploy
SIDE_BY_SIDE = @$(MAKE) --no-print-directory -k -j$(TEST_PROCESSES) -Otarget

.DEFAULT_GOAL := help
.PHONY: help venv venv-dev demo run worker beat stop migrate check lint messages test bench clean \
	$(CHECK)

help: ## liệt kê các lệnh
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Cần Python 3.11 trở lên. (Python 3.11+ is required.)" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.txt | $(BIN)/python
	$(PIP) install -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements.txt requirements-dev.txt | $(BIN)/python
	$(PIP) install -r requirements-dev.txt
	@touch $@ $(VENV)/.installed

venv: $(VENV)/.installed ## môi trường chạy
venv-dev: $(VENV)/.installed-dev ## môi trường phát triển

demo: venv ## tỉnh mẫu chạy thử tại máy này (DEMO_SERVE=0: làm hết rồi thoát)
	@$(BIN)/python manage.py demo

run: venv ## máy chủ phát triển
	$(BIN)/python manage.py runserver

worker: venv ## tiến trình xử lý việc nền
	$(BIN)/celery -A cadre_portal worker

beat: venv ## tiến trình đặt lịch
	$(BIN)/celery -A cadre_portal beat

migrate: venv ## cập nhật cơ sở dữ liệu
	$(BIN)/python manage.py migrate

stop: venv ## dừng PostgreSQL và Valkey do cổng tự chạy
	@$(BIN)/python manage.py services stop

lint: venv-dev
	$(SIDE_BY_SIDE) $(LINT)

check: venv-dev ## kiểm tra mã: ruff, mypy, import-linter, djlint, migrations, cấu hình
	$(SIDE_BY_SIDE) $(CHECK)

lint-types:
	$(BIN)/mypy

lint-ruff:
	$(BIN)/ruff check .

lint-format:
	$(BIN)/ruff format --check .

lint-templates:
	$(BIN)/djlint --lint --quiet templates

lint-imports:
	$(BIN)/lint-imports

check-migrations:
	$(BIN)/python manage.py makemigrations --check --dry-run

check-deploy:
	SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(60))') \
	ALLOWED_HOSTS=portal.example DJANGO_SETTINGS_MODULE=cadre_portal.settings.base \
	$(BIN)/python manage.py check --deploy --fail-level WARNING

messages: venv ## bản tiếng Anh: thêm chuỗi mới, biên dịch locale/
	$(BIN)/python scripts/messages.py

test: venv-dev check ## toàn bộ phép thử (gồm make check)
	$(BIN)/python -m pytest -n $(TEST_PROCESSES) --dist loadfile --no-loadscope-reorder \
		$(PYTEST_ARGS)

bench: venv-dev ## đo tốc độ, in bảng tỷ lệ
	$(BIN)/python -m benchmarks $(BENCH_ARGS)

clean: ## xóa tệp sinh ra khi làm việc (không đụng var/ và .venv/)
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis staticfiles
