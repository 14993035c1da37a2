#!/bin/sh
# maas.sh SYSTEM_ID HOST: redeploys a machine of MAAS, if a consent of HOST can be spent.
#
# Every machine that holds data is locked once: maas "$PROFILE" machine lock "$SYSTEM_ID". A locked machine is neither
# released nor deployed. This script alone unlocks, and only behind the consent; whoever else may unlock goes round it.
# If it ends in the middle, the machine may be unlocked: look, and lock it.
set -eu
system=$1
host=$2
profile=${PROFILE:-admin}
machine=$(maas "$profile" machine read "$system")
uuid=$(printf %s "$machine" | jq -er '.hardware_uuid | select(test("^[0-9a-fA-F-]{36}$")) | ascii_downcase')

backstay guard consent verify "/srv/consents/$host.consent" --key "/etc/backstay/hosts/$host.pub" \
  --spent /var/lib/backstay-spent --operation reinstall --target host --uuid "$uuid"

maas "$profile" machine unlock "$system" comment="consent of $host"
maas "$profile" machine release "$system" comment="consent of $host"
until [ "$(maas "$profile" machine read "$system" | jq -r .status_name)" = Ready ]; do sleep 10; done
maas "$profile" machines allocate system_id="$system"
maas "$profile" machine deploy "$system"
maas "$profile" machine lock "$system" comment="holds data from now on"
