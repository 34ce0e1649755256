//! `gradus plot`, and `--plot` of `descend`: what is written where, and what is refused.

use std::fs;
use std::path::PathBuf;

use serde_json::json as object;

use crate::{json, line, printed};

/// A folder of its own for a test, removed with all that is in it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("gradus-plot-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).expect("a folder");
        Folder(path)
    }

    fn file(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).expect("readable");
        let mut names: Vec<String> = entries
            .map(|e| {
                e.expect("an entry")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn the_ending_decides_the_format() {
    let folder = Folder::new("formats");
    let svg = folder.file("a.svg");
    assert_eq!(printed(&format!("plot|x^2|--over|x=-1:1|--out|{svg}")), "");
    let text = fs::read_to_string(&svg).expect("the picture");
    assert!(text.starts_with("<svg") && text.ends_with("</svg>\n"));
    assert!(text.contains("width=\"800\" height=\"600\"") && text.contains(">x²</text>"));
    if cfg!(feature = "png") {
        let png = folder.file("b.PNG");
        printed(&format!(
            "plot|x^2|--over|x=-1:1|--size|400x300|--out|{png}"
        ));
        let bytes = fs::read(&png).expect("the picture");
        assert_eq!(bytes[..8], *b"\x89PNG\r\n\x1a\n");
        assert_eq!(bytes[16..24], [0, 0, 1, 0x90, 0, 0, 1, 0x2c]);
        assert_eq!(folder.names(), ["a.svg", "b.PNG"], "and nothing else");
    }
    // An old picture is replaced, the same command gives the same bytes.
    printed(&format!("plot|x^2|--over|x=-1:1|--out|{svg}"));
    assert_eq!(fs::read_to_string(&svg).expect("the picture"), text);
}

#[test]
fn without_a_file_it_is_drawn_in_characters() {
    for arguments in ["plot|x^2|--over|x=-2:2", "plot|x^2|--over|x=-2:2|--out|-"] {
        let text = printed(arguments);
        assert!(
            text.contains("x²") && text.contains('┤') && text.contains("−2"),
            "{text}"
        );
        assert!(
            text.lines().all(|line| line.chars().count() <= 82),
            "{text}"
        );
        assert!(!text.contains('\u{1b}'), "no colours in a pipe");
    }
    let text = printed("plot|x^2 + y^2|--over|x=-2:2,y=-1:1");
    assert!(text.contains("x² + y²"), "{text}");
}

#[test]
fn derivatives_lists_and_parameters() {
    let folder = Folder::new("curves");
    let file = folder.file("a.svg");
    let draw = |arguments: &str| {
        printed(&format!("plot|{arguments}|--out|{file}"));
        fs::read_to_string(&file).expect("the picture")
    };
    let text = draw("x^3 - 2x|--over|x=-2:2|--derivatives|2");
    for name in ["f = x³ − 2x", "f′ = 3x² − 2", "f″ = 6x"] {
        assert!(text.contains(&format!(">{name}</text>")), "{name}");
    }
    let text = draw("x^3|--over|x=-2:2|--derivative|4");
    assert!(text.contains(">f⁽⁴⁾ = 0</text>"), "{text}");
    let text = draw("[sin(t), a*t]|--over|t=-pi:pi|--at|a=2");
    for part in [
        ">sin(t)<",
        ">a·t<",
        ">[sin(t), a·t],  a = 2<",
        ">−π<",
        ">π<",
    ] {
        assert!(text.contains(part), "{part}");
    }
    let text = draw("1/x|--over|x=1e-3:1e3|--logx|--logy");
    assert!(text.contains(">0.001<") && text.contains(">1000<"));
    let text = draw("alpha_1*x^2|--over|alpha_1=0:1|--at|x=2|--yrange|0:8");
    assert!(
        text.contains(">α₁·x²,  x = 2<") && text.contains(">8<"),
        "{text}"
    );
    let text = draw("x*y + z|--over|x=0:1,y=0:2|--at|z=1|--gradient");
    assert!(text.contains(">gradient<"));
    // The same as a program would read it.
    let answer = json(&format!(
        "plot|x^2|--over|x=0:1/2|--out|{file}|--format|json"
    ));
    let expected = object!({
        "function": "x^2", "over": {"x": [0.0, 0.5]}, "file": file, "width": 800, "height": 600, "drawn": true
    });
    assert_eq!(answer, expected);
}

#[test]
fn nothing_to_draw_is_no_picture() {
    let folder = Folder::new("empty");
    let file = folder.file("a.svg");
    let run = line(&format!("plot|log(x)|--over|x=-3:-1|--out|{file}"));
    assert_eq!(run.code, Some(1));
    assert!(
        run.err.contains("no value is finite for x = -3 to -1"),
        "{}",
        run.err
    );
    assert!(
        run.err.contains("`log(x)` has no finite value at x = -2"),
        "{}",
        run.err
    );
    assert_eq!(folder.names(), [""; 0]);
    let run = line(&format!(
        "plot|log(x)|--over|x=-3:-1|--out|{file}|--format|json"
    ));
    assert_eq!(run.code, Some(1));
    assert!(run.out.contains("\"drawn\":false"), "{}", run.out);
    let run = line("plot|sqrt(x*y)|--over|x=-3:-1,y=1:2");
    assert_eq!((run.code, run.out.as_str()), (Some(1), ""));
    // Values there are, but none that the axes have room for.
    for (arguments, why) in [
        (
            "plot|x|--over|x=-1:1|--yrange|5:6",
            "no value lies within the range of the axis",
        ),
        (
            "plot|-x^2|--over|x=-1:1|--logy",
            "a logarithmic axis needs values above 0",
        ),
    ] {
        let run = line(arguments);
        assert_eq!((run.code, run.out.as_str()), (Some(1), ""), "{arguments}");
        assert!(run.err.contains(why), "{}", run.err);
        assert!(!run.err.contains("finite"), "{}", run.err);
    }
    // A curve that runs through between two samples is seen.
    for arguments in [
        "plot|tan(x)|--over|x=-1:2|--yrange|1e5:2e5",
        "plot|x|--over|x=-1:1|--yrange|1:2",
    ] {
        printed(arguments);
    }
}

/// Command lines that are refused, with a part of what they are told.
const REFUSED: &[(&str, &str)] = &[
    ("plot|x^2", "--over"),
    ("plot|x^2|--over|x", "not of the form NAME=LOW:HIGH"),
    ("plot|x^2|--over|x=-2,2", "not of the form NAME=LOW:HIGH"),
    ("plot|x^2|--over|x=-2,2", "write --over x=-3:3"),
    (
        "plot|x|--over|x=0:1|--yrange|1e300:1e308",
        "--yrange: an interval needs two finite ends",
    ),
    ("plot|x^2|--over|x=3", "not of the form LOW:HIGH"),
    ("plot|x^2|--over|x=1:2:3", "not of the form LOW:HIGH"),
    ("plot|x^2|--over|x=a:2", "contains the variable `a`"),
    ("plot|x^2|--over|x=3:-3", "runs backwards, from 3 to -3"),
    ("plot|x^2|--over|x=3:-3", "-3:3"),
    ("plot|x^2|--over|x=3:3", "is empty"),
    ("plot|x^2|--over|x=0:inf", "not a finite number"),
    ("plot|x^2|--over|x=nan:1", "not a finite number"),
    ("plot|x^2|--over|x=i:1", "real number"),
    (
        "plot|x^2|--over|x=1:1.0000000000000002",
        "needs two finite ends",
    ),
    ("plot|x^2|--over|x=0:1,x=1:2", "given twice"),
    (
        "plot|x*y*z|--over|x=0:1,y=0:1,z=0:1",
        "one or two variables, not 3",
    ),
    ("plot|x^2 + a|--over|x=0:1", "add --at a=1"),
    (
        "plot|speed^2|--over|sped=0:1",
        "did you mean `speed` where `sped` is given?",
    ),
    ("plot|x^2|--over|t=0:1", "did you mean `x`?"),
    ("plot|x^2|--over|x=0:1|--at|x=2", "an interval and a value"),
    ("plot|x^2|--over|x=0:1|--logx", "begins at 0"),
    (
        "plot|x^2|--over|x=1:2|--logy|--yrange|0:1",
        "begins above 0",
    ),
    ("plot|x^2|--over|x=1:2|--yrange|2:1", "--yrange"),
    ("plot|x^2|--over|x=1:2|--gradient", "needs two variables"),
    (
        "plot|x*y|--over|x=1:2,y=1:2|--derivatives|1",
        "--gradient draws",
    ),
    ("plot|x*y|--over|x=1:2,y=1:2|--logx", "for one variable"),
    ("plot|[x, y]|--over|x=1:2,y=1:2", "not a list"),
    ("plot|x|--over|x=1:2|--derivatives|7", "7"),
    (
        "plot|x|--over|x=1:2|--derivatives|1|--derivative|2",
        "cannot be used",
    ),
    ("plot|i*x|--over|x=1:2", "imaginary unit"),
    ("plot|sine(x)|--over|x=1:2", "did you mean `sin`"),
    ("plot|x|--over|x=1:2|--out|a.gif", ".svg or .png"),
    ("plot|x|--over|x=1:2|--out|a.gif", "write --out a.svg"),
    ("plot|x|--over|x=1:2|--out|a", "write --out a.svg"),
    ("plot|x|--over|x=1:2|--size|800x600", "--size is for files"),
    (
        "plot|x|--over|x=1:2|--out|a.svg|--size|800",
        "no width and height",
    ),
    (
        "plot|x|--over|x=1:2|--out|a.svg|--size|9x9",
        "160 to 8000 pixels",
    ),
    (
        "plot|x|--over|x=1:2|--out|a.svg|--size|99999999999999x1",
        "160 to 8000 pixels",
    ),
    (
        "plot|x|--over|x=1:2|--out|a.svg|--size|-1x600",
        "no width and height",
    ),
    ("plot|x|--over|x=1:2|--format|json", "JSON cannot both"),
    (
        "plot|x|--over|x=1:2|--out|/nowhere/at/all/a.svg",
        "/nowhere/at/all/a.svg",
    ),
    (
        "descend|x^2|--from|x=1|--plot|-|--format|json",
        "JSON cannot both",
    ),
    ("descend|x^2|--from|x=1|--plot|a.jpeg", ".svg or .png"),
    (
        "descend|x^2|--from|x=1|--plot|/nowhere/a.svg",
        "/nowhere/a.svg",
    ),
    ("descend|x^2|--from|x=1|--size|800x600", "--plot"),
    (
        "descend|x^2|--from|x=1|--trace|a.svg|--plot|a.svg",
        "the file of --trace",
    ),
];

#[test]
fn what_cannot_be_drawn_is_said() {
    for (arguments, part) in REFUSED {
        let run = line(arguments);
        assert_eq!(run.code, Some(2), "{arguments}: {}{}", run.out, run.err);
        assert!(run.err.contains(part), "{arguments}: {}", run.err);
        assert_eq!(run.out, "", "{arguments}");
    }
    assert!(!std::path::Path::new("a.svg").exists());
}

#[test]
fn errors_are_found_before_the_work_and_leave_nothing() {
    let folder = Folder::new("errors");
    fs::create_dir(folder.0.join("folder.svg")).expect("a folder");
    let run = line(&format!(
        "descend|x^2|--from|x=1|--rate|1e-9|--max-iterations|1000000000|--tolerance|0|--plot|{}",
        folder.file("folder.svg")
    ));
    assert_eq!(run.code, Some(2), "{}", run.err);
    // A formula that is wrong leaves the old picture as it was.
    let file = folder.file("old.svg");
    fs::write(&file, "old").expect("written");
    assert_eq!(
        line(&format!("plot|x +|--over|x=0:1|--out|{file}")).code,
        Some(2)
    );
    assert_eq!(fs::read_to_string(&file).expect("the old one"), "old");
    assert_eq!(folder.names(), ["folder.svg", "old.svg"]);
}

#[test]
fn a_descent_is_drawn() {
    let folder = Folder::new("descent");
    let file = folder.file("a.svg");
    let draw = |arguments: &str, code: i32| {
        let run = line(&format!("descend|{arguments}|--plot|{file}"));
        assert_eq!(run.code, Some(code), "{}", run.err);
        assert!(!run.out.contains('┤'), "the picture is in the file");
        fs::read_to_string(&file).expect("the picture")
    };
    let text = draw(
        "x^2 + 2x + 3|--from|x=10|--method|gradient-descent|--rate|0.01",
        0,
    );
    for part in [
        ">x² + 2x + 3<",
        ">start<",
        ">end<",
        ">path<",
        ">gradient norm<",
        ">x<",
    ] {
        assert!(text.contains(part), "{part}");
    }
    let text = draw("x^2 + 3*y^2|--from|x=1,y=2", 0);
    assert!(text.contains(">y</text>") && text.contains(">path<"));
    let text = draw("x^2 + y^2 + z^2|--from|x=1,y=2,z=3", 0);
    assert!(text.contains(">gradient norm<") && !text.contains(">path<"));
    // What runs off, what does not move, and what cannot begin.
    let text = draw("x^2|--from|x=1|--method|gradient-descent|--rate|5", 1);
    assert!(text.contains(">path<") && !text.contains("NaN") && !text.contains("inf"));
    draw("x^2|--from|x=0", 0);
    fs::remove_file(&file).expect("removed");
    let run = line(&format!("descend|log(x)|--from|x=-1|--plot|{file}"));
    assert_eq!(run.code, Some(1));
    assert!(run.err.contains("no picture"), "{}", run.err);
    assert_eq!(folder.names(), [""; 0]);
    // JSON stays JSON, and a terminal shows both.
    let answer = json(&format!(
        "descend|x^2|--from|x=1|--plot|{file}|--format|json"
    ));
    assert_eq!(answer["converged"], object!(true));
    let text = printed("descend|x^2|--from|x=1|--plot|-");
    assert!(
        text.contains("minimum at x") && text.contains('★') && text.contains('┤'),
        "{text}"
    );
}

#[test]
fn a_fit_is_drawn() {
    let folder = Folder::new("fit");
    let (table, file) = (folder.file("t.csv"), folder.file("a.svg"));
    // Misra1a, of the statistical reference data sets of NIST.
    let rows = "x,y\n77.6,10.07\n114.9,14.73\n141.1,17.94\n190.8,23.93\n239.9,29.61\n289,35.18\n332.8,40.02\n\
                378.4,44.82\n434.8,50.76\n477.3,55.05\n536.8,61.01\n593.1,66.4\n689.1,75.47\n760,81.78\n";
    fs::write(&table, rows).expect("written");
    let fit = format!("fit|y = b1*(1 - exp(-b2*x))|{table}");
    let text = printed(&format!("{fit}|--plot|{file}"));
    assert!(text.contains("b1") && !text.contains('┤'), "{text}");
    let picture = fs::read_to_string(&file).expect("the picture");
    for part in [
        ">y = b₁·(1 − exp(−b₂·x))<",
        ">data<",
        ">fit<",
        ">95 % confidence<",
        ">95 % prediction<",
        ">residual<",
    ] {
        assert!(picture.contains(part), "{part}");
    }
    let text = printed(&format!("{fit}|--confidence|0.5|--plot|-"));
    assert!(
        text.contains('┤') && text.contains("50 % confidence"),
        "{text}"
    );
    let answer = json(&format!("{fit}|--plot|{file}|--format|json"));
    assert_eq!(answer["converged"], object!(true));
    // Two predictors: measured against fitted.
    let rows = "u,v,w\n1,2,3.1\n2,1,3\n3,5,8.2\n4,4,7.9\n5,7,12.1\n6,1,7\n";
    fs::write(&table, rows).expect("written");
    let plane = format!("fit|w = a*u + b*v|{table}");
    printed(&format!("{plane}|--plot|{file}|--size|400x300"));
    let picture = fs::read_to_string(&file).expect("the picture");
    assert!(picture.contains(">w, observed<") && picture.contains("width=\"400\""));
    // A parameter that the data do not determine: no bands, which would be wrong.
    let run = line(&format!("fit|w = (a + b)*u|{table}|--plot|{file}"));
    assert_eq!(run.code, Some(1), "{}", run.err);
    let picture = fs::read_to_string(&file).expect("the picture");
    assert!(picture.contains(">fit<") && !picture.contains("confidence"));
    for (arguments, part) in [
        (
            format!("{plane}|--plot|-|--format|json"),
            "JSON cannot both",
        ),
        (format!("{plane}|--plot|a.pdf"), ".svg or .png"),
        (
            format!("fit|w = a*u|{table}|--out|a.svg|--plot|a.svg"),
            "the file of --out",
        ),
    ] {
        let run = line(&arguments);
        assert_eq!(run.code, Some(2), "{arguments}");
        assert!(run.err.contains(part), "{arguments}: {}", run.err);
    }
    assert_eq!(folder.names(), ["a.svg", "t.csv"]);
}

/// A pipe is no plain file: it is opened once, and gets the whole picture.
#[cfg(unix)]
#[test]
fn pictures_go_into_pipes_too() {
    let folder = Folder::new("pipe");
    let pipe = folder.file("pipe.svg");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    if !made.is_ok_and(|status| status.success()) {
        eprintln!("skipped: no mkfifo here");
        return;
    }
    let path = pipe.clone();
    let reader = std::thread::spawn(move || fs::read_to_string(path).expect("read"));
    printed(&format!("plot|x|--over|x=0:1|--out|{pipe}"));
    let text = reader.join().expect("the reader ends");
    assert!(text.ends_with("</svg>\n"), "{} bytes", text.len());
}
