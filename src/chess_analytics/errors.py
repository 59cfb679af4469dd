"""The root of our errors; each child lives near what raises it.

ChessAnalyticsError
├── EngineError            engine/evaluation.py: the engine cannot be used, or failed at a position
│   ├── EngineNotFound     engine/discovery.py
│   ├── InstallFailed      engine/install.py
│   ├── SearchInterrupted  engine/process.py: somebody stopped it on purpose
│   ├── EngineDied         engine/evaluation.py
│   ├── EngineHung         engine/evaluation.py
│   ├── EngineBabbled      engine/evaluation.py: it answered something that is not UCI
│   └── PositionRefused    engine/evaluation.py
├── EvaluationsMissing     review/judge.py
├── InputNotReadable       sources/files.py
├── OutputNotWritable      cli/outputs.py
├── OutputRefused          cli/outputs.py: it would destroy an input or another output
├── SettingRefused         cli/overrides.py
└── StoreError             store/session.py
    └── StoreInUse         store/session.py
"""


class ChessAnalyticsError(Exception):
    """Something went wrong that a person can be told about: what, which, and what next."""
