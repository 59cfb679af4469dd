"""What the engine thinks: evaluations, one UCI process, a pool of them."""
