"""Writes the Parquet files of this folder with pyarrow, which shares nothing with the crate that reads them.

    pip install pyarrow; python3 tests/data/parquet.py
"""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

HERE = Path(__file__).parent
NONE = None

types = pa.table(
    {
        "i8": pa.array([-128, 127, NONE], pa.int8()),
        "i16": pa.array([-32768, 32767, NONE], pa.int16()),
        "i32": pa.array([-(2**31), 2**31 - 1, NONE], pa.int32()),
        "i64": pa.array([-(2**53), 2**62, NONE], pa.int64()),
        "u8": pa.array([0, 255, NONE], pa.uint8()),
        "u16": pa.array([0, 65535, NONE], pa.uint16()),
        "u32": pa.array([0, 2**32 - 1, NONE], pa.uint32()),
        "u64": pa.array([0, 2**63, NONE], pa.uint64()),
        "f16": pa.array([1.5, -0.25, NONE], pa.float16()),
        "f32": pa.array([0.1, -1e30, NONE], pa.float32()),
        "f64": pa.array([0.1, float("inf"), NONE], pa.float64()),
        "truth": pa.array([True, False, NONE], pa.bool_()),
        "dec": pa.array([Decimal("-3.25"), Decimal("12345678.90"), NONE], pa.decimal128(30, 2)),
        "cents": pa.array([Decimal("-3.25"), Decimal("99.90"), NONE], pa.decimal128(7, 2)),
        "day": pa.array([date(2026, 1, 2), date(1970, 1, 1), NONE], pa.date32()),
        "moment": pa.array([datetime(2026, 1, 2), datetime(1970, 1, 1), NONE], pa.timestamp("us")),
        "text": pa.array(["é", "", NONE], pa.string()),
        "list": pa.array([[1, 2], [], NONE], pa.list_(pa.int32())),
        "pair": pa.array([{"a": 1.0}, {"a": 2.0}, NONE], pa.struct([("a", pa.float64())])),
    }
)
pq.write_table(types, HERE / "types.parquet", compression="zstd", store_decimal_as_integer=True)

rows = 300
line = pa.table(
    {
        "x": pa.array([k / 100 for k in range(rows)]),
        "y": pa.array([NONE if k % 100 == 50 else 2 * (k / 100) + 1 for k in range(rows)]),
    }
)
for codec in ["snappy", "gzip", "zstd", "lz4", "none"]:
    version = "2.0" if codec in ("gzip", "lz4") else "1.0"
    name = HERE / f"line_{codec}.parquet"
    pq.write_table(line, name, compression=codec, data_page_version=version, row_group_size=70)
