# ccer-clerk in one image. BASE is any Debian 12 (or later) with apt; Python 3.11 comes with it or
# is installed from Debian. Nothing is compiled in the second stage and nothing downloads at run time.
#
#   docker build -t ccer-clerk .
#   docker build --build-arg BASE=debian:12 -t ccer-clerk .
ARG BASE=python:3.11-slim-bookworm

FROM ${BASE} AS build
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates \
 && (command -v python3 >/dev/null || apt-get install -y --no-install-recommends python3 python3-venv) \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY requirements/runtime.txt requirements/runtime.txt
RUN python3 -m venv /opt/clerk \
 && /opt/clerk/bin/python -m pip install --no-cache-dir --disable-pip-version-check --no-deps --require-hashes -r requirements/runtime.txt
COPY . .
RUN /opt/clerk/bin/python -m pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation .

FROM ${BASE}
RUN apt-get update && apt-get install -y --no-install-recommends \
      ca-certificates postgresql-client tesseract-ocr tesseract-ocr-chi-sim tzdata unar \
      fonts-noto-cjk fonts-wqy-microhei fonts-wqy-zenhei fonts-arphic-uming fonts-arphic-ukai \
      fonts-lxgw-wenkai \
 && (command -v python3 >/dev/null || apt-get install -y --no-install-recommends python3) \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin clerk \
 && install -d -o clerk -g clerk -m 0750 /data /backups /demo /secrets
COPY --from=build /opt/clerk /opt/clerk
ENV PATH=/opt/clerk/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    CLERK_DATA__DIRECTORY=/data \
    CLERK_SMTP__LISTEN=0.0.0.0:2525 \
    CLERK_HEALTH__LISTEN=127.0.0.1:9464 \
    CLERK_LOG__FORMAT=json
USER clerk
WORKDIR /data
VOLUME ["/data"]
EXPOSE 2525
ENTRYPOINT ["clerk"]
CMD ["serve"]
