"""What the chart says by default."""

import pathlib
import re
import subprocess
import sys
import textwrap

HELM = pathlib.Path(__file__).resolve().parents[1] / ".tools/helm/helm"
CHART = pathlib.Path(__file__).resolve().parents[1] / "loopline-app"


def value(path):
    """One number, by its path."""
    text = (CHART / "values.yaml").read_text()
    for depth, key in enumerate(path.split(".")):
        text = text[re.search(r"^%s%s:" % ("  " * depth, key), text, re.M).end():]
    return int(text.split("\n")[0])


def configuration(values):
    """The application's configuration file as the chart renders it."""
    if not HELM.exists():
        sys.exit("There is no %s: run helm/check first" % HELM)
    settings = ["--set=%s=%s" % each for each in values.items()]
    rendered = subprocess.run([HELM, "template", "demo", CHART, "--show-only", "templates/configmap.yaml", *settings],
                              check=True, text=True, stdout=subprocess.PIPE).stdout
    return textwrap.dedent(rendered.split("application.yaml: |\n")[1])
