FROM python:3.11.14-slim-bookworm AS build
WORKDIR /src
COPY . .
RUN python -m venv --without-pip /venv
RUN pip --python /venv/bin/python install --no-cache-dir --quiet --require-hashes --requirement requirements/run.txt
RUN pip --python /venv/bin/python install --no-cache-dir --quiet --no-deps --no-build-isolation .

FROM python:3.11.14-slim-bookworm
COPY --from=build /venv /venv
# In a container, whom it answers is decided by the ports that are published.
ENV QA_SERVICE_HOST=0.0.0.0 PYTHONUNBUFFERED=1
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
    CMD ["/venv/bin/python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
ENTRYPOINT ["/venv/bin/qa-service"]
CMD ["serve"]
