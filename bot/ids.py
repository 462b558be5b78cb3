"""Names that cannot be guessed. The only randomness of the product."""

import secrets

from surveys.invitations import TOKEN_BYTES


def new_id() -> str:
    """A name for an interview: 72 bits."""
    return secrets.token_urlsafe(9)


def new_token() -> str:
    """An invitation's token: 192 bits, in the letters a deep link takes."""
    return secrets.token_urlsafe(TOKEN_BYTES)
