#!/bin/sh
# Unpacks Debian's Postfix and Exim into a folder outside the repository (MAIL_SERVERS), for the two can't be installed together, and installs
# the libraries that they need. The tests of delivery start them from there, as root; elsewhere those tests don't run, loudly.
set -u
folder=${MAIL_SERVERS:-/var/tmp/madrina-mail-servers}
have() { [ -x "$folder/usr/lib/postfix/sbin/master" ] && [ -x "$folder/usr/sbin/exim4" ] && id Debian-exim >/dev/null 2>&1; }
have && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Unpacking Postfix and Exim in $folder for the tests of delivery (once)" >&2
  packages=$(mktemp -d) && trap 'rm -rf "$packages"' EXIT && cd "$packages" || exit 1
  {
    apt-get update -qq
    apt-cache depends -i postfix exim4-daemon-light | awk '/ Depends: lib/ {print $2}' | sort -u |
      DEBIAN_FRONTEND=noninteractive xargs apt-get install -y -qq --no-install-recommends
    apt-get download -qq -o APT::Sandbox::User=root postfix exim4-daemon-light && mkdir -p "$folder" &&
      for package in *.deb; do dpkg -x "$package" "$folder"; done
    id Debian-exim || useradd --system --no-create-home --shell /usr/sbin/nologin Debian-exim # its name is compiled into Exim
  } >/dev/null
fi
have && exit 0
echo '!!!!! POSTFIX AND EXIM CANNOT BE HAD: THE TESTS WITH REAL MAIL SERVERS WILL NOT RUN !!!!!' >&2
