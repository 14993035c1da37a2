#!/bin/sh
# ironic.sh NODE HOST: rebuilds a node of Ironic, if a consent of HOST can be spent.
#
# Every node that holds data is protected once:
#   baremetal node set NODE --protected --protected-reason "needs the host's own consent"
# A protected node is neither undeployed, rebuilt nor deleted. This script alone takes that off, and only behind the
# consent; a policy that lets nobody else change `protected` makes it so. The hardware's UUID is read
# from the node that is rebuilt, where it was put once: baremetal node set NODE --extra hardware_uuid=UUID
# If it ends in the middle, the node is without protection: look, and protect it.
set -eu
node=$1
host=$2
node_json=$(baremetal node show "$node" -f json)
uuid=$(printf %s "$node_json" | jq -er '.extra.hardware_uuid | select(test("^[0-9a-fA-F-]{36}$"))')

backstay guard consent verify "/srv/consents/$host.consent" --key "/etc/backstay/hosts/$host.pub" \
  --spent /var/lib/backstay-spent --operation reinstall --target host --uuid "$uuid"

baremetal node unset "$node" --protected
baremetal node rebuild "$node" --wait
baremetal node set "$node" --protected --protected-reason "needs the host's own consent"
