"""The doorbell of a fleet: Celery and Redis say that there is work, the database says which."""
