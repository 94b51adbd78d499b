# The service and its runtime dependencies, nothing else. Built by `docker compose build` or `docker build .`

FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts
# One file of emojibase-data is used; the rest of it would be half of the image.
RUN find node_modules/emojibase-data -type f \
      ! -name package.json ! -name LICENSE ! -path '*/en/shortcodes/joypixels.json' -delete \
 && find node_modules/emojibase-data -type d -empty -delete
COPY src ./src
# Loads every module once: if one is missing, the build fails, not the start.
RUN node --input-type=module --eval "await import('/app/src/app.ts')"
COPY LICENSE ./
COPY config/live-agents.toml ./config/

FROM node:24-slim
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=3000 \
    CONFIG_DIR=/app/config \
    DATA_DIR=/data
WORKDIR /app
COPY --from=build /app ./
# Where the embedded store lives when REDIS_URL is empty.
RUN mkdir /data && chown node:node /data && chmod 700 /data
VOLUME /data
USER node
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=10s --retries=3 \
  CMD ["node", "--eval", "fetch('http://127.0.0.1:' + process.env.PORT + '/health/ready').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "src/main.ts"]
