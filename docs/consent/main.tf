# Raising the generation reinstalls db1 in place, if a consent of db1 can be spent. Both are one command: were they
# two resources, a failed second one would be run again later without a new consent. A command that fails fails the
# apply. Terraform itself never destroys the machine: it destroys an object before it runs the replacement's
# provisioners, and so before anybody was asked.
variable "generation" {
  type = string
}

resource "terraform_data" "db1" {
  triggers_replace = var.generation

  provisioner "local-exec" {
    command = "backstay guard consent verify \"$CONSENT\" --key \"$KEY\" --spent \"$SPENT\" --operation reinstall --target host --uuid \"$UUID\" && /usr/local/sbin/reinstall-machine db1"
    environment = {
      CONSENT = "/srv/consents/db1.consent"
      KEY     = "/etc/backstay/hosts/db1.pub"
      SPENT   = "/var/lib/backstay-spent"
      UUID    = "4c4c4544-0042-3510-8054-b4c04f4a3132"
    }
  }
}
