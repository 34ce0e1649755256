//! An error drawn for a person: the line, the place marked, the hint.
//!
//! Only a window of the line is shown, so that an error in a line of a megabyte takes a kilobyte; characters that steer
//! a terminal are shown as signs.

use ariadne::{CharSet, Color, Config, Label, Report, ReportKind, Source};

use super::error::{SyntaxError, is_invisible};
use super::tree::Span;

/// How many characters of a line are shown.
const WINDOW: usize = 80;

/// How many characters are marked at most.
const LONGEST_MARK: usize = 40;

/// Draws an error; `source_name` is what the text is called in the heading, such as `input` or a file name.
pub fn render(error: &SyntaxError, source: &str, source_name: &str, color: bool) -> String {
    let line = Line::around(source, error.span.start as usize);
    let related = error
        .related
        .as_ref()
        .filter(|(span, _)| line.shares_window(error.span, *span));
    let window = Window::cut(&line, error.span, related.map(|(span, _)| *span));

    let config = Config::default()
        .with_color(color)
        .with_char_set(CharSet::Unicode)
        .with_tab_width(1);
    let place = (source_name, window.locate(error.span));
    let mut report = Report::build(ReportKind::Error, place.clone())
        .with_config(config)
        .with_message(&error.message)
        .with_label(
            Label::new(place)
                .with_color(Color::Red)
                .with_message(label_of(error)),
        );
    match (&error.related, related) {
        (_, Some((span, message))) => {
            let label = Label::new((source_name, window.locate(*span))).with_color(Color::Blue);
            report = report.with_label(label.with_message(message));
        }
        (Some((span, message)), None) => {
            let (row, column) = row_and_column(source, span.start as usize);
            report = report.with_note(format!("{message} (line {row}, column {column})"));
        }
        (None, _) => {}
    }
    if let Some(hint) = &error.hint {
        report = report.with_help(hint);
    }

    let mut drawn = Vec::new();
    let text = Source::from(window.text.as_str());
    if report
        .finish()
        .write((source_name, text), &mut drawn)
        .is_err()
    {
        return format!("Error: {}\n", error.message);
    }
    let drawn = String::from_utf8_lossy(&drawn);
    // ariadne counts in the window; the reader wants the place in the source.
    let (row, column) = row_and_column(source, error.span.start as usize);
    let counted = format!("{source_name}:1:{}", window.locate(error.span).start + 1);
    let drawn = drawn.replacen(&counted, &format!("{source_name}:{row}:{column}"), 1);
    relabel_row(&drawn, row)
}

/// Puts the row of the source where ariadne wrote row 1 of the window, moving the margin along.
fn relabel_row(drawn: &str, row: usize) -> String {
    let mut text = String::with_capacity(drawn.len());
    for (index, line) in drawn.lines().enumerate() {
        let bare = line.trim_start_matches("\u{1b}[38;5;246m");
        if index == 0 {
            text.push_str(line);
        } else if let Some(rest) = bare.strip_prefix(" 1 ") {
            text.push_str(&line[..line.len() - bare.len()]);
            text.push_str(&format!(" {row} {rest}"));
        } else {
            let strip = if bare.starts_with('─') { "─" } else { " " };
            text.push_str(&strip.repeat(row.to_string().len() - 1));
            text.push_str(line);
        }
        text.push('\n');
    }
    text
}

fn label_of(error: &SyntaxError) -> &'static str {
    use super::error::SyntaxErrorKind::*;
    match error.kind {
        UnclosedBracket => "opened here",
        UnexpectedEnd => "the text ends here",
        MissingResult => "a result is missing here",
        UnexpectedCharacter => "this character",
        _ => "here",
    }
}

/// The line of the source in which a byte lies.
struct Line<'s> {
    text: &'s str,
    start: usize,
}

impl<'s> Line<'s> {
    fn around(source: &'s str, byte: usize) -> Line<'s> {
        let byte = floor_boundary(source, byte);
        let start = source[..byte].rfind('\n').map_or(0, |n| n + 1);
        let end = source[byte..].find('\n').map_or(source.len(), |n| byte + n);
        Line {
            text: &source[start..end],
            start,
        }
    }

    /// Whether both places fit into one window of this line.
    fn shares_window(&self, span: Span, other: Span) -> bool {
        let both = span.to(other);
        let inside =
            both.start as usize >= self.start && both.end as usize <= self.start + self.text.len();
        inside && self.characters(both.start as usize, both.end as usize) <= WINDOW - 10
    }

    fn characters(&self, from: usize, to: usize) -> usize {
        let local = |byte: usize| floor_boundary(self.text, byte.saturating_sub(self.start));
        self.text[local(from)..local(to).max(local(from))]
            .chars()
            .count()
    }
}

/// What is shown of a line.
struct Window {
    text: String,
    /// The bytes of the source that are shown, and where each shown character comes from.
    origins: Vec<usize>,
}

impl Window {
    fn cut(line: &Line<'_>, span: Span, related: Option<Span>) -> Window {
        let first = related.map_or(span.start, |r| r.start.min(span.start)) as usize;
        let first = floor_boundary(line.text, first.saturating_sub(line.start));
        let wanted = line
            .characters(span.start as usize, span.end as usize)
            .clamp(1, WINDOW / 2);
        let wanted = related.map_or(wanted, |r| {
            let both = span.to(r);
            line.characters(both.start as usize, both.end as usize)
                .max(1)
        });
        let before = (WINDOW - wanted.min(WINDOW)) / 2;
        let start = line.text[..first]
            .char_indices()
            .rev()
            .take(before)
            .last()
            .map_or(first, |(i, _)| i);

        let mut window = Window {
            text: String::new(),
            origins: Vec::new(),
        };
        if start > 0 {
            window.push('…', line.start + start - 1);
        }

        for (shown, (index, c)) in line.text[start..].char_indices().enumerate() {
            if shown == WINDOW {
                window.push('…', line.start + start + index);
                break;
            }
            window.push(visible(c), line.start + start + index);
        }
        window.push(' ', usize::MAX); // for an error at the end
        window
    }

    fn push(&mut self, c: char, origin: usize) {
        self.text.push(c);
        self.origins.push(origin);
    }

    /// A place of the source in characters of the window; at least one of them.
    fn locate(&self, span: Span) -> std::ops::Range<usize> {
        let start = self.origins.partition_point(|&o| o < span.start as usize);
        let end = self.origins.partition_point(|&o| o < span.end as usize);
        start..end.clamp(start + 1, start + LONGEST_MARK)
    }
}

/// A character as it may be shown: one column, no power over the terminal.
fn visible(c: char) -> char {
    match c {
        '\t' | '\r' | '\u{A0}' => ' ',
        '\0'..='\u{1F}' => char::from_u32(0x2400 + c as u32).unwrap_or('�'),
        '\u{7F}' => '␡',
        c if is_invisible(c) => '�',
        c => c,
    }
}

fn floor_boundary(text: &str, byte: usize) -> usize {
    let byte = byte.min(text.len());
    (0..=byte)
        .rev()
        .find(|&b| text.is_char_boundary(b))
        .unwrap_or(0)
}

/// Row and column of a byte, both from 1, the column in characters.
fn row_and_column(source: &str, byte: usize) -> (usize, usize) {
    let before = &source[..floor_boundary(source, byte)];
    let start = before.rfind('\n').map_or(0, |n| n + 1);
    (
        before.matches('\n').count() + 1,
        before[start..].chars().count() + 1,
    )
}
