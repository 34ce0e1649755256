//! Fewer points, the same picture.

/// A line may leave its points by this much, in pixels: nobody sees it.
pub const TOLERANCE: f64 = 0.1;

/// The most points of one line in a file; where more are left, they are taken evenly.
pub const MAX_POINTS: usize = 20_000;

/// The points of a line, in pixels, that are needed to draw it: those that it leaves out lie within [`TOLERANCE`] of the
/// line. The first and the last are always kept.
///
/// Source: D. Douglas, T. Peucker, Cartographica 10 (1973) 112; without recursion. What lies in the same pixel's quarter as
/// the point before goes first, since the search is quadratic at worst.
pub fn thin(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let points = without_repeats(points);
    let points = match points.len() > MAX_POINTS {
        true => every(&points, MAX_POINTS),
        false => points,
    };
    if points.len() < 3 {
        return points;
    }
    let mut kept = vec![false; points.len()];
    kept[0] = true;
    kept[points.len() - 1] = true;
    let mut parts = vec![(0, points.len() - 1)];
    while let Some((first, last)) = parts.pop() {
        let away = |k: &usize| distance(points[*k], points[first], points[last]);
        let farthest = (first + 1..last).max_by(|a, b| away(a).total_cmp(&away(b)));
        if let Some(farthest) = farthest.filter(|k| away(k) > TOLERANCE) {
            kept[farthest] = true;
            parts.extend([(first, farthest), (farthest, last)]);
        }
    }
    let keep = |(point, kept): (&(f64, f64), &bool)| kept.then_some(*point);
    points.iter().zip(&kept).filter_map(keep).collect()
}

/// So many of the points, the first and the last among them.
pub fn every<T: Clone>(points: &[T], most: usize) -> Vec<T> {
    if points.len() <= most || most < 2 {
        return points.to_vec();
    }
    (0..most)
        .map(|k| points[k * (points.len() - 1) / (most - 1)].clone())
        .collect()
}

fn without_repeats(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    const NEAR: f64 = 0.25;
    let mut kept: Vec<(f64, f64)> = Vec::new();
    for (k, &point) in points.iter().enumerate() {
        let near = kept.last().is_some_and(|last: &(f64, f64)| {
            (last.0 - point.0).abs() < NEAR && (last.1 - point.1).abs() < NEAR
        });
        if !near {
            kept.push(point);
        } else if k + 1 == points.len() && kept.len() > 1 {
            *kept.last_mut().expect("not empty") = point;
        }
    }
    kept
}

/// From a point to a line between two points.
fn distance(p: (f64, f64), a: (f64, f64), b: (f64, f64)) -> f64 {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let square = dx * dx + dy * dy;
    let along = match square > 0.0 {
        true => (((p.0 - a.0) * dx + (p.1 - a.1) * dy) / square).clamp(0.0, 1.0),
        false => 0.0,
    };
    (p.0 - a.0 - along * dx).hypot(p.1 - a.1 - along * dy)
}
