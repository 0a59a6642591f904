#!/bin/sh
# Fetches the Nu Html Checker, once, into .venv; without Java or npm says loudly that pages and letters aren't checked.
set -u
version=26.9.27
jar=.venv/vnu-$version.jar
command -v java >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 && {
  [ -e "$jar" ] && exit 0
  folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT
  npm pack --silent --pack-destination "$folder" "vnu-jar@$version" >/dev/null && tar -xzf "$folder/vnu-jar-$version.tgz" -C "$folder" &&
    mv "$folder/package/build/dist/vnu.jar" "$jar" && exit 0
}
echo '!!!!! NO JAVA, NO NPM OR NO PACKAGE vnu-jar: THE HTML OF PAGES AND LETTERS WILL NOT BE CHECKED !!!!!' >&2
