"""What holds for every test."""

from hypothesis import settings

# A deadline measures the machine, not the code: busy machines would make sound tests fail.
settings.register_profile("steady", deadline=None)
settings.load_profile("steady")
