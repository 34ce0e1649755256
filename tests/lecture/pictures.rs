//! Pictures of the course: errors by numbers of points, histograms.

use gradus::plot::{Errors, Histogram, Layer, PlotError, Scale, Size, convergence, histograms};

fn errors(name: &str, points: &[(f64, f64)]) -> Errors {
    Errors {
        name: name.to_owned(),
        points: points.to_vec(),
    }
}

#[test]
fn errors_are_drawn_by_their_logarithms_beside_the_law() {
    let random = errors("random", &[(16.0, 0.25), (64.0, 0.12), (256.0, 0.07)]);
    let even = errors("Sobol", &[(16.0, 1e-2), (64.0, 1e-3), (256.0, 0.0)]);
    let figure = convergence("f", &[random, even], Some(("1/√n", 1.0))).unwrap();
    let [panel] = &figure.panels[..] else {
        panic!("one panel")
    };
    assert_eq!((panel.x.scale, panel.y.scale), (Scale::Log, Scale::Log));
    let lines: Vec<(&str, &[(f64, f64)])> = (panel.layers.iter())
        .filter_map(|layer| match layer {
            Layer::Line { runs, name, .. } => Some((name.as_deref()?, &runs[0][..])),
            _ => None,
        })
        .collect();
    assert_eq!(
        lines.iter().map(|l| l.0).collect::<Vec<_>>(),
        ["1/√n", "random", "Sobol"]
    );
    assert_eq!(lines[0].1, [(16.0, 0.25), (256.0, 0.0625)]);
    let (low, high) = panel.y.range;
    assert!(low < 1e-3 && 0.25 < high && low > 1e-4 && high < 1.0);
    let svg = figure.svg(Size::default());
    assert!(svg.contains("random") && svg.contains("Sobol"));
    let exact = errors("exact", &[(16.0, 0.0), (32.0, 0.0)]);
    assert_eq!(
        convergence("f", &[exact], Some(("1/√n", 0.0))),
        Err(PlotError::Empty)
    );
    assert_eq!(convergence("f", &[], None), Err(PlotError::Empty));
}

#[test]
fn bars_have_the_area_that_they_say() {
    let histogram = |heights: &[f64]| Histogram {
        x: "x".to_owned(),
        edges: vec![0.0, 1.0, 3.0],
        heights: heights.to_vec(),
        curves: vec![("curve".to_owned(), vec![(0.0, 0.5), (4.0, 0.1)])],
    };
    let four = [[0.4, 0.3], [0.2, 0.4], [0.6, 0.2], [1.0, 0.0]].map(|h| histogram(&h));
    let figure = histograms("h", &four).unwrap();
    assert_eq!(figure.panels.len(), 4);
    // The panels lie beside and below each other without overlap.
    let places: Vec<[f64; 4]> = figure.panels.iter().map(|p| p.place).collect();
    assert_eq!(places[0], [0.0, 0.0, 0.5, 0.5]);
    assert_eq!(places[1], [0.5, 0.0, 1.0, 0.5]);
    assert_eq!(places[2], [0.0, 0.5, 0.5, 1.0]);
    let area: f64 = (figure.panels[0].layers.iter())
        .flat_map(|layer| match layer {
            Layer::Fill { loops, .. } => loops.clone(),
            _ => Vec::new(),
        })
        .map(|corners| (corners[2].0 - corners[0].0) * corners[1].1)
        .sum();
    assert!((area - 1.0).abs() < 1e-15);
    assert_eq!(figure.panels[0].x.range, (0.0, 4.0));
    assert!(figure.panels[2].y.range.1 > 0.6 && figure.panels[2].y.range.0 == 0.0);
    // One legend is enough.
    let named = |k: usize| {
        (figure.panels[k].layers.iter()).any(|l| matches!(l, Layer::Line { name: Some(_), .. }))
    };
    assert!(named(0) && !named(1) && !named(3));
    assert_eq!(histograms("", &[]), Err(PlotError::Empty));
    assert_eq!(
        histograms(
            "",
            &[Histogram {
                curves: vec![],
                ..histogram(&[0.0, 0.0])
            }]
        ),
        Err(PlotError::Empty)
    );
}
