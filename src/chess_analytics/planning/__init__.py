"""How large an installation has to be: a simulation of its queue, and what follows. Pure."""
