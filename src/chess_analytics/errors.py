"""The root of our errors; each child lives near what raises it.

ChessAnalyticsError
├── AccountError             actions/account_errors.py
│   ├── LastAdministrator    actions/account_errors.py
│   ├── LichessAccountTaken  actions/account_errors.py
│   ├── LichessSignInLost    actions/account_errors.py
│   ├── LogInRefused         actions/account_errors.py
│   ├── NameRefused          actions/account_errors.py
│   ├── NameTaken            actions/account_errors.py
│   ├── NotInLocalMode       actions/account_errors.py
│   ├── NotOneself           actions/account_errors.py
│   ├── OnlyWayIn            actions/account_errors.py
│   ├── PasswordRefused      actions/account_errors.py
│   ├── ProofRefused         actions/account_errors.py
│   ├── SignUpClosed         actions/account_errors.py
│   ├── TokenRefused         actions/account_errors.py
│   ├── TooManyAttempts      actions/account_errors.py
│   └── TooManyTokens        actions/account_errors.py
├── AnswerRefused            training/drill.py
├── BrokerAway               jobs/fleet/ringer.py
├── BrokerRefused            jobs/fleet/broker.py
├── ChecksBusy               actions/check_move.py
├── EngineError              engine/evaluation.py: it cannot be used, or failed at a position
│   ├── EngineBabbled        engine/evaluation.py: it answered something that is not UCI
│   ├── EngineDied           engine/evaluation.py
│   ├── EngineHung           engine/evaluation.py
│   ├── EngineNotFound       engine/discovery.py
│   ├── InstallFailed        engine/install.py
│   ├── NoEngine             jobs/engine_supply.py
│   ├── PositionRefused      engine/evaluation.py
│   └── SearchInterrupted    engine/process.py: somebody stopped it on purpose
├── EvaluationsMissing       review/judge.py
├── FactsOutdated            actions/load_facts.py
├── FleetRefused             cli/fleet.py
├── ImportLost               store/import_claims.py
├── ImportingError           actions/import_errors.py
│   ├── DiskFull             actions/import_errors.py
│   ├── ImportFailed         actions/import_errors.py
│   ├── OwnerGone            actions/import_errors.py
│   ├── PlayerLinked         actions/import_errors.py
│   ├── PlayerRefused        actions/import_errors.py
│   ├── SyncRefused          actions/import_errors.py
│   ├── TooManyImports       actions/import_errors.py
│   ├── TooManyPlayers       actions/import_errors.py
│   ├── UploadEmpty          actions/import_errors.py
│   └── UploadNotGames       actions/import_errors.py
├── InputNotReadable         sources/files.py
├── JobRefused               store/job_refusals.py
│   ├── JobRunning           store/job_refusals.py
│   ├── JobStateRefused      store/job_refusals.py
│   ├── NothingToAnalyse     store/job_refusals.py
│   ├── QuotaUsedUp          store/job_refusals.py
│   ├── ServerFull           store/job_refusals.py
│   └── TooManySingles       store/job_refusals.py
├── JobUnknown               cli/job_words.py
├── MetricsPortTaken         observability/exposition.py
├── NothingAnalysed          cli/career.py
├── OpponentUnknown          cli/opponent.py
├── OutputNotWritable        cli/outputs.py
├── OutputRefused            cli/outputs.py: it would destroy an input or another output
├── PlanRefused              cli/plan_inputs.py
├── PlayerNotLinked          cli/game_options.py
├── PlyUnknown               actions/try_move.py
├── PortTaken                cli/serve.py
├── ProfileUnknown           engine/profile.py
├── QuestionRefused          insights/question.py
├── QuietHoursUnclear        jobs/quiet_hours.py
├── SettingRefused           cli/overrides.py
├── SourceError              sources/http.py
│   ├── PlayerUnknown        sources/http.py
│   ├── SourceBusy           sources/http.py
│   ├── SourceRefused        sources/http.py
│   │   └── CodeRefused      sources/lichess_sign_in.py
│   ├── SourceUnreachable    sources/http.py
│   └── StoppedByUser        sources/http.py
├── StoreError               store/session.py
│   ├── BackupFailed         store/backup.py
│   ├── CopyDiffers          store/copying.py
│   ├── CopyRefused          store/copying.py
│   ├── CopyUnreadable       store/copying.py
│   ├── StoreInUse           store/session.py
│   └── StoreOutdated        store/session.py
├── StoredGameUnreadable     actions/exports/stored_pgn.py
├── TaskLost                 store/task_claims.py
├── TerminalNeeded           cli/user.py
├── TracesMissing            observability/traces.py
├── UploadTooLarge           sources/upload.py
├── UserUnknown              cli/whose.py
└── WorkerRefused            cli/worker.py
"""


class ChessAnalyticsError(Exception):
    """Something went wrong that a person can be told about: what, which, and what next."""
