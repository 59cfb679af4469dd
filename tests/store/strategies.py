"""What engines may say, for Hypothesis."""

from hypothesis import strategies as st

from chess_analytics.engine.evaluation import Evaluation, Line, Score

scores = st.builds(Score, cp=st.integers(-10_000, 10_000)) | st.builds(
    Score, mate=st.integers(-60, 60).filter(bool)
)
lines = st.builds(
    Line, scores, st.lists(st.sampled_from(["e2e4", "e7e8q", "e1h1"]), max_size=5).map(tuple)
)
evaluations = st.builds(
    Evaluation,
    lines,
    second=st.none() | lines,
    depth=st.none() | st.integers(0, 99),
    nodes=st.integers(0, 10**9),
)
