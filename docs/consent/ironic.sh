#!/bin/sh
# ironic.sh NODE HOST UUID: rebuilds a node of Ironic, if a consent of HOST can be spent.
#
# Every node that holds data is protected once:
#   baremetal node set NODE --protected --protected-reason "needs the host's own consent"
# A protected node is neither undeployed, rebuilt nor deleted. This script alone takes that off, and only behind the
# consent; a policy that lets nobody else change `protected` makes it so. UUID is the hardware's, from your own records.
# If it ends in the middle, the node is without protection: look, and protect it.
set -eu
node=$1
host=$2
uuid=$3

backstay guard consent verify "/srv/consents/$host.consent" --key "/etc/backstay/hosts/$host.pub" \
  --spent /var/lib/backstay-spent --operation reinstall --target host --uuid "$uuid"

baremetal node unset "$node" --protected
baremetal node rebuild "$node" --wait
baremetal node set "$node" --protected --protected-reason "needs the host's own consent"
