import json
import subprocess
import sys

import pytest

from reports.json import as_json
from tests.reports.screens import LABELS, SCREENS, made

FIGURE = {"n", "value", "interval", "suppressed"}


async def shape(screen: str) -> dict[str, object]:
    """The report as a reader of the file gets it."""
    return json.loads(json.dumps(as_json(await made(screen), LABELS, "ru"), allow_nan=False))


async def test_nps_has_the_public_shape() -> None:
    found = await shape("nps_by_role")
    assert {key: found[key] for key in ("metric", "unit", "where", "since", "until", "by", "missing")} == {
        "metric": "nps",
        "unit": "points",
        "where": {},
        "since": "2026-07-01T00:00:00Z",
        "until": None,
        "by": "role",
        "missing": ["business_owner", "project_office"],
    }
    total = found["total"]
    assert (total["n"], total["band"]) == (9, "good")
    assert total["value"] == pytest.approx(100 * 4 / 9)
    assert total["histogram"] == {str(s): {3: 1, 7: 2, 8: 1, 9: 3, 10: 2}.get(s, 0) for s in range(11)}
    group = found["groups"][0]
    assert (group["key"], group["label"], group["n"], group["suppressed"]) == ("senior_it", "ИТ-руководитель", 4, False)
    assert group["value"] == 25.0
    assert group["interval"][0] < 25 < group["interval"][1]


async def test_a_suppressed_group_has_neither_value_nor_histogram() -> None:
    first, second, third = (await shape("nps_suppressed"))["groups"]
    for hidden in (first, second):
        assert (hidden["suppressed"], hidden["value"], hidden["interval"], hidden["histogram"], hidden["band"]) == (
            True,
            None,
            None,
            None,
            None,
        )
    assert third["value"] == 100


async def test_answers_without_a_value_in_the_dimension_have_neither_key_nor_label() -> None:
    last = (await shape("nps_by_stage_large"))["groups"][-1]
    assert (last["key"], last["label"], last["n"]) == (None, None, 1)


async def test_no_data_is_null() -> None:
    total = (await shape("nps_no_data"))["total"]
    assert {key: total[key] for key in FIGURE} == {"n": 0, "value": None, "interval": None, "suppressed": False}


async def test_csat_on_several_scales_has_a_histogram_for_each() -> None:
    found = await shape("csat_by_component")
    assert (found["method"], found["scales"], "histogram" in found["total"]) == ("top2", ["csat_5", "csat_10"], False)
    assert found["total"]["histograms"]["csat_5"] == {"1": 0, "2": 1, "3": 2, "4": 0, "5": 4}
    assert len(found["total"]["histograms"]["csat_10"]) == 10


async def test_effort_on_another_scale_stands_apart() -> None:
    found = await shape("ces_by_touchpoint")
    assert (found["unit"], found["total"]["n"], found["total"]["histogram"]["5"]) == ("mark", 4, 3)
    assert found["total"]["scales"]["ces_7"]["n"] == 10
    assert found["groups"][1]["value"] is None
    assert found["groups"][1]["scales"]["ces_7"]["value"] == 6


async def test_csi_carries_its_roles_the_weight_heard_and_the_silent() -> None:
    found = await shape("csi_by_component")
    usability = next(group for group in found["groups"] if group["key"] == "usability")
    voice = usability["roles"]["senior_it"]
    assert voice.pop("interval") == pytest.approx([30.06, 95.44], abs=0.01)
    assert voice == {"value": 75.0, "n": 4, "weight": 0.3}
    assert usability["roles"]["key_user"] == {"value": None, "interval": None, "n": 0, "weight": 0.2}
    assert usability["covered"] == pytest.approx(0.65)
    assert usability["missing"] == ["key_user", "project_office"]
    assert found["unweighted"] == ["auditor"]


async def test_response_carries_its_fieldwork() -> None:
    total = (await shape("response_by_stage"))["total"]
    assert {key: total[key] for key in total.keys() - FIGURE} == {
        "invited": 44,
        "delivered": 40,
        "started": 25,
        "completed": 18,
        "partial": 2,
        "refused": 3,
        "undeliverable": 4,
        "unreached": 12,
        "rr1": pytest.approx(100 * 18 / 44),
        "rr1_interval": pytest.approx([27.688, 55.590], abs=0.001),
        "rr2": pytest.approx(100 * 20 / 44),
        "rr2_interval": pytest.approx([31.705, 59.934], abs=0.001),
        "median_seconds": 150,
        "median_interval": None,
    }


async def test_every_screen_is_json() -> None:
    for screen in SCREENS:
        found = await shape(screen)
        for figure in (found["total"], *found["groups"]):
            assert figure.keys() >= FIGURE


def test_json_and_csv_cost_no_heavy_import() -> None:
    script = (
        "import sys, reports.json, reports.csv, surveys.query, surveys.report\n"
        "print(sorted({name.split('.')[0] for name in sys.modules} & "
        "{'aiogram', 'babel', 'matplotlib', 'pydantic', 'sqlalchemy'}))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
