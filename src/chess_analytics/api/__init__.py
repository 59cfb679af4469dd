"""The HTTP door: FastAPI. It holds no rules."""
