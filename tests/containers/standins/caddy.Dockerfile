FROM caddy:2-alpine
