#!/usr/bin/env bash
# What some tests run against besides the embedded server: PostgreSQL 15, PgBouncer, RabbitMQ, and Chromium with a Chinese font, from Debian's packages.
# Installed where that is allowed (root, apt); else said loudly, and those tests are skipped.
set -u
missing=()
command -v pgbouncer >/dev/null || missing+=(pgbouncer)
[ -x /usr/lib/postgresql/15/bin/postgres ] || missing+=(postgresql-15)
[ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] || missing+=(rabbitmq-server)
command -v chromium >/dev/null || missing+=(chromium)
fc-list 2>/dev/null | grep -qi -e wqy -e cjk || missing+=(fontconfig fonts-wqy-zenhei)
[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  # The package would otherwise make and start a cluster of its own.
  mkdir -p /etc/postgresql-common
  [ -e /etc/postgresql-common/createcluster.conf ] || echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.conf
  # RabbitMQ would start too, on every address: in runlevel 1 no service is.
  export RUNLEVEL=1
  timeout 300 apt-get update -qq && timeout 300 apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null && exit 0
fi
echo "##############################################################################"
echo "## LEFT OUT: ${missing[*]} cannot be installed here; their tests are skipped."
echo "##############################################################################"
