//! Laws that hold for every expression, tried on random ones: simplifying keeps values, the roads to a derivative meet, the
//! rules of calculus hold. `PROPTEST_CASES=100000 cargo test --test properties` tries harder.
//!
//! Values are compared to the bound that the evaluator of `common/bounded.rs` gives for its own rounding errors, so that no
//! tolerance is guessed.

#[path = "common/bounded.rs"]
mod bounded;
mod common;

use bounded::{Bounded, Field, evaluate};
use common::{Recipe, SMOOTH, arbitrary_expression};
use gradus::calculus;
use gradus::expr::{Arena, Node, SymbolId, walk};
use gradus::numeric::{Schedule, Verdict, compare, complex_step, dual};
use gradus::simplify::{Simplified, simplify, simplify_all};
use gradus::{Expr, Function, Graph, Rational, functions, syntax};
use num_complex::Complex64;
use proptest::prelude::*;
use proptest::test_runner::{RngSeed, TestCaseResult};

/// The same 1000 cases every time, so that nobody's change fails by chance; others each time where a number is asked for.
fn config() -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok();
    let asked = asked.and_then(|n| n.parse().ok());
    let cases = asked.unwrap_or(1000);
    ProptestConfig {
        cases,
        rng_seed: asked.map_or(RngSeed::Fixed(1), |_: u32| RngSeed::Random),
        failure_persistence: None,
        max_global_rejects: 100 * cases,
        ..ProptestConfig::default()
    }
}

/// Everything but the order of polygamma can be differentiated; kinks are where they are.
const ANY: &[Function] = Function::ALL;

fn any_function() -> impl Strategy<Value = Recipe> {
    arbitrary_expression(ANY, 12)
}

fn smooth_function() -> impl Strategy<Value = Recipe> {
    arbitrary_expression(SMOOTH, 8)
}

fn coordinate() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => -3.0..3.0f64,
        1 => prop::sample::select(vec![0.0, 1.0, -1.0, 2.0, -2.0, 0.5, -0.5]),
        1 => (-6.0..3.0f64, any::<bool>()).prop_map(|(e, minus)| if minus { -10f64.powf(e) } else { 10f64.powf(e) }),
    ]
}

fn real_point() -> impl Strategy<Value = [f64; 3]> {
    [coordinate(), coordinate(), coordinate()]
}

/// Anywhere off the real axis, often close to it.
fn complex_point() -> impl Strategy<Value = [Complex64; 3]> {
    let close = prop_oneof![2 => Just(1.0), 1 => Just(1e-6)];
    let number = || {
        (coordinate(), 0.01..2.0f64, any::<bool>(), close.clone()).prop_map(
            |(x, y, below, close)| Complex64::new(x, if below { -y * close } else { y * close }),
        )
    };
    [number(), number(), number()]
}

fn symbols(graph: &Graph) -> [SymbolId; 3] {
    ["x", "y", "z"].map(|name| {
        graph.symbol(name);
        graph.arena().find_symbol(name).unwrap()
    })
}

/// The bounded value of an expression.
fn at(e: Expr<'_>, point: &[Complex64; 3], field: Field) -> Bounded {
    let named: Vec<_> = symbols(e.graph()).into_iter().zip(*point).collect();
    evaluate(&e.graph().arena(), &[e.id()], &named, field)[0]
}

fn real(point: &[f64; 3]) -> [Complex64; 3] {
    point.map(Complex64::from)
}

/// Is the value there, and known well enough to compare with?
fn is_known(value: Bounded) -> bool {
    let underflow = value.value.norm() < 1e-280 && value.error != Complex64::ZERO;
    value.is_finite() && !underflow && (value.relative() < 1e-4 || value.error.l1_norm() < 1e-9)
}

/// Where the first form has a value, the second has the same one.
fn same_value(
    from: Expr<'_>,
    to: Expr<'_>,
    point: &[Complex64; 3],
    field: Field,
) -> TestCaseResult {
    let (a, b) = (at(from, point, field), at(to, point, field));
    let lost = !b.is_finite() && a.relative() > 1e-4;
    if is_known(a) && !b.is_unknown() && !lost && !divides_by_zero(from) {
        prop_assert!(
            a.agrees(b),
            "{from}\n = {a:?},\n{to}\n = {b:?}\nat {point:?} ({field:?})"
        );
    }
    Ok(())
}

/// Two derivatives found in two ways agree where both have values.
fn agree(a: Expr<'_>, b: Expr<'_>, point: &[Complex64; 3], field: Field) -> TestCaseResult {
    let (p, q) = (at(a, point, field), at(b, point, field));
    if is_known(p) && is_known(q) {
        prop_assert!(
            p.agrees(q),
            "{a}\n = {p:?},\n{b}\n = {q:?}\nat {point:?} ({field:?})"
        );
    }
    Ok(())
}

fn derivative<'g>(f: Expr<'g>, by: usize) -> Option<Expr<'g>> {
    let graph = f.graph();
    let by = symbols(graph)[by];
    let found = calculus::derivatives(&mut graph.arena_mut(), &[f.id()], by).ok()?[0];
    Some(graph.expr(found))
}

/// Has it a complex derivative?
fn is_analytic(f: Expr<'_>) -> bool {
    let arena = f.graph().arena();
    let order = walk::Order::of(&arena, &[f.id()]);
    order.ids.iter().all(|&id| match arena.node(id) {
        Node::Call(f, _) | Node::Call2(f, ..) => functions::is_analytic(f),
        Node::If(..) => false,
        _ => true,
    })
}

/// 1/0 has no value, and no form either: 1/0 - pi is 1/0.
fn divides_by_zero(f: Expr<'_>) -> bool {
    let arena = f.graph().arena();
    let order = walk::Order::of(&arena, &[f.id()]);
    (order.ids.iter()).any(|&id| matches!(arena.node(id), Node::Pow(a, _) if arena.is_zero(a)))
}

/// Simplified by someone who has not seen it before.
fn fresh(f: Expr<'_>) -> Expr<'_> {
    f.graph().arena_mut().forget_simplified();
    f.simplify()
}

/// What is known as a number, else NaN.
fn number(value: Bounded) -> f64 {
    if value.is_finite() {
        value.value.re
    } else {
        f64::NAN
    }
}

/// Are all values on the way neither large nor tiny?
fn is_tame(f: Expr<'_>, x: &[f64; 3]) -> bool {
    let order = walk::Order::of(&f.graph().arena(), &[f.id()]);
    (order.ids.iter()).all(|&id| {
        let size = number(at(f.graph().expr(id), &real(x), Field::Real)).abs();
        size == 0.0 || (1e-40..1e40).contains(&size)
    })
}

/// Nodes of the tree.
fn size(f: Expr<'_>) -> u32 {
    f.graph().arena().facts(f.id()).size
}

fn schedule(f: Expr<'_>) -> Schedule {
    let variables = symbols(f.graph());
    Schedule::new(&f.graph().arena(), &[f.id()], &variables).unwrap()
}

/// Agreement with a number that brings no bound: to 9 digits, and to what rounding of the point does to it.
fn near(symbolic: Bounded, point: &[f64; 3], by: impl Fn(&[f64; 3]) -> f64) -> bool {
    let found = by(point);
    let mut noise = 0f64;
    for k in 0..3 {
        for sign in [1.0, -1.0] {
            let mut moved = *point;
            moved[k] *= 1.0 + sign * 4.0 * f64::EPSILON;
            noise = noise.max((by(&moved) - found).abs());
        }
    }
    // Where the slope is 0 the complex step leaves the square of its step, up to 1e-20.
    let gap = (symbolic.value.re - found).abs() - 1e-16;
    !found.is_finite()
        || noise.is_nan()
        || gap <= 1e-9 * found.abs() + 64.0 * noise + 64.0 * symbolic.error.re
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn simplify_keeps_values(recipe in any_function(), x in real_point(), z in complex_point()) {
        let graph = Graph::new();
        let f = recipe.build(&graph);
        let simple = f.simplify();
        same_value(f, simple, &real(&x), Field::Real)?;
        same_value(f, simple, &real(&x), Field::OffCuts)?;
        same_value(f, simple, &z, Field::OffCuts)?;
    }

    #[test]
    fn simplify_keeps_values_of_smooth_functions(recipe in arbitrary_expression(SMOOTH, 14), x in real_point(), z in complex_point()) {
        let graph = Graph::new();
        let f = recipe.build(&graph);
        let simple = f.simplify();
        same_value(f, simple, &real(&x), Field::Real)?;
        same_value(f, simple, &z, Field::Complex)?;
    }

    #[test]
    fn simplify_relies_on_assumptions_only_where_they_hold(recipe in any_function(), x in real_point()) {
        let graph = Graph::new();
        graph.symbol_with("x", gradus::Assumption::Positive);
        graph.symbol_with("y", gradus::Assumption::Real);
        graph.symbol_with("z", gradus::Assumption::Integer);
        let f = recipe.build(&graph);
        let point = real(&[x[0].abs().max(1e-3), x[1], x[2].round()]);
        same_value(f, f.simplify(), &point, Field::Real)?;
        same_value(f, f.simplify(), &point, Field::OffCuts)?;
    }

    /// Once in some thousand expressions the second time finds more; then it is done. It never swings between two forms.
    #[test]
    fn simplify_is_idempotent(recipe in any_function()) {
        let graph = Graph::new();
        let once = recipe.build(&graph).simplify();
        prop_assume!(!divides_by_zero(once));
        let twice = fresh(once);
        let thrice = fresh(twice);
        prop_assert_eq!(twice, thrice, "{} becomes {} becomes {}", once, twice, thrice);
        prop_assert!(4 * size(twice) <= 5 * size(once) + 16, "{once} becomes {twice}");
    }

    /// The form may depend on the order in which equal terms were met, but not its value or its length.
    #[test]
    fn simplify_of_the_printed_form_is_as_good(recipe in any_function(), x in real_point()) {
        let graph = Graph::new();
        let simple = recipe.build(&graph).simplify();
        let text = simple.to_string();
        let id = syntax::parse_into(&mut graph.arena_mut(), &text).unwrap();
        let again = fresh(graph.expr(id));
        same_value(simple, again, &real(&x), Field::Real)?;
        prop_assert!(divides_by_zero(simple) || size(again) <= 2 * size(simple) + 4, "{simple}\nbecomes {again}");
    }

    /// What is remembered from one helps with the next, and changes nothing.
    #[test]
    fn simplifying_several_at_once_is_simplifying_each(recipe in any_function()) {
        let graph = Graph::new();
        let f = recipe.build(&graph);
        let slopes: Vec<_> = (0..3).filter_map(|by| derivative(f, by)).map(|d| d.id()).collect();
        let (mut one_by_one, mut at_once) = (graph.arena().clone(), graph.arena().clone());
        let each: Vec<_> = slopes.iter().map(|&id| simplify(&mut one_by_one, id)).collect();
        let all = simplify_all(&mut at_once, &slopes);
        let text = |arena: &Arena, simple: &[Simplified]| -> Vec<_> {
            simple.iter().map(|s| (syntax::print::text(arena, s.id), s.complete)).collect()
        };
        prop_assert_eq!(text(&at_once, &all), text(&one_by_one, &each));
    }

    #[test]
    fn expand_keeps_values(recipe in any_function(), x in real_point(), z in complex_point()) {
        let graph = Graph::new();
        let f = recipe.build(&graph);
        let expanded = f.expand();
        same_value(f, expanded, &real(&x), Field::Real)?;
        same_value(f, expanded, &z, Field::OffCuts)?;
    }

    #[test]
    fn forward_reverse_and_dual_numbers_agree(recipe in any_function(), x in real_point()) {
        let graph = Graph::new();
        let f = recipe.build(&graph);
        let variables = symbols(&graph);
        let reverse = calculus::gradient(&mut graph.arena_mut(), f.id(), &variables);
        // An order of polygamma that turns out not to move is seen by the forward sweep alone.
        let Ok(reverse) = reverse else { return Ok(()) };
        let plan = schedule(f);
        for (by, &reverse) in reverse.iter().enumerate() {
            // ... and an order that is multiplied by 0, as in atan2(0, polygamma(x, y)), by the reverse one alone.
            let Some(forward) = derivative(f, by) else { continue };
            agree(forward, graph.expr(reverse), &real(&x), Field::Real)?;
            let value = at(forward, &real(&x), Field::Real);
            // Where the function has no value, of an undecided choice for one, its slope means nothing.
            if is_known(value) && plan.values(&x)[0].is_finite() {
                let dual = |x: &[f64; 3]| dual::derivative(&plan, x, by);
                // Where large terms cancel at 0, moving the point does not show it; the check knows the terms.
                let checked = compare(&plan, &[value.value.re; 3], &x).variables[by].roads[0].verdict;
                let found = near(value, &x, dual) || checked != Verdict::Disagrees;
                prop_assert!(found, "{f} by {by} at {x:?}: {forward} = {value:?}, not {}", dual::derivative(&plan, &x, by));
            }
        }
    }

    #[test]
    fn the_complex_step_agrees_on_smooth_functions(recipe in smooth_function(), x in real_point()) {
        let graph = Graph::new();
        let f = recipe.build(&graph);
        let plan = schedule(f);
        // Beside 1e-160 a step of 1e-200 underflows.
        prop_assume!(is_tame(f, &x));
        for by in 0..3 {
            let symbolic = derivative(f, by).unwrap();
            let value = at(symbolic, &real(&x), Field::Real);
            if is_known(value) {
                let found = near(value, &x, |x| complex_step::derivative(&plan, x, by));
                prop_assert!(found, "{f} by {by} at {x:?}: {symbolic} = {value:?}, not {}", complex_step::derivative(&plan, &x, by));
            }
        }
    }

    #[test]
    fn derivatives_are_linear(f in any_function(), g in any_function(), a in -5i64..5, b in -5i64..5, x in real_point()) {
        let graph = Graph::new();
        let (f, g) = (f.build(&graph), g.build(&graph));
        let (Some(df), Some(dg), Some(sum)) = (derivative(f, 0), derivative(g, 0), derivative(a * f + b * g, 0)) else {
            return Ok(());
        };
        agree(a * df + b * dg, sum, &real(&x), Field::Real)?;
    }

    #[test]
    fn products_and_quotients_have_their_rules(f in any_function(), g in any_function(), x in real_point(), z in complex_point()) {
        let graph = Graph::new();
        let (f, g) = (f.build(&graph), g.build(&graph));
        let (Some(df), Some(dg)) = (derivative(f, 0), derivative(g, 0)) else {
            return Ok(());
        };
        agree(df * g + f * dg, derivative(f * g, 0).unwrap(), &real(&x), Field::Real)?;
        agree(df * g + f * dg, derivative(f * g, 0).unwrap(), &z, Field::OffCuts)?;
        agree((df * g - f * dg) / g.powi(2), derivative(f / g, 0).unwrap(), &real(&x), Field::Real)?;
        let power = f.pow(g) * (dg * f.log() + g * df / f);
        agree(power, derivative(f.pow(g), 0).unwrap(), &real(&x), Field::Real)?;
    }

    #[test]
    fn the_chain_rule_holds(f in any_function(), g in any_function(), x in real_point(), z in complex_point()) {
        let graph = Graph::new();
        let (f, g) = (f.build(&graph), g.build(&graph));
        let (x_, y_) = (graph.symbol("x"), graph.symbol("y"));
        // f in y, z; g in x: f(y = g) by x is f'(g) g'.
        let (f, g) = (f.substitute(x_, graph.number(2)), g.substitute(y_, graph.number(3)));
        let (Some(df), Some(dg)) = (derivative(f, 1), derivative(g, 0)) else {
            return Ok(());
        };
        let Some(composed) = derivative(f.substitute(y_, g), 0) else {
            return Ok(());
        };
        agree(df.substitute(y_, g) * dg, composed, &real(&x), Field::Real)?;
        agree(df.substitute(y_, g) * dg, composed, &z, Field::OffCuts)?;
    }

    #[test]
    fn mixed_partials_commute(recipe in smooth_function(), x in real_point()) {
        let graph = Graph::new();
        let f = recipe.build(&graph);
        let variables = symbols(&graph);
        let hessian = calculus::hessian(&mut graph.arena_mut(), f.id(), &variables).unwrap();
        for (i, row) in hessian.iter().enumerate() {
            for (j, &second) in row.iter().enumerate() {
                prop_assert_eq!(second, hessian[j][i]);
                let second = graph.expr(second);
                let one = derivative(derivative(f, i).unwrap(), j).unwrap();
                let other = derivative(derivative(f, j).unwrap(), i).unwrap();
                agree(one, other, &real(&x), Field::Real)?;
                agree(one, second, &real(&x), Field::Real)?;
                same_value(second, second.simplify(), &real(&x), Field::Real)?;
            }
        }
    }

    #[test]
    fn jacobians_are_the_same_by_rows_and_by_columns(recipes in prop::collection::vec(any_function(), 4), x in real_point()) {
        let graph = Graph::new();
        let roots: Vec<_> = recipes.iter().map(|r| r.build(&graph).id()).collect();
        let variables = symbols(&graph);
        // Four functions of three variables go forward, two in reverse.
        let Ok(tall) = calculus::jacobian(&mut graph.arena_mut(), &roots, &variables) else {
            return Ok(());
        };
        let Ok(wide) = calculus::jacobian(&mut graph.arena_mut(), &roots[..2], &variables) else {
            return Ok(());
        };
        prop_assert_eq!((tall.len(), wide.len()), (4, 2));
        for (row, by_rows) in tall.iter().zip(&wide) {
            for (&a, &b) in row.iter().zip(by_rows) {
                agree(graph.expr(a), graph.expr(b), &real(&x), Field::Real)?;
            }
        }
        for (row, &root) in tall.iter().zip(&roots) {
            for (by, &entry) in row.iter().enumerate() {
                prop_assert_eq!(graph.expr(entry), derivative(graph.expr(root), by).unwrap());
            }
        }
    }

    #[test]
    fn simplifying_before_and_after_a_derivative_is_the_same(recipe in any_function(), x in real_point(), z in complex_point()) {
        let graph = Graph::new();
        let f = recipe.build(&graph);
        let Some(df) = derivative(f, 0) else { return Ok(()) };
        same_value(df, df.simplify(), &real(&x), Field::Real)?;
        same_value(df, df.simplify(), &z, Field::OffCuts)?;
        // Only where the function has a value: if(0*x, x, 0*x/0) has none, and still a slope of 1/2.
        if !is_known(at(f, &real(&x), Field::Real)) {
            return Ok(());
        }
        // Simplifying may merge a kink or fill a hole, so that the derivative exists at more points, never at fewer.
        if let Some(of_simple) = derivative(f.simplify(), 0).filter(|_| !divides_by_zero(f)) {
            agree(df, of_simple, &real(&x), Field::Real)?;
            if is_analytic(f) {
                agree(df.simplify(), of_simple, &z, Field::OffCuts)?;
            }
        }
    }

    #[test]
    fn substituting_commutes_with_evaluating(f in any_function(), g in any_function(), n in -16i64..16, x in real_point(), z in complex_point()) {
        let graph = Graph::new();
        let (f, g) = (f.build(&graph), g.build(&graph));
        let symbol = graph.symbol("x");
        let number = Rational::ratio(n, 8).unwrap();
        let value = Complex64::from(number.to_f64());
        for (point, field) in [(real(&x), Field::Real), (z, Field::OffCuts)] {
            let put = f.substitute(symbol, graph.number(number.clone()));
            let moved = [value, point[1], point[2]];
            let (a, b) = (at(f, &moved, field), at(put, &point, field));
            prop_assert!(!is_known(a) || !is_known(b) || a.agrees(b), "{f} at x = {n}/8: {a:?}; {put}: {b:?}");
            let inner = at(g, &point, field);
            if inner.error == Complex64::ZERO {
                let put = f.substitute(symbol, g);
                let moved = [inner.value, point[1], point[2]];
                let (a, b) = (at(f, &moved, field), at(put, &point, field));
                prop_assert!(!is_known(a) || !is_known(b) || a.agrees(b), "{f} at x = {g}: {a:?}; {put}: {b:?}");
            }
        }
    }

    #[test]
    fn taylor_polynomials_follow_the_function(recipe in smooth_function(), n in -12i64..12, up in any::<bool>(), x in real_point()) {
        const DEGREE: usize = 4;
        let graph = Graph::new();
        let (y, z) = (graph.symbol("y"), graph.symbol("z"));
        let f = recipe.build(&graph).substitute(y, graph.number(2)).substitute(z, graph.number(-1));
        let by = symbols(&graph)[0];
        let place = Rational::ratio(n, 4).unwrap();
        let start = place.to_f64();
        let tidy = |arena: &mut gradus::expr::Arena, id| simplify(arena, id).id;
        let around = graph.number(place).id();
        let polynomial = calculus::taylor(&mut graph.arena_mut(), f.id(), by, around, DEGREE, tidy, |_, _| true).unwrap();
        let polynomial = graph.expr(polynomial);
        let next = calculus::nth_derivative(&mut graph.arena_mut(), f.id(), &[by; DEGREE + 1], |_, id| id).unwrap();
        let next = graph.expr(next);
        // The remainder after Lagrange: f^(5)(somewhere between) h^5/120.
        let h = if up { 1.0 } else { -1.0 } / 128.0;
        let value = |e: Expr<'_>, t: f64| at(e, &real(&[start + t, x[1], x[2]]), Field::Real);
        let slopes: Vec<f64> = (0..=16).map(|k| value(next, h * f64::from(k) / 16.0)).map(|b| number(b).abs()).collect();
        let (low, high) = slopes.iter().fold((f64::INFINITY, 0f64), |(l, h), s| (l.min(*s), h.max(*s)));
        let (exact, found) = (value(f, h), value(polynomial, h));
        // A pole or a turn of the remainder between the samples says nothing, nor does a jump: tanh(1/x) at 0.
        let first = derivative(f, 0).unwrap();
        let samples: Vec<(f64, f64)> = (0..=16)
            .map(|k| h * f64::from(k) / 16.0)
            .map(|t| (number(value(f, t)), number(value(first, t))))
            .collect();
        let steep = samples.iter().fold(0f64, |steep, s| steep.max(s.1.abs()));
        let jumps = samples.windows(2).any(|w| (w[1].0 - w[0].0).abs() > steep * h.abs() + 1e-9);
        // ... nor a needle between them: hypot(x, 1e-23) at 0.
        let further = derivative(next, 0).unwrap();
        let needle = (0..=16).any(|k| {
            let steep = number(value(further, h * f64::from(k) / 16.0)) * h / 16.0;
            steep.is_nan() || steep.abs() > high
        });
        let calm = !jumps && !needle && samples.iter().all(|s| s.0.is_finite() && s.1.is_finite()) && slopes.iter().all(|s| s.is_finite()) && high <= 4.0 * low;
        if calm && is_known(exact) && is_known(found) {
            let remainder = 1.5 * high * h.abs().powi(5) / 120.0;
            let rounding = 8.0 * (exact.error.re + found.error.re);
            let gap = (exact.value.re - found.value.re).abs();
            prop_assert!(gap <= remainder + rounding, "{f} around {start} by {h}: {exact:?}, {found:?}, {polynomial}, remainder {remainder:e}");
        }
    }
}
