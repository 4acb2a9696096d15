"""TLS contexts: the strict one, and one for boxes that are older than today's rules."""

import functools
import ssl


@functools.cache
def context(verify: bool) -> ssl.SSLContext:
    """Make a context; reads files, so not on the event loop.

    Without verification any certificate is taken, and old ciphers and renegotiation too (§2).
    """
    if verify:
        return ssl.create_default_context()
    lenient = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    lenient.check_hostname = False
    lenient.verify_mode = ssl.CERT_NONE
    lenient.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    lenient.set_ciphers("DEFAULT:@SECLEVEL=0")
    lenient.options |= ssl.OP_LEGACY_SERVER_CONNECT
    return lenient
