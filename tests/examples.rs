//! What the examples show at one point, as properties: one test an example, by its number.

mod common;

use common::arbitrary_expression;
use gradus::descend::rows::Columns;
use gradus::descend::{
    Adam, Batches, Bfgs, Bounds, ClosureObjective, ConjugateGradient, Descent, FirstOrder,
    FormulaObjective, GradientDescent, LineSearch, Method, Newton, Objective, Offers, Stop,
    StopReason, TrustRegion, auto, descend,
};
use gradus::numeric::{Schedule, Verdict, check, compare};
use gradus::plot::{Curves, Function as Drawn, Layer, curves};
use gradus::program::source::{Language, Shape, SourceError};
use gradus::{
    Assumption, Codegen, CodegenError, CompileError, CompileSparse, Expr, Function, Graph,
    OverRows, codegen, jacobian, syntax,
};
use proptest::prelude::*;

/// `c_0 + c_1*x + ...`
fn polynomial<'g>(graph: &'g Graph, coefficients: &[i64]) -> Expr<'g> {
    let x = graph.symbol("x");
    (coefficients.iter().enumerate())
        .map(|(k, &c)| c * x.powi(k as i64))
        .fold(graph.number(0), |sum, term| sum + term)
}

fn schedule(roots: &[Expr<'_>], names: &[&str]) -> Schedule {
    let arena = roots[0].graph().arena();
    let symbols: Vec<_> = (names.iter())
        .map(|name| arena.find_symbol(name).expect("it occurs"))
        .collect();
    let ids: Vec<_> = roots.iter().map(|r| r.id()).collect();
    Schedule::new(&arena, &ids, &symbols).expect("every variable is named")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn example_01_the_derivative_of_a_polynomial(c in prop::collection::vec(-99i64..99, 1..9)) {
        let graph = Graph::new();
        let slope = polynomial(&graph, &c).diff("x").unwrap();
        let expected: Vec<i64> = (c.iter().enumerate().skip(1)).map(|(k, &c)| k as i64 * c).collect();
        prop_assert_eq!(slope.expand(), polynomial(&graph, &expected).expand());
    }

    #[test]
    fn example_02_the_gradient_of_a_quadratic_form(a in prop::array::uniform3(prop::array::uniform3(-9i64..9))) {
        let graph = Graph::new();
        let names = ["x", "y", "z"];
        let x = names.map(|name| graph.symbol(name));
        let mut form = graph.number(0);
        for i in 0..3 {
            for j in 0..3 {
                form = form + a[i][j] * x[i] * x[j];
            }
        }
        let gradient = form.gradient(&names).unwrap();
        let hessian = form.hessian(&names).unwrap();
        for i in 0..3 {
            let row = (0..3).fold(graph.number(0), |sum, j| sum + (a[i][j] + a[j][i]) * x[j]);
            prop_assert_eq!(gradient[i].expand(), row.expand());
            for j in 0..3 {
                prop_assert_eq!(hessian[i][j].simplify(), graph.number(a[i][j] + a[j][i]));
            }
        }
    }

    #[test]
    fn example_03_decimals_add_exactly(a in 1i64..10_000, b in 1i64..10_000) {
        let decimal = |n: i64| format!("{}.{:03}", n / 1000, n % 1000);
        let sum = gradus::simplify(&format!("{}*x + {}*x", decimal(a), decimal(b))).unwrap();
        let graph = Graph::new();
        let expected = graph.parse(&format!("{}*x", decimal(a + b))).unwrap();
        prop_assert_eq!(graph.parse(&sum).unwrap(), expected);
        let times_1000 = gradus::simplify(&format!("1000*({} + {})", decimal(a), decimal(b))).unwrap();
        prop_assert_eq!(times_1000, (a + b).to_string());
    }

    #[test]
    fn example_04_the_jacobian_of_a_composition_is_the_product(
        a in prop::array::uniform4(-9i64..9),
        point in prop::array::uniform2(0.1f64..2.0),
    ) {
        let graph = Graph::new();
        let [a, b, c, d] = a;
        // A linear map after polar coordinates, written as functions of one's own.
        let text = format!(
            "u(r, t) = r*cos(t); v(r, t) = r*sin(t); [{a}*u(r, t) + {b}*v(r, t), {c}*u(r, t) + {d}*v(r, t), u(r, t), v(r, t)]"
        );
        let reading = syntax::read(&mut graph.arena_mut(), &text, &[]).unwrap();
        let maps: Vec<Expr> = reading.results.iter().map(|&id| graph.expr(id)).collect();
        graph.symbol("r");
        graph.symbol("t");
        let rows = jacobian(&maps, &["r", "t"]).unwrap();
        let at = [("r", point[0]), ("t", point[1])];
        let value = |i: usize, j: usize| rows[i][j].eval(&at).unwrap();
        for (i, (p, q)) in [(a, b), (c, d)].into_iter().enumerate() {
            for j in 0..2 {
                let product = p as f64 * value(2, j) + q as f64 * value(3, j);
                prop_assert!((value(i, j) - product).abs() < 1e-12 * (1.0 + product.abs()));
            }
        }
        let determinant = value(2, 0) * value(3, 1) - value(2, 1) * value(3, 0);
        prop_assert!((determinant - point[0]).abs() < 1e-12);
    }

    #[test]
    fn example_05_a_root_needs_a_positive_base(n in 1i64..6, x in -9.0f64..9.0) {
        let graph = Graph::new();
        let root = graph.symbol("x").powi(2 * n).sqrt();
        let before = root.eval(&[("x", x)]).unwrap();
        let after = root.simplify().eval(&[("x", x)]).unwrap();
        prop_assert!((before - after).abs() <= 1e-12 * before);
        let graph = Graph::new();
        let x = graph.symbol_with("x", Assumption::Positive);
        prop_assert_eq!(x.powi(2 * n).sqrt().simplify(), x.powi(n));
    }

    #[test]
    fn example_06_the_taylor_polynomial_of_a_polynomial_is_itself(
        c in prop::collection::vec(-9i64..9, 1..6),
        around in -5i64..5,
    ) {
        let graph = Graph::new();
        let f = polynomial(&graph, &c);
        let taylor = f.taylor("x", graph.number(around), c.len()).unwrap();
        prop_assert_eq!(taylor.expand(), f.expand());
    }

    #[test]
    fn example_07_a_slope_wrong_by_a_thousandth_is_caught(
        a in 0.5f64..2.0,
        b in 0.5f64..2.0,
        x in -3.0f64..3.0,
        wrong in prop::sample::select(vec![1.001, 0.999, -1.0, 2.0, f64::NAN]),
    ) {
        let graph = Graph::new();
        let f = graph.parse(&format!("exp({a}*x)*sin({b}*x) + tanh(x)")).unwrap();
        let slope = f.diff("x").unwrap().simplify();
        let (f, slope) = (schedule(&[f], &["x"]), schedule(&[slope], &["x"]));
        let right = slope.run_real(&[x], &mut Vec::new())[0];
        prop_assume!(right.abs() > 1e-2);
        prop_assert_eq!(check(&f, &slope, &[x]).verdict, Verdict::Agrees);
        prop_assert_ne!(compare(&f, &[wrong * right], &[x]).verdict, Verdict::Agrees);
    }

    #[test]
    fn example_08_a_parabola_is_descended_below_twice_its_inverse_curvature(
        a in 1i64..9,
        lowest in -9i64..9,
        start in -50.0f64..50.0,
        part in 0.05f64..0.95,
    ) {
        prop_assume!((start - lowest as f64).abs() > 1e-3);
        let graph = Graph::new();
        let f = a * (graph.symbol("x") - lowest).powi(2);
        let slope = f.diff("x").unwrap();
        let arena = graph.arena();
        let x = arena.find_symbol("x").unwrap();
        let mut objective = FormulaObjective::new(&arena, f.id(), &[slope.id()], &[x]).unwrap();
        let stop = Stop { tolerance: 1e-9, ..Stop::default() };
        let critical = 1.0 / a as f64;
        let mut run = |rate: f64| {
            descend(&mut objective, &mut GradientDescent { rate }, &[start], &stop, &mut |_| ())
        };
        let end = run(part * critical);
        prop_assert!(end.converged);
        prop_assert!((end.point[0] - lowest as f64).abs() < 1e-6, "{:?}", end);
        prop_assert_eq!(run(1.1 * critical).stop_reason, StopReason::Diverged);
    }

    #[test]
    fn example_09_every_error_has_a_place_in_the_text(text in "[x0-9 ()+*/^|,;=\\[\\].<>!²√∫é\\n-]{0,40}") {
        if let Err(error) = Graph::new().parse(&text) {
            let (start, end) = (error.span.start as usize, error.span.end as usize);
            prop_assert!(start <= end && text.get(start..end).is_some(), "{start}..{end} of {text:?}");
            let drawn = syntax::render(&error, &text, "text", false);
            prop_assert!(drawn.contains(&error.message) && drawn.len() < 3000);
        }
    }

    #[test]
    fn example_10_text_and_let_form_read_back(recipe in arbitrary_expression(Function::ALL, 12)) {
        let graph = Graph::new();
        let f = recipe.build(&graph);
        prop_assert_eq!(graph.parse(&f.to_string()).unwrap(), f);
        prop_assert_eq!(graph.parse(&f.to_let_text().unwrap()).unwrap(), f);
    }

    #[test]
    fn example_11_source_is_written_or_refused(recipe in arbitrary_expression(Function::ALL, 12)) {
        let graph = Graph::new();
        let f = recipe.build(&graph);
        for language in Language::ALL {
            for shape in [Shape::Value, Shape::Jacobian] {
                let how = Codegen { shape, ..Codegen::new(language) };
                match codegen(&[f], &["x", "y", "z"], &how) {
                    Ok(code) => {
                        let count = |c: char| code.text.matches(c).count();
                        prop_assert_eq!(count('('), count(')'), "{}", code.text);
                        prop_assert_eq!(code.outputs.len(), if shape == Shape::Value { 1 } else { 4 });
                    }
                    Err(CodegenError::Source(SourceError::NeedsComplex)) => {}
                    Err(CodegenError::Source(error)) => prop_assert_eq!(language, Language::Sql, "{}", error),
                    Err(CodegenError::Compile(CompileError::Calculus(_))) => {}
                    Err(error) => prop_assert!(false, "{}", error),
                }
            }
        }
    }

    #[test]
    fn example_12_a_sparse_hessian_is_the_dense_one(
        pairs in prop::collection::vec((0usize..8, 0usize..8), 1..12),
        point in prop::array::uniform8(-2.0f64..2.0),
    ) {
        let graph = Graph::new();
        let names: Vec<String> = (0..8).map(|i| format!("x_{i}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let x = |i: usize| graph.symbol(names[i]);
        let springs = pairs.iter().map(|&(i, j)| (x(i) - 2 * x(j)).powi(4));
        let energy = springs.fold(graph.number(0), |sum, spring| sum + spring);
        let sparse = energy.compile_sparse_hessian(&names, CompileSparse::default()).unwrap();
        let sparse = sparse.matrix(&point).unwrap().to_dense();
        let at: Vec<(&str, f64)> = names.iter().copied().zip(point).collect();
        for (row, formulas) in energy.hessian(&names).unwrap().into_iter().enumerate() {
            for (column, formula) in formulas.into_iter().enumerate() {
                let (found, expected) = (sparse[row][column], formula.eval(&at).unwrap());
                prop_assert!((found - expected).abs() <= 1e-11 * (1.0 + expected.abs()));
            }
        }
    }

    #[test]
    fn example_13_columns_are_points(points in prop::collection::vec((-9.0f64..9.0, -9.0f64..9.0), 0..200)) {
        let graph = Graph::new();
        let f = graph.parse("exp(-x^2)*sin(y)").unwrap().compile(&["x", "y"]).unwrap();
        let (x, y): (Vec<f64>, Vec<f64>) = points.iter().copied().unzip();
        let mut values = vec![0.0; points.len()];
        f.values_over(&[&x, &y], &mut [&mut values]).unwrap();
        for (value, (x, y)) in values.into_iter().zip(points) {
            prop_assert!((value - f.value(&[x, y]).unwrap()).abs() <= 1e-15);
        }
    }

    #[test]
    fn example_18_a_logistic_fit_meets_the_score_equations(
        points in prop::collection::vec((-2.0f64..2.0, any::<bool>()), 12..60),
    ) {
        // Some points of either class at both ends: then there is a minimum, and not too far away.
        let ends = [(-2.0, true), (-2.0, false), (2.0, true), (2.0, false)];
        let (x, y): (Vec<f64>, Vec<f64>) = points.into_iter().chain(ends)
            .map(|(x, y)| (x, f64::from(u8::from(y))))
            .unzip();
        let end = least("z = a*x + b; mean(log(1 + exp(z)) - y*z)", &x, &y, &[0.0, 0.0]);
        let share = |x: f64| 1.0 / (1.0 + (-(end[0] * x + end[1])).exp());
        let off = |f: fn(f64) -> f64| -> f64 {
            x.iter().zip(&y).map(|(&x, y)| (share(x) - y) * f(x)).sum::<f64>() / x.len() as f64
        };
        prop_assert!(off(|_| 1.0).abs() < 1e-6 && off(|x| x).abs() < 1e-6);
    }

    #[test]
    fn example_19_poisson_rates_of_groups_are_their_means(
        low in prop::collection::vec(1u32..20, 1..9),
        high in prop::collection::vec(1u32..20, 1..9),
    ) {
        let x = [vec![0.0; low.len()], vec![1.0; high.len()]].concat();
        let y: Vec<f64> = low.iter().chain(&high).map(|&y| f64::from(y)).collect();
        let end = least("z = a + b*x; mean(exp(z) - y*z)", &x, &y, &[1.0, 0.0]);
        let mean = |list: &[u32]| f64::from(list.iter().sum::<u32>()) / list.len() as f64;
        prop_assert!((end[0].exp() - mean(&low)).abs() < 1e-5 * mean(&low));
        prop_assert!(((end[0] + end[1]).exp() - mean(&high)).abs() < 1e-5 * mean(&high));
    }

    #[test]
    fn example_20_clipped_residuals_balance(y in prop::collection::vec(-9.0f64..9.0, 3..40)) {
        let text = "h(r) = if(abs(r) < 1/2, r^2, abs(r) - 1/4); mean(h(y - m)) + 1e-4*m^2";
        let end = least(text, &y, &y, &[0.0]);
        let pulls: f64 = y.iter().map(|y| (y - end[0]).clamp(-0.5, 0.5)).sum();
        prop_assert!((pulls / y.len() as f64 - 1e-4 * end[0]).abs() < 1e-5, "{end:?}");
    }

    #[test]
    fn example_14_methods_meet_at_the_minimum_of_a_convex_function(
        a in prop::array::uniform3(0.1f64..9.0),
        b in prop::array::uniform3(-5.0f64..5.0),
        start in prop::array::uniform3(-5.0f64..5.0),
    ) {
        let graph = Graph::new();
        let text = format!(
            "{}*(x - {})^2 + {}*(y - x + {})^2 + exp({}*z) - z + x",
            a[0], b[0], a[1], b[1], a[2]
        ).replace("- -", "+ ").replace("+ -", "- ");
        let mut f = graph.parse(&text).unwrap().objective(&["x", "y", "z"]).unwrap();
        let methods: [Box<dyn Method>; 4] = [
            Box::new(LineSearch::new(Bfgs::default())),
            Box::new(LineSearch::new(ConjugateGradient::default())),
            Box::new(TrustRegion::new(Newton)),
            auto(&f, None),
        ];
        // Where every derivative is 0, by hand.
        let x = b[0] - 0.5 / a[0];
        let expected = [x, x - b[1], -a[2].ln() / a[2]];
        for mut method in methods {
            let stop = Stop::suiting(&*method);
            let end = descend(&mut f, &mut *method, &start, &stop, &mut |_| ());
            prop_assert!(end.converged, "{}: {:?}", text, end);
            for (found, expected) in end.point.iter().zip(expected) {
                prop_assert!((found - expected).abs() < 1e-5 * (1.0 + expected.abs()), "{}: {:?}", text, end);
            }
        }
    }

    #[test]
    fn example_15_a_closure_ends_where_its_formula_does(
        a in 0.5f64..4.0,
        b in -3.0f64..3.0,
        start in prop::array::uniform2(-3.0f64..3.0),
        edge in -1.0f64..1.0,
    ) {
        let graph = Graph::new();
        let text = format!("(x - {a})^2 + cosh(y*{a}) + ({b})*y");
        let mut f = graph.parse(&text).unwrap().objective(&["x", "y"]).unwrap();
        let value = |p: &[f64]| (p[0] - a).powi(2) + (p[1] * a).cosh() + b * p[1];
        let mut closure = ClosureObjective::new(2, value);
        let run = |f: &mut dyn Objective, bounds: Option<&Bounds>, start: &[f64]| {
            let mut method = auto(f, bounds);
            descend(f, &mut *method, start, &Stop::default(), &mut |_| ())
        };
        let (by_formula, by_values) = (run(&mut f, None, &start), run(&mut closure, None, &start));
        prop_assert!(by_formula.converged && by_values.converged, "{:?} {:?}", by_formula, by_values);
        prop_assert!((by_formula.value - by_values.value).abs() < 1e-8 * (1.0 + by_formula.value.abs()));
        // With an edge before the minimum it ends on the edge.
        let bounds = Bounds::new(vec![f64::NEG_INFINITY; 2], vec![edge.min(a - 0.1), 9.0]).unwrap();
        let mut closure = ClosureObjective::new(2, value).within(bounds.clone());
        let end = run(&mut closure, Some(&bounds), &start);
        prop_assert!(end.converged && end.point[0] == edge.min(a - 0.1), "{:?}", end);
    }

    #[test]
    fn example_16_batches_of_all_rows_are_plain_descent(
        rows in prop::collection::vec(-5.0f64..5.0, 1..20),
        seed in any::<u64>(),
    ) {
        /// The mean of `(x - row)^2`.
        struct Mean(Vec<f64>);
        impl Mean {
            fn over(&self, rows: &[usize], x: f64, gradient: &mut [f64]) -> f64 {
                let count = rows.len() as f64;
                gradient[0] = rows.iter().map(|&r| 2.0 * (x - self.0[r])).sum::<f64>() / count;
                rows.iter().map(|&r| (x - self.0[r]).powi(2)).sum::<f64>() / count
            }
        }
        impl Objective for Mean {
            fn dimension(&self) -> usize {
                1
            }
            fn value(&mut self, point: &[f64]) -> f64 {
                let all: Vec<usize> = (0..self.0.len()).collect();
                self.over(&all, point[0], &mut [0.0])
            }
            fn gradient(&mut self, point: &[f64], gradient: &mut [f64]) {
                let all: Vec<usize> = (0..self.0.len()).collect();
                self.over(&all, point[0], gradient);
            }
            fn offers(&self) -> Offers {
                Offers { rows: Some(self.0.len()), ..Offers::default() }
            }
            fn value_and_gradient_of(&mut self, rows: &[usize], point: &[f64], gradient: &mut [f64]) -> f64 {
                self.over(rows, point[0], gradient)
            }
        }
        let mut f = Mean(rows);
        let stop = Stop { tolerance: 0.0, max_iterations: 20, interrupt: None };
        let plain = descend(&mut f, &mut GradientDescent { rate: 0.1 }, &[1.0], &stop, &mut |_| ());
        let batches = Batches::new(f.0.len() + 3, seed);
        let mut method = FirstOrder::new(GradientDescent { rate: 0.1 }).with_batches(batches);
        let by_rows = descend(&mut f, &mut method, &[1.0], &stop, &mut |_| ());
        prop_assert!((plain.point[0] - by_rows.point[0]).abs() < 1e-12);
        prop_assert!(by_rows.stop_reason == StopReason::EpochsDone || by_rows.converged);
    }

    #[test]
    fn example_17_a_descent_may_be_cut_anywhere(cut in 0u64..60, start in prop::array::uniform2(-2.0f64..2.0)) {
        let graph = Graph::new();
        let mut f = graph.parse("(1 - x)^2 + 100*(y - x^2)^2").unwrap().objective(&["x", "y"]).unwrap();
        let until = |max_iterations| Stop { tolerance: 0.0, max_iterations, interrupt: None };
        let new = || FirstOrder::new(Adam::default());
        let whole = Descent::new(&mut f, &mut new(), &start).run(&until(60), &mut |_| ());
        let mut method = new();
        let mut descent = Descent::new(&mut f, &mut method, &start);
        descent.run(&until(cut), &mut |_| ());
        let snapshot = descent.snapshot();
        let mut method = new();
        let mut continued = Descent::resume(&mut f, &mut method, snapshot).unwrap();
        prop_assert_eq!(continued.run(&until(60), &mut |_| ()), whole);
    }

    #[test]
    fn example_21_a_line_goes_through_the_centre(points in prop::collection::vec((-99i32..99, -99i32..99), 3..40)) {
        let (x, y): (Vec<f64>, Vec<f64>) = points.iter().map(|&(x, y)| (f64::from(x), f64::from(y))).unzip();
        let line = gradus::fit("y = a + b*x", &[("x", &x), ("y", &y)], &[]).unwrap();
        let mean = |v: &[f64]| v.iter().sum::<f64>() / v.len() as f64;
        let there = line.predict(&[("x", mean(&x))]).unwrap();
        // Where all x are the same there is no slope, but still a centre.
        prop_assert!((there.value - mean(&y)).abs() <= 1e-11);
    }

    #[test]
    fn example_22_a_start_may_be_left_out(a in 1.0f64..9.0, k in 0.2f64..2.0, c in -3.0f64..3.0) {
        let x: Vec<f64> = (0..20).map(|i| 0.5 * f64::from(i)).collect();
        let y: Vec<f64> = x.iter().map(|x| a * (-k * x).exp() + c).collect();
        let found = gradus::fit("y = a*exp(-k*x) + c", &[("x", &x), ("y", &y)], &[]).unwrap();
        prop_assert!((found.value("k").unwrap() - k).abs() <= 1e-8, "{:?}", found.fit);
    }

    #[test]
    fn example_23_units_do_not_matter(power in -12i32..12) {
        let unit = 10f64.powi(power);
        let x = [1.0, 2.0, 3.0, 5.0, 7.0, 10.0].map(|x| x * unit);
        let y = [109.0, 149.0, 149.0, 191.0, 213.0, 224.0];
        let start = [("b1", 200.0), ("b2", 0.5 / unit)];
        let found = gradus::fit("y = b1*(1 - exp(-b2*x))", &[("x", &x), ("y", &y)], &start).unwrap();
        prop_assert!((found.value("b2").unwrap() * unit - 0.54723748542).abs() <= 1e-9);
        prop_assert!((found.std_error("b1").unwrap() - 12.354515176).abs() <= 1e-7);
    }

    #[test]
    fn example_24_a_parabola_is_drawn_where_it_is(a in 0.1f64..9.0, at in -1.5f64..1.5) {
        let mut values = |x: &[f64], y: &mut [f64]| {
            y.iter_mut().zip(x).for_each(|(y, x)| *y = a * (x - at) * (x - at));
        };
        let mut functions = [Drawn { name: String::new(), values: &mut values }];
        let figure = curves("", &mut functions, (-2.0, 2.0), &Curves::default()).unwrap();
        let panel = &figure.panels[0];
        let runs = panel.layers.iter().find_map(|layer| match layer {
            Layer::Line { runs, .. } => Some(runs),
            _ => None,
        });
        let points = &runs.unwrap()[..];
        prop_assert_eq!(points.len(), 1);
        let lowest = points[0].iter().min_by(|p, q| p.1.total_cmp(&q.1)).unwrap();
        prop_assert!((lowest.0 - at).abs() < 2e-3, "{:?}", lowest);
        let highest = a * (2.0 + at.abs()).powi(2);
        prop_assert!(panel.y.range.0 < 0.0 && panel.y.range.1 > highest);
    }
}

/// Where a loss over columns x and y is least.
fn least(text: &str, x: &[f64], y: &[f64], start: &[f64]) -> Vec<f64> {
    let loss = OverRows::parse(text, &["x", "y"]).unwrap();
    let column = |name: &str| if name == "x" { x.to_vec() } else { y.to_vec() };
    let columns = loss.columns().into_iter().map(column).collect();
    let mut objective = loss.objective(Columns::new(columns, y.len())).unwrap();
    let mut method = auto(&objective, None);
    let stop = Stop::suiting(&*method);
    let end = descend(&mut objective, &mut *method, start, &stop, &mut |_| ());
    assert!(end.converged, "{end:?}");
    end.point
}
