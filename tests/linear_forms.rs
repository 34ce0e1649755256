//! Formulas over rows with linear forms of many columns, against the graph's own evaluator, which knows no forms.

use gradus::descend::Objective;
use gradus::descend::rows::{Columns, RowsObjective};
use gradus::program::batch::fold::PART;
use gradus::{Graph, OverRows};

const COLUMNS: [&str; 7] = ["p", "q", "r", "s", "t", "u", "y"];

/// Some column: numbers between -2 and 2.
fn column(rows: usize, number: usize) -> Vec<f64> {
    let mut state = number as u64 + 1;
    let mut next = || {
        state = state
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (state >> 11) as f64 / (1u64 << 53) as f64 * 4.0 - 2.0
    };
    (0..rows).map(|_| next()).collect()
}

fn objective(text: &str, table: &[Vec<f64>]) -> RowsObjective {
    let formula = OverRows::parse(text, &COLUMNS).expect(text);
    let of = |name: &str| COLUMNS.iter().position(|column| *column == name).unwrap();
    let columns = formula.columns().into_iter();
    let columns = columns.map(|name| table[of(name)].clone()).collect();
    let rows = Columns::new(columns, table[0].len());
    formula.objective(rows).expect(text)
}

fn has_forms(objective: &RowsObjective) -> bool {
    let stages = &objective.formula().stages;
    stages.iter().any(|stage| stage.linear.is_some())
}

/// Value and gradient of the mean of a formula over the rows.
fn expected(row: &str, table: &[Vec<f64>], names: &[String], point: &[f64]) -> (f64, Vec<f64>) {
    let graph = Graph::new();
    let f = graph.parse(row).unwrap();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let gradient = f.gradient(&names).unwrap();
    let (mut value, mut slopes) = (0.0, vec![0.0; names.len()]);
    for at in 0..table[0].len() {
        let columns = COLUMNS.iter().zip(table).map(|(&name, c)| (name, c[at]));
        let numbers = names.iter().zip(point).map(|(&name, &x)| (name, x));
        let bindings: Vec<(&str, f64)> = columns.chain(numbers).collect();
        value += f.eval(&bindings).unwrap();
        for (slope, derivative) in slopes.iter_mut().zip(&gradient) {
            *slope += derivative.eval(&bindings).unwrap();
        }
    }
    let rows = table[0].len() as f64;
    (value / rows, slopes.into_iter().map(|s| s / rows).collect())
}

#[track_caller]
fn check(row: &str, table: &[Vec<f64>]) {
    let text = format!("mean({row})");
    let mut f = objective(&text, table);
    assert!(has_forms(&f), "{row}: no form");
    let formula = OverRows::parse(&text, &COLUMNS).unwrap();
    let names: Vec<String> = formula.parameters().iter().map(|n| n.to_string()).collect();
    let point: Vec<f64> = (0..names.len()).map(|k| (k as f64 * 0.7).sin()).collect();
    let (value, slopes) = expected(row, table, &names, &point);
    let mut gradient = vec![0.0; names.len()];
    let found = f.value_and_gradient(&point, &mut gradient);
    let near = |a: f64, b: f64| (a - b).abs() <= 1e-13 * (1.0 + b.abs());
    assert!(near(found, value), "{row}: {found} {value}");
    assert_eq!(f.value(&point), found, "{row}: the value alone");
    for ((name, &found), &slope) in names.iter().zip(&gradient).zip(&slopes) {
        assert!(near(found, slope), "{row}, by {name}: {found} {slope}");
    }
}

/// Where forms are inside of, beside and around other things; blocks that are full, and rests of any length.
#[test]
fn values_and_gradients_are_those_of_the_rows() {
    for rows in [1, 7, 40, 700] {
        let table: Vec<Vec<f64>> = (0..COLUMNS.len()).map(|k| column(rows, k)).collect();
        for row in [
            "(y - (a*p + b*q + c*r + d*s + h))^2",
            "log(1 + exp(-y*(a*p + b*q + c*r + d*s + f*t + g*u + h)))",
            // Terms of either sign, a number without a column, terms that belong to no form.
            "sin(a*p - b*q - c*r + d*s - h + y + a*b*p)",
            // Numbers that occur in two forms, and outside of any; a form as a factor of another.
            "(a*p + b*q + c*r + d*s)*(a*q + b*p - c*s - d*r + b) + a^2*y",
            // Forms in branches.
            "if(y > 0, (a*p + b*q + c*r + d*s)^2, sin(f*p + b*q + c*t + d*u))",
            // A form in a form's other terms.
            "a*p + b*q + c*r + d*s + exp(f*p + b*q + c*r + g*s)*y",
            // A form that is a term of two sums.
            "((a*p + b*q + c*r + d*s) + y)^2 + cos((a*p + b*q + c*r + d*s) - y)",
        ] {
            check(row, &table);
        }
    }
}

#[test]
fn short_sums_stay_as_they_are() {
    let table: Vec<Vec<f64>> = (0..COLUMNS.len()).map(|k| column(5, k)).collect();
    assert!(!has_forms(&objective(
        "mean((y - (a*p + b*q + c*r + h))^2)",
        &table
    )));
    // The smallest value is not the sum of its rows.
    assert!(!has_forms(&objective(
        "min((y - (a*p + b*q + c*r + d*s))^2)",
        &table
    )));
}

#[test]
fn reductions_of_reductions_take_part() {
    let table: Vec<Vec<f64>> = (0..COLUMNS.len()).map(|k| column(300, k)).collect();
    let text = "var(a*p + b*q + c*r + d*s) + 2*mean(p)*sum(a*p + b*q - c*r - d*mean(s) + d*s)/3 + max(a*p)";
    let mut f = objective(text, &table);
    assert!(has_forms(&f));
    let point = [0.3, -0.2, 0.5, 0.4];
    let mut gradient = [0.0; 4];
    f.value_and_gradient(&point, &mut gradient);
    for k in 0..4 {
        let h = 1e-6;
        let at = |step: f64| {
            let mut moved = point;
            moved[k] += step;
            moved
        };
        let slope = (f.value(&at(h)) - f.value(&at(-h))) / (2.0 * h);
        assert!(
            (slope - gradient[k]).abs() < 1e-7 * (1.0 + slope.abs()),
            "{k}: {slope} {}",
            gradient[k]
        );
    }
}

/// An infinite number where its form is not taken spoils nothing, and one that counts shows.
#[test]
fn infinite_data_matter_where_they_are_taken() {
    let mut table: Vec<Vec<f64>> = (0..COLUMNS.len()).map(|k| column(50, k)).collect();
    table[6][20] = -1.0;
    let text = "if(y > 0, (a*p + b*q + c*r + d*s)^2, a)";
    let found = |bad: f64, table: &mut Vec<Vec<f64>>| {
        table[1][20] = bad;
        let mut f = objective(&format!("mean({text})"), table);
        assert!(has_forms(&f));
        let mut gradient = [0.0; 4];
        let value = f.value_and_gradient(&[0.3, -0.2, 0.5, 0.4], &mut gradient);
        (value, gradient)
    };
    let fine = found(0.5, &mut table);
    assert_eq!(found(f64::INFINITY, &mut table), fine);
    table[6][20] = 1.0;
    let (value, gradient) = found(f64::INFINITY, &mut table);
    assert!(!value.is_finite() && !gradient[1].is_finite());
}

#[test]
fn threads_change_no_bit() {
    let rows = 5 * PART + 123;
    let table: Vec<Vec<f64>> = (0..COLUMNS.len()).map(|k| column(rows, k)).collect();
    let text = "mean(log(1 + exp(-y*(a*p + b*q + c*r + d*s + f*t + g*u + h)))) + sum(sinh(9*(a*p - b*q - c*r + d*s)))";
    let bits = || {
        let mut gradient = [0.0; 7];
        let value = objective(text, &table).value_and_gradient(&[0.6; 7], &mut gradient);
        (value.to_bits(), gradient.map(f64::to_bits))
    };
    let pool = |threads| {
        rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap()
    };
    let expected = pool(1).install(bits);
    for threads in [2, 7] {
        assert_eq!(pool(threads).install(bits), expected, "{threads} threads");
    }
}
