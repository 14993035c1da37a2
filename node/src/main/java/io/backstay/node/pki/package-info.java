/// Client and server certificates of one fleet, made at start. Start at [CertificateAuthority].
/// Never writes a private key readable by others.
@NullMarked
package io.backstay.node.pki;

import org.jspecify.annotations.NullMarked;
