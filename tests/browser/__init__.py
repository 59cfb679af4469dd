"""The web app in a real browser, on the real server with a real engine."""
