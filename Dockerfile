# The Node of the image runs the sources as they are: nothing is compiled, and what is copied is what runs.
# Any base with Node 24 and npm will do, for example a hardened or mirrored one: --build-arg BASE=…
ARG BASE=node:24.21-slim

FROM ${BASE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Where npm needs a mirror, a token or a certificate: --secret id=npmrc,src=$HOME/.npmrc; no layer keeps it.
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc \
    npm ci --omit=dev --no-update-notifier && mkdir /data

FROM ${BASE}
LABEL org.opencontainers.image.title="trail-check" \
      org.opencontainers.image.description="A Slack bot for the audit trail of an AWS estate" \
      org.opencontainers.image.licenses="Apache-2.0"
# HOME: the AWS SDK looks there for its files, and this user has no entry in /etc/passwd that could tell.
ENV NODE_ENV=production HOME=/data
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json trail-check ./
COPY demo ./demo
COPY commands ./commands
COPY checks ./checks
COPY src ./src
# The one writable folder. `store.dataDir` is ./data by default, so ./data leads there.
COPY --from=dependencies --chown=10001:10001 /data /data
RUN ln -s /data data
USER 10001:10001
VOLUME /data
# 8080: the page of `demo --port 8080`. 3000: /healthz and /readyz of `serve`, and Slack's requests where `slack.mode` is http.
EXPOSE 3000 8080
ENTRYPOINT ["/app/trail-check"]
CMD ["serve"]
