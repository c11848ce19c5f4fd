# One image for web, live, worker and migrations; deploy/entrypoint picks. The stand-ins are not in it.

FROM python:3.12-slim-bookworm AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends gcc libc6-dev libmariadb-dev pkg-config \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY requirements.txt ./
COPY requirements/app.txt requirements/
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt

FROM python:3.12-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends libmariadb3 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home movy \
    && install -d -o movy -g movy /data /data/media
COPY --from=build /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 MEDIA_ROOT=/data/media
WORKDIR /app
COPY . .
# collectstatic needs no keys and no database, but the settings ask for them; these stay in this one command.
RUN python -m compileall -q . \
    && SECRET_KEY=collectstatic-signs-nothing-and-only-has-to-be-long-enough \
       PAYSTACK_SECRET_KEY=unused DATABASE_URL=sqlite:////tmp/unused.sqlite3 \
       python manage.py collectstatic --noinput --verbosity 0
USER movy
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s CMD ["python", "deploy/healthcheck.py"]
ENTRYPOINT ["deploy/entrypoint"]
CMD ["web"]
