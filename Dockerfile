# The base is pinned by version; pin its digest, too, where your registry is trusted less than that.
FROM python:3.13.1-slim-bookworm AS build
WORKDIR /build
COPY requirements.lock ./
RUN python3 -m venv /opt/feeds \
 && /opt/feeds/bin/python -m pip install --no-cache-dir --quiet --require-hashes --no-deps -r requirements.lock
COPY feeds ./feeds
RUN site=$(/opt/feeds/bin/python -c 'import site; print(site.getsitepackages()[0])') \
 && cp -r feeds "$site/feeds" \
 && printf '#!/opt/feeds/bin/python\nfrom feeds.cli import main\nmain()\n' > /opt/feeds/bin/feeds \
 && chmod 755 /opt/feeds/bin/feeds \
 && /opt/feeds/bin/python -m compileall -q "$site/feeds" \
 && /opt/feeds/bin/python -m feeds.regions

FROM python:3.13.1-slim-bookworm
RUN useradd --uid 10001 --create-home --home-dir /srv/feeds feeds \
 && mkdir -p /srv/feeds/state /srv/feeds/public \
 && chown -R feeds /srv/feeds
COPY --from=build /opt/feeds /opt/feeds
COPY --chown=feeds config.yaml /srv/feeds/config.yaml
ENV PATH=/opt/feeds/bin:$PATH PYTHONUNBUFFERED=1
WORKDIR /srv/feeds
USER feeds
VOLUME ["/srv/feeds/state", "/srv/feeds/public"]
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=1m --timeout=10s --start-period=1m CMD ["feeds", "status", "--alive"]
CMD ["feeds", "run"]
