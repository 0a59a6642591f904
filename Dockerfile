# All of Madrina in one image. Its arguments say which process it is, as deploy/processes.py has them: `-m services.members api`.
# The base goes by version: a digest would keep its security updates out until somebody changed it here. Which digest a release
# was built on stands in its attestation (docs/verify.md).
FROM python:3.13-slim AS build
COPY requirements.txt /build/
# Wheels alone, so nothing is compiled here; bytecode is made below, once and for good.
RUN python -m venv --without-pip /opt/venv \
 && pip --python /opt/venv/bin/python install --no-cache-dir --no-compile --only-binary :all: --require-hashes -r /build/requirements.txt \
 && find /opt/venv -depth -type d -name tests -exec rm -r {} +
COPY shared /app/shared
COPY services /app/services
COPY deploy/__init__.py deploy/processes.py deploy/secrets.py /app/deploy/
COPY deploy/compose/__init__.py deploy/compose/secrets.py /app/deploy/compose/
# Bytecode that never looks at its source's time: nothing could be written anew in a root file system that is read-only.
RUN chmod -R a+rX /app && python -m compileall -q -j 0 --invalidation-mode unchecked-hash /opt/venv/lib /app

FROM python:3.13-slim AS madrina
LABEL org.opencontainers.image.title="madrina" org.opencontainers.image.licenses="Apache-2.0"
ENV PATH=/opt/venv/bin:/usr/local/bin:/usr/bin:/bin HOME=/app PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
WORKDIR /app
USER 10001:10001
ENTRYPOINT ["python"]
CMD ["-m", "services.cli", "--help"]

# For trying Madrina out: a mail server that delivers nothing, with a page that shows what it took. It is in no release.
FROM madrina AS mailbox
USER 0
COPY requirements-mailbox.txt /build/
RUN pip --python /opt/venv/bin/python install --no-cache-dir --only-binary :all: --require-hashes -r /build/requirements-mailbox.txt
COPY deploy/local/__init__.py /app/deploy/local/
COPY deploy/local/mailbox /app/deploy/local/mailbox
USER 10001:10001
CMD ["-m", "deploy.local.mailbox"]

# The last stage is what `docker build` makes.
FROM madrina AS release
