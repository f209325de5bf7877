# The program for production: `docker compose up -d --build`.

FROM python:3.11-slim AS packages
COPY requirements/ /requirements/
# pip installs uv, uv installs the rest, and both refuse what does not have the recorded hash.
RUN python -m venv /srv/venv \
    && /srv/venv/bin/pip install --no-cache-dir --require-hashes -r /requirements/uv.txt \
    && VIRTUAL_ENV=/srv/venv /srv/venv/bin/uv pip sync --no-cache --compile-bytecode --require-hashes /requirements/base.txt

FROM python:3.11-slim
# Pango writes the PDF files; gettext is not needed, the translations are compiled in the project.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/sundhedsaftale --create-home sundhedsaftale
COPY --from=packages /srv/venv /srv/venv
ENV PATH=/srv/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    VAR_DIR=/var/lib/sundhedsaftale \
    STATIC_ROOT=/app/collected
WORKDIR /app
COPY . .
# DEBUG for this one command: gathering files needs no secret, no database and no broker.
RUN DEBUG=true COLLECTED_STATIC=true VAR_DIR=/tmp/build python manage.py collectstatic --noinput \
    && rm -rf /tmp/build
USER sundhedsaftale
EXPOSE 8000
CMD ["gunicorn", "sundhedsaftale.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", \
     "--threads", "4", "--worker-tmp-dir", "/dev/shm", "--no-control-socket", "--access-logfile", "-"]
