# The server alone: no demo, no tests, no development packages. See docs/running.md.
FROM node:26-slim AS build
WORKDIR /errand
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN node tools/prepare.mjs --web && npm prune --omit=dev --no-audit --no-fund

FROM node:26-slim
ENV NODE_ENV=production ERRAND_HOST=0.0.0.0 ERRAND_DATA_DIR=/data
WORKDIR /errand
COPY --from=build /errand/package.json ./
COPY --from=build /errand/node_modules node_modules
COPY --from=build /errand/dist dist
COPY --from=build /errand/src src
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 4300
# Ready means that the own database answers; a brand's outage must not restart anything.
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:4300/readyz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "src/main.ts"]
CMD ["serve"]
