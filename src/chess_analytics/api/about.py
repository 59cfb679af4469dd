"""What a client has to know of a server before anybody is signed in."""

from pydantic import BaseModel, ConfigDict, Field

from chess_analytics import __version__
from chess_analytics.api.accounts import Me, me_of
from chess_analytics.api.identity import How, Scope, Visitor
from chess_analytics.api.resources import TheSettings
from chess_analytics.api.routes import Glancing, Router
from chess_analytics.store.accounts import anybody_can_sign_in

router = Router(tags=["health"])


class About(BaseModel):
    """How one gets in, and what may be brought along."""

    model_config = ConfigDict(frozen=True)

    version: str
    is_signed_in: bool = Field(description="Whether you are somebody here.")
    me: Me | None = Field(
        description="Who you are, as `GET /me` tells it; null where nobody is signed in, or where "
        "a token may not read."
    )
    is_local: bool = Field(description="One user, and nobody signs in.")
    is_new: bool = Field(
        description="Nobody can sign in yet: who signs up now becomes the administrator."
    )
    can_sign_up: bool = Field(description="Whether anybody may make an account now.")
    has_lichess_sign_in: bool = Field(
        description="Whether one can sign in with Lichess: `GET /sign-in/lichess`."
    )
    upload_mb: int = Field(description="The largest file that can be uploaded, in MiB.")


@router.get("/about")
def get_about(who: Visitor, settings: TheSettings, glancing: Glancing) -> About:
    """Tell how one gets in here; anybody may ask."""
    # Whoever has a session has signed in.
    has_users = (who and who.how is How.SESSION) or settings.local
    is_new = not has_users and not anybody_can_sign_in(glancing)
    return About(
        version=__version__,
        is_signed_in=who is not None,
        me=me_of(glancing, who) if who and Scope.READ in who.scopes else None,
        is_local=settings.local,
        is_new=is_new,
        can_sign_up=not settings.local and (is_new or settings.sign_up),
        has_lichess_sign_in=settings.lichess_client_id is not None and not settings.local,
        upload_mb=settings.upload_mb,
    )
