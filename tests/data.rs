//! Tables: read chunk by chunk, and functions over their columns.

use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use gradus::fit::data::{CHUNK_ROWS, Chunk, DataError, Format, MAX_ROW_BYTES, Missing, Reader};
use gradus::program::FunctionError;
use gradus::program::batch::BatchError;
use gradus::{Compile, Derivatives, Graph};

fn random(seed: &mut u64) -> f64 {
    *seed = seed
        .wrapping_mul(6364136223846793005)
        .wrapping_add(1442695040888963407);
    (*seed >> 11) as f64 / (1u64 << 53) as f64 * 6.0 - 3.0
}

// ---- Compiled functions over columns ---------------------------------------------------------------------------------

#[test]
fn columns_are_points_beside_each_other() {
    let graph = Graph::new();
    let f = graph
        .parse("exp(-x^2)*sin(3*y) + log(1 + x^2)/(2 + cos(y))")
        .unwrap();
    let f = f.compile(&["x", "y"]).unwrap();
    let seed = &mut 7;
    for points in [0, 1, 63, 64, 1000, 40_000] {
        let x: Vec<f64> = (0..points).map(|_| random(seed)).collect();
        let y: Vec<f64> = (0..points).map(|_| random(seed)).collect();
        let (mut v, mut value) = (vec![9.0; points], vec![9.0; points]);
        let mut slopes = [vec![9.0; points], vec![9.0; points]];
        f.values_over(&[&x, &y], &mut [&mut v]).unwrap();
        let [by_x, by_y] = &mut slopes;
        f.value_and_gradient_over(&[&x, &y], &mut value, &mut [by_x, by_y])
            .unwrap();
        let mut sum = 0.0;
        for k in 0..points {
            let mut gradient = [0.0; 2];
            let expected = f.value_and_gradient(&[x[k], y[k]], &mut gradient).unwrap();
            let near = |a: f64, b: f64| (a - b).abs() <= 1e-14 * (1.0 + b.abs());
            assert!(near(v[k], expected) && near(value[k], expected), "{k}");
            assert!(near(slopes[0][k], gradient[0]), "{k}");
            assert!(near(slopes[1][k], gradient[1]), "{k}");
            sum += expected;
        }
        let found = f.sums_over(&[&x, &y], points).unwrap()[0];
        assert!(
            (found - sum).abs() <= 1e-11 * (1.0 + points as f64),
            "{found} {sum}"
        );
        let mean = f.means_over(&[&x, &y], points).unwrap()[0];
        assert!(if points == 0 {
            mean.is_nan()
        } else {
            mean == found / points as f64
        });
    }
}

#[test]
fn nan_stays_in_its_row() {
    let graph = Graph::new();
    let f = graph
        .parse("x^2*y + exp(x)")
        .unwrap()
        .compile(&["x", "y"])
        .unwrap();
    let (mut x, y) = (vec![1.5; 1000], vec![2.0; 1000]);
    let (mut clean, mut spoilt) = (vec![0.0; 1000], vec![0.0; 1000]);
    f.values_over(&[&x, &y], &mut [&mut clean]).unwrap();
    x[500] = f64::NAN;
    f.values_over(&[&x, &y], &mut [&mut spoilt]).unwrap();
    assert!(spoilt[500].is_nan());
    spoilt[500] = clean[500];
    assert_eq!(spoilt, clean);
    assert!(f.sums_over(&[&x, &y], 1000).unwrap()[0].is_nan());
}

#[test]
fn wrong_columns_are_errors_with_numbers() {
    let graph = Graph::new();
    let f = graph.parse("x*y").unwrap();
    let g = f.compile(&["x", "y"]).unwrap();
    let (three, two) = ([1.0; 3], [1.0; 2]);
    let text = |result: Result<(), FunctionError>| result.unwrap_err().to_string();
    let mut out = [0.0; 3];
    for (columns, says) in [
        (
            &[&three[..], &two][..],
            "input column 1 has 2 numbers where 3 are needed",
        ),
        (&[&three[..]], "1 input columns where the program has 2"),
        (
            &[&three[..], &three, &three],
            "3 input columns where the program has 2",
        ),
        (
            &[&two[..], &two],
            "input column 0 has 2 numbers where 3 are needed",
        ),
    ] {
        assert_eq!(text(g.values_over(columns, &mut [&mut out])), says);
        assert!(g.sums_over(columns, 3).is_err());
    }
    assert_eq!(out, [0.0; 3], "nothing is written");
    let columns: [&[f64]; 2] = [&three, &three];
    assert_eq!(
        text(g.values_over(&columns, &mut [])),
        "0 output columns where the program has 1"
    );
    let error = g.value_and_gradient_over(&columns, &mut out, &mut [&mut [0.0; 3]]);
    let (expected, found) = (2, 1);
    let what = "derivative";
    assert_eq!(
        error,
        Err(BatchError::Columns {
            what,
            expected,
            found
        }
        .into())
    );
    let bare = Compile {
        derivatives: Derivatives::None,
        ..Compile::default()
    };
    let bare = f.compile_with(&["x", "y"], bare).unwrap();
    let error = bare.value_and_gradient_over(&columns, &mut out, &mut []);
    assert_eq!(error, Err(FunctionError::NotCompiled("first derivatives")));
}

// ---- Tables ----------------------------------------------------------------------------------------------------------

fn table(text: &'static str, format: Format) -> Result<Reader, DataError> {
    Reader::new(text.as_bytes(), "t", &format)
}

/// All columns of a table as numbers.
fn numbers(text: &'static str, format: Format) -> Result<Vec<Vec<f64>>, DataError> {
    let mut reader = table(text, format)?;
    let all: Vec<usize> = (0..reader.columns().len()).collect();
    reader.choose(&all, false);
    let mut chunk = Chunk::default();
    reader.read(&mut chunk)?;
    Ok(chunk.columns)
}

#[test]
fn spellings_of_one_table() {
    let plain = Format::default();
    let comments = Format {
        comment: Some(b'#'),
        ..plain
    };
    let tabs = Format {
        delimiter: b'\t',
        ..plain
    };
    let bare = Format {
        header: false,
        ..plain
    };
    for (text, format) in [
        ("x,y\n1,2\n3,4\n", plain),
        ("x,y\n1,2\n3,4", plain),
        ("\u{feff}x,y\r\n1,2\r\n3,4\r\n", plain),
        ("\"x\", \"y\"\n\"1\", 2 \n\n+3.0,0.4e1\n", plain),
        ("# a\nx,y\n#b\n1,2\n# c\n3,4\n", comments),
        ("x\ty\n1\t2\n3\t4\n", tabs),
        ("1,2\n3,4\n", bare),
    ] {
        assert_eq!(
            numbers(text, format).unwrap(),
            [[1.0, 3.0], [2.0, 4.0]],
            "{text:?}"
        );
    }
    assert_eq!(table("1,2\n", bare).unwrap().columns(), ["c1", "c2"]);
    assert_eq!(
        table("\"x\", \"y\"\n", plain).unwrap().columns(),
        ["x", "y"]
    );
    assert_eq!(numbers("x,y\n", plain).unwrap(), [[0.0; 0]; 2]);
    assert_eq!(numbers("", bare).unwrap(), [[0.0; 0]; 0]);
    let odd = numbers("x\nNaN\ninf\n-inf\n-0\n", plain).unwrap();
    assert!(odd[0][0].is_nan() && odd[0][1] == f64::INFINITY && odd[0][2] == -f64::INFINITY);
    assert!(odd[0][3].is_sign_negative());
}

#[test]
fn missing_values_are_refused_left_out_or_nan() {
    let text = "x,y\n1,2\n,5\n3,NA\n4,null\n5,6\n";
    let by = |missing| Format {
        missing,
        ..Format::default()
    };
    let error = numbers(text, by(Missing::Refuse)).unwrap_err().to_string();
    assert_eq!(error, "t, line 3: the value of `x` is missing");
    assert_eq!(
        numbers(text, by(Missing::Drop)).unwrap(),
        [[1.0, 5.0], [2.0, 6.0]]
    );
    let with_nan = numbers(text, by(Missing::NaN)).unwrap();
    assert!(with_nan[0][1].is_nan() && with_nan[1][2].is_nan() && with_nan[1][3].is_nan());
    assert_eq!(with_nan[1][1], 5.0);
}

#[test]
fn errors_name_line_and_column() {
    for (text, says) in [
        ("", "t is empty"),
        ("\n\n", "t is empty"),
        ("x,x\n", "t: columns 1 and 2 are both called `x`"),
        (
            "x,y\n1,two\n",
            "t, line 2: `two` in column `y` is not a number",
        ),
        (
            "x,y\r\n1,2\r\n\r\n3,4,5\r\n",
            "t, line 4: 3 fields where there are 2 columns",
        ),
        (
            "x,y\r\n1,2\r\n3\r\n",
            "t, line 3: 1 fields where there are 2 columns",
        ),
        (
            "x,y\n\n\n1,2\n\"a\nb\",4",
            "t, line 5: `a b` in column `x` is not a number",
        ),
        (
            "x,y\n1,2\n3,\"4\n5,6\n7,8\n",
            "t, line 3: a quote is opened and never closed",
        ),
        (
            "x,y\n1,2\n3,\"4\n5,6",
            "t, line 3: a quote is opened and never closed",
        ),
        (
            "x\n1e999\n",
            "t, line 2: `1e999` in column `x` is too large for a number of 64 bits",
        ),
    ] {
        let error = numbers(text, Format::default()).unwrap_err();
        assert_eq!(error.to_string(), says, "{text:?}");
        assert!(error.hint().is_some(), "{text:?}");
    }
    let utf16 = Reader::new(&b"\xff\xfex\0"[..], "t", &Format::default());
    assert_eq!(utf16.err().unwrap().to_string(), "t is text in UTF-16");
}

#[test]
fn line_numbers_hold_at_the_edges_of_blocks() {
    for rows in [9_000, 16_380, 16_384, 16_385, 40_000] {
        for end in ["\n", "\r\n"] {
            let mut text = format!("x{end}") + &format!("1234567{end}").repeat(rows);
            text += &format!("bad{end}1{end}");
            let mut reader =
                Reader::new(std::io::Cursor::new(text), "t", &Format::default()).unwrap();
            reader.choose(&[0], false);
            let mut chunk = Chunk::default();
            let error = loop {
                match reader.read(&mut chunk) {
                    Ok(found) => assert!(found > 0),
                    Err(error) => break error.to_string(),
                }
            };
            assert!(
                error.starts_with(&format!("t, line {}: `bad`", rows + 2)),
                "{error}"
            );
        }
    }
}

/// Gives rows for ever, or as many as wanted, and counts what it has given.
struct Rows {
    left: u64,
    rest: Vec<u8>,
    given: Arc<AtomicU64>,
    line: &'static str,
}

impl Read for Rows {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        while self.rest.len() < buffer.len() && self.left > 0 {
            self.rest.extend_from_slice(self.line.as_bytes());
            self.left -= 1;
        }
        let found = buffer.len().min(self.rest.len());
        buffer[..found].copy_from_slice(&self.rest[..found]);
        self.rest.drain(..found);
        self.given.fetch_add(found as u64, Ordering::Relaxed);
        Ok(found)
    }
}

#[test]
fn a_million_rows_never_lie_in_memory_together() {
    const ROWS: usize = 1_000_000;
    const LINE: &str = "0.25,0.75\n";
    let given = Arc::new(AtomicU64::new(0));
    let rows = Rows {
        left: ROWS as u64,
        rest: b"x,y\n".to_vec(),
        given: given.clone(),
        line: LINE,
    };
    let mut reader = Reader::new(rows, "t", &Format::default()).unwrap();
    reader.choose(&[0, 1], true);
    let (mut chunk, mut chunks, mut total) = (Chunk::default(), 0, 0);
    while reader.read(&mut chunk).unwrap() > 0 {
        chunks += 1;
        total += chunk.rows;
        assert!(chunk.rows <= CHUNK_ROWS && chunk.kept.len() <= CHUNK_ROWS);
        assert!(
            chunk
                .columns
                .iter()
                .all(|c| c.len() == chunk.rows && c.capacity() <= 2 * CHUNK_ROWS)
        );
        // No more is read ahead than a buffer.
        let ahead = given.load(Ordering::Relaxed) - (total * LINE.len()) as u64;
        assert!(ahead <= 70_000, "{ahead} bytes ahead");
    }
    assert_eq!((total, chunks), (ROWS, ROWS.div_ceil(CHUNK_ROWS)));
}

#[test]
fn a_row_without_end_is_an_error() {
    let given = Arc::new(AtomicU64::new(0));
    let rows = Rows {
        left: u64::MAX,
        rest: b"x\n1\n\"".to_vec(),
        given: given.clone(),
        line: "1\n",
    };
    let mut reader = Reader::new(rows, "t", &Format::default()).unwrap();
    reader.choose(&[0], false);
    let error = reader.read(&mut Chunk::default()).unwrap_err().to_string();
    assert_eq!(error, "t, line 3: the row is longer than 16 MiB");
    assert!(given.load(Ordering::Relaxed) < MAX_ROW_BYTES as u64 + 200_000);
}
