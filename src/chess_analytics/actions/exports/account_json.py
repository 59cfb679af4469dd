"""What a user owns beside games, as one JSON object each; no secret is among it, hashed or not."""

from dataclasses import asdict
from typing import Any

from chess_analytics.store.accounts import Account
from chess_analytics.store.import_problems import Problem
from chess_analytics.store.imports import StoredImport
from chess_analytics.store.players import LinkedPlayer
from chess_analytics.store.sessions import Session
from chess_analytics.store.tokens import Token

Object = dict[str, Any]


def user_object(account: Account) -> Object:
    """Show a user."""
    return {
        "id": account.id,
        "name": account.name,
        "is_admin": account.is_admin,
        "created_ms": account.created_ms,
        "has_password": account.password_hash is not None,
        "lichess_id": account.lichess_id,
    }


def player_object(player: LinkedPlayer) -> Object:
    """Show one of a user's names."""
    return asdict(player)


def import_object(stored: StoredImport) -> Object:
    """Show an import and what came of it."""
    counts = stored.counts
    return {
        "id": stored.id,
        "kind": stored.kind,
        "name": stored.name,
        "player_id": stored.player_id,
        "state": stored.state,
        "found": counts.found,
        "added": counts.added,
        "already_there": counts.already_there,
        "set_aside": counts.set_aside,
        "broken": counts.broken,
        "reasons": dict(counts.reasons),
        "bytes_read": stored.bytes_read,
        "bytes_total": stored.bytes_total,
        "error": stored.error,
        "created_ms": stored.created_ms,
        "started_ms": stored.started_ms,
        "ended_ms": stored.ended_ms,
    }


def problem_object(import_id: int, problem: Problem) -> Object:
    """Show an entry of an import that is not in the library."""
    return {"import_id": import_id, **asdict(problem)}


def session_object(session: Session) -> Object:
    """Show where a user is signed in."""
    return {
        "created_ms": session.created_ms,
        "seen_ms": session.seen_ms,
        "expires_ms": session.expires_ms,
        "agent": session.agent,
    }


def token_object(token: Token) -> Object:
    """Show that a program may act for a user."""
    return {
        "name": token.name,
        "scopes": sorted(token.scopes),
        "created_ms": token.created_ms,
        "expires_ms": token.expires_ms,
        "used_ms": token.used_ms,
    }
