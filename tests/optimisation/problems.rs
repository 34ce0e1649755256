//! The 35 test functions of Moré, Garbow and Hillstrom, Testing Unconstrained Optimization Software, ACM TOMS 7 (1981),
//! written from the paper's section 3 as sums of squares of formulas.
//!
//! Minima are the paper's, or more digits of them: those were computed in 60-digit arithmetic from residuals written a
//! second time in another language, by Newton's method on the gradient.

/// A test function.
pub struct Problem {
    /// The number in the paper.
    pub number: u32,
    pub name: &'static str,
    pub variables: usize,
    /// Their squares are added up.
    pub residuals: Vec<String>,
    pub start: Vec<f64>,
    /// The minima that the paper lists, the lowest first.
    pub minima: Vec<f64>,
}

impl Problem {
    /// The sum of squares as one formula.
    pub fn formula(&self) -> String {
        let squares: Vec<String> = self.residuals.iter().map(|r| format!("({r})^2")).collect();
        squares.join(" + ")
    }

    /// `x_1`, `x_2`, ...
    pub fn names(&self) -> Vec<String> {
        (1..=self.variables).map(|i| format!("x_{i}")).collect()
    }
}

fn join(terms: impl Iterator<Item = String>, sign: &str) -> String {
    terms.collect::<Vec<_>>().join(sign)
}

/// The sum of `term(j)` for j in a range.
fn sum(range: std::ops::RangeInclusive<usize>, term: impl Fn(usize) -> String) -> String {
    match range.is_empty() {
        true => "0".into(),
        false => join(range.map(term), " + "),
    }
}

fn fixed(list: &[&str]) -> Vec<String> {
    list.iter().map(|&r| r.to_owned()).collect()
}

/// All of them, with the numbers of variables that the paper's section 4 uses or suggests.
pub fn all() -> Vec<Problem> {
    let mut all = small();
    all.extend(large());
    all
}

fn small() -> Vec<Problem> {
    let problem = |number, name, start: &[f64], minima: &[f64], residuals| Problem {
        number,
        name,
        variables: start.len(),
        residuals,
        start: start.to_vec(),
        minima: minima.to_vec(),
    };
    vec![
        problem(
            1,
            "Rosenbrock",
            &[-1.2, 1.0],
            &[0.0],
            fixed(&["10*(x_2 - x_1^2)", "1 - x_1"]),
        ),
        problem(
            2,
            "Freudenstein and Roth",
            &[0.5, -2.0],
            &[0.0, 48.98425367924002],
            fixed(&[
                "-13 + x_1 + ((5 - x_2)*x_2 - 2)*x_2",
                "-29 + x_1 + ((x_2 + 1)*x_2 - 14)*x_2",
            ]),
        ),
        problem(
            3,
            "Powell badly scaled",
            &[0.0, 1.0],
            &[0.0],
            fixed(&["10^4*x_1*x_2 - 1", "exp(-x_1) + exp(-x_2) - 1.0001"]),
        ),
        problem(
            4,
            "Brown badly scaled",
            &[1.0, 1.0],
            &[0.0],
            fixed(&["x_1 - 10^6", "x_2 - 2*10^-6", "x_1*x_2 - 2"]),
        ),
        problem(
            5,
            "Beale",
            &[1.0, 1.0],
            &[0.0],
            fixed(&[
                "1.5 - x_1*(1 - x_2)",
                "2.25 - x_1*(1 - x_2^2)",
                "2.625 - x_1*(1 - x_2^3)",
            ]),
        ),
        problem(
            6,
            "Jennrich and Sampson",
            &[0.3, 0.4],
            &[124.36218235561485],
            (1..=10)
                .map(|i| format!("2 + 2*{i} - (exp({i}*x_1) + exp({i}*x_2))"))
                .collect(),
        ),
        problem(
            7,
            "Helical valley",
            &[-1.0, 0.0, 0.0],
            &[0.0],
            fixed(&[
                "10*(x_3 - 10*(atan(x_2/x_1)/(2*pi) + if(x_1 < 0, 1/2, 0)))",
                "10*(sqrt(x_1^2 + x_2^2) - 1)",
                "x_3",
            ]),
        ),
        problem(8, "Bard", &[1.0, 1.0, 1.0], &[0.008214877306578975], bard()),
        problem(
            9,
            "Gaussian",
            &[0.4, 1.0, 0.0],
            &[1.127932769618648e-8],
            gaussian(),
        ),
        problem(
            10,
            "Meyer",
            &[0.02, 4000.0, 250.0],
            &[87.94585517085112],
            meyer(),
        ),
        problem(
            11,
            "Gulf research and development",
            &[5.0, 2.5, 0.15],
            &[0.0],
            (1..=99)
                .map(|i| {
                    format!("exp(-abs(25 + (-50*log({i}/100))^(2/3) - x_2)^x_3/x_1) - {i}/100")
                })
                .collect(),
        ),
        problem(
            12,
            "Box three-dimensional",
            &[0.0, 10.0, 20.0],
            &[0.0],
            (1..=10)
                .map(|i| {
                    format!("exp(-{i}/10*x_1) - exp(-{i}/10*x_2) - x_3*(exp(-{i}/10) - exp(-{i}))")
                })
                .collect(),
        ),
        problem(
            13,
            "Powell singular",
            &[3.0, -1.0, 0.0, 1.0],
            &[0.0],
            powell_singular(4),
        ),
        problem(
            14,
            "Wood",
            &[-3.0, -1.0, -3.0, -1.0],
            &[0.0],
            fixed(&[
                "10*(x_2 - x_1^2)",
                "1 - x_1",
                "sqrt(90)*(x_4 - x_3^2)",
                "1 - x_3",
                "sqrt(10)*(x_2 + x_4 - 2)",
                "(x_2 - x_4)/sqrt(10)",
            ]),
        ),
        problem(
            15,
            "Kowalik and Osborne",
            &[0.25, 0.39, 0.415, 0.39],
            &[0.00030750560384923734],
            kowalik_osborne(),
        ),
        problem(
            16,
            "Brown and Dennis",
            &[25.0, 5.0, -5.0, -1.0],
            &[85822.20162635634],
            (1..=20)
                .map(|i| {
                    format!(
                        "(x_1 + {i}/5*x_2 - exp({i}/5))^2 + (x_3 + x_4*sin({i}/5) - cos({i}/5))^2"
                    )
                })
                .collect(),
        ),
        problem(
            17,
            "Osborne 1",
            &[0.5, 1.5, -1.0, 0.01, 0.02],
            &[5.464894697482906e-5],
            osborne_1(),
        ),
        problem(
            18,
            "Biggs EXP6",
            &[1.0, 2.0, 1.0, 1.0, 1.0, 1.0],
            &[0.0, 0.005655649925499931],
            (1..=13)
                .map(|i| {
                    format!(
                        "x_3*exp(-{i}/10*x_1) - x_4*exp(-{i}/10*x_2) + x_6*exp(-{i}/10*x_5) \
                         - (exp(-{i}/10) - 5*exp(-{i}) + 3*exp(-4*{i}/10))"
                    )
                })
                .collect(),
        ),
        problem(
            19,
            "Osborne 2",
            &[1.3, 0.65, 0.65, 0.7, 0.6, 3.0, 5.0, 7.0, 2.0, 4.5, 5.5],
            &[0.04013773629354774],
            osborne_2(),
        ),
    ]
}

fn bard() -> Vec<String> {
    let y = [
        "0.14", "0.18", "0.22", "0.25", "0.29", "0.32", "0.35", "0.39", "0.37", "0.58", "0.73",
        "0.96", "1.34", "2.10", "4.39",
    ];
    (1..=15)
        .zip(y)
        .map(|(u, y): (i32, _)| {
            let (v, w) = (16 - u, u.min(16 - u));
            format!("{y} - (x_1 + {u}/({v}*x_2 + {w}*x_3))")
        })
        .collect()
}

fn gaussian() -> Vec<String> {
    let y = [
        "0.0009", "0.0044", "0.0175", "0.0540", "0.1295", "0.2420", "0.3521", "0.3989", "0.3521",
        "0.2420", "0.1295", "0.0540", "0.0175", "0.0044", "0.0009",
    ];
    (1..=15)
        .zip(y)
        .map(|(i, y)| format!("x_1*exp(-x_2*((8 - {i})/2 - x_3)^2/2) - {y}"))
        .collect()
}

fn meyer() -> Vec<String> {
    let y = [
        34780, 28610, 23650, 19630, 16370, 13720, 11540, 9744, 8261, 7030, 6005, 5147, 4427, 3820,
        3307, 2872,
    ];
    (1..=16)
        .zip(y)
        .map(|(i, y)| format!("x_1*exp(x_2/(45 + 5*{i} + x_3)) - {y}"))
        .collect()
}

fn kowalik_osborne() -> Vec<String> {
    let y = [
        "0.1957", "0.1947", "0.1735", "0.1600", "0.0844", "0.0627", "0.0456", "0.0342", "0.0323",
        "0.0235", "0.0246",
    ];
    let u = [
        "4", "2", "1", "0.5", "0.25", "0.167", "0.125", "0.1", "0.0833", "0.0714", "0.0625",
    ];
    y.iter()
        .zip(u)
        .map(|(y, u)| format!("{y} - x_1*({u}^2 + {u}*x_2)/({u}^2 + {u}*x_3 + x_4)"))
        .collect()
}

fn osborne_1() -> Vec<String> {
    let y = [
        844, 908, 932, 936, 925, 908, 881, 850, 818, 784, 751, 718, 685, 658, 628, 603, 580, 558,
        538, 522, 506, 490, 478, 467, 457, 448, 438, 431, 424, 420, 414, 411, 406,
    ];
    y.iter()
        .enumerate()
        .map(|(i, y)| format!("{y}/1000 - (x_1 + x_2*exp(-10*{i}*x_4) + x_3*exp(-10*{i}*x_5))"))
        .collect()
}

fn osborne_2() -> Vec<String> {
    let y = [
        1366, 1191, 1112, 1013, 991, 885, 831, 847, 786, 725, 746, 679, 608, 655, 616, 606, 602,
        626, 651, 724, 649, 649, 694, 644, 624, 661, 612, 558, 533, 495, 500, 423, 395, 375, 372,
        391, 396, 405, 428, 429, 523, 562, 607, 653, 672, 708, 633, 668, 645, 632, 591, 559, 597,
        625, 739, 710, 729, 720, 636, 581, 428, 292, 162, 98, 54,
    ];
    y.iter()
        .enumerate()
        .map(|(i, y)| {
            format!(
                "{y}/1000 - (x_1*exp(-{i}/10*x_5) + x_2*exp(-({i}/10 - x_9)^2*x_6) \
                 + x_3*exp(-({i}/10 - x_10)^2*x_7) + x_4*exp(-({i}/10 - x_11)^2*x_8))"
            )
        })
        .collect()
}

fn powell_singular(n: usize) -> Vec<String> {
    (0..n / 4)
        .flat_map(|k| {
            let [a, b, c, d] = [4 * k + 1, 4 * k + 2, 4 * k + 3, 4 * k + 4];
            [
                format!("x_{a} + 10*x_{b}"),
                format!("sqrt(5)*(x_{c} - x_{d})"),
                format!("(x_{b} - 2*x_{c})^2"),
                format!("sqrt(10)*(x_{a} - x_{d})^2"),
            ]
        })
        .collect()
}

fn watson(n: usize) -> Vec<String> {
    let mut residuals: Vec<String> = (1..=29)
        .map(|i| {
            let slope = sum(2..=n, |j| format!("{}*({i}/29)^{}*x_{j}", j - 1, j - 2));
            let value = sum(1..=n, |j| format!("({i}/29)^{}*x_{j}", j - 1));
            format!("{slope} - ({value})^2 - 1")
        })
        .collect();
    residuals.extend(fixed(&["x_1", "x_2 - x_1^2 - 1"]));
    residuals
}

/// Those for any number of variables.
fn large() -> Vec<Problem> {
    let mut all = Vec::new();
    let mut add = |number, name, start: Vec<f64>, minima: &[f64], residuals: Vec<String>| {
        all.push(Problem {
            number,
            name,
            variables: start.len(),
            residuals,
            start,
            minima: minima.to_vec(),
        });
    };
    let by = |n: usize, value: &dyn Fn(f64) -> f64| -> Vec<f64> {
        (1..=n).map(|j| value(j as f64)).collect()
    };
    add(
        20,
        "Watson",
        vec![0.0; 9],
        &[1.39976013809902e-6],
        watson(9),
    );
    add(
        21,
        "Extended Rosenbrock",
        [-1.2, 1.0].repeat(5),
        &[0.0],
        (1..=5)
            .flat_map(|k| {
                let (a, b) = (2 * k - 1, 2 * k);
                [format!("10*(x_{b} - x_{a}^2)"), format!("1 - x_{a}")]
            })
            .collect(),
    );
    add(
        22,
        "Extended Powell singular",
        [3.0, -1.0, 0.0, 1.0].repeat(3),
        &[0.0],
        powell_singular(12),
    );
    let n = 10;
    let mut penalty: Vec<String> = (1..=n)
        .map(|i| format!("sqrt(10^-5)*(x_{i} - 1)"))
        .collect();
    penalty.push(sum(1..=n, |j| format!("x_{j}^2")) + " - 1/4");
    add(
        23,
        "Penalty I",
        by(n, &|j| j),
        &[7.08765146709037e-5],
        penalty,
    );
    let mut penalty = vec!["x_1 - 0.2".to_owned()];
    penalty.extend((2..=n).map(|i| {
        format!(
            "sqrt(10^-5)*(exp(x_{i}/10) + exp(x_{0}/10) - (exp({i}/10) + exp({0}/10)))",
            i - 1
        )
    }));
    penalty.extend((2..=n).map(|i| format!("sqrt(10^-5)*(exp(x_{i}/10) - exp(-1/10))")));
    penalty.push(sum(1..=n, |j| format!("{}*x_{j}^2", n - j + 1)) + " - 1");
    add(
        24,
        "Penalty II",
        vec![0.5; n],
        &[0.00029366053745674594],
        penalty,
    );
    let mut dimensioned: Vec<String> = (1..=n).map(|i| format!("x_{i} - 1")).collect();
    let weighted = sum(1..=n, |j| format!("{j}*(x_{j} - 1)"));
    dimensioned.extend([weighted.clone(), format!("({weighted})^2")]);
    add(
        25,
        "Variably dimensioned",
        by(n, &|j| 1.0 - j / n as f64),
        &[0.0],
        dimensioned,
    );
    let cosines = sum(1..=n, |j| format!("cos(x_{j})"));
    add(
        26,
        "Trigonometric",
        vec![1.0 / n as f64; n],
        &[0.0, 2.795056121879456e-5],
        (1..=n)
            .map(|i| format!("{n} - ({cosines}) + {i}*(1 - cos(x_{i})) - sin(x_{i})"))
            .collect(),
    );
    let total = sum(1..=n, |j| format!("x_{j}"));
    let mut linear: Vec<String> = (1..n)
        .map(|i| format!("x_{i} + {total} - {}", n + 1))
        .collect();
    linear.push(join((1..=n).map(|j| format!("x_{j}")), "*") + " - 1");
    add(27, "Brown almost-linear", vec![0.5; n], &[0.0, 1.0], linear);
    let boundary = by(n, &|j| j / (n + 1) as f64 * (j / (n + 1) as f64 - 1.0));
    let x = |i: usize| match i {
        0 => "0".to_owned(),
        i if i == n + 1 => "0".to_owned(),
        i => format!("x_{i}"),
    };
    let cube = |i: usize| format!("({} + {i}/{m} + 1)^3", x(i), m = n + 1);
    add(
        28,
        "Discrete boundary value",
        boundary.clone(),
        &[0.0],
        (1..=n)
            .map(|i| {
                let m = n + 1;
                let (before, after) = (x(i - 1), x(i + 1));
                format!("2*x_{i} - {before} - {after} + {}/(2*{m}^2)", cube(i))
            })
            .collect(),
    );
    add(
        29,
        "Discrete integral equation",
        boundary,
        &[0.0],
        (1..=n)
            .map(|i| {
                let m = n + 1;
                let left = sum(1..=i, |j| format!("{j}/{m}*{}", cube(j)));
                let right = sum(i + 1..=n, |j| format!("(1 - {j}/{m})*{}", cube(j)));
                format!("x_{i} + ((1 - {i}/{m})*({left}) + {i}/{m}*({right}))/(2*{m})")
            })
            .collect(),
    );
    add(
        30,
        "Broyden tridiagonal",
        vec![-1.0; n],
        &[0.0],
        (1..=n)
            .map(|i| format!("(3 - 2*x_{i})*x_{i} - {} - 2*{} + 1", x(i - 1), x(i + 1)))
            .collect(),
    );
    add(
        31,
        "Broyden banded",
        vec![-1.0; n],
        &[0.0],
        (1..=n)
            .map(|i| {
                let near = (i.saturating_sub(5).max(1)..=(i + 1).min(n)).filter(|&j| j != i);
                let near = join(near.map(|j| format!("x_{j}*(1 + x_{j})")), " + ");
                format!("x_{i}*(2 + 5*x_{i}^2) + 1 - ({near})")
            })
            .collect(),
    );
    let m = 20;
    add(
        32,
        "Linear, full rank",
        vec![1.0; n],
        &[10.0],
        (1..=m)
            .map(|i| match i <= n {
                true => format!("x_{i} - 2/{m}*({total}) - 1"),
                false => format!("-2/{m}*({total}) - 1"),
            })
            .collect(),
    );
    let ranks = sum(1..=n, |j| format!("{j}*x_{j}"));
    add(
        33,
        "Linear, rank 1",
        vec![1.0; n],
        &[380.0 / 82.0],
        (1..=m).map(|i| format!("{i}*({ranks}) - 1")).collect(),
    );
    let ranks = sum(2..=n - 1, |j| format!("{j}*x_{j}"));
    add(
        34,
        "Linear, rank 1, zero columns and rows",
        vec![1.0; n],
        &[454.0 / 74.0],
        (1..=m)
            .map(|i| match i == 1 || i == m {
                true => "-1".to_owned(),
                false => format!("{}*({ranks}) - 1", i - 1),
            })
            .collect(),
    );
    add(
        35,
        "Chebyquad",
        by(8, &|j| j / 9.0),
        &[0.0035168737256779317],
        (1..=8)
            .map(|i| {
                let mean = sum(1..=8, |j| chebyshev(i, j));
                match i % 2 {
                    0 => format!("({mean})/8 + 1/({i}^2 - 1)"),
                    _ => format!("({mean})/8"),
                }
            })
            .collect(),
    );
    all
}

/// The Chebyshev polynomial of degree i on [0, 1] at x_j, by its coefficients.
fn chebyshev(i: usize, j: usize) -> String {
    let (mut before, mut now): (Vec<i64>, Vec<i64>) = (vec![1], vec![0, 1]);
    for _ in 1..i {
        let mut next: Vec<i64> = [0].into_iter().chain(now.iter().map(|c| 2 * c)).collect();
        for (next, c) in next.iter_mut().zip(&before) {
            *next -= c;
        }
        (before, now) = (now, next);
    }
    let terms = now.iter().enumerate().filter(|(_, c)| **c != 0);
    join(
        terms.map(|(k, c)| format!("({c})*(2*x_{j} - 1)^{k}")),
        " + ",
    )
}
