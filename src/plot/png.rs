//! A scene as PNG: drawn by tiny-skia, with letters from the font of the crate.

use tiny_skia::{
    FillRule, LineCap, LineJoin, Mask, Paint, PathBuilder, Pixmap, Rect as SkiaRect, StrokeDash,
    Transform,
};

use super::Color;
use super::clip::Rect;
use super::font::{self, Stroke};
use super::scene::{Anchor, Item, Scene};

/// Draws and compresses a picture.
pub fn write(scene: &Scene) -> Vec<u8> {
    let mut canvas = Canvas {
        pixels: Pixmap::new(scene.width, scene.height).expect("sizes are limited"),
        mask: None,
    };
    canvas.pixels.fill(tiny_skia::Color::WHITE);
    for item in &scene.items {
        canvas.draw(item);
    }
    compress(&canvas.pixels)
}

fn compress(pixels: &Pixmap) -> Vec<u8> {
    // Everything lies on white, so that nothing shines through.
    let opaque: Vec<u8> = (pixels.data().chunks_exact(4))
        .flat_map(|p| [p[0], p[1], p[2]])
        .collect();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, pixels.width(), pixels.height());
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::High);
    let mut writer = (encoder.write_header()).expect("a picture with sides");
    (writer.write_image_data(&opaque)).expect("three bytes a pixel");
    writer.finish().expect("a vector takes everything");
    bytes
}

struct Canvas {
    pixels: Pixmap,
    /// What a rectangle lets through; kept, since many things have the same.
    mask: Option<(Rect, Mask)>,
}

impl Canvas {
    fn draw(&mut self, item: &Item) {
        match item {
            Item::Line {
                runs,
                color,
                width,
                dash,
                clip,
            } => {
                let Some(path) = path(runs, false) else {
                    return;
                };
                let stroke = tiny_skia::Stroke {
                    width: *width as f32,
                    line_cap: LineCap::Round,
                    line_join: LineJoin::Round,
                    dash: StrokeDash::new(dash.iter().map(|&d| d as f32).collect(), 0.0),
                    ..tiny_skia::Stroke::default()
                };
                self.clip_to(*clip);
                let mask = self.mask.as_ref().map(|(_, mask)| mask);
                let paint = paint(*color, 1.0);
                (self.pixels).stroke_path(&path, &paint, &stroke, Transform::identity(), mask);
            }
            Item::Area {
                loops,
                color,
                opacity,
                clip,
            } => {
                let Some(path) = path(loops, true) else {
                    return;
                };
                self.fill(&path, *color, *opacity, *clip);
            }
            Item::Discs {
                centers,
                radius,
                color,
                clip,
            } => {
                let mut path = PathBuilder::new();
                for &(x, y) in centers {
                    path.push_circle(x as f32, y as f32, *radius as f32);
                }
                let Some(path) = path.finish() else { return };
                self.clip_to(*clip);
                let mask = self.mask.as_ref().map(|(_, mask)| mask);
                let paint = paint(*color, 1.0);
                // Discs that cover each other shall not leave holes.
                let rule = FillRule::Winding;
                (self.pixels).fill_path(&path, &paint, rule, Transform::identity(), mask);
            }
            Item::Text {
                text,
                at,
                size,
                anchor,
                upwards,
                color,
            } => {
                let back = match anchor {
                    Anchor::Start => 0.0,
                    Anchor::Middle => font::width(text, *size) / 2.0,
                    Anchor::End => font::width(text, *size),
                };
                let place = |x: f64, y: f64| {
                    let (x, y) = (x - back, y);
                    let (x, y) = if *upwards { (y, -x) } else { (x, y) };
                    ((at.0 + x) as f32, (at.1 + y) as f32)
                };
                let mut path = PathBuilder::new();
                for stroke in font::outline(text, *size) {
                    match stroke {
                        Stroke::Move(x, y) => {
                            let (x, y) = place(x, y);
                            path.move_to(x, y);
                        }
                        Stroke::Line(x, y) => {
                            let (x, y) = place(x, y);
                            path.line_to(x, y);
                        }
                        Stroke::Bend(x1, y1, x, y) => {
                            let ((x1, y1), (x, y)) = (place(x1, y1), place(x, y));
                            path.quad_to(x1, y1, x, y);
                        }
                        Stroke::Close => path.close(),
                    }
                }
                let Some(path) = path.finish() else { return };
                let paint = paint(*color, 1.0);
                let rule = FillRule::Winding;
                (self.pixels).fill_path(&path, &paint, rule, Transform::identity(), None);
            }
        }
    }

    fn fill(&mut self, path: &tiny_skia::Path, color: Color, opacity: f64, clip: Option<Rect>) {
        self.clip_to(clip);
        let mask = self.mask.as_ref().map(|(_, mask)| mask);
        let paint = paint(color, opacity);
        let rule = FillRule::EvenOdd;
        (self.pixels).fill_path(path, &paint, rule, Transform::identity(), mask);
    }

    /// Makes the mask that of this rectangle.
    fn clip_to(&mut self, clip: Option<Rect>) {
        let Some(rect) = clip else {
            self.mask = None;
            return;
        };
        if self.mask.as_ref().is_some_and(|(known, _)| *known == rect) {
            return;
        }
        let edges = [rect.left, rect.top, rect.right, rect.bottom].map(|x| x as f32);
        let shape = SkiaRect::from_ltrb(edges[0], edges[1], edges[2], edges[3]);
        let mask = Mask::new(self.pixels.width(), self.pixels.height());
        self.mask = shape.zip(mask).map(|(shape, mut mask)| {
            let path = PathBuilder::from_rect(shape);
            mask.fill_path(&path, FillRule::Winding, true, Transform::identity());
            (rect, mask)
        });
    }
}

fn paint(Color(r, g, b): Color, opacity: f64) -> Paint<'static> {
    let mut paint = Paint::default();
    paint.set_color_rgba8(r, g, b, (opacity.clamp(0.0, 1.0) * 255.0).round() as u8);
    paint.anti_alias = true;
    paint
}

fn path(runs: &[Vec<(f64, f64)>], closed: bool) -> Option<tiny_skia::Path> {
    let mut path = PathBuilder::new();
    for run in runs {
        for (k, &(x, y)) in run.iter().enumerate() {
            let (x, y) = (x as f32, y as f32);
            match k {
                0 => path.move_to(x, y),
                _ => path.line_to(x, y),
            }
        }
        if closed && !run.is_empty() {
            path.close();
        }
    }
    path.finish()
}
