# As the official image has it, so that a volume there belongs to its user.
FROM postgres:18-alpine
ENV TMPDIR=/var/run/postgresql
RUN install --directory --owner 70 --group 70 --mode 1777 /var/lib/postgresql
# Its entry point takes options alone for those of the server.
ENTRYPOINT ["sh", "-c", "case ${1:-} in -*) set -- postgres \"$@\";; esac; exec docker-entrypoint.sh \"$@\"", "sh"]
CMD ["postgres"]
