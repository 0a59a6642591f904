# As the official image has it, so that a volume there belongs to its user.
FROM postgres:18-alpine
# And its entry point, where nothing but the folder of the socket may be written to.
ENV TMPDIR=/var/run/postgresql
RUN install --directory --owner 70 --group 70 --mode 1777 /var/lib/postgresql
