"""What many games say of a player: facts, questions, answers that say how sure they are."""
