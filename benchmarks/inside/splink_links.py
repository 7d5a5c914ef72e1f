"""Links two CSV files of records with splink, and prints key, key and probability of each link.

Runs in an environment that has splink: ``pip install splink``. The project does without it.
"""

import csv
import sys

import splink.comparison_library as compare
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

BLOCKING = (
    block_on("phone"), block_on("zip"), block_on("street", "state"), block_on("name", "state"),
)  # fmt: skip

COLUMNS = """
    key, nullif(name, '') as name, nullif(program, '') as program,
    nullif(street, '') as street, zip, state, nullif(phone, '') as phone,
    try_cast(latitude as double) as latitude, try_cast(longitude as double) as longitude
"""


def main(known: str, rows: str) -> None:
    database = DuckDBAPI()
    tables = [
        database.register(
            database.duckdb_con.read_csv(path, all_varchar=True).project(COLUMNS).to_arrow_table(),
            dataset_display_name=name,
        )
        for name, path in (("known", known), ("rows", rows))
    ]
    settings = SettingsCreator(
        link_type="link_only",
        unique_id_column_name="key",
        comparisons=[
            compare.JaroWinklerAtThresholds("name", [0.95, 0.88]),
            compare.JaroWinklerAtThresholds("program", [0.95, 0.88]),
            compare.JaroWinklerAtThresholds("street", [0.95]),
            compare.ExactMatch("zip").configure(term_frequency_adjustments=True),
            compare.ExactMatch("phone").configure(term_frequency_adjustments=True),
            compare.DistanceInKMAtThresholds("latitude", "longitude", [0.05, 1, 40]),
        ],
        blocking_rules_to_generate_predictions=BLOCKING,
    )
    linker = Linker(tables, settings, log_level=None)
    linker.training.estimate_probability_two_random_records_match(
        [block_on("name", "street", "zip")], recall=0.7
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=2_000_000)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("phone"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("name", "state"))
    links = linker.inference.predict(threshold_match_probability=0.01).as_record_list()
    writer = csv.writer(sys.stdout)
    for link in links:
        is_known_left = link["source_dataset_l"] == "known"
        left, right = link["key_l"], link["key_r"]
        pair = (right, left) if is_known_left else (left, right)
        writer.writerow([*pair, link["match_probability"]])


if __name__ == "__main__":
    main(*sys.argv[1:])
