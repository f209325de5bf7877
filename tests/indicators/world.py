"""A whole small catalogue as files: two goals, three indicators, a country, two regions and two municipalities."""

from __future__ import annotations

from pathlib import Path

HEADER = (
    "indicator_code,area_code,period,breakdown,value,printed,flag,reason,footnotes,method,carried_over,"
    "published_level,published_development,table,published_basis\n"
)

FILES = {
    "area_kinds.yaml": """\
- {code: country, name: Land, name_plural: Lande, name_en: Country, name_plural_en: Countries, rank: 0}
- {code: region, name: Region, name_plural: Regioner, name_en: Region, name_plural_en: Regions, rank: 1}
- {code: municipality, name: Kommune, name_plural: Kommuner, name_en: Municipality, name_plural_en: Municipalities,
   rank: 4}
""",
    "areas.csv": """\
code,kind,name,official_name,valid_from,valid_to,confirmation,note,source
000,country,Hele landet,Danmark,,,,,
081,region,Nordjylland,Region Nordjylland,2007-01-01,,,,
082,region,Midtjylland,Region Midtjylland,2007-01-01,,,,
791,municipality,Viborg,Viborg Kommune,2007-01-01,,,,
825,municipality,Læsø,Læsø Kommune,2007-01-01,,,,
""",
    "area_aliases.csv": "alias,area_code,source\nLandet,000,\n",
    "area_memberships.csv": """\
member_code,container_code,valid_from,valid_to,confirmation,source
791,082,2007-01-01,,,
825,081,2007-01-01,,,
""",
    "area_successions.csv": "predecessor_code,successor_code,on,note\n",
    "frameworks.yaml": """\
- slug: nationale-maal
  name: Nationale mål
  position: 1
  goals:
    - {number: 1, slug: forloeb, name: Bedre forløb}
    - {number: 4, slug: kvalitet, name: Høj kvalitet}
""",
    "footnotes.yaml": "- {framework: nationale-maal, number: 1, text: Tallene er standardiseret.}\n",
    "indicators.yaml": """\
- code: genindlaeggelser
  framework: nationale-maal
  goal: forloeb
  position: 1
  name: Genindlæggelser
  official_name: Genindlæggelser inden for 30 dage, pct.
  unit: pct.
  decimals: 1
  direction: lower
  standardised: "yes"
  cadence: yearly
  levels:
    - {kind: country, decimals: 1, latest_period: "2023", comparison_years: 1, footnotes: [1]}
    - {kind: region, decimals: 1, latest_period: "2023", comparison_years: 1, footnotes: [1]}
    - {kind: municipality, decimals: 1, latest_period: "2023", comparison_years: 1}
- code: overlevelse
  framework: nationale-maal
  goal: kvalitet
  position: 1
  name: Overlevelse
  official_name: Overlevelse, pct.
  unit: pct.
  decimals: 0
  direction: higher
  standardised: unknown
  cadence: yearly
  levels:
    - {kind: country, decimals: 0, latest_period: "2023", comparison_years: 1}
    - {kind: region, decimals: 0, latest_period: "2023", comparison_years: 1}
- code: psykiatri
  framework: nationale-maal
  goal: forloeb
  position: 2
  name: Psykiatri
  official_name: Psykiatriske genindlæggelser, pct.
  unit: pct.
  decimals: 1
  direction: lower
  standardised: partly
  cadence: yearly
  levels:
    - {kind: country, decimals: 1, method: standardised, latest_period: "2023", comparison_years: 1}
    - {kind: municipality, decimals: 1, method: crude, latest_period: "2023", comparison_years: 1,
       level_comparable: false, level_note: Kommunens tal er ikke standardiseret.}
""",
    "editions.yaml": """\
- {slug: maal-2024, source: nationale_maal, title: Nationale mål 2024, published_on: 2024-11, note: En note.}
- {slug: maal-2023, source: tidligere_tal, title: Nationale mål 2023, published_on: '2023-11-07'}
""",
    "sources.yaml": """\
- {name: nationale_maal, title: Nationale mål 2024, reader: nationale_maal, file: figures.csv, edition: maal-2024,
   cadence: yearly, licence: Ingen licens angivet., next_expected_note: Ikke varslet.}
- {name: tidligere_tal, title: Tidligere tal, reader: tidligere_tal, file: earlier.csv, cadence: once}
""",
    "table1_2024.csv": """\
edition,goal_number,goal_slug,green,yellow,red,listed,counted
maal-2024,1,forloeb,1,0,0,2,2
maal-2024,4,kvalitet,0,1,0,3,1
maal-2024,,,1,1,0,5,3
""",
    "figures.csv": HEADER
    + """\
genindlaeggelser,000,2023,,11,11,ok,,1,,false,,,,
genindlaeggelser,081,2023,,10.7,"10,7",ok,,1,,false,,,,
genindlaeggelser,082,2023,,11.5,"11,5",ok,,1,,false,,,,
genindlaeggelser,791,2023,,11.1,"11,1",ok,,,,false,,,,
genindlaeggelser,825,2023,,,,suppressed,For få indlæggelser (note 1).,,,false,,,,
overlevelse,000,2023,,60,60,ok,,,,false,,yellow,,Aflæst i tabel 1.
overlevelse,081,2023,,66,66,ok,,,,false,,,,
overlevelse,082,2023,,60,60,ok,,,,false,,,,
psykiatri,000,2023,,20,20,ok,,,standardised,false,,,,
psykiatri,791,2023,,25,25,ok,,,crude,false,red,,,
""",
    "earlier.csv": HEADER.replace("\n", ",edition\n")
    + """\
genindlaeggelser,000,2022,,11.6,"11,6",ok,,,,false,,,,,maal-2023
genindlaeggelser,000,2023,,12.9,"12,9",provisional,,,,false,,,,,maal-2023
""",
}


def write_catalogue(folder: Path, **changed: str) -> Path:
    """The files in `folder`. `changed`: other text for a file, named with _ for the dot (figures_csv=...)."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in FILES.items():
        (folder / name).write_text(changed.get(name.replace(".", "_"), text), encoding="utf-8")
    return folder


def edit(folder: Path, name: str, old: str, new: str) -> None:
    """Change one place of a file; the place must be there exactly once."""
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
    path.write_text(text.replace(old, new), encoding="utf-8")
