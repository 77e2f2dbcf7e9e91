# Build: a virtual environment with exactly the locked packages, and the project.
FROM python:3.13-slim-trixie AS build
ENV PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore UV_NO_CACHE=1 UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy
WORKDIR /src
COPY requirements/uv.txt requirements/run.lock requirements/
RUN python -m pip install --require-hashes -r requirements/uv.txt
RUN uv venv /opt/career-bot
RUN uv pip install --python /opt/career-bot/bin/python --require-hashes --only-binary :all: --compile-bytecode -r requirements/run.lock
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY knowledge knowledge
RUN uv pip install --python /opt/career-bot/bin/python --no-deps --no-index --no-build-isolation --compile-bytecode . \
    && rm --force /opt/career-bot/.lock

# Run: nothing but Python and that environment. The only place it writes to is /data.
FROM python:3.13-slim-trixie
ENV PATH=/opt/career-bot/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOME=/data \
    XDG_CACHE_HOME=/data/cache \
    CAREER_BOT_DATABASE_URL=sqlite:////data/career-bot.db
COPY --from=build /opt/career-bot /opt/career-bot
RUN install --directory --owner=10001 --group=10001 /data
USER 10001:10001
WORKDIR /data
VOLUME /data
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD ["python", "-m", "bot.cli.health"]
ENTRYPOINT ["career-bot"]
CMD ["run"]
