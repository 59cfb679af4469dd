"""A site on a busy evening: people who browse, import and analyse at once, on a whole fleet.

The driver is our own, some lines of asyncio and the HTTP client that we have. Locust would fit the
lock and move no version, but brings 21 packages to every set-up, gevent and a web server among
them, for what a task a person does here.
"""
