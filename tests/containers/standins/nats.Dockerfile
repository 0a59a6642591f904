# As the official image has it: a wget, which its health check asks with.
FROM nats:2.12-alpine
RUN command -v wget || { apt-get update -qq && apt-get install -yqq --no-install-recommends busybox && ln -s busybox /usr/bin/wget; }
