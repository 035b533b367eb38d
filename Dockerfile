# Two stages: the first builds the wheel and learns from the examples, the second only holds what runs.
FROM python:3.11-slim-bookworm AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /build
RUN python -m venv /opt/minidorp
COPY requirements.lock requirements-build.lock ./
RUN /opt/minidorp/bin/pip install --require-hashes --only-binary :all: --requirement requirements.lock \
    && pip install --require-hashes --only-binary :all: --requirement requirements-build.lock
COPY pyproject.toml README.md LICENSE ./
COPY bot/ bot/
RUN pip wheel --no-deps --no-build-isolation --wheel-dir dist . \
    && /opt/minidorp/bin/pip install --no-deps --no-index dist/*.whl \
    && /opt/minidorp/bin/python -m compileall -q /opt/minidorp/lib
COPY knowledge/ /srv/minidorp/knowledge/
COPY schedules/ /srv/minidorp/schedules/
# A container then starts in seconds: what is learnt from these very examples is in the image.
ENV MINIDORP_KNOWLEDGE=/srv/minidorp/knowledge \
    MINIDORP_SCHEDULES=/srv/minidorp/schedules \
    MINIDORP_CACHE=/srv/minidorp/cache
RUN /opt/minidorp/bin/minidorp check && /opt/minidorp/bin/minidorp match "mijn kind slaapt niet" \
    && chmod -R a=rX /srv/minidorp


FROM python:3.11-slim-bookworm

RUN groupadd --system --gid 10001 minidorp \
    && useradd --system --uid 10001 --gid minidorp --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin minidorp \
    && install --directory --owner minidorp --group minidorp --mode 700 /var/lib/minidorp
COPY --from=build /opt/minidorp /opt/minidorp
COPY --from=build /srv/minidorp /srv/minidorp
# Each thread of the database would otherwise keep an arena of memory of its own, with gaps that nobody else can fill;
# and what the largest message needed for a moment would be kept for ever: glibc moves its thresholds unless they are set.
ENV PATH=/opt/minidorp/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    MALLOC_ARENA_MAX=2 \
    MALLOC_MMAP_THRESHOLD_=1048576 \
    MALLOC_TRIM_THRESHOLD_=4194304 \
    XDG_DATA_HOME=/var/lib \
    MINIDORP_KNOWLEDGE=/srv/minidorp/knowledge \
    MINIDORP_SCHEDULES=/srv/minidorp/schedules \
    MINIDORP_CACHE=/srv/minidorp/cache \
    MINIDORP_WEB_PORT=8080
USER 10001:10001
WORKDIR /var/lib/minidorp
VOLUME /var/lib/minidorp
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
STOPSIGNAL SIGTERM
# In exec form, so that the signal to stop reaches Python.
ENTRYPOINT ["minidorp"]
CMD ["run"]
