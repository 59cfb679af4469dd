"""For servers of this machine, which are asked without TLS."""

import ssl

NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Say ``verify=NO_TLS``: by default each request by itself reads all certificates of the world, and
takes 60 ms of a core for that."""
