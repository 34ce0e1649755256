//! Pictures in characters: each holds two by four dots, as the Braille letters of Unicode do.

use super::figure::{Figure, Layer, Mark, Panel};
use super::{Color, clip, ticks};

/// What a terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terminal {
    /// Characters from left to right.
    pub columns: usize,
    /// Lines from top to bottom.
    pub rows: usize,
    /// May text be coloured?
    pub color: bool,
}

/// The fewest columns for which a picture is made; it is wider than a narrower terminal.
const MIN_COLUMNS: usize = 24;

/// The most columns.
const MAX_COLUMNS: usize = 300;

/// The lines of a frame, at least.
const MIN_ROWS: usize = 5;

/// The lines of a frame, at most.
const MAX_ROWS: usize = 100;

/// Writes a figure, panel under panel.
pub fn write(figure: &Figure, terminal: Terminal) -> String {
    let columns = terminal.columns.clamp(MIN_COLUMNS, MAX_COLUMNS);
    let mut out = String::new();
    if !figure.title.is_empty() {
        out += &centred(&figure.title, columns);
    }
    // Numbers, labels, legends and the next prompt.
    let spare = 5 * figure.panels.len() + 1;
    let rows = terminal.rows.clamp(1, MAX_ROWS).saturating_sub(spare);
    // The first panel is what was asked for, the others are remarks.
    let share = |k: usize| match (figure.panels.len(), k) {
        (1, _) => rows,
        (_, 0) => rows * 3 / 5,
        (n, _) => rows * 2 / 5 / (n - 1),
    };
    for (k, panel) in figure.panels.iter().enumerate() {
        let rows = share(k).max(MIN_ROWS);
        write_panel(panel, columns, rows, terminal.color, &mut out);
    }
    out
}

fn centred(text: &str, columns: usize) -> String {
    let text = cut(text, columns);
    let space = (columns - text.chars().count()) / 2;
    format!("{}{text}\n", " ".repeat(space))
}

fn cut(text: &str, columns: usize) -> String {
    let plain = |c: char| if c.is_control() { '\u{fffd}' } else { c };
    match text.chars().count() > columns {
        true => {
            text.chars()
                .take(columns - 1)
                .map(plain)
                .collect::<String>()
                + "…"
        }
        false => text.chars().map(plain).collect(),
    }
}

/// A frame of dots.
struct Canvas {
    columns: usize,
    rows: usize,
    /// The eight dots of each character.
    dots: Vec<u8>,
    /// What stands instead of dots.
    signs: Vec<Option<char>>,
    colors: Vec<Color>,
}

impl Canvas {
    fn new(columns: usize, rows: usize) -> Canvas {
        Canvas {
            columns,
            rows,
            dots: vec![0; columns * rows],
            signs: vec![None; columns * rows],
            colors: vec![Color::INK; columns * rows],
        }
    }

    /// The character that holds a dot, if it is inside.
    fn cell(&self, x: i64, y: i64) -> Option<usize> {
        let (width, height) = (2 * self.columns as i64, 4 * self.rows as i64);
        let inside = (0..width).contains(&x) && (0..height).contains(&y);
        inside.then(|| (y as usize / 4) * self.columns + x as usize / 2)
    }

    fn dot(&mut self, x: i64, y: i64, color: Color) {
        // The bits of Unicode: three rows of the left column, three of the right, then the fourth row.
        const BITS: [[u8; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];
        if let Some(cell) = self.cell(x, y) {
            self.dots[cell] |= BITS[y as usize % 4][x as usize % 2];
            self.colors[cell] = color;
        }
    }

    fn sign(&mut self, (x, y): (f64, f64), sign: char, color: Color) {
        if let Some(cell) = self.cell(x.floor() as i64, y.floor() as i64) {
            self.signs[cell] = Some(sign);
            self.colors[cell] = color;
        }
    }

    /// What lies inside of a straight line; of its dots every `every`-th.
    fn line(&mut self, from: (f64, f64), to: (f64, f64), every: usize, color: Color) {
        if [from.0, from.1, to.0, to.1].iter().any(|x| !x.is_finite()) {
            return;
        }
        let whole = clip::Rect {
            left: 0.0,
            top: 0.0,
            right: 2.0 * self.columns as f64,
            bottom: 4.0 * self.rows as f64,
        };
        for run in clip::line(&[from, to], &whole) {
            self.inner_line(run[0], run[1], every, color);
        }
    }

    fn inner_line(&mut self, from: (f64, f64), to: (f64, f64), every: usize, color: Color) {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let steps = dx.abs().max(dy.abs()).ceil().max(1.0) as usize;
        for k in (0..=steps).step_by(every) {
            let t = k as f64 / steps as f64;
            let (x, y) = (from.0 + t * dx, from.1 + t * dy);
            self.dot(x.floor() as i64, y.floor() as i64, color);
        }
    }

    fn row(&self, row: usize, color: bool) -> String {
        let mut out = String::new();
        let mut now: Option<Color> = None;
        for cell in row * self.columns..(row + 1) * self.columns {
            let dots = char::from_u32(0x2800 + u32::from(self.dots[cell])).expect("Braille");
            let empty = self.dots[cell] == 0 && self.signs[cell].is_none();
            let sign = if empty {
                ' '
            } else {
                self.signs[cell].unwrap_or(dots)
            };
            let wanted = (color && !empty).then_some(self.colors[cell]);
            if wanted != now && (wanted.is_some() || !empty) {
                out += &wanted.map_or("\u{1b}[0m".to_owned(), colored);
                now = wanted;
            }
            out.push(sign);
        }
        if now.is_some() {
            out += "\u{1b}[0m";
        }
        out
    }
}

fn colored(Color(r, g, b): Color) -> String {
    // Ink is the terminal's own colour: it may be white on black.
    match Color(r, g, b) {
        Color::INK => "\u{1b}[0m".to_owned(),
        _ => format!("\u{1b}[38;2;{r};{g};{b}m"),
    }
}

fn write_panel(panel: &Panel, columns: usize, rows: usize, color: bool, out: &mut String) {
    let y = ticks::ticks(&panel.y, (rows / 3).clamp(2, 10));
    let label = |text: &str| text.chars().count();
    let margin = y.major.iter().map(|(_, t)| label(t)).max().unwrap_or(0) + 1;
    let margin = margin.min(columns / 2);
    let inner = columns - margin - 1;
    let mut canvas = Canvas::new(inner, rows);
    let letters = letters(panel, color);
    for (layer, letter) in panel.layers.iter().zip(&letters) {
        draw(panel, layer, &mut canvas);
        if let (Layer::Line { runs, .. }, Some(letter)) = (layer, letter) {
            mark(panel, runs, *letter, &mut canvas);
        }
    }
    let head: Vec<&str> = [panel.y.label.as_str(), y.common.as_str()]
        .into_iter()
        .filter(|text| !text.is_empty())
        .collect();
    if !head.is_empty() {
        *out += &format!("{}\n", cut(&head.join(" "), columns));
    }
    let row_of = |value: f64| {
        let part = 1.0 - panel.y.part(value);
        ((part * rows as f64).floor() as usize).min(rows - 1)
    };
    for row in 0..rows {
        // The upper of two numbers that fall on one line is left out.
        let number = y.major.iter().find(|(value, _)| row_of(*value) == row);
        let text = number.map_or("", |(_, text)| text.as_str());
        let edge = if number.is_some() { '┤' } else { '│' };
        let line = format!(
            "{text:>width$}{edge}{}",
            canvas.row(row, color),
            width = margin
        );
        *out += line.trim_end();
        out.push('\n');
    }
    foot(panel, inner, margin, out);
    legend(panel, &letters, columns, color, out);
}

/// Without colours, lines are told apart by letters on them: one for each layer that needs one.
fn letters(panel: &Panel, color: bool) -> Vec<Option<char>> {
    let named = |layer: &Layer| matches!(layer, Layer::Line { name: Some(_), .. });
    let needed = !color && panel.layers.iter().filter(|layer| named(layer)).count() > 1;
    let mut next = 'a'..='z';
    (panel.layers.iter())
        .map(|layer| {
            let needs = needed && named(layer);
            needs.then(|| next.next()).flatten()
        })
        .collect()
}

/// Puts a letter on a line in a few places, each line at its own ones.
fn mark(panel: &Panel, runs: &[Vec<(f64, f64)>], letter: char, canvas: &mut Canvas) {
    let points: Vec<(f64, f64)> = (runs.iter().flatten())
        .map(|(x, y)| (panel.x.part(*x), panel.y.part(*y)))
        .filter(|(x, y)| (0.0..1.0).contains(x) && (0.0..1.0).contains(y))
        .collect();
    let shift = f64::from(letter as u32 - 'a' as u32) * 0.06;
    for place in [0.15, 0.5, 0.8].map(|place| (place + shift) % 1.0) {
        let off = |p: &(f64, f64)| (p.0 - place).abs();
        let nearest = points.iter().min_by(|p, q| off(p).total_cmp(&off(q)));
        if let Some((x, y)) = nearest.filter(|p| off(p) < 0.1) {
            let (width, height) = (2.0 * canvas.columns as f64, 4.0 * canvas.rows as f64);
            canvas.sign((x * width, (1.0 - y) * height), letter, Color::INK);
        }
    }
}

/// The lower edge, its numbers, and the label.
fn foot(panel: &Panel, inner: usize, margin: usize, out: &mut String) {
    let x = ticks::ticks(&panel.x, (inner / 10).clamp(2, 12));
    let mut edge: Vec<char> = vec!['─'; inner];
    let mut numbers: Vec<char> = vec![' '; margin + 1 + inner + 8];
    let mut free = 0;
    for (value, text) in &x.major {
        let at = ((panel.x.part(*value) * inner as f64).floor() as usize).min(inner - 1);
        edge[at] = '┬';
        let text: Vec<char> = text.chars().collect();
        let from = (margin + 1 + at).saturating_sub(text.len() / 2);
        if from >= free && from + text.len() <= numbers.len() {
            numbers[from..from + text.len()].copy_from_slice(&text);
            free = from + text.len() + 1;
        }
    }
    let edge: String = edge.into_iter().collect();
    *out += &format!("{}└{edge}\n", " ".repeat(margin));
    let numbers: String = numbers.into_iter().collect();
    *out += &format!("{}\n", numbers.trim_end());
    let label = [panel.x.label.as_str(), x.common.as_str()].join(" ");
    if !label.trim().is_empty() {
        let line = centred(label.trim(), inner);
        *out += &format!("{}{line}", " ".repeat(margin + 1));
    }
}

fn legend(panel: &Panel, letters: &[Option<char>], columns: usize, color: bool, out: &mut String) {
    let mut line = String::new();
    let mut used = 0;
    for (layer, letter) in panel.layers.iter().zip(letters) {
        let (sign, tone, name) = match layer {
            Layer::Line { name, color, .. } | Layer::Arrows { name, color, .. } => {
                ("⣀⣀", color, name)
            }
            Layer::Points {
                name, mark, color, ..
            } => (sign_of(*mark), color, name),
            Layer::Band { name, color, .. } => ("⠤⠤", color, name),
            Layer::Fill { .. } | Layer::Level(_) => continue,
        };
        let Some(name) = name else { continue };
        let name = cut(name, columns - 4);
        let sign = letter.map_or(sign.to_owned(), |letter| format!("⣀{letter}⣀"));
        let width = sign.chars().count() + 1 + name.chars().count() + 3;
        if used > 0 && used + width > columns {
            line = format!("{}\n", line.trim_end());
            used = 0;
        }
        used += width;
        line += &match color {
            true => format!("{}{sign}\u{1b}[0m {name}   ", colored(*tone)),
            false => format!("{sign} {name}   "),
        };
    }
    if !line.is_empty() {
        *out += &format!("{}\n", line.trim_end());
    }
}

fn sign_of(mark: Mark) -> &'static str {
    match mark {
        Mark::Dot => "•",
        Mark::Circle => "○",
        Mark::Star => "★",
    }
}

fn draw(panel: &Panel, layer: &Layer, canvas: &mut Canvas) {
    let (width, height) = (2.0 * canvas.columns as f64, 4.0 * canvas.rows as f64);
    let place = |(x, y): (f64, f64)| (panel.x.part(x) * width, (1.0 - panel.y.part(y)) * height);
    let lines = |points: &[(f64, f64)], every: usize, color: Color, canvas: &mut Canvas| {
        for pair in points.windows(2) {
            canvas.line(place(pair[0]), place(pair[1]), every, color);
        }
    };
    match layer {
        Layer::Line { runs, color, .. } => {
            for run in runs {
                lines(run, 1, *color, canvas);
                if let [only] = run[..] {
                    let (x, y) = place(only);
                    canvas.dot(x.floor() as i64, y.floor() as i64, *color);
                }
            }
        }
        Layer::Points {
            points,
            color,
            mark,
            ..
        } => {
            for at in points.iter().map(|&p| place(p)) {
                match mark {
                    Mark::Dot if points.len() > 60 => {
                        canvas.dot(at.0.floor() as i64, at.1.floor() as i64, *color);
                    }
                    mark => {
                        let sign = sign_of(*mark).chars().next().expect("a sign");
                        canvas.sign(at, sign, *color);
                    }
                }
            }
        }
        Layer::Band { edges, color, .. } => {
            let low: Vec<(f64, f64)> = edges.iter().map(|e| (e.0, e.1)).collect();
            let high: Vec<(f64, f64)> = edges.iter().map(|e| (e.0, e.2)).collect();
            lines(&low, 3, *color, canvas);
            lines(&high, 3, *color, canvas);
        }
        Layer::Arrows { arrows, color, .. } => {
            // Only where they begin and whether they are long: a character has no room for a head.
            let longest = (arrows.iter())
                .map(|a| a.2.hypot(a.3))
                .fold(f64::MIN_POSITIVE, f64::max);
            for a in arrows.iter().step_by(3) {
                let (from, part) = (place((a.0, a.1)), 6.0 / longest);
                let to = (from.0 + a.2 * part, from.1 - a.3 * part);
                canvas.line(from, to, 1, *color);
            }
        }
        Layer::Level(y) => {
            let ends = [(panel.x.range.0, *y), (panel.x.range.1, *y)];
            lines(&ends, 4, Color::GRAY, canvas);
        }
        // A ground of colour would leave nothing to be seen of the lines.
        Layer::Fill { .. } => {}
    }
}
