//! The table of functions against values of high precision (`tests/data/function_values.py` makes them).

use gradus::expr::Function;
use gradus::functions::{Complex, Real, Row, lookup, names, row};
use num_complex::Complex64;
use serde_json::Value;
use std::collections::BTreeMap;

#[test]
fn print_errors() {
    for (name, values) in reference() {
        let row = row(lookup(&name).unwrap());
        let mut all = vec![];
        for entry in values["real"].as_array().unwrap() {
            let x = numbers(&entry[0]);
            let e = ulps(real(row, &x), number(&entry[1]));
            all.push((
                e,
                format!("{x:?} got {:e} want {}", real(row, &x), entry[1]),
            ));
        }
        all.sort_by(|a, b| b.0.total_cmp(&a.0));
        println!(
            "{name}: {:.1} {}",
            all[0].0,
            if all[0].0 > 2.0 {
                format!("{:?}", &all[..3.min(all.len())])
            } else {
                String::new()
            }
        );
        let mut all = vec![];
        for entry in values["complex"].as_array().unwrap() {
            let z: Vec<Complex64> = entry[0].as_array().unwrap().iter().map(point).collect();
            let want = point(&entry[1]);
            let got = complex(row, &z);
            let e = (got - want).norm() / want.norm();
            all.push((e, format!("{z:?} got {got} want {want}")));
        }
        all.sort_by(|a, b| b.0.total_cmp(&a.0));
        if let Some(a) = all.first() {
            println!(
                "   complex {:.1e} {}",
                a.0,
                if !(a.0 < 1e-14) {
                    format!(
                        "{:#?}",
                        &all.iter().filter(|a| !(a.0 < 1e-14)).collect::<Vec<_>>()
                    )
                } else {
                    String::new()
                }
            );
        }
        if values["complex"].as_array().unwrap().is_empty() {
            continue;
        }
        let mut all = vec![];
        for entry in values["real"].as_array().unwrap() {
            let x = numbers(&entry[0]);
            for k in 0..x.len() {
                if entry[2][k].is_null() {
                    continue;
                }
                let want = number(&entry[2][k]);
                for h in [1e-200, x[k].abs().min(1.0) * 1e-60] {
                    if h < 1e-290
                        || h / x[k].abs() < 1e-290
                        || want.abs() * h < 1e-290
                        || (x[k] != 0.0 && h > x[k].abs() * 1e-10)
                        || want.is_infinite()
                    {
                        continue;
                    }
                    let mut z: Vec<Complex64> = x.iter().map(|x| Complex64::new(*x, 0.0)).collect();
                    z[k].im = h;
                    let got = complex(row, &z).im / h;
                    all.push((
                        (got - want).abs() / want.abs(),
                        format!("{x:?} {k} h {h:e} got {got:e} want {want:e}"),
                    ));
                }
            }
        }
        all.sort_by(|a, b| b.0.total_cmp(&a.0));
        if let Some(a) = all.first() {
            println!(
                "   step {:.1e} of {} {}",
                a.0,
                all.len(),
                if !(a.0 < 1e-14) {
                    format!(
                        "{:#?}",
                        &all.iter().filter(|a| !(a.0 < 1e-14)).collect::<Vec<_>>()
                    )
                } else {
                    String::new()
                }
            );
        }
    }
}

fn reference() -> BTreeMap<String, Value> {
    serde_json::from_str(include_str!("data/function_values.json")).unwrap()
}

fn number(value: &Value) -> f64 {
    value.as_str().unwrap().parse().unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(number).collect()
}

fn point(value: &Value) -> Complex64 {
    Complex64::new(number(&value[0]), number(&value[1]))
}

fn real(row: &Row, x: &[f64]) -> f64 {
    match row.real {
        Real::One(f) => f(x[0]),
        Real::Two(f) => f(x[0], x[1]),
    }
}

fn complex(row: &Row, z: &[Complex64]) -> Complex64 {
    match row.complex {
        Complex::One(f) => f(z[0]),
        Complex::Two(f) => f(z[0], z[1]),
    }
}

fn ulps(got: f64, want: f64) -> f64 {
    if got == want {
        return 0.0;
    }
    let unit = want.abs().next_up() - want.abs();
    let e = (got - want).abs() / unit;
    if e.is_nan() { f64::INFINITY } else { e }
}
