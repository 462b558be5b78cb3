"""Names that cannot be guessed. The only randomness of the product."""

import base64
import hashlib
import hmac
import secrets

from surveys.invitations import TOKEN_BYTES


def new_id() -> str:
    """A name for an interview: 72 bits."""
    return secrets.token_urlsafe(9)


def new_token() -> str:
    """An invitation's token: 192 bits, in the letters a deep link takes."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def derived_token(secret: str, name: str) -> str:
    """A token that is kept nowhere and can be made again by whoever has the secret."""
    digest = hmac.digest(secret.encode(), name.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest[:TOKEN_BYTES]).decode()
