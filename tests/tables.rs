//! Tables kept to their end: JSON lines, in memory or in a temporary file, where rows stand; Parquet with its feature.

use gradus::OverRows;
use gradus::descend::Objective;
use gradus::descend::rows::Rows;
use gradus::fit::data::{
    CHUNK_ROWS, Chunk, DEFAULT_MEMORY, DataError, Format, MAX_ROW_BYTES, Missing, Place, Reader,
    SAMPLE_LINES, Table,
};
use gradus::program::batch::fold::PART;

fn reader(text: impl Into<Vec<u8>>, missing: Missing) -> Result<Reader, DataError> {
    let format = Format {
        missing,
        ..Format::default()
    };
    Reader::new(std::io::Cursor::new(text.into()), "t", &format)
}

/// All columns of a table, and the lines of its rows.
fn whole(text: &str, missing: Missing) -> Result<(Vec<Vec<f64>>, Vec<u64>), DataError> {
    let mut reader = reader(text, missing)?;
    let all: Vec<usize> = (0..reader.columns().len()).collect();
    reader.choose(&all, false);
    reader.note_lines();
    let mut chunk = Chunk::default();
    reader.read(&mut chunk)?;
    Ok((chunk.columns, chunk.lines))
}

// ---- JSON lines ------------------------------------------------------------------------------------------------------

#[test]
fn objects_are_rows() {
    for text in [
        "{\"x\": 1, \"y\": 2.5}\n{\"x\": -3e0, \"y\": 4}\n",
        "{\"x\":1,\"y\":2.5}\r\n\r\n{\"y\":4,\"x\":-3}",
        "\u{feff}{\"x\": \"1\", \"y\": \" 2.5 \"}\n{\"x\": \"-3\", \"y\": 4.0}\n",
    ] {
        // A byte order mark hides the brace: by its name the file is known all the same.
        let (columns, lines) = match text.starts_with('{') {
            true => whole(text, Missing::Refuse).unwrap(),
            false => {
                let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("bom.jsonl");
                std::fs::write(&path, text).unwrap();
                let mut reader = Reader::open(&path, &Format::default()).unwrap();
                assert_eq!(reader.columns(), ["x", "y"]);
                reader.choose(&[0, 1], false);
                let mut chunk = Chunk::default();
                reader.read(&mut chunk).unwrap();
                (chunk.columns, vec![1, 2])
            }
        };
        assert_eq!(columns, [[1.0, -3.0], [2.5, 4.0]], "{text:?}");
        assert_eq!(lines.len(), 2);
    }
    // Names come from the first objects together, truth values are numbers, what is not chosen may be anything.
    let text = "{\"a\":true}\n\n{\"b\":\"NaN\",\"a\":false,\"c\":[1,{\"d\":2}]}\n";
    let mut table = reader(text, Missing::NaN).unwrap();
    assert_eq!(table.columns(), ["a", "b", "c"]);
    table.choose(&[0, 1], true);
    table.note_lines();
    let mut chunk = Chunk::default();
    assert_eq!(table.read(&mut chunk).unwrap(), 2);
    assert_eq!(chunk.columns[0], [1.0, 0.0]);
    assert!(chunk.columns[1].iter().all(|x| x.is_nan()));
    assert_eq!(chunk.lines, [1, 3]);
    assert_eq!(&chunk.kept[1][2], b"[1,{\"d\":2}]");
    // Every digit counts: serde_json alone is off by one in the last place of some.
    let (columns, _) = whole(
        "{\"x\": 9007199254740993.1}\n{\"x\":5e-324}",
        Missing::Refuse,
    )
    .unwrap();
    assert_eq!(
        columns[0],
        ["9007199254740993.1", "5e-324"].map(|t| t.parse::<f64>().unwrap())
    );
}

#[test]
fn absent_fields_are_missing_values() {
    let text =
        "{\"x\":1,\"y\":2}\n{\"x\":3}\n{\"x\":null,\"y\":5}\n{\"y\":7,\"x\":6,\"later\":0}\n";
    let mut refused = reader(text, Missing::Refuse).unwrap();
    refused.choose(&[0, 1], false);
    let error = refused.read(&mut Chunk::default()).unwrap_err().to_string();
    assert_eq!(error, "t, line 2: the value of `y` is missing");
    let mut text_table = reader(text, Missing::Drop).unwrap();
    text_table.choose(&[0, 1], false);
    text_table.note_lines();
    let mut chunk = Chunk::default();
    text_table.read(&mut chunk).unwrap();
    assert_eq!(
        (chunk.columns, chunk.lines),
        (vec![vec![1.0, 6.0], vec![2.0, 7.0]], vec![1, 4])
    );
    assert_eq!(text_table.dropped(), 2);
    let with_nan = reader(text, Missing::NaN).unwrap();
    assert_eq!(with_nan.columns(), ["x", "y", "later"]);
}

#[test]
fn wrong_objects_are_errors_with_their_line() {
    for (text, says) in [
        (
            "{\"x\":1}\n{\"x\":}\n",
            "t, line 2: no object of JSON: expected value, at column 6",
        ),
        (
            "{\"x\":1}\n\n[1]\n",
            "t, line 3: no object of JSON: invalid type: sequence, expected an object, at column 1",
        ),
        (
            "{\"x\":1} {\"x\":2}\n",
            "t, line 1: no object of JSON: trailing characters, at column 9",
        ),
        (
            "{\"x\":1}\n{\"x\":1,\"x\":2}\n",
            "t, line 2: no object of JSON: the field `x` stands there twice, at column 13",
        ),
        (
            "{\"x\":1}\n{\"x\":\"two\"}\n",
            "t, line 2: `two` in column `x` is not a number",
        ),
        (
            "{\"x\":1}\n{\"x\":[1]}\n",
            "t, line 2: `[1]` in column `x` is not a number",
        ),
        (
            "{\"x\":1}\n{\"x\":1e999}\n",
            "t, line 2: `1e999` in column `x` is too large for a number of 64 bits",
        ),
    ] {
        let error = whole(text, Missing::Refuse).unwrap_err();
        assert_eq!(error.to_string(), says, "{text:?}");
        assert!(error.hint().is_some());
    }
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("empty.jsonl");
    std::fs::write(&path, "\n \n").unwrap();
    let error = Reader::open(&path, &Format::default()).err().unwrap();
    assert!(
        error
            .to_string()
            .ends_with("empty.jsonl has no line with an object"),
        "{error}"
    );
    // Beyond the sample, and too long.
    let mut text = "{\"x\":1}\n".repeat(SAMPLE_LINES + 10);
    text += "{\"x\": ?}\n";
    let error = whole(&text, Missing::Refuse).unwrap_err().to_string();
    assert!(
        error.starts_with(&format!("t, line {}: ", SAMPLE_LINES + 11)),
        "{error}"
    );
    let text = format!("{{\"x\":1}}\n{{\"x\":\"{}\"}}\n", "1".repeat(MAX_ROW_BYTES));
    let error = whole(&text, Missing::Refuse).unwrap_err().to_string();
    assert_eq!(error, "t, line 2: the row is longer than 16 MiB");
}

#[test]
fn parquet_is_known_by_its_beginning() {
    let error = reader("PAR1\u{15}\u{4}", Missing::Refuse).err().unwrap();
    assert_eq!(error.to_string(), "t is a Parquet file");
    assert!(error.hint().unwrap().contains(".parquet"));
}

// ---- Tables ----------------------------------------------------------------------------------------------------------

fn rows_of_text(rows: usize) -> String {
    let mut text = String::from("x,y,unused\n");
    for k in 0..rows {
        let x = (k as f64 * 0.618) % 4.0 - 2.0;
        let y = (k as f64 * 0.414) % 3.0;
        text += &format!("{x},{y},7\n");
        if k % 1000 == 999 {
            text += "\n";
        }
    }
    text
}

fn table(text: &str, memory: usize) -> Table {
    let mut reader = reader(text, Missing::Drop).unwrap();
    reader.choose(&[0, 1], false);
    Table::read(&mut reader, memory, &mut |_| ()).unwrap()
}

#[test]
fn in_a_file_or_in_memory_the_bits_are_the_same() {
    for rows in [1, CHUNK_ROWS, 17 * PART + 5] {
        let text = rows_of_text(rows);
        let formula = "var(a*x + sin(b*y)) + mean(log(1 + exp(-y*(a*x + b)))) + max(a*y - b*x)";
        let formula = OverRows::parse(formula, &["x", "y"]).unwrap();
        let found = [DEFAULT_MEMORY, 0, 1_500_000].map(|memory| {
            let table = table(&text, memory);
            let spilled = memory == 0 || rows * 16 > memory;
            assert_eq!((table.is_spilled(), table.count()), (spilled, rows));
            assert_eq!(table.whole().is_none(), spilled);
            let mut objective = formula.objective(table).unwrap();
            let mut gradient = [0.0; 2];
            // A second pass reads the file again.
            objective.value(&[0.1, 0.2]);
            let value = objective.value_and_gradient(&[0.6, -0.3], &mut gradient);
            [value, gradient[0], gradient[1]].map(f64::to_bits)
        });
        assert!(found.iter().all(|bits| *bits == found[0]), "{rows} rows");
    }
}

#[test]
fn every_row_comes_once_and_in_order() {
    let rows = 17 * PART + 5;
    let text = rows_of_text(rows);
    let in_memory = table(&text, DEFAULT_MEMORY);
    let mut in_file = table(&text, 1000);
    let expected: Vec<Vec<f64>> = in_memory
        .whole()
        .unwrap()
        .iter()
        .map(|c| c.to_vec())
        .collect();
    let (mut found, mut parts) = (vec![Vec::new(); 2], Vec::new());
    in_file
        .visit(&mut |columns, count| {
            parts.push(count);
            for (found, column) in found.iter_mut().zip(columns) {
                assert_eq!(column.len(), count);
                found.extend_from_slice(column);
            }
        })
        .unwrap();
    assert_eq!(found, expected);
    assert!(parts.len() > 2, "{parts:?}");
    let (_, whole) = parts.split_last().unwrap();
    assert!(
        whole.iter().all(|part| part.is_multiple_of(PART)),
        "{parts:?}"
    );
}

#[test]
fn rows_know_their_lines() {
    let mut reader = reader("x\n1\n\n2\nNA\n3\n4\n", Missing::Drop).unwrap();
    reader.choose(&[0], false);
    let table = Table::read(&mut reader, DEFAULT_MEMORY, &mut |_| ()).unwrap();
    let lines: Vec<Place> = (0..4).map(|row| table.places().of(row)).collect();
    assert_eq!(lines, [2, 4, 6, 7].map(Place::Line));
    assert_eq!(table.extents()[0].least, 1.0);
    assert_eq!(
        (table.extents()[0].greatest, table.extents()[0].nan),
        (4.0, 0)
    );
    let large = rows_of_text(20_000);
    let table = self::table(&large, 0);
    assert_eq!(table.places().of(999), Place::Line(1001));
    assert_eq!(table.places().of(1000), Place::Line(1003));
    assert_eq!(table.places().of(19_999), Place::Line(20_020));
}

// ---- Parquet ---------------------------------------------------------------------------------------------------------

#[cfg(not(feature = "parquet"))]
#[test]
fn without_the_feature_parquet_is_refused() {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("refused.parquet");
    std::fs::write(&path, "PAR1").unwrap();
    let error = Reader::open(&path, &Format::default()).err().unwrap();
    assert!(
        error
            .to_string()
            .ends_with("refused.parquet: this gradus was built without Parquet")
    );
    assert!(error.hint().unwrap().contains("--features parquet"));
}

#[cfg(feature = "parquet")]
mod parquet {
    use super::*;
    use gradus::fit::data::{Cells, ParquetWriter};
    use std::fs::File;
    use std::path::PathBuf;

    /// Writes x (numbers, every tenth missing) and name (text), 40,000 rows.
    fn written(name: &str) -> PathBuf {
        let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let names = ["x", "name", "y"].map(str::to_owned);
        let file = File::create(&path).unwrap();
        let mut writer = ParquetWriter::new(file, "p", &names, &[false, true, false]).unwrap();
        for from in (0..40_000).step_by(7000) {
            let rows = from..(from + 7000).min(40_000);
            writer
                .write(&Cells {
                    rows: rows.len(),
                    numbers: vec![
                        rows.clone()
                            .map(|k| (k % 10 != 3).then_some(k as f64))
                            .collect(),
                        rows.clone().map(|k| Some(f64::from(k) / 3.0)).collect(),
                    ],
                    texts: vec![
                        rows.map(|k| (k % 2 == 0).then(|| format!("é{k}")))
                            .collect(),
                    ],
                })
                .unwrap();
        }
        writer.finish().unwrap();
        path
    }

    #[test]
    fn a_table_comes_back() {
        let path = written("back.parquet");
        let by = |missing| Format {
            missing,
            ..Format::default()
        };
        let mut reader = Reader::open(&path, &by(Missing::Drop)).unwrap();
        assert_eq!(reader.columns(), ["x", "name", "y"]);
        assert!(reader.has_numbers(2) && !reader.has_numbers(1));
        reader.choose(&[2, 0], true);
        let (mut chunk, mut x, mut y, mut names) = (Chunk::default(), vec![], vec![], vec![]);
        while reader.read(&mut chunk).unwrap() > 0 {
            y.extend_from_slice(&chunk.columns[0]);
            x.extend_from_slice(&chunk.columns[1]);
            let kept = chunk.kept[..chunk.rows].iter();
            names.extend(kept.map(|r| String::from_utf8(r[1].to_vec()).unwrap()));
        }
        let expected: Vec<u32> = (0..40_000).filter(|k| k % 10 != 3).collect();
        assert_eq!(
            x,
            expected.iter().map(|&k| f64::from(k)).collect::<Vec<_>>()
        );
        assert_eq!(
            y,
            expected
                .iter()
                .map(|&k| f64::from(k) / 3.0)
                .collect::<Vec<_>>()
        );
        assert_eq!((names[0].as_str(), names[1].as_str()), ("é0", ""));
        assert_eq!(reader.dropped(), 4000);

        let mut reader = Reader::open(&path, &by(Missing::Refuse)).unwrap();
        reader.choose(&[0], false);
        let error = reader.read(&mut chunk).unwrap_err().to_string();
        assert!(
            error.ends_with("back.parquet, row 4: the value of `x` is missing"),
            "{error}"
        );
        let mut reader = Reader::open(&path, &by(Missing::NaN)).unwrap();
        reader.choose(&[1], false);
        let error = reader.read(&mut chunk).unwrap_err().to_string();
        assert!(
            error.ends_with("column `name` holds no numbers but text"),
            "{error}"
        );
        let mut reader = Reader::open(&path, &by(Missing::NaN)).unwrap();
        reader.choose(&[0], false);
        let table = Table::read(&mut reader, 0, &mut |_| ()).unwrap();
        assert_eq!(
            (table.count(), table.places().of(7)),
            (40_000, Place::Row(8))
        );
    }

    fn fixture(name: &str) -> PathBuf {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        root.join("tests/data").join(name)
    }

    /// Written by pyarrow: `tests/data/parquet.py`.
    #[test]
    fn files_of_others_are_read_whatever_their_types() {
        let with_nan = Format {
            missing: Missing::NaN,
            ..Format::default()
        };
        let expected: [(&str, [f64; 2]); 15] = [
            ("i8", [-128.0, 127.0]),
            ("i16", [-32768.0, 32767.0]),
            ("i32", [-2147483648.0, 2147483647.0]),
            ("i64", [-9007199254740992.0, 4611686018427387904.0]),
            ("u8", [0.0, 255.0]),
            ("u16", [0.0, 65535.0]),
            ("u32", [0.0, 4294967295.0]),
            ("u64", [0.0, 9223372036854775808.0]),
            ("f16", [1.5, -0.25]),
            ("f32", [f64::from(0.1f32), f64::from(-1e30f32)]),
            ("f64", [0.1, f64::INFINITY]),
            ("truth", [1.0, 0.0]),
            ("dec", [-3.25, 12345678.9]),
            ("cents", [-3.25, 99.9]),
            ("pair.a", [1.0, 2.0]),
        ];
        for (name, values) in expected {
            let mut reader = Reader::open(&fixture("types.parquet"), &with_nan).unwrap();
            let at = reader.columns().iter().position(|c| c == name).expect(name);
            assert!(reader.has_numbers(at), "{name}");
            reader.choose(&[at], false);
            let mut chunk = Chunk::default();
            assert_eq!(reader.read(&mut chunk).unwrap(), 3, "{name}");
            assert_eq!(chunk.columns[0][..2], values, "{name}");
            assert!(chunk.columns[0][2].is_nan(), "{name}");
        }
        for (name, kind) in [
            ("day", "dates"),
            ("moment", "times"),
            ("text", "text"),
            ("list.list.element", "lists"),
        ] {
            let mut reader = Reader::open(&fixture("types.parquet"), &with_nan).unwrap();
            let at = reader.columns().iter().position(|c| c == name);
            let at = at.unwrap_or_else(|| panic!("{name}: {:?}", reader.columns()));
            reader.choose(&[at], false);
            let error = reader.read(&mut Chunk::default()).unwrap_err().to_string();
            let says = format!("column `{name}` holds no numbers but {kind}");
            assert!(error.ends_with(&says), "{error}");
        }
    }

    #[test]
    fn files_of_others_are_read_however_compressed() {
        for codec in ["snappy", "gzip", "zstd", "lz4", "none"] {
            let name = format!("line_{codec}.parquet");
            let drop = Format {
                missing: Missing::Drop,
                ..Format::default()
            };
            let mut reader = Reader::open(&fixture(&name), &drop).unwrap();
            reader.choose(&[0, 1], false);
            let table = Table::read(&mut reader, DEFAULT_MEMORY, &mut |_| ()).unwrap();
            assert_eq!((table.count(), reader.dropped()), (297, 3), "{codec}");
            let columns = table.whole().unwrap();
            let on_line = |(x, y): (&f64, &f64)| *y == 2.0 * x + 1.0;
            assert!(columns[0].iter().zip(columns[1]).all(on_line), "{codec}");
            assert_eq!((columns[0][50], columns[0][296]), (0.51, 2.99), "{codec}");
        }
    }

    #[test]
    fn broken_files_are_errors() {
        let bytes = std::fs::read(written("whole.parquet")).unwrap();
        let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("broken.parquet");
        let mut found = 0;
        for (cut, flip) in [
            (0, 0),
            (5, 0),
            (bytes.len() / 2, 0),
            (bytes.len() - 1, 0),
            (0, 9),
            (0, 40),
            (0, 200),
        ] {
            let mut broken = match cut {
                0 => bytes.clone(),
                cut => bytes[..cut].to_vec(),
            };
            if flip > 0 {
                let at = broken.len() - flip;
                broken[at] ^= 0x55;
            }
            std::fs::write(&path, &broken).unwrap();
            let read = Reader::open(
                &path,
                &Format {
                    missing: Missing::NaN,
                    ..Format::default()
                },
            )
            .and_then(|mut reader| {
                reader.choose(&[0, 2], true);
                Table::read(&mut reader, DEFAULT_MEMORY, &mut |_| ())
            });
            found += usize::from(read.is_err());
        }
        assert!(found >= 4, "{found} of 6 broken files were refused");
    }
}

/// A damaged file is an error or other numbers, never a panic that ends the program.
#[cfg(feature = "parquet")]
#[test]
fn damaged_parquet_files_are_errors() {
    let bytes = std::fs::read(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/data/line_none.parquet"
    ))
    .unwrap();
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("damaged.parquet");
    // Caught panics would fill the output of the test.
    std::panic::set_hook(Box::new(|_| {}));
    let mut refused = 0;
    for at in 0..bytes.len() {
        for flipped in [0x15, 0xff] {
            let mut damaged = bytes.clone();
            damaged[at] ^= flipped;
            std::fs::write(&path, &damaged).unwrap();
            let read = || -> Result<(), DataError> {
                let mut reader = Reader::open(&path, &Format::default())?;
                let all: Vec<usize> = (0..reader.columns().len()).collect();
                reader.choose(&all, true);
                let mut chunk = Chunk::default();
                while reader.read(&mut chunk)? > 0 {}
                Ok(())
            };
            refused += usize::from(read().is_err());
        }
    }
    let _ = std::panic::take_hook();
    assert!(refused > 100, "{refused}");
}
