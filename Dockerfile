# The product's image: web, worker, timetable and commands differ only in what they run. No database, no test tools.
FROM python:3.11.14-slim-bookworm AS packages
COPY requirements/installer.txt requirements/run.txt /requirements/
RUN python -m venv /packages \
    && /packages/bin/pip install --no-cache-dir --require-hashes -r /requirements/installer.txt \
    && /packages/bin/uv pip install --python /packages/bin/python --compile-bytecode --no-cache --require-hashes -r /requirements/run.txt

FROM python:3.11.14-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /state --shell /usr/sbin/nologin pension \
    && install -d -o pension -g pension -m 0700 /state /data
COPY --from=packages /packages /packages
COPY . /app
WORKDIR /app
USER pension
ENV PATH=/packages/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    STATE_DIR=/state \
    DATA_DIR=/data \
    DJANGO_SETTINGS_MODULE=poverty_pension.settings.production
EXPOSE 8000
HEALTHCHECK --interval=30s --start-period=60s --timeout=10s CMD ["python", "-m", "operations.health_probe"]
CMD ["gunicorn", "--config=python:poverty_pension.settings.gunicorn", "--bind=0.0.0.0:8000", "--workers=4", "--threads=4", "poverty_pension.wsgi:application"]
