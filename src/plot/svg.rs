//! A scene as SVG: text as text, in the font's name, so that it can be searched and edited.

use std::fmt::Write;

use super::Color;
use super::clip::Rect;
use super::font;
use super::scene::{Anchor, Item, Scene};

/// Writes a file. The same scene gives the same text, everywhere.
pub fn write(scene: &Scene) -> String {
    let (width, height) = (scene.width, scene.height);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" font-family=\"{}\">\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n",
        font::FAMILY
    );
    let mut clips: Vec<Rect> = Vec::new();
    for item in &scene.items {
        if let Some(rect) = clip_of(item)
            && !clips.contains(&rect)
        {
            clips.push(rect);
            let (x, y) = (decimal(rect.left), decimal(rect.top));
            let (w, h) = (decimal(rect.width()), decimal(rect.height()));
            let number = clips.len();
            let _ = writeln!(
                out,
                "<clipPath id=\"clip{number}\"><rect x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\"/></clipPath>"
            );
        }
        let number = clip_of(item).and_then(|rect| clips.iter().position(|c| *c == rect));
        let clip = number.map_or(String::new(), |k| {
            format!(" clip-path=\"url(#clip{})\"", k + 1)
        });
        item_text(&mut out, item, &clip);
    }
    out + "</svg>\n"
}

fn clip_of(item: &Item) -> Option<Rect> {
    match item {
        Item::Line { clip, .. } | Item::Area { clip, .. } | Item::Discs { clip, .. } => *clip,
        Item::Text { .. } => None,
    }
}

fn item_text(out: &mut String, item: &Item, clip: &str) {
    // Writing to a string cannot fail.
    let _ = match item {
        Item::Line {
            runs,
            color,
            width,
            dash,
            ..
        } => {
            let dash = match dash[..] {
                [] => String::new(),
                _ => {
                    let parts: Vec<String> = dash.iter().map(|&d| decimal(d)).collect();
                    format!(" stroke-dasharray=\"{}\"", parts.join(","))
                }
            };
            writeln!(
                out,
                "<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{}\" stroke-linejoin=\"round\" \
                 stroke-linecap=\"round\"{dash}{clip}/>",
                path(runs, ""),
                hex(*color),
                decimal(*width)
            )
        }
        Item::Area {
            loops,
            color,
            opacity,
            ..
        } => {
            let opacity = match *opacity {
                1.0 => String::new(),
                part => format!(" fill-opacity=\"{}\"", decimal(part)),
            };
            writeln!(
                out,
                "<path d=\"{}\" fill=\"{}\" fill-rule=\"evenodd\"{opacity}{clip}/>",
                path(loops, "Z"),
                hex(*color)
            )
        }
        // A line without length and with round ends is a disc, and has the shortest text.
        Item::Discs {
            centers,
            radius,
            color,
            ..
        } => {
            let mut d = String::new();
            for &(x, y) in centers {
                let _ = write!(d, "M{} {}h0", decimal(x), decimal(y));
            }
            writeln!(
                out,
                "<path d=\"{d}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{}\" stroke-linecap=\"round\"{clip}/>",
                hex(*color),
                decimal(2.0 * radius)
            )
        }
        Item::Text {
            text,
            at,
            size,
            anchor,
            upwards,
            color,
        } => {
            let anchor = match anchor {
                Anchor::Start => "start",
                Anchor::Middle => "middle",
                Anchor::End => "end",
            };
            let (x, y) = (decimal(at.0), decimal(at.1));
            let turn = match upwards {
                true => format!(" transform=\"rotate(-90 {x} {y})\""),
                false => String::new(),
            };
            writeln!(
                out,
                "<text x=\"{x}\" y=\"{y}\" font-size=\"{}\" text-anchor=\"{anchor}\" fill=\"{}\"{turn}>{}</text>",
                decimal(*size),
                hex(*color),
                escaped(text)
            )
        }
    };
}

fn path(runs: &[Vec<(f64, f64)>], end: &str) -> String {
    let mut d = String::new();
    for run in runs {
        for (k, &(x, y)) in run.iter().enumerate() {
            let sign = ["M", "L"][k.min(1)];
            let sign = if k > 1 { " " } else { sign };
            let _ = write!(d, "{sign}{} {}", decimal(x), decimal(y));
        }
        d += end;
    }
    d
}

/// To a hundredth, without zeros at the end.
fn decimal(number: f64) -> String {
    let text = format!("{number:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    match text {
        "-0" => "0".to_owned(),
        text => text.to_owned(),
    }
}

fn hex(Color(r, g, b): Color) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// What XML cannot hold, and control characters, which it may not hold, are replaced.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '"' => out += "&quot;",
            c if c.is_control() || ('\u{fffe}'..='\u{ffff}').contains(&c) => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
